//! `submit`: a plan on a cluster, from the first task to the merged results.
//!
//! What is done is read from the files of the shards; what is under way, from the queue. A shard that is in neither is submitted again.
//! Nothing is remembered, so that the command can be killed and given again.

use crate::cli::args::{Common, HELP};
use crate::cli::blocks::write_whole;
use crate::cli::run::is_progress_wanted;
use crate::cli::shards::command::merge_into;
use crate::cli::shards::plan::{Plan, Shard};
use crate::cli::shards::slurm::{FOLDER, Slurm, SlurmArgs, Task, is_here};
use crate::cli::shards::status::length;
use crate::cli::shards::store::{Found, Look};
use crate::cli::study::OutArgs;
use crate::cli::{Status, interrupt, output, progress};
use crate::error::Error;
use crate::report::units::count;
use indicatif::ProgressBar;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const EXAMPLES: &str = "\
Examples:
  mufakat submit big --engine slurm --partition short --time 1:00:00
  mufakat submit big --engine slurm --cpus 8 --shards 40 -o runs/big
  mufakat submit big --engine slurm --dry-run      only the script";

/// File whose lock the submitter of a plan holds.
const LOCK: &str = "submit.lock";
/// Folder of the results, if no other is named.
const RESULTS: &str = "results";
/// How long a stop waits to be seen.
const PATIENCE: Duration = Duration::from_millis(50);

/// `submit`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct SubmitArgs {
    /// The cluster's queue: slurm
    #[arg(long, value_enum, hide_possible_values = true)]
    pub engine: Engine,
    /// Into how many shards it is cut (default: 30 to 60 seconds of work each, from the probe of the plan)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub shards: Option<u64>,
    /// What the cluster is asked for.
    #[command(flatten)]
    pub slurm: SlurmArgs,
    /// How often a shard is submitted again that ended without its file
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub retries: u32,
    /// Most tasks in the queue at a time, unless --no-wait submits all
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = clap::value_parser!(u64).range(1..))]
    pub queued: u64,
    /// Seconds between two looks at files and queue
    #[arg(long, value_name = "SECONDS", default_value_t = 2)]
    pub every: u64,
    /// Submit, and neither wait nor merge
    #[arg(long)]
    pub no_wait: bool,
    /// Print the script and the calls of sbatch, and submit nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Write results and tables to this directory (default: results, in that of the plan)
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace what an earlier command wrote there
    #[arg(long)]
    pub force: bool,
    /// Print the results document as JSON
    #[arg(long)]
    pub json: bool,
    /// Directory of the plan
    #[arg(value_name = "PLAN")]
    pub plan: PathBuf,
}

/// A queue of a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Engine {
    /// Slurm.
    Slurm,
}

/// Plays a plan on a cluster and merges it.
///
/// # Errors
/// A plan that cannot be used or is being submitted, a queue that refuses, a shard that fails too often, or what merging meets.
pub fn submit(args: &SubmitArgs, common: &Common) -> Result<Status, Error> {
    let plan = Plan::load(&args.plan)?;
    let shards = args
        .shards
        .unwrap_or_else(|| plan.usual_shards(args.slurm.cpus));
    let absolute = fs::canonicalize(&plan.path).map_err(Error::unreadable(&plan.path))?;
    let program = std::env::current_exe().map_err(Error::unreadable(Path::new("mufakat")))?;
    let slurm = Slurm {
        args: &args.slurm,
        plan: &plan,
        shards,
        directory: absolute,
        program,
    };
    if args.dry_run {
        let missing = Found::of(&plan, Look::Whole)?.missing_shards(&plan, shards);
        let missing: Vec<u64> = missing.iter().map(|shard| shard.index).collect();
        let calls = slurm.calls(&missing).into_iter();
        let calls = calls.map(|(_, _, call)| format!("# sbatch {}\n", call.join(" ")));
        output::result(&(slurm.script() + &calls.collect::<String>()))?;
        return Ok(Status::Done);
    }
    is_here()?;
    let out = OutArgs {
        out: Some(args.out.clone().unwrap_or_else(|| plan.path.join(RESULTS))),
        force: args.force,
        resume: !args.force,
    };
    let lock = locked(&plan.path)?;
    let stop = interrupt::watch();
    let waited = Campaign::new(args, &slurm, common, &stop).wait()?;
    drop(lock);
    match waited {
        false => Ok(Status::Done),
        true => merge_into(&plan, out, args.json, common),
    }
}

/// Takes the lock of a plan, which ends with this process however that ends.
fn locked(path: &Path) -> Result<File, Error> {
    let name = path.join(LOCK);
    let mut options = File::options();
    let options = options.read(true).write(true).create(true).truncate(false);
    let mut file = options.open(&name).map_err(Error::unwritable(&name))?;
    match file.try_lock() {
        Ok(()) => {
            let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
            let holder = format!("process {} on {}", std::process::id(), host.trim());
            let written = file
                .set_len(0)
                .and_then(|()| file.write_all(holder.as_bytes()));
            written.map_err(Error::unwritable(&name))?;
            Ok(file)
        }
        Err(TryLockError::WouldBlock) => Err(Error::Plan {
            path: path.to_owned(),
            reason: format!(
                "is being submitted by {}; wait for it, or end it first",
                fs::read_to_string(&name).unwrap_or_default()
            ),
        }),
        Err(TryLockError::Error(error)) => Err(Error::unwritable(&name)(error)),
    }
}

/// A plan that is being played.
struct Campaign<'a> {
    args: &'a SubmitArgs,
    slurm: &'a Slurm<'a>,
    common: &'a Common,
    stop: &'a Arc<AtomicBool>,
    bar: ProgressBar,
    /// Jobs that each shard was given, by shard.
    jobs: BTreeMap<u64, Vec<String>>,
    /// Shards that were in neither files nor queue at the last look: a file may be seen later than the end of its task.
    suspects: BTreeSet<u64>,
    /// Damaged files that were told.
    damaged: BTreeSet<PathBuf>,
    /// What the queue said instead of an answer, each of which is told once.
    complaints: BTreeSet<String>,
}

impl<'a> Campaign<'a> {
    fn new(
        args: &'a SubmitArgs,
        slurm: &'a Slurm<'a>,
        common: &'a Common,
        stop: &'a Arc<AtomicBool>,
    ) -> Campaign<'a> {
        let pieces = slurm.plan.pieces;
        let worlds = pieces.count * pieces.worlds;
        Campaign {
            args,
            slurm,
            common,
            stop,
            bar: progress::of_queue(worlds, is_progress_wanted(common)),
            jobs: BTreeMap::new(),
            suspects: (0..slurm.shards).collect(),
            damaged: BTreeSet::new(),
            complaints: BTreeSet::new(),
        }
    }

    /// Submits what is missing until nothing is; whether it waited for that.
    fn wait(mut self) -> Result<bool, Error> {
        let plan = self.slurm.plan;
        let folder = self.slurm.directory.join(FOLDER);
        fs::create_dir_all(&folder).map_err(Error::unwritable(&folder))?;
        write_whole(&folder.join("array.sh"), self.slurm.script().as_bytes())?;
        let mut look = Look::Whole;
        loop {
            let found = Found::of(plan, look)?;
            let mut missing = found.missing_shards(plan, self.slurm.shards);
            look = Look::Brief;
            if missing.is_empty() {
                let found = Found::of(plan, Look::Whole)?;
                missing = found.missing_shards(plan, self.slurm.shards);
                self.say_damaged(&found);
            }
            let lacking = length(&found.missing(plan)) * plan.pieces.worlds;
            let total = plan.pieces.count * plan.pieces.worlds;
            self.bar.set_position(total - lacking);
            let queue = self.queue();
            if missing.is_empty() {
                self.bar.finish_and_clear();
                self.slurm.cancel(queue.unwrap_or_default().iter());
                return Ok(true);
            }
            if let Some(queue) = queue {
                self.go_on(&missing, &queue)?;
                if self.args.no_wait {
                    return Ok(false);
                }
            }
            self.sleep(total - lacking, total)?;
        }
    }

    fn say_damaged(&mut self, found: &Found) {
        for (path, reason) in &found.damaged {
            if !self.damaged.insert(path.clone()) {
                continue;
            }
            self.say(&format!("{} is damaged: {reason}", path.display()));
        }
    }

    fn say(&self, text: &str) {
        self.bar
            .suspend(|| output::note(self.common, &format!("{text}\n")));
    }

    /// Tasks in the queue, if it answers; what it says instead is said once.
    fn queue(&mut self) -> Option<Vec<Task>> {
        match self.slurm.queue() {
            Ok(tasks) => {
                let running = tasks.iter().filter(|task| task.is_running).count();
                let waiting = tasks.len() - running;
                self.bar
                    .set_message(format!("{} running, {} waiting", running, waiting));
                Some(tasks)
            }
            Err(error) => {
                self.complain(&error);
                None
            }
        }
    }

    fn complain(&mut self, error: &Error) {
        let text = error.to_string();
        if self.complaints.insert(text.clone()) {
            self.say(&format!("{text}; asked again until it answers"));
        }
    }

    /// Submits shards that are in neither files nor queue, at the second look that finds them so.
    fn go_on(&mut self, missing: &[Shard], queue: &[Task]) -> Result<(), Error> {
        let plan = self.slurm.plan;
        let held = |task: &&Task| task.is_held;
        self.slurm.cancel(queue.iter().filter(held));
        let lives = queue.iter().filter(|task| !task.is_held);
        let queued = Queued::of(lives.map(|task| plan.range(task.shard)));
        let lost = missing.iter();
        let lost = lost.filter(|shard| !queued.cover(&plan.range(**shard)));
        let lost: BTreeSet<u64> = lost.map(|shard| shard.index).collect();
        let room = match self.args.no_wait {
            true => u64::MAX,
            false => self.args.queued.saturating_sub(queue.len() as u64),
        };
        let again = lost.intersection(&self.suspects).copied();
        let again: Vec<u64> = again
            .take(usize::try_from(room).unwrap_or(usize::MAX))
            .collect();
        self.suspects = lost;
        if !again.is_empty() {
            self.submit(&again)?;
            again.iter().for_each(|shard| {
                self.suspects.remove(shard);
            });
        }
        Ok(())
    }

    fn submit(&mut self, shards: &[u64]) -> Result<(), Error> {
        let most = self.args.retries as usize;
        for shard in shards {
            let tried = self.jobs.get(shard).map_or(&[][..], Vec::as_slice);
            if let Some(job) = tried.last().filter(|_| tried.len() > most) {
                return Err(self.given_up(*shard, tried.len(), job));
            }
        }
        for (_, shards, arguments) in self.slurm.calls(shards) {
            let job = match self.slurm.submit(&arguments) {
                Ok(job) => job,
                // What is refused from the start will be refused again; later, the queue may be full or away.
                Err(error) if self.jobs.is_empty() => return Err(error),
                Err(error) => {
                    self.complain(&error);
                    return Ok(());
                }
            };
            let is_again = shards.iter().any(|shard| self.jobs.contains_key(shard));
            let what = match shards.as_slice() {
                [one] => format!("shard {one}/{}", self.slurm.shards),
                more => format!("{} shards", count(more.len() as u64)),
            };
            self.say(&match is_again {
                true => format!("{what} ended without a file: submitted again as job {job}"),
                false => format!("{what} submitted as job {job}"),
            });
            for shard in shards {
                self.jobs.entry(shard).or_default().push(job.clone());
            }
        }
        Ok(())
    }

    fn given_up(&self, shard: u64, times: usize, job: &str) -> Error {
        let (path, words) = self.slurm.last_words(job, shard);
        let words = match words.is_empty() {
            true => "it said nothing".to_owned(),
            false => format!("it said last: {words}"),
        };
        Error::Queue {
            program: "sbatch".to_owned(),
            reason: format!(
                "shard {shard}/{} was played {times} times and left no file; {words} ({})",
                self.slurm.shards,
                path.display()
            ),
        }
    }

    /// Waits for the next look, or for a signal.
    fn sleep(&self, played: u64, trials: u64) -> Result<(), Error> {
        let looks = (self.args.every * 1000).max(100) / PATIENCE.as_millis() as u64;
        for _ in 0..looks {
            if self.stop.load(Ordering::Relaxed) {
                let prefix = self.slurm.prefix();
                return Err(Error::Interrupted {
                    played,
                    trials,
                    kept: format!("jobs {prefix}* stay in the queue, and the same command goes on"),
                });
            }
            std::thread::sleep(PATIENCE);
        }
        Ok(())
    }
}

/// Pieces that tasks in the queue play, each in one piece: starts in order, with the farthest end of a task that begins there or before.
struct Queued(Vec<(u64, u64)>);

impl Queued {
    fn of(tasks: impl Iterator<Item = Range<u64>>) -> Queued {
        let mut ranges: Vec<(u64, u64)> = tasks.map(|range| (range.start, range.end)).collect();
        ranges.sort_unstable();
        let mut farthest = 0;
        for (_, end) in &mut ranges {
            farthest = farthest.max(*end);
            *end = farthest;
        }
        Queued(ranges)
    }

    /// Whether one task plays the whole range.
    fn cover(&self, range: &Range<u64>) -> bool {
        let after = self.0.partition_point(|(start, _)| *start <= range.start);
        after > 0 && self.0[after - 1].1 >= range.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_covers_what_it_plays_alone() {
        let queued = Queued::of([10..20, 0..64, 64..128, 200..210].into_iter());
        for (range, expected) in [
            (0..64, true),
            (12..40, true),
            (64..128, true),
            (60..70, false),
            (130..140, false),
            (200..211, false),
            (205..206, true),
        ] {
            assert_eq!(queued.cover(&range), expected, "{range:?}");
        }
        assert!(!Queued::of(std::iter::empty()).cover(&(0..1)));
    }
}
