//! No talks: those who joined are the accord.

use crate::engine::model::arm::{Arm, StateSet};
use crate::engine::negotiation::accord::voting::ballot::{Ballot, Voting};
use crate::theory::coalition::CoalitionError;

/// An accord of all who joined, of good will.
pub struct NoVote;

impl Voting for NoVote {
    const HAS_TALKS: bool = false;

    fn decide(_: &Ballot<'_>, joined: StateSet, _: impl FnMut(StateSet) -> StateSet) -> StateSet {
        joined
    }

    fn consents(_: &Ballot<'_>, _: StateSet, _: impl FnOnce() -> StateSet) -> bool {
        true
    }

    fn pivotal(
        _: &Arm,
        _: &[usize],
        _: &[f64],
        _: f64,
    ) -> Result<Option<Vec<f64>>, CoalitionError> {
        Ok(None)
    }
}
