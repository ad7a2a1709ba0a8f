//! Normal and beta distribution functions and their inverses, and the gamma distribution's tail, on `libm` alone.
//!
//! A library would do for the mathematics, but the well-kept ones call the platform's `exp` and `ln`, whose last bits
//! differ between machines; draws must have the same bytes everywhere. Tests hold these against `statrs`.

use libm::{erfc, exp, lgamma, log, log1p, sqrt};

/// Φ(x), the standard normal distribution function: ½·erfc(−x/√2).
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x / std::f64::consts::SQRT_2)
}

/// Φ⁻¹(p) for p in (0, 1): the x with Φ(x) = p; minus or plus infinity at 0 and 1.
///
/// A rational start in t = √(−2 ln p) (Hastings; error below 4.5e-4) refined by three Halley steps on Φ, which triple the
/// correct digits each. Relative error below 1e-14 in the tail that is computed; the other is by symmetry.
///
/// # References
/// Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23.
pub fn normal_quantile(p: f64) -> f64 {
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if p >= 1.0 {
        return f64::INFINITY;
    }
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    let t = sqrt(-2.0 * log(p));
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328);
    let denominator = 1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308));
    let mut x = numerator / denominator - t;
    for _ in 0..3 {
        let density = exp(-0.5 * x * x) / sqrt(2.0 * std::f64::consts::PI);
        let newton = (normal_cdf(x) - p) / density;
        x -= newton / (1.0 + 0.5 * x * newton);
    }
    x
}

/// I_x(a, b), the regularised incomplete beta function, for a, b > 0 and x in [0, 1].
///
/// The continued fraction of DLMF 8.17.22 by the modified Lentz method, on the side of the mean where it converges fast.
pub fn beta_cdf(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let ln_front = lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x);
    let front = exp(ln_front);
    if x < (a + 1.0) / (a + b + 2.0) {
        front * beta_fraction(a, b, x) / a
    } else {
        1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    }
}

fn beta_fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    const ENOUGH: f64 = 1e-16;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / guard(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    // The fraction converges in about √max(a, b) steps; the bound only ends what never would.
    for step in 1..1_000_000u32 {
        let k = f64::from(step);
        let even = k * (b - k) * x / ((a + 2.0 * k - 1.0) * (a + 2.0 * k));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        fraction *= d * c;
        let odd = -(a + k) * (a + b + k) * x / ((a + 2.0 * k) * (a + 2.0 * k + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        let factor = d * c;
        fraction *= factor;
        if (factor - 1.0).abs() < ENOUGH {
            break;
        }
    }
    fraction
}

/// ln B(a, b) for a, b > 0.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    lgamma(a) + lgamma(b) - lgamma(a + b)
}

/// The x in \[0, 1\] with I_x(a, b) = p, for a, b > 0 and p in \[0, 1\].
///
/// Newton steps on the distribution function inside a shrinking bracket; a step that leaves the bracket is a bisection.
pub fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let ln_beta = ln_beta(a, b);
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = a / (a + b);
    for _ in 0..200 {
        let error = beta_cdf(a, b, x) - p;
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let density = exp((a - 1.0) * log(x) + (b - 1.0) * log1p(-x) - ln_beta);
        let newton = x - error / density;
        let next = if newton > low && newton < high {
            newton
        } else {
            0.5 * (low + high)
        };
        if (next - x).abs() <= 1e-15 * x || high - low <= f64::MIN_POSITIVE {
            return next;
        }
        x = next;
    }
    x
}

/// The `p` quantile of Student's distribution with ν > 0 degrees of freedom, for p in (0, 1).
///
/// For p >= ½, t = √(ν·(1/x − 1)) with I_x(ν/2, ½) = 2·(1 − p) (DLMF 8.17.21 and the density's symmetry); below ½ by symmetry.
pub fn student_quantile(degrees: f64, p: f64) -> f64 {
    if p < 0.5 {
        return -student_quantile(degrees, 1.0 - p);
    }
    let x = beta_quantile(0.5 * degrees, 0.5, 2.0 * (1.0 - p));
    sqrt(degrees * (1.0 / x - 1.0))
}

/// Q(a, x), the probability that a gamma variable of shape a > 0 and scale 1 exceeds x; of χ² with ν degrees of freedom, Q(ν/2, x/2).
///
/// The series of DLMF 8.7.1 below a + 1, the continued fraction of DLMF 8.9.2 by the modified Lentz method above.
pub fn gamma_tail(a: f64, x: f64) -> f64 {
    const ENOUGH: f64 = 1e-16;
    // Both converge in about √a steps near the mean; the bound only ends what never would.
    const MOST: u32 = 1_000_000;
    if x <= 0.0 {
        return 1.0;
    }
    let front = exp(a * log(x) - x - lgamma(a));
    if x < a + 1.0 {
        let (mut term, mut sum) = (1.0 / a, 1.0 / a);
        for step in 1..MOST {
            term *= x / (a + f64::from(step));
            sum += term;
            if term < ENOUGH * sum {
                break;
            }
        }
        return 1.0 - front * sum;
    }
    let mut b = x + 1.0 - a;
    let mut c = f64::INFINITY;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for step in 1..MOST {
        let k = f64::from(step);
        let numerator = -k * (k - a);
        b += 2.0;
        d = 1.0 / (b + numerator * d);
        c = b + numerator / c;
        fraction *= d * c;
        if (d * c - 1.0).abs() < ENOUGH {
            break;
        }
    }
    front * fraction
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Beta, ContinuousCDF, Gamma, Normal, StudentsT};

    #[test]
    fn gamma_tails_agree_with_statrs() {
        for shape in [0.5, 1.0, 2.0, 8.0, 40.0, 1e4] {
            let reference = Gamma::new(shape, 1.0).expect("a valid shape");
            for x in [0.01, 0.3, 0.9, 1.0, 1.1, 2.0, 5.0] {
                let x = x * shape;
                let (tail, expected) = (gamma_tail(shape, x), reference.sf(x));
                let error = (tail - expected).abs();
                assert!(error < 1e-11, "Q({shape}, {x}): {tail} of {expected}");
            }
        }
        // Q(1, x) = e^(−x), in the tail too; Q(½, x) = erfc(√x).
        assert!((gamma_tail(1.0, 30.0) / exp(-30.0) - 1.0).abs() < 1e-12);
        assert!((gamma_tail(0.5, 9.0) / erfc(3.0) - 1.0).abs() < 1e-12);
        assert_eq!((gamma_tail(3.0, 0.0), gamma_tail(3.0, -1.0)), (1.0, 1.0));
    }

    #[test]
    fn normal_quantile_inverts_and_agrees_with_statrs() {
        let reference = Normal::standard();
        for p in [
            1e-300,
            1e-20,
            1e-9,
            0.001,
            0.02425,
            0.05,
            0.3,
            0.5,
            0.7,
            0.95,
            0.999,
            1.0 - 1e-12,
        ] {
            let x = normal_quantile(p);
            let expected = reference.inverse_cdf(p);
            assert!(
                (x - expected).abs() <= 1e-9 * (1.0 + expected.abs()),
                "p = {p}: {x} vs {expected}"
            );
            if p >= 1e-20 {
                assert!((normal_cdf(x) - p).abs() <= 1e-13 * p, "p = {p}");
            }
        }
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
    }

    #[test]
    fn beta_functions_agree_with_statrs() {
        for (a, b) in [
            (1.0, 1.0),
            (0.5, 0.5),
            (2.0, 5.0),
            (3.4, 2.6),
            (40.0, 3.0),
            (1.0, 5.0),
            (200.0, 300.0),
        ] {
            let reference = Beta::new(a, b).expect("valid shape");
            for p in [1e-6, 0.01, 0.25, 0.5, 0.9, 0.999] {
                let x = beta_quantile(a, b, p);
                assert!(
                    (beta_cdf(a, b, x) - p).abs() < 1e-11,
                    "a = {a}, b = {b}, p = {p}"
                );
                assert!(
                    (reference.cdf(x) - p).abs() < 1e-9,
                    "a = {a}, b = {b}, p = {p}"
                );
            }
        }
        assert_eq!(beta_quantile(2.0, 3.0, 0.0), 0.0);
        assert_eq!(beta_quantile(2.0, 3.0, 1.0), 1.0);
    }

    #[test]
    fn student_quantiles_agree_with_statrs() {
        for degrees in [1.0, 2.0, 5.0, 15.0, 199.0] {
            let reference = StudentsT::new(0.0, 1.0, degrees).expect("valid degrees");
            for p in [0.025, 0.5, 0.9, 0.975, 0.995] {
                let t = student_quantile(degrees, p);
                assert!(
                    (reference.cdf(t) - p).abs() < 1e-9,
                    "ν = {degrees}, p = {p}"
                );
            }
        }
        // t_2(0.975) by the closed form (2p − 1)·√(2/(4p(1 − p))).
        let exact = 0.95 * (2.0f64 / (4.0 * 0.975 * 0.025)).sqrt();
        assert!((student_quantile(2.0, 0.975) - exact).abs() < 1e-9);
    }
}
