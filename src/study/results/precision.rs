//! How well a run knows its headline, and how many trials to try next where that is not enough.
//!
//! Stopping at the first block whose interval is narrow enough prefers those that happen to be narrow: the interval covers a little
//! less often than it says, the less so the more trials there are. Blocks double, so that there are few chances.

use crate::engine::model::arm::Mode;
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::model::{Model, Sampler, Simulation};
use crate::engine::outcome::TotalMetric;
use crate::study::results::run::Results;
use crate::theory::stats::interval::student90;
use crate::theory::stats::summary::Stat;

/// Most trials that a precision is sought with, if the first block has no more: 2^20.
pub const MOST_TRIALS: u64 = 1 << 20;

/// The arm that the headline of a run of `model` is about, as its difference to `reference`: the first bloc, else the last arm; `None`
/// if there is only the reference.
pub fn arm_of_headline(model: &Model, reference: usize) -> Option<usize> {
    let shown = |arm: &usize| *arm != reference && !is_off(model, *arm);
    let mut others = (0..model.arms.len()).filter(shown);
    let bloc = (others.clone()).find(|&arm| model.arms[arm].mode == Mode::Bloc);
    bloc.or_else(|| others.next_back())
}

/// Whether an arm is switched off in every world: no event switches it on.
pub(crate) fn is_off(model: &Model, arm: usize) -> bool {
    let slot = model.layout.index(Slot::Arm(arm, ArmKey::Active));
    let mut set = model.events.iter().flat_map(|event| &event.set);
    model.base[slot] == 0.0
        && model.uncertain.iter().all(|one| one.slot != slot)
        && !set.any(|setting| setting.may_raise(slot))
}

/// Trials of the first block: those of the scenario; for Sobol' points the next power of two.
pub fn first_block(simulation: Simulation) -> u64 {
    match simulation.sampler {
        Sampler::Sobol => simulation.trials.checked_next_power_of_two(),
        _ => None,
    }
    .unwrap_or(simulation.trials)
}

/// Trials of the block after `trials`: twice as many, `None` beyond [`MOST_TRIALS`].
pub fn next_block(trials: u64) -> Option<u64> {
    let next = trials.checked_mul(2)?;
    (next <= MOST_TRIALS).then_some(next)
}

/// Half the width of the 90% interval of the headline's mean, as a share of that mean: 0 where nothing varies, infinite where the mean
/// is 0, `None` where the trials do not tell.
///
/// The headline is the difference of the states' total payoff between the first bloc (without one, the last arm) and the reference;
/// where there is one arm only, that payoff itself. The interval is Student's, since a stratified design has few replicates.
pub fn half_width_of(model: &Model, results: &Results, reference: usize) -> Option<f64> {
    let name = |arm: usize| model.arms[arm].name.as_str();
    let metric = TotalMetric::Payoff.name();
    let stat = match arm_of_headline(model, reference) {
        None => results.arms[name(reference)].totals.metrics[metric],
        Some(arm) => {
            let (at, _) = results.comparison(name(arm), name(reference))?;
            results.comparisons[at].totals.metrics[metric].difference
        }
    };
    let manifest = &results.manifest;
    let groups = manifest.replicates.unwrap_or_else(|| {
        let sampler = Sampler::named(&manifest.sampler).unwrap_or(Sampler::Random);
        let last = manifest.trials.saturating_sub(1);
        sampler.groups(manifest.trials).locate(last).group + 1
    });
    half_width(&stat?, groups)
}

/// Half the width of a mean's interval as a share of the mean.
fn half_width(stat: &Stat, groups: u64) -> Option<f64> {
    let se = stat.se?;
    if se == 0.0 {
        return Some(0.0);
    }
    let freedom = groups.saturating_sub(1).max(1);
    Some(student90(freedom as f64) * se / stat.mean.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::{PAYOFFS, model, results};

    #[test]
    fn a_half_width_by_hand() {
        let model = model();
        let totals: Vec<f64> = (PAYOFFS.iter())
            .map(|payoffs| payoffs[2][0] + payoffs[2][1] - payoffs[0][0] - payoffs[0][1])
            .collect();
        let mean = totals.iter().sum::<f64>() / 4.0;
        let squares: f64 = totals.iter().map(|x| (x - mean) * (x - mean)).sum();
        // The 95% point of Student's t with 3 degrees of freedom is 2.353363.
        let expected = 2.353_363 * (squares / 3.0 / 4.0).sqrt() / mean.abs();
        let half = half_width_of(&model, &results(&model, &PAYOFFS), 0);
        assert!((half.expect("several trials") - expected).abs() < 1e-6 * expected);
    }

    #[test]
    fn blocks_double_up_to_a_cap() {
        let simulation = |sampler| Simulation {
            trials: 1000,
            seed: 1,
            sampler,
        };
        assert_eq!(first_block(simulation(Sampler::Random)), 1000);
        assert_eq!(first_block(simulation(Sampler::Sobol)), 1024);
        assert_eq!(next_block(1000), Some(2000));
        assert_eq!(next_block(MOST_TRIALS / 2), Some(MOST_TRIALS));
        assert_eq!(next_block(MOST_TRIALS), None);
        assert_eq!(next_block(u64::MAX), None);
    }
}
