//! Nearest zeros: the steps of Hasofer and Lind, and of Rackwitz and Fiessler, with the line search of Zhang and Der Kiureghian.
//!
//! ```text
//! z⁺ = z + s·d,   d = [(∇g·z − g)/‖∇g‖²]·∇g − z,   s = 1, ½, ¼, ... until m falls enough,   m = ½‖z‖² + c·|g|,   c > ‖z‖/‖∇g‖
//! ```
//!
//! At its end g = 0 and z is parallel to ∇g: a nearest zero, at least among its neighbours.
//!
//! # References
//! Rackwitz and Fiessler 1978, <https://doi.org/10.1016/0045-7949(78)90046-9>; Zhang and Der Kiureghian 1995, Two improved algorithms for reliability
//! analysis, in *Reliability and Optimization of Structural Systems*.

use crate::theory::draws::rng::Stream;
use crate::theory::stats::psd::dot;
use crate::theory::stats::special::normal_quantile;

/// Steps from one start, and halvings of one step.
const STEPS: usize = 200;
const HALVINGS: usize = 30;
/// What is zero: of g, as a share of its value at the medians, and of a step.
const ZERO: f64 = 1e-9;
const STILL: f64 = 1e-7;
/// Points nearer to each other than this are one.
const APART: f64 = 0.05;

/// ‖z‖.
pub fn norm(z: &[f64]) -> f64 {
    libm::sqrt(dot(z, z))
}

/// A point where g is zero, from one start; none where the steps do not settle or g has no slope.
pub fn nearest_zero(
    g: impl Fn(&[f64]) -> (f64, Vec<f64>),
    start: &[f64],
    scale: f64,
) -> Option<Vec<f64>> {
    let mut z = start.to_vec();
    let (mut value, mut slope) = g(&z);
    for _ in 0..STEPS {
        let steep = dot(&slope, &slope);
        if !(steep.is_finite() && steep > 0.0) {
            return None;
        }
        let reach = (dot(&slope, &z) - value) / steep;
        let step: Vec<f64> = slope
            .iter()
            .zip(&z)
            .map(|(slope, z)| reach * slope - z)
            .collect();
        let length = norm(&step);
        if length <= STILL && value.abs() <= ZERO * scale {
            return Some(z);
        }
        let weight = 2.0 * norm(&z) / libm::sqrt(steep) + 10.0;
        let merit = |z: &[f64], value: f64| 0.5 * dot(z, z) + weight * value.abs();
        let (now, mut share) = (merit(&z, value), 1.0);
        for _ in 0..HALVINGS {
            let next: Vec<f64> = z
                .iter()
                .zip(&step)
                .map(|(z, step)| z + share * step)
                .collect();
            let (there, rise) = g(&next);
            let is_better = merit(&next, there) <= now - 1e-4 * share * length * length;
            if is_better || share * length <= STILL {
                (z, value, slope) = (next, there, rise);
                break;
            }
            share *= 0.5;
        }
    }
    (value.abs() <= 1e-6 * scale).then_some(z)
}

/// Nearest zeros of g over so many inputs from the medians and from `starts` points of the standard normal, each once, the nearest first.
pub fn nearest_zeros(
    g: impl Fn(&[f64]) -> (f64, Vec<f64>),
    inputs: usize,
    starts: u64,
    stream: &Stream,
) -> Vec<Vec<f64>> {
    let middle = vec![0.0; inputs];
    let scale = g(&middle).0.abs().max(f64::MIN_POSITIVE);
    let mut found: Vec<Vec<f64>> = Vec::new();
    found.extend(nearest_zero(&g, &middle, scale));
    for start in 0..starts {
        let mut uniforms = vec![0.0; inputs];
        stream.fill(start, &mut uniforms);
        let from: Vec<f64> = uniforms.into_iter().map(normal_quantile).collect();
        let Some(zero) = nearest_zero(&g, &from, scale) else {
            continue;
        };
        let is_near = |other: &Vec<f64>| {
            let between: Vec<f64> = zero.iter().zip(other).map(|(one, two)| one - two).collect();
            norm(&between) < APART
        };
        if !found.iter().any(is_near) {
            found.push(zero);
        }
    }
    found.sort_by(|one, other| norm(one).total_cmp(&norm(other)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest(g: impl Fn(&[f64]) -> (f64, Vec<f64>), inputs: usize) -> Vec<Vec<f64>> {
        nearest_zeros(g, inputs, 100, &Stream::new(1, "starts"))
    }

    #[test]
    fn of_a_plane_it_is_its_distance() {
        // g = 6 + 2z₁ − z₂ + 2z₃: |6|/3 = 2, at −6/9·(2, −1, 2).
        let slope = [2.0, -1.0, 2.0];
        let found = nearest(|z| (6.0 + dot(&slope, z), slope.to_vec()), 3);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!((norm(&found[0]) - 2.0).abs() < 1e-6);
        assert!((found[0][1] - 2.0 / 3.0).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn of_a_parabola_both_sides_are_found_the_nearest_first() {
        // g = 4 − z₁ − z₂² : on z₁ = 4 − z₂², ‖z‖² = (4 − t)² + t is least at t = 3.5: ½² + 3.5 = 3.75, with either sign of z₂.
        let g = |z: &[f64]| (4.0 - z[0] - z[1] * z[1], vec![-1.0, -2.0 * z[1]]);
        let found = nearest(g, 2);
        let sizes: Vec<f64> = found.iter().map(|z| norm(z)).collect();
        assert!(sizes.len() >= 2, "{found:?}");
        for (size, z) in sizes.iter().zip(&found).take(2) {
            assert!((size - libm::sqrt(3.75)).abs() < 1e-5, "{found:?}");
            assert!((z[0] - 0.5).abs() < 1e-4 && (z[1].abs() - libm::sqrt(3.5)).abs() < 1e-4);
        }
        assert!(
            (found[0][1] + found[1][1]).abs() < 1e-4,
            "one of either sign"
        );
    }

    #[test]
    fn what_has_no_zero_or_no_slope_gives_none() {
        assert!(nearest(|z| (1.0 + z[0] * z[0], vec![2.0 * z[0]]), 1).is_empty());
        assert!(nearest(|_| (1.0, vec![0.0]), 1).is_empty());
    }
}
