//! Estimates with intervals: from replicates of a randomised design, and from the bootstrap of rows.

use crate::theory::draws::rng::Stream;
use crate::theory::stats::special::{normal_quantile, student_quantile};

/// Fewest values that have a spread.
const MIN_VALUES: usize = 2;

/// An estimate with its standard error and a two-sided interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Of all values, without resampling.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
}

impl Estimate {
    /// The mean of R independent replicates, with Student's interval at `level`, say 0.95; `None` for fewer than two values or one
    /// that is not finite.
    ///
    /// m ± t_(R−1)((1 + level)/2)·s/√R, where s is the sample standard deviation of the replicates. It is honest for randomised
    /// low-discrepancy designs, of which the rows are not independent but the replicates are.
    ///
    /// # References
    /// L'Ecuyer 2018, Randomized quasi-Monte Carlo, <https://doi.org/10.1007/978-3-319-91436-7_2>, section 2.
    pub fn from_replicates(values: &[f64], level: f64) -> Option<Estimate> {
        let (mean, std_dev) = mean_and_std_dev(values)?;
        let count = values.len() as f64;
        let std_error = std_dev / libm::sqrt(count);
        let half = student_quantile(count - 1.0, 0.5 + 0.5 * level) * std_error;
        Some(Estimate::around(mean, std_error, half))
    }

    /// `value` with an interval from `resampled`, values of the same estimator on resampled rows; `None` as for
    /// [`from_replicates`](Self::from_replicates).
    ///
    /// value ± z·s, where s is the standard deviation of the resampled values. Quantiles of the resampled values are not used, nor
    /// their mean: distances between distributions, and fits, are biased upwards on rows that repeat, while their spread is right.
    ///
    /// # References
    /// Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 6 and 12.
    pub fn from_bootstrap(value: f64, resampled: &[f64], level: f64) -> Option<Estimate> {
        let (_, std_error) = mean_and_std_dev(resampled)?;
        let half = normal_quantile(0.5 + 0.5 * level) * std_error;
        value
            .is_finite()
            .then(|| Estimate::around(value, std_error, half))
    }

    /// Means over R replicates of several values at once, with Student's intervals at `level`; `None` for fewer than two replicates.
    ///
    /// A replicate that does not vary has no values, and says nothing of what varies elsewhere: it is left out, as a resample without an
    /// answer is. `None` too where fewer than half of them have values, or than two: those that vary are then the ones in which something rare happened,
    /// and what they agree on is that it did. Where none has values, all are 0.
    ///
    /// `replicates`: of each replicate `count` values, or none.
    pub(super) fn each_from_replicates(
        replicates: &[Option<Vec<f64>>],
        count: usize,
        level: f64,
    ) -> Option<Vec<Estimate>> {
        if replicates.len() < MIN_VALUES {
            return None;
        }
        let varying = replicates.iter().flatten().count();
        if varying > 0 && varying < MIN_VALUES.max(replicates.len().div_ceil(2)) {
            return None;
        }
        let estimate = |k: usize| {
            let values = replicates.iter().map(|values| Some(values.as_ref()?[k]));
            let values: Vec<f64> = match varying {
                0 => vec![0.0; replicates.len()],
                _ => values.flatten().collect(),
            };
            Estimate::from_replicates(&values, level)
        };
        (0..count).map(estimate).collect()
    }

    fn around(value: f64, std_error: f64, half: f64) -> Estimate {
        Estimate {
            value,
            std_error,
            low: value - half,
            high: value + half,
        }
    }

    /// The estimate of what is never below 0: value and ends there at least.
    pub(super) fn at_least_nothing(self) -> Estimate {
        // Added zero takes the sign off that of a rounded product.
        let at_least = |x: f64| x.max(0.0) + 0.0;
        Estimate {
            value: at_least(self.value),
            low: at_least(self.low),
            high: at_least(self.high),
            ..self
        }
    }

    /// Whether `x` lies in the interval.
    pub fn covers(&self, x: f64) -> bool {
        self.low <= x && x <= self.high
    }
}

fn mean_and_std_dev(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < MIN_VALUES || values.iter().any(|value| !value.is_finite()) {
        return None;
    }
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    Some((mean, libm::sqrt(squares / (count - 1.0))))
}

/// How intervals of given data are made.
#[derive(Debug, Clone, Copy)]
pub struct Bootstrap<'a> {
    /// How often the rows are resampled, at least twice: 100 times give a standard error to about 7%.
    pub resamples: usize,
    /// Two-sided level of the interval, say 0.95.
    pub level: f64,
    /// Where chance comes from: resample k draws from trial k of this stream.
    pub stream: &'a Stream,
}

impl Bootstrap<'_> {
    /// `estimate` on all rows, each with weight 1, with an interval from `resamples` rounds of weights: how often each of `rows`
    /// rows was drawn with replacement. `None` where the estimate is `None`.
    ///
    /// A resample on which the estimator has no answer (all rows drawn are equal, say) is left out of the spread.
    pub fn estimate(
        &self,
        rows: usize,
        mut estimate: impl FnMut(&[u32]) -> Option<f64>,
    ) -> Option<Estimate> {
        let mut weights = vec![1; rows];
        let value = estimate(&weights)?;
        let resampled: Vec<f64> = (0..self.resamples)
            .filter_map(|resample| {
                self.draw(resample, &mut weights);
                estimate(&weights)
            })
            .collect();
        Estimate::from_bootstrap(value, &resampled, self.level)
    }

    /// Like [`estimate`](Self::estimate) for an estimator of several values at once.
    pub fn estimates(
        &self,
        rows: usize,
        mut estimate: impl FnMut(&[u32]) -> Option<Vec<f64>>,
    ) -> Option<Vec<Estimate>> {
        let mut weights = vec![1; rows];
        let values = estimate(&weights)?;
        let resampled: Vec<Vec<f64>> = (0..self.resamples)
            .filter_map(|resample| {
                self.draw(resample, &mut weights);
                estimate(&weights)
            })
            .collect();
        let column = |i: usize| -> Vec<f64> { resampled.iter().map(|row| row[i]).collect() };
        let each = values.iter().enumerate();
        each.map(|(i, &value)| Estimate::from_bootstrap(value, &column(i), self.level))
            .collect()
    }

    /// Fills `weights` with how often each row is drawn in `resample`.
    fn draw(&self, resample: usize, weights: &mut [u32]) {
        weights.fill(0);
        let mut uniform = self.stream.sequence(resample as u64, 0);
        for _ in 0..weights.len() {
            // A uniform lies below 1, but its product with the length may round up to it.
            let row = (uniform() * weights.len() as f64) as usize;
            weights[row.min(weights.len() - 1)] += 1;
        }
    }
}

/// Differences within this share of the largest output may be rounding: sums of some hundreds of terms in another order differ by less.
pub(super) const ROUNDING: f64 = 1e-12;

/// Whether outputs, all finite, differ by more than rounding: by more than 1e-12 of the largest of them. What does not has nothing that drives it,
/// whatever an estimator would make of its last digits.
pub fn varies(outputs: &[f64]) -> bool {
    let ends = (f64::INFINITY, f64::NEG_INFINITY);
    let (low, high) = (outputs.iter()).fold(ends, |(low, high), &y| (low.min(y), high.max(y)));
    high - low > ROUNDING * low.abs().max(high.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_is_no_variation() {
        let third = 5.0 / 9.0;
        assert!(!varies(&[
            third,
            third + f64::EPSILON,
            third - f64::EPSILON
        ]));
        assert!(!varies(&[0.0; 5]) && !varies(&[1e9, 1e9 + 1e-4]) && !varies(&[]));
        assert!(varies(&[0.0, 1e-15]) && varies(&[1.0, 1.0 + 1e-9]) && varies(&[-1.0, 1.0]));
    }

    #[test]
    fn replicates_by_hand() {
        // Mean 2, s = 1, R = 3, t_2(0.975) = 4.302652729911275.
        let estimate = Estimate::from_replicates(&[1.0, 2.0, 3.0], 0.95).expect("three values");
        assert_eq!(estimate.value, 2.0);
        assert!((estimate.std_error - 1.0 / 3.0f64.sqrt()).abs() < 1e-12);
        assert!((estimate.high - 2.0 - 4.302652729911275 / 3.0f64.sqrt()).abs() < 1e-9);
        assert!(estimate.covers(2.5) && !estimate.covers(5.0));
        assert_eq!(Estimate::from_replicates(&[1.0], 0.95), None);
        assert_eq!(Estimate::from_replicates(&[1.0, f64::NAN], 0.95), None);
        assert_eq!(Estimate::from_bootstrap(f64::NAN, &[1.0, 2.0], 0.95), None);
    }

    #[test]
    fn a_replicate_that_does_not_vary_is_left_out() {
        let of = |replicates: &[Option<f64>]| {
            let each = replicates.iter().map(|one| one.map(|value| vec![value]));
            Estimate::each_from_replicates(&each.collect::<Vec<_>>(), 1, 0.95).map(|all| all[0])
        };
        let plain = |values: &[f64]| Estimate::from_replicates(values, 0.95);
        assert_eq!(of(&[Some(0.2), None, Some(0.4)]), plain(&[0.2, 0.4]));
        assert_eq!(
            of(&[Some(0.2), None, Some(0.4), None]),
            plain(&[0.2, 0.4]),
            "half of them"
        );
        // Fewer than half, or one alone, say what was rare, not what it moves.
        for few in [
            &[None, Some(0.9), None][..],
            &[None, Some(0.9)],
            &[Some(0.9), None, Some(0.9), None, None],
        ] {
            assert_eq!(of(few), None, "{few:?}");
        }
        assert_eq!(of(&[None, None]), plain(&[0.0, 0.0]));
        assert_eq!((of(&[Some(1.0)]), of(&[])), (None, None));
    }

    #[test]
    fn the_bootstrap_knows_the_error_of_a_mean() {
        let values: Vec<f64> = (0..400).map(|k| f64::from(k * 173 % 400)).collect();
        let stream = Stream::new(1, "test");
        let bootstrap = Bootstrap {
            resamples: 400,
            level: 0.9,
            stream: &stream,
        };
        let mean = |weights: &[u32]| {
            let total: f64 = weights
                .iter()
                .zip(&values)
                .map(|(&w, y)| f64::from(w) * y)
                .sum();
            Some(total / 400.0)
        };
        let estimate = bootstrap.estimate(400, mean).expect("values");
        // σ/√n of the uniform whole numbers 0..400 is √((400² − 1)/12/400) = 5.77; the bootstrap's own error is 3.5%.
        assert!((estimate.std_error / 5.7735 - 1.0).abs() < 0.14);
        assert_eq!(estimate.value, 199.5);
        assert_eq!(Some(estimate), bootstrap.estimate(400, mean));
    }
}
