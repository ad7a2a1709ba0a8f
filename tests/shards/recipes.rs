//! `src/docs/cluster.md`: its shell is a shell's, its recipe for one file system runs, its manifest is one of Kubernetes, and its tables are
//! what its script prints.

use super::{Place, SCENARIO, files};
use crate::support::program::{self, check};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/docs");

fn text() -> String {
    fs::read_to_string(Path::new(FOLDER).join("cluster.md")).expect("readable")
}

/// Blocks of code in a language.
fn blocks(language: &str) -> Vec<String> {
    let text = text();
    let fence = format!("\n```{language}\n");
    let blocks = text.split(&fence).skip(1);
    let blocks = blocks.map(|rest| rest.split("\n```").next().expect("the block").to_owned());
    blocks.collect()
}

#[track_caller]
fn done(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

/// A Python that can do what a script asks; says that it is skipped where there is none.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn python(import: &str) -> Option<PathBuf> {
    let python = std::env::var_os("MUFAKAT_PYTHON").map(PathBuf::from);
    let has = python.filter(|python| {
        let asked = Command::new(python)
            .args(["-c", &format!("import {import}")])
            .output();
        asked.is_ok_and(|output| output.status.success())
    });
    if has.is_none() {
        eprintln!("skipped: MUFAKAT_PYTHON names no Python with {import} (.ci/run makes one)");
    }
    has
}

#[test]
fn shell_is_shell() {
    let blocks = blocks("sh");
    assert!(blocks.len() >= 4, "{blocks:?}");
    for block in blocks {
        let output = Command::new("bash").args(["-n", "-c", &block]).output();
        done(&output.expect("bash"));
    }
}

/// Follows the recipe that has these words, after shards were played, with programs of `folder` before others.
#[track_caller]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn follow(words: &str, hosts: &str, played: &str, tools: &[(&str, &str)]) -> Option<Place> {
    if Command::new("parallel").arg("--version").output().is_err() {
        eprintln!("skipped: no GNU parallel (package parallel)");
        return None;
    }
    let study = ["run", SCENARIO, "-n", "400"];
    let place = Place::new();
    let whole = place.at("whole");
    check(&[&study[..], &["-q", "-o", &whole]].concat(), 0);
    check(
        &[&["plan"], &study[..], &["-q", "-o", &place.at("big")]].concat(),
        0,
    );
    check(&["run", &place.at("big"), "-q", "--shard", played], 0);
    fs::write(place.at("hosts"), hosts).expect("writable");
    fs::create_dir(place.at("tools")).expect("writable");
    for (name, text) in tools {
        let path = place.at(&format!("tools/{name}"));
        fs::write(&path, text).expect("writable");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("ours");
    }
    let recipes = blocks("sh").into_iter();
    let mut recipes = recipes.filter(|block| block.contains(words));
    let recipe = recipes.next().expect("the recipe");
    let program = program::path();
    let folder = Path::new(&program).parent().expect("it lies in a folder");
    let folder = folder.display();
    let path = std::env::var("PATH").expect("there is one");
    let output = Command::new("bash")
        .args(["-c", &recipe])
        .current_dir(place.0.path())
        .env("PATH", format!("{}:{folder}:{path}", place.at("tools")))
        .env("HOME", place.0.path())
        .env("ROOT", place.0.path())
        .output();
    done(&output.expect("bash"));
    let merged = place.at("runs/big");
    assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)));
    Some(place)
}

/// With this machine as the only host.
#[test]
fn gnu_parallel_plays_what_is_missing() {
    follow("--workdir", "1/:\n", "1/7", &[]);
}

/// A machine is a folder. Like a server of ssh, it names the user's shell, on which GNU parallel relies.
const SSH: &str = r#"#!/bin/bash
while [[ "$1" == -* ]]; do shift; done
host=$1
shift
[ "$1" = -- ] && shift
mkdir -p "$ROOT/$host" && cd "$ROOT/$host" && HOME=$PWD SHELL=$BASH exec bash -c "$*"
"#;

const RSYNC: &str = r#"#!/bin/bash
at() { case "$1" in *:*) echo "$ROOT/${1%%:*}/${1#*:}" ;; *) echo "$1" ;; esac; }
from=$(at "$2") to=$(at "$3")
case "$from" in */) mkdir -p "$to" && exec cp -r "$from." "$to" ;; *) exec cp "$from" "$to" ;; esac
"#;

/// With folders as machines that share nothing, of which two have a number of tasks before their names and one is this machine, among
/// remarks.
#[test]
fn machines_that_share_nothing_give_their_shards_back() {
    let tools = [("ssh", SSH), ("rsync", RSYNC)];
    let hosts = "# in rack 1/2\n2/one\n\n:\n  # slower\n1/two\n";
    let played = follow("rsync", hosts, "3/7", &tools);
    let Some(place) = played else { return };
    for host in ["one", "two"] {
        let shards = fs::read_dir(place.at(&format!("{host}/big/shards")));
        assert!(shards.expect("it played some").next().is_some(), "{host}");
    }
    assert!(!Path::new(&place.at(":")).exists());
}

/// Checks every document of a manifest strictly, against the oldest and the newest version that has all its keys.
const CHECK: &str = r#"
import sys, yaml, kubernetes_validate
documents = list(yaml.safe_load_all(sys.argv[1]))
for document in documents:
    for version in ("1.33.0", kubernetes_validate.latest_version()):
        kubernetes_validate.validate(document, version, strict=True)
job = documents[1]
shards = job["spec"]["completions"]
assert f"/{shards}" in " ".join(job["spec"]["template"]["spec"]["containers"][0]["args"])
document["spec"]["completion"] = 1
try:
    kubernetes_validate.validate(document, "1.33.0", strict=True)
except kubernetes_validate.ValidationError:
    print(len(documents))
"#;

#[test]
fn the_manifest_is_one_of_kubernetes() {
    let manifests = blocks("yaml");
    let [manifest] = manifests.as_slice() else {
        panic!("one manifest, not {}", manifests.len());
    };
    let Some(python) = python("kubernetes_validate") else {
        return;
    };
    let output = Command::new(python).args(["-c", CHECK, manifest]).output();
    assert_eq!(done(&output.expect("Python starts")), "3\n");
}

#[test]
fn tables_are_what_the_simulation_prints() {
    let Some(python) = python("heapq") else {
        return;
    };
    let script = Path::new(FOLDER).join("cluster/planning.py");
    let run = |flags: &[&str]| {
        let output = Command::new(&python).arg(&script).args(flags).output();
        done(&output.expect("Python starts"))
    };
    assert!(run(&["--check"]).contains("meets its closed forms"));
    let text = text();
    for line in run(&[]).lines() {
        assert!(text.contains(line), "cluster.md lacks the line\n{line}");
    }
    // Shards are named as they are cut: eight of two hours at most are of 109 minutes each.
    let own = "--worlds 1e9 --nodes 4 --rate 300 --mtbf 5000";
    let own: Vec<&str> = own.split(' ').collect();
    assert!(run(&own).contains("| 4 | 5,000 h | 3.62 h | 109 min | 8 |"));
    let often = [&own[..6], &["--mtbf", "0.1", "--repair", "0.1"]].concat();
    assert!(run(&often).contains("| 4 | 6 min | 3.62 h |"));
}

#[test]
fn planning_says_what_is_no_number_of_it() {
    let Some(python) = python("heapq") else {
        return;
    };
    let script = Path::new(FOLDER).join("cluster/planning.py");
    let flags = [
        ("--worlds", "0"),
        ("--nodes", "0"),
        ("--rate", "-1"),
        ("--mtbf", "nan"),
        ("--notice", "-1"),
        ("--worlds", "1e30"),
    ];
    for (flag, number) in flags {
        let output = Command::new(&python)
            .arg(&script)
            .args([flag, number])
            .output();
        let output = output.expect("Python starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{flag} {number}: {said}");
        assert!(said.contains("planning.py: error: "), "{said}");
    }
}
