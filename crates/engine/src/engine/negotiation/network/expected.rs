//! The expected network E (17): which deals both sides count on.
//!
//! Pairs leave one after the other; after each, only what hangs on it is computed again, all hyperscalers of a state at once. Not here:
//! which deals are signed (`play`); E is fixed before the first table meets.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, LaneColumns, lane, sum};
use crate::engine::model::service::between;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::network::service::ServiceMatrix;
use crate::engine::negotiation::standing::Standing;
use wide::f64x4;

/// Quantities this close are tied; pairs leave the expected network while their joint gain lies below its negative.
pub const TIE: f64 = 1e-12;

/// The best server of a state and the quality if it fell away.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ranked {
    /// Best host as a number, −1 where the outside serves at least as well.
    host: f64,
    /// ψ with it.
    best: f64,
    /// ψ without it.
    second: f64,
}

/// What a network sheds until every pair in it has a joint gain: scratch of [`expected_network`]. A column per state l, with a number
/// per hyperscaler.
#[derive(Debug, Clone)]
pub struct Shedding {
    hosts: Vec<StateSet>,
    /// [`Ranked`] in parts.
    host: LaneColumns,
    best: LaneColumns,
    second: LaneColumns,
    /// What h loses in l without its best server there.
    captured: LaneColumns,
    /// What l loses in access without hosting h; means nothing where it does not host.
    access: LaneColumns,
    /// 1 − r_lh·q_lh.
    uncovered: LaneColumns,
    /// The part of Γ that no other pair changes.
    fixed: LaneColumns,
    /// Γ_lh, infinity outside the network.
    joint: LaneColumns,
}

/// Fills `hosts` with E: it starts as P_h for every h; the pair with the lowest joint gain Γ leaves while Γ < −1e-12.
///
/// Γ_ih = \[Π_h(E_h) − Π_h(E_h∖i)\] + \[U_i at E less U_i without the pair\] + v*_ih + Λ_ih, all with M = ∅. Of pairs tied within 1e-12 of the
/// lowest the last in the order state by state leaves.
pub fn expected_network(
    economy: &Economy,
    arm_economy: &ArmEconomy,
    standing: &Standing,
    shedding: &mut Shedding,
    hosts: &mut [StateSet],
) {
    let view = SheddingInputs {
        economy,
        arm_economy,
        standing,
    };
    shedding.start(view);
    while let Some((i, h)) = shedding.lowest(economy.n) {
        shedding.remove(view, i, h);
    }
    hosts.copy_from_slice(&shedding.hosts);
}

#[derive(Clone, Copy)]
struct SheddingInputs<'a> {
    economy: &'a Economy,
    arm_economy: &'a ArmEconomy,
    standing: &'a Standing,
}

impl Shedding {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Shedding {
        let columns = || LaneColumns::new(m, n);
        Shedding {
            hosts: vec![0; m],
            host: columns(),
            best: columns(),
            second: columns(),
            captured: columns(),
            access: columns(),
            uncovered: columns(),
            fixed: columns(),
            joint: columns(),
        }
    }

    fn start(&mut self, view: SheddingInputs) {
        let SheddingInputs {
            economy,
            arm_economy,
            ..
        } = view;
        self.hosts.copy_from_slice(&economy.feasible);
        for l in 0..economy.n {
            self.host.column_mut(l).fill(f64x4::splat(-1.0));
            self.fixed.column_mut(l).fill(f64x4::splat(f64::INFINITY));
            self.uncovered.column_mut(l).fill(f64x4::ONE);
            for h in 0..economy.m {
                let p = l * economy.m + h;
                let known = (0..h).find(|&g| self.hosts[g] == self.hosts[h]);
                let ranked = match known {
                    Some(g) => self.ranked(l, g),
                    None => rank(economy, &arm_economy.service_out, l, self.hosts[h]),
                };
                self.set_ranked(l, h, ranked);
                if self.hosts[h] >> l & 1 == 1 {
                    let fixed = arm_economy.term_surplus[p]
                        + arm_economy.switching_cost(economy, l, h, 0)
                        - arm_economy.hosting_cost[p]
                        - economy.compliance[p];
                    self.fixed.set(l, h, fixed);
                }
                self.cover(economy, l, h);
            }
            self.weigh(view, l);
        }
        for i in 0..economy.n {
            self.sum_up(i);
        }
    }

    /// The pair that leaves next, or none where every pair stays.
    fn lowest(&self, n: usize) -> Option<(usize, usize)> {
        let infinity = f64x4::splat(f64::INFINITY);
        let gains = self.joint.iter().flatten();
        let lowest = gains.fold(infinity, |lowest, &gain| lowest.fast_min(gain));
        let lowest = lowest.to_array().into_iter().fold(f64::INFINITY, f64::min);
        if lowest >= -TIE {
            return None;
        }
        let tied = f64x4::splat(lowest + TIE);
        (0..n).rev().find_map(|i| {
            let gains = self.joint.column(i).iter().enumerate().rev();
            let mut ties = gains.map(|(at, gain)| (at, gain.simd_le(tied).to_bitmask()));
            let (at, ties) = ties.find(|&(_, ties)| ties != 0)?;
            Some((i, LANE * at + ties.ilog2() as usize))
        })
    }

    fn remove(&mut self, view: SheddingInputs, i: usize, h: usize) {
        let economy = view.economy;
        self.hosts[h] &= !(1 << i);
        self.fixed.set(i, h, f64::INFINITY);
        let mut changed = 1 << i;
        let service = &view.arm_economy.service_out;
        for l in 0..economy.n {
            let before = self.ranked(l, h);
            if l != i && service.get(i, l) < before.second {
                continue;
            }
            let ranked = rank(economy, service, l, self.hosts[h]);
            self.set_ranked(l, h, ranked);
            if l == i || ranked.best != before.best {
                self.cover(economy, l, h);
            }
            self.weigh(view, l);
            changed |= 1 << l | self.hosts_of(l);
        }
        for j in members(changed) {
            self.sum_up(j);
        }
    }

    fn ranked(&self, l: usize, h: usize) -> Ranked {
        Ranked {
            host: self.host.get(l, h),
            best: self.best.get(l, h),
            second: self.second.get(l, h),
        }
    }

    fn set_ranked(&mut self, l: usize, h: usize, ranked: Ranked) {
        self.host.set(l, h, ranked.host);
        self.best.set(l, h, ranked.best);
        self.second.set(l, h, ranked.second);
    }

    fn cover(&mut self, economy: &Economy, l: usize, h: usize) {
        let access = if self.hosts[h] >> l & 1 == 1 {
            1.0
        } else {
            economy.remote_value * self.best.get(l, h)
        };
        let uncovered = 1.0 - access * economy.rows.covered.get(l, h);
        self.uncovered.set(l, h, uncovered);
    }

    /// (1 − δ)·Σ_g m_lg + δ·Σ_g m_lg·ψ_lg.
    fn crowd(&self, economy: &Economy, l: usize) -> f64 {
        let served = economy.rows.pull.column(l).iter().zip(self.best.column(l));
        let pulled = served.fold(f64x4::ZERO, |sum, (&pull, &best)| sum + pull * best);
        lane(&economy.slack, l) + sum(pulled)
    }

    /// Weighs every hyperscaler in l, after its servers of one changed.
    fn weigh(&mut self, view: SheddingInputs, l: usize) {
        let SheddingInputs {
            economy,
            arm_economy,
            standing,
        } = view;
        self.write_rivals(l);
        let crowd = f64x4::splat(self.crowd(economy, l));
        let worth = f64x4::splat(arm_economy.value_out[l] * (1.0 - standing.compute[l]));
        let (own, remote) = (f64x4::splat(l as f64), f64x4::splat(economy.remote_value));
        for at in 0..self.host.column(l).len() {
            let (best, second) = (self.best.lane(l, at), self.second.lane(l, at));
            let without = (self.host.lane(l, at).simd_eq(own)).bitselect(second, best);
            let gained = economy.rows.covered.lane(l, at) * (f64x4::ONE - remote * without);
            *self.access.lane_mut(l, at) *= worth * gained;
            let pull = economy.rows.pull.lane(l, at);
            let stake = economy.rows.stake.lane(l, at);
            *self.captured.lane_mut(l, at) =
                stake * between(crowd - pull * best, pull, best, second);
        }
    }

    /// Writes ∏_{g≠h} (1 − r_lg·q_lg) to `access`: products from both ends meet.
    fn write_rivals(&mut self, l: usize) {
        let (access, uncovered) = (self.access.column_mut(l), self.uncovered.column(l));
        let mut product = 1.0;
        for (access, uncovered) in access.iter_mut().zip(uncovered) {
            *access = f64x4::from(uncovered.to_array().map(|one| {
                let before = product;
                product *= one;
                before
            }));
        }
        let mut product = 1.0;
        for (access, uncovered) in access.iter_mut().zip(uncovered).rev() {
            let [a, b, c, d] = uncovered.to_array();
            let after = [d * c * b * product, d * c * product, d * product, product];
            *access *= f64x4::from(after);
            product *= d * c * b * a;
        }
    }

    /// The best servers of l, of all hyperscalers.
    fn hosts_of(&self, l: usize) -> StateSet {
        let hosts = self.host.column(l).iter().flat_map(|lane| lane.to_array());
        hosts
            .filter(|&host| host >= 0.0)
            .fold(0, |set, host| set | 1 << host as u32)
    }

    /// Γ of all of i's pairs from their parts, always in the same order.
    fn sum_up(&mut self, i: usize) {
        let own = f64x4::splat(i as f64);
        let joint = self.joint.column_mut(i);
        joint.copy_from_slice(self.fixed.column(i));
        for (hosts, captured) in self.host.iter().zip(self.captured.iter()) {
            let served = hosts.iter().zip(captured);
            for (joint, (host, &captured)) in joint.iter_mut().zip(served) {
                *joint += host.simd_eq(own) & captured;
            }
        }
        for (joint, &access) in joint.iter_mut().zip(self.access.column(i)) {
            *joint += access;
        }
    }
}

/// The best and second-best server of l among `hosts`, with the outside.
fn rank(economy: &Economy, service: &ServiceMatrix, l: usize, hosts: StateSet) -> Ranked {
    let mut ranked = Ranked {
        host: -1.0,
        best: economy.outside[l],
        second: economy.outside[l],
    };
    for j in members(hosts & service.serving(l / LANE)) {
        let sigma = service.get(j, l);
        if sigma > ranked.best {
            ranked.second = ranked.best;
            ranked.best = sigma;
            ranked.host = j as f64;
        } else if sigma > ranked.second {
            ranked.second = sigma;
        }
    }
    ranked
}
