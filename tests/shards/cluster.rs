//! The baseline on a real cluster of two nodes, which `.ci/slurm` starts; skipped, with a message, where there is none.
//!
//! A task, a step daemon and a node are killed while they play: the study still ends with the bytes of one machine.

use super::{Place, files};
use crate::support::program::check;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const STUDY: [&str; 4] = ["run", "asean-2027", "-n", "512"];

/// The folder of the cluster, if there is one.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn cluster() -> Option<PathBuf> {
    let folder = std::env::var_os("SLURM_FOLDER").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: no cluster, which `.ci/slurm COMMAND` starts");
    }
    folder
}

/// Processes whose command line holds some words, by number.
fn processes(words: &[&str]) -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("Linux");
    let numbers = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    let fits = |number: &u32| {
        let line = fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).replace('\0', " ");
        words.iter().all(|word| line.contains(word))
    };
    numbers.filter(fits).collect()
}

/// The process that started one.
fn parent(number: u32) -> u32 {
    let status = fs::read_to_string(format!("/proc/{number}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"));
    line.expect("Linux").trim().parse().expect("a number")
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
}

impl Campaign {
    /// Submits the study in four shards and waits until one is being played.
    fn started() -> Campaign {
        let place = Place::new();
        check(&[&STUDY[..], &["-q", "-o", &place.at("whole")]].concat(), 0);
        let plan = place.planned(&STUDY);
        let child = Command::new(env!("CARGO_BIN_EXE_mufakat"))
            .args([
                "submit", &plan, "--engine", "slurm", "--shards", "4", "--every", "1",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        let campaign = Campaign { place, plan, child };
        while campaign.tasks().is_empty() {
            std::thread::sleep(Duration::from_millis(20));
        }
        campaign
    }

    /// Processes that play a shard, the programs alone.
    fn tasks(&self) -> Vec<u32> {
        processes(&["mufakat", "run", &self.plan, "--shard"])
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
        kill(campaign.tasks()[0]);
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
        kill(parent(campaign.tasks()[0]));
        campaign.ends_with_the_same_bytes();
    }
}

/// The node with all its processes is gone; the other plays its tasks.
#[test]
fn a_node_is_killed() {
    let Some(folder) = cluster() else { return };
    let campaign = Campaign::started();
    let is_there = |number: &u32| {
        let environment = fs::read(format!("/proc/{number}/environ")).unwrap_or_default();
        String::from_utf8_lossy(&environment).contains("SLURMD_NODENAME=one")
    };
    let here = || campaign.tasks().into_iter().filter(is_there);
    while here().next().is_none() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let daemon = fs::read_to_string(folder.join("one.pid")).expect("it runs");
    kill(daemon.trim().parse().expect("a number"));
    let tasks: Vec<u32> = here().collect();
    assert!(!tasks.is_empty(), "it was playing");
    // The step daemons first, so that none reports the end of its task.
    let daemons: Vec<u32> = tasks.iter().map(|&task| parent(task)).collect();
    daemons.into_iter().chain(tasks).for_each(kill);
    campaign.ends_with_the_same_bytes();
    let started = Command::new("slurmd").args(["-N", "one"]).status();
    assert!(started.expect("it starts").success());
}
