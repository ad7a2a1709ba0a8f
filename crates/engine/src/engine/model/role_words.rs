//! What a scenario calls its parties, where they are no states and hyperscalers.

/// Words for readers; the keys of the file and the paths of results stay as they are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // named as in the scenario file
pub struct RoleWords {
    pub state: String,
    pub states: String,
    pub hyperscaler: String,
    pub hyperscalers: String,
    pub currency: String,
    pub region: String,
}

impl Default for RoleWords {
    fn default() -> RoleWords {
        RoleWords {
            state: "state".to_owned(),
            states: "states".to_owned(),
            hyperscaler: "hyperscaler".to_owned(),
            hyperscalers: "hyperscalers".to_owned(),
            currency: "US$ bn".to_owned(),
            region: "the region".to_owned(),
        }
    }
}

impl RoleWords {
    /// Whether the scenario says none of its own.
    pub fn are_default(&self) -> bool {
        *self == RoleWords::default()
    }
}
