//! A network of hosts and the service that follows from it: ψ (12), Q and what a change of hosts captures (13), (14).
//!
//! Columns hold a number per state, one column per hyperscaler. Not here: from where whom is served (`service`), costs of hosting and
//! compliance (`worth`), and whether a network is signed or expected.

use crate::engine::model::arm::StateSet;
use crate::engine::model::lanes::{LANE, LaneColumns, indicate, indicator, lane, sum};
use crate::engine::model::service::between;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::network::service::ServiceCache;
use wide::f64x4;

/// The hosts of every hyperscaler with the qualities of service.
#[derive(Debug, Clone)]
pub struct Network {
    /// S_h, the states that host each hyperscaler.
    pub hosts: Vec<StateSet>,
    /// ψ_lh, a column per hyperscaler.
    pub quality: LaneColumns,
    /// Cost of the capital by which each hyperscaler serves states without a host of its own (14), USD bn.
    pub capital: Vec<f64>,
    /// (1 − δ)·Σ_g m_lg + δ·Σ_g m_lg·ψ_lg by state: the denominator of (13), times Σ_g m_lg.
    pub crowd: Vec<f64x4>,
    /// 1 − r_lh·q_lh of (16), a column per hyperscaler: what h leaves uncovered in l.
    pub uncovered: LaneColumns,
    /// 1 where l hosts h.
    hosted: LaneColumns,
}

/// The bits of one lane.
const LANES: u64 = (1 << LANE) - 1;

/// One hyperscaler's stake in every state, and how much of the demand there rivals hold (13), in lanes.
#[derive(Clone, Copy)]
pub struct Market<'a> {
    pull: &'a [f64x4],
    stake: &'a [f64x4],
    quality: &'a [f64x4],
    crowd: &'a [f64x4],
}

impl Market<'_> {
    /// D_lh·(ω_lh at `better` − ω_lh at `worse`) for the states of lane `at`, rivals as they are.
    #[inline(always)]
    pub fn capture(&self, at: usize, better: f64x4, worse: f64x4) -> f64x4 {
        let (pull, stake) = (self.pull[at], self.stake[at]);
        let rivals = self.crowd[at] - pull * self.quality[at];
        stake * between(rivals, pull, better, worse)
    }

    /// Σ_l D_lh·(ω_lh at `better` − ω_lh at `worse`) over whole columns, rivals as they are.
    #[inline]
    pub fn demand(&self, better: &[f64x4], worse: &[f64x4]) -> f64 {
        let lanes = (self.pull.iter().zip(self.stake)).zip(self.quality.iter().zip(self.crowd));
        let mut demand = f64x4::ZERO;
        for (((&pull, &stake), (&quality, &crowd)), (&better, &worse)) in
            lanes.zip(better.iter().zip(worse))
        {
            if better != worse {
                demand += stake * between(crowd - pull * quality, pull, better, worse);
            }
        }
        sum(demand)
    }
}

/// r_lh of (16) with `hosts` and ψ_·h = `quality`: 1 where l hosts h, else remote_value·ψ_lh.
#[inline]
pub fn access(economy: &Economy, hosts: StateSet, quality: &[f64x4], l: usize) -> f64 {
    match hosts >> l & 1 {
        1 => 1.0,
        _ => economy.remote_value * lane(quality, l),
    }
}

impl Network {
    /// An empty network of n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Network {
        let columns = || LaneColumns::new(n, m);
        let lanes = || LaneColumns::new(n, 1).column(0).to_vec();
        Network {
            hosts: vec![0; m],
            quality: columns(),
            capital: vec![0.0; m],
            crowd: lanes(),
            uncovered: columns(),
            hosted: columns(),
        }
    }

    /// Sets all hosts at once.
    pub fn set(
        &mut self,
        economy: &Economy,
        service: &mut ServiceCache,
        hosts: impl Fn(usize) -> StateSet,
    ) {
        self.crowd.copy_from_slice(&economy.slack);
        for h in 0..economy.m {
            self.hosts[h] = hosts(h);
            let column = self.quality.column_mut(h);
            self.capital[h] = service.write_quality(economy, h, self.hosts[h], column);
            indicate(self.hosts[h], self.hosted.column_mut(h));
            for at in 0..self.crowd.len() {
                self.crowd[at] += economy.pull.lane(h, at) * self.quality.lane(h, at);
                self.cover(economy, at, h);
            }
        }
    }

    /// Makes `hosts` the hosts of h.
    pub fn set_hosts(
        &mut self,
        economy: &Economy,
        service: &mut ServiceCache,
        h: usize,
        hosts: StateSet,
    ) {
        let moved = hosts ^ self.hosts[h];
        if moved == 0 {
            return;
        }
        self.hosts[h] = hosts;
        let cell = service.locate(economy, h, hosts);
        self.capital[h] = service.capital(h, cell);
        for (at, &psi) in service.quality(cell).iter().enumerate() {
            let before = self.quality.lane(h, at);
            if psi == before && moved >> (at * LANE) & LANES == 0 {
                continue;
            }
            self.crowd[at] += economy.pull.lane(h, at) * (psi - before);
            *self.quality.lane_mut(h, at) = psi;
            *self.hosted.lane_mut(h, at) = indicator(hosts, at);
            self.cover(economy, at, h);
        }
    }

    /// Removes states from S_h.
    pub fn remove(
        &mut self,
        economy: &Economy,
        service: &mut ServiceCache,
        h: usize,
        leaving: StateSet,
    ) {
        self.set_hosts(economy, service, h, self.hosts[h] & !leaving);
    }

    /// Adds states to S_h.
    pub fn add(
        &mut self,
        economy: &Economy,
        service: &mut ServiceCache,
        h: usize,
        entering: StateSet,
    ) {
        self.set_hosts(economy, service, h, self.hosts[h] | entering);
    }

    /// 1 − r·q of the states of lane `at` with h, r = 1 where l hosts h, else remote_value·ψ_lh, which is at most 1 (16).
    #[inline]
    fn cover(&mut self, economy: &Economy, at: usize, h: usize) {
        let remote = f64x4::splat(economy.remote_value);
        let access = (remote * self.quality.lane(h, at)).fast_max(self.hosted.lane(h, at));
        *self.uncovered.lane_mut(h, at) = f64x4::ONE - access * economy.covered.lane(h, at);
    }

    /// Copies another network of the same size.
    pub fn copy_from(&mut self, other: &Network) {
        self.hosts.copy_from_slice(&other.hosts);
        self.quality.copy_from(&other.quality);
        self.capital.copy_from_slice(&other.capital);
        self.crowd.copy_from_slice(&other.crowd);
        self.uncovered.copy_from(&other.uncovered);
        self.hosted.copy_from(&other.hosted);
    }

    /// The market of h under this network.
    #[inline(always)]
    pub fn market<'a>(&'a self, economy: &'a Economy, h: usize) -> Market<'a> {
        Market {
            pull: economy.pull.column(h),
            stake: economy.stake.column(h),
            quality: self.quality.column(h),
            crowd: &self.crowd,
        }
    }

    /// D_lh·(ω_lh at `better` − ω_lh at `worse`), rivals as they are: what h captures in l by the better service.
    pub fn capture(&self, economy: &Economy, l: usize, h: usize, better: f64, worse: f64) -> f64 {
        let market = self.market(economy, h);
        let (better, worse) = (f64x4::splat(better), f64x4::splat(worse));
        let at = l / LANE;
        market.capture(at, better, worse).to_array()[l % LANE]
    }

    /// ω_lh of (13) at the present hosts.
    pub fn captured(&self, economy: &Economy, l: usize, h: usize) -> f64 {
        let (psi, crowd) = (self.quality.get(h, l), lane(&self.crowd, l));
        if psi == 0.0 || crowd <= 0.0 {
            0.0
        } else {
            psi * economy.share_sum[l] / crowd
        }
    }

    /// r_lh of (16).
    pub fn access(&self, economy: &Economy, l: usize, h: usize) -> f64 {
        access(economy, self.hosts[h], self.quality.column(h), l)
    }

    /// ∏_{g≠h} (1 − r_lg·q_lg), what rivals leave uncovered in l (16).
    #[inline]
    pub fn uncovered_by_rivals(&self, l: usize, h: usize) -> f64 {
        let row = self.uncovered.across(l).enumerate();
        row.fold(1.0, |all, (g, own)| all * if g == h { 1.0 } else { own })
    }

    /// ∏_{g≠h} (1 − r_lg·q_lg) for the states of lane `at`.
    #[inline]
    pub fn uncovered_lane(&self, at: usize, h: usize) -> f64x4 {
        let mut product = f64x4::ONE;
        for g in (0..self.hosts.len()).filter(|&g| g != h) {
            product *= self.uncovered.lane(g, at);
        }
        product
    }

    /// Writes ∏_{g≠h} (1 − r_lg·q_lg) of every state and hyperscaler: products from both ends meet.
    pub fn write_rivals(&self, rivals: &mut LaneColumns) {
        let m = self.hosts.len();
        let lanes = self.crowd.len();
        for at in 0..lanes {
            let mut product = f64x4::ONE;
            for h in 0..m {
                *rivals.lane_mut(h, at) = product;
                product *= self.uncovered.lane(h, at);
            }
            let mut product = f64x4::ONE;
            for h in (0..m).rev() {
                *rivals.lane_mut(h, at) *= product;
                product *= self.uncovered.lane(h, at);
            }
        }
    }

    /// ∏_h (1 − r_lh·q_lh) over all hyperscalers.
    pub fn uncovered_by_all(&self, l: usize) -> f64 {
        self.uncovered.across(l).product()
    }
}
