//! All must agree.

use crate::engine::model::arm::{Arm, StateSet};
use crate::engine::negotiation::accord::voting::ballot::{Ballot, Voting};
use crate::theory::coalition::{CoalitionError, banzhaf_voting};

/// An accord of all who joined, or none.
pub struct Consensus;

impl Voting for Consensus {
    fn decide(
        _: &Ballot<'_>,
        joined: StateSet,
        mut yes: impl FnMut(StateSet) -> StateSet,
    ) -> StateSet {
        if yes(joined) == joined { joined } else { 0 }
    }

    fn consents(_: &Ballot<'_>, coalition: StateSet, yes: impl FnOnce() -> StateSet) -> bool {
        yes() == coalition
    }

    fn pivotal(
        _: &Arm,
        players: &[usize],
        _: &[f64],
        _: f64,
    ) -> Result<Option<Vec<f64>>, CoalitionError> {
        let k = players.len();
        banzhaf_voting(&vec![1.0; k], k as f64).map(Some)
    }
}
