//! The value of information of a group of factors, from rows that were played for something else.
//!
//! What is known of many factors at once cannot be cut into classes: there are too few rows for each. So the outcome of each arm is regressed on the members,
//! the fit chooses the arm, and what the choice is worth is read off rows that had no part in the fit.

use crate::theory::sensitivity::classes::Sorted;
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate};
use crate::theory::sensitivity::given_data::{always_best, value_of_choices};
use crate::theory::stats::psd::{cholesky, dot};
use crate::theory::stats::special::normal_quantile;

/// Parts into which the rows are cut, each judged by a fit on the others.
const PARTS: usize = 10;
/// A member with no more values than this has an indicator for each but the first.
const FEW_VALUES: usize = 6;
/// Groups with more members than this have no squares.
const MOST_SQUARED: usize = 64;
/// Members whose products are taken.
const MOST_CROSSED: usize = 6;
/// Penalties tried, in units of the variance of a term.
const PENALTIES: [f64; 9] = [1e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 10.0];

/// What it would be worth to know a whole group of factors before an arm is chosen: E\[max_a E\[y_a | x\]\] − max_a E\[y_a\], in the unit of y.
///
/// `members[j]`: a member of the group, row by row; `arms[a]`: the outcome of arm a in the same rows, more is better. The rows are cut into 10 parts, neighbours
/// in pairs, as antithetic ones are. For each part, y_a is fitted on all other rows by a ridge regression on
///
/// ```text
/// z_j, z_j² − 1 for each member, and z_j·z_k for the six that go most with y,   z_j = Φ⁻¹((rank of x_j + ½)/N)
/// ```
///
/// (a member of up to six values has an indicator for each but the first instead; above 64 members there are no squares): on the scores alone, with squares, or
/// with all, and with the penalty, as generalised cross-validation finds best. In each row of the part the arm with the best fit is chosen, and counts with the outcome that it has there:
/// EVPPI = mean(y of the chosen arm) − max_a mean(y_a) + e, with e what the best of all means gains by chance, as in [`evppi`](super::given_data::evppi).
///
/// No choice beats the best arm of a row, so it is never above [`evpi`](super::given_data::evpi) of the same rows. Since no row chooses for itself, there is no gain by
/// chance: an inert group would get 0 or a little less. Less than nothing no knowledge is worth: an estimate below 0, and ends of the interval, are 0, and where one arm is
/// best in every row it is exactly 0. What a fit misses makes the choice worse, so the estimate is low on average: at 1,000 rows and 30 normal
/// members of which the outcome is a sum, by 3 to 5% where they make half of its variance or all of it and by a fifth where they make 15%; by more where members act in
/// ways that squares and few products miss.
/// Its interval is that of the mean of the choices made, from resampled rows.
///
/// `None` without members, arms or rows, if lengths differ, or if a number is not finite. With one arm it is 0.
///
/// # References
/// Strong, Oakley and Brennan 2014, <https://doi.org/10.1177/0272989X13505910>, for regression on groups; Hastie, Tibshirani and Friedman, The Elements of Statistical
/// Learning (2009), 3.4.1 and 7.10; Golub, Heath and Wahba 1979, <https://doi.org/10.1080/00401706.1979.10489751>, for the penalty.
pub fn evppi_of_group(
    members: &[&[f64]],
    arms: &[&[f64]],
    bootstrap: &Bootstrap,
) -> Option<Estimate> {
    let rows = arms.first()?.len();
    let finite = |y: &&[f64]| y.len() == rows && y.iter().all(|y| y.is_finite());
    if rows == 0 || members.is_empty() || !arms.iter().all(finite) {
        return None;
    }
    let terms = Terms::new(members, rows)?;
    // Where one arm is best in every row, a fit could but choose worse.
    let chosen = match always_best(arms, rows) {
        Some(best) => vec![best; rows],
        None => choices(&terms, arms, rows),
    };
    let estimate = bootstrap.estimate(rows, |weights| {
        Some(value_of_choices(&chosen, arms, weights))
    });
    estimate.map(Estimate::at_least_nothing)
}

/// The arm that is chosen in each row, by fits on rows of other parts.
fn choices(terms: &Terms, arms: &[&[f64]], rows: usize) -> Vec<usize> {
    let parts = PARTS.min(rows.div_ceil(2));
    let part = |row: usize| row / 2 % parts;
    let mut chosen = vec![0; rows];
    for judged in 0..parts {
        let others: Vec<usize> = (0..rows).filter(|&row| part(row) != judged).collect();
        let mean = |arm: &&[f64]| others.iter().map(|&row| arm[row]).sum::<f64>();
        let means: Vec<f64> = (arms.iter())
            .map(|arm| mean(arm) / others.len().max(1) as f64)
            .collect();
        let fits: Vec<Option<Fit>> = (arms.iter().zip(&means))
            .map(|(arm, mean)| Fit::new(terms, arm, *mean, &others))
            .collect();
        for row in (0..rows).filter(|&row| part(row) == judged) {
            let value = |arm: usize| {
                let fit = fits[arm].as_ref();
                means[arm] + fit.map_or(0.0, |fit| fit.at(terms, row))
            };
            let better =
                |best: usize, arm: usize| if value(arm) > value(best) { arm } else { best };
            chosen[row] = (0..arms.len()).reduce(better).unwrap_or(0);
        }
    }
    chosen
}

/// Functions of single members, each of mean 0 and variance 1 over all rows.
struct Terms {
    /// By term and row: scores and indicators, behind them squares.
    columns: Vec<Vec<f64>>,
    /// How many are no squares.
    scores: usize,
    /// The first terms of each member, which go into products.
    first: Vec<std::ops::Range<usize>>,
}

impl Terms {
    /// `None` if a length differs or a number is not finite.
    fn new(members: &[&[f64]], rows: usize) -> Option<Terms> {
        let mut terms = Terms {
            columns: Vec::new(),
            scores: 0,
            first: Vec::new(),
        };
        let mut squares = Vec::new();
        for member in members {
            let sorted = Sorted::new(member).filter(|_| member.len() == rows)?;
            let start = terms.columns.len();
            if sorted.distinct() <= FEW_VALUES {
                for run in sorted.runs.windows(2).skip(1) {
                    let mut indicator = vec![0.0; rows];
                    for &row in &sorted.order[run[0]..run[1]] {
                        indicator[row as usize] = 1.0;
                    }
                    terms.push(indicator);
                }
                terms.first.push(start..terms.columns.len());
                continue;
            }
            let mut score = vec![0.0; rows];
            for run in sorted.runs.windows(2) {
                let middle = 0.5 * (run[0] + run[1]) as f64 / rows as f64;
                let z = normal_quantile(middle);
                for &row in &sorted.order[run[0]..run[1]] {
                    score[row as usize] = z;
                }
            }
            if members.len() <= MOST_SQUARED {
                squares.push(score.iter().map(|z| z * z).collect());
            }
            terms.push(score);
            terms.first.push(start..start + 1);
        }
        terms.scores = terms.columns.len();
        squares.into_iter().for_each(|column| terms.push(column));
        Some(terms)
    }

    fn push(&mut self, mut column: Vec<f64>) {
        standardise(&mut column);
        self.columns.push(column);
    }
}

/// Takes the mean off and divides by the standard deviation.
fn standardise(column: &mut [f64]) {
    let rows = column.len() as f64;
    let mean = column.iter().sum::<f64>() / rows;
    column.iter_mut().for_each(|x| *x -= mean);
    let variance = column.iter().map(|x| x * x).sum::<f64>() / rows;
    if variance > 0.0 {
        let std_dev = libm::sqrt(variance);
        column.iter_mut().for_each(|x| *x /= std_dev);
    }
}

/// A ridge regression on all terms and some products.
struct Fit {
    weights: Vec<f64>,
    /// Pairs of terms whose products come behind the terms.
    products: Vec<(usize, usize)>,
}

impl Fit {
    /// The fit of `y` less `mean` on some rows; `None` where it does not vary.
    fn new(terms: &Terms, y: &[f64], mean: f64, rows: &[usize]) -> Option<Fit> {
        let y: Vec<f64> = rows.iter().map(|&row| y[row] - mean).collect();
        let squares = y.iter().map(|y| y * y).sum::<f64>() / y.len() as f64;
        if rows.is_empty() || squares <= 0.0 {
            return None;
        }
        let mut columns: Vec<Vec<f64>> = (terms.columns.iter())
            .map(|column| rows.iter().map(|&row| column[row]).collect())
            .collect();
        let products = products(terms, &columns, &y);
        for &(one, other) in &products {
            let (one, other) = (&columns[one], &columns[other]);
            columns.push(one.iter().zip(other).map(|(x, z)| x * z).collect());
        }
        let normal = NormalEquations::new(&columns, &y);
        Some(Fit {
            weights: normal.best(&[terms.scores, terms.columns.len(), columns.len()])?,
            products,
        })
    }

    /// What it gives for a row, less the mean.
    fn at(&self, terms: &Terms, row: usize) -> f64 {
        let own = terms.columns.iter().map(|column| column[row]);
        let products = self.products.iter();
        let products =
            products.map(|&(one, other)| terms.columns[one][row] * terms.columns[other][row]);
        let values = own.chain(products);
        values.zip(&self.weights).map(|(x, w)| x * w).sum()
    }
}

/// Pairs of first terms of the members that go most with y.
fn products(terms: &Terms, columns: &[Vec<f64>], y: &[f64]) -> Vec<(usize, usize)> {
    let with_y = |term: usize| {
        let sum = columns[term].iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        sum * sum
    };
    let strength = |member: &usize| terms.first[*member].clone().map(with_y).sum::<f64>();
    let mut members: Vec<(f64, usize)> = (0..terms.first.len())
        .map(|member| (strength(&member), member))
        .collect();
    members.sort_by(|one, other| other.0.total_cmp(&one.0));
    members.truncate(MOST_CROSSED);
    let mut pairs = Vec::new();
    for (place, &(_, one)) in members.iter().enumerate() {
        for &(_, other) in &members[..place] {
            for first in terms.first[one].clone() {
                pairs.extend(terms.first[other].clone().map(|second| (second, first)));
            }
        }
    }
    pairs
}

/// Xᵀ·X/n, Xᵀ·y/n and yᵀ·y/n.
struct NormalEquations {
    gram: Vec<f64>,
    with_y: Vec<f64>,
    square: f64,
    rows: f64,
}

impl NormalEquations {
    fn new(columns: &[Vec<f64>], y: &[f64]) -> NormalEquations {
        let rows = y.len() as f64;
        let mean = |one: &[f64], other: &[f64]| dot(one, other) / rows;
        let count = columns.len();
        let mut gram = vec![0.0; count * count];
        for i in 0..count {
            for j in 0..=i {
                let product = mean(&columns[i], &columns[j]);
                gram[i * count + j] = product;
                gram[j * count + i] = product;
            }
        }
        NormalEquations {
            gram,
            with_y: columns.iter().map(|column| mean(column, y)).collect(),
            square: mean(y, y),
            rows,
        }
    }

    /// The weights of the first so many terms, one of `sizes`, under the penalty of the least RSS/(1 − tr(H)/n)², H the matrix that makes the fit of y.
    fn best(&self, sizes: &[usize]) -> Option<Vec<f64>> {
        let mut best: Option<(f64, Vec<f64>)> = None;
        for (size, penalty) in (sizes.iter()).flat_map(|&size| PENALTIES.map(|one| (size, one))) {
            let Some((weights, freedom)) = self.solve(size, penalty) else {
                continue;
            };
            let left = 1.0 - freedom / self.rows;
            let score = self.residual(&weights) / (left * left);
            if left > 0.0 && best.as_ref().is_none_or(|(least, _)| score < *least) {
                best = Some((score, weights));
            }
        }
        best.map(|(_, weights)| weights)
    }

    /// Mean square of what weights leave of y.
    fn residual(&self, weights: &[f64]) -> f64 {
        let fitted = self
            .gram
            .chunks_exact(self.with_y.len().max(1))
            .zip(weights);
        let fitted = fitted.map(|(row, w)| {
            let terms = row.iter().zip(weights);
            w * terms.map(|(g, w)| g * w).sum::<f64>()
        });
        let with_y = weights.iter().zip(&self.with_y).map(|(w, c)| w * c);
        (self.square - 2.0 * with_y.sum::<f64>() + fitted.sum::<f64>()).max(0.0)
    }

    /// Of the first `count` terms (G + λ)⁻¹·c and tr((G + λ)⁻¹·G), by G + λ = L·Lᵀ; `None` if rounding leaves a pivot that is not positive.
    fn solve(&self, count: usize, penalty: f64) -> Option<(Vec<f64>, f64)> {
        let all = self.with_y.len();
        let rows = self.gram.chunks_exact(all.max(1)).take(count);
        let mut shifted: Vec<f64> = rows.flat_map(|row| &row[..count]).copied().collect();
        (0..count).for_each(|i| shifted[i * count + i] += penalty);
        let lower = cholesky(&shifted, count).ok()?;
        let begin = |i: usize| i * (i + 1) / 2;
        let row = |i: usize| &lower[begin(i)..begin(i) + i];
        let pivot = |i: usize| lower[begin(i) + i];
        if (0..count).any(|i| pivot(i) <= 0.0) {
            return None;
        }
        let forward = |right: &mut [f64], from: usize| {
            for i in from..count {
                let sum = dot(&row(i)[from..], &right[from..i]);
                right[i] = (right[i] - sum) / pivot(i);
            }
        };
        let mut weights = self.with_y[..count].to_vec();
        forward(&mut weights, 0);
        for i in (0..count).rev() {
            weights[i] /= pivot(i);
            let weight = weights[i];
            for (before, factor) in weights[..i].iter_mut().zip(row(i)) {
                *before -= factor * weight;
            }
        }
        // tr((G + λ)⁻¹·G) = p − λ·tr((G + λ)⁻¹), and the last trace is the sum of squares of L⁻¹.
        let mut trace = 0.0;
        let mut column = vec![0.0; count];
        for i in 0..count {
            column.fill(0.0);
            column[i] = 1.0;
            forward(&mut column, i);
            trace += column[i..].iter().map(|x| x * x).sum::<f64>();
        }
        Some((weights, count as f64 - penalty * trace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::rng::Stream;
    use crate::theory::sensitivity::given_data::evpi;
    use crate::theory::stats::special::normal_cdf;

    const ROWS: usize = 1000;
    const SEEDS: u64 = 12;
    /// Standard errors of a mean over seeds that chance may take it off.
    const ERRORS: f64 = 3.0;
    /// What choices by an inert fit lose, at most, of a result of deviation 1: the fit errs in each row by about √(30/1000) of it.
    const LOST: f64 = 0.03;
    /// What a fit by the product of two members misses of theirs, on average.
    const MISSED: f64 = 0.02;

    fn normals(seed: u64, columns: usize) -> Vec<Vec<f64>> {
        let column = |k: usize| {
            let stream = Stream::new(seed, &format!("normal.{k}"));
            let mut uniform = stream.sequence(0, 0);
            (0..ROWS).map(|_| normal_quantile(uniform())).collect()
        };
        (0..columns).map(column).collect()
    }

    /// EVPPI and EVPI of some of the columns for a choice between 0 and y.
    fn value(columns: &[Vec<f64>], members: &[usize], y: &[f64]) -> (Estimate, f64) {
        let stream = Stream::new(1, "bootstrap");
        let bootstrap = Bootstrap {
            resamples: 50,
            level: 0.95,
            stream: &stream,
        };
        let members: Vec<&[f64]> = members.iter().map(|&one| columns[one].as_slice()).collect();
        let zeros = vec![0.0; y.len()];
        let arms = [&zeros[..], y];
        let group = evppi_of_group(&members, &arms, &bootstrap).expect("finite");
        let all = evpi(&arms, &bootstrap).expect("finite").value;
        assert!(group.value <= all, "{group:?} above {all}");
        (group, all)
    }

    /// Mean over seeds, and its standard error: that of one study, on average, over √seeds.
    fn over_seeds(of: impl Fn(u64) -> Estimate) -> (f64, f64) {
        let each: Vec<Estimate> = (0..SEEDS).map(of).collect();
        let mean =
            |part: &dyn Fn(&Estimate) -> f64| each.iter().map(part).sum::<f64>() / SEEDS as f64;
        let of_one = mean(&|one| one.std_error);
        (mean(&|one| one.value), of_one / libm::sqrt(SEEDS as f64))
    }

    /// y = m + Σ c_j·x_j with all x normal: with s_g² the variance that the group makes, EVPPI = s_g·φ(m/s_g) + m·Φ(m/s_g) − max(0, m).
    #[test]
    fn a_linear_outcome_has_its_closed_form() {
        // Least share of the exact value that the fit finds, on average: a fit to 30 members misses more of a weak group.
        for (mean, share, least) in [
            (0.0, 0.5, 0.92),
            (0.3, 0.5, 0.92),
            (-0.3, 0.5, 0.92),
            (0.2, 0.15, 0.75),
            (0.0, 1.0, 0.94),
        ] {
            let of = |seed: u64| {
                let columns = normals(seed, 31);
                let rest = libm::sqrt(1.0 - share);
                let each = libm::sqrt(share / 30.0);
                let y = |row: usize| {
                    let group: f64 = columns[..30].iter().map(|column| column[row]).sum();
                    mean + each * group + rest * columns[30][row]
                };
                let y: Vec<f64> = (0..ROWS).map(y).collect();
                value(&columns, &(0..30).collect::<Vec<_>>(), &y).0
            };
            let (found, error) = over_seeds(of);
            let s = libm::sqrt(share);
            let z = mean / s;
            let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI);
            let exact = s * density + mean * normal_cdf(z) - f64::max(0.0, mean);
            let tolerance = ERRORS * error;
            let bounds = least * exact - tolerance..exact + tolerance;
            assert!(bounds.contains(&found), "{mean} {share}: {found} {exact}");
        }
    }

    /// Thirty members that do nothing are worth nothing, wherever the arms stand.
    #[test]
    fn an_inert_group_is_worth_nothing() {
        for mean in [0.0, 0.1, -1.0] {
            let of = |seed: u64| {
                let columns = normals(seed, 31);
                let y: Vec<f64> = columns[30].iter().map(|x| mean + x).collect();
                value(&columns, &(0..30).collect::<Vec<_>>(), &y).0
            };
            let (found, error) = over_seeds(of);
            assert!(found <= ERRORS * error, "{mean}: {found}");
            assert!(found > -LOST, "{mean}: {found}");
        }
    }

    /// y = x0·x1, neither of which is worth anything by itself: together E|x0·x1|/2 = 1/π.
    #[test]
    fn a_group_is_worth_more_than_its_members() {
        let of = |members: &[usize]| {
            over_seeds(|seed| {
                let columns = normals(seed, 3);
                let y: Vec<f64> = (0..ROWS)
                    .map(|row| columns[0][row] * columns[1][row])
                    .collect();
                value(&columns, members, &y).0
            })
        };
        let (both, error) = of(&[0, 1]);
        let exact = 1.0 / std::f64::consts::PI;
        assert!(
            (both - exact).abs() < MISSED + ERRORS * error,
            "{both} {exact}"
        );
        let (other, error) = of(&[1, 2]);
        assert!(other < ERRORS * error, "{other}");
    }

    /// A switch that decides which arm is better, beside one of four kinds.
    #[test]
    fn members_of_few_values_have_their_own_means() {
        let columns: Vec<Vec<f64>> = vec![
            (0..ROWS).map(|row| (row % 2) as f64).collect(),
            (0..ROWS).map(|row| (row / 2 % 4) as f64).collect(),
        ];
        let y = |row: usize| {
            let kind = [1.0, -1.0, 2.0, -2.0][row / 2 % 4];
            kind * (2.0 * columns[0][row] - 1.0)
        };
        let y: Vec<f64> = (0..ROWS).map(y).collect();
        // Known together they tell y, and are worth everything. The kind alone tells nothing.
        let (both, all) = value(&columns, &[0, 1], &y);
        assert!((both.value - all).abs() < 1e-9, "{both:?} {all}");
        let (kind, _) = value(&columns, &[1, 1], &y);
        assert!(
            kind.value.abs() < ERRORS * kind.std_error + LOST,
            "{kind:?}"
        );
    }

    /// One arm that is never better: fits take it for the better one in some rows, which costs, and is not said.
    #[test]
    fn where_one_arm_is_always_best_a_group_is_worth_nothing() {
        let columns = normals(7, 3);
        let worse: Vec<f64> = columns[0].iter().map(|x| -x * x).collect();
        let members: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let zeros = vec![0.0; worse.len()];
        let stream = Stream::new(1, "bootstrap");
        let bootstrap = Bootstrap {
            resamples: 50,
            level: 0.95,
            stream: &stream,
        };
        for arms in [[&zeros[..], &worse], [&worse, &zeros]] {
            let found = evppi_of_group(&members, &arms, &bootstrap).expect("rows");
            let ends = (found.value, found.low, found.high);
            assert_eq!(ends, (0.0, 0.0, 0.0));
            let terms = Terms::new(&members, worse.len()).expect("rows");
            let chosen = choices(&terms, &arms, worse.len());
            let ones = vec![1; worse.len()];
            assert!(value_of_choices(&chosen, &arms, &ones) < 0.0);
        }
    }

    #[test]
    fn no_answer_is_none() {
        let stream = Stream::new(1, "bootstrap");
        let bootstrap = Bootstrap {
            resamples: 5,
            level: 0.9,
            stream: &stream,
        };
        let (x, y) = ([0.0, 1.0, 2.0, 3.0], [1.0, -1.0, f64::NAN, 0.0]);
        assert_eq!(evppi_of_group(&[], &[&x], &bootstrap), None);
        assert_eq!(evppi_of_group(&[&x], &[], &bootstrap), None);
        assert_eq!(evppi_of_group(&[&x], &[&x, &y], &bootstrap), None);
        assert_eq!(evppi_of_group(&[&y], &[&x], &bootstrap), None);
        assert_eq!(evppi_of_group(&[&x[..3]], &[&x], &bootstrap), None);
        assert_eq!(evppi_of_group(&[&[]], &[&[]], &bootstrap), None);
        let one = evppi_of_group(&[&x, &x], &[&x], &bootstrap).expect("finite");
        assert_eq!(one.value, 0.0);
    }
}
