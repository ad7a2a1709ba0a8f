//! Columns that tables of several sections share.

use crate::report::document::{Cell, Heading, Rows, Text, text};
use crate::report::numbers::{Pair, Quote};
use crate::report::verdict::Verdict;

/// The range of 90% of worlds, "a to b"; empty where there is none.
pub(super) fn range(quote: &Quote) -> Text {
    quote.range(" to ")
}

/// A difference in the colour of its verdict.
pub(super) fn difference(pair: &Pair) -> Cell {
    Cell::of(
        text![pair.difference().difference()],
        pair.verdict().class(),
    )
}

/// Of a paired difference: its average, its range, how often it is more, and what may be said of it.
pub(super) fn paired<R>(
    rows: Rows<R>,
    [average, better, said]: [&str; 3],
    words: fn(Verdict) -> &'static str,
    pair: impl Fn(&R) -> Option<Pair>,
) -> Rows<R> {
    let cell = |row: &R, of: &dyn Fn(&Pair) -> Cell| pair(row).as_ref().map(of).unwrap_or_default();
    let heading = Heading::number;
    rows.column(heading(average), |row| cell(row, &difference))
        .column(heading("90% of worlds").goes(3), |row| {
            cell(row, &|pair| range(&pair.difference()).into())
        })
        .column(heading(better), |row| {
            cell(row, &|pair| pair.often().into())
        })
        .column(Heading::words(said).goes(1), |row| {
            cell(row, &|pair| verdict(pair, words))
        })
}

/// What may be said of a difference; nothing of one world, where the sign says it.
pub(super) fn verdict(pair: &Pair, words: fn(Verdict) -> &'static str) -> Cell {
    match pair.is_single() {
        true => Cell::default(),
        false => Cell::words(words(pair.verdict())),
    }
}
