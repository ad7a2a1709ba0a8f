//! Deterministic scenarios with the results that two independent implementations of the model agree on.

use mufakat::engine::outcome::{
    HyperscalerMetric, OutcomeLayout, StateMetric, WindowMetric, WindowStateMetric,
};
use mufakat::engine::trial::Player;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Stated with the cases.
const RELATIVE: f64 = 1e-6;
const ABSOLUTE: f64 = 1e-9;

fn files() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/data");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("the cases are part of the project")
        .map(|entry| entry.expect("a readable directory").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}

struct Check<'a> {
    arm: &'a str,
    problems: Vec<String>,
}

impl Check<'_> {
    fn number(&mut self, what: &str, actual: f64, expected: &Value) {
        let expected = expected
            .as_f64()
            .unwrap_or_else(|| panic!("{}: no expected {what}", self.arm));
        if (actual - expected).abs() > ABSOLUTE + RELATIVE * expected.abs() {
            self.problems.push(format!(
                "{} {what}: {actual} instead of {expected}",
                self.arm
            ));
        }
    }

    fn set(&mut self, what: &str, is_in: bool, id: &str, expected: &Value) {
        let listed = expected
            .as_array()
            .is_some_and(|ids| ids.iter().any(|listed| listed == id));
        if listed != is_in {
            self.problems.push(format!(
                "{} {what}: {id} is {is_in} instead of {listed}",
                self.arm
            ));
        }
    }
}

fn check_arm(
    check: &mut Check,
    model: &mufakat::engine::model::Model,
    layout: OutcomeLayout,
    row: &[f64],
    expected: &Value,
) {
    for (i, state) in model.states.iter().enumerate() {
        for metric in [
            StateMetric::Payoff,
            StateMetric::Leverage,
            StateMetric::Investment,
        ] {
            let what = format!("{}.{}", state.id, metric.name());
            check.number(
                &what,
                row[layout.state(i, metric)],
                &expected["states"][&state.id][metric.name()],
            );
        }
    }
    for (h, hyperscaler) in model.hyperscalers.iter().enumerate() {
        let profit = row[layout.hyperscaler(h, HyperscalerMetric::Profit)];
        check.number(
            &format!("{}.profit", hyperscaler.id),
            profit,
            &expected["hyperscalers"][&hyperscaler.id]["profit"],
        );
    }
    for w in 0..layout.windows {
        let window = &expected["windows"][w];
        for (i, state) in model.states.iter().enumerate() {
            for (key, metric) in [
                ("bloc", WindowStateMetric::Member),
                ("left", WindowStateMetric::Left),
            ] {
                check.set(
                    &format!("window {w} {key}"),
                    row[layout.window_state(w, i, metric)] == 1.0,
                    &state.id,
                    &window[key],
                );
            }
        }
        for (key, metric) in [
            ("rounds", WindowMetric::Rounds),
            ("deals", WindowMetric::Deals),
        ] {
            check.number(
                &format!("window {w} {key}"),
                row[layout.window(w, metric)],
                &window[key],
            );
        }
    }
}

#[test]
fn every_arm_matches_its_expected_results() {
    let mut problems = Vec::new();
    let mut arms = 0;
    for file in files() {
        let text = std::fs::read_to_string(&file).expect("readable");
        let model = crate::support::model(&text);
        let expected = std::fs::read_to_string(file.with_extension("expected.json"))
            .expect("each case has results");
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        let layout = model.outcome_layout();
        let mut rows = vec![0.0; layout.len() * model.arms.len()];
        Player::new(&model)
            .play(&model, 0, &mut rows, &mut [])
            .expect("cases draw nothing");
        for (arm, row) in model.arms.iter().zip(rows.chunks(layout.len())) {
            let mut check = Check {
                arm: &arm.name,
                problems: Vec::new(),
            };
            check_arm(&mut check, &model, layout, row, &expected[&arm.name]);
            problems.extend(
                check
                    .problems
                    .iter()
                    .map(|problem| format!("{}: {problem}", model.name)),
            );
            arms += 1;
        }
    }
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
    assert!(arms >= 140, "only {arms} arms were played");
}
