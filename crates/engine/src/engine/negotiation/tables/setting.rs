//! Under what a window is played: whose accord, and whether its members sit together.

use crate::engine::model::arm::StateSet;

/// Under what a window is played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Setting {
    /// M, the members of the accord; empty without one.
    pub accord: StateSet,
    /// Whether members keep the rules at tables of their own, nobody sitting together and without a short list (43).
    pub apart: bool,
}

impl Setting {
    /// The window under an accord with all that its arm makes of it.
    pub fn whole(accord: StateSet) -> Setting {
        Setting {
            accord,
            apart: false,
        }
    }
}
