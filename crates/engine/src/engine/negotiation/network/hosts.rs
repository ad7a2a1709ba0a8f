//! A network of hosts and the service that follows from it: ψ (12), Q and what a change of hosts captures (13), (14).
//!
//! Columns hold a number per state, one column per hyperscaler. Not here: costs of hosting and compliance, which gains (18) add, and
//! whether a network is signed or expected.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, LaneColumns, lane, set_lane, sum};
use crate::engine::model::service::between;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::network::service::ServiceMatrix;
use wide::f64x4;

/// The hosts of every hyperscaler with the qualities of service.
#[derive(Debug, Clone)]
pub struct Network {
    /// S_h, the states that host each hyperscaler.
    pub hosts: Vec<StateSet>,
    /// ψ_lh, a column per hyperscaler.
    pub quality: LaneColumns,
    /// (1 − δ)·Σ_g m_lg + δ·Σ_g m_lg·ψ_lg by state: the denominator of (13), times Σ_g m_lg.
    pub crowd: Vec<f64x4>,
    /// 1 − r_lh·q_lh of (16), a column per hyperscaler: what h leaves uncovered in l.
    pub uncovered: LaneColumns,
    /// 1 where l hosts h.
    hosted: LaneColumns,
}

/// One hyperscaler's stake in every state, and how much of the demand there rivals hold (13).
#[derive(Clone, Copy)]
pub struct Market<'a> {
    economy: &'a Economy,
    network: &'a Network,
    h: usize,
}

impl Market<'_> {
    /// D_lh·(ω_lh at `better` − ω_lh at `worse`) for the states of lane `at`, rivals as they are.
    #[inline(always)]
    pub fn capture(&self, at: usize, better: f64x4, worse: f64x4) -> f64x4 {
        let pull = self.economy.pull.lane(self.h, at);
        let rivals = self.network.crowd[at] - pull * self.network.quality.lane(self.h, at);
        self.economy.stake.lane(self.h, at) * between(rivals, pull, better, worse)
    }

    /// Σ_l D_lh·(ω_lh with host i beside those who serve `without` − ω_lh at `without`): demand captured by one more host.
    #[inline(always)]
    pub fn demand(
        &self,
        service: &ServiceMatrix,
        i: usize,
        without: impl Fn(usize) -> f64x4,
    ) -> f64 {
        let mut demand = f64x4::ZERO;
        for at in 0..self.network.crowd.len() {
            if service.serving(at) >> i & 1 == 1 {
                let worse = without(at);
                demand += self.capture(at, service.lane(i, at).fast_max(worse), worse);
            }
        }
        sum(demand)
    }
}

impl Network {
    /// An empty network of n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Network {
        let columns = || LaneColumns::new(n, m);
        Network {
            hosts: vec![0; m],
            quality: columns(),
            crowd: LaneColumns::new(n, 1).column(0).to_vec(),
            uncovered: columns(),
            hosted: columns(),
        }
    }

    /// Sets all hosts at once.
    pub fn set(
        &mut self,
        economy: &Economy,
        service: &ServiceMatrix,
        hosts: impl Fn(usize) -> StateSet,
    ) {
        for h in 0..economy.m {
            self.hosts[h] = hosts(h);
            let outside = economy.outside_lanes.iter();
            for (at, (psi, &outside)) in self
                .quality
                .column_mut(h)
                .iter_mut()
                .zip(outside)
                .enumerate()
            {
                *psi = service.best(at, outside, self.hosts[h]);
            }
        }
        self.settle(economy);
    }

    /// Sets all hosts at once with qualities that are known.
    pub fn set_known(&mut self, economy: &Economy, hosts: &[StateSet], quality: &LaneColumns) {
        self.hosts.copy_from_slice(hosts);
        self.quality.copy_from(quality);
        self.settle(economy);
    }

    /// What follows from hosts and qualities.
    fn settle(&mut self, economy: &Economy) {
        self.crowd.copy_from_slice(&economy.slack);
        for h in 0..economy.m {
            let served = self.quality.column(h).iter().zip(economy.pull.column(h));
            for (crowd, (&psi, &pull)) in self.crowd.iter_mut().zip(served) {
                *crowd += pull * psi;
            }
            let hosted = self.hosted.column_mut(h);
            hosted.fill(f64x4::ZERO);
            for i in members(self.hosts[h]) {
                set_lane(hosted, i, 1.0);
            }
            for at in 0..self.crowd.len() {
                self.cover(economy, at, h);
            }
        }
    }

    /// Removes states from S_h.
    pub fn remove(
        &mut self,
        economy: &Economy,
        service: &ServiceMatrix,
        h: usize,
        leaving: StateSet,
    ) {
        let leaving = leaving & self.hosts[h];
        if leaving == 0 {
            return;
        }
        self.hosts[h] &= !leaving;
        for i in members(leaving) {
            self.hosted.set(h, i, 0.0);
        }
        for (at, &outside) in economy.outside_lanes.iter().enumerate() {
            if service.serving(at) & leaving != 0 {
                self.serve(economy, at, h, service.best(at, outside, self.hosts[h]));
            }
        }
    }

    /// Adds states to S_h.
    pub fn add(
        &mut self,
        economy: &Economy,
        service: &ServiceMatrix,
        h: usize,
        entering: StateSet,
    ) {
        self.hosts[h] |= entering;
        for i in members(entering) {
            self.hosted.set(h, i, 1.0);
        }
        for at in 0..self.crowd.len() {
            if service.serving(at) & entering != 0 {
                let present = self.quality.lane(h, at);
                self.serve(economy, at, h, service.best(at, present, entering));
            }
        }
    }

    /// h serves the states of lane `at` at ψ from now on.
    #[inline]
    fn serve(&mut self, economy: &Economy, at: usize, h: usize, psi: f64x4) {
        let quality = &mut self.quality.column_mut(h)[at];
        self.crowd[at] += economy.pull.lane(h, at) * (psi - *quality);
        *quality = psi;
        self.cover(economy, at, h);
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
        self.crowd.copy_from_slice(&other.crowd);
        self.uncovered.copy_from(&other.uncovered);
        self.hosted.copy_from(&other.hosted);
    }

    /// The market of h under this network.
    #[inline(always)]
    pub fn market<'a>(&'a self, economy: &'a Economy, h: usize) -> Market<'a> {
        Market {
            economy,
            network: self,
            h,
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

/// The best server of l among `hosts` and ψ_l from it; none where the outside serves at least as well.
pub fn best_server(
    economy: &Economy,
    service: &ServiceMatrix,
    l: usize,
    hosts: StateSet,
) -> (Option<usize>, f64) {
    let mut found = (None, economy.outside[l]);
    for j in members(hosts) {
        let sigma = service.get(j, l);
        if sigma > found.1 {
            found = (Some(j), sigma);
        }
    }
    found
}

/// ψ of one state (12).
pub fn quality_from(economy: &Economy, service: &ServiceMatrix, l: usize, hosts: StateSet) -> f64 {
    best_server(economy, service, l, hosts).1
}
