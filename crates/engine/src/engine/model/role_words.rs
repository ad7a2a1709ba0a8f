//! What a scenario calls its parties, where they are no states and hyperscalers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Words for readers; the keys of the file and the paths of results stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)] // named as in the scenario file
pub struct RoleWords {
    pub state: String,
    pub states: String,
    pub hyperscaler: String,
    pub hyperscalers: String,
    pub currency: String,
    pub region: String,
}

/// What amounts are counted in where a scenario does not say.
const CURRENCY: &str = "US$ bn";

impl Default for RoleWords {
    fn default() -> RoleWords {
        RoleWords {
            state: "state".to_owned(),
            states: "states".to_owned(),
            hyperscaler: "hyperscaler".to_owned(),
            hyperscalers: "hyperscalers".to_owned(),
            currency: CURRENCY.to_owned(),
            region: "the region".to_owned(),
        }
    }
}

impl RoleWords {
    /// Whether the scenario says none of its own.
    pub fn are_default(&self) -> bool {
        *self == RoleWords::default()
    }

    /// Whether amounts are in US$ bn.
    pub fn are_in_dollars(&self) -> bool {
        self.currency == CURRENCY
    }
}
