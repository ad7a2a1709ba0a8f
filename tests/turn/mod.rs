//! The smallest joint change that turns a result: against a grid of everything, and where nothing turns.

use crate::support::program::{check, check_in};
use mufakat::theory::stats::special::normal_quantile;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Two states of which two numbers are uncertain; no other chance moves the result much.
const OVER: &str = "\
[simulation]
trials = 200
[[state]]
id = 'L'
digital_gmv = { dist = 'uniform', min = 50, max = 150, grade = 'B' }
[market]
outside_efficiency = { dist = 'uniform', min = 0.2, max = 0.6, grade = 'judgement' }
";

fn turned(directory: &Path, more: &[&str]) -> Value {
    fs::write(directory.join("over.toml"), OVER).expect("it can be written");
    let args = ["turn", "two-states", "-f", "over.toml", "--json", "-q"];
    let (text, _) = check_in(directory, &[&args, more].concat(), 0);
    serde_json::from_str(&text).expect("a document")
}

fn number(value: &Value, path: &str) -> f64 {
    let value = path
        .split('.')
        .fold(value, |value, key| match key.parse::<usize>() {
            Ok(at) => &value[at],
            Err(_) => &value[key],
        });
    value.as_f64().expect("a number")
}

/// The least size of a grid over both inputs at which the result is below a level, played as a sweep.
fn least_of_grid(directory: &Path, level: f64) -> f64 {
    let uniforms: Vec<f64> = (1..30).map(|k| f64::from(k) / 30.0).collect();
    let vary = |path: &str, low: f64, high: f64| {
        let values = uniforms
            .iter()
            .map(|u| (low + u * (high - low)).to_string());
        format!("{path}={}", values.collect::<Vec<_>>().join(","))
    };
    let (one, two) = (
        vary("state.L.digital_gmv", 50.0, 150.0),
        vary("market.outside_efficiency", 0.2, 0.6),
    );
    let output = "bloc.total.payoff.difference";
    let args = [
        "sweep",
        "two-states",
        "-n",
        "1",
        "--vary",
        &one,
        "--vary",
        &two,
    ];
    let more = ["--output", output, "--json", "-q"];
    let (text, _) = check_in(directory, &[&args[..], &more].concat(), 0);
    let found: Value = serde_json::from_str(&text).expect("a document");
    let cells = found["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), uniforms.len() * uniforms.len());
    let sizes = cells.iter().filter_map(|cell| {
        let mean = cell["results"][output]["mean"].as_f64().expect("a mean");
        let score = |path: &str, low: f64, high: f64| {
            let value = cell["values"][path].as_f64().expect("a value");
            normal_quantile((value - low) / (high - low))
        };
        let (one, two) = (
            score("state.L.digital_gmv", 50.0, 150.0),
            score("market.outside_efficiency", 0.2, 0.6),
        );
        (mean < level).then(|| one.hypot(two))
    });
    sizes.fold(f64::INFINITY, f64::min)
}

#[test]
fn a_grid_of_everything_finds_nothing_smaller() {
    let directory = tempfile::tempdir().expect("a directory");
    let asked = [
        "--where",
        "bloc.total.payoff.difference = 0.12",
        "--starts",
        "60",
    ];
    let found = turned(directory.path(), &asked);
    assert_eq!(found["status"], "turns", "{found:#}");
    let size = number(&found, "change.size");
    // The points of the grid lie up to a fourth of a standard deviation apart near the medians.
    let grid = least_of_grid(directory.path(), 0.12);
    assert!(size <= grid + 0.02 && grid - size < 0.25, "{size} {grid}");
    // It lies on the other side, told from the level.
    assert!(number(&found, "change.result.high") < 0.12);
    assert!(number(&found, "at_medians.low") > 0.12);
    assert!(number(&found, "headline.mean") > 0.12);
    let inputs = found["change"]["inputs"].as_array().expect("inputs");
    let squares = inputs
        .iter()
        .map(|one| number(one, "score") * number(one, "score"));
    assert!((squares.sum::<f64>().sqrt() - size).abs() < 1e-9);
    // With one input it is no smaller, and with two it is the same.
    assert!(number(&found, "fewer.0.size") >= size - 0.02);
    assert!((number(&found, "fewer.1.size") - size).abs() < 0.05);
}

#[test]
fn the_mean_at_the_reported_point_is_on_the_other_side() {
    let directory = tempfile::tempdir().expect("a directory");
    let asked = [
        "--where",
        "bloc.total.payoff.difference = 0.12",
        "--starts",
        "20",
    ];
    let found = turned(directory.path(), &asked);
    let inputs = found["change"]["inputs"].as_array().expect("inputs");
    let sets = inputs.iter().map(|one| {
        let path = one["path"].as_str().expect("a path");
        format!("{path}={}", number(one, "to"))
    });
    let sets: Vec<String> = sets.collect();
    let mut args = vec!["run", "two-states", "-n", "1", "--json", "-q"];
    sets.iter().for_each(|set| args.extend(["-S", set]));
    let (text, _) = check_in(directory.path(), &args, 0);
    let run: Value = serde_json::from_str(&text).expect("a document");
    let mean = number(&run, "arms.bloc.totals.payoff.mean")
        - number(&run, "arms.bilateral.totals.payoff.mean");
    assert!(mean < 0.12, "{mean}");
    assert!(
        (mean - number(&found, "change.result.mean")).abs() < 1e-9,
        "{mean}"
    );
}

#[test]
fn what_nothing_turns_is_said_with_what_comes_nearest() {
    let directory = tempfile::tempdir().expect("a directory");
    let found = turned(directory.path(), &["--starts", "20"]);
    assert_eq!(found["status"], "holds", "{found:#}");
    assert_eq!(found["output"], "bloc.total.payoff.difference");
    assert!((number(&found, "change.size") - 3.0).abs() < 1e-9);
    assert!(number(&found, "change.result.mean") > 0.0);
    assert!(number(&found, "change.result.mean") < number(&found, "at_medians.mean"));
    let args = [
        "turn",
        "two-states",
        "-f",
        "over.toml",
        "-q",
        "--starts",
        "20",
    ];
    let (said, _) = check_in(directory.path(), &args, 0);
    let begins = "No joint change within 3 standard deviations was found that turns";
    assert!(said.starts_with(begins), "{said}");
}

#[test]
fn the_same_on_any_number_of_threads() {
    let directory = tempfile::tempdir().expect("a directory");
    let one = turned(directory.path(), &["--starts", "20", "-j", "1"]);
    let four = turned(directory.path(), &["--starts", "20", "-j", "4"]);
    assert_eq!(one, four);
}

#[test]
fn an_open_result_and_a_certain_scenario_are_answers() {
    let directory = tempfile::tempdir().expect("a directory");
    let found = turned(directory.path(), &["--arm", "bilateral"]);
    assert_eq!(found["status"], "open", "{found:#}");
    let (said, _) = check(&["turn", "two-states"], 0);
    assert!(said.contains("Nothing is uncertain"), "{said}");
    let (_, err) = check(
        &["turn", "two-states", "--where", "bloc.total.payoff.p05 = 0"],
        2,
    );
    assert!(err.contains("leave out the statistic"), "{err}");
    let (_, err) = check(&["turn", "two-states", "--arm", "bloq"], 2);
    assert!(err.contains("bloc"), "{err}");
}
