//! Numbers of a page as words: medians, ranges, bundles.

use crate::engine::model::Model;
use crate::study::results::brief::Bundle;
use crate::theory::spelling::units::{number, range, signed};
use crate::theory::stats::summary::Stat;

/// Columns of red lines.
pub(super) const RED_LINE_COLUMNS: [&str; 6] = [
    "",
    "now",
    "worst",
    "still gains in",
    "fewer than half",
    "none",
];

/// The errors of a median and of a 5% or 95% quantile are about so many times that of the mean (of a normal, exactly).
const MEDIAN_ERROR: f64 = 1.25;
const TAIL_ERROR: f64 = 2.1;

/// Amounts are shown to the million at most, USD bn.
const FINEST: f64 = 0.001;

/// What stands where there is no number.
pub const NONE: &str = "·";

fn error(stat: &Stat, times: f64, finest: f64) -> Option<f64> {
    Some((times * stat.se.unwrap_or(0.0)).max(finest))
}

/// A median amount.
pub fn median(stat: &Option<Stat>) -> String {
    let text = |stat: &Stat| number(stat.p50, error(stat, MEDIAN_ERROR, FINEST));
    stat.as_ref().map_or_else(|| NONE.to_owned(), text)
}

/// A median that is added.
pub fn added(stat: &Option<Stat>) -> String {
    let text = |stat: &Stat| signed(stat.p50, error(stat, MEDIAN_ERROR, FINEST));
    stat.as_ref().map_or_else(|| NONE.to_owned(), text)
}

/// Between which amounts 90% of worlds lie; nothing where they read alike.
pub fn ninety(stat: &Option<Stat>) -> String {
    let Some(stat) = stat else {
        return NONE.to_owned();
    };
    let range = range(stat.p05, stat.p95, error(stat, TAIL_ERROR, FINEST));
    match range.split_once(" to ") {
        Some((low, high)) if low == high => String::new(),
        _ => range,
    }
}

/// A level, to two digits after the point.
pub fn level(value: f64) -> String {
    let text = format!("{value:.2}");
    match text.as_str() {
        "-0.00" => "0.00".to_owned(),
        _ => text,
    }
}

/// A change of a level, with its sign.
pub fn step(value: f64) -> String {
    match level(value) {
        text if value > 0.0 && text != "0.00" => format!("+{text}"),
        text => text,
    }
}

/// A bundle as a user can type it: `a=0.20,b=0.60`.
pub fn typed(bundle: &Bundle) -> Vec<String> {
    let levels = bundle
        .terms
        .iter()
        .map(|(id, value)| format!("{id}={}", level(*value)));
    let cash = bundle.cash.map(|cash| format!("cash={cash:.4}"));
    levels.chain(cash).collect()
}

/// The name of a term by its id.
pub fn term<'a>(model: &'a Model, id: &'a str) -> &'a str {
    let term = model.terms.iter().find(|term| term.id == id);
    term.map_or(id, |term| &term.name)
}
