//! What a merge finds in its directory: the same results are left or completed, all others stay as they are.

use super::{Place, SCENARIO, files, play};
use crate::support::program::{check, root, started};
use std::fs::{self, File};
use std::path::Path;
use std::process::Child;

/// Finished results and the study of another plan, whose merge may not touch them.
#[track_caller]
fn others_stay(study: &[&str], of_other: &[&str], words: &str) {
    let place = Place::new();
    let results = place.at("results");
    check(&[study, &["-q", "-o", &results]].concat(), 0);
    let manifest = || fs::read(Path::new(&results).join("manifest.json")).expect("readable");
    let (before, of_before) = (files(Path::new(&results)), manifest());
    let plan = place.planned(of_other);
    play(&plan, "0/1");
    for flags in [&["--resume"][..], &[]] {
        let (_, err) = check(&[&["merge", &plan, "-o", &results], flags].concat(), 4);
        let is_known = flags.is_empty() && err.contains("holds an earlier run");
        assert!(is_known || err.contains(words), "{err}");
        assert_eq!(files(Path::new(&results)), before);
        assert_eq!(manifest(), of_before);
    }
}

#[test]
fn results_of_another_study_stay() {
    let run = ["run", SCENARIO, "-n", "20"];
    let stability = ["stability", "core-three", "-n", "60"];
    let sweep = [
        "sweep",
        SCENARIO,
        "-n",
        "5",
        "--vary",
        "market.diversion=0,1",
    ];
    let tornado = ["sensitivity", SCENARIO, "--method", "tornado", "-n", "4"];
    others_stay(&run, &stability, "holds the results of `run`");
    others_stay(
        &stability,
        &["stability", "core-three", "-n", "61"],
        "60, not 61",
    );
    others_stay(&sweep, &stability, "holds the results of `sweep`");
    others_stay(&stability, &sweep, "holds the results of `stability`");
    others_stay(&run, &tornado, "holds the results of `run`");
    others_stay(&sweep, &run, "holds the results of `sweep`");
}

/// Results that are complete are said again, and a table that they lost is made again.
#[test]
fn the_same_stability_is_completed() {
    let place = Place::new();
    let (plan, merged) = (
        place.planned(&["stability", "core-three", "-n", "60"]),
        place.at("merged"),
    );
    play(&plan, "0/1");
    let (text, _) = check(&["merge", &plan, "-q", "-o", &merged], 0);
    let whole = files(Path::new(&merged));
    for lost in [None, Some("coalitions.csv"), Some("results.json")] {
        if let Some(name) = lost {
            fs::remove_file(Path::new(&merged).join(name)).expect("it was there");
        }
        let (again, _) = check(&["merge", &plan, "-q", "-o", &merged, "--resume"], 0);
        assert_eq!(again, text);
        assert_eq!(files(Path::new(&merged)), whole, "{lost:?}");
    }
}

/// The second of two merges into one directory touches nothing, and says who writes there.
#[test]
fn two_merges_at_once() {
    let place = Place::new();
    let (plan, merged) = (
        place.planned(&["run", SCENARIO, "-n", "20"]),
        place.at("merged"),
    );
    play(&plan, "0/1");
    // What the other has written by then looks like results.
    let study = ["run", SCENARIO, "-n", "20", "-q", "-o", &merged];
    check(&study, 0);
    let path = Path::new(&merged).join("writing.lock");
    let lock = File::create(&path).expect("writable");
    lock.lock().expect("nobody else has it");
    fs::write(&path, "process 1 on here").expect("writable");
    let (_, err) = check(&["merge", &plan, "-o", &merged], 4);
    let words = "is where another command writes (process 1 on here): wait for it";
    assert!(err.contains(words), "{err}");
    // Whoever had the lock has ended: its file is no obstacle, and goes.
    drop(lock);
    check(&["merge", &plan, "-q", "-o", &merged, "--resume"], 0);
    assert!(!path.exists());
    // A directory that was not there is not left behind by a merge that fails.
    let place = Place::new();
    let study = [
        "sweep",
        SCENARIO,
        "-n",
        "5",
        "--vary",
        "market.diversion=0,1",
    ];
    let (plan, merged) = (place.planned(&study), place.at("merged"));
    check(&["merge", &plan, "-o", &merged], 4);
    assert!(!Path::new(&merged).exists());
}

/// Of merges that start together, each writes all or says why not; what is there in the end is whole.
#[test]
fn merges_that_race() {
    let place = Place::new();
    let (plan, whole) = (
        place.planned(&["run", SCENARIO, "-n", "200"]),
        place.at("whole"),
    );
    play(&plan, "0/1");
    check(&["merge", &plan, "-q", "-o", &whole], 0);
    for round in 0..5 {
        let merged = place.at(&format!("merged{round}"));
        let merge = ["merge", &plan, "-q", "-o", &merged];
        let start = |_| started(root(), &merge);
        let merges: Vec<Child> = (0..3).map(start).collect();
        let mut done = 0;
        for merge in merges {
            let output = merge.wait_with_output().expect("it ends");
            let err = String::from_utf8_lossy(&output.stderr);
            match output.status.code() {
                Some(0) => done += 1,
                Some(4) => assert!(
                    err.contains("is where another command writes")
                        || err.contains("an earlier run"),
                    "{err}"
                ),
                other => panic!("{other:?}: {err}"),
            }
        }
        assert_eq!(done, 1);
        assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)));
    }
}

/// A merge that was killed before its results were written goes on, to the same bytes.
#[test]
fn a_merge_that_was_half_done() {
    for study in [
        &["run", SCENARIO, "-n", "40"][..],
        &[
            "sweep",
            SCENARIO,
            "-n",
            "5",
            "--vary",
            "market.diversion=0,0.5,1",
        ],
        &["sensitivity", SCENARIO, "--method", "delta", "-n", "64"],
        &["stability", "core-three", "-n", "40"],
    ] {
        let place = Place::new();
        let (plan, merged) = (place.planned(study), place.at("merged"));
        play(&plan, "0/1");
        check(&["merge", &plan, "-q", "-o", &merged], 0);
        let whole = files(Path::new(&merged));
        fs::remove_file(Path::new(&merged).join("results.json")).expect("it was there");
        let in_the_way = Path::new(&merged).join("results.json");
        fs::create_dir_all(in_the_way.join("full")).expect("writable");
        check(&["merge", &plan, "-q", "-o", &merged, "--resume"], 4);
        assert!(!in_the_way.is_file());
        fs::remove_dir_all(&in_the_way).expect("removable");
        check(&["merge", &plan, "-q", "-o", &merged, "--resume"], 0);
        assert_eq!(files(Path::new(&merged)), whole, "{study:?}");
    }
}
