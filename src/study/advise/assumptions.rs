//! Which assumptions decide between two options, and what it would be worth to know each before the choice among all.

use crate::engine::model::Model;
use crate::engine::simulate::in_parallel;
use crate::study::factors::bootstrap;
use crate::study::pieces::StudyError;
use crate::study::readings::WorldReadings;
use crate::study::results::advise::{Decisive, Knowledge};
use crate::theory::draws::rng::Stream;
use crate::theory::sensitivity::estimate::Estimate;
use crate::theory::sensitivity::given_data::{evpi, evppi, given_first_order};
use crate::theory::sensitivity::independence::{FALSE_ALARMS, among_all, chance_alone};
use std::sync::atomic::AtomicBool;

/// How many assumptions are told.
const TOLD: usize = 3;

/// What decides between option `best` and option `next` of worlds whose values are those of each option and whose draws are those of all uncertain
/// quantities and events: of the factors that are told from chance, among all of them, at a false-alarm rate of 5% a study, those with the largest first-order
/// shares in the variance of their difference; and what it is worth to know each before the choice among all options.
///
/// # Errors
/// The stop flag was set.
pub fn knowledge(
    model: &Model,
    worlds: &WorldReadings,
    [best, next]: [usize; 2],
    stop: &AtomicBool,
) -> Result<Knowledge, StudyError> {
    let values = &worlds.values;
    let pairs = values[best].iter().zip(&values[next]);
    let difference: Vec<f64> = pairs.map(|(best, next)| best - next).collect();
    let stream = Stream::new(model.simulation.seed, "advise.bootstrap");
    let judged = in_parallel(worlds.draws.len(), stop, |index| {
        let x = &worlds.draws[index];
        let share = given_first_order(x, &difference, &bootstrap(&stream));
        (share, chance_alone(x, &difference))
    });
    let judged = judged.map_err(|_| StudyError::Stopped)?;
    let each: Vec<Option<f64>> = judged.iter().map(|one| one.1).collect();
    let chances = among_all(&each);
    let arms: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
    let told = judged.iter().zip(chances).enumerate();
    let told = told.filter_map(|(index, (&(share, _), chance))| {
        let chance = chance.filter(|&chance| chance <= FALSE_ALARMS)?;
        Some((index, share?, chance))
    });
    let mut told: Vec<(usize, Estimate, f64)> = told.collect();
    told.sort_by(|one, other| other.1.value.total_cmp(&one.1.value));
    told.truncate(TOLD);
    let decisive = told.into_iter().map(|(index, share, chance)| Decisive {
        path: model.draw_name(index).into_owned(),
        share: share.into(),
        chance,
        evppi: evppi(&worlds.draws[index], &arms, &bootstrap(&stream)).map(Into::into),
    });
    Ok(Knowledge {
        decisive: decisive.collect(),
        evpi: evpi(&arms, &bootstrap(&stream)).map(Into::into),
    })
}
