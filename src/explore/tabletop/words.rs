//! How numbers of an exercise are written: no digit finer than their error over the worlds, and worlds rather than percent.

use crate::engine::model::Model;
use crate::engine::model::arm::{StateSet, members as each};
use crate::report::amounts;
use crate::report::document::{Cell, Text};
use crate::report::document::{minus, words};
use crate::theory::spelling::units::{number, signed};
use crate::theory::stats::summary::Stat;

/// What stands on every page.
pub const EXERCISE: &str = "This is an exercise. Every number comes from the model and its worlds; none is a position of a government.";

/// Words with their minus signs.
pub fn say(text: impl AsRef<str>) -> Text {
    vec![words(minus(text.as_ref()))]
}

/// A mean difference with a plus where it is positive.
pub fn more(stat: Option<&Stat>) -> String {
    minus(&amounts::difference(stat))
}

/// An amount that is known as it stands.
pub fn amount(value: f64) -> String {
    minus(&signed(value, Some(amounts::FINEST)))
}

/// A mean.
pub fn level(stat: Option<&Stat>) -> String {
    minus(&amounts::mean(stat))
}

/// Where 90% of worlds lie.
pub fn range(stat: Option<&Stat>) -> String {
    minus(&amounts::range(stat))
}

/// A number to a digit behind the point.
pub fn tenths(value: f64) -> String {
    minus(&number(value, Some(0.1)))
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

/// Names of the states of a set, as a list.
pub fn names(model: &Model, set: StateSet) -> String {
    let names: Vec<&str> = each(set).map(|i| model.states[i].name.as_str()).collect();
    match names.split_last() {
        None => "nobody".to_owned(),
        Some((last, [])) => (*last).to_owned(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}
