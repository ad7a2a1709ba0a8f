//! The average table as a picture: both sides' gains along its frontier, and those of other bundles.

use crate::study::brief::average_table;
use crate::study::brief::offer::Offer;
use crate::study::brief::world::Observation;
use crate::theory::bargaining::Gains;
use crate::theory::bargaining::offer::gains_at;

/// Points along the frontier.
const POINTS: u32 = 100;

/// Other bundles that are shown.
const OTHERS: u32 = 240;

/// Gains on the average table, USD bn.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Along the frontier, the weight on the state rising. With cash the line on which the efficient total is divided.
    pub curve: Vec<Gains>,
    /// The part of it on which both sides gain; empty where there is none.
    pub arc: Vec<Gains>,
    /// Other bundles, half of them spread evenly over all levels, half of them meagre.
    pub others: Vec<Gains>,
}

/// The picture of the average table.
pub fn picture(observations: &[Observation], transfers: bool) -> Picture {
    let (table, mean) = average_table(observations);
    let frontier = table.frontier();
    let at = |lambda: f64| {
        let point = frontier.at(lambda);
        Gains {
            state: mean.state + point.value,
            hyperscaler: mean.hyperscaler - point.cost,
        }
    };
    let along = |low: f64, high: f64| -> Vec<Gains> {
        let steps = (0..=POINTS).map(|step| f64::from(step) / f64::from(POINTS));
        steps.map(|t| at(low + t * (high - low))).collect()
    };
    let (curve, arc) = if transfers {
        let half = at(0.5);
        let total = half.state + half.hyperscaler;
        let line = |from: f64, to: f64| -> Vec<Gains> {
            let steps = (0..=POINTS).map(|step| f64::from(step) / f64::from(POINTS));
            let point = |t: f64| Gains {
                state: from + t * (to - from),
                hyperscaler: total - from - t * (to - from),
            };
            steps.map(point).collect()
        };
        let reach = total.abs();
        let arc = if total > 0.0 {
            line(0.0, total)
        } else {
            Vec::new()
        };
        (line(-0.25 * reach, total + 0.25 * reach), arc)
    } else {
        let arc = frontier.arc(mean);
        let arc = arc.map_or_else(Vec::new, |arc| along(arc.low, arc.high));
        (along(0.0, 1.0), arc)
    };
    let others = (1..=OTHERS).map(|index| {
        let levels = spread(index, &table.min, &table.max);
        gains_at(&frontier, mean, &levels, 0.0)
    });
    Picture {
        curve,
        arc,
        others: others.collect(),
    }
}

/// What an offer is worth on the average table.
pub fn place(observations: &[Observation], offer: &Offer) -> Gains {
    let (table, mean) = average_table(observations);
    gains_at(&table.frontier(), mean, &offer.levels, offer.cash)
}

/// Bundle `index` of an additive recurrence: each term advances by a power of the inverse of the root of x^(K+1) = x + 1, modulo 1, which
/// spreads points evenly in K dimensions.
fn spread(index: u32, min: &[f64], max: &[f64]) -> Vec<f64> {
    let dimensions = min.len() as i32;
    let mut root = 1.5f64;
    for _ in 0..40 {
        root = libm::pow(1.0 + root, 1.0 / f64::from(dimensions + 1));
    }
    let bounds = min.iter().zip(max).enumerate();
    bounds
        .map(|(k, (low, high))| {
            let step = libm::pow(1.0 / root, (k + 1) as f64);
            let even = (0.5 + step * f64::from(index)) % 1.0;
            // Every other bundle is a meagre one: most levels near their lowest.
            let share = if index.is_multiple_of(2) {
                even * even * even
            } else {
                even
            };
            low + share * (high - low)
        })
        .collect()
}
