//! A weighted quota binds all who joined.

use crate::engine::model::arm::{Arm, StateSet};
use crate::engine::negotiation::accord::voting::ballot::{Ballot, Voting};
use crate::theory::coalition::{CoalitionError, banzhaf_voting};

/// Votes that miss the quota by no more than rounding meet it.
const QUOTA_SLACK: f64 = 1e-12;

/// An accord of all who joined if the votes of those who agree meet the quota.
pub struct QualifiedMajority;

impl Voting for QualifiedMajority {
    fn decide(
        ballot: &Ballot<'_>,
        joined: StateSet,
        mut yes: impl FnMut(StateSet) -> StateSet,
    ) -> StateSet {
        if meets_quota(ballot, yes(joined), joined) {
            joined
        } else {
            0
        }
    }

    fn consents(ballot: &Ballot<'_>, coalition: StateSet, yes: impl FnOnce() -> StateSet) -> bool {
        meets_quota(ballot, yes(), coalition)
    }

    fn pivotal(
        _: &Arm,
        _: &[usize],
        weights: &[f64],
        quota: f64,
    ) -> Result<Option<Vec<f64>>, CoalitionError> {
        banzhaf_voting(weights, quota * weights.iter().sum::<f64>()).map(Some)
    }
}

/// Whether the votes of those who agree meet the quota of all votes.
fn meets_quota(ballot: &Ballot<'_>, agreeing: StateSet, all: StateSet) -> bool {
    ballot.weight_of(agreeing) >= (ballot.quota - QUOTA_SLACK) * ballot.weight_of(all)
}
