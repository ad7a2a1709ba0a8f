//! Which coalitions hold: closed forms, an independent count by the definitions, single moves on hand-made games, bytes on any threads.

mod definitions;
mod moves;
mod standing;

use crate::support::{Symmetric, model};
use mufakat::engine::model::Model;
use mufakat::engine::simulate::{End, Watch, on_threads};
use mufakat::study::results::assemble::manifest;
use mufakat::study::results::json::document;
use mufakat::study::results::stability::{BindingStatus, StabilityResults};
use mufakat::study::stability::document::stability_results;
use mufakat::study::stability::{StabilityQuestion, default_arm, judge_worlds};
use std::sync::atomic::AtomicBool;

const BLOC: &str = "[[arm]]\nname = \"bilateral\"\nmode = \"bilateral\"\n[[arm]]\nname = \"bloc\"\nmode = \"bloc\"\n";

/// Hand calculations agree to this.
const ROUNDING: f64 = 1e-9;

pub fn question(model: &Model) -> StabilityQuestion {
    let question = StabilityQuestion {
        arm: default_arm(model).expect("an accord"),
        window: 0,
        secure: 0.8,
        farsighted: true,
    };
    question.checked(model).expect("a valid question")
}

pub fn judged(model: &Model, question: StabilityQuestion, threads: usize) -> StabilityResults {
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let judge = || judge_worlds(model, question, 0..model.simulation.trials, watch);
    let found = on_threads(Some(threads), judge).expect("threads start");
    let (tally, end) = found.expect("draws keep their ranges");
    assert_eq!(end, End::Finished);
    let identity = manifest(model, "0".repeat(64), Vec::new());
    stability_results(model, &tally, identity).expect("in force")
}

#[track_caller]
fn close(actual: f64, expected: f64) {
    let near = (actual - expected).abs() <= ROUNDING;
    assert!(near, "{actual} instead of {expected}");
}

#[test]
fn substitutes_hold_together_and_three_of_four_gain_nothing() {
    let setting = Symmetric {
        arms: BLOC.to_owned(),
        ..Symmetric::new(4)
    };
    let model = model(&setting.text());
    let results = judged(&model, question(&model), 1);
    assert_eq!(
        results.coalitions.len(),
        11,
        "2^4 less those of one and none"
    );
    for one in &results.coalitions {
        let grand = one.members.len() == 4;
        close(one.gain.mean, if grand { 0.8 } else { 0.0 });
        let shares = [one.internal, one.internal_without_penalty, one.core];
        assert_eq!(shares, [1.0; 3], "{:?}: ties stay", one.members);
        // Only the fourth gains by joining three.
        let external = if one.members.len() == 3 { 0.0 } else { 1.0 };
        assert_eq!(
            (one.external_open, one.external_exclusive),
            (external, external)
        );
        assert_eq!(one.stable, external);
    }
    for state in results.states.values() {
        close(state.shapley.expect("a gain"), 0.25);
        close(state.nucleolus.expect("a gain"), 0.25);
        close(state.shapley_value.mean, 0.2);
        assert_eq!((state.pivotal, state.leaves), (Some(0.125), 0.0));
        assert_eq!((state.needs.mean, state.free_ride.mean), (0.0, 0.0));
        close(state.leeway.mean, 0.2);
    }
    assert_eq!(results.binding.status, BindingStatus::Always);
    assert_eq!(results.largest_stable.as_ref().map(Vec::len), Some(4));
    assert_eq!(results.smallest_secure.as_ref().map(Vec::len), Some(4));
    let paths = results.grand().paths.expect("asked for");
    assert_eq!((paths.absorbing, paths.from_alone), (1.0, 0.0));
    assert_eq!(paths.farsighted_alone, 1.0, "each foresees the four");
}

/// Without foresight, who comes first is paid as if no other could serve: 0.875 alone against 0.275 in the bloc of four. A and B come
/// before the table of the other three, C and D after it.
#[test]
fn who_comes_first_leaves_unless_bound() {
    let rules = "penalty = 2\nbinding = 0.5\nrule = \"minus-x\"\nopt_outs = 1\n";
    let setting = Symmetric {
        foresight: 0.0,
        arms: format!("{BLOC}{rules}"),
        ..Symmetric::new(4)
    };
    // V = 0.5 for each without any effect of deals, since nothing covers it: leaving risks binding·2·0.5.
    let text = setting
        .text()
        .replace("contingent_share = 0\n", "contingent_share = 1\n")
        .replace("ai_uplift = 0\n", "ai_uplift = 1\n")
        .replace(
            "ramp_years = 0\n",
            "ramp_years = 0\nuplift_is = \"level\"\n",
        );
    let model_at = |binding: &str| model(&text.replace("binding = 0.5", binding));
    let loose = model_at("binding = 0.5");
    let results = judged(&loose, question(&loose), 1);
    let grand = results.grand();
    close(grand.gain.mean, 4.0 * 0.275 - 0.875 - 3.0 * 0.075);
    assert_eq!((grand.internal, grand.internal_without_penalty), (0.0, 0.0));
    for (id, leaves, leeway) in [
        ("S0", 1.0, 0.275 + 0.5 - 0.875),
        ("S1", 1.0, 0.275 + 0.5 - 0.875),
        ("S2", 0.0, 0.275 + 0.5 - 0.075),
        ("S3", 0.0, 0.275 + 0.5 - 0.075),
    ] {
        let state = &results.states[id];
        assert_eq!(state.leaves, leaves, "{id}");
        close(state.leeway.mean, leeway);
        close(state.needs.mean, f64::max(0.0, -leeway));
        // Three yes of four will do: a vote decides if exactly two of the other three say yes.
        assert_eq!(state.pivotal, Some(0.375));
    }
    close(results.states["S0"].free_ride.mean, 0.0);
    close(results.states["S1"].free_ride.mean, 0.8);
    assert_eq!(
        grand.internal_with_side_payments, 1.0,
        "two can pay the other two"
    );
    assert_eq!(results.binding.status, BindingStatus::Found);
    close(results.binding.value.expect("found"), 0.6);
    let bound = model_at("binding = 0.61");
    assert_eq!(judged(&bound, question(&bound), 1).grand().internal, 1.0);
    let weak = model(&text.replace("penalty = 2", "penalty = 1"));
    let never = judged(&weak, question(&weak), 1).binding;
    assert_eq!((never.status, never.value), (BindingStatus::Never, None));
}

/// In later windows the least binding is found by playing the arm again at other bindings.
#[test]
fn binding_of_a_later_window_holds_there_and_not_below() {
    let text = include_str!("../support/uncertain.toml").replace(
        "name = \"bloc\"\nmode = \"bloc\"\nbinding = 0.8",
        "name = \"bloc\"\nmode = \"bloc\"\npenalty = 0.05\nrecourse = 0.5\nrule = \"qualified-majority\"\nbinding = 0.8",
    );
    let model_at = |binding: f64| {
        let text = text.replace(
            "recourse = 0.5\nrule = \"qualified-majority\"\nbinding = 0.8",
            &format!("recourse = 0.5\nrule = \"qualified-majority\"\nbinding = {binding}"),
        );
        let mut model = model(&text);
        model.simulation.trials = 60;
        model
    };
    let asked = |model: &Model| StabilityQuestion {
        window: 1,
        farsighted: false,
        ..question(model)
    };
    let at = |binding: f64| {
        let model = model_at(binding);
        judged(&model, asked(&model), 2)
    };
    let drawn = at(0.8);
    let full = at(1.0);
    let none = at(0.0);
    assert_eq!(drawn.binding.at_full, full.grand().internal);
    assert_eq!(drawn.binding.at_none, none.grand().internal);
    if let Some(value) = drawn.binding.value {
        assert!(at(value).grand().internal >= 0.5);
        assert!(value < 0.003 || at(value - 0.003).grand().internal < 0.5);
    }
    // The answer is that of the question, whatever binding the scenario has.
    let near = |one: Option<f64>, other: Option<f64>| match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() < 0.003,
        (one, other) => one == other,
    };
    assert!(near(drawn.binding.value, none.binding.value));
    assert!(near(drawn.binding.value, full.binding.value));
}

#[test]
fn same_bytes_on_any_number_of_threads() {
    let text = include_str!("../support/uncertain.toml");
    let model = model(text);
    for window in [0, 1] {
        let asked = StabilityQuestion {
            window,
            ..question(&model)
        };
        let one = document(&judged(&model, asked, 1));
        assert!(one == document(&judged(&model, asked, 2)));
        assert!(one == document(&judged(&model, asked, 16)));
        assert!(!one.contains("NaN") && !one.contains("inf"));
    }
}

#[test]
fn worlds_without_the_rules_are_left_out() {
    let text = include_str!("../support/uncertain.toml").replace(
        "\"pair.B.G.feasible\" = false",
        "\"pair.B.G.feasible\" = false, \"arm.bloc.active\" = false",
    );
    let model = model(&text);
    let in_window = |window| {
        judged(
            &model,
            StabilityQuestion {
                window,
                ..question(&model)
            },
            2,
        )
    };
    assert_eq!(in_window(0).worlds, 200);
    let later = in_window(1).worlds;
    assert!((120..160).contains(&later), "{later} of 200, 0.7 expected");
}
