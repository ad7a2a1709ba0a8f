//! For whom a run is shown, and what is shown of its worlds.

use serde::{Deserialize, Serialize};

/// How the scenario is called beside what was changed in it.
pub const BEFORE: &str = "as the scenario has it";

/// For whom readings are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExploreReader {
    #[default]
    Adviser,
    Investor,
    Vendor,
}

/// What the arm that is looked at brings more than the reference, US$ bn, by world.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorldDifferences {
    /// Of all states together.
    pub total: Vec<f64>,
    /// Of each state.
    pub states: Vec<Vec<f64>>,
}
