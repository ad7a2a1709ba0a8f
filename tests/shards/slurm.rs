//! `submit` against a queue of shell scripts that stand for sbatch, squeue and scancel; `.ci/run` has it meet a real one.
//!
//! Tasks lie as files in a folder. Every call of squeue prints them and then plays the first two that wait, so that nothing here depends
//! on time.

use super::{Place, SCENARIO, files};
use crate::support::program::{check, program, root};
use mufakat::cli::args::shard::Shard;
use mufakat::cli::cluster::plan::Plan;
use mufakat::cli::store::found::{Found, Look};
use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;

const SBATCH: &str = r#"#!/bin/bash
if [ -s "$FAKE/full" ] && [ -s "$FAKE/calls" ]; then
    sed -i 1d "$FAKE/full"
    echo "sbatch: error: Job violates accounting/QOS policy" >&2
    exit 1
fi
echo "$@" >> "$FAKE/calls"
for argument in "$@"; do
    case "$argument" in
        --array=*) array=${argument#--array=} ;;
        --job-name=*) name=${argument#--job-name=} ;;
        --chdir=*) folder=${argument#--chdir=} ;;
        --export=ALL,*) export=${argument#--export=ALL,} export=${export//,/ } ;;
    esac
done
script=${!#}
job=$(($(wc -l < "$FAKE/calls") + 40))
for run in ${array//,/ }; do
    for task in $(seq "${run%-*}" "${run#*-}"); do
        echo "$name $job $task PENDING $(cat "$FAKE/reason" 2> /dev/null || echo Resources)" > "$FAKE/tasks/${job}_$task"
        if [ -f "$FAKE/broken_$task" ]; then
            echo "echo 'error: no memory' > ${folder@Q}/slurm/${job}_$task.out" > "$FAKE/scripts/${job}_$task"
            continue
        fi
        echo "cd ${folder@Q} && $export SLURM_ARRAY_TASK_ID=$task sh ${script@Q} > slurm/${job}_$task.out 2>&1" > "$FAKE/scripts/${job}_$task"
    done
done
echo "$job;here"
"#;

const SQUEUE: &str = r#"#!/bin/bash
if env | grep -q ^SQUEUE_; then exit 0; fi
if [ -f "$FAKE/gone" ] || { [ -s "$FAKE/away" ] && [ -s "$FAKE/calls" ]; }; then
    sed -i 1d "$FAKE/away"
    echo "squeue: error: Unable to contact slurm controller" >&2
    exit 1
fi
echo "somebody-else 7 N/A RUNNING None"
cat "$FAKE"/tasks/* 2> /dev/null
for task in $(ls "$FAKE/tasks" | head -n 2); do
    if grep -qx "$task" "$FAKE/by_user" 2> /dev/null; then
        # Held by somebody, and released after the next look.
        if ! grep -q JobHeldUser "$FAKE/tasks/$task"; then
            sed -i 's/Resources/JobHeldUser/' "$FAKE/tasks/$task"
        else
            rm "$FAKE/by_user"
        fi
    elif grep -qx "$task" "$FAKE/held"; then
        sed -i 's/Resources/launch failed requeued held/' "$FAKE/tasks/$task"
    else
        rm "$FAKE/tasks/$task"
        if ! grep -qx "$task" "$FAKE/killed"; then bash "$FAKE/scripts/$task"; fi
    fi
done
if [ -s "$FAKE/flip" ] && [ -f "$(cat "$FAKE/flip")" ] && [ -z "$(ls "$FAKE/tasks")" ]; then
    shard=$(cat "$FAKE/flip")
    byte=$(od -An -tu1 -j4000 -N1 "$shard")
    printf "\\$(printf %o $((byte ^ 1)))" | dd of="$shard" bs=1 seek=4000 conv=notrunc 2> /dev/null
    rm "$FAKE/flip"
fi
true
"#;

const SCANCEL: &str = r#"#!/bin/bash
for task in "$@"; do rm -f "$FAKE/tasks/$task"; echo "$task" >> "$FAKE/cancelled"; done
"#;

/// A queue of which some tasks are killed, some never start and some questions have no answer.
struct Queue(Place);

impl Queue {
    fn new(killed: &str, held: &str, away: &str) -> Queue {
        let place = Place::new();
        for (name, text) in [("sbatch", SBATCH), ("squeue", SQUEUE), ("scancel", SCANCEL)] {
            let path = place.at(name);
            fs::write(&path, text).expect("writable");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("ours");
        }
        for (name, text) in [
            ("killed", killed),
            ("held", held),
            ("away", away),
            ("calls", ""),
        ] {
            fs::write(place.at(name), text).expect("writable");
        }
        fs::create_dir(place.at("tasks")).expect("writable");
        fs::create_dir(place.at("scripts")).expect("writable");
        Queue(place)
    }

    /// Submits, in an environment that would have squeue hide tasks.
    fn submit(&self, plan: &str, args: &[&str]) -> Output {
        let path = std::env::var("PATH").expect("there is one");
        let mut command = program(root());
        let command = command.args(["submit", plan, "--engine", "slurm", "--every", "0"]);
        let command = command.args(args).env("FAKE", self.0.0.path());
        let command = command.env("SQUEUE_STATES", "RUNNING");
        let path = format!("{}:{path}", self.0.0.path().display());
        command.env("PATH", path).output().expect("it starts")
    }

    /// How often sbatch was called.
    fn calls(&self) -> usize {
        let calls = fs::read_to_string(self.0.at("calls")).expect("readable");
        calls.lines().count()
    }
}

const STUDY: [&str; 4] = ["run", SCENARIO, "-n", "400"];

/// The files of one machine.
fn alone() -> (Place, String) {
    let place = Place::new();
    let whole = place.at("whole");
    check(&[&STUDY[..], &["-q", "-o", &whole]].concat(), 0);
    (place, whole)
}

/// What a plan was merged to, where nothing else was said, has the bytes of one machine.
#[track_caller]
fn same_results(plan: &str, whole: &str) {
    let results = Path::new(plan).join("results");
    assert_eq!(files(&results), files(Path::new(whole)));
}

#[track_caller]
fn said(output: &Output, code: i32) -> String {
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{err}");
    err
}

/// Two tasks are killed, one is held, and the queue does not answer twice: the same bytes.
#[test]
fn a_study_comes_back_whole() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("41_1\n42_1\n", "41_3\n", "x\nx\n");
    let merged = place.at("merged");
    let output = queue.submit(&plan, &["--shards", "5", "-o", &merged]);
    let err = said(&output, 0);
    for words in [
        "squeue: Unable to contact slurm controller; asked again",
        "5 shards submitted as job 41",
        "shard 1/5 ended without a file: submitted again",
        "shard 3/5 ended without a file: submitted again",
    ] {
        assert!(err.contains(words), "{words}\n{err}");
    }
    assert!(String::from_utf8_lossy(&output.stdout).contains("400 worlds"));
    assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)));
    let cancelled = fs::read_to_string(queue.0.at("cancelled")).expect("one was held");
    assert!(cancelled.lines().any(|task| task == "41_3"), "{cancelled}");
    // All is there: nothing is submitted again, and the results stay.
    let calls = queue.calls();
    said(&queue.submit(&plan, &["--shards", "5", "-o", &merged]), 0);
    assert_eq!(queue.calls(), calls);
}

/// A queue takes so many tasks; the others follow.
#[test]
fn a_queue_is_not_filled_beyond_what_it_takes() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    let output = queue.submit(&plan, &["--shards", "5", "--queued", "2"]);
    let err = said(&output, 0);
    assert!(err.contains("2 shards submitted as job 41"), "{err}");
    assert!(!err.contains("again"), "{err}");
    assert!(queue.calls() >= 3, "{err}");
    same_results(&plan, &whole);
}

/// A queue that refuses what comes later is asked again; one that refuses the first, not.
#[test]
fn a_queue_that_refuses() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("41_1\n", "", "");
    fs::write(queue.0.at("full"), "x\nx\n").expect("writable");
    let err = said(&queue.submit(&plan, &["--shards", "3"]), 0);
    let words = "sbatch: Job violates accounting/QOS policy; asked again";
    assert_eq!(err.matches(words).count(), 1, "{err}");
    assert!(
        err.contains("shard 1/3 ended without a file: submitted again as job 42"),
        "{err}"
    );
    same_results(&plan, &whole);
    let place = Place::new();
    let plan = place.planned(&STUDY);
    fs::write(queue.0.at("full"), "x\n").expect("writable");
    let err = said(&queue.submit(&plan, &["--shards", "3"]), 4);
    assert!(err.contains("violates accounting/QOS policy\n"), "{err}");
}

/// Who submits again after a kill finds the tasks in the queue.
#[test]
fn tasks_in_the_queue_are_not_submitted_twice() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    said(&queue.submit(&plan, &["--shards", "3", "--no-wait"]), 0);
    assert_eq!(queue.calls(), 1);
    said(&queue.submit(&plan, &["--shards", "3"]), 0);
    assert_eq!(queue.calls(), 1);
    same_results(&plan, &whole);
}

/// Tasks of one cut play what another cut would: nothing is submitted twice, and of what is there already nothing is played.
#[test]
fn another_cut_plays_only_what_is_left() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    said(&queue.submit(&plan, &["--shards", "5", "--no-wait"]), 0);
    let err = said(&queue.submit(&plan, &["--shards", "2", "--no-wait"]), 0);
    assert!(
        err.contains("5 tasks are in the queue already") && err.contains("first `scancel 41`"),
        "{err}"
    );
    assert_eq!(queue.calls(), 1);
    // Shard 2 of 5 has blocks 2 and 3 of 7; of the halves, which begin with blocks 0 and 3, the second has one that nobody plays.
    fs::remove_file(queue.0.at("tasks/41_2")).expect("it was queued");
    let err = said(&queue.submit(&plan, &["--shards", "2"]), 0);
    assert!(!err.contains("ended without"), "{err}");
    let loaded = Plan::load(Path::new(&plan)).expect("a plan");
    let found = Found::of(&loaded.store, Look::Whole).expect("readable");
    let mut next = 0;
    for (label, _) in &found.shards {
        assert_eq!(label.pieces.start, next, "no world twice");
        next = label.pieces.end;
    }
    assert_eq!(next, 400);
    same_results(&plan, &whole);
}

/// The same study in two places is one plan, but what one submits is not of the other.
#[test]
fn the_same_study_in_two_places() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let other = place.at("other");
    check(&[&["plan"], &STUDY[..], &["-q", "-o", &other]].concat(), 0);
    let queue = Queue::new("", "", "");
    said(&queue.submit(&plan, &["--shards", "3", "--no-wait"]), 0);
    // The tasks of the first are neither taken for those of the second nor cancelled when the second ends.
    let err = said(&queue.submit(&other, &["--shards", "3"]), 0);
    assert!(err.contains("3 shards submitted as job 42"), "{err}");
    assert!(!err.contains("again") && !err.contains("already"), "{err}");
    assert!(!Path::new(&queue.0.at("cancelled")).exists());
    said(&queue.submit(&plan, &["--shards", "3"]), 0);
    assert_eq!(queue.calls(), 2);
    for plan in [plan, other] {
        same_results(&plan, &whole);
    }
}

/// What squeue says of tasks that no turn will come for is said once; a log is told how far the study is.
#[test]
fn a_task_that_cannot_start() {
    let place = Place::new();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    fs::write(queue.0.at("reason"), "PartitionConfig").expect("writable");
    let err = said(&queue.submit(&plan, &["--shards", "5"]), 0);
    let words = "no task runs; 41_0 waits, squeue says why: PartitionConfig (`scancel 41` ends";
    assert_eq!(err.matches(words).count(), 1, "{err}");
    assert!(
        err.contains("128 of 400 worlds are there, 0 shards running, 3 waiting"),
        "{err}"
    );
    fs::remove_file(queue.0.at("reason")).expect("it is there");
    let place = Place::new();
    let plan = place.planned(&STUDY);
    let err = said(&queue.submit(&plan, &["--shards", "5", "--no-progress"]), 0);
    assert!(!err.contains("worlds are there"), "{err}");
}

#[test]
fn a_flipped_bit_is_found_before_merging() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    // After a brief look saw it: only the last look reads every byte.
    let loaded = Plan::load(Path::new(&plan)).expect("a plan");
    let shard = loaded
        .store
        .file(&loaded.store.shard(Shard { index: 1, of: 3 }));
    fs::write(queue.0.at("flip"), shard.to_str().expect("UTF-8")).expect("writable");
    let err = said(&queue.submit(&plan, &["--shards", "3"]), 0);
    let name = shard.file_name().expect("a name").to_string_lossy();
    let words = format!("{name} is damaged: worlds 128 to 191 do not fit");
    assert_eq!(err.matches(&words).count(), 1, "{err}");
    assert!(
        err.contains("shard 1/3 ended without a file: submitted again as job 42"),
        "{err}"
    );
    same_results(&plan, &whole);
}

#[test]
fn a_shard_that_always_fails_is_named_with_its_last_words() {
    let place = Place::new();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    fs::write(queue.0.at("broken_2"), "").expect("writable");
    let submitted = queue.submit(&plan, &["--shards", "3", "--retries", "1"]);
    let err = said(&submitted, 4);
    let words =
        "is not complete: shard 2/3 was played 2 times and left no file; it said last: no memory (";
    assert!(
        err.contains(words) && err.contains("/slurm/42_2.out)"),
        "{err}"
    );
    assert!(!Path::new(&plan).join("results").exists());
}

/// Slurm's programs without a cluster that answers: nothing waits for ever.
#[test]
fn a_queue_that_never_answers() {
    let place = Place::new();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    fs::write(queue.0.at("gone"), "").expect("writable");
    for flags in [&[][..], &["--no-wait"]] {
        let err = said(&queue.submit(&plan, flags), 4);
        assert!(
            err.contains(
                "error: squeue: Unable to contact slurm controller; nothing was submitted"
            ) && err.contains("where `squeue --me` answers"),
            "{err}"
        );
    }
    assert_eq!(queue.calls(), 0);
    // What is complete needs no queue to be merged.
    check(&["run", &plan, "-q"], 0);
    said(&queue.submit(&plan, &[]), 0);
    assert!(Path::new(&plan).join("results/results.json").exists());
}

/// A new process whose tasks fill the queue waits for room.
#[test]
fn a_queue_that_is_full_of_the_plans_own_tasks() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    said(&queue.submit(&plan, &["--shards", "5", "--no-wait"]), 0);
    fs::remove_file(queue.0.at("tasks/41_4")).expect("it was queued");
    fs::write(queue.0.at("full"), "x\n").expect("writable");
    let err = said(&queue.submit(&plan, &["--shards", "5"]), 0);
    assert!(
        err.contains("QOS policy; asked again") && err.contains("shard 4/5 submitted as job 42"),
        "{err}"
    );
    same_results(&plan, &whole);
}

/// Without waiting, a refusal ends the command, and nothing is merged.
#[test]
fn who_does_not_wait() {
    let place = Place::new();
    let plan = place.planned(&["run", SCENARIO, "-n", "70000"]);
    let queue = Queue::new("", "", "");
    fs::write(queue.0.at("full"), "x\n").expect("writable");
    let submitted = queue.submit(&plan, &["--shards", "1001", "--no-wait"]);
    let err = said(&submitted, 4);
    assert!(err.contains("1,000 shards submitted as job 41"), "{err}");
    assert!(
        err.contains("error: sbatch: Job violates accounting/QOS policy\n"),
        "{err}"
    );
    let place = Place::new();
    let plan = place.planned(&STUDY);
    check(&["run", &plan, "-q"], 0);
    let err = said(&queue.submit(&plan, &["--no-wait"]), 0);
    assert!(err.contains("is complete: nothing to submit"), "{err}");
    assert!(!Path::new(&plan).join("results").exists());
}

/// Who holds a task by hand may release it: it is neither cancelled nor submitted again.
#[test]
fn a_task_that_somebody_holds() {
    let (place, whole) = alone();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    fs::write(queue.0.at("by_user"), "41_0\n").expect("writable");
    let err = said(&queue.submit(&plan, &["--shards", "3"]), 0);
    assert!(
        err.contains("the first is 41_0: `scontrol release 41_0` lets it play"),
        "{err}"
    );
    assert!(!err.contains("again"), "{err}");
    assert_eq!(queue.calls(), 1);
    assert!(!Path::new(&queue.0.at("cancelled")).exists());
    same_results(&plan, &whole);
}

/// Results of another study are seen before anything is played.
#[test]
fn results_of_another_study_stay() {
    let place = Place::new();
    let plan = place.planned(&["stability", "core-three", "-n", "60"]);
    let results = place.at("results");
    let study = ["stability", "core-three", "-n", "61", "-q", "-o", &results];
    check(&study, 0);
    let before = files(Path::new(&results));
    let queue = Queue::new("", "", "");
    let err = said(&queue.submit(&plan, &["-o", &results]), 4);
    assert!(err.contains("its number of worlds is 61, not 60"), "{err}");
    assert_eq!(queue.calls(), 0);
    assert_eq!(files(Path::new(&results)), before);
}

/// A name that is several words to a shell, and one that ends a quotation.
#[test]
fn a_directory_with_a_space_and_a_quote() {
    let (place, whole) = alone();
    let plan = place.at("it's a plan");
    check(&[&["plan"], &STUDY[..], &["-q", "-o", &plan]].concat(), 0);
    let queue = Queue::new("", "", "");
    let output = queue.submit(&plan, &["--shards", "3", "--dry-run"]);
    said(&output, 0);
    let out = String::from_utf8_lossy(&output.stdout);
    let call = out.lines().last().expect("a call");
    assert!(
        call.starts_with("# sbatch '--parsable' '--job-name="),
        "{call}"
    );
    assert!(call.ends_with(r"it'\''s a plan/slurm/array.sh'"), "{call}");
    said(&queue.submit(&plan, &["--shards", "3"]), 0);
    same_results(&plan, &whole);
}

#[test]
fn what_the_script_cannot_hold_is_refused() {
    let place = Place::new();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    for (flags, words) in [
        (["--time", "banana"], "expected minutes such as 30"),
        (["--partition", "short\nrm"], "without white space"),
        (["--sbatch", "--account=a\rb"], "without line ends"),
        (["--partition", "all --hold"], "without white space"),
        (["--cpus", "0"], "expected a whole number from 1 on"),
        (["--shards", "-1"], "expected a whole number from 1 on"),
        (["--queued", "0"], "expected a whole number from 1 on"),
    ] {
        let err = said(&queue.submit(&plan, &flags), 2);
        assert!(err.contains(words), "{err}");
    }
    let percent = place.at("100%A");
    check(
        &["plan", "run", SCENARIO, "-n", "2", "-q", "-o", &percent],
        0,
    );
    let err = said(&queue.submit(&percent, &["--dry-run"]), 4);
    assert!(err.contains("has a % or a \\ in its name"), "{err}");
    use std::os::unix::ffi::OsStringExt;
    let mut name = place.at("plan").into_bytes();
    name.push(0xff);
    let name = std::ffi::OsString::from_vec(name);
    fs::rename(&plan, &name).expect("ours");
    let mut command = program(root());
    let command = command.args(["submit", "--engine", "slurm", "--dry-run"]);
    let output = command.arg(&name).output().expect("it starts");
    let err = said(&output, 4);
    assert!(err.contains("has a name that is not UTF-8"), "{err}");
}

#[test]
fn two_submits_at_once() {
    let place = Place::new();
    let plan = place.planned(&STUDY);
    let queue = Queue::new("", "", "");
    let lock = File::create(Path::new(&plan).join("submit.lock")).expect("writable");
    lock.lock().expect("nobody else has it");
    fs::write(Path::new(&plan).join("submit.lock"), "process 1 on here").expect("writable");
    let err = said(&queue.submit(&plan, &["--shards", "3"]), 4);
    assert!(
        err.contains("is being submitted by process 1 on here"),
        "{err}"
    );
    assert_eq!(queue.calls(), 0);
    drop(lock);
    said(&queue.submit(&plan, &["--shards", "3"]), 0);
}

#[test]
fn a_dry_run_prints_what_would_be_submitted() {
    let place = Place::new();
    let plan = place.planned(&["run", SCENARIO, "-n", "200000"]);
    let queue = Queue::new("", "", "");
    let flags = [
        "--shards",
        "2500",
        "--partition",
        "short",
        "--time",
        "30",
        "--cpus",
        "4",
    ];
    let more = ["--sbatch=--account=ours", "--dry-run"];
    let output = queue.submit(&plan, &[&flags[..], &more].concat());
    said(&output, 0);
    let out = String::from_utf8_lossy(&output.stdout);
    for words in [
        "#SBATCH --cpus-per-task=4\n",
        "#SBATCH --partition=short\n",
        "#SBATCH --time=30\n",
        "#SBATCH --account=ours\n",
        "MUFAKAT_FIRST=2000,MUFAKAT_SHARDS=2500' '--array=0-499'",
        "--array=0-999",
    ] {
        assert!(out.contains(words), "{words}\n{out}");
    }
    assert_eq!(queue.calls(), 0);
}

#[test]
fn where_there_is_no_slurm() {
    let place = Place::new();
    let plan = place.planned(&STUDY);
    let mut command = program(root());
    let command = command.args(["submit", &plan, "--engine", "slurm", "--no-wait"]);
    let output = command.env("PATH", place.at("nothing")).output();
    let err = said(&output.expect("it starts"), 4);
    assert!(
        err.contains("there is no such program; submit where Slurm is"),
        "{err}"
    );
}
