//! Densities of differences, for figures.

use crate::theory::stats::quantile::quantile;

/// Points of a density on each side of zero.
const POINTS: usize = 61;

/// Kernels that are farther away than this many bandwidths are left out.
const REACH: f64 = 5.0;

/// What is this near to zero is no difference.
const NONE: f64 = 1e-9;

/// The tail that is left out at each end.
const TAIL: f64 = 0.01;

/// A density of differences on both sides of zero, points with rising x: the area left of zero is the share of numbers below it, the
/// area right of it the share above; what is neither belongs to no side. Empty without a difference; values that are not finite are left
/// out.
///
/// On each side with numbers x_k, in number m of n: f(x) = Σ_k (φ((x − x_k)/b) + φ((x + x_k)/b))/(n·b), the second kernel being the first
/// one reflected at zero, with the bandwidth b = 0.9·min(sd, IQR/1.34)·m^(−1/5), of sd alone where the middle half is one number,
/// but no less than the points are apart. The 1% of all
/// numbers at each end are left out of the figure.
///
/// # References
/// Silverman 1986, Density Estimation for Statistics and Data Analysis, equations (2.16) and (3.31).
pub fn density(sample: &[f64]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<f64> = sample.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.is_empty() {
        return Vec::new();
    }
    let count = sorted.len() as f64;
    let (low, high) = (quantile(&sorted, TAIL), quantile(&sorted, 1.0 - TAIL));
    let below: Vec<f64> = sorted
        .iter()
        .filter(|x| **x < -NONE)
        .map(|x| -x)
        .rev()
        .collect();
    let above: Vec<f64> = sorted.iter().copied().filter(|x| *x > NONE).collect();
    let left = side(&below, -low, count);
    let mirrored = left.into_iter().rev().map(|(x, f)| (-x, f));
    mirrored.chain(side(&above, high, count)).collect()
}

/// The density of positive numbers in rising order, from 0 to `end` or the last of them if that is not positive.
fn side(sorted: &[f64], end: f64, count: f64) -> Vec<(f64, f64)> {
    let Some(&last) = sorted.last() else {
        return Vec::new();
    };
    let end = if end > NONE { end } else { last };
    // A peak narrower than the points are apart would be missed by them.
    let bandwidth = bandwidth(sorted).max(end / (POINTS - 4) as f64);
    let end = end + 3.0 * bandwidth;
    let scale = 1.0 / (count * bandwidth * libm::sqrt(2.0 * std::f64::consts::PI));
    let kernels = |x: f64| {
        let from = sorted.partition_point(|&one| one < x - REACH * bandwidth);
        let to = sorted.partition_point(|&one| one <= x + REACH * bandwidth);
        let near = sorted[from..to].iter().map(|one| {
            let z = (x - one) / bandwidth;
            libm::exp(-0.5 * z * z)
        });
        near.sum::<f64>()
    };
    let step = end / (POINTS - 1) as f64;
    let points = (0..POINTS).map(|k| {
        let x = k as f64 * step;
        (x, scale * (kernels(x) + kernels(-x)))
    });
    points.collect()
}

/// Silverman's, of numbers in rising order; 0 where they do not vary.
fn bandwidth(sorted: &[f64]) -> f64 {
    let count = sorted.len() as f64;
    if sorted.len() < 2 {
        return 0.0;
    }
    let mean = sorted.iter().sum::<f64>() / count;
    let squares: f64 = sorted.iter().map(|x| (x - mean) * (x - mean)).sum();
    let sd = libm::sqrt(squares / (count - 1.0));
    let middle = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34;
    let spread = if middle > 0.0 { sd.min(middle) } else { sd };
    0.9 * spread * libm::pow(count, -0.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::stats::special::normal_quantile;

    /// Areas left and right of zero, by trapezoids.
    fn areas(points: &[(f64, f64)]) -> (f64, f64) {
        let pieces = points.windows(2).map(|pair| {
            let area = 0.5 * (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1);
            (pair[0].0 + pair[1].0 < 0.0, area)
        });
        let (left, right): (Vec<_>, Vec<_>) = pieces.partition(|piece| piece.0);
        let sum = |of: Vec<(bool, f64)>| of.iter().map(|piece| piece.1).sum::<f64>();
        (sum(left), sum(right))
    }

    #[test]
    fn a_normal_sample_gives_back_its_density() {
        let numbers = |k: usize| normal_quantile((k as f64 + 0.5) / 8000.0);
        let sample: Vec<f64> = (0..8000).map(numbers).collect();
        let density = density(&sample);
        for (x, f) in density.iter().filter(|point| point.0.abs() < 2.0) {
            let normal = 0.39894 * (-0.5 * x * x).exp();
            assert!((f - normal).abs() < 0.01, "{x}: {f} {normal}");
        }
    }

    #[test]
    fn areas_are_the_shares_on_each_side() {
        // A fifth below zero, a tenth without a difference, the rest above; close to zero on both sides.
        let sample: Vec<f64> = (0..1000)
            .map(|k| match k % 10 {
                0 | 1 => -0.01 - 0.0001 * k as f64,
                2 => 0.0,
                _ => 0.001 * k as f64,
            })
            .collect();
        let (left, right) = areas(&density(&sample));
        assert!(
            (left - 0.2).abs() < 0.01 && (right - 0.7).abs() < 0.02,
            "{left} {right}"
        );
    }

    #[test]
    fn without_a_difference_there_is_no_density() {
        assert!(density(&[0.0; 50]).is_empty());
        assert!(density(&[]).is_empty() && density(&[f64::NAN]).is_empty());
        let spike = density(&[1.0; 50]);
        assert!(spike.iter().all(|point| point.0 >= 0.0) && (areas(&spike).1 - 1.0).abs() < 0.2);
    }
}
