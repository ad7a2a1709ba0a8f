//! Red lines: how far one term can move before a side has no gain left, the other terms staying, and what it costs in them.

use crate::engine::model::Model;
use crate::study::brief::offer::{Offer, bounds};
use crate::study::brief::question::{BriefQuestion, Side};
use crate::study::brief::world::Observation;
use crate::study::brief::world::average_table;
use crate::theory::bargaining::offer::{Coefficients, compensating_level, positive_between};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// By how much a term is moved to find its price in others.
pub const STEP: f64 = 0.1;

/// The red lines of a term.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RedLine {
    /// Lowest level allowed.
    pub min: f64,
    /// Highest level allowed.
    pub max: f64,
    /// Share of the worlds with talks in which the side gains at the bundle.
    pub gains: f64,
    /// Below it no world leaves the side a gain; null where the lowest level leaves one in some world.
    pub none_below: Option<f64>,
    /// Above it no world does; null likewise.
    pub none_above: Option<f64>,
    /// Below it fewer than half of the worlds do; null where the lowest level does in half.
    pub half_below: Option<f64>,
    /// Above it fewer than half do; null likewise.
    pub half_above: Option<f64>,
    /// Share of the worlds with talks in which the side still gains at the level that is worst for it.
    pub gains_at_worst: f64,
    /// Whether the side wants more of it.
    pub wants_more: bool,
    /// By how much another term must move to make up, to the side, for a step of this one given away; null where it cannot.
    pub makes_up: IndexMap<String, Option<f64>>,
    /// By how much another term must move to make up, to the other side, for a step of this one taken; null where it cannot.
    pub pays_for: IndexMap<String, Option<f64>>,
}

/// The red lines of every term by its id for one side, the other terms as in `reference`.
pub fn red_lines(
    observations: &[Observation],
    question: &BriefQuestion,
    model: &Model,
    reference: &Offer,
) -> IndexMap<String, RedLine> {
    let (table, _) = average_table(observations);
    let terms = model.terms.iter().enumerate();
    let lines = terms.map(|(k, term)| {
        let spans = spans(observations, question, k, reference);
        let (min, max) = bounds(model, question.arm, k);
        let level = reference.levels[k];
        let wants_more = slope(&table, question.side, k, level) > 0.0;
        let beyond = |share, end| {
            let at = edge(&spans, share, end, (min, max));
            let is_inside = match end {
                RangeEnd::Low => at > min,
                RangeEnd::High => at < max,
            };
            is_inside.then_some(at)
        };
        let line = RedLine {
            min,
            max,
            gains: share_at(&spans, level),
            none_below: beyond(0.0, RangeEnd::Low),
            none_above: beyond(0.0, RangeEnd::High),
            half_below: beyond(0.5, RangeEnd::Low),
            half_above: beyond(0.5, RangeEnd::High),
            gains_at_worst: share_at(&spans, if wants_more { min } else { max }),
            wants_more,
            makes_up: prices(&table, question, model, k, reference, true),
            pays_for: prices(&table, question, model, k, reference, false),
        };
        (term.id.clone(), line)
    });
    lines.collect()
}

/// In every seated world, where term k leaves the side a gain.
fn spans(
    observations: &[Observation],
    question: &BriefQuestion,
    k: usize,
    reference: &Offer,
) -> Vec<Option<(f64, f64)>> {
    let met = observations.iter().filter_map(Observation::met);
    let span = met.map(|one| {
        let table = &one.problem.coefficients;
        let own = question.side.own(reference.gains(one));
        let (slope, curvature) = of_side(table, question.side, k);
        let now = reference.levels[k].max(table.min[k]).min(table.max[k]);
        let rest = own - now * (slope - 0.5 * curvature * now);
        positive_between(rest, slope, curvature, (table.min[k], table.max[k]))
    });
    span.collect()
}

/// Share of worlds that leave a gain at a level.
fn share_at(spans: &[Option<(f64, f64)>], level: f64) -> f64 {
    let inside = spans.iter().flatten();
    let inside = inside.filter(|(low, high)| (*low..=*high).contains(&level));
    inside.count() as f64 / spans.len().max(1) as f64
}

/// Slope and curvature of what a side has of a term: slope·x − ½·curvature·x².
fn of_side(table: &Coefficients, side: Side, k: usize) -> (f64, f64) {
    match side {
        Side::States => (table.scale * table.a[k], table.scale * table.b[k]),
        Side::Hyperscaler => (-table.scale * table.c[k], table.scale * table.d[k]),
    }
}

fn slope(table: &Coefficients, side: Side, k: usize, level: f64) -> f64 {
    let (slope, curvature) = of_side(table, side, k);
    slope - curvature * level
}

#[derive(Clone, Copy)]
enum RangeEnd {
    Low,
    High,
}

/// The level beyond which fewer than the share `share` of worlds leave a gain (0: none does); the far bound where no level leaves one in as
/// many. Each world's span is an interval; counted is how many of them begin before a level, seen from its side.
fn edge(spans: &[Option<(f64, f64)>], share: f64, end: RangeEnd, (min, max): (f64, f64)) -> f64 {
    let ends = spans.iter().flatten().map(|(low, high)| match end {
        RangeEnd::Low => *low,
        RangeEnd::High => -*high,
    });
    let mut ends: Vec<f64> = ends.collect();
    ends.sort_unstable_by(f64::total_cmp);
    let needed = libm::ceil(share * spans.len() as f64).max(1.0) as usize;
    match (ends.get(needed - 1), end) {
        (Some(at), RangeEnd::Low) => *at,
        (Some(at), RangeEnd::High) => -*at,
        (None, RangeEnd::Low) => max,
        (None, RangeEnd::High) => min,
    }
}

/// By how much every other term must move to make up for a step of term k: to the side itself, which gives, or to the other, which is asked.
fn prices(
    table: &Coefficients,
    question: &BriefQuestion,
    model: &Model,
    k: usize,
    reference: &Offer,
    is_own: bool,
) -> IndexMap<String, Option<f64>> {
    let side = match is_own {
        true => question.side,
        false => question.side.across(),
    };
    let from = reference.levels[k];
    // The side gives: the term moves against its wish. The other is asked: it moves as the side wishes.
    let wish = slope(table, question.side, k, from).signum();
    let to = from + STEP * if is_own { -wish } else { wish };
    let (a, b) = of_side(table, side, k);
    let worth = |x: f64| x * (a - 0.5 * b * x);
    let lost = worth(from) - worth(to);
    let others = model.terms.iter().enumerate().filter(|(l, _)| *l != k);
    let moves = others.map(|(l, term)| {
        let (a, b) = of_side(table, side, l);
        let (bounds, now) = (bounds(model, question.arm, l), reference.levels[l]);
        let level = compensating_level((a, -b), now, lost, bounds);
        (term.id.clone(), level.map(|level| level - now))
    });
    moves.collect()
}
