//! Scenarios against each other: the same draws, the same words, a page.

use super::numbers::assert_traced;
use super::{path, results};
use crate::support::program::check;
use serde_json::Value;
use std::path::Path;

/// Sums in another order.
const ROUNDING: f64 = 1e-9;

fn json(arguments: &[&str]) -> Value {
    let (text, _) = check(arguments, 0);
    serde_json::from_str(&text).expect("JSON")
}

/// A scenario that extends core-three by some keys.
fn changed(directory: &Path, name: &str, keys: &str) -> String {
    let file = path(directory, name);
    std::fs::write(&file, format!("extends = \"core-three\"\n{keys}\n")).expect("written");
    file
}

#[test]
fn differences_are_those_of_runs_on_the_same_draws() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    // Another arm, an event and a constant: the other draws stay as they are.
    let keys = "[market]\ndiversion = 0.9\n[[arm]]\nname = \"late\"\nmode = \"bloc\"\n";
    let other = changed(directory.path(), "other.toml", keys);
    let found = json(&["compare", "core-three", &other, "-n", "60", "--json"]);
    let run = |scenario: &str| json(&["run", scenario, "-n", "60", "--json"]);
    let (first, second) = (run("core-three"), run(&other));
    for (path, keys) in [
        ("bloc.total.payoff", ["totals", "payoff", ""]),
        ("bilateral.state.TH.leverage", ["states", "TH", "leverage"]),
        (
            "framework.hyperscaler.MSFT.profit",
            ["hyperscalers", "MSFT", "profit"],
        ),
    ] {
        let mean = |of: &Value| {
            let arm = &of["arms"][path.split('.').next().expect("an arm")];
            let inner = &arm[keys[0]][keys[1]];
            let stat = if keys[2].is_empty() {
                inner
            } else {
                &inner[keys[2]]
            };
            stat["mean"].as_f64().expect("a mean")
        };
        let paired = &found["comparisons"][0]["results"][path];
        let difference = paired["difference"]["mean"].as_f64().expect("a mean");
        assert!(
            (difference - (mean(&second) - mean(&first))).abs() < ROUNDING,
            "{path}"
        );
        assert!(difference != 0.0, "{path}");
        let spread = |of: &Value| of["sd"].as_f64().expect("a spread");
        // On draws of their own the spread of the difference would be that of both together.
        let alone = spread(&found["scenarios"][0]["results"][path]);
        assert!(spread(&paired["difference"]) < 0.8 * alone, "{path}");
    }
    let names = &found["scenarios"][1]["arms"];
    assert!(
        names
            .as_array()
            .expect("arms")
            .iter()
            .any(|arm| arm == "late")
    );
    assert!(
        found["comparisons"][0]["results"]["late.total.payoff"].is_null(),
        "the first has no such arm"
    );
    let differs = found["comparisons"][0]["differs"]
        .as_object()
        .expect("keys");
    assert!(
        differs["market.diversion"][1] == "0.9" && differs["arm.late"][1] == "present",
        "{differs:?}"
    );
    assert!(!differs.contains_key("market.region_efficiency"));
}

#[test]
fn a_scenario_is_the_same_as_itself_in_every_design() {
    for sampler in ["random", "sobol"] {
        let sampler = format!("simulation.sampler={sampler}");
        let arguments = [
            "compare",
            "core-three",
            "core-three",
            "-n",
            "64",
            "-S",
            &sampler,
        ];
        let (text, _) = check(&arguments, 0);
        let flat = text.replace('\n', " ");
        let first = "The states together get the same as `bloc` in core-three-2 and in core-three, in every world.";
        assert!(flat.starts_with(first), "{text}");
        assert!(
            flat.contains("core-three-2 and core-three say the same."),
            "{text}"
        );
    }
}

#[test]
fn text_document_and_page_say_the_same() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let other = changed(
        directory.path(),
        "fully-bound.toml",
        "[[arm]]\nname = \"bloc\"\nbinding = 1\npenalty = 0.5",
    );
    let out = path(directory.path(), "compared");
    let (text, _) = check(
        &["compare", "core-three", &other, "-n", "100", "--out", &out],
        0,
    );
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    assert!(
        text.contains("fully-bound less core-three: payoff of each state as `bloc`"),
        "{text}"
    );
    assert!(assert_traced(Path::new(&out)) > 50);
    let page = super::page(Path::new(&out));
    super::html::Html::parse(&page);
    let spoken = text
        .split("\n\n")
        .next()
        .expect("a sentence")
        .replace('\n', " ");
    let start: String = spoken.split('`').next().expect("a start").trim().to_owned();
    let page = super::html::reads(&page);
    assert!(page.contains(&start), "{start}");
    assert_eq!(results(Path::new(&out))["arm"], "bloc");
    for file in [
        "scenario.resolved.toml",
        "fully-bound.resolved.toml",
        "report/compared-states.csv",
    ] {
        assert!(Path::new(&out).join(file).exists(), "{file}");
    }
    let (_, error) = check(&["compare", "core-three", &other, "--out", &out], 4);
    assert!(error.contains("--force replaces it"), "{error}");
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let (_, error) = check(&["compare", "core-three"], 2);
    assert!(error.contains("2 values required"), "{error}");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let other = changed(
        directory.path(),
        "other.toml",
        "[[arm]]\nname = \"bilateral\"\nremove = true",
    );
    let (_, error) = check(&["compare", "core-three", &other, "-n", "2"], 2);
    assert!(error.contains("there is no arm `bilateral`"), "{error}");
}

#[test]
fn the_document_has_a_schema() {
    let schema = json(&["schema", "compare"]);
    for key in ["manifest", "reference", "scenarios", "comparisons"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
}
