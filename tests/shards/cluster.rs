//! The baseline on a real cluster of two nodes, which `.ci/slurm` starts; skipped, with a message, where there is none.
//!
//! A task, a step daemon and a node are killed while they play: the study still ends with the bytes of one machine.

use super::{Place, files};
use crate::support::program::{check, path, root, started};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

const STUDY: [&str; 4] = ["run", "asean-2027", "-n", "512"];

/// How the plan is submitted: four shards, with a look every second.
const SUBMIT: [&str; 6] = ["--engine", "slurm", "--shards", "4", "--every", "1"];

/// The folder of the cluster, if there is one.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn cluster() -> Option<PathBuf> {
    let folder = std::env::var_os("SLURM_FOLDER").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: no cluster, which `.ci/slurm COMMAND` starts");
    }
    folder
}

/// Processes whose first words are these, by number.
fn processes(words: &[&str]) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("Linux");
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let fits = |number: &u32| {
        let line = fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        let mut said = line.split(|byte| *byte == 0);
        words
            .iter()
            .all(|word| said.next() == Some(word.as_bytes()))
    };
    numbers.filter(fits).collect()
}

/// The process that started one; none where it has ended.
fn parent(number: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{number}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
    line?.trim().parse().ok()
}

fn kill(number: u32) {
    let killed = Command::new("kill")
        .args(["-9", &number.to_string()])
        .status();
    killed.expect("it starts");
}

/// A plan that is being played on the cluster.
struct Campaign {
    place: Place,
    plan: String,
    child: Child,
    /// A process that plays a shard, and the one that started it.
    first: (u32, u32),
}

/// Most looks at processes before a test has failed, some 20 ms apart.
const LOOKS: usize = 6000;

impl Campaign {
    /// Submits the study in four shards and waits until one is being played.
    fn started() -> Campaign {
        let place = Place::new();
        check(&[&STUDY[..], &["-q", "-o", &place.at("whole")]].concat(), 0);
        let plan = place.planned(&STUDY);
        let child = started(root(), &[&["submit", &plan], &SUBMIT[..]].concat());
        let mut campaign = Campaign {
            place,
            plan,
            child,
            first: (0, 0),
        };
        campaign.first = campaign.wait_for(|task| Some((task, parent(task)?)));
        campaign
    }

    /// Waits for a task that fits, while there may be one.
    #[track_caller]
    fn wait_for<T>(&mut self, fits: impl Fn(u32) -> Option<T>) -> T {
        for _ in 0..LOOKS {
            if let Some(found) = self.tasks().into_iter().find_map(&fits) {
                return found;
            }
            if let Some(status) = self.child.try_wait().expect("a child") {
                let mut said = String::new();
                let mut stderr = self.child.stderr.take().expect("it is piped");
                stderr.read_to_string(&mut said).expect("UTF-8");
                panic!("it ended before such a task was seen: {status}\n{said}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        panic!("no such task in {LOOKS} looks");
    }

    /// Processes that play a shard, the programs alone.
    fn tasks(&self) -> Vec<u32> {
        processes(&[&path(), "run", &self.plan, "--no-progress", "--shard"])
    }

    /// Waits for the end and compares; returns what was said.
    #[track_caller]
    fn ends_with_the_same_bytes(mut self) -> String {
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().expect("it is piped");
        stderr.read_to_string(&mut said).expect("UTF-8");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "{said}");
        let results = files(&Path::new(&self.plan).join("results"));
        assert_eq!(results, files(Path::new(&self.place.at("whole"))), "{said}");
        said
    }
}

#[test]
fn the_baseline() {
    if cluster().is_some() {
        let said = Campaign::started().ends_with_the_same_bytes();
        assert!(said.contains("4 shards submitted as job"), "{said}");
        assert!(!said.contains("again"), "{said}");
    }
}

/// Slurm calls the task failed and leaves it at that; the shard is submitted again.
#[test]
fn a_task_is_killed() {
    if cluster().is_some() {
        let campaign = Campaign::started();
        kill(campaign.first.0);
        let said = campaign.ends_with_the_same_bytes();
        assert!(
            said.contains("ended without a file: submitted again"),
            "{said}"
        );
    }
}

/// The task goes on as an orphan and writes its shard; if Slurm has it run again, it finds that nothing is left to play.
#[test]
fn a_step_daemon_is_killed() {
    if cluster().is_some() {
        let campaign = Campaign::started();
        kill(campaign.first.1);
        campaign.ends_with_the_same_bytes();
    }
}

/// Somebody holds a task that waits, and releases it: it is neither cancelled nor submitted again.
#[test]
fn a_task_is_held() {
    if cluster().is_none() {
        return;
    }
    let place = Place::new();
    check(&[&STUDY[..], &["-q", "-o", &place.at("whole")]].concat(), 0);
    let plan = place.planned(&STUDY);
    let submit = [&["submit", &plan], &SUBMIT[..]].concat();
    check(
        &[&submit[..], &["--no-wait", "--sbatch=--hold"]].concat(),
        0,
    );
    let mut child = started(root(), &submit);
    let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut lines = stderr.by_ref().lines().map(|line| line.expect("UTF-8"));
    let first = lines.next().expect("it says what is in the queue");
    assert!(first.starts_with("4 tasks are in the queue"), "{first}");
    let held = lines.next().expect("it says that they are held");
    let words = held.strip_prefix("some tasks are held, the first is ");
    let id = words.and_then(|words| words.split('_').next());
    let released = Command::new("scontrol")
        .args(["release", id.expect(&held)])
        .status();
    assert!(released.expect("it starts").success());
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("UTF-8");
    assert!(child.wait().expect("it ends").success(), "{said}");
    assert!(
        !said.contains("again") && !said.contains("submitted as"),
        "{said}"
    );
    let results = files(&Path::new(&plan).join("results"));
    assert_eq!(results, files(Path::new(&place.at("whole"))), "{said}");
}

/// The node with all its processes is gone; the other plays its tasks.
#[test]
fn a_node_is_killed() {
    let Some(folder) = cluster() else { return };
    let mut campaign = Campaign::started();
    let is_there = |number: &u32| {
        let environment = fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains("SLURMD_NODENAME=one")
    };
    campaign.wait_for(|task| is_there(&task).then_some(task));
    let daemon = fs::read_to_string(folder.join("one.pid")).expect("it runs");
    kill(daemon.trim().parse().expect("a number"));
    let tasks: Vec<u32> = campaign.tasks().into_iter().filter(is_there).collect();
    // The step daemons first, so that none reports the end of its task.
    let daemons: Vec<u32> = tasks.iter().filter_map(|&task| parent(task)).collect();
    daemons.into_iter().chain(tasks).for_each(kill);
    campaign.ends_with_the_same_bytes();
    let started = Command::new("slurmd").args(["-N", "one"]).status();
    assert!(started.expect("it starts").success());
}
