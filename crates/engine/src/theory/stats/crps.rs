//! How far a sampled forecast is from what came: the continuous ranked probability score.

/// The score of a forecast sampled as x_1 … x_m against what came, y: E|X − y| − ½·E|X − X'|, in the unit of y; less is better. Of a single
/// number it is the absolute error |x − y|. `None` without a sample. Values are finite.
///
/// Both expectations are estimated without bias ("fair": the score of m draws is on average that of the distribution they come from, so
/// that it does not hang on m), the second in closed form from the sorted sample:
///
/// ```text
/// CRPS = 1/m·Σ_i |x_i − y| − 1/(m·(m − 1))·Σ_i (2·i − m − 1)·x_(i),   i = 1 … m
/// ```
///
/// which takes m·log m steps. A fair score of few draws may be below zero.
///
/// # Examples
///
/// ```
/// # extern crate mufakat_engine as mufakat;
/// use mufakat::theory::stats::crps::crps;
///
/// assert_eq!(crps(&[3.0], 1.0), Some(2.0));
/// // |0 − 1| and |2 − 1| make 1, half of |0 − 2| makes 1.
/// assert_eq!(crps(&[2.0, 0.0], 1.0), Some(0.0));
/// ```
///
/// # References
/// Gneiting and Raftery 2007, (20) and (21), <https://doi.org/10.1198/016214506000001437>; Ferro 2014, <https://doi.org/10.1002/qj.2270>.
pub fn crps(sample: &[f64], came: f64) -> Option<f64> {
    let m = sample.len() as f64;
    if sample.is_empty() {
        return None;
    }
    let error = sample.iter().map(|x| (x - came).abs()).sum::<f64>() / m;
    if sample.len() == 1 {
        return Some(error);
    }
    let mut sorted = sample.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    // About the middle, where numbers are smallest, so that nothing cancels that need not.
    let middle = sorted[sorted.len() / 2];
    let ranked = sorted.iter().zip(1_u64..);
    let spread: f64 = ranked
        .map(|(x, i)| (2.0 * i as f64 - m - 1.0) * (x - middle))
        .sum();
    Some(error - spread / (m * (m - 1.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::stats::special::{normal_cdf, normal_quantile};
    use std::f64::consts::PI;

    /// Numbers without order, some of them equal.
    fn mixed(count: u64) -> Vec<f64> {
        let number = |k: u64| ((k * 7919 + 13) % 101) as f64 / 7.0 - 4.0;
        (0..count).map(number).collect()
    }

    #[test]
    fn the_closed_form_is_the_double_sum() {
        // Rounding of a few hundred sums of numbers below 20.
        const TOLERANCE: f64 = 1e-11;
        for count in [2, 3, 10, 251] {
            let sample = mixed(count);
            let m = count as f64;
            for came in [-7.0, 0.3, 50.0] {
                let pairs = sample
                    .iter()
                    .flat_map(|a| sample.iter().map(move |b| (a - b).abs()));
                let spread = pairs.sum::<f64>() / (2.0 * m * (m - 1.0));
                let error = sample.iter().map(|x| (x - came).abs()).sum::<f64>() / m;
                let score = crps(&sample, came).expect("there is a sample");
                assert!(
                    (score - (error - spread)).abs() < TOLERANCE,
                    "{count} {came}"
                );
            }
        }
    }

    #[test]
    fn of_a_normal_forecast_it_is_the_closed_form() {
        // σ·(z·(2Φ(z) − 1) + 2φ(z) − 1/√π), Gneiting and Raftery 2007, (21); the sample is the quantiles in the middles of equal shares.
        const COUNT: usize = 20_000;
        // The tails beyond the outermost quantiles.
        const TOLERANCE: f64 = 2e-4;
        let (mean, sd) = (3.0, 2.0);
        let share = |k: usize| (k as f64 + 0.5) / COUNT as f64;
        let sample: Vec<f64> = (0..COUNT)
            .map(|k| mean + sd * normal_quantile(share(k)))
            .collect();
        for came in [3.0, 0.5, 9.0] {
            let z: f64 = (came - mean) / sd;
            let density = (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
            let exact = sd * (z * (2.0 * normal_cdf(z) - 1.0) + 2.0 * density - 1.0 / PI.sqrt());
            let score = crps(&sample, came).expect("there is a sample");
            assert!((score - exact).abs() < TOLERANCE, "{came}: {score} {exact}");
        }
    }

    #[test]
    fn it_moves_and_stretches_with_its_numbers() {
        const TOLERANCE: f64 = 1e-9;
        let sample = mixed(40);
        let score = crps(&sample, 1.0).expect("there is a sample");
        let moved: Vec<f64> = sample.iter().map(|x| -3.0 * x + 1e4).collect();
        let other = crps(&moved, 1e4 - 3.0).expect("there is a sample");
        assert!((other - 3.0 * score).abs() < TOLERANCE, "{other} {score}");
        assert_eq!(crps(&[], 1.0), None);
        assert_eq!(crps(&[2.5], -1.0), Some(3.5));
        assert_eq!(crps(&[4.0; 9], 1.0), Some(3.0));
    }
}
