//! Studies that are killed go on where they were, to the same bytes; files that are lost are made again.

use super::{SCENARIO, files};
use crate::support::program::check;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Stops a study before its results are written, cuts its journal in the middle of the line after `lines`, and lets it go on.
#[track_caller]
fn cut_and_resumed(args: &[&str], lines: usize, expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (whole, cut) = (at("whole"), at("cut"));
    check(&[args, &["-o", &whole]].concat(), 0);
    fs::create_dir(&cut).expect("writable");
    let manifest = |directory: &str| Path::new(directory).join("manifest.json");
    fs::copy(manifest(&whole), manifest(&cut)).expect("writable");
    let in_the_way = Path::new(&cut).join("results.json.tmp");
    fs::create_dir_all(in_the_way.join("full")).expect("writable");
    let resume = [args, &["-o", &cut, "--resume"]].concat();
    check(&resume, 4);
    fs::remove_dir_all(in_the_way).expect("removable");
    let journal = Path::new(&cut).join("blocks/journal.jsonl");
    let text = fs::read(&journal).expect("it is kept");
    let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let ends: Vec<usize> = ends.map(|(at, _)| at + 1).collect();
    assert!(ends.len() > lines + 1, "{} lines", ends.len());
    let middle = (ends[lines] + ends[lines + 1]) / 2;
    fs::write(&journal, &text[..middle]).expect("writable");
    check(&resume, 0);
    assert_eq!(files(Path::new(&whole)), files(Path::new(&cut)));
    let names = files(Path::new(&whole)).into_iter().map(|file| file.0);
    assert_eq!(names.collect::<Vec<_>>(), expected);
    let circumstance = |directory: &str| -> Value {
        let text = fs::read_to_string(manifest(directory)).expect("readable");
        let manifest: Value = serde_json::from_str(&text).expect("JSON");
        manifest["circumstance"].clone()
    };
    assert!(circumstance(&whole)["wall_time_s"].as_f64() > Some(0.0));
    assert_eq!(circumstance(&whole)["resumed_from"], 0);
    assert!(circumstance(&cut)["resumed_from"].as_u64() > Some(0));
}

const WITH_CELLS: [&str; 3] = ["cells.csv", "results.json", "scenario.resolved.toml"];

#[test]
fn sensitivities() {
    let first = [
        "sensitivity",
        SCENARIO,
        "-q",
        "--factors",
        "market.*",
        "--output",
    ];
    for method in [
        &["--method", "sobol", "-n", "256"][..],
        &["--method", "shapley", "-n", "128"],
        &["--method", "morris", "--trajectories", "200"],
        &["--method", "tornado", "-n", "100"],
        &["--method", "delta", "-n", "900"],
    ] {
        // A share of worlds lacks the level of a term: it is null in the journal.
        for output in ["bloc.total.payoff.difference", "bilateral.total.gini"] {
            let args = [&first[..], &[output], method].concat();
            cut_and_resumed(&args, 2, &WITH_CELLS);
        }
    }
}

#[test]
fn thresholds() {
    let args = [
        "threshold",
        SCENARIO,
        "-q",
        "-n",
        "200",
        "--solve",
        "market.diversion",
        "--where",
        "bloc.total.payoff.difference = 0.5",
    ];
    let names = ["results.json", "scenario.resolved.toml"];
    cut_and_resumed(&args, 4, &names);
    let by_state = [
        "threshold",
        SCENARIO,
        "-q",
        "-n",
        "100",
        "--solve",
        "state.*.talent",
        "--by",
        "state",
        "--where",
        "bloc.state.*.payoff.difference = 0.1",
    ];
    cut_and_resumed(&by_state, 14, &names);
}

#[test]
fn a_journal_of_other_points_is_not_used() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let directory = folder.path().join("curve");
    let args = [
        "threshold",
        SCENARIO,
        "-q",
        "-n",
        "60",
        "--solve",
        "market.diversion",
        "--where",
        "bloc.total.payoff.difference = 0.5",
        "--out",
        directory.to_str().expect("UTF-8"),
    ];
    check(&args, 0);
    let whole = files(&directory);
    fs::remove_file(directory.join("results.json")).expect("removable");
    fs::create_dir_all(directory.join("results.json.tmp/full")).expect("writable");
    let resume = [&args[..], &["--resume"]].concat();
    check(&resume, 4);
    fs::remove_dir_all(directory.join("results.json.tmp")).expect("removable");
    let journal = directory.join("blocks/journal.jsonl");
    let text = fs::read_to_string(&journal).expect("it is kept");
    let moved = text.replacen("\"x\":0.1,", "\"x\":0.15,", 1);
    assert_ne!(moved, text, "the second point is there");
    fs::write(&journal, moved).expect("writable");
    check(&resume, 0);
    assert_eq!(files(&directory), whole);
}

#[test]
fn discoveries() {
    let args = [
        "discover",
        SCENARIO,
        "-q",
        "-n",
        "2000",
        "--factors",
        "market.*",
        "--when",
        "bloc.total.payoff > 3",
    ];
    cut_and_resumed(&args, 3, &["results.json", "scenario.resolved.toml"]);
}

#[test]
fn a_lost_table_is_made_again() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let directory = folder.path().join("grid");
    let args = [
        "sweep",
        SCENARIO,
        "-n",
        "50",
        "--vary",
        "market.diversion=0.2,0.4",
        "--out",
        directory.to_str().expect("UTF-8"),
    ];
    check(&args, 0);
    let before = files(&directory);
    fs::remove_file(directory.join("cells.csv")).expect("it was there");
    let (_, err) = check(&[&args[..], &["--resume"]].concat(), 0);
    assert!(err.contains("has lost cells.csv: made again"), "{err}");
    assert_eq!(files(&directory), before);
    let parquet = [&args[..], &["--resume", "--format", "parquet"]].concat();
    if cfg!(feature = "parquet") {
        check(&parquet, 0);
        assert!(directory.join("cells.parquet").exists());
    }
    fs::write(directory.join("cells.csv.tmp"), "half").expect("writable");
    check(&[&args[..], &["--force"]].concat(), 0);
    assert_eq!(files(&directory), before);
}

#[test]
fn cells_of_a_study_hold_its_worlds() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let directory = folder.path().join("tornado");
    let output = "bloc.total.payoff.difference";
    let args = [
        "sensitivity",
        SCENARIO,
        "--method",
        "tornado",
        "-n",
        "60",
        "--json",
        "--factors",
        "market.diversion",
        "--output",
        output,
        "--out",
        directory.to_str().expect("UTF-8"),
    ];
    let results: Value = serde_json::from_str(&check(&args, 0).0).expect("JSON");
    let text = fs::read_to_string(directory.join("cells.csv")).expect("readable");
    let mut rows = csv_rows(&text);
    assert_eq!(rows.remove(0), ["cell", "market.diversion", output]);
    let number = |row: &Vec<&str>, at: usize| -> f64 { row[at].parse().expect("a number") };
    assert_eq!(rows.len(), 120);
    for (rows, end) in [(&rows[..60], "at_p05"), (&rows[60..], "at_p95")] {
        let held = number(&rows[0], 1);
        assert!(rows.iter().all(|row| number(row, 1) == held), "{end}");
        let mean = rows.iter().map(|row| number(row, 2)).sum::<f64>() / 60.0;
        let found = &results["outputs"][output]["factors"]["market.diversion"][end]["value"];
        assert!(
            (mean - found.as_f64().expect("a number")).abs() < 1e-12,
            "{end}"
        );
    }
}

fn csv_rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split(',').collect()).collect()
}

/// Correlated quantities are held one at a time: a bar is the mean over the scenario's own worlds with that one moved.
#[test]
fn a_tornado_takes_correlated_quantities() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let file = folder.path().join("tied.toml");
    let scenario = fs::read_to_string(SCENARIO).expect("readable")
        + "\n[[correlation]]\nbetween = ['market.diversion', 'market.coverage_rate']\nrho = 0.9\n";
    fs::write(&file, scenario).expect("writable");
    let file = file.to_str().expect("UTF-8");
    let output = "bloc.total.payoff";
    let bar: Value = serde_json::from_str(
        &check(
            &[
                "sensitivity",
                file,
                "--method",
                "tornado",
                "-n",
                "200",
                "--json",
                "-q",
                "--factors",
                "market.diversion",
                "--output",
                output,
            ],
            0,
        )
        .0,
    )
    .expect("JSON");
    let bar = &bar["outputs"][output]["factors"]["market.diversion"];
    // The 5% point of a triangular distribution by hand: min + √(0.05·(max − min)·(mode − min)).
    let low = 0.1 + (0.05f64 * 0.7 * 0.2).sqrt();
    let set = format!("market.diversion={low}");
    let run = check(&["run", file, "-q", "-n", "200", "--json", "-S", &set], 0).0;
    let run: Value = serde_json::from_str(&run).expect("JSON");
    let mean = run["arms"]["bloc"]["totals"]["payoff"]["mean"].as_f64();
    let found = bar["at_p05"]["value"].as_f64();
    let error = (mean.expect("a number") - found.expect("a number")).abs();
    assert!(error < 1e-9, "{mean:?} {found:?}");
}

#[test]
fn settings_in_another_order_are_another_study() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let directory = folder
        .path()
        .join("grid")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    let one = ["--vary", "market.diversion=0,0.3,0.6"];
    let other = ["--vary", "bargaining.foresight=0,1"];
    let first = ["sweep", SCENARIO, "-q", "-n", "50", "-o", &directory];
    check(&[&first[..], &one, &other].concat(), 0);
    let (_, err) = check(&[&first[..], &other, &one, &["--resume"]].concat(), 4);
    assert!(err.contains("stand in another order"), "{err}");
}

#[test]
fn a_run_that_is_read_is_not_written_over() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let run = folder
        .path()
        .join("run")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    check(&["run", SCENARIO, "-q", "-n", "200", "-o", &run], 0);
    let before = files(Path::new(&run));
    let when = "bloc.total.payoff > 3";
    for study in [
        &["sensitivity", &run, "--method", "pawn"][..],
        &["discover", &run, "--when", when],
    ] {
        let (_, err) = check(&[study, &["-o", &run, "--force"]].concat(), 4);
        assert!(err.contains("give --out another directory"), "{err}");
    }
    assert_eq!(files(Path::new(&run)), before);
}

/// A draw of a design that leaves its range names the world of the design, and no trial that could be explained.
#[test]
fn a_world_of_a_design_is_named_as_such() {
    let set = "market.diversion={dist='normal',mean=0.5,sd=0.5}";
    let args = [
        "sensitivity",
        SCENARIO,
        "-q",
        "--method",
        "morris",
        "-S",
        set,
    ];
    let (_, err) = check(&args, 5);
    assert!(
        err.contains("world 0 of the design: `market.diversion` was drawn as -0.3"),
        "{err}"
    );
    assert!(!err.contains("--trial"), "{err}");
}
