//! `submit`: a plan on a cluster, from the first task to the merged results.
//!
//! What is done is read from the files of the shards; what is under way, from the queue. A shard that is in neither is submitted again.
//! Nothing is remembered, so that the command can be killed and given again.

use crate::cli::args::{Common, HELP, from_one, from_zero};
use crate::cli::blocks::write_apart;
use crate::cli::directory::may_take;
use crate::cli::run::is_progress_wanted;
use crate::cli::shards::command::merge_into;
use crate::cli::shards::lock::Lock;
use crate::cli::shards::plan::{Plan, Shard};
use crate::cli::shards::slurm::{FOLDER, Slurm, SlurmArgs, Standing, Task, is_here, quoted};
use crate::cli::shards::status::length;
use crate::cli::shards::store::{Found, Look, Seen};
use crate::cli::study::OutArgs;
use crate::cli::{Status, interrupt, output, progress};
use crate::error::Error;
use crate::report::units::count;
use indicatif::ProgressBar;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
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
    #[arg(long, value_name = "N", value_parser = from_one, allow_negative_numbers = true)]
    pub shards: Option<u64>,
    /// What the cluster is asked for.
    #[command(flatten)]
    pub slurm: SlurmArgs,
    /// How often a shard is submitted again that ended without its file
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = from_zero, allow_negative_numbers = true)]
    pub retries: u64,
    /// Most tasks in the queue at a time, unless --no-wait submits all
    #[arg(long, value_name = "N", default_value_t = 5000, value_parser = from_one, allow_negative_numbers = true)]
    pub queued: u64,
    /// Seconds between two looks at files and queue
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = from_zero, allow_negative_numbers = true)]
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
    let asked = args.shards;
    let absolute = fs::canonicalize(&plan.path).map_err(Error::unreadable(&plan.path))?;
    let program = std::env::current_exe().map_err(Error::unreadable(Path::new("mufakat")))?;
    let slurm = Slurm {
        args: &args.slurm,
        plan: &plan,
        shards: plan.cut(asked.unwrap_or_else(|| plan.usual_shards(args.slurm.cpus))),
        directory: in_script(absolute)?,
        program: in_script(program)?,
    };
    if args.dry_run {
        output::result(&described(&slurm)?)?;
        return Ok(Status::Done);
    }
    is_here()?;
    let path = args.out.clone().unwrap_or_else(|| plan.path.join(RESULTS));
    let out = OutArgs {
        out: Some(path.clone()),
        force: args.force,
        resume: !args.force,
    };
    if !args.no_wait {
        // What cannot be merged in the end need not be played.
        may_take(&path, out.existing(), &plan.identity)?;
    }
    let _lock = alone(&plan.path)?;
    let stop = interrupt::watch();
    match Campaign::new(args, &slurm, common, &stop).wait()? {
        false => Ok(Status::Done),
        true => merge_into(&plan, out, args.json, common),
    }
}

/// A path as the script names it.
fn in_script(path: PathBuf) -> Result<String, Error> {
    path.into_os_string()
        .into_string()
        .map_err(|name| Error::Plan {
            path: name.into(),
            reason:
                "has a name that is not UTF-8, which the script of the queue cannot hold: rename it"
                    .to_owned(),
        })
}

/// The script, and the calls of sbatch that would be made.
fn described(slurm: &Slurm<'_>) -> Result<String, Error> {
    let missing = Found::of(slurm.plan, Look::Whole)?.missing_shards(slurm.plan, slurm.shards);
    let missing: Vec<u64> = missing.iter().map(|shard| shard.index).collect();
    let calls = slurm.calls(&missing).into_iter().map(|(_, _, call)| {
        let words: Vec<String> = call.iter().map(|word| quoted(word)).collect();
        format!("# sbatch {}\n", words.join(" "))
    });
    Ok(slurm.script() + &calls.collect::<String>())
}

/// Takes the lock of a plan, which ends with this process however that ends.
fn alone(path: &Path) -> Result<Lock, Error> {
    Lock::take(&path.join(LOCK))?.map_err(|holder| Error::Plan {
        path: path.to_owned(),
        reason: format!("is being submitted by {holder}; wait for it, or end it first"),
    })
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
    /// Shards that earlier looks saw.
    seen: Seen,
    /// Whether the queue has answered.
    has_answered: bool,
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
        let worlds = slurm.plan.worlds();
        Campaign {
            args,
            slurm,
            common,
            stop,
            bar: progress::of_queue(worlds, is_progress_wanted(common)),
            jobs: BTreeMap::new(),
            suspects: (0..slurm.shards).collect(),
            seen: Seen::default(),
            has_answered: false,
            damaged: BTreeSet::new(),
            complaints: BTreeSet::new(),
        }
    }

    /// Submits what is missing until nothing is; whether all is there to be merged.
    fn wait(mut self) -> Result<bool, Error> {
        let plan = self.slurm.plan;
        let folder = Path::new(&self.slurm.directory).join(FOLDER);
        fs::create_dir_all(&folder).map_err(Error::unwritable(&folder))?;
        write_apart(&folder.join("array.sh"), self.slurm.script().as_bytes())?;
        let mut look = Look::Whole;
        loop {
            let found = self.look(look)?;
            look = Look::Brief;
            let missing = found.missing_shards(plan, self.slurm.shards);
            let total = plan.worlds();
            let played = total - length(&found.missing(plan)) * plan.pieces.worlds;
            self.bar.set_position(played);
            if missing.is_empty() && self.args.no_wait {
                let path = plan.path.display();
                self.say(&format!("{path} is complete: nothing to submit"));
                return Ok(false);
            }
            if missing.is_empty() {
                self.bar.finish_and_clear();
                // Whether or not a queue answers: nothing is asked of it any more.
                let left = self.slurm.queue().unwrap_or_default();
                self.slurm.cancel(left.iter());
                return Ok(true);
            }
            if let Some(queue) = self.queue()? {
                self.go_on(&missing, &queue)?;
                if self.args.no_wait {
                    return Ok(false);
                }
            }
            self.sleep(played, total)?;
        }
    }

    /// Looks through the shards; before they are taken to be whole, at every byte.
    fn look(&mut self, look: Look) -> Result<Found, Error> {
        let plan = self.slurm.plan;
        let mut found = Found::again(plan, look, &mut self.seen)?;
        if look == Look::Brief && found.missing(plan).is_empty() {
            found = Found::again(plan, Look::Whole, &mut self.seen)?;
        }
        self.say_damaged(&found);
        Ok(found)
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
    ///
    /// A queue that never answered is asked no more: its programs are here, but no cluster is.
    fn queue(&mut self) -> Result<Option<Vec<Task>>, Error> {
        let tasks = match self.slurm.queue() {
            Ok(tasks) => tasks,
            Err(error) if self.has_answered => {
                self.complain(&error);
                return Ok(None);
            }
            Err(Error::Queue { program, reason }) => {
                let path = self.slurm.plan.path.display();
                return Err(Error::Queue {
                    program,
                    reason: format!(
                        "{reason}; nothing was submitted: give the command again where `squeue --me` answers, or play shards yourself \
                         with `mufakat run {path} --shard I/N`"
                    ),
                });
            }
            Err(other) => return Err(other),
        };
        self.has_answered = true;
        let count = |standing| {
            tasks
                .iter()
                .filter(|task| task.standing == standing)
                .count()
        };
        let (plays, held) = (count(Standing::Plays), count(Standing::Held));
        let waits = count(Standing::Waits) + held;
        self.bar
            .set_message(format!("{plays} running, {waits} waiting"));
        let first = tasks.iter().find(|task| task.standing == Standing::Held);
        if let Some(Task { id, .. }) = first
            && self.complaints.insert("held".to_owned())
        {
            self.say(&format!(
                "some tasks are held, the first is {id}: `scontrol release {id}` lets it play"
            ));
        }
        Ok(Some(tasks))
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
        let is_dead = |task: &&Task| task.standing == Standing::Dead;
        self.slurm.cancel(queue.iter().filter(is_dead));
        let lives = queue.iter().filter(|task| !is_dead(task));
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
            self.submit(&again, queue)?;
            again.iter().for_each(|shard| {
                self.suspects.remove(shard);
            });
        }
        Ok(())
    }

    fn submit(&mut self, shards: &[u64], queue: &[Task]) -> Result<(), Error> {
        let most = usize::try_from(self.args.retries).unwrap_or(usize::MAX);
        for shard in shards {
            let tried = self.jobs.get(shard).map_or(&[][..], Vec::as_slice);
            if let Some(job) = tried.last().filter(|_| tried.len() > most) {
                return Err(self.given_up(*shard, tried.len(), job));
            }
        }
        for (_, shards, arguments) in self.slurm.calls(shards) {
            let job = match self.slurm.submit(&arguments) {
                Ok(job) => job,
                // What is refused from the start will be refused again; later, the queue may be full, also of what was submitted
                // before this process was started.
                Err(error) if self.jobs.is_empty() && queue.is_empty() => return Err(error),
                Err(error) if self.args.no_wait => return Err(error),
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
        for _ in 0..looks(self.args.every) {
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

/// How often a stop is looked for in so many seconds.
fn looks(seconds: u64) -> u64 {
    seconds.saturating_mul(1000).max(100) / PATIENCE.as_millis() as u64
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
    fn looks_are_seconds_apart() {
        assert_eq!([0, 1, 10].map(looks), [2, 20, 200]);
        assert!(looks(u64::MAX) > looks(u64::from(u32::MAX)));
    }

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
