//! What `compare` found: its document.

use crate::study::results::run::{Manifest, Paired};
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Scenarios against each other on the same draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CompareResults {
    /// Identity; its scenario is the first.
    pub manifest: Manifest,
    /// Arm that differences within a scenario are taken to.
    pub reference: String,
    /// Arm that sentences are about: the headline of the first scenario, if all have it.
    pub arm: Option<String>,
    /// The scenarios, in the order given.
    pub scenarios: Vec<ScenarioResults>,
    /// Every later scenario against the first.
    pub comparisons: Vec<ScenarioComparison>,
}

/// A scenario by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioResults {
    /// What it is called here: the file or shipped name, with a number where two are called the same.
    pub label: String,
    /// Its own name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// SHA-256 of the scenario after all layers, in hexadecimal.
    pub scenario_sha256: String,
    /// Its arms that are not switched off.
    pub arms: Vec<String>,
    /// Distribution of each result by its path; null where no world has it.
    pub results: IndexMap<String, Option<Stat>>,
}

/// A scenario against the first, over the worlds in which both have a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioComparison {
    /// Label of the scenario.
    pub scenario: String,
    /// Label of the first.
    pub reference: String,
    /// What the two say differently: keys by path, with the value in the first and in this one as TOML, "absent" where it has none; an entry
    /// that only one of them has is one key, "present" there.
    pub differs: IndexMap<String, [String; 2]>,
    /// The difference of each result that both have, by its path: this scenario less the first. Of a result that is a difference between
    /// arms, it is the difference of differences.
    pub results: IndexMap<String, Paired>,
}
