//! The expected network E (17): which deals both sides count on.
//!
//! Pairs leave one after the other. Those that stay in any case (`assured`) are never weighed, and others only where they may be the lowest:
//! where a pair that leaves makes no pair of a rival gain less, what was known of that is still its least. Not here: which deals are signed
//! (`play`); E is fixed before the first table meets.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, LaneColumns, lane, set_lane, sum};
use crate::engine::model::service::{added_compliance, between};
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::network::assured::Assured;
use crate::engine::negotiation::network::hosts::access;
use crate::engine::negotiation::network::peers::behind;
use crate::engine::negotiation::network::service::ServiceCache;
use crate::engine::negotiation::standing::Standing;
use wide::f64x4;

/// Quantities this close are tied; pairs leave the expected network while their joint gain lies below its negative.
pub const TIE: f64 = 1e-12;

/// What a network sheds until every pair in it has a joint gain: scratch of [`Shedding::expect`]. Pairs lie at i·m + h; what is kept by pair
/// is kept of those in doubt alone.
#[derive(Debug, Clone)]
pub struct Shedding {
    /// E_h so far.
    pub hosts: Vec<StateSet>,
    /// Those of E_h that may leave; those whose Γ is known; those looked at since E_h changed.
    doubtful: Vec<StateSet>,
    known: Vec<StateSet>,
    looked_at: Vec<StateSet>,
    /// ψ with E, a column per hyperscaler, and what its capital costs.
    quality: LaneColumns,
    capital: Vec<f64>,
    /// (1 − δ)·Σ_g m_lg + δ·Σ_g m_lg·ψ_lg by state.
    crowd: Vec<f64x4>,
    /// The states whose ψ hangs on the pair, as bits, and ψ with E_h∖i, a column per pair.
    hangs: Vec<StateSet>,
    without: LaneColumns,
    /// The part of Γ that hangs on no rival.
    own: Vec<f64>,
    /// What i would gain by access to h if rivals covered nothing.
    reach: Vec<f64>,
    /// 1 − r_ih·q_ih.
    uncovered: Vec<f64>,
    /// Γ_ih, or no more than that where it is not known; infinity where the pair does not leave. A column per hyperscaler.
    joint: LaneColumns,
    /// The smallest of each column.
    lowest_of: Vec<f64x4>,
    /// The members of M among E_h whose compliance costs h most.
    costliest: Vec<Costliest>,
    /// Those that left, in turn; filled only if `follow` is set.
    pub left: Vec<ShedPair>,
    /// Whether to fill `left`.
    pub follow: bool,
}

/// A pair that left the expected network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShedPair {
    /// i.
    pub state: usize,
    /// h.
    pub hyperscaler: usize,
    /// Γ_ih (17) when it left, USD bn; below zero.
    pub gain: f64,
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
    /// Those that stay with it unless they refuse.
    pub assured: &'a Assured,
}

impl Shedding {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Shedding {
        let pair = || vec![0.0; n * m];
        let lanes = n.div_ceil(LANE);
        Shedding {
            hosts: vec![0; m],
            doubtful: vec![0; m],
            known: vec![0; m],
            looked_at: vec![0; m],
            quality: LaneColumns::new(n, m),
            capital: vec![0.0; m],
            crowd: vec![f64x4::ZERO; lanes],
            hangs: vec![0; n * m],
            without: LaneColumns::new(n, n * m),
            own: pair(),
            reach: pair(),
            uncovered: pair(),
            joint: LaneColumns::new(n, m),
            lowest_of: vec![f64x4::splat(f64::INFINITY); m.div_ceil(LANE)],
            costliest: vec![Costliest::default(); m],
            left: Vec::new(),
            follow: false,
        }
    }

    /// Finds E: `hosts` starts as P_h without those who refuse h; the pair with the lowest joint gain Γ leaves while Γ < −1e-12.
    ///
    /// Γ_ih = \[Π_h(E_h) − Π_h(E_h∖i)\] + \[U_i at E less U_i without the pair\] + v*_ih + Λ_ih + Θ_ih, all under M. Of pairs tied within 1e-12
    /// of the lowest the last in the order state by state leaves.
    pub fn expect(&mut self, view: Expectation<'_>, service: &mut ServiceCache) {
        self.start(view, service);
        self.left.clear();
        while let Some((i, h)) = self.lowest(view, service) {
            if self.follow {
                self.left.push(ShedPair {
                    state: i,
                    hyperscaler: h,
                    gain: self.joint.get(h, i),
                });
            }
            self.remove(view, service, i, h);
        }
    }

    fn start(&mut self, view: Expectation<'_>, service: &mut ServiceCache) {
        let economy = view.economy;
        self.crowd.copy_from_slice(&economy.slack);
        for h in 0..economy.m {
            self.hosts[h] = economy.feasible[h] & !view.refused[h];
            self.doubtful[h] = self.hosts[h] & !view.assured.hosts[h];
            let cell = service.locate(economy, h, self.hosts[h]);
            self.capital[h] = service.capital(h, cell);
            let column = self.quality.column_mut(h);
            column.copy_from_slice(service.quality(cell));
            for (at, crowd) in self.crowd.iter_mut().enumerate() {
                *crowd += economy.pull.lane(h, at) * self.quality.lane(h, at);
            }
            for l in 0..economy.n {
                self.cover(economy, l, h);
            }
            self.doubt(view, h);
        }
    }

    /// Of the pairs of h in doubt no more is known than their least gain.
    fn doubt(&mut self, view: Expectation<'_>, h: usize) {
        (self.known[h], self.looked_at[h]) = (0, 0);
        let column = self.joint.column_mut(h);
        column.fill(f64x4::splat(f64::INFINITY));
        for i in members(self.doubtful[h]) {
            set_lane(column, i, view.assured.least[i * view.economy.m + h]);
        }
        set_lane(&mut self.lowest_of, h, smallest(column));
        let counts = view.arm_economy.rules.harmonisation > 0.0;
        if counts && self.doubtful[h] & view.accord != 0 {
            let inside = self.hosts[h] & view.accord;
            self.costliest[h] = Costliest::of(view.economy, h, inside);
        }
    }

    /// The pair that leaves next, or none where every pair stays. Only what may be the lowest is weighed.
    fn lowest(
        &mut self,
        view: Expectation<'_>,
        service: &mut ServiceCache,
    ) -> Option<(usize, usize)> {
        loop {
            let lowest = smallest(&self.lowest_of);
            if lowest >= -TIE {
                return None;
            }
            let (mut last, mut all_known) = ((0, 0), true);
            for h in members(at_most(&self.lowest_of, lowest + TIE)) {
                for i in members(at_most(self.joint.column(h), lowest + TIE)) {
                    last = last.max((i, h));
                    if self.known[h] >> i & 1 == 0 {
                        self.weigh(view, service, i, h);
                        all_known = false;
                    }
                }
            }
            if all_known {
                return Some(last);
            }
        }
    }

    /// The pair leaves. Under `view.assured.by_rivals` no pair of another hyperscaler gains less by that than before.
    fn remove(&mut self, view: Expectation<'_>, service: &mut ServiceCache, i: usize, h: usize) {
        let economy = view.economy;
        self.hosts[h] &= !(1 << i);
        self.doubtful[h] &= !(1 << i);
        let cell = service.locate(economy, h, self.hosts[h]);
        self.capital[h] = service.capital(h, cell);
        let mut changed = 1 << i;
        for (at, &psi) in service.quality(cell).iter().enumerate() {
            let before = self.quality.lane(h, at);
            let differs = psi.simd_ne(before).to_bitmask();
            if differs != 0 {
                changed |= u64::from(differs) << (at * LANE);
                self.crowd[at] += economy.pull.lane(h, at) * (psi - before);
                *self.quality.lane_mut(h, at) = psi;
            }
        }
        members(changed).for_each(|l| self.cover(economy, l, h));
        self.doubt(view, h);
        if view.assured.by_rivals {
            self.known.fill(0);
        } else {
            self.doubt_changed(economy, changed);
        }
    }

    /// Of pairs that hang on the states `changed` nothing is known.
    fn doubt_changed(&mut self, economy: &Economy, changed: StateSet) {
        for g in 0..economy.m {
            for j in members(self.known[g]) {
                let p = j * economy.m + g;
                if (self.hangs[p] | 1 << j) & changed != 0 {
                    self.known[g] &= !(1 << j);
                    self.note(j, g, f64::NEG_INFINITY);
                }
            }
        }
    }

    fn cover(&mut self, economy: &Economy, l: usize, h: usize) {
        let p = l * economy.m + h;
        let access = access(economy, self.hosts[h], self.quality.column(h), l);
        self.uncovered[p] = 1.0 - access * economy.coverage[p];
    }

    /// Finds Γ of a pair.
    fn weigh(&mut self, view: Expectation<'_>, service: &mut ServiceCache, i: usize, h: usize) {
        let economy = view.economy;
        let p = i * economy.m + h;
        if self.looked_at[h] >> i & 1 == 0 {
            self.look_at(view, service, i, h);
        }
        // D_lh·(ω_lh − ω_lh without the pair), over the states whose service hangs on it.
        let mut captured = f64x4::ZERO;
        let own = (economy.pull.column(h).iter()).zip(economy.stake.column(h));
        let psi = (self.quality.column(h).iter()).zip(self.without.column(p));
        for (at, ((&pull, &stake), (&with, &without))) in own.zip(psi).enumerate() {
            if self.hangs[p] >> (at * LANE) & 0b1111 != 0 {
                let rivals = self.crowd[at] - pull * with;
                captured += stake * between(rivals, pull, with, without);
            }
        }
        let row = &self.uncovered[i * economy.m..(i + 1) * economy.m];
        let rivals = row[..h].iter().product::<f64>() * row[h + 1..].iter().product::<f64>();
        self.known[h] |= 1 << i;
        self.note(i, h, self.own[p] + sum(captured) + self.reach[p] * rivals);
    }

    /// Looks at what h would serve without one of its hosts.
    fn look_at(&mut self, view: Expectation<'_>, service: &mut ServiceCache, i: usize, h: usize) {
        let Expectation {
            economy,
            arm_economy,
            standing,
            accord,
            ..
        } = view;
        let p = i * economy.m + h;
        let rest = self.hosts[h] & !(1 << i);
        let cell = service.locate(economy, h, rest);
        let column = service.quality(cell);
        let pairs = column.iter().zip(self.quality.column(h)).enumerate();
        self.hangs[p] = pairs.fold(0, |hangs, (at, (without, &with))| {
            hangs | u64::from(without.simd_ne(with).to_bitmask()) << (at * LANE)
        });
        self.without.column_mut(p).copy_from_slice(column);
        let own = economy.compliance[p];
        let eta = arm_economy.rules.harmonisation;
        let regime = match accord >> i & 1 == 1 && eta > 0.0 {
            true => added_compliance(own, own, self.costliest[h].without(i), eta),
            false => own,
        };
        let worth = arm_economy.value(i, accord) * (1.0 - standing.compute[i]);
        let worth = worth * economy.coverage[p];
        self.reach[p] = worth * (1.0 - economy.remote_value * lane(column, i));
        self.own[p] = arm_economy.term_surplus[p]
            + arm_economy.switching_cost(economy, i, h, accord)
            + arm_economy.stranded[p]
            - arm_economy.hosting_cost[p]
            - regime
            + (service.capital(h, cell) - self.capital[h]);
        if economy.peers > 0.0 {
            let lag = behind(economy, i, |j| access(economy, rest, column, j));
            self.own[p] += economy.peers * worth * lag;
        }
        self.looked_at[h] |= 1 << i;
    }

    /// Writes what is known of Γ_ih.
    fn note(&mut self, i: usize, h: usize, gain: f64) {
        let column = self.joint.column_mut(h);
        set_lane(column, i, gain);
        set_lane(&mut self.lowest_of, h, smallest(column));
    }
}

/// The smallest of some numbers.
fn smallest(numbers: &[f64x4]) -> f64 {
    let infinity = f64x4::splat(f64::INFINITY);
    let [a, b, c, d] = (numbers.iter())
        .fold(infinity, |all, &four| all.fast_min(four))
        .to_array();
    a.min(b).min(c.min(d))
}

/// Which of some numbers are at most `most`, as bits.
fn at_most(numbers: &[f64x4], most: f64) -> u64 {
    let most = f64x4::splat(most);
    (numbers.iter().enumerate()).fold(0, |set, (at, four)| {
        set | u64::from(four.simd_le(most).to_bitmask()) << (at * LANE)
    })
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
