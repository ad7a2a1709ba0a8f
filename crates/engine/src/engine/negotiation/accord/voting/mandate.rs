//! No talks: the accord is mandated, and all who are invited are in it.

use crate::engine::model::arm::StateSet;
use crate::engine::negotiation::accord::voting::ballot::{Ballot, Voting};

/// An accord of all invited, whatever they say.
pub struct Mandate;

impl Voting for Mandate {
    const HAS_TALKS: bool = false;
    const MANDATED: bool = true;

    fn decide(ballot: &Ballot<'_>, _: StateSet, _: impl FnMut(StateSet) -> StateSet) -> StateSet {
        ballot.arm.members
    }
}
