//! In which order to give up what was asked for: each term at its predicted level instead, all others as asked.

use crate::study::brief::offer::Offer;
use crate::study::brief::question::Side;
use crate::study::brief::world::Observation;
use crate::theory::bargaining::Gains;
use crate::theory::stats::summary::summarise;
use std::cmp::Ordering;

/// A level that moves by less is not given up.
const MOVES: f64 = 1e-6;

/// A term that is given up.
#[derive(Debug, Clone, PartialEq)]
pub struct Concession {
    /// Index of the term.
    pub term: usize,
    /// Its level then.
    pub level: f64,
    /// What each side gains by it in each world, USD bn; NaN where the two do not sit down.
    pub changes: Vec<Gains>,
}

impl Concession {
    /// The medians of both sides' changes, the own first; NaN where the two sit down in no world.
    fn medians(&self, side: Side) -> (f64, f64) {
        let median = |of: fn(Side, Gains) -> f64| {
            let values = self.changes.iter().map(|one| of(side, *one));
            summarise(values.filter(|value| !value.is_nan())).map_or(f64::NAN, |stat| stat.p50)
        };
        (median(Side::own), median(Side::other))
    }
}

/// The terms in which a deal gives a side less than it asks for, in the order in which to give them up: by what the other side gains for
/// each dollar that the own gives up, both in the median world. Terms whose concession costs the own side nothing come first.
pub fn concessions(
    observations: &[Observation],
    side: Side,
    asked: &Offer,
    deal: &Offer,
) -> Vec<Concession> {
    let moved =
        (0..asked.levels.len()).filter(|&k| (asked.levels[k] - deal.levels[k]).abs() > MOVES);
    let mut found: Vec<Concession> = moved
        .map(|term| {
            let mut given = asked.clone();
            given.levels[term] = deal.levels[term];
            Concession {
                term,
                level: deal.levels[term],
                changes: observations
                    .iter()
                    .map(|one| changes(one, asked, &given))
                    .collect(),
            }
        })
        .collect();
    found.sort_by(|one, other| order(one.medians(side), other.medians(side)));
    found
}

/// The concession that brings the other side more for each dollar of the own stands first.
fn order((cost, brings): (f64, f64), (others_cost, others_brings): (f64, f64)) -> Ordering {
    let rate = |cost: f64, brings: f64| match cost < 0.0 {
        true => brings / -cost,
        false => f64::INFINITY,
    };
    rate(others_cost, others_brings).total_cmp(&rate(cost, brings))
}

fn changes(observation: &Observation, asked: &Offer, given: &Offer) -> Gains {
    let Some(met) = observation.met() else {
        return Gains {
            state: f64::NAN,
            hyperscaler: f64::NAN,
        };
    };
    let (before, after) = (asked.gains(met), given.gains(met));
    Gains {
        state: after.state - before.state,
        hyperscaler: after.hyperscaler - before.hyperscaler,
    }
}
