//! What factors decide, learned from any worlds that were played: PAWN, Borgonovo's δ, the value of information, each beside what inert factors get
//! by chance.

use crate::engine::simulate::in_parallel;
use crate::study::factors::{Factor, NoiseFloor, bootstrap, noise_floor};
use crate::study::results::sensitivity::{Interval, OutputResult};
use crate::study::sensitivity::method::Judge;
use crate::theory::draws::rng::Stream;
use crate::theory::sensitivity::classes::dummy_factor;
use std::sync::atomic::AtomicBool;

/// The stop flag ended the judging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("stopped")]
pub struct Stopped;

/// Judges each of `factors`, whose values in all worlds are `columns`, for the result `y` in the same worlds. `None` where some world lacks the
/// result or it does not vary. Intervals are made by a bootstrap, and inert factors drawn, under `seed`; `ranked_by` is the measure that
/// tells how large their effect is.
///
/// # Errors
/// The stop flag was set.
pub fn learn(
    judge: Judge,
    ranked_by: &str,
    factors: &[Factor],
    columns: &[&[f64]],
    y: &[f64],
    seed: u64,
    stop: &AtomicBool,
) -> Result<Option<OutputResult>, Stopped> {
    if y.iter().any(|value| !value.is_finite()) || y.iter().all(|value| *value == y[0]) {
        return Ok(None);
    }
    let stream = Stream::new(seed, "sensitivity.bootstrap");
    let judged = |x: &[f64]| (judge.factor)(x, y, &bootstrap(&stream));
    let dummy = |k: usize| {
        let stream = Stream::new(seed, &format!("sensitivity.dummy.{k}"));
        let learned = judged(&dummy_factor(y.len(), &stream))?;
        learned.measure(ranked_by).map(|one| one.value)
    };
    let learned = in_parallel(columns.len(), stop, |index| judged(columns[index]));
    let learned = learned.map_err(|_| Stopped)?;
    let dummies = in_parallel(NoiseFloor::DUMMIES, stop, dummy).map_err(|_| Stopped)?;
    let dummies: Vec<f64> = dummies.into_iter().flatten().collect();
    let floor = noise_floor(&dummies, learned.len());
    Ok(Some(OutputResult {
        noise_floor: floor.map(|floor| Interval {
            value: floor.mean,
            low: None,
            high: Some(floor.high),
        }),
        evpi: (judge.whole)(y, &bootstrap(&stream)).map(Interval::from),
        ..OutputResult::new(factors, |index| learned[index])
    }))
}
