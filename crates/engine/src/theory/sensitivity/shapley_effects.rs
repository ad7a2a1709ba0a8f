//! Shapley effects of independent factors or groups: the variance shared out fairly, interactions included, so that shares add up to 1.

use crate::theory::sensitivity::error::PlanError;
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate, ROUNDING, varies};
use crate::theory::sensitivity::sobol::{at_least, check_disjoint, check_groups};

/// Where a model must be evaluated for Shapley effects.
///
/// For each of N base points, one permutation of the g groups and a walk of g + 1 points from A to B, both of one row of a 2d-dimensional
/// sequence on (0, 1): step l replaces all factors of the l-th group of the permutation. A group is one player of the game, so that its effect is what
/// it adds to any others as a whole: not the sum of what its factors would get as players. Evaluations are numbered replicate by replicate, walk
/// by walk, step by step. Odd walks take the permutation of the walk before them in reverse, which evens out where a factor comes.
///
/// # References
/// Goda 2021, A simple algorithm for global sensitivity analysis with Shapley effects, <https://doi.org/10.1016/j.ress.2021.107702>.
#[derive(Debug, Clone, PartialEq)]
pub struct ShapleyPlan {
    factors: usize,
    groups: Vec<Vec<usize>>,
    rows: usize,
    replicates: usize,
    /// Groups in order of replacement, walk by walk.
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
        uniform: impl FnMut() -> f64,
    ) -> Result<ShapleyPlan, PlanError> {
        let groups = (0..factors).map(|factor| vec![factor]).collect();
        ShapleyPlan::of_groups(factors, groups, rows, replicates, uniform)
    }

    /// The same for groups of factors that share none, each a list of indices below `factors`.
    ///
    /// # Errors
    /// As for [`new`](Self::new), and a group that is empty, names a factor that does not exist, or one that is in a group already.
    pub fn of_groups(
        factors: usize,
        groups: Vec<Vec<usize>>,
        rows: usize,
        replicates: usize,
        mut uniform: impl FnMut() -> f64,
    ) -> Result<ShapleyPlan, PlanError> {
        check_groups(factors, &groups)?;
        check_disjoint(factors, &groups)?;
        at_least("rows", rows, 2)?;
        at_least("replicates", replicates, 1)?;
        let players = groups.len();
        let mut orders = Vec::with_capacity(players * rows * replicates);
        let mut order: Vec<usize> = (0..players).collect();
        for walk in 0..rows * replicates {
            if (walk % rows).is_multiple_of(2) {
                for last in (1..players).rev() {
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
            groups,
            rows,
            replicates,
            orders,
        })
    }

    /// How often the model is evaluated: R·N·(g + 1).
    pub fn evaluations(&self) -> usize {
        self.replicates * self.rows * self.steps()
    }

    /// Points of a walk.
    fn steps(&self) -> usize {
        self.groups.len() + 1
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
        let (walk, step) = (evaluation / self.steps(), evaluation % self.steps());
        let (replicate, row) = (walk / self.rows, walk % self.rows);
        for (place, &group) in self.order(walk).iter().enumerate() {
            for &factor in &self.groups[group] {
                let column = if place < step { d + factor } else { factor };
                out[factor] = uniform(replicate, row, column);
            }
        }
    }

    fn order(&self, walk: usize) -> &[usize] {
        &self.orders[walk * self.groups.len()..][..self.groups.len()]
    }

    /// The effects, from the outputs of all evaluations in order, replicate by replicate; `None` for those of which an output is not
    /// finite, or in which no walk ends elsewhere than it began, by more than rounding (V at most 1e-24 of the largest output squared): the
    /// factors make no variance there that could be divided, though walks may differ by chance.
    ///
    /// With z_0 = f(A), z_1, ..., z_g = f(B) the outputs of a walk, and j the group of step l,
    /// Sh_j = mean((z_0 − z_g)·(z_(l−1) − z_l))/2V with V = mean((z_0 − z_g)²)/2. This is the mean of Goda's estimator for the walk and for the walk
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
        let (players, steps) = (self.groups.len(), self.steps());
        let outputs = &outputs[replicate * self.rows * steps..][..self.rows * steps];
        let mut effects = vec![0.0; players];
        let (mut variance, mut largest) = (0.0, 0.0f64);
        for (row, walk) in outputs.chunks_exact(steps).enumerate() {
            let weight = f64::from(weights[row]);
            let across = walk[0] - walk[players];
            for (l, &group) in self.order(replicate * self.rows + row).iter().enumerate() {
                let (before, after) = (walk[l], walk[l + 1]);
                effects[group] += 0.5 * weight * across * (before - after);
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

    /// How many replicates have effects: those in which the factors make some variance.
    ///
    /// # Panics
    /// If there is not one output per evaluation.
    pub fn varying(&self, outputs: &[f64]) -> usize {
        self.effects(outputs).iter().flatten().count()
    }

    /// Means over replicates with Student's intervals at `level`; `None` for fewer than two replicates, an output that is not finite,
    /// outputs that do not vary at all, or if factors make variance in some replicates, but in fewer than half of them or than two ([`varying`](Self::varying)).
    ///
    /// Where outputs vary, but by chance alone (events, orders of talks: what all points of a walk share), effects are exactly 0.
    ///
    /// # Panics
    /// If there is not one output per evaluation.
    pub fn replicated(&self, outputs: &[f64], level: f64) -> Option<Vec<Estimate>> {
        if outputs.iter().any(|output| !output.is_finite()) || !varies(outputs) {
            return None;
        }
        Estimate::each_from_replicates(&self.effects(outputs), self.groups.len(), level)
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

    /// A group moves as one: y = x0·x1 + x2 over signs ±1, with {x0, x1} a player that has the whole product.
    #[test]
    fn a_group_is_one_player() {
        let stream = crate::theory::draws::rng::Stream::new(4, "walks");
        let groups = vec![vec![0, 1], vec![2]];
        let plan = ShapleyPlan::of_groups(3, groups, 4096, 1, stream.sequence(0, 0));
        let plan = plan.expect("a plan");
        assert_eq!(plan.evaluations(), 3 * 4096);
        let sign = |_: usize, row: usize, column: usize| {
            let uniform = stream.uniform(1 + row as u64, column as u64);
            if uniform < 0.5 { -1.0 } else { 1.0 }
        };
        let mut x = [0.0; 3];
        let outputs: Vec<f64> = (0..plan.evaluations())
            .map(|k| {
                plan.point(k, sign, &mut x);
                x[0] * x[1] + x[2]
            })
            .collect();
        let effects = plan.effects(&outputs)[0].clone().expect("it varies");
        assert!((effects.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        // Half each; the error of a mean of 4096 terms of size 2 is about 0.03.
        assert!((effects[0] - 0.5).abs() < 0.06, "{effects:?}");
        let shared = ShapleyPlan::of_groups(2, vec![vec![0, 1], vec![1]], 4, 1, || 0.0);
        let (group, factor) = (1, 1);
        assert_eq!(shared, Err(PlanError::Overlap { group, factor }));
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
        assert_eq!(
            (plan.varying(&outputs), plan.replicated(&outputs, 0.95)),
            (1, None)
        );
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
