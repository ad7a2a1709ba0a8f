//! What factors decide, from any worlds that were played (given data): PAWN, Borgonovo's δ, the value of information, each beside what inert
//! factors get by chance.

use crate::engine::simulate::in_parallel;
use crate::study::factors::{Factor, NoiseFloor, bootstrap, noise_floor};
use crate::study::pieces::StudyError;
use crate::study::results::sensitivity::{FactorResult, Interval, OutputResult};
use crate::study::sensitivity::method::{Description, FactorJudge};
use crate::theory::draws::permutation::permuted;
use crate::theory::draws::rng::{Stream, key};
use crate::theory::sensitivity::classes::dummy_factor;
use crate::theory::sensitivity::estimate::{Bootstrap, varies};
use crate::theory::sensitivity::independence::{among_all, chance_alone};
use std::sync::atomic::AtomicBool;

/// What is said where to know everything before the choice is worth nothing.
const SAME_CHOICE: &str =
    "no factor changes the choice: one arm gives at least as much as the other in every world";

/// Judges each of `factors`, the values of whose members in all worlds are `columns`, for the result `y` in the same worlds. `None` where some world lacks the
/// result or it does not vary. Intervals are made by a bootstrap, and inert factors drawn, under `seed`.
///
/// # Errors
/// The stop flag was set.
pub(in crate::study) fn given_data(
    about: &Description,
    judge: FactorJudge,
    factors: &[Factor],
    columns: &[Vec<&[f64]>],
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
        Some((found, is_asked.then(|| chance_alone(x, y)).flatten()))
    };
    // The intervals of inert factors are not asked for.
    let least = Bootstrap {
        resamples: 2,
        ..bootstrap(&stream)
    };
    let dummy = |k: usize| {
        let stream = Stream::new(seed, &format!("sensitivity.dummy.{k}"));
        let dummy = (judge.factor)(&dummy_factor(y.len(), &stream), y, &least)?;
        dummy.measure(about.ranked_by).map(|one| one.value)
    };
    let found = in_parallel(columns.len(), stop, |index| {
        match columns[index].as_slice() {
            [x] => judged(x),
            members => Some(((judge.group)(members, y, &bootstrap(&stream))?, None)),
        }
    });
    let found = found.map_err(|_| StudyError::Stopped)?;
    let each: Vec<Option<f64>> = found.iter().map(|one| one.and_then(|one| one.1)).collect();
    let among = among_all(&each);
    let factor = |index: usize| {
        let (found, _) = found[index]?;
        Some(FactorResult {
            chance: among[index],
            ..found
        })
    };
    // Inert factors are judged as those of the study are: single ones by themselves, groups as the largest of them in worlds of other numbers.
    let largest = columns.iter().max_by_key(|members| members.len());
    let largest = largest.filter(|members| members.len() > 1);
    let dummy_group = |k: usize| {
        let key = key(seed, &format!("sensitivity.dummy_group.{k}"));
        let moved = shuffled(largest?, key);
        let moved: Vec<&[f64]> = moved.iter().map(Vec::as_slice).collect();
        let dummy = (judge.group)(&moved, y, &least)?;
        dummy.measure(about.ranked_by).map(|one| one.value)
    };
    let floor_of = |dummy: &(dyn Fn(usize) -> Option<f64> + Sync)| {
        let dummies = in_parallel(NoiseFloor::DUMMIES, stop, dummy);
        let dummies = dummies.map_err(|_| StudyError::Stopped)?;
        let dummies: Vec<f64> = dummies.into_iter().flatten().collect();
        Ok::<_, StudyError>(noise_floor(&dummies, found.len()))
    };
    let single = match columns.iter().any(|members| members.len() == 1) {
        true => floor_of(&dummy)?,
        false => None,
    };
    let of_group = match largest {
        Some(_) => floor_of(&dummy_group)?,
        None => None,
    };
    let floors = single.into_iter().chain(of_group);
    let floor = floors.reduce(|one, other| if other.high > one.high { other } else { one });
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

/// The same columns with their rows in another order, the same for all: what hangs together within a group does so still, but with nothing else.
fn shuffled(columns: &[&[f64]], key: u64) -> Vec<Vec<f64>> {
    let column = |column: &&[f64]| {
        let rows = column.len() as u64;
        let from = (0..rows).map(|row| permuted(row, rows, key) as usize);
        from.map(|row| column[row]).collect()
    };
    columns.iter().map(column).collect()
}
