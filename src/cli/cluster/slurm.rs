//! Slurm: the script of an array of shards, and what the queue says of it. Only `sbatch`, `squeue` and `scancel` are asked.

use crate::cli::args::shard::Shard;
use crate::cli::args::submit::SlurmArgs;
use crate::cli::cluster::plan::Plan;
use crate::error::{Error, reason};
use crate::study::digest::hex;
use crate::theory::spelling::shell::quoted;
use std::path::Path;
use std::process::Command;

/// Folder of the script and of what tasks say, in the directory of the plan.
pub const FOLDER: &str = "slurm";

/// Tasks of an array: clusters allow 1,001 if they were not told otherwise.
const ARRAY: u64 = 1000;

/// A study on a cluster.
pub struct Slurm<'a> {
    /// What the cluster is asked for.
    pub args: &'a SlurmArgs,
    pub plan: &'a Plan,
    /// The plan's directory, from the root.
    pub directory: String,
    pub program: String,
}

/// A task in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: String,
    /// The shard that it plays, of as many as it was cut into.
    pub shard: Shard,
    pub standing: TaskStanding,
    /// Why it does not play, in a word of Slurm's.
    pub why: String,
}

impl Task {
    /// The number of its job.
    pub fn job(&self) -> &str {
        self.id.split('_').next().unwrap_or_default()
    }

    /// Whether it waits for something other than its turn.
    pub fn is_stuck(&self) -> bool {
        let usual = [
            "None",
            "Priority",
            "Resources",
            "BeginTime",
            "JobArrayTaskLimit",
        ];
        self.standing == TaskStanding::Waits && !usual.contains(&self.why.as_str())
    }
}

/// How a task in the queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskStanding {
    Waits,
    /// Somebody holds it, and may release it.
    Held,
    Plays,
    /// Slurm has given it up, and it will never start by itself.
    Dead,
}

impl TaskStanding {
    /// From a state and the reason for it, as `squeue` says them.
    fn of(state: &str, why: &str) -> TaskStanding {
        let why: String = why.chars().filter(char::is_ascii_alphanumeric).collect();
        let why = why.to_lowercase();
        match state {
            "REQUEUE_HOLD" | "SPECIAL_EXIT" => TaskStanding::Dead,
            "PENDING" if why.starts_with("jobheld") => TaskStanding::Held,
            "PENDING" if why.contains("held") || why.contains("maxrequeue") => TaskStanding::Dead,
            "PENDING" => TaskStanding::Waits,
            _ => TaskStanding::Plays,
        }
    }
}

impl Slurm<'_> {
    /// The script of an array.
    pub fn script(&self) -> String {
        let mut text = format!(
            "#!/bin/sh\n#SBATCH --cpus-per-task={}\n#SBATCH --output={FOLDER}/%A_%a.out\n#SBATCH --open-mode=append\n#SBATCH --requeue\n",
            self.args.cpus
        );
        let named = [
            ("partition", &self.args.partition),
            ("time", &self.args.time),
        ];
        for (option, value) in named {
            if let Some(value) = value {
                text += &format!("#SBATCH --{option}={value}\n");
            }
        }
        for option in &self.args.sbatch {
            text += &format!("#SBATCH {option}\n");
        }
        text + &format!(
            "exec {} run {} --no-progress \\\n    --shard \"$((SLURM_ARRAY_TASK_ID + MUFAKAT_FIRST))/$MUFAKAT_SHARDS\" -j \"${{SLURM_CPUS_PER_TASK:-1}}\"\n",
            quoted(&self.program),
            quoted(&self.directory),
        )
    }

    /// Arguments of `sbatch` for shards that lie in one array.
    fn arguments(&self, shards: &[Shard]) -> Vec<String> {
        let Shard { index, of } = shards[0];
        let first = index / ARRAY * ARRAY;
        let tasks: Vec<u64> = shards.iter().map(|shard| shard.index - first).collect();
        vec![
            "--parsable".to_owned(),
            format!("--job-name={}{of}-{first}", self.prefix()),
            format!("--chdir={}", self.directory),
            format!("--export=ALL,MUFAKAT_FIRST={first},MUFAKAT_SHARDS={of}"),
            format!("--array={}", ranges(&tasks)),
            format!("{}/{FOLDER}/array.sh", self.directory),
        ]
    }

    /// What is submitted for some shards: array by array, its shards and the arguments of `sbatch`.
    pub fn calls(&self, shards: &[Shard]) -> Vec<(Vec<Shard>, Vec<String>)> {
        let mut shards = shards.to_vec();
        shards.sort_unstable_by_key(|shard| (shard.of, shard.index));
        let array = |shard: &Shard| (shard.of, shard.index / ARRAY);
        let arrays = shards.chunk_by(|one, next| array(one) == array(next));
        let calls = arrays.map(|shards| (shards.to_vec(), self.arguments(shards)));
        calls.collect()
    }

    /// Submits an array and returns its number.
    pub fn submit(&self, arguments: &[String]) -> Result<String, Error> {
        let said = ask("sbatch", arguments).map_err(|error| match error {
            Error::Queue { program, reason } if reason.contains("job array") => Error::Queue {
                program,
                reason: format!(
                    "{reason}; where a cluster takes fewer than {ARRAY} tasks in an array, give fewer --shards"
                ),
            },
            other => other,
        })?;
        let id = said.trim().split(';').next().unwrap_or_default();
        match id.is_empty() {
            true => Err(Error::Queue {
                program: "sbatch".to_owned(),
                reason: "it names no job".to_owned(),
            }),
            false => Ok(id.to_owned()),
        }
    }

    /// Tasks of this plan that wait or run, of any cut.
    pub fn queue(&self) -> Result<Vec<Task>, Error> {
        let arguments = ["--me", "--noheader", "--array", "--format=%j %F %K %T %r"];
        let said = ask("squeue", &arguments.map(str::to_owned))?;
        let prefix = self.prefix();
        Ok(said
            .lines()
            .filter_map(|line| task(line, &prefix))
            .collect())
    }

    /// Takes tasks out of the queue; those that have ended meanwhile are no matter.
    pub fn cancel<'b>(&self, tasks: impl Iterator<Item = &'b Task>) {
        let ids: Vec<String> = tasks.map(|task| task.id.clone()).collect();
        for ids in ids.chunks(ARRAY as usize) {
            let _ = ask("scancel", ids);
        }
    }

    /// The last lines that a task said, and where; what it says goes elsewhere if an option of sbatch says so.
    pub fn last_words(&self, job: &str, shard: Shard) -> String {
        let task = shard.index % ARRAY;
        let path = Path::new(&self.directory).join(format!("{FOLDER}/{job}_{task}.out"));
        let Ok(text) = std::fs::read(&path) else {
            return format!("what it said is not in {}", path.display());
        };
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().rev().take(2).collect();
        let lines: Vec<&str> = lines.into_iter().rev().collect();
        let words = match lines.is_empty() {
            true => "it said nothing".to_owned(),
            false => format!("it said last: {}", lines.join(" / ").replace("error: ", "")),
        };
        format!("{words} ({})", path.display())
    }

    /// How the names of its jobs start: with the plan and, as the same study may be planned in several places, with its directory.
    pub fn prefix(&self) -> String {
        let directory = blake3::hash(self.directory.as_bytes());
        let directory = hex(&directory.as_bytes()[..4]);
        format!("mufakat-{}-{directory}-", self.plan.store.name())
    }
}

/// A line of the queue, if it is of this plan: name, job, task, state, reason.
fn task(line: &str, prefix: &str) -> Option<Task> {
    let mut words = line.trim().splitn(5, ' ');
    let (of, first) = words.next()?.strip_prefix(prefix)?.split_once('-')?;
    let (job, index) = (words.next()?, words.next()?);
    let (state, why) = (words.next()?, words.next().unwrap_or_default());
    let number = |text: &str| text.parse::<u64>().ok();
    let shard = Shard {
        index: number(first)?.checked_add(number(index)?)?,
        of: number(of)?,
    };
    // Another may have given its job such a name.
    if shard.index >= shard.of {
        return None;
    }
    Some(Task {
        id: format!("{job}_{index}"),
        shard,
        standing: TaskStanding::of(state, why),
        why: why.to_owned(),
    })
}

/// An error if this is no machine of a cluster.
pub fn is_here() -> Result<(), Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    for program in ["sbatch", "squeue", "scancel"] {
        let mut folders = std::env::split_paths(&path);
        if !folders.any(|folder| folder.join(program).is_file()) {
            return Err(Error::Queue {
                program: program.to_owned(),
                reason: "there is no such program; submit where Slurm is, or play shards yourself with `mufakat run PLAN --shard I/N`"
                    .to_owned(),
            });
        }
    }
    Ok(())
}

/// What a program of the queue prints.
fn ask(program: &str, arguments: &[String]) -> Result<String, Error> {
    let failed = |reason: String| Error::Queue {
        program: program.to_owned(),
        reason,
    };
    let mut command = Command::new(program);
    command.args(arguments);
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in names.filter(|name| hides(name)) {
        command.env_remove(name);
    }
    let output = command.output();
    let output = output.map_err(|error| failed(reason(&error)))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(failed(complaint(
            program,
            &String::from_utf8_lossy(&output.stderr),
            &output.status.to_string(),
        ))),
    }
}

/// Whether a variable of the environment has squeue leave out tasks, scancel ask before it ends some, or sbatch wait for them.
fn hides(variable: &str) -> bool {
    let filters = ["SQUEUE_", "SCANCEL_"];
    variable == "SBATCH_WAIT" || filters.iter().any(|start| variable.starts_with(start))
}

/// What a program complains of, without its own name before each line; how it ended, if it says nothing.
fn complaint(program: &str, text: &str, ended: &str) -> String {
    let own = |line: &str| {
        let line = line.trim();
        let line = line
            .strip_prefix(program)
            .and_then(|line| line.strip_prefix(": "))
            .unwrap_or(line);
        let line = line
            .strip_prefix("error: ")
            .or_else(|| line.strip_prefix("fatal: "))
            .unwrap_or(line);
        line.to_owned()
    };
    let lines = text.lines().map(own).filter(|line| !line.is_empty());
    let lines = lines.collect::<Vec<_>>().join("; ");
    match lines.is_empty() {
        true => format!("it says nothing ({ended})"),
        false => lines,
    }
}

/// Numbers as sbatch reads them: 0-3,7.
fn ranges(numbers: &[u64]) -> String {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next);
    let runs = runs.map(|run| match run {
        [one] => one.to_string(),
        more => format!("{}-{}", more[0], more[more.len() - 1]),
    });
    runs.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_ranges() {
        for (numbers, expected) in [
            (&[0, 1, 2][..], "0-2"),
            (&[0, 2, 3, 9], "0,2-3,9"),
            (&[5], "5"),
        ] {
            assert_eq!(ranges(numbers), expected);
        }
    }

    #[test]
    fn paths_are_words_of_a_shell() {}

    #[test]
    fn filters_of_the_environment_are_left_out() {
        for name in ["SQUEUE_STATES", "SCANCEL_INTERACTIVE", "SBATCH_WAIT"] {
            assert!(hides(name), "{name}");
        }
        for name in ["SLURM_CONF", "SBATCH_PARTITION", "PATH"] {
            assert!(!hides(name), "{name}");
        }
    }

    #[test]
    fn complaints_name_their_program_once() {
        let text = "squeue: error: no controller\nsqueue: fatal: no source\n\n";
        assert_eq!(
            complaint("squeue", text, "exit status: 1"),
            "no controller; no source"
        );
        assert_eq!(
            complaint("squeue", "", "exit status: 1"),
            "it says nothing (exit status: 1)"
        );
    }

    #[test]
    fn lines_of_the_queue_are_tasks_of_the_plan() {
        let prefix = "mufakat-ab12-";
        let read = |line| task(line, prefix);
        let found = read("mufakat-ab12-2500-1000 77 41 RUNNING None").expect("a task");
        assert_eq!(
            found,
            Task {
                id: "77_41".to_owned(),
                shard: Shard {
                    index: 1041,
                    of: 2500
                },
                standing: TaskStanding::Plays,
                why: "None".to_owned(),
            }
        );
        assert_eq!(found.job(), "77");
        for (words, expected) in [
            ("PENDING launch failed requeued held", TaskStanding::Dead),
            ("PENDING launch_failed_requeued_held", TaskStanding::Dead),
            ("PENDING JobHoldMaxRequeue", TaskStanding::Dead),
            (
                "REQUEUE_HOLD job requeued in held state",
                TaskStanding::Dead,
            ),
            ("SPECIAL_EXIT None", TaskStanding::Dead),
            ("PENDING JobHeldUser", TaskStanding::Held),
            ("PENDING JobHeldAdmin", TaskStanding::Held),
            ("PENDING Resources", TaskStanding::Waits),
            ("COMPLETING None", TaskStanding::Plays),
        ] {
            let line = format!("mufakat-ab12-7-0 78 3 {words}");
            let found = task(&line, prefix).expect("a task");
            assert_eq!(found.standing, expected, "{words}");
            assert!(!found.is_stuck(), "{words}");
        }
        let found = read("mufakat-ab12-7-0 78 3 PENDING PartitionConfig").expect("a task");
        assert!(found.is_stuck() && found.standing == TaskStanding::Waits);
        for line in [
            "mufakat-cd34-7-0 78 3 RUNNING None",
            "other 1 N/A RUNNING None",
            "",
            "mufakat-ab12-7-0 78 N/A RUNNING None",
            "mufakat-ab12-0-0 78 0 RUNNING None",
            "mufakat-ab12-7-6 78 1 RUNNING None",
            "mufakat-ab12-7-18446744073709551615 78 1 RUNNING None",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
