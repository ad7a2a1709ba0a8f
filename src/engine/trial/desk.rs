//! What one window of one arm is played on, and what a follower is shown of it.

use crate::engine::model::arm::StateSet;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::account::Accounts;
use crate::engine::negotiation::board::Board;
use crate::engine::negotiation::coalitions::Coalitions;
use crate::engine::negotiation::expected::Shedding;
use crate::engine::negotiation::formation::Formed;
use crate::engine::negotiation::payoff::Parts;
use crate::engine::negotiation::points::Points;
use crate::engine::negotiation::prospects::Prospects;
use crate::engine::negotiation::scene::{Scene, Standing};

/// Scratch of one window of one arm.
pub struct Desk {
    /// Standing of the arm.
    pub standing: Standing,
    /// Scene of arm and window.
    pub scene: Scene,
    /// E_h.
    pub expected: Vec<StateSet>,
    /// The play.
    pub board: Board,
    /// Coalitions of the window.
    pub coalitions: Coalitions,
    /// Accounts of the window.
    pub accounts: Accounts,
    /// Undelayed parts of payoffs.
    pub parts: Vec<Parts>,
    /// Net side payments.
    pub side_payments: Vec<f64>,
    pub(super) shedding: Shedding,
    pub(super) prospects: Prospects,
    /// Points of frontiers without floors.
    pub(super) open: Points,
    /// Points with the floors of the arm that was played last.
    pub(super) floored: Points,
}

/// What a follower is told after each window of an arm.
pub struct Scenes<'a> {
    /// Window.
    pub window: usize,
    /// Economy of the window.
    pub economy: &'a Economy,
    /// Everything else of the window, before the standing moves on.
    pub desk: &'a Desk,
    /// The talks.
    pub formed: Formed,
}
