//! Sobol' indices of independent factors or groups: how much of an output's variance each explains alone, with others, in pairs.

use crate::theory::sensitivity::error::PlanError;
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate};

/// Fewest base points of a replicate.
const MIN_ROWS: usize = 2;

/// Where a model must be evaluated for Sobol' indices.
///
/// Two matrices A and B of N base points each come from one 2d-dimensional sequence on (0, 1): A takes columns 0..d, B columns d..2d. For
/// each group g, A_B^g is A with the columns of g from B; for second order also B_A^g, the other way round. All of it is repeated with R
/// independent randomisations (replicates). Evaluations are numbered replicate by replicate, matrix by matrix (A, B, A_B of each
/// group, B_A of each group), row by row.
///
/// # References
/// Saltelli et al. 2010, <https://doi.org/10.1016/j.cpc.2009.09.018>; for second order Saltelli 2002,
/// <https://doi.org/10.1016/S0010-4655(02)00280-1>.
#[derive(Debug, Clone, PartialEq)]
pub struct SobolPlan {
    factors: usize,
    groups: Vec<Vec<usize>>,
    rows: usize,
    replicates: usize,
    second_order: bool,
}

impl SobolPlan {
    /// A plan for first and total order of each of `factors` factors, from `replicates` randomisations of `rows` base points each.
    ///
    /// # Errors
    /// No factors, fewer than two rows, no replicates.
    pub fn new(factors: usize, rows: usize, replicates: usize) -> Result<SobolPlan, PlanError> {
        let groups = (0..factors).map(|factor| vec![factor]).collect();
        SobolPlan::of_groups(factors, groups, rows, replicates)
    }

    /// The same for groups of factors, each a list of indices below `factors`; groups may share factors, and need not name all.
    ///
    /// # Errors
    /// As for [`new`](Self::new), and a group that is empty, repeats a factor or names one that does not exist.
    pub fn of_groups(
        factors: usize,
        groups: Vec<Vec<usize>>,
        rows: usize,
        replicates: usize,
    ) -> Result<SobolPlan, PlanError> {
        check_groups(factors, &groups)?;
        at_least("rows", rows, MIN_ROWS)?;
        at_least("replicates", replicates, 1)?;
        Ok(SobolPlan {
            factors,
            groups,
            rows,
            replicates,
            second_order: false,
        })
    }

    /// The same plan with the evaluations that pairs need.
    ///
    /// # Errors
    /// Groups that share a factor.
    pub fn with_second_order(mut self) -> Result<SobolPlan, PlanError> {
        check_disjoint(self.factors, &self.groups)?;
        self.second_order = true;
        Ok(self)
    }

    /// Columns of the sequence that the plan reads: 2d.
    pub fn columns(&self) -> usize {
        2 * self.factors
    }

    /// How many groups are asked about.
    pub fn groups(&self) -> usize {
        self.groups.len()
    }

    fn matrices(&self) -> usize {
        2 + self.groups.len() * (1 + usize::from(self.second_order))
    }

    /// How often the model is evaluated: R·N·(2 + g), with second order R·N·(2 + 2g).
    pub fn evaluations(&self) -> usize {
        self.replicates * self.matrices() * self.rows
    }

    /// Writes the point of `evaluation` to `out`, one uniform per factor.
    ///
    /// `uniform(replicate, row, column)` is the randomised sequence, in (0, 1), with `row` below N and `column` below 2d.
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
        let row = evaluation % self.rows;
        let matrix = evaluation / self.rows % self.matrices();
        let replicate = evaluation / self.rows / self.matrices();
        let d = self.factors;
        let crossed = matrix.checked_sub(2).map(|k| {
            let groups = self.groups.len();
            (k >= groups, &self.groups[k % groups])
        });
        let from_b = matrix == 1 || crossed.is_some_and(|(from_b, _)| from_b);
        for (factor, out) in out.iter_mut().enumerate() {
            let swapped = crossed.is_some_and(|(_, members)| members.contains(&factor));
            let column = if from_b != swapped {
                d + factor
            } else {
                factor
            };
            *out = uniform(replicate, row, column);
        }
    }

    /// The outputs of all evaluations, in order, as one set of slices per replicate.
    ///
    /// # Panics
    /// If there is not one output per evaluation.
    pub fn split<'a>(&self, outputs: &'a [f64]) -> Vec<SobolOutputs<'a>> {
        assert_eq!(outputs.len(), self.evaluations(), "one output a point");
        let groups = self.groups.len();
        let replicates = outputs.chunks_exact(self.matrices() * self.rows);
        replicates
            .map(|outputs| {
                let mut matrices = outputs.chunks_exact(self.rows);
                let mut next = || matrices.next().expect("a slice per matrix");
                SobolOutputs {
                    a: next(),
                    b: next(),
                    ab: (0..groups).map(|_| next()).collect(),
                    ba: (self.second_order).then(|| (0..groups).map(|_| next()).collect()),
                }
            })
            .collect()
    }
}

/// That there are groups, and each names some of `factors` factors, each once.
pub(super) fn check_groups(factors: usize, groups: &[Vec<usize>]) -> Result<(), PlanError> {
    if factors == 0 || groups.is_empty() {
        return Err(PlanError::NoFactors);
    }
    for (group, members) in groups.iter().enumerate() {
        let mut sorted = members.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let last = sorted.last();
        if sorted.len() != members.len() || last.is_none_or(|&last| last >= factors) {
            return Err(PlanError::Group { group, factors });
        }
    }
    Ok(())
}

/// That groups share no factor.
pub(super) fn check_disjoint(factors: usize, groups: &[Vec<usize>]) -> Result<(), PlanError> {
    let mut seen = vec![false; factors];
    for (group, members) in groups.iter().enumerate() {
        for &factor in members {
            if std::mem::replace(&mut seen[factor], true) {
                return Err(PlanError::Overlap { group, factor });
            }
        }
    }
    Ok(())
}

pub(super) fn at_least(what: &'static str, given: usize, min: usize) -> Result<(), PlanError> {
    if given < min {
        return Err(PlanError::TooFew { what, given, min });
    }
    Ok(())
}

/// What the model gave on one replicate: slices of length N, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct SobolOutputs<'a> {
    /// Outputs at the rows of the design A.
    pub a: &'a [f64],
    /// Outputs at the rows of the design B, independent of A.
    pub b: &'a [f64],
    /// On A with the columns of each group from B.
    pub ab: Vec<&'a [f64]>,
    /// On B with the columns of each group from A, for second order.
    pub ba: Option<Vec<&'a [f64]>>,
}

impl SobolOutputs<'_> {
    fn are_finite(&self) -> bool {
        let crossed = self.ab.iter().chain(self.ba.iter().flatten());
        let mut all = [&self.a, &self.b].into_iter().chain(crossed);
        all.all(|outputs| outputs.iter().all(|output| output.is_finite()))
    }
}

/// An index of a pair of groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairIndex<T> {
    /// The first group.
    pub i: usize,
    /// The second group, above `i`.
    pub j: usize,
    /// Its index.
    pub index: T,
}

/// Sobol' indices as shares of the variance, one entry per group: numbers, or estimates with intervals.
#[derive(Debug, Clone, PartialEq)]
pub struct SobolIndices<T> {
    /// S_g: what the group explains by itself, Var(E\[y | x_g\])/Var(y).
    pub first: Vec<T>,
    /// T_g: what would remain uncertain if all others were known, E\[Var(y | x_−g)\]/Var(y).
    pub total: Vec<T>,
    /// S_ij: what a pair explains beyond both; every pair i < j in order, or empty if it was not asked for.
    pub second: Vec<PairIndex<T>>,
}

/// Sobol' indices of one replicate; `None` if an output is not finite or the outputs do not vary.
///
/// With m the mean over A and B, f the outputs less m, and V the mean of f² over A and B:
/// - S_g = mean(f_B·(f_AB − f_A))/V (Saltelli et al. 2010, table 2 b), the outputs centred, without which the products are large and the
///   estimate noisy;
/// - T_g = mean((f_A − f_AB)²)/2V (Jansen 1999);
/// - with B_A also the mirror images of both, of which the mean is taken, and S_ij = mean(f_AB^i·f_BA^j − f_A·f_B)/V − S_i − S_j
///   (Saltelli 2002).
///
/// Nothing is cut off at 0 or 1: a small negative index says how large the error is.
///
/// # References
/// Saltelli et al. 2010, <https://doi.org/10.1016/j.cpc.2009.09.018>; Jansen 1999, <https://doi.org/10.1016/S0010-4655(98)00154-4>;
/// Saltelli 2002, <https://doi.org/10.1016/S0010-4655(02)00280-1>.
pub fn sobol_indices(outputs: &SobolOutputs) -> Option<SobolIndices<f64>> {
    indices(outputs, &vec![1; outputs.a.len()])
}

/// Indices of rows that count `weights` times each.
fn indices(outputs: &SobolOutputs, weights: &[u32]) -> Option<SobolIndices<f64>> {
    let SobolOutputs { a, b, ab, ba } = outputs;
    let count: f64 = weights.iter().map(|&w| f64::from(w)).sum();
    let mean = |value: &dyn Fn(usize) -> f64| {
        let terms = weights
            .iter()
            .enumerate()
            .map(|(k, &w)| f64::from(w) * value(k));
        terms.sum::<f64>() / count
    };
    let centre = mean(&|k| 0.5 * (a[k] + b[k]));
    let square = |x: f64| x * x;
    let variance = mean(&|k| 0.5 * (square(a[k] - centre) + square(b[k] - centre)));
    // Rounding leaves about (1e-16·|centre|)² of outputs that are all equal.
    if !variance.is_finite() || variance <= square(1e-14 * centre) {
        return None;
    }
    let first = |a: &[f64], b: &[f64], ab: &[f64]| mean(&|k| (b[k] - centre) * (ab[k] - a[k]));
    let total = |a: &[f64], ab: &[f64]| 0.5 * mean(&|k| square(a[k] - ab[k]));
    let mut result = SobolIndices {
        first: Vec::new(),
        total: Vec::new(),
        second: Vec::new(),
    };
    for (g, ab) in ab.iter().enumerate() {
        let (mut alone, mut with_others) = (first(a, b, ab), total(a, ab));
        if let Some(ba) = ba {
            alone = 0.5 * (alone + first(b, a, ba[g]));
            with_others = 0.5 * (with_others + total(b, ba[g]));
        }
        result.first.push(alone / variance);
        result.total.push(with_others / variance);
    }
    for (j, ba) in ba.iter().flatten().enumerate() {
        for (i, ab) in ab[..j].iter().enumerate() {
            let closed =
                mean(&|k| (ab[k] - centre) * (ba[k] - centre) - (a[k] - centre) * (b[k] - centre));
            let index = closed / variance - result.first[i] - result.first[j];
            result.second.push(PairIndex { i, j, index });
        }
    }
    result.second.sort_by_key(|pair| (pair.i, pair.j));
    (result.flat().iter().all(|index| index.is_finite())).then_some(result)
}

impl<T: Copy> SobolIndices<T> {
    /// First, total, second, one after the other.
    fn flat(&self) -> Vec<T> {
        let second = self.second.iter().map(|pair| pair.index);
        let indices = self.first.iter().chain(&self.total).copied();
        indices.chain(second).collect()
    }

    /// The same shape with other entries, in the order of `flat`.
    fn refill<U>(&self, entries: Vec<U>) -> SobolIndices<U> {
        let mut entries = entries.into_iter();
        let mut take = |n: usize| entries.by_ref().take(n).collect::<Vec<U>>();
        let (first, total) = (take(self.first.len()), take(self.total.len()));
        let pairs = self.second.iter().zip(take(self.second.len()));
        let second = pairs
            .map(|(pair, index)| PairIndex {
                i: pair.i,
                j: pair.j,
                index,
            })
            .collect();
        SobolIndices {
            first,
            total,
            second,
        }
    }
}

/// Means over replicates with Student's intervals at `level`; `None` for fewer than two replicates, if fewer than half of them vary ([`sobol_varying`]), or
/// than two.
///
/// These intervals are honest for randomised low-discrepancy designs and much shorter than those of [`sobol_bootstrap`]. A replicate that does not
/// vary, as where something happens in few worlds, is left out; an output that is not finite leaves nothing.
pub fn sobol_replicated(replicates: &[SobolOutputs], level: f64) -> Option<SobolIndices<Estimate>> {
    if !replicates.iter().all(SobolOutputs::are_finite) {
        return None;
    }
    let each: Vec<Option<SobolIndices<f64>>> = replicates.iter().map(sobol_indices).collect();
    let shape = each.iter().flatten().next()?;
    let flat: Vec<Option<Vec<f64>>> = each
        .iter()
        .map(|one| one.as_ref().map(SobolIndices::flat))
        .collect();
    let entries = Estimate::each_from_replicates(&flat, shape.flat().len(), level)?;
    Some(shape.refill(entries))
}

/// How many replicates have indices: those of which the outputs vary.
pub fn sobol_varying(replicates: &[SobolOutputs]) -> usize {
    replicates.iter().filter_map(sobol_indices).count()
}

/// Indices of one replicate with intervals from resampled base points; `None` as for [`sobol_indices`].
///
/// The bootstrap takes rows as independent. Those of a low-discrepancy design are not, so there its intervals are far too long.
///
/// # References
/// Archer, Saltelli and Sobol' 1997, <https://doi.org/10.1080/00949659708811825>.
pub fn sobol_bootstrap(
    outputs: &SobolOutputs,
    bootstrap: &Bootstrap,
) -> Option<SobolIndices<Estimate>> {
    let shape = sobol_indices(outputs)?;
    let entries = bootstrap.estimates(outputs.a.len(), |weights| {
        indices(outputs, weights).map(|indices| indices.flat())
    })?;
    Some(shape.refill(entries))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small number that names (replicate, row, column).
    fn mark(replicate: usize, row: usize, column: usize) -> f64 {
        (100 * replicate + 10 * row + column) as f64 / 1000.0
    }

    #[test]
    fn points_are_a_and_b_crossed() {
        let groups = vec![vec![0], vec![1, 2]];
        let plan = SobolPlan::of_groups(3, groups, 2, 2).expect("a plan");
        assert_eq!((plan.evaluations(), plan.columns()), (16, 6));
        let point = |plan: &SobolPlan, k| {
            let mut out = [0.0; 3];
            plan.point(k, mark, &mut out);
            out.map(|x| (x * 1000.0).round() as i32)
        };
        let cases = [
            (0, [0, 1, 2]),
            (3, [13, 14, 15]),
            (4, [3, 1, 2]),
            (7, [10, 14, 15]),
            (8, [100, 101, 102]),
        ];
        for (k, expected) in cases {
            assert_eq!(point(&plan, k), expected, "evaluation {k}");
        }
        let plan = plan.with_second_order().expect("disjoint groups");
        assert_eq!(plan.evaluations(), 24);
        assert_eq!(point(&plan, 8), [0, 4, 5]);
        assert_eq!(point(&plan, 11), [13, 11, 12]);
        let outputs: Vec<f64> = (0..24).map(f64::from).collect();
        let split = plan.split(&outputs);
        assert_eq!(split[1].ab[1], [18.0, 19.0]);
        assert_eq!(split[1].ba.as_ref().expect("asked for")[0], [20.0, 21.0]);
    }

    #[test]
    fn refused_plans() {
        let group = |group| Err(PlanError::Group { group, factors: 3 });
        let of = |groups: &[&[usize]]| {
            let groups = groups.iter().map(|group| group.to_vec()).collect();
            SobolPlan::of_groups(3, groups, 4, 1)
        };
        let too_few = |what, given, min| Err(PlanError::TooFew { what, given, min });
        let cases = [
            (SobolPlan::new(0, 4, 1), Err(PlanError::NoFactors)),
            (SobolPlan::new(3, 1, 1), too_few("rows", 1, 2)),
            (SobolPlan::new(3, 4, 0), too_few("replicates", 0, 1)),
            (of(&[]), Err(PlanError::NoFactors)),
            (of(&[&[0], &[]]), group(1)),
            (of(&[&[3]]), group(0)),
            (of(&[&[0], &[1, 1]]), group(1)),
            (
                of(&[&[0, 1], &[1]]).and_then(SobolPlan::with_second_order),
                Err(PlanError::Overlap {
                    group: 1,
                    factor: 1,
                }),
            ),
        ];
        for (given, expected) in cases {
            assert_eq!(given, expected);
        }
    }

    #[test]
    fn outputs_that_do_not_vary_have_no_indices() {
        let outputs = |a: &'static [f64; 2]| SobolOutputs {
            a,
            b: a,
            ab: vec![a],
            ba: None,
        };
        assert_eq!(sobol_indices(&outputs(&[0.1, 0.1])), None);
        assert_eq!(sobol_indices(&outputs(&[f64::NAN, 0.1])), None);
        assert_eq!(sobol_replicated(&[outputs(&[1.0, 2.0])], 0.95), None);
        assert_eq!(sobol_replicated(&[], 0.95), None);
        // A replicate in which nothing happens leaves the others as they are; one without a number leaves nothing.
        let three = |last: &'static [f64; 2]| {
            let replicates = [&[1.0, 2.0], &[1.0, 4.0], last].map(outputs);
            sobol_replicated(&replicates, 0.95)
        };
        let two = sobol_replicated(&[&[1.0, 2.0], &[1.0, 4.0]].map(outputs), 0.95);
        assert!(two.is_some() && three(&[3.0, 3.0]) == two);
        assert_eq!(three(&[3.0, f64::NAN]), None);
    }
}
