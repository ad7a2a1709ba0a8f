//! Studies that are killed go on where they were, to the same bytes; files that are lost are made again.

use super::{SCENARIO, files};
use crate::support::program::check;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Kills a study when its journal has so many lines, and lets it go on.
#[track_caller]
fn killed_and_resumed(args: &[&str], lines: usize, expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (whole, killed) = (at("whole"), at("killed"));
    check(&[args, &["-o", &whole]].concat(), 0);
    let mut child = Command::new(env!("CARGO_BIN_EXE_mufakat"))
        .args([args, &["-o", &killed]].concat())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    let journal = Path::new(&killed).join("blocks/journal.jsonl");
    let finished = || fs::read(&journal).map_or(0, |text| text.split(|&b| b == b'\n').count());
    while finished() < lines && child.try_wait().expect("a child").is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().expect("SIGKILL");
    child.wait().expect("it ends");
    assert!(journal.exists(), "killed before its end");
    check(&[args, &["-o", &killed, "--resume"]].concat(), 0);
    assert_eq!(files(Path::new(&whole)), files(Path::new(&killed)));
    let names = files(Path::new(&whole)).into_iter().map(|file| file.0);
    assert_eq!(names.collect::<Vec<_>>(), expected);
    let circumstance = |directory: &str| -> Value {
        let text = fs::read_to_string(Path::new(directory).join("manifest.json"));
        let manifest: Value = serde_json::from_str(&text.expect("readable")).expect("JSON");
        manifest["circumstance"].clone()
    };
    assert!(circumstance(&whole)["wall_time_s"].as_f64() > Some(0.0));
    assert_eq!(circumstance(&whole)["resumed_from"], 0);
    assert!(circumstance(&killed)["resumed_from"].as_u64() > Some(0));
}

#[test]
fn designs() {
    let args = [
        "sensitivity",
        SCENARIO,
        "--method",
        "sobol",
        "-n",
        "16384",
        "-q",
        "--factors",
        "market.*",
        "--output",
        "bloc.total.payoff.difference",
    ];
    let names = ["cells.csv", "results.json", "scenario.resolved.toml"];
    killed_and_resumed(&args, 6, &names);
}

#[test]
fn thresholds() {
    let args = [
        "threshold",
        SCENARIO,
        "-q",
        "-n",
        "3000",
        "--solve",
        "market.diversion",
        "--where",
        "bloc.total.payoff.difference = 0.5",
    ];
    killed_and_resumed(&args, 4, &["results.json", "scenario.resolved.toml"]);
}

#[test]
fn discoveries() {
    let args = [
        "discover",
        SCENARIO,
        "-q",
        "-n",
        "30000",
        "--factors",
        "market.*",
        "--when",
        "bloc.total.payoff.difference > 0.5",
    ];
    killed_and_resumed(&args, 4, &["results.json", "scenario.resolved.toml"]);
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
