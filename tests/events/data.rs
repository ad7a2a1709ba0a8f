//! Which events came, as data: columns of draws, and factors of what learns from given worlds.

use crate::support::program::{UNCERTAIN, check_in};
use serde_json::Value;
use std::fs;
use std::path::Path;

const CAME: &str = "event.export controls.came";

/// What controls cost where they come: a deal with the supplier that they shut out.
const CONDITION: &str = "bilateral.window.1.total.deals < 4";

fn json(directory: &Path, args: &[&str]) -> Value {
    let (out, _) = check_in(directory, &[args, &["--json"]].concat(), 0);
    serde_json::from_str(&out).expect("a document")
}

/// A column of numbers of a table of a run.
fn column(path: &Path, name: &str) -> Vec<f64> {
    let text = fs::read_to_string(path).expect("a table");
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    let place = header.split(',').position(|one| one == name).expect(header);
    let cells = lines.map(|line| line.split(',').nth(place).expect("a cell"));
    cells.map(|cell| cell.parse().expect("a number")).collect()
}

#[test]
fn draws_say_which_events_came() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let run = ["run", UNCERTAIN, "-n", "200", "-q", "-o", "run"];
    check_in(here.path(), &run, 0);
    let came = column(&here.path().join("run/draws.csv"), CAME);
    assert_eq!(came.len(), 200);
    assert!(came.iter().all(|&one| one == 0.0 || one == 1.0), "{came:?}");
    // Of 200 worlds 60 ± 6.5 have it.
    let share = came.iter().sum::<f64>() / 200.0;
    assert!((share - 0.3).abs() < 0.13, "{share}");
    for trial in 0..10 {
        let explain = ["explain", UNCERTAIN, "--trial", &trial.to_string()];
        let world = json(here.path(), &explain);
        assert_eq!(world["events"]["export controls"], came[trial] == 1.0);
    }
    let summary = ["run", UNCERTAIN, "-n", "200", "-q", "--keep", "summary"];
    check_in(here.path(), &[&summary[..], &["-o", "summary"]].concat(), 0);
    assert_eq!(column(&here.path().join("summary/draws.csv"), CAME), came);
}

#[test]
fn windows_say_what_each_state_did() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let run = ["run", UNCERTAIN, "-n", "60", "-q", "-o", "run"];
    check_in(here.path(), &run, 0);
    let text = fs::read_to_string(here.path().join("run/windows.csv")).expect("a table");
    assert_eq!(
        text.lines().next(),
        Some(
            "trial,arm,window,state,payoff,leverage,investment,member,joined,yes,left,deals,accord_size,rounds,gini,region_investment,herfindahl,region_leverage"
        )
    );
    let results: Value =
        serde_json::from_slice(&fs::read(here.path().join("run/results.json")).expect("results"))
            .expect("a document");
    for (place, name) in (7..11).zip(["member", "joined", "yes", "left"]) {
        let rows = text.lines().filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[1..4] == ["framework", "1", "B"]).then(|| cells[place].parse::<f64>())
        });
        let values: Vec<f64> = rows.map(|value| value.expect("a number")).collect();
        assert!(values.iter().all(|&one| one == 0.0 || one == 1.0), "{name}");
        let share = &results["arms"]["framework"]["windows"][1][name]["B"];
        let mean = values.iter().sum::<f64>() / 60.0;
        assert!((share.as_f64().expect(name) - mean).abs() < 1e-12, "{name}");
        // The same number by its path, as a condition on results, and in each world.
        let path = format!("framework.window.1.{name}.B");
        for (condition, code) in [("<", 1), (">", 0)] {
            let failing = format!("{path} {condition} {}", mean + 1e-9);
            let run = ["run", UNCERTAIN, "-n", "60", "-q", "--fail-if", &failing];
            check_in(here.path(), &run, code);
        }
        if 0.0 < mean && mean < 1.0 {
            let when = format!("{path} = 1");
            let found = json(here.path(), &["discover", "run", "--when", &when]);
            let share = found["share"].as_f64().expect("a share");
            assert!((share - mean).abs() < 1e-12, "{name}");
        }
    }
}

#[test]
fn events_are_factors_where_worlds_are_given() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let run = ["run", UNCERTAIN, "-n", "300", "-q", "-o", "run"];
    check_in(here.path(), &run, 0);
    let of_run = |args: &[&str]| json(here.path(), args);
    let discover = |source: &str, factors: &[&str]| {
        let count = ["-n", "300"];
        let count = if source == "run" { &count[..0] } else { &count };
        let args = ["discover", source, "--when", CONDITION];
        of_run(&[&args[..], factors, count].concat())
    };
    let named = ["--factors", "event.*", "--factors", "market.*"];
    let found = discover("run", &named);
    let limits = found["boxes"][0]["limits"].as_object().expect("a box");
    assert!(limits.contains_key(CAME), "{limits:?}");
    let played = discover(UNCERTAIN, &named);
    assert_eq!(found["boxes"], played["boxes"]);
    // Unless they are named, only numbers are factors.
    let others = discover("run", &[]);
    let limits = others["boxes"][0]["limits"].as_object();
    assert!(limits.is_none_or(|limits| !limits.contains_key(CAME)));
    let output = ["--output", "bilateral.window.1.total.deals"];
    for (method, measure) in [("delta", "delta"), ("pawn", "pawn")] {
        let args = ["sensitivity", "run", "--method", method];
        let result = of_run(&[&args[..], &named, &output].concat());
        let factors = &result["outputs"][output[1]]["factors"];
        let by = |name: &str| factors[name][measure]["value"].as_f64().expect(name);
        assert!(by(CAME) > 0.1, "{factors}");
        assert_eq!(result["factors"][CAME][0], CAME);
    }
}

#[test]
fn a_box_says_that_an_event_came_and_that_a_switch_is_on() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let few = "bilateral.window.1.total.deals < 4";
    let all = "bilateral.window.1.total.deals >= 4";
    let switch = ["-S", "pair.A.H.feasible={dist=\"bernoulli\",p=0.5}"];
    for (condition, layers, factors, said) in [
        (few, &[][..], "event.*", "event `export controls` came"),
        (all, &[], "event.*", "event `export controls` did not come"),
        (few, &switch, "pair.*", "`pair.A.H.feasible` is false"),
        (all, &switch, "pair.*", "`pair.A.H.feasible` is true"),
    ] {
        let args = [
            "discover", UNCERTAIN, "--when", condition, "-n", "300", "-q",
        ];
        let args = [&args[..], layers, &["--factors", factors]].concat();
        let (out, _) = check_in(here.path(), &args, 0);
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out.contains(said), "no `{said}` in {out}");
        for raw in [".came", "above 0.5", "under 0.5"] {
            assert!(!out.contains(raw), "`{raw}` in {out}");
        }
    }
}
