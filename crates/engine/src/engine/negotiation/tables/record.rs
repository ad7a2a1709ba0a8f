//! What a play leaves for those who follow it: how each turn at a table ended, rounds of tenders, and suppliers that would have lost.

use crate::engine::model::arm::StateSet;
use crate::theory::bargaining::{Agreement, Gains};

/// How a turn at the table ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TableOutcome {
    /// The two sides agreed.
    Agreed(Agreement),
    /// No bundle leaves both sides a gain.
    NoDeal,
    /// The pair may not deal.
    NotFeasible,
    /// The deal is larger than what is left of the budget.
    OverBudget,
    /// The hyperscaler is not on the short list of those at the table.
    Refused,
    /// No member is worth placing a host in.
    NobodyPlaced,
}

/// One turn of the window, for those who follow the talks.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRecord {
    /// T, the states at the table.
    pub table: StateSet,
    /// h, whom they meet.
    pub hyperscaler: usize,
    /// G, empty where nobody was placed.
    pub placed: StateSet,
    /// ΔU and ΔΠ, 0 where the two did not come to bargain.
    pub gains: Gains,
    /// ΔU + ΔΠ + s − g at λ = ½: what the two would gain together if cash could move.
    pub together: f64,
    /// Margin that a refusal costs h.
    pub pressure: f64,
    /// How it ended.
    pub ended: TableOutcome,
}

impl TableRecord {
    /// The record of a table of state i with hyperscaler h at which talks were held.
    pub fn of_pair(
        i: usize,
        hyperscaler: usize,
        gains: Gains,
        together: f64,
        pressure: f64,
        ended: TableOutcome,
    ) -> TableRecord {
        TableRecord {
            table: 1 << i,
            hyperscaler,
            placed: 1 << i,
            gains,
            together,
            pressure,
            ended,
        }
    }

    /// A turn that ended before gains were weighed.
    pub fn without_talks(table: StateSet, hyperscaler: usize, ended: TableOutcome) -> TableRecord {
        TableRecord {
            table,
            hyperscaler,
            placed: 0,
            gains: Gains::NONE,
            together: 0.0,
            pressure: 0.0,
            ended,
        }
    }

    /// The agreement, if there is one.
    pub fn agreement(&self) -> Option<Agreement> {
        match self.ended {
            TableOutcome::Agreed(agreement) => Some(agreement),
            _ => None,
        }
    }
}

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
