//! Studies that are killed go on where they were, to the same bytes; files that are lost are made again.

use super::{SCENARIO, files};
use crate::support::program::check;
use mufakat::cli::store::file::Writer;
use mufakat::cli::store::found::{Found, Look};
use mufakat::cli::store::pieces::{Label, PieceFiles, Store};
use mufakat::study::pieces::{Pieces, Unit};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The parts that a study left in a directory.
fn store(directory: &Path) -> Store {
    let folder = directory.join("blocks");
    let first = fs::read(folder.join("000000000000.part")).expect("it is kept");
    Store {
        folder,
        key: first[8..40].try_into().expect("a key"),
        pieces: Pieces {
            of: Unit::Worlds,
            count: u64::MAX,
            each: 16,
            worlds: 1,
            chained: false,
        },
        kind: PieceFiles::Parts,
    }
}

/// Leaves the first half of what a study has finished, as if it had been killed then, and half of a part that it was writing.
#[track_caller]
fn cut(directory: &Path) {
    let store = store(directory);
    let mut all = Vec::new();
    let found = Found::of(&store, Look::Whole).expect("readable");
    let mut take = |piece: &[u8]| {
        all.push(piece.to_vec());
        Ok(())
    };
    found.each(&store, &mut take).expect("whole");
    assert!(all.len() > 3, "{} pieces", all.len());
    fs::remove_dir_all(&store.folder).expect("removable");
    let half = all.len() as u64 / 2;
    let label = |pieces| Label {
        shard: None,
        pieces,
    };
    let written = |pieces: std::ops::Range<u64>| {
        let label = label(pieces.clone());
        let mut writer = Writer::create(&store, label.clone()).expect("writable");
        for piece in pieces {
            writer.push(&all[piece as usize]).expect("writable");
        }
        writer.finish().expect("writable");
        store.file(&label)
    };
    written(0..half);
    let last = written(half..half + 1);
    let bytes = fs::read(&last).expect("readable");
    fs::write(&last, &bytes[..bytes.len() - 1]).expect("writable");
}

/// Stops a study before its results are written, keeps half of what it has finished, and lets it go on.
#[track_caller]
fn cut_and_resumed(args: &[&str], expected: &[&str]) {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (whole, killed) = (at("whole"), at("cut"));
    check(&[args, &["-o", &whole]].concat(), 0);
    fs::create_dir(&killed).expect("writable");
    let manifest = |directory: &str| Path::new(directory).join("manifest.json");
    fs::copy(manifest(&whole), manifest(&killed)).expect("writable");
    let in_the_way = Path::new(&killed).join("results.json");
    fs::create_dir_all(in_the_way.join("full")).expect("writable");
    let resume = [args, &["-o", &killed, "--resume"]].concat();
    check(&resume, 4);
    fs::remove_dir_all(in_the_way).expect("removable");
    cut(Path::new(&killed));
    check(&resume, 0);
    assert_eq!(files(Path::new(&whole)), files(Path::new(&killed)));
    let names = files(Path::new(&whole)).into_iter().map(|file| file.0);
    assert_eq!(names.collect::<Vec<_>>(), expected);
    let circumstance = |directory: &str| -> Value {
        let text = fs::read_to_string(manifest(directory)).expect("readable");
        let manifest: Value = serde_json::from_str(&text).expect("JSON");
        manifest["circumstance"].clone()
    };
    assert!(circumstance(&whole)["wall_time_s"].as_f64() > Some(0.0));
    assert_eq!(circumstance(&whole)["resumed_from"], 0);
    assert!(circumstance(&killed)["resumed_from"].as_u64() > Some(0));
    check(&["replay", &killed], 0);
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
        // A share of worlds lacks the level of a term.
        for output in ["bloc.total.payoff.difference", "bilateral.total.gini"] {
            let args = [&first[..], &[output], method].concat();
            cut_and_resumed(&args, &WITH_CELLS);
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
    cut_and_resumed(&args, &names);
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
    cut_and_resumed(&by_state, &names);
}

#[cfg(feature = "html")]
#[test]
fn turns() {
    let args = ["turn", SCENARIO, "-q", "-n", "100", "--starts", "20"];
    let names = ["results.json", "scenario.resolved.toml", "turn.html"];
    cut_and_resumed(&args, &names);
}

#[test]
fn sweeps_that_keep_worlds() {
    let args = [
        "sweep",
        SCENARIO,
        "-q",
        "-n",
        "40",
        "--keep",
        "trials",
        "--vary",
        "market.diversion=0:1:8",
    ];
    let names = [
        "cells.csv",
        "results.json",
        "scenario.resolved.toml",
        "worlds.csv",
    ];
    cut_and_resumed(&args, &names);
}

#[test]
fn theories() {
    let args = ["theories", SCENARIO, "-q", "-n", "20"];
    cut_and_resumed(&args, &["results.json", "scenario.resolved.toml"]);
}

#[test]
fn others() {
    let coalitions = ["coalitions.csv", "results.json", "scenario.resolved.toml"];
    cut_and_resumed(&["stability", SCENARIO, "-q", "-n", "60"], &coalitions);
    let brief = [
        "brief", SCENARIO, "-q", "--state", "A", "--with", "H", "-n", "30",
    ];
    let pages = ["brief.html", "results.json", "scenario.resolved.toml"];
    if cfg!(feature = "html") {
        cut_and_resumed(&brief, &pages);
        let advice = ["advise", SCENARIO, "-q", "--for", "A", "-n", "40"];
        let pages = ["advice.html", "results.json", "scenario.resolved.toml"];
        cut_and_resumed(&advice, &pages);
    }
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
    cut_and_resumed(&args, &["results.json", "scenario.resolved.toml"]);
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
    assert!(err.contains("has lost `cells.csv`: made again"), "{err}");
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
