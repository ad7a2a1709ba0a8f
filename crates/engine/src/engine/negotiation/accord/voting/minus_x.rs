//! Those who say no may leave, up to a number; the rest is polled again, until all of it agree.

use crate::engine::model::arm::{Arm, StateSet};
use crate::engine::negotiation::accord::voting::ballot::{Ballot, Voting};
use crate::theory::coalition::{CoalitionError, banzhaf_voting};

/// An accord of those who agree, if few enough stay out.
pub struct MinusX;

impl Voting for MinusX {
    fn decide(
        ballot: &Ballot<'_>,
        joined: StateSet,
        mut yes: impl FnMut(StateSet) -> StateSet,
    ) -> StateSet {
        let mut coalition = joined;
        loop {
            let agreeing = yes(coalition);
            if agreeing == coalition {
                return coalition;
            }
            coalition = agreeing;
            let out = (joined & !coalition).count_ones();
            if out > ballot.arm.opt_outs || coalition.count_ones() < 2 {
                return 0;
            }
        }
    }

    fn consents(ballot: &Ballot<'_>, coalition: StateSet, yes: impl FnOnce() -> StateSet) -> bool {
        let refusing = coalition & !yes();
        refusing.count_ones() <= ballot.arm.opt_outs
    }

    /// At most `opt_outs` may refuse, and two must be left.
    fn pivotal(
        arm: &Arm,
        players: &[usize],
        _: &[f64],
        _: f64,
    ) -> Result<Option<Vec<f64>>, CoalitionError> {
        let k = players.len();
        let needed = k.saturating_sub(arm.opt_outs as usize).max(2);
        banzhaf_voting(&vec![1.0; k], needed as f64).map(Some)
    }
}
