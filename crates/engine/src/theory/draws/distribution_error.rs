//! Why parameters make no distribution.

/// Largest shape of a beta: the time that a quantile takes grows with its square root, and the distribution is narrower than a thousandth
/// of its interval.
pub(crate) const MOST_SHAPE: f64 = 1e6;

/// Why parameters do not make a distribution. The text names the offending parameters.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DistributionError {
    /// A parameter is NaN or infinite.
    #[error("every parameter must be a finite number")]
    NotFinite,
    /// An interval is empty or reversed.
    #[error("min must be below max (min = {min}, max = {max})")]
    EmptyInterval {
        /// Lower end given.
        min: f64,
        /// Upper end given.
        max: f64,
    },
    /// An interval whose width has no square in double precision.
    #[error("min and max must not lie further apart than 1e154 (min = {min:e}, max = {max:e})")]
    IntervalTooWide {
        /// Lower end given.
        min: f64,
        /// Upper end given.
        max: f64,
    },
    /// A mode outside its interval.
    #[error("mode must lie between min and max (min = {min}, mode = {mode}, max = {max})")]
    ModeOutside {
        /// Lower end given.
        min: f64,
        /// Mode given.
        mode: f64,
        /// Upper end given.
        max: f64,
    },
    /// A scale or shape that must be positive.
    #[error("{name} must be above 0 (it is {value})")]
    NotPositive {
        /// Name of the parameter.
        name: &'static str,
        /// Value given.
        value: f64,
    },
    /// A shape so large that its quantiles would take too long.
    #[error("{name} must be at most {most} (it is {value}); so narrow a distribution is a normal", most = MOST_SHAPE)]
    ShapeTooLarge {
        /// Name of the parameter.
        name: &'static str,
        /// Value given.
        value: f64,
    },
    /// A probability outside [0, 1].
    #[error("p must lie in [0, 1] (it is {0})")]
    NotAProbability(f64),
    /// No values, or as many weights as values are missing.
    #[error(
        "values must not be empty and weights, if given, must be as many ({values} values, {weights} weights)"
    )]
    Lengths {
        /// How many values.
        values: usize,
        /// How many weights.
        weights: usize,
    },
    /// No values.
    #[error("values must not be empty")]
    NoValues,
    /// Values so far apart that their difference is no number.
    #[error("values must not lie further apart than the largest number")]
    TooFarApart,
    /// Weights that are negative or sum to zero.
    #[error("weights must be 0 or more and not all 0")]
    Weights,
    /// A normal truncated to where it has no probability in double precision.
    #[error("min..max lies so far from the mean that the normal has no probability there")]
    NoMass,
    /// Quantile points in the wrong order.
    #[error("p05 must be below p95 (p05 = {p05}, p95 = {p95})")]
    QuantileOrder {
        /// 5% point given.
        p05: f64,
        /// 95% point given.
        p95: f64,
    },
}
