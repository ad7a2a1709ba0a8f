//! Factors with few values: by elementary effects they do what a tornado says that they do.

use crate::support::program::check_in;
use serde_json::Value;
use std::fs;

/// What complying costs the one hyperscaler is 6 times the factor: three years in two states; nothing else moves it.
const COMPLIANCE: f64 = 6.0;

/// `compliance_cost` as given, among factors without effect.
fn scenario(values: &str) -> String {
    format!(
        r#"
extends = "two-states"
[[hyperscaler]]
id = "H"
compliance_cost = {values}
[[state]]
id = "L"
gdp = {{ dist = "uniform", min = 900, max = 1100 }}
digital_gmv = {{ dist = "uniform", min = 99, max = 101 }}
"#
    )
}

#[test]
fn effects_are_those_between_own_levels() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let discrete = |values: &str, weights: &str| {
        format!("{{ dist = 'discrete', values = [{values}], weights = [{weights}] }}")
    };
    // The distribution, and its ends.
    let cases = [
        (discrete("0, 0.01", "1, 1"), 0.01),
        (discrete("0, 0.01", "2, 1"), 0.01),
        (discrete("0, 0.01", "1, 9"), 0.01),
        (discrete("0.01, 0", "1, 1"), -0.01),
        (discrete("0, 0.004, 0.01", "1, 1, 1"), 0.01),
        (
            discrete("0, 0.001, 0.002, 0.004, 0.01", "3, 1, 1, 2, 2"),
            0.01,
        ),
        (discrete("0, 0.001, 0.01", "90, 4, 6"), 0.01),
        // All points of the grid are one value: it moves to the other all the same.
        (discrete("0, 0.01", "97, 3"), 0.01),
        (discrete("0, 0.01", "2, 98"), 0.01),
    ];
    for (values, range) in cases {
        fs::write(here.path().join("few.toml"), scenario(&values)).expect("it is writable");
        let of = |method: &str, more: &[&str]| {
            let args = [
                "sensitivity",
                "few.toml",
                "--method",
                method,
                "--json",
                "-q",
            ];
            let output = ["--output", "bilateral.hyperscaler.H.compliance_cost"];
            let (out, _) = check_in(here.path(), &[&args[..], &output, more].concat(), 0);
            let results: Value = serde_json::from_str(&out).expect("JSON");
            let output = &results["outputs"]["bilateral.hyperscaler.H.compliance_cost"];
            output["factors"]["hyperscaler.H.compliance_cost"].clone()
        };
        let number = |one: &Value, name: &str| one[name]["value"].as_f64().expect("a number");
        for trajectories in ["2", "7", "20"] {
            let effect = of("morris", &["--trajectories", trajectories]);
            for (measure, expected) in [("mu", range), ("mu_star", f64::abs(range))] {
                let found = number(&effect, measure);
                let error = (found - COMPLIANCE * expected).abs();
                assert!(error < 1e-12, "{found} as {measure} of {values}");
            }
        }
        let swing = number(&of("tornado", &["-n", "256"]), "swing");
        assert!(
            (swing - COMPLIANCE * range).abs() < 1e-12,
            "{swing} of {values}"
        );
    }
}
