//! What factors decide, from any worlds that were played (given data): PAWN, Borgonovo's δ, the value of information, each beside what inert
//! factors get by chance.

use crate::engine::simulate::in_parallel;
use crate::study::factors::{Factor, NoiseFloor, bootstrap, noise_floor};
use crate::study::pieces::StudyError;
use crate::study::results::sensitivity::{FactorResult, Interval, OutputResult};
use crate::study::sensitivity::method::{Description, FactorJudge};
use crate::theory::draws::rng::Stream;
use crate::theory::sensitivity::classes::dummy_factor;
use crate::theory::sensitivity::estimate::{Bootstrap, varies};
use crate::theory::sensitivity::independence::{among_all, chance};
use std::sync::atomic::AtomicBool;

/// What is said where to know everything before the choice is worth nothing.
const SAME_CHOICE: &str =
    "no factor changes the choice: one arm gives at least as much as the other in every world";

/// Judges each of `factors`, whose values in all worlds are `columns`, for the result `y` in the same worlds. `None` where some world lacks the
/// result or it does not vary. Intervals are made by a bootstrap, and inert factors drawn, under `seed`.
///
/// # Errors
/// The stop flag was set.
pub(super) fn given_data(
    about: &Description,
    judge: FactorJudge,
    factors: &[Factor],
    columns: &[&[f64]],
    y: &[f64],
    seed: u64,
    stop: &AtomicBool,
) -> Result<Option<OutputResult>, StudyError> {
    if y.iter().any(|value| !value.is_finite()) || !varies(y) {
        return Ok(None);
    }
    let stream = Stream::new(seed, "sensitivity.bootstrap");
    let judged = |x: &[f64]| {
        let found = (judge.factor)(x, y, &bootstrap(&stream))?;
        let is_asked = about.told_by_ranks;
        Some((found, is_asked.then(|| chance(x, y)).flatten()))
    };
    let dummy = |k: usize| {
        let stream = Stream::new(seed, &format!("sensitivity.dummy.{k}"));
        // Its interval is not asked for.
        let least = Bootstrap {
            resamples: 2,
            ..bootstrap(&stream)
        };
        let dummy = (judge.factor)(&dummy_factor(y.len(), &stream), y, &least)?;
        dummy.measure(about.ranked_by).map(|one| one.value)
    };
    let found = in_parallel(columns.len(), stop, |index| judged(columns[index]));
    let found = found.map_err(|_| StudyError::Stopped)?;
    let each: Vec<Option<f64>> = found.iter().map(|one| one.and_then(|one| one.1)).collect();
    let chance = among_all(&each);
    let factor = |index: usize| {
        let (found, _) = found[index]?;
        Some(FactorResult {
            chance: chance[index],
            ..found
        })
    };
    let dummies = in_parallel(NoiseFloor::DUMMIES, stop, dummy).map_err(|_| StudyError::Stopped)?;
    let dummies: Vec<f64> = dummies.into_iter().flatten().collect();
    let floor = noise_floor(&dummies, found.len());
    let evpi = (judge.whole)(y, &bootstrap(&stream));
    let note = evpi.filter(|all| all.value <= 0.0).map(|_| SAME_CHOICE);
    Ok(Some(OutputResult {
        noise_floor: floor.map(|floor| Interval {
            value: floor.mean,
            low: None,
            high: Some(floor.high),
        }),
        evpi: evpi.map(Interval::from),
        note: note.map(str::to_owned),
        ..OutputResult::new(factors, factor)
    }))
}
