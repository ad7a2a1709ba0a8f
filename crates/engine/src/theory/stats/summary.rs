//! Summary of one number over trials: streaming moments, and quantiles from where the caller has them.

use crate::theory::stats::groups::Groups;
use crate::theory::stats::quantile::{arrange, quantile};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Distribution of one number over the trials that have it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stat {
    /// Mean.
    pub mean: f64,
    /// Standard deviation across trials (divisor n − 1); none for a single value.
    pub sd: Option<f64>,
    /// Standard error of the mean; none for a single value. sd/√n where trials are independent, else from the spread of
    /// independent groups of them: pairs of antithetic trials, replicates of a stratified design.
    pub se: Option<f64>,
    /// 5% quantile.
    pub p05: f64,
    /// 25% quantile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75% quantile.
    pub p75: f64,
    /// 95% quantile.
    pub p95: f64,
    /// Smallest value.
    pub min: f64,
    /// Largest value.
    pub max: f64,
    /// How many trials have a value: always for terms, elsewhere where it is not all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

impl Stat {
    /// The distribution of −x, given that of x.
    pub fn negated(&self) -> Stat {
        Stat {
            mean: 0.0 - self.mean,
            p05: 0.0 - self.p95,
            p25: 0.0 - self.p75,
            p50: 0.0 - self.p50,
            p75: 0.0 - self.p25,
            p95: 0.0 - self.p05,
            min: 0.0 - self.max,
            max: 0.0 - self.min,
            ..*self
        }
    }

    /// Whether every number is finite.
    pub fn is_finite(&self) -> bool {
        let numbers = [
            self.mean, self.p05, self.p25, self.p50, self.p75, self.p95, self.min, self.max,
        ];
        numbers.into_iter().chain(self.sd).all(f64::is_finite)
    }
}

/// Mean and spread of values seen one by one (Welford 1962): the result depends on their order, so callers push in the
/// order of trials.
#[derive(Debug, Clone, Copy)]
pub struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
    min: f64,
    max: f64,
}

impl Default for Moments {
    fn default() -> Self {
        Moments {
            count: 0,
            mean: 0.0,
            squares: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }
}

impl Moments {
    /// Takes in one value.
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        let shift = value - self.mean;
        self.mean += shift / self.count as f64;
        self.squares += shift * (value - self.mean);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// How many values there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    fn std_dev(&self) -> Option<f64> {
        (self.count > 1).then(|| libm::sqrt(self.squares / (self.count - 1) as f64))
    }
}

/// Summary of values in the order of trials, NaN meaning none; `None` if no trial has a value.
pub fn summarise(values: impl Iterator<Item = f64> + Clone) -> Option<Stat> {
    let mut streamed = Streamed::default();
    values.clone().for_each(|value| streamed.push(value));
    streamed.stat_of_values(values)
}

/// The error of a mean by groups of trials, of which only groups are independent.
///
/// With n_g values of mean x_g in group g of G, N = Σ n_g and x = Σ n_g·x_g/N:
///
/// ```text
/// se² = G/(G − 1)·Σ n_g²·(x_g − x)²/N²
/// ```
///
/// which for groups of one size is the variance of their means over G. Where not every trial has a value it is that of a ratio.
///
/// # References
/// Cochran, Sampling Techniques, 3rd edition, 1977, (11.12) for the mean of clusters of unequal size.
#[derive(Debug, Clone)]
struct Clusters {
    groups: Groups,
    /// Trials seen when the present group ends.
    end: u64,
    /// The present group.
    group: Moments,
    count: u64,
    weight: f64,
    mean: f64,
    squares: f64,
}

impl Clusters {
    fn new(groups: Groups) -> Clusters {
        Clusters {
            groups,
            end: groups.locate(0).size,
            group: Moments::default(),
            count: 0,
            weight: 0.0,
            mean: 0.0,
            squares: 0.0,
        }
    }

    /// Takes in a value of trial number `trials`, counted from 1.
    fn push(&mut self, value: f64, trials: u64) {
        if !value.is_nan() {
            self.group.push(value);
        }
        if trials == self.end {
            self.close();
            self.end += self.groups.locate(trials).size;
        }
    }

    /// Ends the present group (West 1979, with weights n_g²).
    fn close(&mut self) {
        let group = std::mem::take(&mut self.group);
        if group.count == 0 {
            return;
        }
        let weight = group.count as f64 * group.count as f64;
        let shift = group.mean - self.mean;
        self.count += 1;
        self.weight += weight;
        self.mean += shift * weight / self.weight;
        self.squares += weight * shift * (group.mean - self.mean);
    }

    /// The standard error of the mean of all values, none of a single group.
    fn std_error(&self, moments: &Moments) -> Option<f64> {
        let mut all = self.clone();
        all.close();
        let (count, total) = (all.count as f64, moments.count as f64);
        let shift = all.mean - moments.mean;
        let squares = all.squares + all.weight * shift * shift;
        (all.count > 1).then(|| libm::sqrt(count / (count - 1.0) * squares) / total)
    }
}

/// The quantiles of a summary.
const SHARES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

/// Moments of a stream of which values need not be kept.
#[derive(Debug, Clone, Default)]
pub struct Streamed {
    moments: Moments,
    trials: u64,
    /// None where trials are independent.
    clusters: Option<Box<Clusters>>,
}

impl Streamed {
    /// For trials of which only `groups` are independent.
    pub fn new(groups: Groups) -> Streamed {
        Streamed {
            clusters: (!groups.is_single()).then(|| Box::new(Clusters::new(groups))),
            ..Streamed::default()
        }
    }

    /// Takes in the value of the next trial; NaN means none.
    pub fn push(&mut self, value: f64) {
        self.trials += 1;
        if !value.is_nan() {
            self.moments.push(value);
        }
        if let Some(clusters) = &mut self.clusters {
            clusters.push(value, self.trials);
        }
    }

    fn std_error(&self) -> Option<f64> {
        match &self.clusters {
            Some(clusters) => clusters.std_error(&self.moments),
            None => {
                let std_dev = self.moments.std_dev();
                std_dev.map(|sd| sd / libm::sqrt(self.moments.count as f64))
            }
        }
    }

    /// The summary with the quantiles that `quantile` gives; `None` if no trial has a value or `quantile` has none.
    pub fn stat(&self, quantile: impl Fn(f64) -> Option<f64>) -> Option<Stat> {
        let Moments {
            count, min, max, ..
        } = self.moments;
        if count == 0 {
            return None;
        }
        let quantile = |p| quantile(p).map(|value| value.clamp(min, max));
        Some(Stat {
            // Rounding can push the mean of equal values by one unit in the last place; it lies between the extremes.
            mean: self.moments.mean.clamp(min, max),
            sd: self.moments.std_dev(),
            se: self.std_error(),
            p05: quantile(SHARES[0])?,
            p25: quantile(SHARES[1])?,
            p50: quantile(SHARES[2])?,
            p75: quantile(SHARES[3])?,
            p95: quantile(SHARES[4])?,
            min,
            max,
            count: (count != self.trials).then_some(count),
        })
    }

    /// The summary with the quantiles of `values`, all of them or a part, NaN meaning none.
    pub fn stat_of_values(&self, values: impl Iterator<Item = f64>) -> Option<Stat> {
        let mut kept: Vec<f64> = values.filter(|value| !value.is_nan()).collect();
        arrange(&mut kept, &SHARES);
        self.stat(|p| (!kept.is_empty()).then(|| quantile(&kept, p)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-12
    }

    #[test]
    fn a_small_sample_by_hand() {
        let stat = summarise([4.0, 2.0, f64::NAN, 8.0, 1.0].into_iter()).expect("values");
        assert!(close(stat.mean, 3.75));
        // Σ(x − 3.75)² = 28.75
        assert!(close(stat.sd.expect("several"), (28.75f64 / 3.0).sqrt()));
        assert!(close(
            stat.se.expect("several"),
            (28.75f64 / 3.0 / 4.0).sqrt()
        ));
        assert!(close(stat.p25, 1.75) && close(stat.p50, 3.0));
        assert_eq!((stat.min, stat.max, stat.count), (1.0, 8.0, Some(4)));
    }

    #[test]
    fn errors_of_groups_by_hand() {
        let stat = |groups, values: &[f64]| {
            let mut streamed = Streamed::new(groups);
            values.iter().for_each(|&value| streamed.push(value));
            let stat = streamed.stat_of_values(values.iter().copied());
            stat.expect("values").se
        };
        // Means of pairs 2, 5, 5: variance 3, over three groups.
        let pairs = [1.0, 3.0, 5.0, 5.0, 4.0, 6.0];
        let se = stat(Groups::of_size(2), &pairs).expect("groups");
        assert!(close(se, 1.0), "{se}");
        // An open group of one: (2·(2 − 3)², 2·(5 − 3)², 1·(1 − 3)²) with mean 15/5 = 3 and sizes squared 4, 4, 1.
        let se = stat(Groups::of_size(2), &[1.0, 3.0, 5.0, 5.0, 1.0]).expect("groups");
        assert!(
            close(se, (1.5f64 * (4.0 + 16.0 + 4.0)).sqrt() / 5.0),
            "{se}"
        );
        // Missing values leave a group of one, and a group without any is none.
        let values = [1.0, 3.0, 5.0, f64::NAN, f64::NAN, f64::NAN];
        let se = stat(Groups::of_size(2), &values).expect("groups");
        assert!(close(se, (2.0f64 * (4.0 + 4.0)).sqrt() / 3.0), "{se}");
        assert_eq!(stat(Groups::split(4, 1), &[1.0, 2.0, 3.0, 4.0]), None);
        // Groups of one are independent trials.
        let (one, other) = (
            stat(Groups::SINGLE, &pairs),
            stat(Groups::split(6, 6), &pairs),
        );
        assert_eq!(one, other);
    }

    #[test]
    fn one_value_has_no_spread_and_none_no_summary() {
        let stat = summarise([0.3].into_iter()).expect("a value");
        assert_eq!((stat.mean, stat.sd, stat.se), (0.3, None, None));
        assert_eq!((stat.p05, stat.p95, stat.count), (0.3, 0.3, None));
        assert_eq!(summarise([f64::NAN].into_iter()), None);
        assert_eq!(Streamed::default().stat(|_| Some(1.0)), None);
    }

    #[test]
    fn moments_are_of_all_values_and_quantiles_of_those_given() {
        let values: Vec<f64> = (0..500u32)
            .map(|k| f64::from(k * 7919 % 500) - 100.0)
            .collect();
        let all = summarise(values.iter().copied()).expect("values");
        let mut streamed = Streamed::default();
        values.iter().for_each(|&value| streamed.push(value));
        let part = (streamed.stat_of_values(values[..50].iter().copied())).expect("values");
        assert_eq!((all.mean, all.sd, all.max), (part.mean, part.sd, part.max));
        let first = summarise(values[..50].iter().copied()).expect("values");
        assert_eq!((part.p05, part.p95), (first.p05, first.p95));
        assert_eq!(streamed.stat_of_values([f64::NAN].into_iter()), None);
    }

    #[test]
    fn equal_values_keep_their_mean() {
        let stat = summarise(std::iter::repeat_n(0.1, 1000)).expect("values");
        assert_eq!((stat.mean, stat.sd), (0.1, Some(0.0)));
        assert_eq!(stat.negated().negated(), stat);
    }
}
