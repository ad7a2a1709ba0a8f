//! The table of cases: what is on record against what the engine says.

use super::case::{Case, Lies};
use crate::report::document::{Cell, Heading, Rows, Table, Text, plain};
use crate::report::numbers::traced;
use crate::report::sentence::say;
use crate::theory::spelling::units::{count, worlds};

pub(super) const LEGEND: &str = "Sign: that of the engine's median, asked where the record has one. Winner: the greatest mean among those \
of whom the record says who gained most. Lies: what came, among the engine's worlds.";

pub(super) fn table(cases: &[Case<'_>]) -> Table {
    Rows::of(cases.iter().copied())
        .column(Heading::words("case"), |case| case.played.id.clone())
        .column(Heading::number("on record"), |case| case.came())
        .column(Heading::number("low to high").named_below(), |case| {
            case.between()
        })
        .column(Heading::number("median"), |case| case.median())
        .column(Heading::number("50% of worlds"), |case| case.half())
        .column(Heading::number("90% of worlds").named_below(), |case| {
            case.ninety()
        })
        .column(Heading::words("sign"), |case| judged(case.played.sign))
        .column(Heading::words("winner"), |case| judged(case.played.winner))
        .column(Heading::words("lies"), |case| lies(case.lies()))
        .column(Heading::words("unit").goes(1), |case| {
            plain(case.played.observed.unit.as_str())
        })
        .table(
            "cases",
            "What came of each, against the engine, in the unit of each case",
        )
}

/// Whether it is right, where that is asked.
fn judged(right: Option<bool>) -> Cell {
    match right {
        Some(true) => Cell::of(plain("right"), "gain"),
        Some(false) => Cell::of(plain("wrong"), "loss"),
        None => Cell::default(),
    }
}

fn lies(lies: Option<Lies>) -> Cell {
    match lies {
        Some(Lies::Middle) => Cell::of(plain("in 50%"), "gain"),
        Some(Lies::Inside) => Cell::of(plain("in 90%"), "gain"),
        Some(Lies::Below) => Cell::of(plain("below"), "loss"),
        Some(Lies::Above) => Cell::of(plain("above"), "loss"),
        None => Cell::default(),
    }
}

/// Worlds that have no figure, case by case.
pub(super) fn left_out(cases: &[Case<'_>], trials: u64) -> impl Iterator<Item = Text> {
    let lacking = cases.iter().filter(|case| case.played.left_out > 0);
    lacking.map(move |case| {
        let number = case.played.left_out;
        let number = traced(&count(number), number as f64, &case.path("left_out"));
        say!(
            "{}: left out are {} of {}, in which what the figure is divided by is 0 or a result is missing.",
            case.played.id.as_str(),
            number,
            worlds(trials)
        )
    })
}
