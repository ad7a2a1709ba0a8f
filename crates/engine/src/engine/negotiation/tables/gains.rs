//! What a deal at a table changes for both sides before terms: ΔΠ (18) and ΔU (19), with the weights of foresight.
//!
//! A table first looks at the network that is signed and at the one that is expected, itself being outside both; then the gains of any set of
//! its states that would host follow. Not here: pairs, whose gains `pairs` finds in fewer steps.

use crate::engine::model::Others;
use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{indicate, lane, sum};
use crate::engine::model::service::added_compliance;
use crate::engine::negotiation::network::hosts::access;
use crate::engine::negotiation::network::peers::behind;
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

impl TableGains {
    /// Gains that no network changes.
    pub fn of(own: Gains) -> TableGains {
        TableGains {
            gains: own,
            pressure: 0.0,
        }
    }

    /// Adds what hosts more bring on a network of some weight.
    pub fn add(&mut self, weight: f64, change: Change) {
        self.pressure += weight * change.demand;
        self.gains.hyperscaler += weight * change.hyperscaler;
        self.gains.state += weight * change.states;
    }
}

/// Those who would host at the bloc's table: their own gains, Σ C and the largest C of their compliance.
#[derive(Debug, Clone, Copy)]
struct Newcomers {
    gains: Gains,
    compliance: f64,
    largest: f64,
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
            let costs =
                members(sight.minus & *accord).map(|j| economy.compliance[j * economy.m + h]);
            sight.largest = costs.fold(0.0, f64::max);
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
        let own = self.newcomers(play, h, placed);
        let mut table = TableGains::of(own.gains);
        indicate(placed, &mut play.joint.placed);
        if play.joint.signed.weight > 0.0 {
            let change = self.change(play, h, placed, own, false);
            table.add(play.joint.signed.weight, change);
        }
        if play.joint.expected.weight > 0.0 {
            let change = match self.arm_economy.others {
                Others::NashInNash => self.change(play, h, placed, own, true),
                Others::RandomOrder => self.change_in_random_order(play, h, play.bloc, placed),
            };
            table.add(play.joint.expected.weight, change);
        }
        table
    }

    /// What does not hang on networks, of those who would host.
    fn newcomers(&self, play: &WindowPlay, h: usize, placed: StateSet) -> Newcomers {
        let economy = self.economy;
        let mut found = Newcomers {
            gains: Gains::NONE,
            compliance: 0.0,
            largest: 0.0,
        };
        for i in members(placed) {
            let own = self.arm_economy.own_gains(economy, i, h, play.accord);
            let cost = economy.compliance[i * economy.m + h];
            found.gains.state += own.state;
            found.gains.hyperscaler += own.hyperscaler;
            found.compliance += cost;
            found.largest = found.largest.max(cost);
        }
        found
    }

    /// What the table's hosts change on one of the two networks.
    fn change(
        &self,
        play: &mut WindowPlay,
        h: usize,
        placed: StateSet,
        own: Newcomers,
        expected: bool,
    ) -> Change {
        let economy = self.economy;
        let WindowPlay {
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
        let cell = service.locate(economy, h, plus);
        let (capital, with) = (service.capital(h, cell), service.quality(cell));
        let demand = network.market(economy, h).demand(with, &sight.without);
        let eta = self.arm_economy.rules.harmonisation;
        let regime = added_compliance(own.compliance, own.largest, sight.largest, eta);
        let mut states = self.access_gained(sight, with, &joint.placed);
        if economy.peers > 0.0 {
            states += self.lag_regained(worth, h, *bloc, sight, with, plus);
        }
        Change {
            demand,
            hyperscaler: demand - (capital - sight.capital) - regime,
            states,
        }
    }

    /// Σ over the table of the gain in access from `sight.without` to ψ = `with`.
    pub(super) fn access_gained(&self, sight: &Sight, with: &[f64x4], placed: &[f64x4]) -> f64 {
        let remote = f64x4::splat(self.economy.remote_value);
        let columns = (sight.access.iter().zip(with)).zip(sight.without.iter().zip(placed));
        let rises = columns.map(|((&access, &with), (&without, &placed))| {
            access * ((remote * with).fast_max(placed) - remote * without)
        });
        sum(rises.fold(f64x4::ZERO, |all, rise| all + rise))
    }

    /// What the states of a table no longer fall behind (16), from hosts X⁻ to `plus`.
    pub(super) fn lag_regained(
        &self,
        worth: &[f64x4],
        h: usize,
        table: StateSet,
        sight: &Sight,
        with: &[f64x4],
        plus: StateSet,
    ) -> f64 {
        let economy = self.economy;
        let regained = |l: usize| {
            let lag = |hosts, quality| behind(economy, l, |j| access(economy, hosts, quality, j));
            let (before, after) = (lag(sight.minus, &sight.without[..]), lag(plus, with));
            lane(worth, l) * economy.coverage[l * economy.m + h] * (before - after)
        };
        economy.peers * members(table).map(regained).sum::<f64>()
    }
}
