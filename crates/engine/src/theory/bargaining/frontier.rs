//! The Pareto frontier of one table (model, section 5): bundles x(λ) (23) and both sides' gains along it (24).

use crate::theory::bargaining::root::{increasing_root, increasing_root_below};
use wide::f64x2;

/// Coefficients of a table's terms; all slices have one length, K or more: what lies behind K is worth and costs nothing.
///
/// s(x) = scale·Σ_k (a_k x_k − ½ b_k x_k²) is the state's value, g(x) = scale·Σ_k (c_k x_k + ½ d_k x_k²) the hyperscaler's cost,
/// in USD bn (21), (22); b_k, d_k >= 0, and levels keep min_k <= x_k <= max_k.
#[derive(Debug, Clone, Copy)]
pub struct Frontier<'a> {
    /// Slopes of the state's value.
    pub a: &'a [f64],
    /// Curvatures of the state's value.
    pub b: &'a [f64],
    /// Slopes of the hyperscaler's cost.
    pub c: &'a [f64],
    /// Curvatures of the hyperscaler's cost.
    pub d: &'a [f64],
    /// Lowest levels, floors included.
    pub min: &'a [f64],
    /// Highest levels.
    pub max: &'a [f64],
    /// Deal size Z, or 1 where the coefficients contain it; >= 0.
    pub scale: f64,
    /// Slopes and curvatures of the cost by which bundles are chosen (23) where they are not the plain ones: what is given up at this table
    /// costs the hyperscaler elsewhere too (41). Value and cost count the plain ones all the same.
    pub foreseen: Option<[&'a [f64]; 2]>,
}

/// Value, cost and their slopes in λ at one point of the frontier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrontierPoint {
    /// s(x(λ)).
    pub value: f64,
    /// g(x(λ)).
    pub cost: f64,
    /// ds/dλ, >= 0.
    pub value_slope: f64,
    /// dg/dλ, >= 0.
    pub cost_slope: f64,
}

/// The parts of both gains that do not hang on the terms: ΔU of the state and ΔΠ of the hyperscaler, USD bn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Gains {
    /// ΔU (19).
    pub state: f64,
    /// ΔΠ (18).
    pub hyperscaler: f64,
}

impl Gains {
    /// Nothing for either side.
    pub const NONE: Gains = Gains {
        state: 0.0,
        hyperscaler: 0.0,
    };
}

/// The individually rational arc \[λ0, λ1\] and the most each side can get on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arc {
    /// Smallest λ with u_S >= 0.
    pub low: f64,
    /// Largest λ with u_H >= 0.
    pub high: f64,
    /// s* = u_S(λ1).
    pub state_best: f64,
    /// h* = u_H(λ0).
    pub hyperscaler_best: f64,
}

impl Frontier<'_> {
    /// x_k(λ) of (23): clamp((λa − (1−λ)c)/(λb + (1−λ)d)), all times the scale; at a zero denominator, as at a table of no size, max where
    /// the numerator is positive, else min.
    pub fn level(&self, k: usize, lambda: f64) -> f64 {
        if self.scale == 0.0 {
            return self.min[k];
        }
        let [c, d] = self.foreseen.unwrap_or([self.c, self.d]);
        let numerator = lambda * self.a[k] - (1.0 - lambda) * c[k];
        let denominator = lambda * self.b[k] + (1.0 - lambda) * d[k];
        if denominator == 0.0 {
            return if numerator > 0.0 {
                self.max[k]
            } else {
                self.min[k]
            };
        }
        (numerator / denominator).clamp(self.min[k], self.max[k])
    }

    /// Writes the bundle x(λ).
    pub fn bundle(&self, lambda: f64, levels: &mut [f64]) {
        for (k, level) in levels.iter_mut().enumerate() {
            *level = self.level(k, lambda);
        }
    }

    /// Value, cost and slopes at λ in \[0, 1\]; dx_k/dλ = ((a − bx) + (c + dx))/(λb + (1−λ)d) between the bounds, else 0. Two terms at a
    /// time, as many as the registers of any machine hold: this is the innermost loop of everything.
    #[inline]
    pub fn at(&self, lambda: f64) -> FrontierPoint {
        if let Some(foreseen) = self.foreseen {
            return self.at_foreseen(lambda, foreseen);
        }
        let count = self.a.len();
        let (a, b, c, d) = (self.a, &self.b[..count], &self.c[..count], &self.d[..count]);
        let (min, max) = (&self.min[..count], &self.max[..count]);
        let mut sums = Sums::default();
        let mut at = 0;
        while at + 1 < count {
            let two = |numbers: &[f64]| f64x2::from([numbers[at], numbers[at + 1]]);
            let coefficients = [two(a), two(b), two(c), two(d)];
            sums.add(lambda, coefficients, [two(min), two(max)]);
            at += TOGETHER;
        }
        if at < count {
            let last = |numbers: &[f64], behind: f64| f64x2::from([numbers[at], behind]);
            let coefficients = [last(a, 0.0), last(b, 0.0), last(c, 0.0), last(d, 1.0)];
            sums.add(lambda, coefficients, [last(min, 0.0), last(max, 0.0)]);
        }
        let total = |lane: f64x2| {
            let [one, other] = lane.to_array();
            self.scale * (one + other)
        };
        FrontierPoint {
            value: total(sums.value),
            cost: total(sums.cost),
            value_slope: total(sums.value_slope),
            cost_slope: total(sums.cost_slope),
        }
    }

    /// As [`at`](Self::at) where bundles are chosen by other costs than those that count: dx_k/dλ = ((a − bx) + (c′ + d′x))/(λb + (1−λ)d′).
    fn at_foreseen(&self, lambda: f64, [c, d]: [&[f64]; 2]) -> FrontierPoint {
        let mut point = FrontierPoint {
            value: 0.0,
            cost: 0.0,
            value_slope: 0.0,
            cost_slope: 0.0,
        };
        for k in 0..self.a.len() {
            let level = self.level(k, lambda);
            let numerator = lambda * self.a[k] - (1.0 - lambda) * c[k];
            let denominator = lambda * self.b[k] + (1.0 - lambda) * d[k];
            let moves = denominator != 0.0 && numerator / denominator == level;
            let worth = self.a[k] - self.b[k] * level;
            let costs = self.c[k] + self.d[k] * level;
            let slope = match moves {
                true => (worth + c[k] + d[k] * level) / denominator,
                false => 0.0,
            };
            point.value += self.scale * level * (self.a[k] - 0.5 * self.b[k] * level);
            point.cost += self.scale * level * (self.c[k] + 0.5 * self.d[k] * level);
            point.value_slope += self.scale * worth * slope;
            point.cost_slope += self.scale * costs * slope;
        }
        point
    }

    /// g(x(λ)) − g(x(μ)), term by term: it keeps its digits where the two points are close.
    pub fn cost_difference(&self, lambda: f64, mu: f64) -> f64 {
        let difference = |k: usize| {
            let (x, y) = (self.level(k, lambda), self.level(k, mu));
            (x - y) * (self.c[k] + 0.5 * self.d[k] * (x + y))
        };
        self.scale * (0..self.a.len()).map(difference).sum::<f64>()
    }

    /// s(x) and g(x) of any bundle.
    pub fn evaluate(&self, levels: &[f64]) -> (f64, f64) {
        let (mut value, mut cost) = (0.0, 0.0);
        for (k, &level) in levels.iter().enumerate() {
            value += level * (self.a[k] - 0.5 * self.b[k] * level);
            cost += level * (self.c[k] + 0.5 * self.d[k] * level);
        }
        (value * self.scale, cost * self.scale)
    }

    /// The individually rational arc, or none where no λ leaves both sides a positive gain.
    pub fn arc(&self, gains: Gains) -> Option<Arc> {
        let first = self.at(0.0);
        let last = self.at(1.0);
        if gains.hyperscaler - first.cost <= 0.0 || gains.state + last.value <= 0.0 {
            return None;
        }
        let high = if gains.hyperscaler - last.cost >= 0.0 {
            1.0
        } else {
            just_above(increasing_root_below(0.0, 1.0, |lambda| {
                let point = self.at(lambda);
                (point.cost - gains.hyperscaler, point.cost_slope)
            }))
        };
        let low = if gains.state + first.value >= 0.0 {
            0.0
        } else {
            increasing_root(0.0, 1.0, |lambda| {
                let point = self.at(lambda);
                (gains.state + point.value, point.value_slope)
            })
        };
        let state_best = gains.state + self.at(high).value;
        let hyperscaler_best = gains.hyperscaler - self.at(low).cost;
        (state_best > 0.0 && hyperscaler_best > 0.0).then_some(Arc {
            low,
            high,
            state_best,
            hyperscaler_best,
        })
    }

    /// The smallest λ in `[from, to]` with u_S(λ) >= `target`; `to` where none reaches it.
    pub fn smallest_with_state_gain(&self, gains: Gains, target: f64, from: f64, to: f64) -> f64 {
        if gains.state + self.at(from).value >= target {
            return from;
        }
        if gains.state + self.at(to).value <= target + TIE {
            return just_below(to);
        }
        increasing_root(from, to, |lambda| {
            let point = self.at(lambda);
            (gains.state + point.value - target, point.value_slope)
        })
    }

    /// The largest λ in `[from, to]` with u_H(λ) >= `target`; `from` where none reaches it.
    pub fn largest_with_hyperscaler_gain(
        &self,
        gains: Gains,
        target: f64,
        from: f64,
        to: f64,
    ) -> f64 {
        if gains.hyperscaler - self.at(to).cost >= target {
            return to;
        }
        if gains.hyperscaler - self.at(from).cost <= target + TIE {
            return just_above(from);
        }
        just_above(increasing_root_below(from, to, |lambda| {
            let point = self.at(lambda);
            (target - gains.hyperscaler + point.cost, point.cost_slope)
        }))
    }
}

/// Terms that are looked at together.
const TOGETHER: usize = 2;

/// Value, cost and slopes of terms in lanes.
#[derive(Default)]
struct Sums {
    value: f64x2,
    cost: f64x2,
    value_slope: f64x2,
    cost_slope: f64x2,
}

impl Sums {
    /// Adds two terms with coefficients a, b, c, d and bounds min, max.
    #[inline(always)]
    fn add(&mut self, lambda: f64, [a, b, c, d]: [f64x2; 4], [min, max]: [f64x2; 2]) {
        /// Less than any denominator that is not zero.
        const NOTHING: f64 = 1e-300;
        /// Beyond every bound: where a denominator is zero the level goes to the bound that the numerator names.
        const BEYOND: f64 = 1e300;
        let (zero, one, half) = (f64x2::ZERO, f64x2::ONE, f64x2::splat(0.5));
        let (own, other) = (f64x2::splat(lambda), f64x2::splat(1.0 - lambda));
        let numerator = own * a - other * c;
        let denominator = own * b + other * d;
        let (inverse, free) = if lambda > 0.0 && lambda < 1.0 {
            // Inside, b + d > 0 keeps every denominator above zero, but at the table of a bloc whose deals have no size: there a numerator
            // is zero too, and terms are worth and cost nothing at any level.
            let inverse = one / denominator.fast_max(f64x2::splat(NOTHING));
            (inverse, numerator * inverse)
        } else {
            let flat = denominator.simd_eq(zero);
            let inverse = one / flat.bitselect(one, denominator);
            let (beyond, below) = (f64x2::splat(BEYOND), f64x2::splat(-BEYOND));
            let bound = numerator.simd_gt(zero).bitselect(beyond, below);
            (inverse, flat.bitselect(bound, numerator * inverse))
        };
        let level = free.fast_max(min).fast_min(max);
        let moves = level.simd_eq(free);
        let (bent, steeper) = (b * level, d * level);
        // What the next unit is worth to the state, and what it costs the hyperscaler.
        let (worth, costs) = (a - bent, c + steeper);
        let slope = moves & ((worth + costs) * inverse);
        self.value += level * (worth + half * bent);
        self.cost += level * (costs - half * steeper);
        self.value_slope += worth * slope;
        self.cost_slope += costs * slope;
    }
}

/// Gains this close, in USD bn, are equal: they come from sums in different orders.
const TIE: f64 = 1e-12;

/// λ, or the limit from above at 0: terms that cost the hyperscaler nothing (c = d = 0) jump there to what the state wants.
pub(crate) fn just_above(lambda: f64) -> f64 {
    /// Nothing but such terms moves between 0 and this.
    const NEXT: f64 = 1e-100;
    lambda.max(NEXT)
}

/// λ, or the limit from below at 1: terms that are worth nothing to the state (a = b = 0) jump there.
pub(crate) fn just_below(lambda: f64) -> f64 {
    lambda.min(1.0 - 0.5 * f64::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: [f64; 1] = [1.0];
    const HALF: [f64; 1] = [0.5];
    const ZERO: [f64; 1] = [0.0];

    fn one_term() -> Frontier<'static> {
        Frontier {
            a: &ONE,
            b: &ONE,
            c: &HALF,
            d: &HALF,
            min: &ZERO,
            max: &ONE,
            scale: 2.0,
            foreseen: None,
        }
    }

    /// Value, cost and their slopes one term after the other.
    fn term_by_term(frontier: &Frontier, lambda: f64) -> [f64; 4] {
        let mut sums = [0.0; 4];
        for k in 0..frontier.a.len() {
            let (a, b, c, d) = (frontier.a[k], frontier.b[k], frontier.c[k], frontier.d[k]);
            let level = frontier.level(k, lambda);
            let denominator = lambda * b + (1.0 - lambda) * d;
            let free = (lambda * a - (1.0 - lambda) * c) / denominator;
            let slope = if denominator != 0.0 && frontier.min[k] <= free && free <= frontier.max[k]
            {
                (a * d + b * c) / (denominator * denominator)
            } else {
                0.0
            };
            let parts = [
                level * (a - 0.5 * b * level),
                level * (c + 0.5 * d * level),
                (a - b * level) * slope,
                (c + d * level) * slope,
            ];
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += frontier.scale * part;
            }
        }
        sums
    }

    #[test]
    fn lanes_agree_with_one_term_after_the_other() {
        let numbers = |seed: u64, low: f64, high: f64| -> Vec<f64> {
            (0..7)
                .map(|k| {
                    let mixed = (seed * 7 + k + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
                    low + (high - low) * mixed as f64 / (1u64 << 24) as f64
                })
                .collect()
        };
        for count in 1..=7 {
            let [a, c] = [(1, -0.2, 0.5), (2, -0.1, 0.4)].map(|(s, l, h)| numbers(s, l, h));
            let [mut b, d] = [(3, 0.0, 0.4), (4, 0.0, 0.6)].map(|(s, l, h)| numbers(s, l, h));
            let [min, max] = [(5, 0.0, 0.2), (6, 0.5, 1.0)].map(|(s, l, h)| numbers(s, l, h));
            b[0] = 0.0;
            let frontier = Frontier {
                a: &a[..count],
                b: &b[..count],
                c: &c[..count],
                d: &d[..count],
                min: &min[..count],
                max: &max[..count],
                scale: 1.7,
                foreseen: None,
            };
            for lambda in [0.0, 0.2, 0.5, 0.9, 1.0] {
                let point = frontier.at(lambda);
                let lanes = [point.value, point.cost, point.value_slope, point.cost_slope];
                for (one, other) in lanes.iter().zip(term_by_term(&frontier, lambda)) {
                    assert!(
                        (one - other).abs() < 1e-14,
                        "{count} {lambda}: {one} {other}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_table_of_no_size_is_worth_nothing_anywhere() {
        let (zeros, ones) = ([0.0; 3], [1.0; 3]);
        let frontier = Frontier {
            a: &zeros,
            b: &zeros,
            c: &zeros,
            d: &zeros,
            min: &zeros,
            max: &ones,
            scale: 1.0,
            foreseen: None,
        };
        for lambda in [0.0, 0.3, 1.0] {
            let point = frontier.at(lambda);
            let all = [point.value, point.cost, point.value_slope, point.cost_slope];
            assert_eq!(all, [0.0; 4]);
            assert_eq!(frontier.level(1, lambda), 0.0);
            // The same where the coefficients are per unit of a size of 0.
            let pair = Frontier {
                scale: 0.0,
                ..one_term()
            };
            assert_eq!(pair.level(0, lambda), pair.min[0]);
        }
    }

    #[test]
    fn slopes_are_the_derivatives_of_value_and_cost() {
        let frontier = one_term();
        for lambda in [0.35, 0.5, 0.77] {
            let step = 1e-6;
            let (before, point, after) = (
                frontier.at(lambda - step),
                frontier.at(lambda),
                frontier.at(lambda + step),
            );
            assert!(((after.value - before.value) / (2.0 * step) - point.value_slope).abs() < 1e-7);
            assert!(((after.cost - before.cost) / (2.0 * step) - point.cost_slope).abs() < 1e-7);
        }
    }

    #[test]
    fn a_bundle_of_the_frontier_has_the_gains_of_its_point() {
        let frontier = one_term();
        let mut levels = [0.0];
        frontier.bundle(0.6, &mut levels);
        let (value, cost) = frontier.evaluate(&levels);
        let point = frontier.at(0.6);
        assert_eq!((value, cost), (point.value, point.cost));
    }

    #[test]
    fn zero_denominators_go_to_the_bound_that_the_numerator_names() {
        let linear = Frontier {
            a: &ONE,
            b: &ZERO,
            c: &HALF,
            d: &HALF,
            min: &ZERO,
            max: &ONE,
            scale: 1.0,
            foreseen: None,
        };
        assert_eq!(linear.level(0, 1.0), 1.0);
        let worthless = Frontier { a: &ZERO, ..linear };
        assert_eq!(worthless.level(0, 1.0), 0.0);
        let free = Frontier {
            a: &ONE,
            b: &ONE,
            c: &ZERO,
            d: &ZERO,
            min: &ZERO,
            max: &ONE,
            scale: 1.0,
            foreseen: None,
        };
        assert_eq!(free.level(0, 0.0), 0.0);
    }

    #[test]
    fn levels_that_cost_one_side_nothing_are_not_given_away_at_the_ends() {
        // A term free to the hyperscaler beside one that is not: at λ = 0 the free one jumps from 0 to ½.
        let (a, b, c, d) = ([0.5, 0.5], [1.0, 0.0], [0.0, 0.1], [0.0, 0.3]);
        let frontier = Frontier {
            a: &a,
            b: &b,
            c: &c,
            d: &d,
            min: &[0.0; 2],
            max: &[1.0; 2],
            scale: 1.0,
            foreseen: None,
        };
        let gains = Gains {
            state: 0.0,
            hyperscaler: 1.0,
        };
        let lambda = frontier.largest_with_hyperscaler_gain(gains, 1.0, 0.0, 1.0);
        assert_eq!(frontier.level(0, lambda), 0.5);
        assert_eq!(frontier.level(1, lambda), 0.0);
        // A term worth nothing to the state that pays the hyperscaler: at λ = 1 it jumps from 1 to 0.
        let (a, b, c, d) = ([0.0, 0.5], [0.0, 1.0], [-0.2, 0.1], [0.1, 0.3]);
        let frontier = Frontier {
            a: &a,
            b: &b,
            c: &c,
            d: &d,
            min: &[0.0; 2],
            max: &[1.0; 2],
            scale: 1.0,
            foreseen: None,
        };
        let best = frontier.at(1.0).value;
        let lambda = frontier.smallest_with_state_gain(gains, best, 0.0, 1.0);
        assert_eq!(frontier.level(0, lambda), 1.0);
        assert!((frontier.at(lambda).value - best).abs() < 1e-15);
    }

    #[test]
    fn a_difference_of_costs_keeps_its_digits() {
        let frontier = one_term();
        let (lambda, step) = (0.6, 1e-9);
        let exact = frontier.at(lambda).cost_slope * step;
        let difference = frontier.cost_difference(lambda + step, lambda);
        assert!(
            (difference - exact).abs() < 1e-6 * exact,
            "{difference} instead of {exact}"
        );
    }

    #[test]
    fn the_arc_ends_where_a_side_gains_nothing() {
        let frontier = one_term();
        let gains = Gains {
            state: -0.2,
            hyperscaler: 0.6,
        };
        let arc = frontier.arc(gains).expect("a deal exists");
        assert!((gains.state + frontier.at(arc.low).value).abs() < 1e-10);
        assert!((gains.hyperscaler - frontier.at(arc.high).cost).abs() < 1e-10);
        assert!(arc.low < arc.high);
        assert!(
            frontier
                .arc(Gains {
                    state: -5.0,
                    hyperscaler: 1.0
                })
                .is_none()
        );
        assert!(
            frontier
                .arc(Gains {
                    state: 1.0,
                    hyperscaler: 0.0
                })
                .is_none()
        );
        assert!(
            frontier
                .arc(Gains {
                    state: -0.9,
                    hyperscaler: 0.1
                })
                .is_none()
        );
    }
}
