//! How well every host serves every state (10) under one accord, and where a host is of any use.
//!
//! Most hosts serve nobody but themselves better than the outside does: whatever is computed over all states leaves out the lanes in which
//! a host changes nothing.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, LaneColumns};
use wide::f64x4;

/// σ_lj, a column per host j, and the hosts of use in each lane.
#[derive(Debug, Clone)]
pub struct ServiceMatrix {
    served: LaneColumns,
    serving: Vec<StateSet>,
}

impl ServiceMatrix {
    /// Room for n states.
    pub fn new(n: usize) -> ServiceMatrix {
        ServiceMatrix {
            served: LaneColumns::new(n, n),
            serving: vec![0; n.div_ceil(LANE)],
        }
    }

    /// σ_·j in lanes.
    #[inline]
    pub fn column(&self, j: usize) -> &[f64x4] {
        self.served.column(j)
    }

    /// σ_·j of the states of lane `at`.
    #[inline(always)]
    pub fn lane(&self, j: usize, at: usize) -> f64x4 {
        self.served.lane(j, at)
    }

    /// σ_lj.
    #[inline]
    pub fn get(&self, j: usize, l: usize) -> f64 {
        self.served.get(j, l)
    }

    /// The hosts that serve a state of lane `at` better than the outside does, or lie in it themselves. Others change nothing there.
    #[inline]
    pub fn serving(&self, at: usize) -> StateSet {
        self.serving[at]
    }

    /// ψ_l = max(σ_l0, max_{j∈hosts} σ_lj) of the states of lane `at` (12); `outside` is σ_l0.
    #[inline]
    pub fn best(&self, at: usize, outside: f64x4, hosts: StateSet) -> f64x4 {
        members(hosts & self.serving[at]).fold(outside, |psi, j| psi.fast_max(self.lane(j, at)))
    }

    /// Writes σ_lj.
    pub fn set(&mut self, j: usize, l: usize, sigma: f64) {
        self.served.set(j, l, sigma);
    }

    /// Finds who serves where, after everything is written; `outside` is σ_·0.
    pub fn find_serving(&mut self, n: usize, outside: &[f64x4]) {
        for (at, &outside) in outside.iter().enumerate() {
            let serves = |&j: &usize| j / LANE == at || self.lane(j, at).simd_gt(outside).any();
            self.serving[at] = (0..n).filter(serves).fold(0, |set, j| set | 1 << j);
        }
    }

    /// Writes σ for M = `accord`: `within` where both are members, else `open`; `inside` is 1 for members.
    pub fn write(
        &mut self,
        open: &ServiceMatrix,
        within: &ServiceMatrix,
        accord: StateSet,
        inside: &[f64x4],
    ) {
        self.served.copy_from(&open.served);
        for j in members(accord) {
            let both = within.column(j).iter().zip(inside);
            for (sigma, (&within, inside)) in self.served.column_mut(j).iter_mut().zip(both) {
                *sigma = inside.simd_gt(f64x4::ZERO).bitselect(within, *sigma);
            }
        }
        for (at, serving) in self.serving.iter_mut().enumerate() {
            *serving = open.serving[at] | within.serving[at] & accord;
        }
    }

    /// Copies another of the same size.
    pub fn copy_from(&mut self, other: &ServiceMatrix) {
        self.served.copy_from(&other.served);
        self.serving.copy_from_slice(&other.serving);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_serve_themselves_and_whom_they_serve_better_than_the_outside() {
        let mut service = ServiceMatrix::new(6);
        let outside = [f64x4::splat(0.3); 2];
        service.set(1, 5, 0.4);
        service.set(2, 5, 0.3);
        service.find_serving(6, &outside);
        assert_eq!(service.serving(0), 0b00_1111);
        assert_eq!(service.serving(1), 0b11_0010);
        let psi = service.best(1, outside[1], 0b110);
        assert_eq!(psi.to_array()[1], 0.4);
        let mut many = ServiceMatrix::new(64);
        many.find_serving(64, &[f64x4::ONE; 16]);
        assert_eq!((many.serving(0), many.serving(15)), (0b1111, 0b1111 << 60));
        let (open, mut within) = (service.clone(), service.clone());
        within.set(2, 5, 0.6);
        within.find_serving(6, &outside);
        let inside = [f64x4::ONE, f64x4::ONE];
        service.write(&open, &within, 0b100, &inside);
        assert_eq!((service.get(2, 5), service.get(1, 5)), (0.6, 0.4));
        assert_eq!(service.serving(1), 0b11_0110);
    }
}
