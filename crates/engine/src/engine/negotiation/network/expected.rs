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
    /// What h loses in the states of each lane without i, lanes per pair.
    captured: Vec<f64>,
    /// What i loses in access without h.
    access: Vec<f64>,
    /// The part of Γ that no other pair changes, compliance aside.
    fixed: Vec<f64>,
    /// Γ_ih, infinity outside the network.
    joint: Vec<f64>,
    crowd: Vec<f64x4>,
    /// 1 − r_lh·q_lh, a column per hyperscaler.
    uncovered: LaneColumns,
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
            captured: vec![0.0; n * m * lanes],
            access: pair(),
            fixed: pair(),
            joint: pair(),
            crowd: column(),
            uncovered: LaneColumns::new(n, m),
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
        for h in 0..economy.m {
            for i in members(self.hosts[h]) {
                let p = i * economy.m + h;
                self.fixed[p] = arm_economy.term_surplus[p]
                    + arm_economy.switching_cost(economy, i, h, accord)
                    + arm_economy.stranded[p]
                    - arm_economy.hosting_cost[p];
            }
            self.look_without(view, service, h);
            self.weigh_lanes(economy, h, u64::MAX);
        }
        for i in 0..economy.n {
            self.weigh_access(view, i);
        }
        for h in 0..economy.m {
            self.sum_up(view, h);
        }
    }

    /// The pair that leaves next, or none where every pair stays.
    fn lowest(&self, economy: &Economy) -> Option<(usize, usize)> {
        let lowest = self.joint.iter().copied().fold(f64::INFINITY, f64::min);
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
        let mut changed = 0u64;
        for at in 0..self.crowd.len() {
            let (psi, before) = (self.column[at], self.quality.lane(h, at));
            if psi != before {
                changed |= 1 << at;
                self.crowd[at] += economy.pull.lane(h, at) * (psi - before);
                *self.quality.lane_mut(h, at) = psi;
            }
        }
        let mut uncovered = 0u64;
        for l in lanes_states(changed | 1 << (i / LANE), economy.n) {
            let before = self.uncovered.get(h, l);
            self.cover(economy, l, h);
            if self.uncovered.get(h, l) != before {
                uncovered |= 1 << l;
            }
        }
        self.look_without(view, service, h);
        self.weigh_lanes(economy, h, u64::MAX);
        if economy.diversion > 0.0 {
            for g in (0..economy.m).filter(|&g| g != h) {
                self.weigh_lanes(economy, g, changed);
            }
        }
        let hosts_of_h = self.hosts[h];
        for l in members(uncovered | hosts_of_h) {
            self.weigh_access(view, l);
        }
        for g in 0..economy.m {
            self.sum_up(view, g);
        }
    }

    fn cover(&mut self, economy: &Economy, l: usize, h: usize) {
        let access = if self.hosts[h] >> l & 1 == 1 {
            1.0
        } else {
            economy.remote_value * self.quality.get(h, l)
        };
        let uncovered = 1.0 - access * economy.coverage[l * economy.m + h];
        self.uncovered.set(h, l, uncovered);
    }

    /// ψ without each host of h.
    fn look_without(&mut self, view: Expectation<'_>, service: &mut ServiceCache, h: usize) {
        let economy = view.economy;
        for i in members(self.hosts[h]) {
            let p = i * economy.m + h;
            let rest = self.hosts[h] & !(1 << i);
            let column = self.without.column_mut(p);
            self.capital_without[p] = service.write_quality(economy, h, rest, column);
        }
    }

    /// What h loses without each of its hosts, in the lanes `among`.
    fn weigh_lanes(&mut self, economy: &Economy, h: usize, among: u64) {
        let lanes = self.crowd.len();
        for at in (0..lanes).filter(|&at| among >> at & 1 == 1) {
            let pull = economy.pull.lane(h, at);
            let stake = economy.stake.lane(h, at);
            let with = self.quality.lane(h, at);
            let rivals = self.crowd[at] - pull * with;
            for i in members(self.hosts[h]) {
                let p = i * economy.m + h;
                let without = self.without.lane(p, at);
                self.captured[p * lanes + at] = if without == with {
                    0.0
                } else {
                    sum(stake * between(rivals, pull, with, without))
                };
            }
        }
    }

    /// What l loses in access without each of its hyperscalers.
    fn weigh_access(&mut self, view: Expectation<'_>, l: usize) {
        let Expectation {
            economy,
            arm_economy,
            standing,
            accord,
            ..
        } = view;
        let worth = arm_economy.value(l, accord) * (1.0 - standing.compute[l]);
        let remote = economy.remote_value;
        for h in 0..economy.m {
            if self.hosts[h] >> l & 1 == 0 {
                continue;
            }
            let p = l * economy.m + h;
            let rivals = (0..economy.m).filter(|&g| g != h);
            let rivals: f64 = rivals.map(|g| self.uncovered.get(g, l)).product();
            let without = self.without.column(p);
            let gained = rivals * (1.0 - remote * lane(without, l));
            let mut access = worth * economy.coverage[p] * gained;
            if economy.peers > 0.0 {
                let rest = self.hosts[h] & !(1 << l);
                let access_of = |j: usize| match rest >> j & 1 {
                    1 => 1.0,
                    _ => remote * lane(without, j),
                };
                let lag = behind(economy, l, access_of);
                access += economy.peers * worth * economy.coverage[p] * lag;
            }
            self.access[p] = access;
        }
    }

    /// Γ of all of h's pairs from their parts, always in the same order.
    fn sum_up(&mut self, view: Expectation<'_>, h: usize) {
        let (economy, accord) = (view.economy, view.accord);
        let lanes = self.crowd.len();
        let eta = view.arm_economy.rules.harmonisation;
        let costliest = Costliest::of(economy, h, self.hosts[h] & accord);
        for i in members(self.hosts[h]) {
            let p = i * economy.m + h;
            let own = economy.compliance[p];
            let regime = match accord >> i & 1 {
                1 => added_compliance(own, costliest.without(i), eta),
                _ => own,
            };
            let captured: f64 = self.captured[p * lanes..(p + 1) * lanes].iter().sum();
            let capital = self.capital_without[p] - self.capital[h];
            self.joint[p] = self.fixed[p] + captured + capital - regime + self.access[p];
        }
    }
}

/// The states of some lanes.
fn lanes_states(among: u64, n: usize) -> impl Iterator<Item = usize> {
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
