//! Points of every pair's frontier that each of its bargains asks for (23): the middle, and what the ends give at most.
//!
//! They hang on the terms alone, and per unit of size they are the same in every window until an event changes a value: they are computed
//! once for all arms with the same floors and all accords.

use crate::engine::model::valuation::Economy;
use crate::theory::bargaining::{Frontier, FrontierPoint, Gains};

/// Points under one set of lowest levels. Pairs lie at i·m + h.
#[derive(Debug, Clone)]
pub struct FrontierCache {
    /// s, g and their slopes at λ = ½ per unit of size.
    middle: Vec<FrontierPoint>,
    /// s_i at λ = 1 per unit of size, the most that terms can bring a state.
    most: Vec<f64>,
    /// g_h at λ = 0 per unit of size, the least that terms can cost a hyperscaler.
    least: Vec<f64>,
    /// The lowest levels that these points are for; empty where they are for none.
    min: Vec<f64>,
    /// The first window with the same values.
    since: usize,
}

impl FrontierCache {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> FrontierCache {
        let point = FrontierPoint {
            value: 0.0,
            cost: 0.0,
            value_slope: 0.0,
            cost_slope: 0.0,
        };
        FrontierCache {
            middle: vec![point; n * m],
            most: vec![0.0; n],
            least: vec![0.0; m],
            min: Vec::new(),
            since: 0,
        }
    }

    /// Forgets everything: the terms are others.
    pub fn forget(&mut self) {
        self.min.clear();
    }

    /// Points of the economy's terms with the lowest levels `min`, unless they are known.
    pub fn fill(&mut self, economy: &Economy, min: &[f64]) {
        if self.since == economy.since && self.min == min {
            return;
        }
        self.since = economy.since;
        self.min.clear();
        self.min.extend_from_slice(min);
        let frontier = |i: usize, h: usize| Frontier {
            a: &economy.a[i * economy.stride..(i + 1) * economy.stride],
            b: &economy.b,
            c: &economy.c[h * economy.stride..(h + 1) * economy.stride],
            d: &economy.d,
            min,
            max: &economy.max,
            scale: 1.0,
            foreseen: None,
        };
        for i in 0..economy.n {
            self.most[i] = frontier(i, 0).at(1.0).value;
            for h in 0..economy.m {
                self.middle[i * economy.m + h] = frontier(i, h).at(0.5);
            }
        }
        for h in 0..economy.m {
            self.least[h] = frontier(0, h).at(0.0).cost;
        }
    }

    /// s, g and their slopes at λ = ½ of pair (i, h).
    pub fn middle(&self, economy: &Economy, i: usize, h: usize) -> FrontierPoint {
        let p = i * economy.m + h;
        let (size, point) = (economy.size[p], self.middle[p]);
        FrontierPoint {
            value: size * point.value,
            cost: size * point.cost,
            value_slope: size * point.value_slope,
            cost_slope: size * point.cost_slope,
        }
    }

    /// Whether terms could leave both sides of pair (i, h) a gain: ΔΠ − g at λ = 0 and ΔU + s at λ = 1 are positive.
    pub fn could_deal(&self, economy: &Economy, i: usize, h: usize, gains: Gains) -> bool {
        let size = economy.size[i * economy.m + h];
        gains.hyperscaler - size * self.least[h] > 0.0 && gains.state + size * self.most[i] > 0.0
    }
}
