//! Pairs that cannot agree in a window whatever the accord: they need no table where nobody asks what it would show.
//!
//! A refusal costs h no more than an entry does where it serves from abroad alone (signed) or from the others of E_h under M = ∅
//! (expected), with rivals at their weakest there: accords improve service and never worsen it. Where even that falls short of what
//! hosting costs at least, ΔΠ (18) leaves nothing for terms.

use crate::engine::model::arm::StateSet;
use crate::engine::model::lanes::{LaneColumns, sum};
use crate::engine::model::service::NOTHING;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::cache::frontiers::FrontierCache;
use crate::engine::negotiation::network::ranks::Ranks;
use wide::f64x4;

/// Share by which a bound is raised, so that rounding refuses nobody.
const ROUNDING: f64 = 1e-9;

/// Who cannot agree with whom in this window; and the scratch that finds it.
#[derive(Debug, Clone)]
pub struct NoDealCache {
    /// The states that cannot agree with h; empty sets where nothing is known.
    pub hopeless: Vec<StateSet>,
    ranks: Ranks,
    /// What a unit of better service captures at most: beyond the outside, the best of E_h, and the second-best.
    unserved: LaneColumns,
    best: LaneColumns,
    second: LaneColumns,
    crowd: Vec<[f64x4; 2]>,
}

impl NoDealCache {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> NoDealCache {
        let columns = || LaneColumns::new(n, m);
        NoDealCache {
            hopeless: vec![0; m],
            ranks: Ranks::new(n, m),
            unserved: columns(),
            best: columns(),
            second: columns(),
            crowd: vec![[f64x4::ZERO; 2]; LaneColumns::new(n, 1).column(0).len()],
        }
    }

    /// Forgets who cannot agree: every table is to be held.
    pub fn forget(&mut self) {
        self.hopeless.fill(0);
    }

    /// Finds the pairs that cannot agree; with cash there are none, since a state could pay for its host.
    pub fn fill(
        &mut self,
        economy: &Economy,
        arm_economy: &ArmEconomy,
        points: &FrontierCache,
        expected: &[StateSet],
    ) {
        self.forget();
        if arm_economy.transfers {
            return;
        }
        self.rank(economy, arm_economy, expected);
        self.weigh(economy);
        for h in 0..economy.m {
            for i in 0..economy.n {
                let p = i * economy.m + h;
                let most = self.most_captured(economy, arm_economy, i, h);
                // Floors only raise what terms cost at the least.
                let least = arm_economy.hosting_cost[p]
                    + (1.0 - arm_economy.rules.harmonisation) * economy.compliance[p]
                    + points.least_cost(economy, i, h);
                if most + ROUNDING * most.abs() <= least {
                    self.hopeless[h] |= 1 << i;
                }
            }
        }
    }

    fn rank(&mut self, economy: &Economy, arm_economy: &ArmEconomy, expected: &[StateSet]) {
        let outside = &economy.outside_lanes;
        self.ranks
            .fill_all(outside, &arm_economy.service_out, expected);
        for (at, crowd) in self.crowd.iter_mut().enumerate() {
            *crowd = [economy.slack[at]; 2];
            for h in 0..economy.m {
                let pull = economy.pull.lane(h, at);
                crowd[0] += pull * outside[at];
                crowd[1] += pull * self.ranks.best.lane(h, at);
            }
        }
    }

    /// Bounds of (ω at better − ω at worse)·D/(better − worse), which is Σm·D/(A + p·worse) at most (13).
    fn weigh(&mut self, economy: &Economy) {
        let nothing = f64x4::splat(NOTHING);
        let (ahead, now) = (economy.foresight, 1.0 - economy.foresight);
        for h in 0..economy.m {
            for (at, [abroad, region]) in self.crowd.iter().enumerate() {
                let (stake, pull) = (economy.stake.lane(h, at), economy.pull.lane(h, at));
                let outside = economy.outside_lanes[at];
                let best = self.ranks.best.lane(h, at);
                let second = self.ranks.second.lane(h, at);
                let rivals = (*abroad - pull * outside).fast_max(nothing);
                *self.unserved.lane_mut(h, at) = now * stake / (rivals + pull * outside);
                let rivals = (*region - pull * best).fast_max(nothing);
                *self.best.lane_mut(h, at) = ahead * stake / (rivals + pull * best);
                *self.second.lane_mut(h, at) = ahead * stake / (rivals + pull * second);
            }
        }
    }

    fn most_captured(
        &self,
        economy: &Economy,
        arm_economy: &ArmEconomy,
        i: usize,
        h: usize,
    ) -> f64 {
        let zero = f64x4::ZERO;
        let number = f64x4::splat(i as f64);
        let mut most = zero;
        for (at, &with) in arm_economy.service_in.column(i).iter().enumerate() {
            if arm_economy.service_in.serving(at) >> i & 1 == 0 {
                continue;
            }
            let own = self.ranks.host.lane(h, at).simd_eq(number);
            let best = self.ranks.best.lane(h, at);
            let without = own.bitselect(self.ranks.second.lane(h, at), best);
            let rate = own.bitselect(self.second.lane(h, at), self.best.lane(h, at));
            let abroad = (with - economy.outside_lanes[at]).fast_max(zero);
            most += self.unserved.lane(h, at) * abroad;
            most += rate * (with - without).fast_max(zero);
        }
        sum(most)
    }
}
