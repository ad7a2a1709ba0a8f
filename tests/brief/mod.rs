//! The negotiator's page: what it says of a table is what the model says, and what it advises holds.

mod advice;
mod obligations;
mod page;
mod table;

use crate::support::model;
use mufakat::engine::model::Model;
use mufakat::engine::negotiation::tables::problem::Party;
use mufakat::engine::simulate::Watch;
use mufakat::study::brief::world::{MetTable, Observation};
use mufakat::study::brief::{BriefQuestion, Side, observe};
use std::sync::atomic::AtomicBool;

/// Two states, two hyperscalers, two windows; with the terms below three terms, one of which costs the state.
const UNCERTAIN: &str = include_str!("../support/uncertain.toml");

const TERMS: &str = r#"
[[term]]
id = "tax"
state_value = { dist = "uniform", min = -0.25, max = -0.1 }
state_curvature = 0.1
cost = -0.3
cost_curvature = 0.1

[[term]]
id = "audit"
state_value = 0.2
state_curvature = { dist = "uniform", min = 0.1, max = 0.4 }
cost = { dist = "uniform", min = 0.02, max = 0.15 }
cost_curvature = 0.3
max = 0.8
"#;

/// The uncertain scenario with three terms.
fn text() -> String {
    format!("{UNCERTAIN}{TERMS}")
}

fn question(model: &Model, party: Party, arm: &str) -> BriefQuestion {
    let question = BriefQuestion {
        party,
        hyperscaler: 0,
        arm: model
            .arms
            .iter()
            .position(|one| one.name == arm)
            .expect(arm),
        window: 0,
        side: Side::States,
    };
    question.checked(model).expect("a table of the scenario")
}

fn observations(model: &Model, question: &BriefQuestion) -> Vec<Observation> {
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let trials = 0..model.simulation.trials;
    let (observations, _) =
        observe(model, question, trials, watch).expect("draws keep their ranges");
    observations
}

fn met(observations: &[Observation]) -> Vec<&MetTable> {
    observations.iter().filter_map(Observation::met).collect()
}

fn three_terms() -> (Model, BriefQuestion, Vec<Observation>) {
    let model = model(&text());
    let question = question(&model, Party::State(0), "bilateral");
    let observations = observations(&model, &question);
    (model, question, observations)
}
