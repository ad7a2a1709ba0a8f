//! What a deal at a table changes for both sides before terms: ΔΠ (18) and ΔU (19), with the weights of foresight.
//!
//! A table first looks at the network that is signed and at the one that is expected, itself being outside both; then the gains of any set of
//! its states that would host follow. Not here: pairs, whose gains `pairs` finds in fewer steps.

use crate::engine::model::Others;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{indicate, lane, sum};
use crate::engine::negotiation::network::peers::behind;
use crate::engine::negotiation::network::worth::regime;
use crate::engine::negotiation::tables::play::{Sight, WindowPlay};
use crate::engine::negotiation::tables::talks::Talks;
use crate::theory::bargaining::Gains;
use wide::f64x4;

/// Gains of a table before terms, and the margin that a refusal costs the hyperscaler.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TableGains {
    pub gains: Gains,
    pub pressure: f64,
}

/// What hosts more bring on one network: demand, what h gains of it, and what the states of the table gain in access.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Change {
    pub demand: f64,
    pub hyperscaler: f64,
    pub states: f64,
}

impl Talks<'_> {
    /// Looks at both networks from the table of the bloc with h, which is outside S_h or counts on expected deals alone.
    pub(crate) fn look(&self, play: &mut WindowPlay, h: usize, foresight: f64) {
        let economy = self.economy;
        let WindowPlay {
            accord,
            bloc,
            seated,
            worth,
            service,
            signed,
            expected,
            rivals,
            joint,
            ..
        } = play;
        let networks = [
            (1.0 - foresight, &*signed, &mut joint.signed, None),
            (foresight, &*expected, &mut joint.expected, Some(rivals)),
        ];
        for (weight, network, sight, known) in networks {
            sight.weight = weight;
            if weight <= 0.0 {
                continue;
            }
            sight.minus = network.hosts[h] & !*bloc;
            sight.capital = service.write_quality(economy, h, sight.minus, &mut sight.without);
            sight.regime = regime(economy, self.arm_economy, *accord, h, sight.minus);
            let coverage = economy.covered.column(h);
            for (at, access) in sight.access.iter_mut().enumerate() {
                let rivals = match &known {
                    Some(rivals) => rivals.lane(h, at),
                    None => network.uncovered_lane(at, h),
                };
                *access = seated[at] * worth[at] * coverage[at] * rivals;
            }
        }
    }

    /// ΔΠ and Σ_{l∈B} ΔU_l if `placed` host h, as the table that has looked sees it.
    pub(crate) fn gains_if(&self, play: &mut WindowPlay, h: usize, placed: StateSet) -> TableGains {
        let mut gains = self.own_gains(play, h, placed);
        let mut pressure = 0.0;
        indicate(placed, &mut play.joint.placed);
        if play.joint.signed.weight > 0.0 {
            let change = self.change(play, h, placed, false);
            let weight = play.joint.signed.weight;
            pressure += weight * change.demand;
            gains.hyperscaler += weight * change.hyperscaler;
            gains.state += weight * change.states;
        }
        if play.joint.expected.weight > 0.0 {
            let change = match self.arm_economy.others {
                Others::NashInNash => self.change(play, h, placed, true),
                Others::RandomOrder => self.change_in_random_order(play, h, play.bloc, placed),
            };
            let weight = play.joint.expected.weight;
            pressure += weight * change.demand;
            gains.hyperscaler += weight * change.hyperscaler;
            gains.state += weight * change.states;
        }
        TableGains { gains, pressure }
    }

    /// What does not hang on networks: hosting costs, Θ, Λ and the repricing that is foreseen, of those who would host.
    pub(crate) fn own_gains(&self, play: &WindowPlay, h: usize, placed: StateSet) -> Gains {
        let economy = self.economy;
        let mut gains = Gains {
            state: 0.0,
            hyperscaler: 0.0,
        };
        for i in members(placed) {
            let p = i * economy.m + h;
            let foreseen = self.foreseen_repricing(play.accord, i, h);
            gains.state += self.arm_economy.switching_cost(economy, i, h, play.accord) - foreseen;
            gains.hyperscaler +=
                self.arm_economy.stranded[p] - self.arm_economy.hosting_cost[p] + foreseen;
        }
        gains
    }

    /// φ·B_ih (39), (40).
    pub(crate) fn foreseen_repricing(&self, accord: StateSet, i: usize, h: usize) -> f64 {
        let economy = self.economy;
        if economy.repricing == 0.0 {
            return 0.0;
        }
        economy.repricing_foresight * self.arm_economy.repriced(economy, i, h, accord)
    }

    /// What the table's hosts change on one of the two networks.
    fn change(&self, play: &mut WindowPlay, h: usize, placed: StateSet, expected: bool) -> Change {
        let economy = self.economy;
        let WindowPlay {
            accord,
            bloc,
            worth,
            service,
            signed,
            expected: awaited,
            joint,
            ..
        } = play;
        let (network, sight) = match expected {
            true => (&*awaited, &mut joint.expected),
            false => (&*signed, &mut joint.signed),
        };
        let plus = sight.minus | placed;
        let capital = service.write_quality(economy, h, plus, &mut sight.with);
        let demand = network
            .market(economy, h)
            .demand(&sight.with, &sight.without);
        let regime = regime(economy, self.arm_economy, *accord, h, plus) - sight.regime;
        let mut states = self.access_gained(sight, &joint.placed);
        if economy.peers > 0.0 {
            states += self.lag_regained(worth, h, *bloc, sight, plus);
        }
        Change {
            demand,
            hyperscaler: demand - (capital - sight.capital) - regime,
            states,
        }
    }

    /// Σ over the table of the gain in access from `sight.without` to `sight.with`.
    pub(super) fn access_gained(&self, sight: &Sight, placed: &[f64x4]) -> f64 {
        let remote = f64x4::splat(self.economy.remote_value);
        let mut rises = f64x4::ZERO;
        for (at, &access) in sight.access.iter().enumerate() {
            let better = (remote * sight.with[at]).fast_max(placed[at]);
            rises += access * (better - remote * sight.without[at]);
        }
        sum(rises)
    }

    /// What the states of a table no longer fall behind (16), from hosts X⁻ to `plus`.
    pub(super) fn lag_regained(
        &self,
        worth: &[f64x4],
        h: usize,
        table: StateSet,
        sight: &Sight,
        plus: StateSet,
    ) -> f64 {
        let economy = self.economy;
        let remote = economy.remote_value;
        let access = |column: &[f64x4], hosts: StateSet, l: usize| match hosts >> l & 1 {
            1 => 1.0,
            _ => remote * lane(column, l),
        };
        let regained = |l: usize| {
            let before = behind(economy, l, |j| access(&sight.without, sight.minus, j));
            let after = behind(economy, l, |j| access(&sight.with, plus, j));
            lane(worth, l) * economy.coverage[l * economy.m + h] * (before - after)
        };
        economy.peers * members(table).map(regained).sum::<f64>()
    }
}
