//! Where worlds that are not few by themselves do not support what a run shows; each warning says what to change.

use super::facts::Facts;
use crate::engine::outcome::TotalMetric;
use crate::report::numbers::Pair;
use crate::report::verdict::{FEW_WORLDS, SIGNIFICANT};
use crate::study::results::run::Paired;
use crate::theory::spelling::units::{error, signed};
use crate::theory::stats::interval::{Z90, wilson};

/// Shares of worlds this uncertain, in either direction, deserve a warning.
const SHARE_ERROR: f64 = 0.03;

pub fn warnings(facts: &Facts<'_>) -> Vec<String> {
    let trials = facts.trials();
    let Some(arm) = facts.headline().filter(|_| trials > 1) else {
        return Vec::new();
    };
    let pair = facts.total_pair(arm, facts.reference, TotalMetric::Payoff);
    let share = || open_share(&pair.paired, trials).filter(|_| trials >= FEW_WORLDS);
    open_sign(facts, arm, &pair)
        .into_iter()
        .chain(share())
        .collect()
}

/// Whether more or less than zero: open, and how many trials would tell.
fn open_sign(facts: &Facts<'_>, arm: usize, pair: &Pair) -> Option<String> {
    let stat = pair.paired.difference?;
    let (mean, se) = (stat.mean, stat.se?);
    if se == 0.0 || mean == 0.0 || mean.abs() >= SIGNIFICANT * se {
        return None;
    }
    let ratio = SIGNIFICANT * se / mean.abs();
    let needed = two_digits(ratio * ratio * facts.trials() as f64);
    let advice = if needed <= 1e7 {
        format!("about -n {needed:.0} would be needed if it stays at this size")
    } else {
        "it is zero for all purposes".to_owned()
    };
    Some(format!(
        "the sign of the average difference of `{}` to `{}` is open: {} with a standard error of {}; {advice}",
        facts.name(arm),
        facts.name(facts.reference),
        signed(mean, Some(se)),
        error(se),
    ))
}

/// Whether the share of worlds that are better is known to the digits shown.
fn open_share(paired: &Paired, trials: u64) -> Option<String> {
    let spread = paired.difference?.se? > 0.0;
    let (low, high) = wilson(paired.better? * trials as f64, trials as f64, Z90);
    let half = (high - low) / 2.0;
    (spread && half > SHARE_ERROR).then(|| {
        format!(
            "shares of worlds are uncertain by about {:.0} points (90%); use a larger -n",
            100.0 * half
        )
    })
}

/// Rounds up to two significant digits.
fn two_digits(value: f64) -> f64 {
    let unit = libm::pow(10.0, libm::floor(libm::log10(value)) - 1.0);
    libm::ceil(value / unit) * unit
}
