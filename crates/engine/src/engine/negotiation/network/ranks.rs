//! The best and the second-best server of every state: what a host is worth is what the second-best leaves open.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::LaneColumns;
use crate::engine::negotiation::network::service::ServiceMatrix;
use wide::f64x4;

/// The best server of every state, the quality with it and without it, for one hyperscaler or more (a column each).
#[derive(Debug, Clone)]
pub struct Ranks {
    /// Best host as a number, −1 where the outside serves at least as well.
    pub host: LaneColumns,
    /// ψ with it.
    pub best: LaneColumns,
    /// ψ without it.
    pub second: LaneColumns,
}

impl Ranks {
    /// Room for n states and so many hyperscalers.
    pub fn new(n: usize, columns: usize) -> Ranks {
        Ranks {
            host: LaneColumns::new(n, columns),
            best: LaneColumns::new(n, columns),
            second: LaneColumns::new(n, columns),
        }
    }

    /// Ranks the `hosts` of column c by their service, with the outside.
    pub fn fill(&mut self, c: usize, outside: &[f64x4], service: &ServiceMatrix, hosts: StateSet) {
        for (at, &outside) in outside.iter().enumerate() {
            self.fill_lane(c, at, outside, service, hosts);
        }
    }

    /// Ranks the hosts of every hyperscaler, a column each; equal sets are ranked once.
    pub fn fill_all(&mut self, outside: &[f64x4], service: &ServiceMatrix, hosts: &[StateSet]) {
        for h in 0..hosts.len() {
            match (0..h).find(|&g| hosts[g] == hosts[h]) {
                Some(g) => self.copy_column(g, h),
                None => self.fill(h, outside, service, hosts[h]),
            }
        }
    }

    /// Ranks the hosts of column c for the states of lane `at` alone.
    #[inline]
    pub fn fill_lane(
        &mut self,
        c: usize,
        at: usize,
        outside: f64x4,
        service: &ServiceMatrix,
        hosts: StateSet,
    ) {
        let (mut host, mut best, mut second) = (f64x4::splat(-1.0), outside, outside);
        for j in members(hosts & service.serving(at)) {
            let sigma = service.lane(j, at);
            let number = f64x4::splat(j as f64);
            host = sigma.simd_gt(best).bitselect(number, host);
            second = second.fast_max(best.fast_min(sigma));
            best = best.fast_max(sigma);
        }
        *self.host.lane_mut(c, at) = host;
        *self.best.lane_mut(c, at) = best;
        *self.second.lane_mut(c, at) = second;
    }

    /// Whether the ranks of a state of lane `at` in column c may change when host i leaves.
    #[inline]
    pub fn hang_on(&self, c: usize, at: usize, service: &ServiceMatrix, i: usize) -> bool {
        if service.serving(at) >> i & 1 == 0 {
            return false;
        }
        let sigma = service.lane(i, at);
        let served = sigma.simd_gt(f64x4::ZERO);
        (served & sigma.simd_ge(self.second.lane(c, at))).any()
    }

    /// Copies the ranks of a column whose hosts are the same.
    pub fn copy_column(&mut self, from: usize, to: usize) {
        self.host.copy_column(from, to);
        self.best.copy_column(from, to);
        self.second.copy_column(from, to);
    }

    /// ψ of the states of lane `at` in column c if host i fell away.
    #[inline]
    pub fn without(&self, c: usize, i: usize) -> impl Fn(usize) -> f64x4 {
        let number = f64x4::splat(i as f64);
        move |at| {
            let is_host = self.host.lane(c, at).simd_eq(number);
            is_host.bitselect(self.second.lane(c, at), self.best.lane(c, at))
        }
    }
}
