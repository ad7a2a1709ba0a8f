//! Statements of the public debate, and what the scenarios say they found: the sign of each, in few worlds. A sign counts where the mean of the
//! paired difference lies more than three of its standard errors from zero.

use crate::support::program::check;
use serde_json::Value;

/// Standard errors that a mean must lie from zero.
const BEYOND: f64 = 3.0;

fn json(args: &[&str], worlds: &str) -> Value {
    let args = [args, &["-n", worlds, "--json", "--quiet"]].concat();
    serde_json::from_str(&check(&args, 0).0).expect("JSON")
}

/// A study without the arms that a statement does not need: they only cost time.
fn without(arms: &[&str], args: &[&str], worlds: &str) -> Value {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let overlay = directory.path().join("overlay.toml");
    let removed: String = arms
        .iter()
        .map(|arm| format!("[[arm]]\nname = \"{arm}\"\nremove = true\n\n"))
        .collect();
    std::fs::write(&overlay, removed).expect("writable");
    let overlay = overlay.to_str().expect("a path in UTF-8");
    json(&[args, &["--overlay", overlay]].concat(), worlds)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

/// The paired difference of a total between two arms of a run.
fn pair<'a>(run: &'a Value, arm: &str, reference: &str) -> &'a Value {
    let mut pairs = run["comparisons"].as_array().expect("a list").iter();
    let found = pairs.find(|pair| pair["arm"] == arm && pair["reference"] == reference);
    found.unwrap_or_else(|| panic!("no {arm} against {reference}"))
}

/// Mean paired difference of a total between two arms of a run.
fn difference(run: &Value, arm: &str, reference: &str, metric: &str) -> f64 {
    number(&pair(run, arm, reference)["totals"][metric]["difference"]["mean"])
}

/// The payoff of all states is larger in the first arm than in the second, beyond error.
#[track_caller]
fn assert_more(run: &Value, arm: &str, reference: &str) {
    assert_sign(
        1.0,
        &pair(run, arm, reference)["totals"]["payoff"],
        &format!("{arm} against {reference}"),
    );
}

/// The payoff of all states is smaller in the first arm than in the second, beyond error.
#[track_caller]
fn assert_less(run: &Value, arm: &str, reference: &str) {
    assert_sign(
        -1.0,
        &pair(run, arm, reference)["totals"]["payoff"],
        &format!("{arm} against {reference}"),
    );
}

/// Likewise for one state.
#[track_caller]
fn assert_state(sign: f64, run: &Value, arm: &str, reference: &str, state: &str) {
    assert_sign(
        sign,
        &pair(run, arm, reference)["states"][state]["payoff"],
        &format!("{state}, {arm} against {reference}"),
    );
}

#[track_caller]
fn assert_sign(sign: f64, compared: &Value, what: &str) {
    let (mean, error) = (
        number(&compared["difference"]["mean"]),
        number(&compared["difference"]["se"]),
    );
    assert!(sign * mean > BEYOND * error, "{what}: {mean} ({error})");
}

/// Means of a result over the cells of a sweep, in order.
fn cells(sweep: &Value, result: &str) -> Vec<f64> {
    let cells = sweep["cells"].as_array().expect("cells").iter();
    cells
        .map(|cell| number(&cell["results"][result]["mean"]))
        .collect()
}

/// Compliance cost of all hyperscalers in an arm.
fn compliance(run: &Value, arm: &str) -> f64 {
    let all = run["arms"][arm]["hyperscalers"].as_object().expect("a map");
    all.values()
        .map(|one| number(&one["compliance_cost"]["mean"]))
        .sum()
}

const BLOCS: [&str; 4] = ["bloc-consensus", "bloc-paid", "bloc-tender", "core-inside"];
