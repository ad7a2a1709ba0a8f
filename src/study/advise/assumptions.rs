//! Which assumptions decide between two options, and what it would be worth to know each before the choice among all.

use crate::engine::model::Model;
use crate::engine::simulate::in_parallel;
use crate::study::factors::{NoiseFloor, bootstrap, noise_floor};
use crate::study::pieces::StudyError;
use crate::study::readings::WorldReadings;
use crate::study::results::advise::{Decisive, Knowledge};
use crate::theory::draws::rng::Stream;
use crate::theory::sensitivity::classes::dummy_factor;
use crate::theory::sensitivity::given_data::{evpi, evppi, given_first_order};
use std::sync::atomic::AtomicBool;

/// How many assumptions are told.
const TOLD: usize = 3;

/// What decides between option `best` and option `next` of worlds whose values are those of each option and whose draws are those of all uncertain
/// quantities: the first-order share of each factor in the variance of their difference, beside what inert factors get by chance, and its value before
/// the choice among all options.
///
/// # Errors
/// The stop flag was set.
pub fn knowledge(
    model: &Model,
    worlds: &WorldReadings,
    [best, next]: [usize; 2],
    stop: &AtomicBool,
) -> Result<Knowledge, StudyError> {
    let seed = model.simulation.seed;
    let values = &worlds.values;
    let pairs = values[best].iter().zip(&values[next]);
    let difference: Vec<f64> = pairs.map(|(best, next)| best - next).collect();
    let stream = Stream::new(seed, "advise.bootstrap");
    let share = |x: &[f64]| given_first_order(x, &difference, &bootstrap(&stream));
    let shares = in_parallel(worlds.draws.len(), stop, |index| {
        share(&worlds.draws[index])
    });
    let shares = shares.map_err(|_| StudyError::Stopped)?;
    let dummies = in_parallel(NoiseFloor::DUMMIES, stop, |k| {
        let stream = Stream::new(seed, &format!("advise.dummy.{k}"));
        share(&dummy_factor(difference.len(), &stream)).map(|one| one.value)
    });
    let dummies: Vec<f64> = dummies
        .map_err(|_| StudyError::Stopped)?
        .into_iter()
        .flatten()
        .collect();
    let floor = noise_floor(&dummies, shares.len());
    let mut ranked: Vec<usize> = (0..shares.len())
        .filter(|&index| shares[index].is_some())
        .collect();
    let size = |index: usize| shares[index].map_or(f64::NEG_INFINITY, |one| one.value);
    ranked.sort_by(|&one, &other| size(other).total_cmp(&size(one)));
    let above = |&index: &usize| floor.is_some_and(|floor| size(index) > floor.high);
    let told = ranked.into_iter().filter(above).take(TOLD);
    let arms: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
    let decisive = told.filter_map(|index| {
        let share = shares[index]?;
        Some(Decisive {
            path: model.draw_name(index).into_owned(),
            share: share.into(),
            evppi: evppi(&worlds.draws[index], &arms, &bootstrap(&stream)).map(Into::into),
        })
    });
    Ok(Knowledge {
        floor: floor.map(|floor| floor.high),
        decisive: decisive.collect(),
        evpi: evpi(&arms, &bootstrap(&stream)).map(Into::into),
    })
}
