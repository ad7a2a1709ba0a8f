//! Points of every pair's frontier that each of its bargains asks for (23): the middle, and what the ends give at most.
//!
//! They hang on the terms alone, so they are computed once per window, for all arms with the same floors and all accords.

use crate::bargaining::{Frontier, Gains, Point};
use crate::model::valuation::Economy;

/// Points under one set of lowest levels. Pairs lie at i·m + h.
#[derive(Debug, Clone)]
pub struct Points {
    /// s, g and their slopes at λ = ½.
    pub middle: Vec<Point>,
    /// s_i at λ = 1 per unit of size, the most that terms can bring a state.
    most: Vec<f64>,
    /// g_h at λ = 0 per unit of size, the least that terms can cost a hyperscaler.
    least: Vec<f64>,
    /// The lowest levels that these points are for; empty where they are for none.
    min: Vec<f64>,
}

impl Points {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Points {
        let point = Point {
            value: 0.0,
            cost: 0.0,
            value_slope: 0.0,
            cost_slope: 0.0,
        };
        Points {
            middle: vec![point; n * m],
            most: vec![0.0; n],
            least: vec![0.0; m],
            min: Vec::new(),
        }
    }

    /// Forgets everything: the terms are others.
    pub fn forget(&mut self) {
        self.min.clear();
    }

    /// Points of the economy's terms with the lowest levels `min`, unless they are known.
    pub fn fill(&mut self, economy: &Economy, min: &[f64]) {
        if self.min == min {
            return;
        }
        self.min.clear();
        self.min.extend_from_slice(min);
        let frontier = |i: usize, h: usize, scale: f64| Frontier {
            a: &economy.a[i * economy.stride..(i + 1) * economy.stride],
            b: &economy.b,
            c: &economy.c[h * economy.stride..(h + 1) * economy.stride],
            d: &economy.d,
            min,
            max: &economy.max,
            scale,
        };
        for i in 0..economy.n {
            self.most[i] = frontier(i, 0, 1.0).at(1.0).value;
            for h in 0..economy.m {
                let p = i * economy.m + h;
                self.middle[p] = frontier(i, h, economy.size[p]).at(0.5);
            }
        }
        for h in 0..economy.m {
            self.least[h] = frontier(0, h, 1.0).at(0.0).cost;
        }
    }

    /// The least that terms can cost h at a table with i.
    pub fn least_cost(&self, economy: &Economy, i: usize, h: usize) -> f64 {
        economy.size[i * economy.m + h] * self.least[h]
    }

    /// Whether terms could leave both sides of pair (i, h) a gain: ΔΠ − g at λ = 0 and ΔU + s at λ = 1 are positive.
    pub fn could_deal(&self, economy: &Economy, i: usize, h: usize, gains: Gains) -> bool {
        let size = economy.size[i * economy.m + h];
        gains.hyperscaler - size * self.least[h] > 0.0 && gains.state + size * self.most[i] > 0.0
    }
}
