//! `submit`: a plan on a cluster, from the first task to the merged results.
//!
//! What is done is read from the files of the shards; what is under way, from the queue. A shard that is in neither is submitted again.
//! Nothing is remembered, so that the command can be killed and given again.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::args::shard::Shard;
use crate::cli::args::submit::SubmitArgs;
use crate::cli::cluster::plan::Plan;
use crate::cli::cluster::slurm::{FOLDER, Slurm, Task, TaskStanding, is_here};
use crate::cli::cluster::status::length;
use crate::cli::commands::cluster::merge_into;
use crate::cli::driver::fold::is_progress_wanted;
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::progress;
use crate::cli::store::atomic::write_whole;
use crate::cli::store::directory::may_take;
use crate::cli::store::found::{Found, Look, Seen};
use crate::cli::store::lock::Lock;
use crate::error::Error;
use crate::theory::spelling::shell::{quoted, word};
use crate::theory::spelling::units::count;
use indicatif::ProgressBar;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// File whose lock the submitter of a plan holds.
const LOCK: &str = "submit.lock";

/// Folder of the results, if no other is named.
const RESULTS: &str = "results";

/// How long a stop waits to be seen.
const PATIENCE: Duration = Duration::from_millis(50);

/// Plays a plan on a cluster and merges it.
pub fn submit(args: &SubmitArgs, common: &Common) -> Result<Status, Error> {
    let plan = Plan::load(&args.plan)?;
    let absolute = fs::canonicalize(&plan.path).map_err(Error::unreadable(&plan.path))?;
    let program = match &common.program {
        Some(script) => script.clone(),
        None => std::env::current_exe().map_err(Error::unreadable(Path::new("mufakat")))?,
    };
    let slurm = Slurm {
        args: &args.slurm,
        plan: &plan,
        directory: as_folder(in_script(absolute)?)?,
        program: in_script(program)?,
    };
    let cut = args.shards;
    let cut = plan.cut(cut.unwrap_or_else(|| plan.usual_shards(args.slurm.cpus)));
    if args.dry_run {
        output::result(&described(&slurm, cut)?)?;
        return Ok(Status::Done);
    }
    is_here()?;
    let path = args.out.clone().unwrap_or_else(|| plan.path.join(RESULTS));
    let out = OutArgs {
        out: Some(path.clone()),
        force: args.force,
        resume: !args.force,
        json: args.json,
        dry_run: false,
    };
    if !args.no_wait {
        // What cannot be merged in the end need not be played.
        may_take(&path, out.existing(), &plan.identity)?;
    }
    let _lock = alone(&plan.path)?;
    let stop = interrupt::watch();
    match Campaign::new(args, &slurm, cut, common, &stop).wait()? {
        false => Ok(Status::Done),
        true => merge_into(&plan, &out, common),
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

/// A directory in which tasks can write what they say.
fn as_folder(path: String) -> Result<String, Error> {
    match path.contains(['%', '\\']) {
        true => Err(Error::Plan {
            path: path.into(),
            reason: "has a % or a \\ in its name, which sbatch reads otherwise: rename it"
                .to_owned(),
        }),
        false => Ok(path),
    }
}

/// The script, and the calls of sbatch that would be made.
fn described(slurm: &Slurm<'_>, cut: u64) -> Result<String, Error> {
    let missing = Found::of(&slurm.plan.store, Look::Whole)?.missing(&slurm.plan.store);
    let missing = slurm.plan.shards_in(&missing, cut);
    let calls = slurm.calls(&missing).into_iter().map(|(_, call)| {
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
    /// Into how many shards it is cut.
    cut: u64,
    common: &'a Common,
    stop: &'a Arc<AtomicBool>,
    bar: ProgressBar,
    /// Jobs that each shard was given, by shard.
    jobs: BTreeMap<Shard, Vec<String>>,
    /// Shards that were in neither files nor queue at the last look, if there was one: a file may be seen later than the end of its task.
    suspects: Option<BTreeSet<Shard>>,
    seen: Seen,
    has_answered: bool,
    damaged: BTreeSet<PathBuf>,
    /// What is said once: what the queue answers instead, why tasks wait.
    complaints: BTreeSet<String>,
    /// Jobs of this plan that were in the queue when it last answered, or were submitted since.
    queued: BTreeSet<String>,
    /// Twentieths of the study that a log was told of.
    told: u64,
}

impl<'a> Campaign<'a> {
    fn new(
        args: &'a SubmitArgs,
        slurm: &'a Slurm<'a>,
        cut: u64,
        common: &'a Common,
        stop: &'a Arc<AtomicBool>,
    ) -> Campaign<'a> {
        let worlds = slurm.plan.worlds();
        Campaign {
            args,
            slurm,
            cut,
            common,
            stop,
            bar: progress::of_queue(worlds, is_progress_wanted(common)),
            jobs: BTreeMap::new(),
            suspects: None,
            queued: BTreeSet::new(),
            told: 0,
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
        write_whole(&folder.join("array.sh"), self.slurm.script().as_bytes())?;
        let mut look = Look::Whole;
        loop {
            let found = self.look(look)?;
            look = Look::Brief;
            let missing = found.missing(&plan.store);
            let total = plan.worlds();
            let played = total - length(&missing) * plan.store.pieces.worlds;
            self.bar.set_position(played);
            if !self.has_answered {
                // What was there before says nothing about the time that is left.
                self.bar.reset_eta();
            }
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
                self.say_progress(played, &queue);
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
        let mut found = Found::again(&plan.store, look, &mut self.seen)?;
        if look == Look::Brief && found.missing(&plan.store).is_empty() {
            found = Found::again(&plan.store, Look::Whole, &mut self.seen)?;
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
                let path = word(&self.slurm.plan.path.to_string_lossy());
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
        self.queued = tasks.iter().map(|task| task.job().to_owned()).collect();
        if !self.has_answered && !tasks.is_empty() {
            self.say(&format!(
                "{} in the queue already, with the options that they were submitted with; for others, first `{}`",
                tasks_are(tasks.len()),
                self.scancel()
            ));
        }
        self.has_answered = true;
        self.say_why_they_wait(&tasks);
        Ok(Some(tasks))
    }

    /// Why tasks do not play that no turn will come for, each reason once.
    fn say_why_they_wait(&mut self, tasks: &[Task]) {
        let first = tasks
            .iter()
            .find(|task| task.standing == TaskStanding::Held);
        if let Some(Task { id, .. }) = first
            && self.complaints.insert("held".to_owned())
        {
            self.say(&format!(
                "some tasks are held, the first is {id}: `scontrol release {id}` lets it play"
            ));
        }
        if tasks
            .iter()
            .any(|task| task.standing == TaskStanding::Plays)
        {
            return;
        }
        if let Some(Task { id, why, .. }) = tasks.iter().find(|task| task.is_stuck())
            && self.complaints.insert(why.clone())
        {
            self.say(&format!(
                "no task runs; {id} waits, squeue says why: {why} (`{}` ends the tasks of this plan)",
                self.scancel()
            ));
        }
    }

    /// On a terminal what runs and waits, in the bar; in a log a line every twentieth of the study.
    fn say_progress(&mut self, played: u64, tasks: &[Task]) {
        let plays = |task: &&Task| task.standing == TaskStanding::Plays;
        let plays = tasks.iter().filter(plays).count();
        let waits = tasks.len() - plays;
        self.bar
            .set_message(format!(", {plays} running, {waits} waiting"));
        let total = self.slurm.plan.worlds();
        let twentieths = (u128::from(played) * 20 / u128::from(total.max(1))) as u64;
        if self.bar.is_hidden() && is_progress_wanted(self.common) && twentieths > self.told {
            self.told = twentieths;
            self.say(&format!(
                "{} of {} worlds are there, {plays} shards running, {waits} waiting",
                count(played),
                count(total)
            ));
        }
    }

    fn complain(&mut self, error: &Error) {
        let text = error.to_string();
        if self.complaints.insert(text.clone()) {
            self.say(&format!("{text}; asked again until it answers"));
        }
    }

    /// Submits shards that are in neither files nor queue, at the second look that finds them so.
    fn go_on(&mut self, missing: &[Range<u64>], queue: &[Task]) -> Result<(), Error> {
        let plan = self.slurm.plan;
        let is_dead = |task: &&Task| task.standing == TaskStanding::Dead;
        self.slurm.cancel(queue.iter().filter(is_dead));
        let lives = queue.iter().filter(|task| !is_dead(task));
        let lost = without(missing, lives.map(|task| plan.store.range(task.shard)));
        let lost: BTreeSet<Shard> = plan.shards_in(&lost, self.cut).into_iter().collect();
        let room = match self.args.no_wait {
            true => u64::MAX,
            false => self.args.queued.saturating_sub(queue.len() as u64),
        };
        let is_suspect = |shard: &&Shard| match &self.suspects {
            None => true,
            Some(suspects) => suspects.contains(shard),
        };
        let again = lost.iter().filter(is_suspect).copied();
        let again: BTreeSet<Shard> = again
            .take(usize::try_from(room).unwrap_or(usize::MAX))
            .collect();
        self.suspects = Some(&lost - &again);
        let again = Vec::from_iter(again);
        match again.is_empty() {
            true => Ok(()),
            false => self.submit(&again, queue),
        }
    }

    fn submit(&mut self, shards: &[Shard], queue: &[Task]) -> Result<(), Error> {
        let most = usize::try_from(self.args.retries).unwrap_or(usize::MAX);
        for shard in shards {
            let tried = self.jobs.get(shard).map_or(&[][..], Vec::as_slice);
            if let Some(job) = tried.last().filter(|_| tried.len() > most) {
                return Err(self.given_up(*shard, tried.len(), job, queue));
            }
        }
        for (shards, arguments) in self.slurm.calls(shards) {
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
                [one] => format!("shard {one}"),
                more => format!("{} shards", count(more.len() as u64)),
            };
            self.say(&match is_again {
                true => format!("{what} ended without a file: submitted again as job {job}"),
                false => format!("{what} submitted as job {job}"),
            });
            for shard in shards {
                self.jobs.entry(shard).or_default().push(job.clone());
            }
            self.queued.insert(job);
        }
        Ok(())
    }

    fn given_up(&self, shard: Shard, times: usize, job: &str, queue: &[Task]) -> Error {
        let words = self.slurm.last_words(job, shard);
        let left = match queue {
            [] => String::new(),
            left => format!(
                "; {} left in the queue, `{}` ends them",
                tasks_are(left.len()),
                self.scancel()
            ),
        };
        Error::Plan {
            path: self.slurm.plan.path.clone(),
            reason: format!(
                "is not complete: shard {shard} was played {times} times and left no file; {words}{left}"
            ),
        }
    }

    /// What ends all tasks of this plan.
    fn scancel(&self) -> String {
        let jobs = self.queued.iter().map(String::as_str);
        format!("scancel {}", jobs.collect::<Vec<_>>().join(" "))
    }

    /// Waits for the next look, or for a signal.
    fn sleep(&self, played: u64, trials: u64) -> Result<(), Error> {
        for _ in 0..looks(self.args.every) {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Error::Interrupted {
                    played,
                    trials,
                    kept: match self.queued.is_empty() {
                        true => "nothing is in the queue; the same command goes on".to_owned(),
                        false => format!(
                            "what is in the queue stays there (`{}` ends it), and the same command goes on",
                            self.scancel()
                        ),
                    },
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

/// What of some ranges, in order, no other range holds.
fn without(ranges: &[Range<u64>], others: impl Iterator<Item = Range<u64>>) -> Vec<Range<u64>> {
    let mut others: Vec<Range<u64>> = others.collect();
    others.sort_unstable_by_key(|range| range.start);
    let mut left = Vec::new();
    for Range { mut start, end } in ranges.iter().cloned() {
        for other in others.iter().take_while(|other| other.start < end) {
            if other.start > start {
                left.push(start..other.start);
            }
            start = start.max(other.end);
        }
        if start < end {
            left.push(start..end);
        }
    }
    left
}

/// How many tasks there are, with their verb.
fn tasks_are(tasks: usize) -> String {
    match tasks {
        1 => "1 task is".to_owned(),
        more => format!("{} tasks are", count(more as u64)),
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
    fn what_no_task_plays_is_left() {
        let queued = [10..20, 0..64, 200..210, 64..128, 90..100];
        let left = |ranges: &[(u64, u64)]| {
            let ranges: Vec<_> = ranges.iter().map(|&(start, end)| start..end).collect();
            let left = without(&ranges, queued.iter().cloned());
            let pairs = left.into_iter().map(|range| (range.start, range.end));
            pairs.collect::<Vec<_>>()
        };
        for (ranges, expected) in [
            (&[(0, 64), (64, 128)][..], &[][..]),
            (&[(12, 40), (100, 140)], &[(128, 140)]),
            (&[(60, 70), (190, 220)], &[(190, 200), (210, 220)]),
            (&[(0, 300)], &[(128, 200), (210, 300)]),
            (&[(300, 305)], &[(300, 305)]),
        ] {
            assert_eq!(left(ranges), expected, "{ranges:?}");
        }
    }
}
