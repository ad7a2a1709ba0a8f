//! The lead member decides.

use crate::engine::model::arm::{Arm, StateSet};
use crate::engine::negotiation::accord::voting::ballot::{Ballot, Voting};
use crate::theory::coalition::CoalitionError;

/// An accord of all who joined if the lead agrees.
pub struct Lead;

impl Voting for Lead {
    fn can_succeed(arm: &Arm, joined: StateSet) -> bool {
        arm.lead.is_none_or(|lead| joined >> lead & 1 == 1)
    }

    fn decide(
        ballot: &Ballot<'_>,
        joined: StateSet,
        mut yes: impl FnMut(StateSet) -> StateSet,
    ) -> StateSet {
        let agreeing = yes(joined);
        let leads = |lead: usize| agreeing >> lead & 1 == 1;
        if ballot.arm.lead.is_some_and(leads) {
            joined
        } else {
            0
        }
    }

    fn consents(ballot: &Ballot<'_>, coalition: StateSet, yes: impl FnOnce() -> StateSet) -> bool {
        let agreeing = coalition & yes();
        let leads = |lead: usize| agreeing >> lead & 1 == 1;
        ballot.arm.lead.is_some_and(leads)
    }

    fn pivotal(
        arm: &Arm,
        players: &[usize],
        _: &[f64],
        _: f64,
    ) -> Result<Option<Vec<f64>>, CoalitionError> {
        let leads = players.iter().map(|&i| f64::from(arm.lead == Some(i)));
        Ok(Some(leads.collect()))
    }
}
