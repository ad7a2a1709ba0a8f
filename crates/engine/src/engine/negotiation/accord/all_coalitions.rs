//! All coalitions of some states in one window (model, section 7): what each state gets inside and outside each of them.
//!
//! Every coalition is played once. The members' game is written down once for all of them: the monotone cover of a part of it is a part of
//! its monotone cover, and the Shapley values of all its parts come from one potential.

use crate::engine::model::arm::{EXACT_MEMBERS, StateSet, members};
use crate::engine::negotiation::accord::formation::Assembly;
use crate::engine::negotiation::accord::sharing;
use crate::engine::negotiation::payoff::state_parts;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;
use crate::theory::coalition::{CoalitionError, monotone_cover};

/// Undelayed payoffs of all coalitions of k states, the players, by bit mask: player p is `players[p]`, bit p of a mask. Masks with
/// fewer than two players hold what everybody has alone. Used again for every world.
#[derive(Debug, Clone, Default)]
pub struct AllCoalitions {
    /// The states, ascending.
    pub players: Vec<usize>,
    /// u_p(C) after the arm's sharing rule, at mask·k + p.
    pub payoffs: Vec<f64>,
    /// Σ_{p∈C}(u_p(C) − alone_p) by mask; 0 with fewer than two players.
    pub gains: Vec<f64>,
    /// The monotone cover of the gains: the game whose values divide a pool.
    pub cover: Vec<f64>,
    /// What the values of all parts of the cover follow from.
    prepared: Vec<f64>,
    shares: Vec<f64>,
}

impl AllCoalitions {
    /// k.
    pub fn count(&self) -> usize {
        self.players.len()
    }

    /// u_p(C) after sharing.
    pub fn payoff(&self, mask: usize, p: usize) -> f64 {
        self.payoffs[mask * self.players.len() + p]
    }

    /// The states of a mask.
    pub fn states(&self, mask: usize) -> StateSet {
        members(mask as u64).fold(0, |set, p| set | 1 << self.players[p])
    }
}

impl Assembly<'_> {
    /// Plays every coalition of `invited` and shares its pool.
    ///
    /// # Errors
    /// More than 16 states; a nucleolus that cannot be found.
    pub fn all(
        &self,
        play: &mut WindowPlay,
        invited: StateSet,
        all: &mut AllCoalitions,
    ) -> Result<(), CoalitionError> {
        if invited.count_ones() > EXACT_MEMBERS {
            return Err(CoalitionError::Players {
                given: invited.count_ones() as usize,
                max: EXACT_MEMBERS as usize,
            });
        }
        all.players.clear();
        all.players.extend(members(invited));
        self.play_all(play, all);
        all.cover.clone_from(&all.gains);
        monotone_cover(&mut all.cover);
        if self.pools() {
            self.share_all(all)?;
        }
        Ok(())
    }

    fn play_all(&self, play: &mut WindowPlay, all: &mut AllCoalitions) {
        let k = all.players.len();
        all.payoffs.resize(k << k, 0.0);
        all.gains.resize(1 << k, 0.0);
        for mask in 0..1usize << k {
            all.gains[mask] = 0.0;
            let at = mask * k;
            if mask.count_ones() == 1 {
                all.payoffs.copy_within(0..k, at);
                continue;
            }
            let setting = Setting::whole(all.states(mask));
            self.talks.play(play, setting);
            for p in 0..k {
                let (economy, i) = (self.talks.economy, all.players[p]);
                let parts = state_parts(
                    economy,
                    self.talks.arm_economy,
                    self.talks.standing,
                    play,
                    i,
                );
                let payoff = parts.gross() + parts.rest();
                all.payoffs[at + p] = payoff;
                if mask >> p & 1 == 1 {
                    all.gains[mask] += payoff - all.payoffs[p];
                }
            }
        }
    }

    /// Step 5 for every coalition: u ← (1−ς)·u + ς·(alone + share·pool) of those of B.
    fn share_all(&self, all: &mut AllCoalitions) -> Result<(), CoalitionError> {
        let k = all.players.len();
        let sigma = self.talks.arm_economy.rules.side_payments;
        sharing::prepare(self.talks.arm.sharing, &all.cover, &mut all.prepared);
        for mask in (0..1usize << k).filter(|mask| mask.count_ones() >= 2) {
            let seated = self.seated(all, mask);
            let gains = members(seated as u64);
            let gains = gains.map(|p| all.payoffs[mask * k + p] - all.payoffs[p]);
            let pool: f64 = gains.sum();
            self.fill_shares(all, mask, seated, pool)?;
            for (p, share) in members(seated as u64).zip(&all.shares) {
                let alone = all.payoffs[p];
                let own = &mut all.payoffs[mask * k + p];
                *own = (1.0 - sigma) * *own + sigma * (alone + share * pool);
            }
        }
        Ok(())
    }

    /// The players of a coalition who sit at the joint table.
    fn seated(&self, all: &AllCoalitions, mask: usize) -> usize {
        let table = self.talks.arm.joint_table(all.states(mask));
        let seated = members(mask as u64).filter(|&p| table >> all.players[p] & 1 == 1);
        seated.fold(0, |seated, p| seated | 1 << p)
    }

    /// The share of the pool of each of those `seated`, in the order of players.
    fn fill_shares(
        &self,
        all: &mut AllCoalitions,
        mask: usize,
        seated: usize,
        pool: f64,
    ) -> Result<(), CoalitionError> {
        all.shares.clear();
        let rule = self.talks.arm.sharing;
        if !(pool > 0.0 && sharing::is_by_value(rule)) {
            let table = all.states(seated);
            for p in members(seated as u64) {
                let share = self.weighted_share(table, all.players[p]);
                all.shares.push(share);
            }
            return Ok(());
        }
        let (game, prepared) = (&all.cover, &all.prepared);
        sharing::values_of_part(rule, game, prepared, mask, &mut all.shares)?;
        // A pool above 0 has a cover above 0, which values add up to.
        let sum: f64 = all.shares.iter().sum();
        all.shares.iter_mut().for_each(|share| *share /= sum);
        Ok(())
    }
}
