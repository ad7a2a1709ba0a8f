//! What was played by an earlier edition of the model: a run and a plan of version 0.1.0, as it wrote them.

use crate::support::program::check;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const WHO: &str = "mufakat 0.1.0, which has edition 2 of the model, and this is mufakat ";

/// A finished run, which is its own kept files and results that nobody reads.
fn kept() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let run = folder.path().join("run");
    fs::create_dir(&run).expect("writable");
    let files = [
        ("manifest.json", include_str!("edition-2/manifest.json")),
        (
            "scenario.resolved.toml",
            include_str!("edition-2/scenario.resolved.toml"),
        ),
        ("results.json", "{}"),
    ];
    for (name, text) in files {
        fs::write(run.join(name), text).expect("writable");
    }
    (folder, run)
}

#[test]
fn a_replay_says_that_the_model_changed() {
    let (_folder, run) = kept();
    let run = run.to_str().expect("UTF-8");
    let (out, err) = check(&["replay", run], 1);
    assert_eq!(out, "");
    assert!(
        err.starts_with(
            "the model changed since: the run is of mufakat 0.1.0, which has edition 2"
        ),
        "{err}"
    );
    assert_eq!(err.lines().count(), 1, "{err}");
    let (out, _) = check(&["replay", run, "--json"], 1);
    assert!(out.contains("\"worlds\": 0") && out.contains(WHO), "{out}");
}

#[test]
fn its_results_are_not_read_as_those_of_this_model() {
    let (folder, run) = kept();
    let run = run.to_str().expect("UTF-8");
    let own = folder.path().join("own");
    let own = own.to_str().expect("UTF-8");
    check(&["run", "textbook-substitutes", "-n", "2", "-o", own], 0);
    for args in [
        &["sensitivity", run, "--method", "delta"][..],
        &["discover", run, "--when", "bloc.total.payoff > 0"],
        #[cfg(feature = "html")]
        &["report", run],
        #[cfg(feature = "html")]
        &["report", own, "--with", run],
    ] {
        let (_, err) = check(args, 4);
        assert!(err.contains(WHO), "{err}");
    }
}

#[test]
fn what_it_left_unfinished_is_refused_and_can_be_replaced() {
    let (_folder, run) = kept();
    fs::remove_file(run.join("results.json")).expect("it was there");
    let run = run.to_str().expect("UTF-8");
    let args = ["run", "textbook-substitutes", "-n", "5", "-q", "-o", run];
    let (_, err) = check(&[&args[..], &["--resume"]].concat(), 4);
    assert!(
        err.contains(WHO) && err.contains("--force replaces it"),
        "{err}"
    );
    let (_, err) = check(&["replay", run], 4);
    assert!(err.contains(WHO), "{err}");
    check(&[&args[..], &["--force"]].concat(), 0);
    check(&["replay", run], 0);
}

#[test]
fn its_plans_are_planned_again() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let plan = include_str!("edition-2/plan.json");
    fs::write(folder.path().join("plan.json"), plan).expect("writable");
    let plan = folder.path().to_str().expect("UTF-8");
    for args in [
        &["run", plan, "--shard", "0/1"][..],
        &["status", plan],
        &["merge", plan, "-o", "nowhere"],
    ] {
        let (_, err) = check(args, 4);
        assert!(
            err.contains("was planned by ") && err.contains(WHO),
            "{err}"
        );
    }
}

#[test]
fn manifests_say_the_edition() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let run = folder.path().join("run");
    let path = run.to_str().expect("UTF-8");
    check(&["run", "textbook-substitutes", "-n", "2", "-o", path], 0);
    for name in ["manifest.json", "results.json"] {
        let text = fs::read_to_string(run.join(name)).expect("written");
        assert!(text.contains("\"edition\": \"3\""), "{name}");
    }
}
