//! The inverse of a beta distribution that is asked for again and again: what hangs on the shape alone is computed once.
//!
//! Between the tails it is a polynomial in each of a few cells, found when the cell is first asked for; in the tails, and to find the
//! polynomials, the distribution function is inverted by Halley steps. Which of the two serves hangs on the share alone, so that the number
//! is the same whatever was asked before. Uses `libm` and plain arithmetic alone, so that draws have the same bytes everywhere. Tests hold
//! it against [`crate::theory::stats::special::beta_quantile`], which serves shapes that are too large for a short series.

use crate::theory::stats::special::{beta_quantile, ln_beta};
use libm::{cos, exp, log, log1p};
use std::sync::OnceLock;
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
/// Halvings of the share from ½ down that have cells, two in each: the tail below 2⁻⁷ has none.
const OCTAVES: usize = 6;
/// Coefficients of a cell: with two cells to an octave the error falls by nearly 10 with each, for shapes that are not tiny.
const COEFFICIENTS: usize = 16;
/// Below this shape the quantile grows too fast within a cell.
const SMALLEST_SHAPE: f64 = 0.5;

/// Quantiles of the beta distribution with shapes a, b > 0.
#[derive(Debug, Clone)]
pub struct BetaQuantile {
    a: f64,
    b: f64,
    /// I_½(a, b), and both sides of ½; none where a shape is too large.
    sides: Option<Box<(f64, LowerTail, LowerTail)>>,
    /// The cells of shares up to ½, then those of the shares above, as they are needed.
    cells: Box<[OnceLock<QuantilePiece>]>,
}

/// Two are equal if their shapes are.
impl PartialEq for BetaQuantile {
    fn eq(&self, other: &BetaQuantile) -> bool {
        (self.a, self.b) == (other.a, other.b)
    }
}

/// The quantile over a range of shares: Σ_n c_n·t^n, t from −1 to 1 over the range.
#[derive(Debug, Clone)]
struct QuantilePiece([f64x4; COEFFICIENTS / 4]);

/// Where a share in \[2⁻⁷, ½) lies: the number of its cell, and t.
#[inline]
fn place(share: f64) -> Option<(usize, f64)> {
    const MANTISSA: u32 = 52;
    /// The exponent of numbers in \[¼, ½), as it is stored.
    const QUARTER: u64 = 1021;
    let bits = share.to_bits();
    let octave = QUARTER.checked_sub(bits >> MANTISSA)? as usize;
    if octave >= OCTAVES {
        return None;
    }
    let upper = (bits >> (MANTISSA - 1) & 1) as usize;
    let scaled = f64::from_bits(bits & ((1 << MANTISSA) - 1) | 1023 << MANTISSA);
    Some((
        2 * octave + upper,
        4.0 * (scaled - 1.0) - (2 * upper + 1) as f64,
    ))
}

/// The share at t in a cell.
fn share_at(cell: usize, t: f64) -> f64 {
    let scale = 0.25 / f64::from(1u32 << (cell / 2));
    scale * (1.0 + 0.25 * (t + (2 * (cell % 2) + 1) as f64))
}

impl QuantilePiece {
    /// The polynomial through `quantile` at the Chebyshev points of a cell (Trefethen, Approximation Theory and Approximation Practice,
    /// 2013, chapter 3).
    fn through(cell: usize, quantile: impl Fn(f64) -> f64) -> QuantilePiece {
        const COUNT: usize = COEFFICIENTS;
        let angle = |k: usize| std::f64::consts::PI * (2 * k + 1) as f64 / (2 * COUNT) as f64;
        let points: [f64; COUNT] = std::array::from_fn(|k| cos(angle(k)));
        let values = points.map(|t| quantile(share_at(cell, t)));
        // Each Chebyshev polynomial at the points, and its coefficients, from the two before it.
        let (mut before, mut now) = ([1.0; COUNT], points);
        let mut powers = [[0.0; COUNT]; 2];
        powers[0][0] = 1.0;
        powers[1][1] = 1.0;
        let mean = values.iter().sum::<f64>() / COUNT as f64;
        let mut coefficients = [0.0; COUNT];
        coefficients[0] = mean;
        for _ in 1..COUNT {
            let weight =
                now.iter().zip(values).map(|(a, b)| a * b).sum::<f64>() * 2.0 / COUNT as f64;
            for (coefficient, power) in coefficients.iter_mut().zip(powers[1]) {
                *coefficient += weight * power;
            }
            let next = std::array::from_fn(|k| 2.0 * points[k] * now[k] - before[k]);
            let [older, newer] = powers;
            let lifted = |k: usize| if k == 0 { 0.0 } else { 2.0 * newer[k - 1] };
            powers = [newer, std::array::from_fn(|k| lifted(k) - older[k])];
            (before, now) = (now, next);
        }
        let (lanes, _) = coefficients.as_chunks::<4>();
        QuantilePiece(std::array::from_fn(|k| f64x4::from(lanes[k])))
    }

    /// The polynomial at t: four polynomials in t⁴, side by side.
    #[inline]
    fn at(&self, t: f64) -> f64 {
        sum_of_powers(self.0.iter().rev().copied(), t)
    }
}

/// Σ_n c_n·t^n with the coefficients in lanes, the highest first.
#[inline]
fn sum_of_powers(coefficients: impl Iterator<Item = f64x4>, t: f64) -> f64 {
    let square = t * t;
    let fourth = f64x4::splat(square * square);
    let lanes = coefficients.fold(f64x4::ZERO, |sum, lane| sum * fourth + lane);
    let [a, b, c, d] = lanes.to_array();
    (a + b * t) + square * (c + d * t)
}

/// The distribution function below ½ as x^a·series(x)/B(a, b).
#[derive(Debug, Clone, PartialEq)]
struct LowerTail {
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
            let (lower, upper) = (LowerTail::new(a, b), LowerTail::new(b, a));
            Box::new((lower.share[NODES - 1], lower, upper))
        });
        let cells = (0..4 * OCTAVES).map(|_| OnceLock::new()).collect();
        BetaQuantile { a, b, sides, cells }
    }

    /// The x in \[0, 1\] with I_x(a, b) = p, for p in \[0, 1\].
    pub fn at(&self, p: f64) -> f64 {
        let above = p > 0.5;
        let share = if above { 1.0 - p } else { p };
        let smooth = self.a.min(self.b) >= SMALLEST_SHAPE;
        match place(share).filter(|_| smooth) {
            Some((cell, t)) => {
                let known = &self.cells[if above { cell + 2 * OCTAVES } else { cell }];
                let cell = known
                    .get_or_init(|| QuantilePiece::through(cell, |share| self.exact(share, above)));
                cell.at(t)
            }
            None => self.exact(share, above),
        }
    }

    /// The x with the `share` below it, or above it, for a share in \[0, ½\].
    fn exact(&self, share: f64, above: bool) -> f64 {
        let Some(sides) = &self.sides else {
            return match above {
                true => 1.0 - beta_quantile(self.b, self.a, share),
                false => beta_quantile(self.a, self.b, share),
            };
        };
        if share <= 0.0 {
            return if above { 1.0 } else { 0.0 };
        }
        let (half, lower, upper) = &**sides;
        match above {
            false if share <= *half => lower.quantile(share),
            false => 1.0 - upper.quantile(1.0 - share),
            true if share <= 1.0 - half => 1.0 - upper.quantile(share),
            true => lower.quantile(1.0 - share),
        }
    }
}

impl LowerTail {
    fn new(a: f64, b: f64) -> LowerTail {
        let mut series = [0.0; TERMS];
        let mut factor = 1.0;
        for (n, term) in series.iter_mut().enumerate() {
            let n = n as f64;
            *term = factor / (a + n);
            factor *= (n + 1.0 - b) / (n + 1.0);
        }
        let mut side = LowerTail {
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

    /// The series at x.
    fn sum(&self, x: f64) -> f64 {
        let lanes = self.series.as_chunks::<4>().0.iter().rev();
        sum_of_powers(lanes.map(|&lane| f64x4::from(lane)), x)
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
    use crate::theory::stats::special::beta_cdf;

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
                let plain = if x > 0.5 {
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
        assert!((large.at(0.3) - beta_quantile(200.0, 300.0, 0.3)).abs() < 1e-14);
        // I_x(5, 1) = x⁵, where the plain inverse halves its bracket too often.
        let x = BetaQuantile::new(5.0, 1.0).at(1e-300);
        assert!((x - 1e-60).abs() < 1e-72, "{x}");
    }

    #[test]
    fn tiny_shapes_are_inverted_too() {
        for (a, b) in [(0.05, 3.0), (0.02, 0.02), (0.3, 0.4)] {
            let quantile = BetaQuantile::new(a, b);
            for p in (1..200).map(|k| f64::from(k) / 400.0) {
                let x = quantile.at(p);
                assert!((0.0..=1.0).contains(&x));
                let share = beta_cdf(a, b, x);
                assert!(
                    (share - p).abs() < 1e-11,
                    "a = {a}, b = {b}, p = {p}: {share}"
                );
            }
        }
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
