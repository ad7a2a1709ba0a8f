//! Words for what people decide, and the part of an accord that each belongs to.

use crate::engine::model::Model;

/// A decided key in words: its label, and its group.
pub struct DecidedLabel {
    /// Its key in an arm.
    pub key: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What it is a part of.
    pub group: &'static str,
}

const WHO: &str = "Who is in";
const VOTE: &str = "How it is decided";
const RULES: &str = "What the rules say";
const TABLE: &str = "How the table works";
const MONEY: &str = "Who pays whom";
const WHEN: &str = "When, and how long it takes";

/// The year in which an arm starts, which is no key of an arm.
pub const START: DecidedLabel = label("start", "Starts in", WHEN);

const fn label(key: &'static str, label: &'static str, group: &'static str) -> DecidedLabel {
    DecidedLabel { key, label, group }
}

/// In the order in which they are shown.
pub const LABELS: &[DecidedLabel] = &[
    label("members", "Who is invited", WHO),
    label("table", "Who sits at the joint table", WHO),
    label("join", "What makes a state join", WHO),
    label("defection", "Members may leave", WHO),
    label("standing", "The accord stands from window to window", WHO),
    label("rule", "How it is adopted", VOTE),
    label("opt_outs", "How many may stay out", VOTE),
    label("quota", "Quota of a qualified majority", VOTE),
    label("weights", "Weights of votes", VOTE),
    label("lead", "Who leads", VOTE),
    label("binding", "How binding the rules are", RULES),
    label("penalty", "Penalty of leaving", RULES),
    label("recourse", "Recourse against suppliers", RULES),
    label("harmonisation", "Shared testing and compliance", RULES),
    label("cross_border_data", "Data arrangement", RULES),
    label("most_favoured", "Most-favoured clause", RULES),
    label("floors", "Common floor", RULES),
    label("shortlist", "Short list of suppliers", TABLE),
    label("annexes", "An annex of terms for each member", TABLE),
    label("cover_all", "Hosts in all members", TABLE),
    label("pooling", "Weight of the strongest member", TABLE),
    label("turn", "When the joint table comes", TABLE),
    label("sharing", "How gains are shared", MONEY),
    label("side_payments", "Share of gains that is paid out", MONEY),
    label("max_rounds", "Most rounds of talks", WHEN),
    label("round_years", "Length of a round", WHEN),
    label("interim", "What goes on while talks last", WHEN),
];

/// The name of the event with which an arm starts, as a setting writes it.
pub fn start_event(arm: &str) -> String {
    format!("{arm} starts, as set")
}

/// The year in which an arm starts, where a setting has said so before.
pub fn start_of(model: &Model, arm: &str) -> Option<f64> {
    let name = start_event(arm);
    let event = model.events.iter().find(|event| event.name == name)?;
    let horizon = model.horizon;
    Some(horizon.start_year + event.window as f64 * horizon.window_years)
}
