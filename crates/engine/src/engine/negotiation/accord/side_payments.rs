//! How those who sit at a bloc's table divide their gains (model, section 7, step 5).
//!
//! Not here: the rules themselves, a file each in `sharing`, and cash from hyperscalers (29).

use crate::engine::model::arm::{EXACT_MEMBERS, Mode, StateSet, members};
use crate::engine::negotiation::accord::coalitions::Coalitions;
use crate::engine::negotiation::accord::formation::{Assembly, Formed};
use crate::engine::negotiation::accord::sharing;
use crate::engine::negotiation::account::factor_of;
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;
use crate::theory::coalition::shapley::shapley_sampled;
use crate::theory::coalition::{CoalitionError, monotone_cover};

/// Orders of joining that are sampled for the Shapley value of more members, at least, and permutations that they are turns of: fewer have no spread to tell.
const SAMPLED_ORDERS: usize = 256;
const LEAST_PERMUTATIONS: usize = 8;

impl Assembly<'_> {
    /// Whether the arm pools gains at all.
    pub(super) fn pools(&self) -> bool {
        let arm = self.talks.arm;
        arm.mode == Mode::Bloc
            && sharing::pools(arm.sharing)
            && self.talks.arm_economy.rules.side_payments > 0.0
    }

    /// u_i under `accord` after sharing, with everybody's delay factors:
    /// (1−ς)u_i + ς(alone_i + share_i·Σ_{j∈B}(u_j − alone_j)) of those of B.
    pub fn shared_payoff(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        factor: impl Fn(usize) -> f64,
        i: usize,
    ) -> f64 {
        let slot = coalitions.weigh(&self.talks, play, Setting::whole(accord));
        let table = self.talks.arm.joint_table(accord);
        if !self.pools() || table >> i & 1 == 0 {
            return coalitions.payoffs(slot).delayed(i, factor(i));
        }
        let alone_slot = coalitions.weigh(&self.talks, play, Setting::default());
        let (played, alone) = (coalitions.payoffs(slot), coalitions.payoffs(alone_slot));
        let pool: f64 = members(table)
            .map(|j| played.delayed(j, factor(j)) - alone.delayed(j, factor(j)))
            .sum();
        let (own, apart) = (played.delayed(i, factor(i)), alone.delayed(i, factor(i)));
        let by_value = sharing::is_by_value(self.talks.arm.sharing);
        let share = if by_value && pool > 0.0 {
            self.share_by_value(play, coalitions, table, i)
        } else {
            self.weighted_share(table, i)
        };
        let sigma = self.talks.arm_economy.rules.side_payments;
        (1.0 - sigma) * own + sigma * (apart + share * pool)
    }

    /// Fills the net side payment of each state once the accord is settled, with the delay in force.
    pub fn pay(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        formed: &Formed,
        paid: &mut [f64],
    ) {
        let factor = |i: usize| factor_of(formed.talked, formed.delay, i);
        if !self.pools() {
            return;
        }
        for i in members(self.talks.arm.joint_table(formed.accord)) {
            let after = self.shared_payoff(play, coalitions, formed.accord, factor, i);
            let slot = coalitions.weigh(&self.talks, play, Setting::whole(formed.accord));
            paid[i] = after - coalitions.payoffs(slot).delayed(i, factor(i));
        }
    }

    /// Shares that need no game: equal ones also stand in for values where the pool or their sum is not positive.
    pub(super) fn weighted_share(&self, table: StateSet, i: usize) -> f64 {
        let weight = |j| sharing::weight(self.talks.arm.sharing, self.talks.economy, j);
        weight(i) / members(table).map(weight).sum::<f64>()
    }

    /// Member i's value in the game of `accord` divided by the sum of values; an equal share where that sum is not positive.
    fn share_by_value(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
        i: usize,
    ) -> f64 {
        if let Some(share) = coalitions.share(accord, i) {
            return share;
        }
        let exact = accord.count_ones() <= EXACT_MEMBERS;
        let found = if exact {
            self.exact_values(play, coalitions, accord)
        } else {
            self.sampled_values(play, coalitions, accord)
        };
        let mut values = std::mem::take(&mut coalitions.values);
        let sum: f64 = values.iter().sum();
        if let Err(failure) = found {
            coalitions.failure.get_or_insert(failure);
            values.fill(f64::NAN);
        } else if sum > 0.0 {
            values.iter_mut().for_each(|value| *value /= sum);
        } else {
            values.fill(1.0 / f64::from(accord.count_ones()));
        }
        coalitions.keep_shares(accord, &values);
        let share = members(accord)
            .position(|member| member == i)
            .map_or(0.0, |player| values[player]);
        coalitions.values = values;
        share
    }

    /// w(C) = Σ_{i∈C}(u_i(C) − alone_i) before sharing and undelayed for |C| >= 2, 0 otherwise.
    fn joint_gain(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        coalition: StateSet,
    ) -> f64 {
        if coalition.count_ones() < 2 {
            return 0.0;
        }
        let alone_slot = coalitions.weigh(&self.talks, play, Setting::default());
        let slot = coalitions.weigh(&self.talks, play, Setting::whole(coalition));
        let (played, alone) = (coalitions.payoffs(slot), coalitions.payoffs(alone_slot));
        members(coalition)
            .map(|i| played.delayed(i, 1.0) - alone.delayed(i, 1.0))
            .sum()
    }

    /// Values of all members from the monotone cover of their game.
    fn exact_values(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
    ) -> Result<(), CoalitionError> {
        let count = accord.count_ones() as usize;
        coalitions.players.clear();
        coalitions.players.extend(members(accord));
        coalitions.game.clear();
        coalitions.game.resize(1 << count, 0.0);
        for subset in 1..1u64 << count {
            let coalition =
                members(subset).fold(0, |set, player| set | 1 << coalitions.players[player]);
            coalitions.game[subset as usize] = self.joint_gain(play, coalitions, coalition);
        }
        monotone_cover(&mut coalitions.game);
        coalitions.values.clear();
        coalitions.values.resize(count, 0.0);
        sharing::values(
            self.talks.arm.sharing,
            &coalitions.game,
            &mut coalitions.values,
        )
    }

    /// The Shapley value of many members from sampled orders of joining, each member at each place as often as any other. Along an order w keeps its maximum so
    /// far, which stands in for the monotone cover.
    fn sampled_values(
        &self,
        play: &mut WindowPlay,
        coalitions: &mut Coalitions,
        accord: StateSet,
    ) -> Result<(), CoalitionError> {
        let players: Vec<usize> = members(accord).collect();
        coalitions.values.clear();
        coalitions.values.resize(players.len(), 0.0);
        let mut highest = 0.0f64;
        let mut uniform = self
            .noise
            .streams
            .orders_of_joining(self.noise.trial, self.noise.window);
        let estimate = shapley_sampled(
            players.len(),
            |subset| {
                if subset.count_ones() == 1 {
                    highest = 0.0;
                }
                let coalition = members(subset).fold(0, |set, player| set | 1 << players[player]);
                highest = highest.max(self.joint_gain(play, coalitions, coalition));
                highest
            },
            SAMPLED_ORDERS
                .div_ceil(players.len())
                .max(LEAST_PERMUTATIONS),
            &mut uniform,
        )?;
        let sum: f64 = estimate.values.iter().sum();
        let largest = estimate.std_errors.iter().copied().fold(0.0, f64::max);
        if sum > 0.0 {
            coalitions.share_error = coalitions.share_error.max(largest / sum);
        }
        coalitions.values.copy_from_slice(&estimate.values);
        Ok(())
    }
}
