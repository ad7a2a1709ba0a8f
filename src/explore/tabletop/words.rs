//! How numbers of an exercise are written: no digit finer than their error over the worlds, and worlds rather than percent.

use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, full_set, members as each};
use crate::report::amounts;
use crate::report::document::{Cell, Text};
use crate::report::document::{minus, words};
use crate::theory::spelling::units::{range as ends, signed};
use crate::theory::stats::summary::Stat;

/// What stands on every page.
pub const EXERCISE: &str = "This is an exercise. Every number comes from the model and its worlds; none is a position of a government.";

/// Words with their minus signs.
pub fn say(text: impl AsRef<str>) -> Text {
    vec![words(minus(text.as_ref()))]
}

/// A mean difference with a plus where it is positive, to a million at best.
pub fn more(stat: Option<&Stat>) -> String {
    let said = |stat: &Stat| signed(stat.mean, Some(error(stat)));
    stat.map_or_else(|| amounts::NONE.to_owned(), |stat| minus(&said(stat)))
}

fn error(stat: &Stat) -> f64 {
    stat.se.unwrap_or(0.0).max(amounts::FINEST)
}

/// An amount that is known as it stands.
pub fn amount(value: f64) -> String {
    minus(&signed(value, Some(amounts::FINEST)))
}

/// A mean.
pub fn level(stat: Option<&Stat>) -> String {
    let said = |stat: &Stat| amounts::millions(stat.mean, stat.se);
    stat.map_or_else(|| amounts::NONE.to_owned(), |stat| minus(&said(stat)))
}

/// Where 90% of worlds lie: "1 to 3".
pub fn range(stat: Option<&Stat>) -> String {
    let rough = |stat: &Stat| amounts::TAIL_ERROR * error(stat);
    stat.map_or_else(String::new, |stat| {
        minus(&ends(stat.p05, stat.p95, Some(rough(stat))))
    })
}

/// A cell that shows whether a mean is a gain or a loss where its error tells that.
pub fn gain_cell(stat: Option<&Stat>) -> Cell {
    let sign = stat.map_or(0.0, |stat| {
        match stat.mean.abs() > 2.0 * stat.se.unwrap_or(0.0) {
            true => stat.mean,
            false => 0.0,
        }
    });
    let class = match sign {
        sign if sign > 0.0 => "gain",
        sign if sign < 0.0 => "loss",
        _ => "",
    };
    Cell::of(say(more(stat)), class)
}

/// Names of the states of a set, as a list; of all, how many they are.
pub fn names(model: &Model, set: StateSet) -> String {
    if set.count_ones() > 2 && set == full_set(model.states.len()) {
        return format!("all {} states", model.states.len());
    }
    let names: Vec<&str> = each(set).map(|i| model.states[i].name.as_str()).collect();
    match names.split_last() {
        None => "nobody".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
