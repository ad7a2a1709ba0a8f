//! First-order Sobol' indices and the value of information of one factor, from rows that were played for something else.

use crate::theory::sensitivity::classes::Sorted;
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate};
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
/// distance from the best arm to the next and s its standard error in the class, by about s·(φ(d̂/s) − d̂/s·Φ(−d̂/s)), the excess of E\[max(0, d)\] over
/// max(0, d̂) for d normal around d̂ with deviation s. That is taken off, in the second term of the difference too. Where the best arm changes
/// smoothly with x, this removes the bias to first order; a factor that changes nothing while arms are level keeps about 0.2·s.
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
    bootstrap.estimate(x.len(), |weights| {
        let informed = value_of_choice(&classes, count, arms, weights);
        let blind = value_of_choice(&vec![0; x.len()], 1, arms, weights);
        Some(informed - blind)
    })
}

/// What it would be worth to know everything: E\[max_a y_a\] − max_a E\[y_a\], which no factor's value can exceed; `None` as for [`evppi`].
pub fn evpi(arms: &[&[f64]], bootstrap: &Bootstrap) -> Option<Estimate> {
    let rows = arms.first()?.len();
    if !well_formed(arms, rows) || rows == 0 {
        return None;
    }
    bootstrap.estimate(rows, |weights| {
        let best = |k: usize| {
            arms.iter()
                .map(|arm| arm[k])
                .fold(f64::NEG_INFINITY, f64::max)
        };
        let mean = |value: &dyn Fn(usize) -> f64| {
            let terms = (0..rows).map(|k| f64::from(weights[k]) * value(k));
            terms.sum::<f64>() / rows as f64
        };
        let means = arms.iter().map(|arm| mean(&|k| arm[k]));
        Some(mean(&best) - means.fold(f64::NEG_INFINITY, f64::max))
    })
}

fn well_formed(arms: &[&[f64]], rows: usize) -> bool {
    !arms.is_empty()
        && (arms.iter()).all(|arm| arm.len() == rows && arm.iter().all(|y| y.is_finite()))
}

/// Mean outcome if each class chooses its best arm, less what that gains by chance.
fn value_of_choice(classes: &[u32], count: usize, arms: &[&[f64]], weights: &[u32]) -> f64 {
    let width = arms.len();
    let mut sums = vec![0.0; count * width];
    let mut sizes = vec![0.0; count];
    for (k, &class) in classes.iter().enumerate() {
        let (class, w) = (class as usize, f64::from(weights[k]));
        sizes[class] += w;
        for (a, arm) in arms.iter().enumerate() {
            sums[class * width + a] += w * arm[k];
        }
    }
    let choices: Vec<(usize, usize)> = sums.chunks_exact(width).map(best_and_next).collect();
    // Sums of squares of best less next around its mean, class by class.
    let mut squares = vec![0.0; count];
    for (k, &class) in classes.iter().enumerate() {
        let class = class as usize;
        let ((best, next), sums) = (choices[class], &sums[class * width..]);
        let mean = (sums[best] - sums[next]) / sizes[class].max(1.0);
        let deviation = arms[best][k] - arms[next][k] - mean;
        squares[class] += f64::from(weights[k]) * deviation * deviation;
    }
    let mut value = 0.0;
    for (class, &(best, next)) in choices.iter().enumerate() {
        let (n, sums) = (sizes[class], &sums[class * width..]);
        value += sums[best];
        let std_error = libm::sqrt(squares[class] / (n - 1.0).max(1.0) / n.max(1.0));
        if std_error > 0.0 {
            let z = (sums[best] - sums[next]) / n / std_error;
            value -= n * std_error * (normal_density(z) - z * normal_cdf(-z));
        }
    }
    value / sizes.iter().sum::<f64>()
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
            let all = evpi(&[&first, &second], bootstrap).expect("finite");
            assert!((all.value - 0.5).abs() < 1e-12);
            let one = evppi(&x, &[&second], bootstrap).expect("finite");
            assert_eq!((one.value, one.std_error), (0.0, 0.0));
        });
    }
}
