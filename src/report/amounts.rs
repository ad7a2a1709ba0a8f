//! Statistics, names and units as they are written: no digit finer than their error, the range of worlds, a dot where there is no number.

use crate::engine::model::{Horizon, Identity};
use crate::study::results::run::Manifest;
use crate::study::results::value_memory::EXACT;
use crate::theory::spelling::units::{self, count, number, signed};
use crate::theory::stats::sketch::RELATIVE_ERROR;
use crate::theory::stats::summary::Stat;

/// What stands where there is no number.
pub const NONE: &str = "\u{b7}";

/// The error of a 5% or 95% quantile is about twice that of the mean (exactly 2.1 times for a normal).
pub const TAIL_ERROR: f64 = 2.1;

/// The error of a median is about so many times that of the mean (of a normal, exactly).
pub const MEDIAN_ERROR: f64 = 1.25;

/// No digit of an amount is finer than this: a million, in US$ bn.
pub const FINEST: f64 = 0.001;

/// An amount in US$ bn, known to a million at best.
pub fn millions(value: f64, error: Option<f64>) -> String {
    number(value, Some(error.unwrap_or(0.0).max(FINEST)))
}

/// The unit of money.
pub fn unit(horizon: &Horizon) -> String {
    format!("US$ bn of {}", horizon.price_year)
}

/// What payoffs and profits are, but for their unit.
pub fn present_value(horizon: &Horizon) -> String {
    format!(
        "present value at the start of {}, prices of {}",
        horizon.start_year, horizon.price_year
    )
}

/// The mean to the digits that its error supports.
pub fn mean(stat: Option<&Stat>) -> String {
    stat.map_or_else(|| NONE.to_owned(), |stat| number(stat.mean, stat.se))
}

/// The mean to one digit more: arms that share their worlds differ by less than their common error.
pub fn level(stat: Option<&Stat>) -> String {
    let finer = |stat: &Stat| number(stat.mean, stat.se.map(|se| se / 3.0));
    stat.map_or_else(|| NONE.to_owned(), finer)
}

/// The mean of a difference.
pub fn difference(stat: Option<&Stat>) -> String {
    stat.map_or_else(|| NONE.to_owned(), |stat| signed(stat.mean, stat.se))
}

/// The range of the middle 90% of worlds; empty for a single world.
pub fn range(stat: Option<&Stat>) -> String {
    let Some((stat, se)) = stat.and_then(|stat| Some((stat, stat.se?))) else {
        return String::new();
    };
    // Quantiles that come from counts have a relative error of their own; three digits suit exact ones too.
    let coarse = RELATIVE_ERROR * stat.p05.abs().max(stat.p95.abs());
    units::range(stat.p05, stat.p95, Some((TAIL_ERROR * se).max(coarse)))
}

/// What ends a sentence about how results were made: how rough their quantiles are; nothing where they are exact.
pub fn roughness(manifest: &Manifest) -> String {
    match manifest.quantiles.as_str() {
        EXACT => String::new(),
        rough => format!(", quantiles {rough}"),
    }
}

/// A state or hyperscaler with the id that paths take: "Indonesia (ID)".
pub fn label(one: &Identity) -> String {
    match one.name == one.id {
        true => one.id.clone(),
        false => format!("{} ({})", one.name, one.id),
    }
}

/// How many there are of what a word says.
pub fn counted(number: usize, word: &str) -> String {
    match number {
        1 => format!("1 {word}"),
        _ => format!("{} {word}s", count(number as u64)),
    }
}
