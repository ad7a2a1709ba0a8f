//! What a rule of voting sees of a poll.

use crate::engine::model::arm::{Arm, StateSet, Weights, members};
use crate::theory::coalition::CoalitionError;

/// The arm's rules for a vote, with what weighs votes.
#[derive(Debug, Clone, Copy)]
pub struct Ballot<'a> {
    /// Whose rule, weights, opt-outs and lead count.
    pub arm: &'a Arm,
    /// Quota of a qualified majority.
    pub quota: f64,
    /// GDP of the states in the window.
    pub gdp: &'a [f64],
    /// Population of the states.
    pub population: &'a [f64],
}

impl Ballot<'_> {
    /// Weight of i's vote.
    pub fn weight(&self, i: usize) -> f64 {
        match self.arm.weights {
            Weights::Equal => 1.0,
            Weights::Gdp => self.gdp[i],
            Weights::Population => self.population[i],
        }
    }

    /// Weight of the votes of a coalition.
    pub fn weight_of(&self, coalition: StateSet) -> f64 {
        members(coalition).map(|i| self.weight(i)).sum()
    }
}

/// A rule of voting: how one round of talks ends (model, section 7, step 2), and whose vote decides.
pub trait Voting {
    /// Whether those who joined talk at all.
    const HAS_TALKS: bool = true;
    /// Whether all who are invited are the accord, whatever they want.
    const MANDATED: bool = false;

    /// Whether talks can succeed among those who joined.
    fn can_succeed(_arm: &Arm, _joined: StateSet) -> bool {
        true
    }

    /// The accord of one round, 0 if it fails; `yes` polls a coalition and gives those of it that agree.
    fn decide(
        ballot: &Ballot<'_>,
        joined: StateSet,
        yes: impl FnMut(StateSet) -> StateSet,
    ) -> StateSet;

    /// Whether the members of an accord that stands consent to one who applies; `yes` polls them and gives those that agree. Where nobody votes
    /// nobody is asked.
    fn consents(
        _ballot: &Ballot<'_>,
        _coalition: StateSet,
        _yes: impl FnOnce() -> StateSet,
    ) -> bool {
        true
    }

    /// How often each of `players` decides if all others vote yes or no with even odds (Banzhaf), all of them having joined; none where
    /// nobody votes. The weights are those of their votes.
    ///
    /// # Errors
    /// Weights or a quota that are no voting game.
    fn pivotal(
        _arm: &Arm,
        _players: &[usize],
        _weights: &[f64],
        _quota: f64,
    ) -> Result<Option<Vec<f64>>, CoalitionError> {
        Ok(None)
    }
}
