//! `--keep trials`: every world of every cell as a row, against runs with the same assignments.

use super::{SCENARIO, json};
use crate::support::program::check;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const OUTPUTS: [&str; 2] = ["bloc.total.payoff.difference", "bilateral.total.payoff"];

/// The rows of a CSV table, each by the names of its columns.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let rows = reader.deserialize();
    rows.map(|row| row.expect("a row")).collect()
}

/// Sweeps into a directory and returns the rows of its worlds and of its cells.
fn swept(vary: &[&str]) -> [Vec<BTreeMap<String, String>>; 2] {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let out = folder.path().join("out");
    let out_name = out.to_str().expect("UTF-8");
    let mut args = vec!["sweep", SCENARIO, "-q", "-n", "30", "--keep", "trials"];
    args.extend(vary);
    args.extend(OUTPUTS.iter().flat_map(|output| ["--output", output]));
    args.extend(["-o", out_name]);
    check(&args, 0);
    ["worlds.csv", "cells.csv"].map(|name| rows(&out.join(name)))
}

fn number(row: &BTreeMap<String, String>, column: &str) -> f64 {
    row[column].parse().expect("a number")
}

/// The draws of a cell are those of the run with its assignments, digit by digit, and its outputs average to its line.
#[test]
fn the_worlds_of_a_cell_are_those_of_a_run() {
    let vary = [
        "--vary",
        "market.diversion=0.2,0.6",
        "--vary",
        "bargaining.solution=nash,egalitarian",
    ];
    let [worlds, cells] = swept(&vary);
    assert_eq!((worlds.len(), cells.len()), (4 * 30, 4));
    let folder = tempfile::tempdir().expect("a temporary directory");
    let run = folder.path().join("run");
    let sets = [
        "-S",
        "market.diversion=0.6",
        "-S",
        "bargaining.solution=nash",
    ];
    let first = ["run", SCENARIO, "-q", "-n", "30", "-o"];
    check(
        &[&first[..], &[run.to_str().expect("UTF-8")], &sets[..]].concat(),
        0,
    );
    let draws = rows(&run.join("draws.csv"));
    let arms = rows(&run.join("arms.csv"));
    for (world, draw) in draws.iter().enumerate() {
        let row = &worlds[2 * 30 + world];
        assert_eq!((row["cell"].as_str(), &row["trial"]), ("2", &draw["trial"]));
        assert_eq!(row["market.diversion"], "0.6");
        assert_eq!(row["bargaining.solution"], "nash");
        for (name, value) in draw {
            assert_eq!(&row[name], value, "{name} in world {world}");
        }
        let alone = arms
            .iter()
            .find(|arm| arm["trial"] == draw["trial"] && arm["arm"] == "bilateral");
        assert_eq!(
            row["bilateral.total.payoff"],
            alone.expect("a row")["payoff"]
        );
    }
    // No column for what every cell fixes but its axis.
    assert_eq!(
        worlds[0].len(),
        2 + 2 + (draws[0].len() - 1) + OUTPUTS.len()
    );
    for (cell, line) in cells.iter().enumerate() {
        for output in OUTPUTS {
            let own = worlds[cell * 30..][..30].iter();
            let mean = own.map(|row| number(row, output)).sum::<f64>() / 30.0;
            let found = number(line, &format!("{output}.mean"));
            assert!(
                (mean - found).abs() < 1e-12 * found.abs().max(1.0),
                "{output}"
            );
        }
    }
}

/// What an axis fixes in some cells alone is drawn in the others: its draw has a column of its own, empty where it is fixed.
#[test]
fn what_some_cells_draw_has_a_column() {
    let one_by_one = [
        "--one-at-a-time",
        "--vary",
        "market.diversion=0.2",
        "--vary",
        "bargaining.foresight=0.5",
    ];
    let [worlds, _] = swept(&one_by_one);
    for (at, row) in worlds.iter().enumerate() {
        let is_fixed = (30..60).contains(&at);
        assert_eq!(row["market.diversion"], if is_fixed { "0.2" } else { "" });
        assert_eq!(
            row["market.diversion.drawn"].is_empty(),
            is_fixed,
            "row {at}"
        );
    }
    let unsure = "bargaining.foresight={dist = 'uniform', min = 0.5, max = 0.6},0.7";
    let [worlds, _] = swept(&["--vary", unsure]);
    let drawn = |row: &BTreeMap<String, String>| row["bargaining.foresight.drawn"].clone();
    assert!(worlds[30..].iter().all(|row| drawn(row).is_empty()));
    let within = |row: &BTreeMap<String, String>| {
        (0.5..=0.6).contains(&number(row, "bargaining.foresight.drawn"))
    };
    assert!(worlds[..30].iter().all(within));
}

/// A cell that fails has no worlds; the others keep their numbers.
#[test]
fn a_cell_that_fails_has_no_worlds() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let out = folder.path().join("out");
    let vary = "hyperscaler.H.entry_cost=0.02,{dist = 'normal', mean = 0.02, sd = 0.02},0.03";
    let args = [
        "sweep", SCENARIO, "-q", "-n", "50", "--vary", vary, "--keep", "trials",
    ];
    check(
        &[&args[..], &["-o", out.to_str().expect("UTF-8")]].concat(),
        5,
    );
    let worlds = rows(&out.join("worlds.csv"));
    let of = |cell: &str| worlds.iter().filter(|row| row["cell"] == cell).count();
    assert_eq!((of("0"), of("1"), of("2"), worlds.len()), (50, 0, 50, 100));
    assert!(worlds[0].contains_key("hyperscaler.H.entry_cost.drawn"));
}

#[test]
fn what_keeps_worlds_is_another_study_with_the_same_results() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let out = folder
        .path()
        .join("out")
        .to_str()
        .expect("UTF-8")
        .to_owned();
    let args = [
        "sweep",
        SCENARIO,
        "-q",
        "-n",
        "20",
        "--vary",
        "market.diversion=0,1",
        "--json",
    ];
    let plain = json(&args);
    let kept = json(&[&args[..], &["--keep", "trials", "-o", &out]].concat());
    assert_eq!(plain["cells"], kept["cells"]);
    let (_, err) = check(&[&args[..], &["--resume", "-o", &out]].concat(), 4);
    assert!(err.contains("keep trials"), "{err}");
    let (_, err) = check(
        &[
            "sweep",
            SCENARIO,
            "--vary",
            "market.diversion=0,1",
            "-n",
            "90000000",
            "--keep",
            "trials",
            "-o",
            &out,
            "--force",
        ],
        2,
    );
    assert!(err.contains("more than a cell may hold"), "{err}");
    assert!(Path::new(&out).join("results.json").exists());
    let names = fs::read_dir(&out).expect("a directory").count();
    assert_eq!(names, 5, "cells, worlds, results, manifest, scenario");
}
