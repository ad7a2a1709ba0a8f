//! The inverse of a beta distribution that is asked for again and again: what hangs on the shape alone is computed once.
//!
//! Uses `libm` and plain arithmetic alone, so that draws have the same bytes everywhere. Tests hold it against
//! [`crate::stats::special::beta_quantile`], which serves shapes that are too large for a short series.

use crate::stats::special::{beta_quantile, ln_beta};
use libm::{exp, log, log1p};
use wide::f64x4;

/// Terms of the power series on each side of ½.
const TERMS: usize = 44;
/// Points on each side at which the distribution function is known, one every `STEP`.
const NODES: usize = 16;
const STEP: f64 = 0.5 / NODES as f64;
/// Larger shapes make the series cancel.
const LARGEST_SHAPE: f64 = 6.5;
/// A Halley step that moves by less than this share is the last: it triples the digits.
const LAST_STEP: f64 = 2e-6;
const MOST_STEPS: usize = 60;

/// Quantiles of the beta distribution with shapes a, b > 0.
#[derive(Debug, Clone, PartialEq)]
pub struct BetaQuantile {
    a: f64,
    b: f64,
    /// I_½(a, b), and both sides of ½; none where a shape is too large.
    sides: Option<Box<(f64, Side, Side)>>,
}

/// The distribution function below ½ as x^a·series(x)/B(a, b).
#[derive(Debug, Clone, PartialEq)]
struct Side {
    a: f64,
    b: f64,
    ln_beta: f64,
    /// (1−b)_n/(n!·(a+n)).
    series: [f64; TERMS],
    /// I at k·STEP, and the density there, k = 1...
    share: [f64; NODES],
    density: [f64; NODES],
}

impl BetaQuantile {
    /// The distribution with shapes a, b > 0.
    pub fn new(a: f64, b: f64) -> BetaQuantile {
        let short = a.max(b) <= LARGEST_SHAPE;
        let sides = short.then(|| {
            let (lower, upper) = (Side::new(a, b), Side::new(b, a));
            Box::new((lower.share[NODES - 1], lower, upper))
        });
        BetaQuantile { a, b, sides }
    }

    /// The x in \[0, 1\] with I_x(a, b) = p, for p in \[0, 1\].
    pub fn at(&self, p: f64) -> f64 {
        let Some(sides) = &self.sides else {
            return beta_quantile(self.a, self.b, p);
        };
        if p <= 0.0 {
            return 0.0;
        }
        if p >= 1.0 {
            return 1.0;
        }
        let (half, lower, upper) = &**sides;
        if p <= *half {
            lower.quantile(p)
        } else {
            1.0 - upper.quantile(1.0 - p)
        }
    }
}

impl Side {
    fn new(a: f64, b: f64) -> Side {
        let mut series = [0.0; TERMS];
        let mut factor = 1.0;
        for (n, term) in series.iter_mut().enumerate() {
            let n = n as f64;
            *term = factor / (a + n);
            factor *= (n + 1.0 - b) / (n + 1.0);
        }
        let mut side = Side {
            a,
            b,
            ln_beta: ln_beta(a, b),
            series,
            share: [0.0; NODES],
            density: [0.0; NODES],
        };
        for k in 0..NODES {
            let (share, density) = side.at(STEP * (k + 1) as f64);
            side.share[k] = share;
            side.density[k] = density;
        }
        side
    }

    /// I_x(a, b) = x^a/B·Σ_n (1−b)_n x^n/(n!·(a+n)) (DLMF 8.17.7) and the density x^(a−1)·(1−x)^(b−1)/B, for x in (0, ½].
    fn at(&self, x: f64) -> (f64, f64) {
        let power = exp(self.a * log(x) - self.ln_beta);
        let density = power / x * exp((self.b - 1.0) * log1p(-x));
        (power * self.sum(x), density)
    }

    /// The series at x: four polynomials in x⁴, side by side.
    fn sum(&self, x: f64) -> f64 {
        let square = x * x;
        let fourth = f64x4::splat(square * square);
        let mut lanes = f64x4::ZERO;
        for &[a, b, c, d] in self.series.as_chunks::<4>().0.iter().rev() {
            lanes = lanes * fourth + f64x4::from([a, b, c, d]);
        }
        let [a, b, c, d] = lanes.to_array();
        (a + b * x) + square * (c + d * x)
    }

    /// The x in (0, ½] with I_x = `share` <= I_½: Halley steps from a cubic through the points around it.
    fn quantile(&self, share: f64) -> f64 {
        let mut x = self.start(share);
        for _ in 0..MOST_STEPS {
            let (reached, density) = self.at(x);
            let newton = (reached - share) / density;
            let bend = (self.a - 1.0) / x - (self.b - 1.0) / (1.0 - x);
            let step = newton / (1.0 - (0.5 * newton * bend).clamp(-1.0, 0.5));
            // The step may lead out of (0, ½]: halve what is left of the way instead.
            let next = x - step;
            let next = if next <= 0.0 { 0.5 * x } else { next.min(0.5) };
            let moved = (next - x).abs();
            x = next;
            if moved <= LAST_STEP * x || x < f64::MIN_POSITIVE {
                break;
            }
        }
        x
    }

    /// A start: below the first point the first terms of the inverse series in w = (a·B·share)^(1/a), else the cubic that has both
    /// ends and slopes of its interval.
    fn start(&self, share: f64) -> f64 {
        let k = self.share.partition_point(|&known| known < share);
        if k == 0 {
            let (a, b) = (self.a, self.b);
            let w = exp((log(a * share) + self.ln_beta) / a);
            let second = (b - 1.0) / (a + 1.0);
            let third = (b - 1.0) * (a * a + 3.0 * b * a - a + 5.0 * b - 4.0)
                / (2.0 * (a + 1.0) * (a + 1.0) * (a + 2.0));
            return (w * (1.0 + w * (second + w * third))).min(STEP);
        }
        if k == NODES {
            return 0.5;
        }
        let (f0, f1) = (self.share[k - 1], self.share[k]);
        let (x0, x1) = (STEP * k as f64, STEP * (k + 1) as f64);
        let width = f1 - f0;
        let t = (share - f0) / width;
        let rest = 1.0 - t;
        let tangents = width * (rest / self.density[k - 1] - t / self.density[k]);
        x0 * rest * rest * (1.0 + 2.0 * t) + x1 * t * t * (3.0 - 2.0 * t) + t * rest * tangents
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::beta_cdf;

    #[test]
    fn agrees_with_the_plain_inverse() {
        for (a, b) in [
            (1.0, 5.0),
            (5.0, 1.0),
            (3.0, 3.0),
            (1.4, 4.6),
            (2.2, 3.8),
            (4.999, 1.001),
            (0.5, 0.5),
            (0.7, 6.0),
            (6.5, 6.5),
        ] {
            let quantile = BetaQuantile::new(a, b);
            let ends = [1e-18, 1e-9, 1e-4, 1.0 - 1e-9, 1.0 - f64::EPSILON / 2.0];
            let inside = (1..400).map(|k| f64::from(k) / 400.0);
            for p in inside.chain(ends) {
                let x = quantile.at(p);
                // Near 1 the plain inverse loses digits: it is asked from the other side.
                let plain = if p > 0.5 {
                    1.0 - beta_quantile(b, a, 1.0 - p)
                } else {
                    beta_quantile(a, b, p)
                };
                assert!(
                    (x - plain).abs() <= 1e-12 * plain,
                    "a = {a}, b = {b}, p = {p}: {x} and {plain}"
                );
                if (1e-3..0.999).contains(&p) {
                    assert!((beta_cdf(a, b, x) - p).abs() < 1e-12);
                }
            }
            assert_eq!((quantile.at(0.0), quantile.at(1.0)), (0.0, 1.0));
        }
        let large = BetaQuantile::new(200.0, 300.0);
        assert_eq!(large.at(0.3), beta_quantile(200.0, 300.0, 0.3));
        // I_x(5, 1) = x⁵, where the plain inverse halves its bracket too often.
        let x = BetaQuantile::new(5.0, 1.0).at(1e-300);
        assert!((x - 1e-60).abs() < 1e-72, "{x}");
    }

    #[test]
    fn rises_with_its_share() {
        let quantile = BetaQuantile::new(1.6, 4.4);
        let mut last = 0.0;
        for k in 1..20_000 {
            let x = quantile.at(f64::from(k) / 20_000.0);
            assert!(x > last);
            last = x;
        }
    }
}
