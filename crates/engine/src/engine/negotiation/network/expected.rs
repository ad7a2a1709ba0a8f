//! The expected network E (17): which deals both sides count on.
//!
//! Pairs leave one after the other; after each, only what hangs on it is weighed again. Not here: which deals are signed (`play`); E is fixed
//! before the first table meets.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, LaneColumns, lane, sum};
use crate::engine::model::service::{added_compliance, between};
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::network::peers::behind;
use crate::engine::negotiation::network::service::ServiceCache;
use crate::engine::negotiation::standing::Standing;
use wide::f64x4;

/// Quantities this close are tied; pairs leave the expected network while their joint gain lies below its negative.
pub const TIE: f64 = 1e-12;

/// What a network sheds until every pair in it has a joint gain: scratch of [`Shedding::expect`]. Pairs lie at i·m + h.
#[derive(Debug, Clone)]
pub struct Shedding {
    /// E_h so far.
    pub hosts: Vec<StateSet>,
    /// ψ with E, a column per hyperscaler, and what its capital costs.
    quality: LaneColumns,
    capital: Vec<f64>,
    /// ψ with E_h∖i, a column per pair, and what its capital costs.
    without: LaneColumns,
    capital_without: Vec<f64>,
    /// The lanes, as bits, in which ψ hangs on the pair.
    hangs: Vec<u64>,
    /// What h loses in the states of each lane without i, lanes per pair.
    captured: Vec<f64>,
    /// The part of Γ that no other pair changes, compliance and capital aside.
    fixed: Vec<f64>,
    /// Compliance less what capital would cost more without the pair.
    costs: Vec<f64>,
    /// What i would gain by access to h if rivals covered nothing.
    reach: Vec<f64>,
    /// What i no longer falls behind by the pair.
    regained: Vec<f64>,
    /// ∏_{g≠h} (1 − r_ig·q_ig).
    rivals: Vec<f64>,
    /// Γ_ih, infinity outside the network.
    joint: Vec<f64>,
    crowd: Vec<f64x4>,
    /// 1 − r_lh·q_lh, by pair.
    uncovered: Vec<f64>,
    column: Vec<f64x4>,
}

/// What a network is expected under.
#[derive(Clone, Copy)]
pub struct Expectation<'a> {
    /// What no negotiation changes.
    pub economy: &'a Economy,
    /// What hangs on the arm.
    pub arm_economy: &'a ArmEconomy,
    /// Standing at the start of the window.
    pub standing: &'a Standing,
    /// M.
    pub accord: StateSet,
    /// The states that refuse each hyperscaler.
    pub refused: &'a [StateSet],
}

impl Shedding {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Shedding {
        let lanes = n.div_ceil(LANE);
        let pair = || vec![0.0; n * m];
        let column = || vec![f64x4::ZERO; lanes];
        Shedding {
            hosts: vec![0; m],
            quality: LaneColumns::new(n, m),
            capital: vec![0.0; m],
            without: LaneColumns::new(n, n * m),
            capital_without: pair(),
            hangs: vec![0; n * m],
            captured: vec![0.0; n * m * lanes],
            fixed: pair(),
            costs: pair(),
            reach: pair(),
            regained: pair(),
            rivals: pair(),
            joint: pair(),
            crowd: column(),
            uncovered: pair(),
            column: column(),
        }
    }

    /// Finds E: `hosts` starts as P_h without those who refuse h; the pair with the lowest joint gain Γ leaves while Γ < −1e-12.
    ///
    /// Γ_ih = \[Π_h(E_h) − Π_h(E_h∖i)\] + \[U_i at E less U_i without the pair\] + v*_ih + Λ_ih + Θ_ih, all under M. Of pairs tied within 1e-12
    /// of the lowest the last in the order state by state leaves.
    pub fn expect(&mut self, view: Expectation<'_>, service: &mut ServiceCache) {
        self.start(view, service);
        while let Some((i, h)) = self.lowest(view.economy) {
            self.remove(view, service, i, h);
        }
    }

    fn start(&mut self, view: Expectation<'_>, service: &mut ServiceCache) {
        let Expectation {
            economy,
            arm_economy,
            accord,
            ..
        } = view;
        self.joint.fill(f64::INFINITY);
        self.crowd.copy_from_slice(&economy.slack);
        for h in 0..economy.m {
            self.hosts[h] = economy.feasible[h] & !view.refused[h];
            let column = self.quality.column_mut(h);
            self.capital[h] = service.write_quality(economy, h, self.hosts[h], column);
            for (at, crowd) in self.crowd.iter_mut().enumerate() {
                *crowd += economy.pull.lane(h, at) * self.quality.lane(h, at);
            }
            for l in 0..economy.n {
                self.cover(economy, l, h);
            }
        }
        for l in 0..economy.n {
            self.multiply_rivals(economy, l);
        }
        for h in 0..economy.m {
            for i in members(self.hosts[h]) {
                let p = i * economy.m + h;
                self.fixed[p] = arm_economy.term_surplus[p]
                    + arm_economy.switching_cost(economy, i, h, accord)
                    + arm_economy.stranded[p]
                    - arm_economy.hosting_cost[p];
            }
            self.look_without(view, service, h);
        }
    }

    /// The pair that leaves next, or none where every pair stays.
    fn lowest(&self, economy: &Economy) -> Option<(usize, usize)> {
        let mut lowest = f64::INFINITY;
        for &gain in &self.joint {
            if gain < lowest {
                lowest = gain;
            }
        }
        if lowest >= -TIE {
            return None;
        }
        let last = self.joint.iter().rposition(|&gain| gain <= lowest + TIE);
        last.map(|p| (p / economy.m, p % economy.m))
    }

    fn remove(&mut self, view: Expectation<'_>, service: &mut ServiceCache, i: usize, h: usize) {
        let economy = view.economy;
        let p = i * economy.m + h;
        self.hosts[h] &= !(1 << i);
        self.joint[p] = f64::INFINITY;
        // The hosts that are left are those that were weighed as left without i.
        self.column.copy_from_slice(self.without.column(p));
        self.capital[h] = self.capital_without[p];
        let changed = self.hangs[p];
        for at in lanes_of(changed) {
            let (psi, before) = (self.column[at], self.quality.lane(h, at));
            self.crowd[at] += economy.pull.lane(h, at) * (psi - before);
            *self.quality.lane_mut(h, at) = psi;
        }
        for l in states_of(changed | 1 << (i / LANE), economy.n) {
            let at = l * economy.m + h;
            let before = self.uncovered[at];
            self.cover(economy, l, h);
            if self.uncovered[at] != before {
                self.multiply_rivals(economy, l);
                for g in (0..economy.m).filter(|&g| g != h) {
                    self.sum_up(economy, l, g);
                }
            }
        }
        self.look_without(view, service, h);
        if economy.diversion > 0.0 {
            for g in (0..economy.m).filter(|&g| g != h) {
                self.weigh_again(economy, g, changed);
            }
        }
    }

    fn cover(&mut self, economy: &Economy, l: usize, h: usize) {
        let p = l * economy.m + h;
        let access = if self.hosts[h] >> l & 1 == 1 {
            1.0
        } else {
            economy.remote_value * self.quality.get(h, l)
        };
        self.uncovered[p] = 1.0 - access * economy.coverage[p];
    }

    /// ∏_{g≠h} (1 − r_lg·q_lg) of state l for every h: products from both ends meet.
    fn multiply_rivals(&mut self, economy: &Economy, l: usize) {
        let row = l * economy.m..(l + 1) * economy.m;
        let (rivals, uncovered) = (&mut self.rivals[row.clone()], &self.uncovered[row]);
        let mut product = 1.0;
        for (rivals, own) in rivals.iter_mut().zip(uncovered) {
            *rivals = product;
            product *= own;
        }
        let mut product = 1.0;
        for (rivals, own) in rivals.iter_mut().zip(uncovered).rev() {
            *rivals *= product;
            product *= own;
        }
    }

    /// Weighs every pair of h after its hosts changed.
    fn look_without(&mut self, view: Expectation<'_>, service: &mut ServiceCache, h: usize) {
        let Expectation {
            economy,
            arm_economy,
            standing,
            accord,
            ..
        } = view;
        let (eta, remote) = (arm_economy.rules.harmonisation, economy.remote_value);
        let hosts = self.hosts[h];
        let costliest = Costliest::of(economy, h, hosts & accord);
        for i in members(hosts) {
            let p = i * economy.m + h;
            let rest = hosts & !(1 << i);
            let column = self.without.column_mut(p);
            let capital = service.write_quality(economy, h, rest, column);
            self.capital_without[p] = capital;
            let own = economy.compliance[p];
            let regime = match accord >> i & 1 {
                1 => added_compliance(own, costliest.without(i), eta),
                _ => own,
            };
            self.costs[p] = regime - (capital - self.capital[h]);
            let mut hangs = 0;
            for (at, without) in self.without.column(p).iter().enumerate() {
                if *without != self.quality.lane(h, at) {
                    hangs |= 1 << at;
                }
            }
            self.hangs[p] = hangs;
            self.captured[p * self.crowd.len()..(p + 1) * self.crowd.len()].fill(0.0);
            self.weigh_lanes(economy, p, h, hangs);
            let worth = arm_economy.value(i, accord) * (1.0 - standing.compute[i]);
            let worth = worth * economy.coverage[p];
            let without = lane(self.without.column(p), i);
            self.reach[p] = worth * (1.0 - remote * without);
            if economy.peers > 0.0 {
                let column = self.without.column(p);
                let access = |j: usize| match rest >> j & 1 {
                    1 => 1.0,
                    _ => remote * lane(column, j),
                };
                self.regained[p] = economy.peers * worth * behind(economy, i, access);
            }
            self.sum_up(economy, i, h);
        }
    }

    /// What h loses in some lanes without one of its hosts.
    #[inline]
    fn weigh_lanes(&mut self, economy: &Economy, p: usize, h: usize, among: u64) {
        let lanes = self.crowd.len();
        for at in lanes_of(among) {
            let pull = economy.pull.lane(h, at);
            let with = self.quality.lane(h, at);
            let rivals = self.crowd[at] - pull * with;
            let lost = between(rivals, pull, with, self.without.lane(p, at));
            self.captured[p * lanes + at] = sum(economy.stake.lane(h, at) * lost);
        }
    }

    /// Weighs the pairs of g again where rivals changed in some lanes.
    fn weigh_again(&mut self, economy: &Economy, g: usize, changed: u64) {
        for j in members(self.hosts[g]) {
            let p = j * economy.m + g;
            let touched = self.hangs[p] & changed;
            if touched != 0 {
                self.weigh_lanes(economy, p, g, touched);
                self.sum_up(economy, j, g);
            }
        }
    }

    /// Γ of a pair from its parts, always in the same order.
    #[inline]
    fn sum_up(&mut self, economy: &Economy, i: usize, h: usize) {
        if self.hosts[h] >> i & 1 == 0 {
            return;
        }
        let p = i * economy.m + h;
        let lanes = self.crowd.len();
        let captured: f64 = self.captured[p * lanes..(p + 1) * lanes].iter().sum();
        let access = self.reach[p] * self.rivals[p] + self.regained[p];
        self.joint[p] = self.fixed[p] + captured - self.costs[p] + access;
    }
}

/// The lanes of a set of bits.
fn lanes_of(among: u64) -> impl Iterator<Item = usize> {
    members(among)
}

/// The states of some lanes.
fn states_of(among: u64, n: usize) -> impl Iterator<Item = usize> {
    (0..n).filter(move |l| among >> (l / LANE) & 1 == 1)
}

/// The state whose compliance costs a hyperscaler most, and the most that another one costs it (15).
#[derive(Debug, Clone, Copy, Default)]
pub struct Costliest {
    state: usize,
    cost: f64,
    next: f64,
}

impl Costliest {
    /// The costliest of `states` to h.
    pub fn of(economy: &Economy, h: usize, states: StateSet) -> Costliest {
        let mut found = Costliest::default();
        for j in members(states) {
            let cost = economy.compliance[j * economy.m + h];
            if cost > found.cost {
                found = Costliest {
                    state: j,
                    cost,
                    next: found.cost,
                };
            } else {
                found.next = found.next.max(cost);
            }
        }
        found
    }

    /// The most that a state other than i costs; 0 where there is none.
    pub fn without(self, i: usize) -> f64 {
        if self.state == i {
            self.next
        } else {
            self.cost
        }
    }
}
