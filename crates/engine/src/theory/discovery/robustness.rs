//! Arms that do well without trusting the probabilities: regret, the worst case, and how often an arm is good enough.

use crate::theory::stats::interval::wilson;
use crate::theory::stats::quantile::quantile;
use crate::theory::stats::special::normal_quantile;

/// How one arm stands over all worlds; more is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Robustness {
    /// Its worst outcome (Wald's criterion prefers the arm for which this is highest).
    pub worst: f64,
    /// Mean over worlds of the best arm's outcome less its own.
    pub mean_regret: f64,
    /// 95% point of that difference.
    pub p95_regret: f64,
    /// The largest (Savage's criterion prefers the arm for which this is lowest).
    pub max_regret: f64,
    /// Share of worlds in which no other arm is better.
    pub best_share: f64,
    /// Share of worlds in which its outcome is at least the threshold, if one was given.
    pub satisficing: Option<Share>,
}

/// A share with an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Share of worlds, 0 to 1.
    pub value: f64,
    /// Lower end of Wilson's interval.
    pub low: f64,
    /// Upper end of Wilson's interval.
    pub high: f64,
}

/// The standing of each arm; `arms[a][k]` is the outcome of arm a in world k.
///
/// Regret of arm a in world k: max_b y_b(k) − y_a(k), never negative. Satisficing: share of worlds with y_a >= `threshold`, with
/// Wilson's interval at `level`, say 0.95. `None` without arms or worlds, if lengths differ, or if a number is not finite.
///
/// # References
/// McPhail et al. 2018, Robustness metrics, <https://doi.org/10.1002/2017EF000649>; Savage 1951,
/// <https://doi.org/10.1080/01621459.1951.10500768>; Wald 1945, <https://doi.org/10.2307/1969022>.
pub fn robustness(arms: &[&[f64]], threshold: Option<f64>, level: f64) -> Option<Vec<Robustness>> {
    let worlds = arms.first()?.len();
    let regular = |arm: &&[f64]| arm.len() == worlds && arm.iter().all(|y| y.is_finite());
    if worlds == 0 || !arms.iter().all(regular) {
        return None;
    }
    let best: Vec<f64> = (0..worlds)
        .map(|k| {
            arms.iter()
                .map(|arm| arm[k])
                .fold(f64::NEG_INFINITY, f64::max)
        })
        .collect();
    let z = normal_quantile(0.5 + 0.5 * level);
    let one = |arm: &&[f64]| {
        let mut regrets: Vec<f64> = best.iter().zip(*arm).map(|(best, y)| best - y).collect();
        let mean_regret = regrets.iter().sum::<f64>() / worlds as f64;
        let unbeaten = regrets.iter().filter(|&&regret| regret == 0.0).count();
        regrets.sort_unstable_by(f64::total_cmp);
        Robustness {
            worst: arm.iter().copied().fold(f64::INFINITY, f64::min),
            mean_regret,
            p95_regret: quantile(&regrets, 0.95),
            max_regret: regrets[worlds - 1],
            best_share: unbeaten as f64 / worlds as f64,
            satisficing: threshold.map(|threshold| {
                let enough = arm.iter().filter(|&&y| y >= threshold).count() as f64;
                let (low, high) = wilson(enough, worlds as f64, z);
                Share {
                    value: enough / worlds as f64,
                    low,
                    high,
                }
            }),
        }
    };
    Some(arms.iter().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_arms_by_hand() {
        let (safe, bold) = ([2.0, 2.0, 2.0, 2.0], [5.0, 1.0, 4.0, 2.0]);
        let found = robustness(&[&safe, &bold], Some(2.0), 0.95).expect("finite");
        assert_eq!((found[0].worst, found[1].worst), (2.0, 1.0));
        assert_eq!((found[0].max_regret, found[1].max_regret), (3.0, 1.0));
        assert_eq!((found[0].mean_regret, found[1].mean_regret), (1.25, 0.25));
        assert_eq!((found[0].best_share, found[1].best_share), (0.5, 0.75));
        // Regrets 0, 0, 2, 3: 2 + 0.85.
        assert!((found[0].p95_regret - 2.85).abs() < 1e-12);
        let share = found[1].satisficing.expect("a threshold");
        assert_eq!(share.value, 0.75);
        assert!(share.low < 0.75 && share.high > 0.75 && share.high < 1.0);
        assert_eq!(
            robustness(&[&safe], None, 0.95).expect("finite")[0].satisficing,
            None
        );
    }

    #[test]
    fn no_answer_is_none() {
        assert_eq!(robustness(&[], None, 0.95), None);
        assert_eq!(robustness(&[&[]], None, 0.95), None);
        assert_eq!(robustness(&[&[1.0], &[1.0, 2.0]], None, 0.95), None);
        assert_eq!(robustness(&[&[f64::NAN]], None, 0.95), None);
    }
}
