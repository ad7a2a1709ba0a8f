//! Densities of samples, for figures.

use crate::stats::quantile::quantile;

/// Points of a density.
const POINTS: usize = 81;

/// Kernels that are farther away than this many bandwidths are left out.
const REACH: f64 = 5.0;

/// A Gaussian kernel density of a sample at evenly spaced points; empty for a sample without spread. Values that are not finite are left
/// out.
///
/// f(x) = Σ_k φ((x − x_k)/b)/(n·b), with the bandwidth b = 0.9·min(sd, IQR/1.34)·n^(−1/5), of sd alone where the middle half is one number.
/// The points run from the 0.5% to the 99.5% quantile and three bandwidths beyond.
///
/// # References
/// Silverman 1986, Density Estimation for Statistics and Data Analysis, equation (3.31).
pub fn density(sample: &[f64]) -> Vec<(f64, f64)> {
    let mut sorted: Vec<f64> = sample.iter().copied().filter(|x| x.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    if sorted.len() < 2 {
        return Vec::new();
    }
    let count = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / count;
    let squares: f64 = sorted.iter().map(|x| (x - mean) * (x - mean)).sum();
    let sd = libm::sqrt(squares / (count - 1.0));
    let middle = (quantile(&sorted, 0.75) - quantile(&sorted, 0.25)) / 1.34;
    let spread = if middle > 0.0 { sd.min(middle) } else { sd };
    if spread <= 1e-12 * mean.abs().max(1e-6) {
        return Vec::new();
    }
    let bandwidth = 0.9 * spread * libm::pow(count, -0.2);
    let low = quantile(&sorted, 0.005) - 3.0 * bandwidth;
    let high = quantile(&sorted, 0.995) + 3.0 * bandwidth;
    let scale = 1.0 / (count * bandwidth * libm::sqrt(2.0 * std::f64::consts::PI));
    let at = |x: f64| {
        let from = sorted.partition_point(|&one| one < x - REACH * bandwidth);
        let to = sorted.partition_point(|&one| one <= x + REACH * bandwidth);
        let near = sorted[from..to].iter().map(|one| {
            let z = (x - one) / bandwidth;
            libm::exp(-0.5 * z * z)
        });
        scale * near.sum::<f64>()
    };
    let step = (high - low) / (POINTS - 1) as f64;
    (0..POINTS)
        .map(|k| {
            let x = low + k as f64 * step;
            (x, at(x))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::special::normal_quantile;

    #[test]
    fn a_normal_sample_gives_back_its_density() {
        let sample: Vec<f64> = (0..4000)
            .map(|k| normal_quantile((k as f64 + 0.5) / 4000.0))
            .collect();
        let density = density(&sample);
        let step = density[1].0 - density[0].0;
        let mass: f64 = density.iter().map(|point| step * point.1).sum();
        assert!((mass - 1.0).abs() < 0.01, "{mass}");
        let peak = density
            .iter()
            .fold(0.0, |most: f64, point| most.max(point.1));
        // The kernel widens a unit normal by its bandwidth, 0.9·4000^(-1/5) = 0.171.
        assert!(
            (peak - 0.3989 / (1.0f64 + 0.171 * 0.171).sqrt()).abs() < 0.003,
            "{peak}"
        );
    }

    #[test]
    fn what_does_not_vary_has_no_density() {
        assert!(density(&[1.0; 50]).is_empty());
        assert!(density(&[1.0, f64::NAN]).is_empty());
        // A spike with a few others: the middle half is one number.
        let mut sample = vec![0.0; 90];
        sample.extend([1.0; 10]);
        assert!(!density(&sample).is_empty());
    }
}
