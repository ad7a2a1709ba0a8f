//! One test for each defect that was found, so that it does not come back.

use crate::support::program::{UNCERTAIN as SCENARIO, ended, interrupt, ran, started};
use crate::support::{Symmetric, play};
use mufakat::engine::outcome::StateMetric;
use std::fs;
use std::path::Path;

/// A directory with a run in `run`.
fn with_run(extra: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let run = ["run", SCENARIO, "-n", "40", "-q", "-o", "run"];
    let (code, _, err) = ran(directory.path(), &[&run[..], extra].concat());
    assert_eq!(code, 0, "{err}");
    directory
}

fn append(path: &Path, text: &str) {
    let before = fs::read_to_string(path).expect("readable");
    fs::write(path, before + text).expect("writable");
}

/// Which files a replay compared was guessed from those that were there: without one of them, the others could say anything.
#[test]
fn replay_compares_every_file_that_the_run_wrote() {
    let directory = with_run(&[]);
    let run = directory.path().join("run");
    fs::remove_file(run.join("pairs.csv")).expect("removable");
    append(&run.join("trials.csv"), "0,bloc,A,1\n");
    let (code, out, err) = ran(directory.path(), &["replay", "run"]);
    assert_eq!((code, out.as_str()), (1, ""), "{err}");
    assert!(err.contains("pairs.csv is missing"), "{err}");
    assert!(err.contains("trials.csv differs from byte"), "{err}");
}

#[test]
fn replay_compares_what_a_summary_keeps() {
    let directory = with_run(&["--keep", "summary"]);
    let (code, out, _) = ran(directory.path(), &["replay", "run"]);
    assert_eq!(code, 0);
    assert!(out.contains("every byte of 2 files the same"), "{out}");
    fs::remove_file(directory.path().join("run/draws.csv")).expect("removable");
    let (code, _, err) = ran(directory.path(), &["replay", "run"]);
    assert_eq!(code, 1);
    assert!(err.contains("draws.csv is missing"), "{err}");
}

/// A manifest that does not say what the run kept: every file that is there is compared.
#[test]
fn replay_without_a_word_about_files_compares_those_that_are_there() {
    let directory = with_run(&[]);
    let run = directory.path().join("run");
    let manifest = run.join("manifest.json");
    let text = fs::read_to_string(&manifest).expect("readable");
    let older = text.replace(",\n    \"keep\": \"trials\"", "");
    assert_ne!(older, text);
    fs::write(&manifest, older).expect("writable");
    fs::remove_file(run.join("pairs.csv")).expect("removable");
    let (code, out, _) = ran(directory.path(), &["replay", "run"]);
    assert_eq!(code, 0);
    assert!(out.contains("every byte of 6 files the same"), "{out}");
    append(&run.join("trials.csv"), "0,bloc,A,1\n");
    let (code, _, err) = ran(directory.path(), &["replay", "run"]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("trials.csv differs"), "{err}");
}

/// Signals were watched only after the blocks of an earlier invocation had been read: in between, they ended the program as
/// any other would be ended.
#[cfg(unix)]
#[test]
fn a_signal_ends_with_130_while_finished_worlds_are_read() {
    use std::io::{BufRead, BufReader};
    use std::time::Duration;
    let directory = tempfile::tempdir().expect("a temporary directory");
    let interrupted = |extra: &[&str], after: Duration| {
        let args = ["run", SCENARIO, "-n", "100000000", "-o", "run"];
        let args = [&args[..], &["--log", "debug"], extra].concat();
        let mut child = started(directory.path(), &args);
        let mut said = BufReader::new(child.stderr.take().expect("piped"));
        let mut line = String::new();
        while !line.contains("directory opened") {
            line.clear();
            assert_ne!(said.read_line(&mut line).expect("UTF-8"), 0, "it says so");
        }
        std::thread::sleep(after);
        interrupt(&child);
        let rest = std::io::read_to_string(said).expect("UTF-8");
        ended(child, 130);
        rest
    };
    interrupted(&[], Duration::from_millis(1500));
    let said = interrupted(&["--resume"], Duration::ZERO);
    assert!(said.contains("continue with --resume"), "{said}");
}

/// The first scenario of a comparison lies in its directory under one name, whatever it is called; a later one that is called so was written over it.
#[test]
fn a_later_scenario_may_be_called_scenario() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let other = directory.path().join("scenario.toml");
    fs::copy(SCENARIO, other).expect("copied");
    let compare = ["compare", SCENARIO, "scenario.toml"];
    let compare = [&compare[..], &["-n", "20", "-q", "-o", "both"]].concat();
    let (code, _, err) = ran(directory.path(), &compare);
    assert_eq!(code, 0, "{err}");
    let file = |name: &str| directory.path().join("both").join(name).exists();
    assert!(file("scenario.resolved.toml") && file("scenario-2.resolved.toml"));
}

/// What a state is behind the world by was added up in another order with hosts than without: 1e-17 of access where nobody hosts, which
/// made the whole of the gains from deals.
#[test]
fn where_nobody_hosts_there_is_no_access_and_no_leverage() {
    let setting = Symmetric {
        hyperscalers: 3,
        entry_cost: 9.0,
        outside: 0.2,
        extra_market: "remote_value = 1\npeers = 1\npeers_inside = 0".to_owned(),
        ..Symmetric::new(1)
    };
    let text = (setting.text() + "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n")
        .replace("coverage_rate = 0", "coverage_rate = 3")
        .replace("contingent_share = 0", "contingent_share = 1")
        .replace("ai_uplift = 0", "ai_uplift = 1");
    let alone = &play(&text)[0];
    assert_eq!(alone.state(0, StateMetric::Deals), 0.0);
    assert_eq!(alone.state(0, StateMetric::Access), 0.0);
    assert_eq!(alone.leverage(0), 0.0);
}

/// A sixth was added up six times, which is less than 1.
#[test]
fn what_holds_in_each_of_six_windows_holds_in_all_of_them() {
    let setting = Symmetric {
        entry_cost: 0.0,
        ..Symmetric::new(2)
    };
    let arm = "[[arm]]\nname = \"mandate\"\nmode = \"framework\"\nrule = \"mandate\"\ndefection = false\n";
    let accord = &play(&(setting.text() + arm).replace("windows = 1", "windows = 6"))[0];
    let (layout, row) = (accord.layout, &accord.row);
    for i in 0..2 {
        assert_eq!(row[layout.member(i)], 1.0);
        assert_eq!(row[layout.signed(i, 0)], 1.0);
        assert_eq!(row[layout.served_from(i, 0) + i], 1.0);
    }
    assert_eq!(row[layout.size()], 2.0);
}
