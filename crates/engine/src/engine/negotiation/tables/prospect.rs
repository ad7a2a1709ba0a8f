//! What an outsider may come to with a hyperscaler, before anybody meets.
//!
//! Not here: how it is found (`outsider`).

use crate::engine::model::arm::StateSet;
use crate::theory::bargaining::Gains;

/// A hyperscaler and the outsider.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Prospect {
    /// The states that surely sign with it at tables of their own.
    pub signing: StateSet,
    /// Whether the outsider may sign, and whether it may be expected to.
    pub signs: bool,
    pub expected: bool,
    /// The most ΔU and ΔΠ.
    pub most: Gains,
    /// The most of s − loss.
    pub terms: f64,
}
