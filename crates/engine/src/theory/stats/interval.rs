//! Intervals of estimates.

use crate::theory::stats::special::beta_quantile;

/// Standard normal 95% point: a two-sided 90% interval is the estimate ± this many standard errors.
pub const Z90: f64 = 1.644_853_626_951_472_6;

/// The 95% point of Student's t with `freedom` degrees of freedom, above 0: a two-sided 90% interval of a mean whose standard error
/// is estimated from `freedom` + 1 independent groups is the mean ± this many standard errors.
///
/// If T has this distribution, freedom/(freedom + T²) has a beta distribution with shapes freedom/2 and ½.
pub fn student90(freedom: f64) -> f64 {
    let x = beta_quantile(0.5 * freedom, 0.5, 0.1);
    libm::sqrt(freedom * (1.0 - x) / x)
}

/// Wilson's interval `(low, high)` of a share seen as `count` of `total` trials, at `z` standard errors.
///
/// With p = count/total: (p + z²/2n ± z·√(p(1−p)/n + z²/4n²))/(1 + z²/n). The whole range without trials.
///
/// # References
/// Wilson 1927, <https://doi.org/10.1080/01621459.1927.10502953>.
pub fn wilson(count: f64, total: f64, z: f64) -> (f64, f64) {
    if total <= 0.0 {
        return (0.0, 1.0);
    }
    let p = count / total;
    let square = z * z / total;
    let half = z * libm::sqrt((p * (1.0 - p) + square / 4.0) / total);
    let scale = 1.0 + square;
    let middle = p + square / 2.0;
    (
        ((middle - half) / scale).max(0.0),
        ((middle + half) / scale).min(1.0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_student_are_those_of_tables() {
        let cases = [
            (1.0, 6.313752),
            (5.0, 2.015048),
            (15.0, 1.753050),
            (1e6, Z90),
        ];
        for (freedom, expected) in cases {
            assert!((student90(freedom) - expected).abs() < 2e-6, "{freedom}");
        }
    }

    #[test]
    fn wilson_by_hand() {
        // p = 0.5, n = 100, z = 2: (0.5 + 0.02 ± 2·√(0.0025 + 0.0001))/1.04
        let (low, high) = wilson(50.0, 100.0, 2.0);
        assert!((low - (0.52 - 2.0 * 0.0026f64.sqrt()) / 1.04).abs() < 1e-12);
        assert!((high - (0.52 + 2.0 * 0.0026f64.sqrt()) / 1.04).abs() < 1e-12);
        assert_eq!(wilson(0.0, 0.0, Z90), (0.0, 1.0));
        let (low, high) = wilson(0.0, 10.0, Z90);
        assert!(low == 0.0 && high > 0.2 && high < 0.25, "{low} {high}");
    }
}
