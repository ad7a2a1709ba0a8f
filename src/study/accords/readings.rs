//! Which of the accords of a search is best, under three readings, by the worlds in which they were found.

use crate::study::accords::objectives::{AccordObjective, AccordWorld, ObjectiveValues, values};
use crate::study::accords::payments::ENOUGH;
use crate::study::accords::search::{Searched, Tried};
use crate::study::accords::space::SearchSpace;
use crate::study::results::accords::ReadingKind;

/// The best under a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Which reading.
    pub reading: ReadingKind,
    /// Its place among all that were tried.
    pub tried: usize,
    /// Whether it meets the reading; else it is what comes nearest.
    pub is_met: bool,
}

/// The best of each reading; the last is of `state`, if one is named. There is a finalist at least.
pub fn chosen(space: &SearchSpace, searched: &Searched, state: Option<usize>) -> Vec<Chosen> {
    let candidates: Vec<Finalist<'_>> = searched
        .finalists
        .iter()
        .map(|&at| Finalist::new(at, &searched.tried[at], space))
        .collect();
    let region = best(candidates.iter(), |one| one.of(AccordObjective::Region));
    let enough = |one: &&Finalist<'_>| one.of(AccordObjective::AllGain) >= ENOUGH;
    let all_gain = best(candidates.iter().filter(enough), |one| {
        one.of(AccordObjective::Region)
    });
    let nearest = || best(candidates.iter(), |one| one.of(AccordObjective::AllGain));
    let mut found = vec![
        Chosen::new(ReadingKind::AllGain, all_gain, nearest()),
        Chosen::new(ReadingKind::Region, region, region),
    ];
    if let Some(i) = state {
        let signed = candidates.iter().filter(|one| one.losers(i) == 0);
        let most = best(signed, |one| one.mean(i));
        let fewest = || {
            best(candidates.iter(), |one| {
                // Fewer losers first; among them what brings the state most.
                -(one.losers(i) as f64) + 1e-6 * libm::atan(one.mean(i))
            })
        };
        found.push(Chosen::new(ReadingKind::State, most, fewest()));
    }
    found.into_iter().flatten().collect()
}

impl Chosen {
    fn new(reading: ReadingKind, met: Option<usize>, nearest: Option<usize>) -> Option<Chosen> {
        Some(Chosen {
            reading,
            tried: met.or(nearest)?,
            is_met: met.is_some(),
        })
    }
}

/// A finalist with its objectives.
struct Finalist<'a> {
    tried: usize,
    values: ObjectiveValues,
    worlds: &'a [AccordWorld],
}

impl Finalist<'_> {
    fn new<'a>(tried: usize, one: &'a Tried, space: &SearchSpace) -> Finalist<'a> {
        let (price, changes) = (space.price(&one.point), space.changed(&one.point).len());
        Finalist {
            tried,
            values: values(one.worlds.iter(), price, changes),
            worlds: &one.worlds,
        }
    }

    fn of(&self, objective: AccordObjective) -> f64 {
        self.values[objective as usize]
    }

    /// What it brings a state on average.
    fn mean(&self, i: usize) -> f64 {
        let sum: f64 = self.worlds.iter().map(|world| world.gains[i]).sum();
        sum / self.worlds.len() as f64
    }

    /// How many other states lose on average.
    fn losers(&self, i: usize) -> usize {
        let states = self.worlds.first().map_or(0, |world| world.gains.len());
        let others = (0..states).filter(|&other| other != i);
        others.filter(|&other| self.mean(other) < 0.0).count()
    }
}

/// The first of those of which `of` is largest.
fn best<'a, 'b: 'a>(
    candidates: impl Iterator<Item = &'a Finalist<'b>>,
    of: impl Fn(&Finalist<'b>) -> f64,
) -> Option<usize> {
    let more = |best: &'a Finalist<'b>, one: &'a Finalist<'b>| {
        if of(one) > of(best) { one } else { best }
    };
    candidates.reduce(more).map(|one| one.tried)
}
