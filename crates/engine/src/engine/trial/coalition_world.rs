//! Every coalition of one window in one world, for those who ask what would have been.

use crate::engine::model::arm::StateSet;
use crate::engine::negotiation::accord::all_coalitions::AllCoalitions;
use crate::engine::negotiation::accord::coalitions::Coalitions;
use crate::engine::negotiation::accord::formation::{Assembly, Formed, Precedent};
use crate::engine::negotiation::arm_economy::Rules;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;
use crate::theory::coalition::CoalitionError;

/// Every coalition of one window in one world: what its members and the others get, undelayed. No coalition is played twice.
pub struct CoalitionWorld<'a> {
    pub(super) assembly: Assembly<'a>,
    pub(super) before: Precedent,
    pub(super) play: &'a mut WindowPlay,
    pub(super) coalitions: &'a mut Coalitions,
}

impl CoalitionWorld<'_> {
    /// The accord of the window before, empty without one.
    pub fn before(&self) -> StateSet {
        self.before.accord
    }

    /// What the talks of this window lead to, as in a run (section 7, steps 0 to 4).
    pub fn form(&mut self) -> Formed {
        self.assembly.form(self.play, self.coalitions, self.before)
    }

    /// Whether the members of a coalition consent to one more under the arm's rule where those of `yes` agree (step 0).
    pub fn consents(&self, coalition: StateSet, yes: StateSet) -> bool {
        self.assembly.consents(coalition, yes)
    }

    /// u_i(C) before sharing, inside or outside C; C is empty for alone_i or has at least two members.
    pub fn payoff(&mut self, coalition: StateSet, i: usize) -> f64 {
        let talks = &self.assembly.talks;
        let slot = self
            .coalitions
            .weigh(talks, self.play, Setting::whole(coalition));
        self.coalitions.payoffs(slot).delayed(i, 1.0)
    }

    /// At least u_i(C) of a state outside C, of two members at least, found without playing it; none where no bound is known.
    pub fn most_outside(&mut self, coalition: StateSet, i: usize) -> Option<f64> {
        let talks = &self.assembly.talks;
        talks.most_outside(self.play, coalition, i)
    }

    /// u_i(C) after the arm's sharing rule.
    pub fn shared_payoff(&mut self, coalition: StateSet, i: usize) -> f64 {
        self.assembly
            .shared_payoff(self.play, self.coalitions, coalition, |_| 1.0, i)
    }

    /// Fills `all` with the payoffs of every coalition of the states in `invited`, each played once.
    ///
    /// # Errors
    /// More than 16 states; a sharing rule whose values cannot be found.
    pub fn all(
        &mut self,
        invited: StateSet,
        all: &mut AllCoalitions,
    ) -> Result<(), CoalitionError> {
        self.assembly.all(self.play, invited, all)
    }

    /// V_i·(1−compute_i) with M = ∅: what binding·penalty is a share of (31).
    pub fn penalty_base(&self, i: usize) -> f64 {
        let talks = &self.assembly.talks;
        talks.arm_economy.value_out[i] * (1.0 - talks.standing.compute[i])
    }

    /// Whether member i of C gains nothing by leaving (31), ties staying.
    pub fn would_stay(&mut self, coalition: StateSet, i: usize) -> bool {
        let weighed = self
            .assembly
            .weigh_leaving(self.play, self.coalitions, coalition, i);
        !weighed.acts
    }

    /// The numbers of the arm in this window.
    pub fn rules(&self) -> Rules {
        self.assembly.talks.arm_economy.rules
    }

    /// Weight of i's vote under the arm's rule.
    pub fn weight(&self, i: usize) -> f64 {
        self.assembly.weight(i)
    }

    /// What kept shares from being found in this world since this was asked last, if anything did.
    ///
    /// # Errors
    /// That.
    pub fn sound(&mut self) -> Result<(), CoalitionError> {
        self.coalitions.failure.take().map_or(Ok(()), Err)
    }
}
