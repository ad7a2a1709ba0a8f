//! Distributions of a quantity, each drawn by its inverse distribution function from one uniform.

use crate::theory::draws::distribution_error::{DistributionError, MOST_SHAPE};
use crate::theory::stats::beta::BetaQuantile;
use crate::theory::stats::special::{normal_cdf, normal_quantile};
use libm::{exp, log, sqrt};

/// A distribution with checked parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution(Family);

#[derive(Debug, Clone, PartialEq)]
enum Family {
    Uniform {
        min: f64,
        max: f64,
    },
    Normal {
        mean: f64,
        std_dev: f64,
        min: f64,
        max: f64,
        low: f64,
        high: f64,
    },
    Lognormal {
        ln_median: f64,
        sigma: f64,
    },
    Triangular {
        min: f64,
        mode: f64,
        max: f64,
    },
    Beta {
        inverse: BetaQuantile,
        min: f64,
        max: f64,
    },
    Bernoulli {
        p: f64,
    },
    Discrete {
        values: Vec<f64>,
        cumulative: Vec<f64>,
    },
    Empirical {
        sorted: Vec<f64>,
    },
}

/// Standard normal 95% point.
const Z95: f64 = 1.644_853_626_951_472_7;

fn finite(values: &[f64]) -> Result<(), DistributionError> {
    if values.iter().all(|value| value.is_finite()) {
        Ok(())
    } else {
        Err(DistributionError::NotFinite)
    }
}

fn positive(name: &'static str, value: f64) -> Result<(), DistributionError> {
    if value > 0.0 {
        Ok(())
    } else {
        Err(DistributionError::NotPositive { name, value })
    }
}

fn interval(min: f64, max: f64) -> Result<(), DistributionError> {
    finite(&[min, max])?;
    // Draws of a triangular one take the square of its width.
    let square = (max - min) * (max - min);
    if min >= max {
        Err(DistributionError::EmptyInterval { min, max })
    } else if square.is_finite() {
        Ok(())
    } else {
        Err(DistributionError::IntervalTooWide { min, max })
    }
}

fn shape(name: &'static str, value: f64) -> Result<(), DistributionError> {
    positive(name, value)?;
    if value <= MOST_SHAPE {
        Ok(())
    } else {
        Err(DistributionError::ShapeTooLarge { name, value })
    }
}

impl Distribution {
    /// Uniform on [min, max].
    pub fn uniform(min: f64, max: f64) -> Result<Self, DistributionError> {
        interval(min, max)?;
        Ok(Self(Family::Uniform { min, max }))
    }

    /// Normal with mean and standard deviation before truncation to [min, max]; either end may be absent.
    pub fn normal(
        mean: f64,
        std_dev: f64,
        min: Option<f64>,
        max: Option<f64>,
    ) -> Result<Self, DistributionError> {
        finite(&[mean, std_dev])?;
        positive("sd", std_dev)?;
        finite(&[min.unwrap_or(0.0), max.unwrap_or(0.0)])?;
        let (min, max) = (
            min.unwrap_or(f64::NEG_INFINITY),
            max.unwrap_or(f64::INFINITY),
        );
        if min >= max {
            return Err(DistributionError::EmptyInterval { min, max });
        }
        let mirrored = min > mean;
        // Above the mean the upper tail keeps the digits: the distribution function is evaluated at −z there.
        let tail = |x: f64| {
            if mirrored {
                normal_cdf((mean - x) / std_dev)
            } else {
                normal_cdf((x - mean) / std_dev)
            }
        };
        let (low, high) = (tail(min), tail(max));
        if low == high {
            return Err(DistributionError::NoMass);
        }
        Ok(Self(Family::Normal {
            mean,
            std_dev,
            min,
            max,
            low,
            high,
        }))
    }

    /// Lognormal with the given median and the standard deviation of the logarithm.
    pub fn lognormal(median: f64, sigma: f64) -> Result<Self, DistributionError> {
        finite(&[median, sigma])?;
        positive("median", median)?;
        positive("sigma", sigma)?;
        Ok(Self(Family::Lognormal {
            ln_median: log(median),
            sigma,
        }))
    }

    /// Triangular on [min, max] with the given mode.
    pub fn triangular(min: f64, mode: f64, max: f64) -> Result<Self, DistributionError> {
        Self::check_mode(min, mode, max)?;
        Ok(Self(Family::Triangular { min, mode, max }))
    }

    /// PERT: a beta on [min, max] with α = 1 + shape·(mode−min)/(max−min), β = 1 + shape·(max−mode)/(max−min).
    pub fn pert(min: f64, mode: f64, max: f64, shape: f64) -> Result<Self, DistributionError> {
        Self::check_mode(min, mode, max)?;
        finite(&[shape])?;
        self::shape("shape", shape)?;
        let alpha = 1.0 + shape * (mode - min) / (max - min);
        let beta = 1.0 + shape * (max - mode) / (max - min);
        Ok(Self(Family::Beta {
            inverse: BetaQuantile::new(alpha, beta),
            min,
            max,
        }))
    }

    fn check_mode(min: f64, mode: f64, max: f64) -> Result<(), DistributionError> {
        finite(&[mode])?;
        interval(min, max)?;
        if min <= mode && mode <= max {
            Ok(())
        } else {
            Err(DistributionError::ModeOutside { min, mode, max })
        }
    }

    /// Beta scaled to [min, max].
    pub fn beta(alpha: f64, beta: f64, min: f64, max: f64) -> Result<Self, DistributionError> {
        finite(&[alpha, beta])?;
        shape("alpha", alpha)?;
        shape("beta", beta)?;
        interval(min, max)?;
        Ok(Self(Family::Beta {
            inverse: BetaQuantile::new(alpha, beta),
            min,
            max,
        }))
    }

    /// 1 with probability p, else 0.
    pub fn bernoulli(p: f64) -> Result<Self, DistributionError> {
        finite(&[p])?;
        if (0.0..=1.0).contains(&p) {
            Ok(Self(Family::Bernoulli { p }))
        } else {
            Err(DistributionError::NotAProbability(p))
        }
    }

    /// One of `values` with probabilities in proportion to `weights` (equal if absent).
    pub fn discrete(
        values: Vec<f64>,
        weights: Option<Vec<f64>>,
    ) -> Result<Self, DistributionError> {
        finite(&values)?;
        let weights = weights.unwrap_or_else(|| vec![1.0; values.len()]);
        finite(&weights)?;
        if values.is_empty() || weights.len() != values.len() {
            return Err(DistributionError::Lengths {
                values: values.len(),
                weights: weights.len(),
            });
        }
        let total: f64 = weights.iter().sum();
        if weights.iter().any(|&weight| weight < 0.0) || total <= 0.0 || !total.is_finite() {
            return Err(DistributionError::Weights);
        }
        let mut sum = 0.0;
        let cumulative = weights
            .iter()
            .map(|weight| {
                sum += weight;
                sum / total
            })
            .collect();
        Ok(Self(Family::Discrete { values, cumulative }))
    }

    /// Drawn from data: quantiles by linear interpolation between the sorted values x₀ ≤ … ≤ xₙ₋₁ (type 7),
    ///
    /// ```text
    /// Q(u) = x_k + (h − k)·(x_{k+1} − x_k),   h = (n − 1)·u,   k = ⌊h⌋
    /// ```
    ///
    /// so that Q runs from the least to the largest value; a single value is drawn always.
    ///
    /// # Errors
    /// No values, or values that are no finite numbers or further apart than such a number.
    ///
    /// # References
    /// Hyndman and Fan 1996, <https://doi.org/10.1080/00031305.1996.10473566>.
    pub fn empirical(mut values: Vec<f64>) -> Result<Self, DistributionError> {
        finite(&values)?;
        values.sort_by(f64::total_cmp);
        match (values.first(), values.last()) {
            (Some(first), Some(last)) if (last - first).is_finite() => {
                Ok(Self(Family::Empirical { sorted: values }))
            }
            (Some(_), _) => Err(DistributionError::TooFarApart),
            _ => Err(DistributionError::NoValues),
        }
    }

    /// Lognormal with the given 5% and 95% points, both positive.
    pub fn lognormal_from_quantiles(p05: f64, p95: f64) -> Result<Self, DistributionError> {
        finite(&[p05, p95])?;
        positive("p05", p05)?;
        if p05 >= p95 {
            return Err(DistributionError::QuantileOrder { p05, p95 });
        }
        let (low, high) = (log(p05), log(p95));
        Ok(Self(Family::Lognormal {
            ln_median: 0.5 * (low + high),
            sigma: (high - low) / (2.0 * Z95),
        }))
    }

    /// Normal with the given 5% and 95% points.
    pub fn normal_from_quantiles(p05: f64, p95: f64) -> Result<Self, DistributionError> {
        finite(&[p05, p95])?;
        if p05 >= p95 {
            return Err(DistributionError::QuantileOrder { p05, p95 });
        }
        Self::normal(0.5 * (p05 + p95), (p95 - p05) / (2.0 * Z95), None, None)
    }

    /// The value below which the share `u` in (0, 1) of draws lies.
    pub fn quantile(&self, u: f64) -> f64 {
        let (low, high) = self.support();
        self.inverse(u).clamp(low, high)
    }

    /// The inverse distribution function, up to rounding at the ends of the support.
    fn inverse(&self, u: f64) -> f64 {
        match &self.0 {
            Family::Uniform { min, max } => min + u * (max - min),
            Family::Normal {
                mean,
                std_dev,
                min,
                low,
                high,
                ..
            } => {
                let p = low + u * (high - low);
                let z = if *min > *mean {
                    -normal_quantile(p)
                } else {
                    normal_quantile(p)
                };
                mean + std_dev * z
            }
            Family::Lognormal { ln_median, sigma } => exp(ln_median + sigma * normal_quantile(u)),
            Family::Triangular { min, mode, max } => {
                let width = max - min;
                if u * width < mode - min {
                    min + sqrt(u * width * (mode - min))
                } else {
                    max - sqrt((1.0 - u) * width * (max - mode))
                }
            }
            Family::Beta { inverse, min, max } => min + (max - min) * inverse.at(u),
            Family::Bernoulli { p } => f64::from(u8::from(u > 1.0 - p)),
            Family::Discrete { values, cumulative } => {
                values[cumulative
                    .partition_point(|&share| share < u)
                    .min(values.len() - 1)]
            }
            Family::Empirical { sorted } => {
                let last = sorted.len() - 1;
                let h = u * last as f64;
                let k = (h as usize).min(last);
                let next = sorted[(k + 1).min(last)];
                sorted[k] + (h - k as f64) * (next - sorted[k])
            }
        }
    }

    /// The closed support (lowest, highest); infinite where it has no bound.
    pub fn support(&self) -> (f64, f64) {
        match &self.0 {
            Family::Uniform { min, max }
            | Family::Normal { min, max, .. }
            | Family::Triangular { min, max, .. }
            | Family::Beta { min, max, .. } => (*min, *max),
            Family::Lognormal { .. } => (0.0, f64::INFINITY),
            Family::Bernoulli { p } => (
                f64::from(u8::from(*p >= 1.0)),
                f64::from(u8::from(*p > 0.0)),
            ),
            Family::Discrete { values, .. } => values
                .iter()
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
                    (low.min(value), high.max(value))
                }),
            Family::Empirical { sorted } => (sorted[0], sorted[sorted.len() - 1]),
        }
    }

    /// Whether it takes some values and nothing between them.
    pub fn is_discrete(&self) -> bool {
        matches!(self.0, Family::Bernoulli { .. } | Family::Discrete { .. })
    }

    /// Whether it only takes finitely many values, all of which lie among `0` and `1`.
    pub fn is_switch(&self) -> bool {
        match &self.0 {
            Family::Bernoulli { .. } => true,
            Family::Discrete { values, .. } => {
                values.iter().all(|&value| value == 0.0 || value == 1.0)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_distr::Distribution as _;

    fn mean_of(distribution: &Distribution) -> f64 {
        let count = 20_000;
        (0..count)
            .map(|k| distribution.quantile((f64::from(k) + 0.5) / f64::from(count)))
            .sum::<f64>()
            / f64::from(count)
    }

    #[test]
    fn means_match_closed_forms() {
        let truncated = Distribution::normal(0.0, 1.0, Some(0.0), None).expect("valid");
        let cases = [
            (Distribution::uniform(2.0, 4.0), 3.0),
            (Distribution::normal(1.5, 0.3, None, None), 1.5),
            (Ok(truncated), sqrt(2.0 / std::f64::consts::PI)),
            (Distribution::lognormal(2.0, 0.5), 2.0 * exp(0.125)),
            (Distribution::triangular(0.0, 1.0, 5.0), 2.0),
            (Distribution::pert(0.0, 1.0, 5.0, 4.0), 1.5),
            (Distribution::beta(2.0, 6.0, 1.0, 5.0), 2.0),
            (Distribution::bernoulli(0.3), 0.3),
            (
                Distribution::discrete(vec![1.0, 5.0], Some(vec![3.0, 1.0])),
                2.0,
            ),
        ];
        for (distribution, expected) in cases {
            let distribution = distribution.expect("valid");
            let mean = mean_of(&distribution);
            assert!(
                (mean - expected).abs() < 2e-3 * (1.0 + expected),
                "{distribution:?}: {mean} vs {expected}"
            );
        }
    }

    /// R: quantile(c(3, 1, 4, 1, 5, 9, 2, 6), p), type 7, its default.
    #[test]
    fn data_has_quantiles_of_type_7() {
        let data = vec![3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        let distribution = Distribution::empirical(data).expect("valid");
        for (p, expected) in [
            (0.05, 1.0),
            (0.25, 1.75),
            (0.37, 2.59),
            (0.5, 3.5),
            (0.9, 6.9),
            (0.99, 8.79),
            (1.0 - f64::EPSILON, 9.0),
        ] {
            let value = distribution.quantile(p);
            assert!(f64::abs(value - expected) < 1e-12, "{p}: {value}");
        }
        assert_eq!(distribution.support(), (1.0, 9.0));
        let single = Distribution::empirical(vec![0.3]).expect("valid");
        assert_eq!([1e-300, 0.5, 0.999].map(|u| single.quantile(u)), [0.3; 3]);
    }

    #[test]
    fn quantile_points_are_those_given() {
        let lognormal = Distribution::lognormal_from_quantiles(0.5, 8.0).expect("valid");
        let normal = Distribution::normal_from_quantiles(-1.0, 3.0).expect("valid");
        for (distribution, low, high) in [(lognormal, 0.5, 8.0), (normal, -1.0, 3.0)] {
            assert!((distribution.quantile(0.05) - low).abs() < 1e-9);
            assert!((distribution.quantile(0.95) - high).abs() < 1e-9);
        }
    }

    #[test]
    fn inverse_functions_agree_with_samplers() {
        let mut generator = rand_chacha::ChaCha8Rng::seed_from_u64(5);
        let count = 20_000;
        let share_below = |samples: &[f64], point: f64| {
            samples.iter().filter(|&&x| x <= point).count() as f64 / samples.len() as f64
        };
        let pert = rand_distr::Pert::new(0.0, 2.0)
            .with_mode(0.5)
            .expect("valid");
        let triangular = rand_distr::Triangular::new(0.0, 2.0, 0.5).expect("valid");
        let lognormal = rand_distr::LogNormal::new(0.3, 0.7).expect("valid");
        let samples: [Vec<f64>; 3] = [
            (0..count).map(|_| pert.sample(&mut generator)).collect(),
            (0..count)
                .map(|_| triangular.sample(&mut generator))
                .collect(),
            (0..count)
                .map(|_| lognormal.sample(&mut generator))
                .collect(),
        ];
        let ours = [
            Distribution::pert(0.0, 0.5, 2.0, 4.0),
            Distribution::triangular(0.0, 0.5, 2.0),
            Distribution::lognormal(exp(0.3), 0.7),
        ];
        for (samples, distribution) in samples.iter().zip(ours) {
            let distribution = distribution.expect("valid");
            for u in [0.1f64, 0.5, 0.9] {
                let std_error = (u * (1.0 - u) / f64::from(count)).sqrt();
                let share = share_below(samples, distribution.quantile(u));
                assert!(
                    (share - u).abs() < 4.0 * std_error,
                    "{distribution:?} at {u}: {share}"
                );
            }
        }
    }

    #[test]
    fn far_truncation_keeps_its_interval() {
        let tail =
            Distribution::normal(0.0, 1.0, Some(8.0), Some(9.0)).expect("the upper tail has mass");
        for u in [0.001, 0.5, 0.999] {
            let value = tail.quantile(u);
            assert!((8.0..=9.0).contains(&value), "{value}");
        }
        assert!(tail.quantile(0.5) < 8.2);
    }

    #[test]
    fn impossible_parameters_are_refused() {
        let refused = [
            Distribution::uniform(1.0, 1.0),
            Distribution::uniform(f64::NAN, 1.0),
            Distribution::normal(0.0, 0.0, None, None),
            Distribution::normal(0.0, 1.0, Some(50.0), Some(51.0)),
            Distribution::lognormal(-1.0, 1.0),
            Distribution::triangular(0.0, 2.0, 1.0),
            Distribution::pert(0.0, 0.5, 1.0, 0.0),
            Distribution::beta(0.0, 1.0, 0.0, 1.0),
            Distribution::beta(1e16, 1e16, 0.0, 1.0),
            Distribution::beta(1.0, 1e269, 0.0, 1.0),
            Distribution::pert(0.0, 0.5, 1.0, 1e16),
            Distribution::pert(-1e308, 0.0, 1e308, 4.0),
            Distribution::uniform(-1e308, 1e308),
            Distribution::triangular(-1e200, 0.0, 1e200),
            Distribution::bernoulli(1.1),
            Distribution::discrete(vec![], None),
            Distribution::discrete(vec![1.0], Some(vec![0.0])),
            Distribution::discrete(vec![1.0], Some(vec![1.0, 1.0])),
            Distribution::empirical(vec![]),
            Distribution::empirical(vec![1.0, f64::NAN]),
            Distribution::empirical(vec![-f64::MAX, f64::MAX]),
            Distribution::lognormal_from_quantiles(2.0, 1.0),
            Distribution::lognormal_from_quantiles(-2.0, 1.0),
        ];
        for result in refused {
            assert!(result.is_err(), "{result:?}");
        }
    }
}
