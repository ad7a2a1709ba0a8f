//! Shapley effects of independent factors: the variance shared out fairly, interactions included, so that shares add up to 1.

use crate::theory::sensitivity::error::PlanError;
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate, ROUNDING, varies};
use crate::theory::sensitivity::sobol::at_least;

/// Where a model must be evaluated for Shapley effects.
///
/// For each of N base points, one permutation of the factors and a walk of d + 1 points from A to B, both of one row of a 2d-dimensional
/// sequence on (0, 1): step l replaces the l-th factor of the permutation. Evaluations are numbered replicate by replicate, walk
/// by walk, step by step. Odd walks take the permutation of the walk before them in reverse, which evens out where a factor comes.
///
/// # References
/// Goda 2021, A simple algorithm for global sensitivity analysis with Shapley effects, <https://doi.org/10.1016/j.ress.2021.107702>.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapleyPlan {
    factors: usize,
    rows: usize,
    replicates: usize,
    /// Factors in order of replacement, walk by walk.
    orders: Vec<usize>,
}

impl ShapleyPlan {
    /// A plan of `rows` walks in each of `replicates` randomisations; `uniform` gives the numbers in \[0, 1) for the permutations.
    ///
    /// # Errors
    /// No factors, fewer than two rows, no replicates.
    pub fn new(
        factors: usize,
        rows: usize,
        replicates: usize,
        mut uniform: impl FnMut() -> f64,
    ) -> Result<ShapleyPlan, PlanError> {
        if factors == 0 {
            return Err(PlanError::NoFactors);
        }
        at_least("rows", rows, 2)?;
        at_least("replicates", replicates, 1)?;
        let mut orders = Vec::with_capacity(factors * rows * replicates);
        let mut order: Vec<usize> = (0..factors).collect();
        for walk in 0..rows * replicates {
            if (walk % rows).is_multiple_of(2) {
                for last in (1..factors).rev() {
                    let pick = (uniform() * (last + 1) as f64) as usize;
                    order.swap(last, pick.min(last));
                }
            } else {
                order.reverse();
            }
            orders.extend_from_slice(&order);
        }
        Ok(ShapleyPlan {
            factors,
            rows,
            replicates,
            orders,
        })
    }

    /// How often the model is evaluated: R·N·(d + 1).
    pub fn evaluations(&self) -> usize {
        self.replicates * self.rows * (self.factors + 1)
    }

    /// Writes the point of `evaluation` to `out`, one uniform per factor; `uniform` as for
    /// [`SobolPlan::point`](crate::theory::sensitivity::sobol::SobolPlan::point).
    ///
    /// # Panics
    /// If `out` has another length than the number of factors, or there are fewer evaluations.
    pub fn point(
        &self,
        evaluation: usize,
        uniform: impl Fn(usize, usize, usize) -> f64,
        out: &mut [f64],
    ) {
        assert!(evaluation < self.evaluations() && out.len() == self.factors);
        let d = self.factors;
        let (walk, step) = (evaluation / (d + 1), evaluation % (d + 1));
        let (replicate, row) = (walk / self.rows, walk % self.rows);
        for (place, &factor) in self.order(walk).iter().enumerate() {
            let column = if place < step { d + factor } else { factor };
            out[factor] = uniform(replicate, row, column);
        }
    }

    fn order(&self, walk: usize) -> &[usize] {
        &self.orders[walk * self.factors..][..self.factors]
    }

    /// The effects, from the outputs of all evaluations in order, replicate by replicate; `None` for those of which an output is not
    /// finite, or in which no walk ends elsewhere than it began, by more than rounding (V at most 1e-24 of the largest output squared): the
    /// factors make no variance there that could be divided, though walks may differ by chance.
    ///
    /// With z_0 = f(A), z_1, ..., z_d = f(B) the outputs of a walk, and j the factor of step l,
    /// Sh_j = mean((z_0 − z_d)·(z_(l−1) − z_l))/2V with V = mean((z_0 − z_d)²)/2. This is the mean of Goda's estimator for the walk and for the walk
    /// back from B to A, which is as likely. In expectation exact for independent factors but for V in the denominator; the sum of
    /// the effects is exactly 1 in every sample, and an inert factor gets exactly 0. S_j <= Sh_j <= T_j in expectation.
    ///
    /// # References
    /// Owen 2014, Sobol' indices and Shapley value, <https://doi.org/10.1137/130936233>; Goda 2021,
    /// <https://doi.org/10.1016/j.ress.2021.107702>.
    ///
    /// # Panics
    /// If there is not one output per evaluation.
    pub fn effects(&self, outputs: &[f64]) -> Vec<Option<Vec<f64>>> {
        assert_eq!(outputs.len(), self.evaluations(), "one output a point");
        let ones = vec![1; self.rows];
        (0..self.replicates)
            .map(|replicate| self.weighted(replicate, outputs, &ones))
            .collect()
    }

    /// Effects of one replicate of which the walks count `weights` times each.
    fn weighted(&self, replicate: usize, outputs: &[f64], weights: &[u32]) -> Option<Vec<f64>> {
        let steps = self.factors + 1;
        let outputs = &outputs[replicate * self.rows * steps..][..self.rows * steps];
        let mut effects = vec![0.0; self.factors];
        let (mut variance, mut largest) = (0.0, 0.0f64);
        for (row, walk) in outputs.chunks_exact(steps).enumerate() {
            let weight = f64::from(weights[row]);
            let across = walk[0] - walk[self.factors];
            for (l, &factor) in self.order(replicate * self.rows + row).iter().enumerate() {
                let (before, after) = (walk[l], walk[l + 1]);
                effects[factor] += 0.5 * weight * across * (before - after);
            }
            variance += 0.5 * weight * across * across;
            largest = largest.max(walk[0].abs());
        }
        if !variance.is_finite() || variance <= ROUNDING * ROUNDING * largest * largest {
            return None;
        }
        effects.iter_mut().for_each(|effect| *effect /= variance);
        (effects.iter().all(|effect| effect.is_finite())).then_some(effects)
    }

    /// Means over replicates with Student's intervals at `level`; `None` for fewer than two replicates, an output that is not finite, or
    /// outputs that do not vary at all.
    ///
    /// Where outputs vary, but by chance alone (events, orders of talks: what all points of a walk share), effects are exactly 0.
    ///
    /// # Panics
    /// If there is not one output per evaluation.
    pub fn replicated(&self, outputs: &[f64], level: f64) -> Option<Vec<Estimate>> {
        let each: Vec<Vec<usize>> = (0..self.factors).map(|factor| vec![factor]).collect();
        self.replicated_groups(outputs, &each, level)
    }

    /// Like [`replicated`](Self::replicated) for groups of factors: the sum of its members' effects in each replicate.
    ///
    /// # Panics
    /// If there is not one output per evaluation, or a group names a factor that is not there.
    pub fn replicated_groups(
        &self,
        outputs: &[f64],
        groups: &[Vec<usize>],
        level: f64,
    ) -> Option<Vec<Estimate>> {
        if outputs.iter().any(|output| !output.is_finite()) || !varies(outputs) {
            return None;
        }
        let of_groups = |effects: Vec<f64>| {
            let sum = |members: &Vec<usize>| members.iter().map(|&one| effects[one]).sum();
            groups.iter().map(sum).collect()
        };
        let effects = self.effects(outputs).into_iter();
        let each: Vec<_> = effects.map(|one| one.map(of_groups)).collect();
        Estimate::each_from_replicates(&each, groups.len(), level)
    }

    /// The effects of the first replicate with intervals from resampled walks, for independent rows; `None` as for
    /// [`effects`](Self::effects).
    ///
    /// # Panics
    /// If there is not one output per evaluation.
    pub fn bootstrap(&self, outputs: &[f64], bootstrap: &Bootstrap) -> Option<Vec<Estimate>> {
        assert_eq!(outputs.len(), self.evaluations(), "one output a point");
        bootstrap.estimates(self.rows, |weights| self.weighted(0, outputs, weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_go_from_a_to_b() {
        let plan = ShapleyPlan::new(3, 2, 2, || 0.0).expect("a plan");
        assert_eq!(plan.evaluations(), 16);
        let mut out = [0.0; 3];
        let mut point = |k: usize| {
            plan.point(
                k,
                |r, row, column| (100 * r + 10 * row + column) as f64,
                &mut out,
            );
            out
        };
        assert_eq!(point(0), [0.0, 1.0, 2.0]);
        assert_eq!(point(3), [3.0, 4.0, 5.0]);
        assert_eq!(point(15), [113.0, 114.0, 115.0]);
        let (one, two) = (point(1), point(6));
        // The second walk goes in the reverse order: its second step leaves what the first walk's first step replaces.
        for factor in 0..3 {
            let replaced = one[factor] >= 3.0;
            assert_eq!(two[factor] - 10.0 < 3.0, replaced, "factor {factor}");
        }
    }

    #[test]
    fn what_varies_by_chance_alone_has_effects_of_zero() {
        let plan = ShapleyPlan::new(2, 2, 2, || 0.5).expect("a plan");
        // Four walks of three points: two with an event, two without, one of them with rounding.
        let mut outputs = [1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 1.0, 1.0, 1.0];
        outputs[5] += f64::EPSILON;
        let effects = plan.replicated(&outputs, 0.95).expect("it varies");
        assert!(
            effects
                .iter()
                .all(|one| (one.value, one.high) == (0.0, 0.0))
        );
        // A factor that moves something in one replicate of two: all of the variance there, and no proof of it.
        outputs[2] = 1.5;
        let effects = plan.replicated(&outputs, 0.95).expect("it varies");
        let sum: f64 = effects.iter().map(|one| one.value).sum();
        assert!((sum - 0.5).abs() < 1e-12 && effects.iter().all(|one| one.covers(0.0)));
        outputs[11] = f64::NAN;
        assert_eq!(plan.replicated(&outputs, 0.95), None);
        assert_eq!(plan.replicated(&[0.3; 12], 0.95), None);
    }

    #[test]
    fn equal_outputs_have_no_effects() {
        let plan = ShapleyPlan::new(2, 2, 1, || 0.5).expect("a plan");
        assert_eq!(plan.effects(&[0.3; 6]), [None]);
        let mut outputs = [0.3; 6];
        outputs[4] = f64::NAN;
        assert_eq!(plan.effects(&outputs), [None]);
        assert_eq!(ShapleyPlan::new(0, 2, 1, || 0.5), Err(PlanError::NoFactors));
    }
}
