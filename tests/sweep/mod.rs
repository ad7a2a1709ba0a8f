//! `sweep`: cells against runs of their own, resumed and interrupted sweeps, failing cells, messages.

mod designs;
mod interrupted;
mod learning;
mod studies;
mod worlds;

use crate::support::program::{UNCERTAIN as SCENARIO, check, root, started};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::time::Duration;

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&check(args, 0).0).expect("JSON")
}

#[test]
fn a_cell_is_the_run_with_its_assignments() {
    let vary = "market.diversion=0.2,0.6";
    let more = "bargaining.foresight=0,1";
    let args = [
        "sweep", SCENARIO, "-n", "60", "--json", "--vary", vary, "--vary", more,
    ];
    let sweep = json(&args);
    let cells = sweep["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 4);
    let sets = ["-S", "market.diversion=0.2", "-S", "bargaining.foresight=1"];
    let run = json(&[&["run", SCENARIO, "-n", "60", "--json"], &sets[..]].concat());
    assert_eq!(cells[1]["values"]["market.diversion"], 0.2);
    assert_eq!(cells[1]["values"]["bargaining.foresight"], 1.0);
    let mut comparisons = run["comparisons"].as_array().expect("a list").iter();
    let bloc = comparisons
        .find(|one| one["arm"] == "bloc" && one["reference"] == "bilateral")
        .expect("bloc against bilateral");
    for (path, expected) in [
        (
            "bloc.total.payoff.difference",
            &bloc["totals"]["payoff"]["difference"],
        ),
        (
            "bloc.state.A.payoff.difference",
            &bloc["states"]["A"]["payoff"]["difference"],
        ),
    ] {
        assert_eq!(&cells[1]["results"][path], expected, "{path}");
        assert_ne!(&cells[0]["results"][path], expected, "{path}");
    }
}

#[test]
fn threads_do_not_matter() {
    let args = [
        "sweep",
        SCENARIO,
        "-n",
        "30",
        "--json",
        "--vary",
        "market.diversion=0:1:5",
    ];
    let one = check(&[&args[..], &["-j", "1"]].concat(), 0).0;
    let three = check(&[&args[..], &["-j", "3"]].concat(), 0).0;
    assert_eq!(one, three);
}

#[test]
fn one_at_a_time_starts_with_the_scenario_itself() {
    let vary = [
        "--vary",
        "market.diversion=0.1,0.9",
        "--vary",
        "bargaining.foresight=0,1",
    ];
    let args = ["sweep", SCENARIO, "-n", "20", "--json", "--one-at-a-time"];
    let sweep = json(&[&args[..], &vary[..]].concat());
    let cells = sweep["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), 5);
    assert!(cells[0]["values"].as_object().expect("a map").is_empty());
    assert_eq!(cells[3]["values"].as_object().map(|map| map.len()), Some(1));
    // The scenario's own foresight is 0.8: neither end.
    assert_ne!(cells[0]["results"], cells[4]["results"]);
}

/// The files of a sweep but for the circumstance of its invocation.
fn files(directory: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(directory).expect("a directory");
    let names = entries.map(|entry| entry.expect("readable").file_name());
    let names = names.map(|name| name.into_string().expect("UTF-8"));
    let mut names: Vec<String> = names.filter(|name| name != "manifest.json").collect();
    names.sort();
    let read = |name: String| {
        (
            name.clone(),
            fs::read(directory.join(name)).expect("a file"),
        )
    };
    names.into_iter().map(read).collect()
}

#[test]
fn a_killed_sweep_resumes_to_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (whole, killed) = (at("whole"), at("killed"));
    let vary = [
        "--vary",
        "market.diversion=0:1:8",
        "--vary",
        "bargaining.foresight=0:1:5",
    ];
    let args = [&["sweep", SCENARIO, "-n", "4000"], &vary[..]].concat();
    check(&[&args[..], &["-o", &whole]].concat(), 0);
    let parts = Path::new(&killed).join("blocks");
    let mut resume: &[&str] = &[];
    for expected in [1, 2] {
        let mut child = started(root(), &[&args[..], &["-o", &killed], resume].concat());
        let there = || fs::read_dir(&parts).map_or(0, Iterator::count);
        while there() < expected && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("SIGKILL");
        child.wait().expect("it ends");
        assert!(
            !Path::new(&killed).join("results.json").exists(),
            "killed before its end"
        );
        resume = &["--resume"];
    }
    let (_, err) = check(&[&args[..], &["-o", &killed]].concat(), 4);
    assert!(err.contains("--resume"), "{err}");
    let (other, err) = (at("killed"), "its settings");
    let changed = [
        "sweep",
        SCENARIO,
        "-n",
        "4000",
        "--vary",
        "market.diversion=0:1:3",
    ];
    let refused = check(&[&changed[..], &["-o", &other, "--resume"]].concat(), 4).1;
    assert!(refused.contains(err), "{refused}");
    check(&[&args[..], &["-o", &killed, "--resume"]].concat(), 0);
    assert_eq!(files(Path::new(&whole)), files(Path::new(&killed)));
    let names: Vec<String> = files(Path::new(&whole))
        .into_iter()
        .map(|file| file.0)
        .collect();
    assert_eq!(
        names,
        [
            "cells.csv",
            "map.csv",
            "results.json",
            "scenario.resolved.toml"
        ]
    );
    let (again, err) = check(&[&args[..], &["-o", &killed, "--resume"]].concat(), 0);
    assert!(
        again.contains("of 40 cells") && err.contains("is complete"),
        "{again}{err}"
    );
}

#[test]
fn a_cell_that_fails_is_recorded_and_the_rest_goes_on() {
    // With a standard deviation this large some draw of the second cell is below zero.
    let unsure = "{dist = 'normal', mean = 0.02, sd = 0.02}";
    let vary = format!("hyperscaler.H.entry_cost=0.02,{unsure},0.03");
    let args = ["sweep", SCENARIO, "-n", "50", "--vary", &vary];
    let (out, err) = check(&args, 5);
    assert!(
        out.contains("hyperscaler.H.entry_cost") && out.contains("was drawn as"),
        "{out}"
    );
    assert!(err.contains("1 of 3 cells failed"), "{err}");
    let (out, _) = check(&[&args[..], &["--json"]].concat(), 5);
    let sweep: Value = serde_json::from_str(&out).expect("JSON");
    let status: Vec<&Value> = (0..3).map(|cell| &sweep["cells"][cell]["status"]).collect();
    assert_eq!(status, ["done", "failed", "done"]);
    let reason = sweep["cells"][1]["reason"].as_str().expect("a reason");
    assert!(
        reason.contains("trial") && reason.contains("entry_cost"),
        "{reason}"
    );
}

#[test]
fn a_grid_of_the_scenario_file_runs() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let path = folder.path().join("grid.toml");
    let grid = "\n[sweep]\n[[sweep.axis]]\npath = 'arm.bloc.binding'\nfrom = 0\nto = 1\nsteps = 3\n\
                [[sweep.axis]]\npath = 'bargaining.solution'\nvalues = ['nash', 'egalitarian']\n";
    let text = fs::read_to_string(SCENARIO).expect("a file") + grid;
    fs::write(&path, text).expect("writable");
    let sweep = json(&["sweep", path.to_str().expect("UTF-8"), "-n", "20", "--json"]);
    assert_eq!(
        sweep["axes"][0]["values"],
        serde_json::json!([0.0, 0.5, 1.0])
    );
    assert_eq!(
        sweep["cells"][3]["values"]["bargaining.solution"],
        "egalitarian"
    );
    assert_eq!(sweep["cells"].as_array().map(Vec::len), Some(6));
}

#[test]
fn mistakes_say_what_to_write() {
    let cases: [(&[&str], i32, &str); 6] = [
        (&[], 2, "nothing varies"),
        (&["--vary", "x"], 2, "expected PATH=FROM:TO:STEPS"),
        (&["--vary", "market.diversion=0:1"], 2, "STEPS"),
        (
            &["--vary", "market.diversio=0,1"],
            3,
            "did you mean `diversion`?",
        ),
        (&["--vary", "market.diversion=0,2"], 3, "a number in [0, 1]"),
        (
            &[
                "--vary",
                "market.diversion=0,1",
                "--output",
                "bloc.totl.payoff",
            ],
            2,
            "did you mean `total`?",
        ),
    ];
    for (more, code, message) in cases {
        let (_, err) = check(&[&["sweep", SCENARIO], more].concat(), code);
        assert!(err.contains(message), "{more:?}: {err}");
    }
}

#[test]
fn stratified_cells_are_compared_on_common_draws() {
    // The cells fix a quantity that comes first by path and does nothing to this output: all others must keep their dimensions.
    let inert = "arm.framework.penalty={dist = 'uniform', min = 0, max = 0.1}";
    let output = "bilateral.total.payoff";
    for sampler in ["random", "antithetic", "latin-hypercube", "sobol"] {
        let sampler = format!("simulation.sampler={sampler}");
        let scenario = [SCENARIO, "-n", "64", "--json", "-S", &sampler, "-S", inert];
        let vary = [
            "--vary",
            "arm.framework.penalty=0.01,0.05",
            "--output",
            output,
        ];
        let sweep = json(&[&["sweep"], &scenario[..], &vary[..]].concat());
        let run = json(&[&["run"], &scenario[..]].concat());
        let expected = &run["arms"]["bilateral"]["totals"]["payoff"];
        for cell in 0..2 {
            let found = &sweep["cells"][cell]["results"][output];
            for quantile in ["min", "p05", "p50", "max"] {
                assert_eq!(found[quantile], expected[quantile], "{sampler}");
            }
        }
    }
}
