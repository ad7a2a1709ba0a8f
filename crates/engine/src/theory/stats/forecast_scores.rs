//! How far forecasts that give a chance, or five quantiles, are from what came.

/// Brier score of a chance against what came: (p − o)², o = 1 if it came, else 0; in [0, 1], less is better.
///
/// # Examples
///
/// ```
/// # extern crate mufakat_engine as mufakat;
/// use mufakat::theory::stats::forecast_scores::brier;
///
/// assert_eq!(brier(0.5, true), 0.25);
/// assert_eq!(brier(0.0, false), 0.0);
/// ```
///
/// # References
/// Brier 1950, <https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2>.
pub fn brier(chance: f64, came: bool) -> f64 {
    let outcome = if came { 1.0 } else { 0.0 };
    (chance - outcome) * (chance - outcome)
}

/// Twice the mean pinball loss of quantiles (level t in (0, 1), value q) against what came, y: t·(y − q) where y ≥ q, else (1 − t)·(q − y). In the unit
/// of y; less is better; |y − q| where all quantiles are one number and the levels lie evenly about one half. `None` without a quantile. It
/// approximates the continuous ranked probability score, of which it is the limit for many levels.
///
/// # Examples
///
/// ```
/// # extern crate mufakat_engine as mufakat;
/// use mufakat::theory::stats::forecast_scores::pinball;
///
/// // Half of 1 on either side of the middle: twice the mean of 0.25·1, 0 and 0.25·1.
/// let score = pinball(&[(0.25, 2.0), (0.5, 3.0), (0.75, 4.0)], 3.0).expect("quantiles");
/// assert!((score - 2.0 * 0.5 / 3.0).abs() < 1e-15);
/// ```
///
/// # References
/// Gneiting and Raftery 2007, <https://doi.org/10.1198/016214506000001437>.
pub fn pinball(quantiles: &[(f64, f64)], came: f64) -> Option<f64> {
    let loss = |&(level, value): &(f64, f64)| match came >= value {
        true => level * (came - value),
        false => (1.0 - level) * (value - came),
    };
    let sum: f64 = quantiles.iter().map(loss).sum();
    (!quantiles.is_empty()).then(|| 2.0 * sum / quantiles.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::stats::crps::crps;

    #[test]
    fn one_number_scores_its_distance() {
        let point = [0.05, 0.25, 0.5, 0.75, 0.95].map(|level| (level, 7.0));
        for came in [5.0, 7.0, 12.5] {
            let score = pinball(&point, came).expect("quantiles");
            assert!((score - f64::abs(came - 7.0)).abs() < 1e-12, "{came}");
        }
        assert_eq!(pinball(&[], 1.0), None);
    }

    #[test]
    fn many_levels_score_as_the_sample_does() {
        // The quantiles of 0, 1, ... 1999 at the middles of 2,000 levels.
        let sample: Vec<f64> = (0..2000).map(f64::from).collect();
        let level = |k: f64| (k + 0.5) / 2000.0;
        let quantiles: Vec<(f64, f64)> = sample.iter().map(|&x| (level(x), x)).collect();
        for came in [-300.0, 400.0, 2500.0] {
            let scores = [pinball(&quantiles, came), crps(&sample, came)];
            let [quantiles, sampled] = scores.map(|score| score.expect("a score"));
            assert!((quantiles / sampled - 1.0).abs() < 2e-3, "{came}");
        }
    }
}
