//! The cases drawn on one axis: how much of what came the engine says.

use super::case::Case;
use crate::report::chart::{Chart, Forest, ForestRow, Head, Point};
use crate::report::document::{Marks, plain};
use crate::theory::stats::summary::Stat;

/// Beyond so many times what came, marks stand at the edge.
const MOST: f64 = 5.0;

/// What a unit of the axis is.
const X: &str = "times what came: 1 is what came, 0 no effect, below 0 the wrong sign";

/// A row for each case, in units of what came, and the same for a terminal; none where no case can be drawn.
pub(super) fn picture(cases: &[Case<'_>]) -> Option<(Chart, Marks)> {
    let drawn: Vec<(Case<'_>, f64, Stat)> = cases
        .iter()
        .filter_map(|case| Some((*case, size(*case)?, case.played.engine?)))
        .collect();
    if drawn.is_empty() {
        return None;
    }
    let rows = drawn.iter().map(|(case, size, stat)| ForestRow {
        label: case.played.id.clone(),
        points: vec![Some(said(stat, *size)), Some(came(*case, *size))],
        ..ForestRow::default()
    });
    let chart = Forest {
        head: head(&drawn),
        series: vec!["the engine".to_owned(), "on record".to_owned()],
        rows: rows.collect(),
        from_zero: true,
        floor: None,
        thin: None,
    };
    let marks = Marks {
        title: plain(format!(
            "The engine's median (\u{25cf}) with 50% (\u{2501}) and 90% (\u{2500}) of worlds, in {X}; on record (\u{25c6}), zero (\u{2502}); \
             at most {MOST}"
        )),
        rows: drawn
            .iter()
            .map(|(case, size, stat)| (case.played.id.clone(), said(stat, *size)))
            .collect(),
        observed: drawn
            .iter()
            .map(|(case, size, _)| came(*case, *size).value)
            .collect(),
    };
    Some((chart.chart(), marks))
}

/// What a case is drawn in units of: the observed value with its sign or, where that is 0, the end of its range that is farther from 0;
/// none where both are 0.
fn size(case: Case<'_>) -> Option<f64> {
    let observed = &case.played.observed;
    let farther = match observed.high.abs() >= observed.low.abs() {
        true => observed.high,
        false => observed.low,
    };
    let size = match case.played.sign {
        Some(_) => observed.value,
        None => farther,
    };
    (size != 0.0).then_some(size)
}

fn said(stat: &Stat, size: f64) -> Point {
    Point {
        value: within(stat.p50 / size),
        outer: ordered(stat.p05, stat.p95, size),
        inner: ordered(stat.p25, stat.p75, size),
    }
}

fn came(case: Case<'_>, size: f64) -> Point {
    let observed = &case.played.observed;
    Point {
        value: within(observed.value / size),
        outer: ordered(observed.low, observed.high, size),
        inner: (f64::NAN, f64::NAN),
    }
}

/// The ends of a range in units of a number that may be below zero.
fn ordered(low: f64, high: f64, size: f64) -> (f64, f64) {
    let ends = (within(low / size), within(high / size));
    match size > 0.0 {
        true => ends,
        false => (ends.1, ends.0),
    }
}

fn within(x: f64) -> f64 {
    x.clamp(-MOST, MOST)
}

fn head(drawn: &[(Case<'_>, f64, Stat)]) -> Head {
    let said = drawn
        .iter()
        .map(|(case, size, stat)| format!("{} {:.2}", case.played.id, stat.p50 / size));
    let said: Vec<String> = said.collect();
    Head {
        id: "history".to_owned(),
        title: "What the engine says of each case, against what came".to_owned(),
        alternative: format!(
            "One row per case: a dot at the engine's median, a thick line over the middle half of worlds, a thin line over 90% of them; below \
             it a mark at what is on record, with the range of the record. In {X}; at most {MOST}. Medians: {}.",
            said.join("; ")
        ),
        x: X.to_owned(),
        y: String::new(),
    }
}
