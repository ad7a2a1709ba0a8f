//! All coalitions of some states in one window (model, section 7): what each state gets inside and outside each of them.
//!
//! Every coalition is played once. The members' game is written down once for all of them: the monotone cover of a part of it is a part of
//! its monotone cover, and the Shapley values of all its parts come from one potential.

use crate::engine::model::arm::{EXACT_MEMBERS, Sharing, StateSet, members};
use crate::engine::negotiation::accord::formation::Assembly;
use crate::engine::negotiation::payoff::state_parts;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::theory::coalition::nucleolus::nucleolus;
use crate::theory::coalition::{CoalitionError, Game, monotone_cover, shapley_potential};

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
    potential: Vec<f64>,
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
    pub fn sweep(
        &self,
        play: &mut WindowPlay,
        invited: StateSet,
        sweep: &mut AllCoalitions,
    ) -> Result<(), CoalitionError> {
        if invited.count_ones() > EXACT_MEMBERS {
            return Err(CoalitionError::Players {
                given: invited.count_ones() as usize,
                max: EXACT_MEMBERS as usize,
            });
        }
        sweep.players.clear();
        sweep.players.extend(members(invited));
        self.play_all(play, sweep);
        sweep.cover.clone_from(&sweep.gains);
        monotone_cover(&mut sweep.cover);
        if self.pools() {
            self.share_all(sweep)?;
        }
        Ok(())
    }

    fn play_all(&self, play: &mut WindowPlay, sweep: &mut AllCoalitions) {
        let k = sweep.players.len();
        sweep.payoffs.resize(k << k, 0.0);
        sweep.gains.resize(1 << k, 0.0);
        for mask in 0..1usize << k {
            sweep.gains[mask] = 0.0;
            let at = mask * k;
            if mask.count_ones() == 1 {
                sweep.payoffs.copy_within(0..k, at);
                continue;
            }
            self.talks
                .play_draft(play, self.expected, sweep.states(mask));
            for p in 0..k {
                let (economy, i) = (self.talks.economy, sweep.players[p]);
                let parts = state_parts(
                    economy,
                    self.talks.arm_economy,
                    self.talks.standing,
                    play,
                    i,
                );
                let payoff = parts.gross() + parts.rest();
                sweep.payoffs[at + p] = payoff;
                if mask >> p & 1 == 1 {
                    sweep.gains[mask] += payoff - sweep.payoffs[p];
                }
            }
        }
    }

    /// Step 5 for every coalition: u ← (1−ς)·u + ς·(alone + share·pool).
    fn share_all(&self, sweep: &mut AllCoalitions) -> Result<(), CoalitionError> {
        let k = sweep.players.len();
        let sigma = self.talks.arm_economy.rules.side_payments;
        if self.talks.arm.sharing == Sharing::Shapley {
            sweep.potential.resize(1 << k, 0.0);
            shapley_potential(&sweep.cover, &mut sweep.potential);
        }
        for mask in (0..1usize << k).filter(|mask| mask.count_ones() >= 2) {
            self.fill_shares(sweep, mask)?;
            let pool = sweep.gains[mask];
            for (p, share) in members(mask as u64).zip(&sweep.shares) {
                let alone = sweep.payoffs[p];
                let own = &mut sweep.payoffs[mask * k + p];
                *own = (1.0 - sigma) * *own + sigma * (alone + share * pool);
            }
        }
        Ok(())
    }

    /// Each member's share of the pool of a coalition, in the order of players.
    fn fill_shares(&self, sweep: &mut AllCoalitions, mask: usize) -> Result<(), CoalitionError> {
        sweep.shares.clear();
        let wins = sweep.gains[mask] > 0.0;
        match self.talks.arm.sharing {
            Sharing::Shapley if wins => {
                let whole = sweep.potential[mask];
                for p in members(mask as u64) {
                    sweep.shares.push(whole - sweep.potential[mask ^ 1 << p]);
                }
            }
            Sharing::Nucleolus if wins => {
                let values = nucleolus(&Game::new(part_of(&sweep.cover, mask))?)?;
                sweep.shares.extend(values);
            }
            _ => {
                let accord = sweep.states(mask);
                for p in members(mask as u64) {
                    let share = self.weighted_share(accord, sweep.players[p]);
                    sweep.shares.push(share);
                }
                return Ok(());
            }
        }
        // A pool above 0 has a cover above 0, which values add up to.
        let sum: f64 = sweep.shares.iter().sum();
        sweep.shares.iter_mut().for_each(|share| *share /= sum);
        Ok(())
    }
}

/// The game of the players of a mask alone.
fn part_of(values: &[f64], mask: usize) -> Vec<f64> {
    let mut whole = vec![0usize; 1 << mask.count_ones()];
    for (place, p) in members(mask as u64).enumerate() {
        let (low, high) = whole.split_at_mut(1 << place);
        for (high, low) in high.iter_mut().zip(low.iter()) {
            *high = low | 1 << p;
        }
    }
    whole.into_iter().map(|mask| values[mask]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_game_keeps_the_order_of_players() {
        let values: Vec<f64> = (0..16).map(f64::from).collect();
        assert_eq!(
            part_of(&values, 0b1010),
            [0.0, 2.0, 8.0, 10.0],
            "players 1 and 3"
        );
        assert_eq!(part_of(&values, 0b1111), values);
    }
}
