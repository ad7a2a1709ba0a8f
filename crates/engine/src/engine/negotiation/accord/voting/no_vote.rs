//! No talks: those who joined are the accord.

use crate::engine::model::arm::StateSet;
use crate::engine::negotiation::accord::voting::ballot::{Ballot, Voting};

/// An accord of all who joined, of good will.
pub struct NoVote;

impl Voting for NoVote {
    const HAS_TALKS: bool = false;

    fn decide(_: &Ballot<'_>, joined: StateSet, _: impl FnMut(StateSet) -> StateSet) -> StateSet {
        joined
    }
}
