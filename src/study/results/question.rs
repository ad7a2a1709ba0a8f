//! What a scenario asks, and how often each option is best: a part of the results document.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How often each option is best, by the name of its arm.
pub type BestShares = IndexMap<String, BestShare>;

/// What the scenario asks, and how often each option is best: by payoff for states, by profit for hyperscalers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QuestionResult {
    /// The question in words; empty where the scenario asks none.
    pub text: String,
    /// Whose view it takes: "region", or the id of a state or hyperscaler.
    #[serde(rename = "for")]
    pub view: String,
    /// What there is to choose from, in the order of the file, without what is switched off.
    pub options: Vec<ChoiceOption>,
    /// For all states together.
    pub region: BestShares,
    /// For each state.
    pub states: IndexMap<String, BestShares>,
    /// For each hyperscaler.
    pub hyperscalers: IndexMap<String, BestShares>,
}

/// An option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChoiceOption {
    /// Its arm.
    pub arm: String,
    /// What it is in a few words.
    pub title: String,
    /// What it is in a sentence; empty where the scenario does not say.
    pub what: String,
}

/// Shares of worlds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BestShare {
    /// No other option is better, within 1e-9·max(1, |best|).
    pub best: f64,
    /// Every other option is worse.
    pub alone: f64,
}
