//! `run --precision`.

use crate::support::program::{UNCERTAIN as SCENARIO, ran};
use std::fs;
use std::path::Path;

fn manifest(run: &Path) -> serde_json::Value {
    let text = fs::read_to_string(run.join("results.json")).expect("results");
    let results: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    results["manifest"].clone()
}

#[test]
fn trials_double_until_the_headline_is_tight_and_the_run_can_be_replayed() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let here = folder.path();
    for sampler in ["random", "antithetic", "latin-hypercube", "sobol"] {
        let sampler_flag = format!("simulation.sampler={sampler}");
        let flags = [
            "-S",
            &sampler_flag,
            "--precision",
            "15%",
            "-n",
            "16",
            "-o",
            sampler,
        ];
        let (code, _, err) = ran(here, &[&["run", SCENARIO], &flags[..]].concat());
        assert_eq!(code, 0, "{err}");
        let manifest = manifest(&here.join(sampler));
        let trials = manifest["trials"].as_u64().expect("a number");
        assert!(
            trials > 16 && trials.is_power_of_two(),
            "{sampler}: {trials}"
        );
        assert_eq!(manifest["precision"], 0.15);
        assert!(
            err.contains("worlds were enough for --precision 15.00%"),
            "{err}"
        );
        let (code, out, err) = ran(here, &["replay", sampler]);
        assert_eq!(code, 0, "{out}{err}");
        assert!(out.contains("every byte of 7 files the same"), "{out}");
        // Nothing of the blocks is left, and an ordinary run of so many trials has the same draws.
        assert!(!here.join(sampler).join("blocks").exists());
        let (plain, count) = (format!("{sampler}-plain"), trials.to_string());
        let flags = ["-S", &sampler_flag, "-n", &count, "-o", &plain, "-q"];
        assert_eq!(ran(here, &[&["run", SCENARIO], &flags[..]].concat()).0, 0);
        for file in ["draws.csv", "arms.csv"] {
            let read = |run: &str| fs::read(here.join(run).join(file)).expect("columns");
            assert!(read(sampler) == read(&plain), "{sampler} {file}");
        }
    }
}

/// A run that ended early goes on from the block in which it ended.
#[test]
fn a_run_that_ended_early_is_resumed() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let here = folder.path();
    for sampler in ["random", "sobol"] {
        let sampler_flag = format!("simulation.sampler={sampler}");
        let flags = ["-S", &sampler_flag, "--precision", "12%", "-n", "16", "-q"];
        let args = [&["run", SCENARIO], &flags[..]].concat();
        let whole = format!("{sampler}-whole");
        assert_eq!(ran(here, &[&args[..], &["-o", &whole]].concat()).0, 0);
        // What cannot write its columns ends with its parts kept.
        let run = here.join(sampler);
        fs::create_dir_all(run.join("trials.csv").join("in-the-way")).expect("writable");
        fs::copy(
            here.join(&whole).join("manifest.json"),
            run.join("manifest.json"),
        )
        .expect("ours");
        let resume = [&args[..], &["-o", sampler, "--resume"]].concat();
        let (code, _, err) = ran(here, &resume);
        assert_eq!(code, 4, "{err}");
        fs::remove_dir_all(run.join("trials.csv")).expect("removable");
        let (code, _, err) = ran(here, &resume);
        assert_eq!(code, 0, "{err}");
        for file in ["results.json", "draws.csv", "trials.csv"] {
            let read = |run: &str| fs::read(here.join(run).join(file)).expect("a file");
            assert!(read(sampler) == read(&whole), "{sampler} {file}");
        }
        // Complete: nothing to do. Another precision is another run.
        assert_eq!(ran(here, &resume).0, 0);
        let mut other = resume.clone();
        let place = other.iter().position(|arg| *arg == "12%").expect("given");
        other[place] = "11%";
        let (code, _, err) = ran(here, &other);
        assert_eq!(code, 4, "{err}");
        assert!(err.contains("holds another run: its "), "{err}");
    }
}

#[test]
fn what_is_certain_is_tight_at_once() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let args = ["run", "two-states", "--precision", "1%", "--json"];
    let (code, out, err) = ran(folder.path(), &args);
    assert_eq!(code, 0, "{err}");
    let results: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(results["manifest"]["trials"], 2);
    assert!(err.contains("2 worlds were enough"), "{err}");
}

#[test]
fn shares_that_are_none_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    for share in ["0", "120%", "much"] {
        let (code, _, err) = ran(folder.path(), &["run", SCENARIO, "--precision", share]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains("such as 1% or 0.01"), "{err}");
    }
    let both = ["run", SCENARIO, "--precision", "1%", "--dry-run"];
    assert_eq!(ran(folder.path(), &both).0, 2);
}
