//! What one window of one arm is played on, and what a follower is shown of it.

use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::accord::causes::Counterfactuals;
use crate::engine::negotiation::accord::coalitions::Coalitions;
use crate::engine::negotiation::accord::formation::Formed;
use crate::engine::negotiation::account::Accounts;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::cache::frontiers::FrontierCache;
use crate::engine::negotiation::payoff::PayoffParts;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::WindowPlay;

/// Scratch of one window of one arm.
pub struct WindowScratch {
    /// What earlier windows of the arm left.
    pub standing: Standing,
    /// What hangs on the arm in this window.
    pub arm_economy: ArmEconomy,
    /// The play that was last begun; after a window, the one under the accord that held.
    pub play: WindowPlay,
    /// What coalitions get, and the steps of the talks about an accord.
    pub coalitions: Coalitions,
    /// What the play brought hyperscalers and hosts.
    pub accounts: Accounts,
    /// Undelayed parts of each state's payoff.
    pub parts: Vec<PayoffParts>,
    /// Net side payment of each state, USD bn.
    pub side_payments: Vec<f64>,
    /// What each state would have got otherwise.
    pub causes: Vec<Counterfactuals>,
    /// Points of frontiers without floors.
    pub(super) open: FrontierCache,
    /// Points with the floors of the arm that was played last.
    pub(super) floored: FrontierCache,
}

/// What a follower is told after each window of an arm.
pub struct PlayedWindow<'a> {
    /// Index of the window.
    pub window: usize,
    /// What no negotiation changes in the window.
    pub economy: &'a Economy,
    /// Everything else of the window, before the standing moves on.
    pub scratch: &'a WindowScratch,
    /// What the talks about an accord led to.
    pub formed: Formed,
}
