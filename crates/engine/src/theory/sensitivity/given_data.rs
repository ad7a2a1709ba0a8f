//! First-order Sobol' indices and the value of information of one factor, from rows that were played for something else.

use crate::theory::sensitivity::classes::Sorted;
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate, ROUNDING};
use crate::theory::stats::special::normal_cdf;

/// The first-order index S = Var(E\[y | x\])/Var(y) of a factor with values `x` for an output with values `y`, row by row.
///
/// The rows are cut into about 0.6·∛N classes of neighbouring ranks of x (4 to 32; equal values stay together, and a factor with fewer values has
/// a class for each). In each class y is fitted by a line in the rank of x, by a constant if x has one value there. With R the residual sum of squares of p
/// parameters in all and T the total sum of squares, S = 1 − (R/(N − p))/(T/(N − 1)): what the fit gains by chance is taken off, so an inert factor
/// comes out around 0, on either side. Exact for a factor with few values, but for chance; else off by what a line misses within a class. Rows of a stratified or low-discrepancy design leave less to chance than independent
/// ones, for which p/N is taken off: there the result is low by up to that, 0.002 at N = 2^14.
///
/// `None` if y does not vary, the lengths differ, there are not more rows than parameters, or a number is not finite.
///
/// # References
/// Plischke, Borgonovo and Smith 2013, <https://doi.org/10.1016/j.ejor.2012.11.047>, for estimates by classes.
pub fn given_first_order(x: &[f64], y: &[f64], bootstrap: &Bootstrap) -> Option<Estimate> {
    if x.len() != y.len() || y.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let sorted = Sorted::new(x)?;
    let count = (0.6 * libm::cbrt(x.len() as f64)) as usize;
    let bounds = sorted.bounds(count.clamp(4, 32));
    let ranks = middle_ranks(&sorted);
    bootstrap.estimate(x.len(), |weights| {
        adjusted_share(&sorted, &bounds, &ranks, y, weights)
    })
}

/// The middle of its run for each place in the order.
fn middle_ranks(sorted: &Sorted) -> Vec<f64> {
    let mut ranks = Vec::with_capacity(sorted.order.len());
    for run in sorted.runs.windows(2) {
        let middle = 0.5 * (run[0] + run[1] - 1) as f64;
        ranks.resize(run[1], middle);
    }
    ranks
}

fn adjusted_share(
    sorted: &Sorted,
    bounds: &[usize],
    ranks: &[f64],
    y: &[f64],
    weights: &[u32],
) -> Option<f64> {
    let weighted = |k: usize| {
        let row = sorted.order[k] as usize;
        (f64::from(weights[row]), y[row])
    };
    let (rows, sum) = (0..y.len())
        .map(weighted)
        .fold((0.0, 0.0), |(n, sum), (w, y)| (n + w, sum + w * y));
    let mean = sum / rows;
    let (mut total, mut residual, mut parameters) = (0.0, 0.0, 0.0);
    for class in bounds.windows(2) {
        let places = class[0]..class[1];
        let (mut n, mut t_sum, mut y_sum) = (0.0, 0.0, 0.0);
        for k in places.clone() {
            let (w, y) = weighted(k);
            n += w;
            t_sum += w * ranks[k];
            y_sum += w * (y - mean);
        }
        if n == 0.0 {
            continue;
        }
        let (t_mean, y_mean) = (t_sum / n, y_sum / n);
        let (mut tt, mut ty, mut yy) = (0.0, 0.0, 0.0);
        for k in places {
            let (w, y) = weighted(k);
            let (t, y) = (ranks[k] - t_mean, y - mean - y_mean);
            tt += w * t * t;
            ty += w * t * y;
            yy += w * y * y;
        }
        let explained = if tt > 1e-9 * n { ty * ty / tt } else { 0.0 };
        residual += yy - explained;
        total += yy + n * y_mean * y_mean;
        parameters += if tt > 1e-9 * n { 2.0 } else { 1.0 };
    }
    let varies = total > rows * 1e-28 * mean * mean && rows > parameters;
    let share = 1.0 - residual / (rows - parameters) * (rows - 1.0) / total;
    (varies && share.is_finite()).then_some(share)
}

/// What it would be worth to know a factor before an arm is chosen: E\[max_a E\[y_a | x\]\] − max_a E\[y_a\], in the unit of y.
///
/// `x`: the factor, row by row; `arms[a]`: the outcome of arm a in the same rows, more is better. Rows are cut into about 0.6·∛N classes of x
/// (4 to 32; equal values stay together). In each class the arm with the best mean is chosen. The best of noisy means is too good by chance: with d̂ the
/// distance from the best arm to the next and s its standard error in the class, by about e = s·(φ(d̂/s) − d̂/s·Φ(−d̂/s)), the excess of E\[max(0, d)\] over
/// max(0, d̂) for d normal around d̂ with deviation s; by nothing where one arm is best in every row, and more rows of that kind would change nothing. That is
/// taken off, in the second term of the difference too: with n_c the rows of class c, d_c what its best arm gives there more than the arm that is best over all,
/// and e_c, e the excess in the class and over all, it is Σ_c n_c·(d_c − e_c)/N + e. Where the best arm changes smoothly with x, this removes the bias to first
/// order; a factor that changes nothing while arms are level keeps about 0.2·s. It never exceeds [`evpi`] of the same rows, as every term is one of its sum, or less;
/// where one arm is best in every row, it is exactly 0. Nor is it ever below 0, as no knowledge is: an estimate that is, and ends of the interval, are 0. Arms
/// that differ by 1e-12 of the largest outcome are level.
///
/// `None` without arms or rows, if lengths differ, or if a number is not finite. With one arm it is 0.
///
/// # References
/// Strong and Oakley 2013, <https://doi.org/10.1177/0272989X12465123>, for estimates by classes of single factors; Raiffa and Schlaifer, Applied
/// Statistical Decision Theory (1961).
pub fn evppi(x: &[f64], arms: &[&[f64]], bootstrap: &Bootstrap) -> Option<Estimate> {
    if !well_formed(arms, x.len()) {
        return None;
    }
    let sorted = Sorted::new(x)?;
    let count = (0.6 * libm::cbrt(x.len() as f64)) as usize;
    let (classes, count) = sorted.classes(count.clamp(4, 32));
    let estimate = bootstrap.estimate(x.len(), |weights| {
        let choice = Choice::blind(arms, weights);
        let (gain, luck) = choice.in_classes(&classes, count);
        let informed = gain - luck + choice.luck;
        // Sums in another order may differ in their last digits.
        Some(informed.min(choice.gain_by_rows() + choice.luck))
    });
    estimate.map(Estimate::at_least_nothing)
}

/// What it would be worth to know everything: E\[max_a y_a\] − max_a E\[y_a\], which no factor's value can exceed; `None` as for [`evppi`].
///
/// Over rows mean(max_a y_a) − max_a mean(y_a) + e, with e what the second term gains by chance, as in [`evppi`]; the ends of its interval are at least 0.
pub fn evpi(arms: &[&[f64]], bootstrap: &Bootstrap) -> Option<Estimate> {
    let rows = arms.first()?.len();
    if !well_formed(arms, rows) || rows == 0 {
        return None;
    }
    let estimate = bootstrap.estimate(rows, |weights| {
        let choice = Choice::blind(arms, weights);
        Some(choice.gain_by_rows() + choice.luck)
    });
    estimate.map(Estimate::at_least_nothing)
}

/// What choices row by row are worth: the mean outcome of the chosen arms less that of the arm with the best mean, e added as in [`evpi`], which is
/// never below it.
pub(super) fn value_of_choices(chosen: &[usize], arms: &[&[f64]], weights: &[u32]) -> f64 {
    let choice = Choice::blind(arms, weights);
    let rows = chosen.iter().zip(weights).enumerate();
    let gains = rows.map(|(k, (&arm, &w))| f64::from(w) * choice.more[arm][k]);
    gains.sum::<f64>() / choice.rows() + choice.luck
}

/// The arm that is best in every row, so that no knowledge is worth anything; none where each is beaten somewhere.
pub(super) fn always_best(arms: &[&[f64]], rows: usize) -> Option<usize> {
    let ones = vec![1; rows];
    let choice = Choice::blind(arms, &ones);
    (choice.gain_by_rows() <= 0.0).then_some(choice.best)
}

fn well_formed(arms: &[&[f64]], rows: usize) -> bool {
    !arms.is_empty()
        && (arms.iter()).all(|arm| arm.len() == rows && arm.iter().all(|y| y.is_finite()))
}

/// The choice of one arm for all rows, and what others give in its place.
struct Choice<'a> {
    weights: &'a [u32],
    /// The arm that is best over all.
    best: usize,
    /// By arm and row, what it gives more than the arm that is best over all.
    more: Vec<Vec<f64>>,
    /// What that arm's mean gains by having been chosen for it.
    luck: f64,
}

impl Choice<'_> {
    /// The arm with the best mean over rows that count `weights` times each.
    fn blind<'a>(arms: &[&[f64]], weights: &'a [u32]) -> Choice<'a> {
        let mean = |arm: &&[f64]| -> f64 {
            let terms = arm.iter().zip(weights).map(|(y, &w)| f64::from(w) * y);
            terms.sum()
        };
        let means: Vec<f64> = arms.iter().map(mean).collect();
        let (chosen, _) = best_and_next(&means);
        let best = arms[chosen];
        let sizes = arms.iter().flat_map(|arm| arm.iter());
        let level = ROUNDING * sizes.fold(0.0, |largest: f64, y| largest.max(y.abs()));
        let more = |arm: &&[f64]| {
            let differences = arm.iter().zip(best).map(|(y, best)| y - best);
            let differences = differences.map(|d| if d.abs() <= level { 0.0 } else { d });
            differences.collect()
        };
        let mut choice = Choice {
            weights,
            best: chosen,
            more: arms.iter().map(more).collect(),
            luck: 0.0,
        };
        choice.luck = choice.in_classes(&vec![0; weights.len()], 1).1;
        choice
    }

    fn rows(&self) -> f64 {
        self.weights.iter().map(|&w| f64::from(w)).sum()
    }

    /// Mean gain where each row has its best arm.
    fn gain_by_rows(&self) -> f64 {
        let best = |k: usize| self.more.iter().map(|arm| arm[k]).fold(0.0, f64::max);
        let gains = self.weights.iter().enumerate();
        let gains = gains.map(|(k, &w)| f64::from(w) * best(k));
        gains.sum::<f64>() / self.rows()
    }

    /// Mean gain where each class has the arm with the best mean in it, and what of it is there by chance.
    fn in_classes(&self, classes: &[u32], count: usize) -> (f64, f64) {
        let width = self.more.len();
        let mut sums = vec![0.0; count * width];
        let mut sizes = vec![0.0; count];
        let row = |k: usize| (classes[k] as usize, f64::from(self.weights[k]));
        for k in 0..classes.len() {
            let (class, w) = row(k);
            sizes[class] += w;
            for (a, arm) in self.more.iter().enumerate() {
                sums[class * width + a] += w * arm[k];
            }
        }
        let choices: Vec<(usize, usize)> = sums.chunks_exact(width).map(best_and_next).collect();
        // Sums of squares of best less next around its mean, class by class, and whether another is better in some row.
        let mut squares = vec![0.0; count];
        let mut open = vec![false; count];
        for k in 0..classes.len() {
            let (class, w) = row(k);
            let ((best, next), sums) = (choices[class], &sums[class * width..]);
            let mean = (sums[best] - sums[next]) / sizes[class].max(1.0);
            let deviation = self.more[best][k] - self.more[next][k] - mean;
            squares[class] += w * deviation * deviation;
            open[class] |= w > 0.0 && self.more.iter().any(|arm| arm[k] > self.more[best][k]);
        }
        let (mut gain, mut luck) = (0.0, 0.0);
        for (class, &(best, next)) in choices.iter().enumerate() {
            let (n, sums) = (sizes[class], &sums[class * width..]);
            gain += sums[best];
            let std_error = libm::sqrt(squares[class] / (n - 1.0).max(1.0) / n.max(1.0));
            if open[class] && std_error > 0.0 {
                let z = (sums[best] - sums[next]) / n / std_error;
                luck += n * std_error * (normal_density(z) - z * normal_cdf(-z));
            }
        }
        (gain / self.rows(), luck / self.rows())
    }
}

/// Indices of the largest and the second largest sum, the first of equals; twice the same if there is one arm.
fn best_and_next(sums: &[f64]) -> (usize, usize) {
    let largest = |skip: Option<usize>| {
        let others = (0..sums.len()).filter(|&a| Some(a) != skip);
        others.reduce(|best, a| if sums[a] > sums[best] { a } else { best })
    };
    let best = largest(None).unwrap_or(0);
    (best, largest(Some(best)).unwrap_or(best))
}

fn normal_density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::rng::Stream;

    fn with<T>(check: impl FnOnce(&Bootstrap) -> T) -> T {
        let stream = Stream::new(1, "given");
        check(&Bootstrap {
            resamples: 20,
            level: 0.95,
            stream: &stream,
        })
    }

    #[test]
    fn first_order_of_two_values_is_the_ratio_of_variances() {
        // Class means 1 and 3, within-class squares 2 each: T = 4·1 + 4 = 8, R = 4, N = 4, p = 2.
        let (x, y) = ([0.0, 0.0, 1.0, 1.0], [0.0, 2.0, 2.0, 4.0]);
        let share = with(|bootstrap| given_first_order(&x, &y, bootstrap)).expect("varies");
        assert!((share.value - (1.0 - (4.0 / 2.0) / (8.0 / 3.0))).abs() < 1e-12);
    }

    #[test]
    fn no_answer_is_none() {
        with(|bootstrap| {
            let x: Vec<f64> = (0..40).map(f64::from).collect();
            assert_eq!(given_first_order(&x, &[0.1; 40], bootstrap), None);
            assert_eq!(given_first_order(&x, &[0.1; 39], bootstrap), None);
            let mut y = x.clone();
            y[3] = f64::INFINITY;
            assert_eq!(given_first_order(&x, &y, bootstrap), None);
            assert_eq!(given_first_order(&y, &x, bootstrap), None);
            assert_eq!(evppi(&x, &[], bootstrap), None);
            assert_eq!(evppi(&x, &[&x, &y], bootstrap), None);
            assert_eq!(evppi(&[], &[&[]], bootstrap), None);
            assert_eq!(evpi(&[&[]], bootstrap), None);
        });
    }

    #[test]
    fn information_by_hand() {
        // Arm 0 pays 1 where x = 0, arm 1 pays 3 where x = 1: knowing x is worth (1 + 3)/2 − 3/2 = ½.
        let x: Vec<f64> = (0..40).map(|k| f64::from(k % 2)).collect();
        let first: Vec<f64> = x.iter().map(|x| 1.0 - x).collect();
        let second: Vec<f64> = x.iter().map(|x| 3.0 * x).collect();
        with(|bootstrap| {
            let value = evppi(&x, &[&first, &second], bootstrap).expect("finite");
            // Less what the means of 40 rows gain by chance: next to nothing, as they are three standard errors apart.
            assert!((value.value - 0.5).abs() < 1e-3, "{value:?}");
            // Knowing everything is knowing x: no arm is left open within a class of it.
            let all = evpi(&[&first, &second], bootstrap).expect("finite");
            assert_eq!(all.value, value.value);
            let one = evppi(&x, &[&second], bootstrap).expect("finite");
            assert_eq!((one.value, one.std_error), (0.0, 0.0));
        });
    }

    #[test]
    fn where_the_choice_is_the_same_in_every_row_information_is_worth_nothing() {
        let x: Vec<f64> = (0..200).map(|k| f64::from(k * 37 % 200)).collect();
        let none = vec![0.0; 200];
        with(|bootstrap| {
            // Better in some rows and level in the others, but for the last digits of what both are made of.
            for scale in [1.0, -1.0] {
                let gain = |k: usize| {
                    if k.is_multiple_of(7) {
                        1.0 / 3.0
                    } else {
                        -1e-17
                    }
                };
                let arm: Vec<f64> = (0..200).map(|k| scale * gain(k)).collect();
                let of = evppi(&x, &[&none, &arm], bootstrap).expect("finite");
                let all = evpi(&[&none, &arm], bootstrap).expect("finite");
                for one in [of, all] {
                    assert_eq!((one.value, one.low, one.high), (0.0, 0.0, 0.0));
                }
            }
        });
    }

    #[test]
    fn no_factor_is_worth_more_than_everything() {
        // What decides alone, with noise of all sizes, on few rows: the estimate by classes is as large as that by rows.
        let draws = |k: u64| Stream::new(k, "worth").sequence(0, 0);
        for seed in 0..60 {
            let mut draw = draws(seed);
            let x: Vec<f64> = (0..30).map(|_| draw()).collect();
            let noise = 0.1 * (seed % 4) as f64;
            let arm: Vec<f64> = (x.iter().map(|x| x - 0.45 + noise * (draw() - 0.5))).collect();
            let other: Vec<f64> = x.iter().map(|x| 0.2 - 0.4 * x).collect();
            let none = vec![0.0; 30];
            with(|bootstrap| {
                let arms = [&none[..], &arm[..], &other[..]];
                for arms in [&arms[..2], &arms[..]] {
                    let one = evppi(&x, arms, bootstrap).expect("finite").value;
                    let all = evpi(arms, bootstrap).expect("finite").value;
                    assert!(one <= all, "{one} of {all} with seed {seed}");
                    assert!(one > 0.5 * all || noise > 0.2, "{one} of {all}");
                }
            });
        }
    }
}
