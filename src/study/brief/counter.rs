//! The best bundle for one side that the other would still accept in a given share of worlds.
//!
//! Searched along the frontier of the average table, in levels that can be written down: rounded to hundredths. Under a world's own
//! coefficients acceptance need not fall along that frontier, so every point of a fine grid is counted.

use crate::study::brief::offer::{Offer, WeighedOffer};
use crate::study::brief::question::Side;
use crate::study::brief::world::Observation;
use crate::study::brief::world::average_table;
use crate::theory::bargaining::Gains;
use crate::theory::bargaining::offer::{Coefficients, gains_at};

/// Points of the frontier that are tried.
const STEPS: u32 = 1000;

/// Levels are rounded to this.
const ROUND: f64 = 0.01;

/// A counter-offer with the share of seated worlds in which the other side gains by it.
#[derive(Debug, Clone, PartialEq)]
pub struct Counter {
    /// The bundle.
    pub offer: Offer,
    /// The share.
    pub accepted: f64,
}

/// The counter-offer of a side that the other accepts in at least the share `accept` of worlds in which they meet; where there is none, the bundle
/// of the frontier that the other accepts most often.
///
/// # Errors
/// That bundle, which falls short.
pub fn counter(
    observations: &[Observation],
    side: Side,
    accept: f64,
    transfers: bool,
) -> Result<Counter, Counter> {
    let (table, mean) = average_table(observations);
    if transfers {
        return with_cash(observations, side, accept, &table);
    }
    let mut best: Option<(f64, Counter)> = None;
    let mut most: Option<(f64, Counter)> = None;
    for offer in bundles(&table) {
        let accepted = share(observations, side, &offer);
        let own = side.own(gains_at(&table.frontier(), mean, &offer.levels, 0.0));
        let found = Counter { offer, accepted };
        if most.as_ref().is_none_or(|(share, _)| accepted > *share) {
            most = Some((accepted, found.clone()));
        }
        if accepted >= accept && best.as_ref().is_none_or(|(value, _)| own > *value) {
            best = Some((own, found));
        }
    }
    let (_, most) = most.expect("a frontier has two ends at least");
    best.map(|(_, found)| found).ok_or(most)
}

/// Bundles along the frontier, each once.
fn bundles(table: &Coefficients) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    for step in 0..=STEPS {
        let lambda = f64::from(step) / f64::from(STEPS);
        let offer = rounded(table, lambda);
        if offers.last() != Some(&offer) {
            offers.push(offer);
        }
    }
    offers
}

fn rounded(table: &Coefficients, lambda: f64) -> Offer {
    let frontier = table.frontier();
    let level = |k: usize| {
        let hundredths = libm::round(frontier.level(k, lambda) / ROUND);
        (hundredths / (1.0 / ROUND)).clamp(table.min[k], table.max[k])
    };
    Offer {
        levels: (0..table.a.len()).map(level).collect(),
        cash: 0.0,
    }
}

/// With cash the efficient bundle, and as much cash as the share allows: a quantile of what the other side gains before cash.
fn with_cash(
    observations: &[Observation],
    side: Side,
    accept: f64,
    table: &Coefficients,
) -> Result<Counter, Counter> {
    let mut offer = rounded(table, 0.5);
    let met = observations.iter().filter_map(Observation::met);
    let mut spare: Vec<f64> = met.map(|one| side.other(offer.gains(one))).collect();
    spare.sort_unstable_by(|one, other| other.total_cmp(one));
    let needed = libm::ceil(accept * spare.len() as f64).max(1.0) as usize;
    // The other side must gain: what it pays stays below its spare by a thousandth of a million.
    let paid = spare[needed - 1] - CASH_LEFT;
    offer.cash = match side {
        Side::States => paid,
        Side::Hyperscaler => -paid,
    };
    let accepted = share(observations, side, &offer);
    Ok(Counter { offer, accepted })
}

/// What a side must be left with to gain, USD bn.
const CASH_LEFT: f64 = 1e-6;

fn share(observations: &[Observation], side: Side, offer: &Offer) -> f64 {
    let gains = observations.iter().map(|observation| {
        let gains = observation.met().map(|one| offer.gains(one));
        gains.map_or(f64::NAN, |gains: Gains| side.other(gains))
    });
    WeighedOffer::share(&gains.collect::<Vec<_>>())
}
