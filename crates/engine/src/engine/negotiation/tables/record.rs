//! What a play leaves for those who follow it, besides its tables: rounds of tenders, and suppliers that would have lost.

use crate::engine::model::arm::StateSet;

/// A round of a tender (model, section 6, shortlist).
#[derive(Debug, Clone, PartialEq)]
pub struct TenderRound {
    /// Who tenders.
    pub party: StateSet,
    /// Bids by hyperscaler, USD bn: NaN of those on the list without one and of those who are not on it.
    pub bids: Vec<f64>,
    /// The list, a bitmask of hyperscalers.
    pub list: u64,
}

/// A supplier that would have lost by what it signed (42).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConcessionRecord {
    /// h.
    pub hyperscaler: usize,
    /// v° before anybody conceded, USD bn.
    pub loss: f64,
    /// The share of u_S that all at its tables keep; none where h left.
    pub kept: Option<f64>,
}
