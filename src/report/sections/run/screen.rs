//! A run on the first screen of a terminal: the answer, what it brings each state, what to ask next, and the answer again. Every table:
//! [`text`](super::text::text).
//!
//! It has at most [`LINES`] lines of [`COLUMNS`] columns: as many of the smallest states as it takes stand in one row.

use super::answer::{briefly, in_short, made, question};
use super::facts::Facts;
use super::winners::sampled_shares;
use crate::engine::model::question::View;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Block, Cell, Document, Heading, Rows, Span, Table, Text, code, text,
};
use crate::report::legend::with_titles;
use crate::report::numbers::{Pair, Quote, ratio};
use crate::report::render::terminal::render;
use crate::report::sections::columns::difference;
use crate::report::sentence::say;
use crate::theory::spelling::shell::word;
use crate::theory::spelling::units::percent;
use std::iter::once;

/// Lines of a first screen, at most,
pub const LINES: usize = 40;

/// of so many columns.
pub const COLUMNS: usize = 80;

/// So many states have a row of their own, however long the answer is.
const FEWEST: usize = 3;

/// A row of the table.
enum StateRow {
    State(usize),
    /// States together that have no row of their own.
    Others(Vec<usize>),
    All,
}

/// The first screen of a run of the scenario that was typed as `typed`.
pub fn screen(facts: &Facts<'_>, typed: &str) -> Document {
    let states = facts.model.states.len();
    // A row for one other state is no shorter than its own.
    let fewer = (FEWEST..=LINES.min(states.saturating_sub(2))).rev();
    let most = (states <= LINES).then_some(states);
    let mut screens = most
        .into_iter()
        .chain(fewer)
        .map(|listed| with_states(facts, typed, listed));
    let fits = |one: &Document| render(one, COLUMNS).text.lines().count() <= LINES;
    let found = screens.find(fits);
    found.unwrap_or_else(|| with_states(facts, typed, FEWEST.min(states)))
}

/// The screen with so many states in rows of their own.
fn with_states(facts: &Facts<'_>, typed: &str, listed: usize) -> Document {
    let mut footer = vec![made(facts), next(typed)];
    footer.extend(in_short(facts, facts.view()));
    let states: Block = table(facts, rows(facts, listed)).into();
    let document = Document {
        title: facts.results.manifest.scenario.clone(),
        question: question(facts).unwrap_or_default(),
        lead: briefly(facts),
        opening: once(states).chain(sampled_shares(facts)).collect(),
        footer,
        ..Document::default()
    };
    with_titles(document, &[facts.model])
}

/// The largest states, and whoever chooses, by what they get; the others together; and all.
fn rows(facts: &Facts<'_>, listed: usize) -> Vec<StateRow> {
    let mut states = facts.states_by(|i| facts.of_state(facts.reference, i, "payoff").value());
    if let View::State(chooses) = facts.view() {
        let at = states.iter().position(|&i| i == chooses);
        if let Some(at) = at.filter(|&at| at >= listed) {
            states.remove(at);
            states.insert(listed.saturating_sub(1), chooses);
        }
    }
    let others = states.split_off(listed.min(states.len()));
    let others = (!others.is_empty()).then_some(StateRow::Others(others));
    let states = states.into_iter().map(StateRow::State);
    states.chain(others).chain([StateRow::All]).collect()
}

/// What the headline brings each row, and which option is best for it.
fn table(facts: &Facts<'_>, rows: Vec<StateRow>) -> Table {
    let reference = facts.reference;
    let payoff = |row: &StateRow| -> Option<Quote> {
        let of_state = |&i: &usize| facts.of_state(reference, i, "payoff");
        match row {
            StateRow::State(i) => Some(of_state(i)),
            StateRow::Others(states) => {
                Quote::sum(&states.iter().map(of_state).collect::<Vec<_>>())
            }
            StateRow::All => Some(facts.total(reference, TotalMetric::Payoff)),
        }
    };
    let rows = Rows::of(rows)
        .column(Heading::words("state"), |row| name(facts, row))
        .column(
            Heading::number(format!("as {}", facts.name(reference))),
            |row| shown(payoff(row), Quote::mean),
        );
    let Some(arm) = facts.headline() else {
        let caption = format!("Payoff of each state, {}", facts.unit());
        return rows.table("states", caption);
    };
    let of_state = |&i: &usize| facts.state_pair(arm, reference, i, "payoff");
    let pair = |row: &StateRow| -> Option<Pair> {
        match row {
            StateRow::State(i) => Some(of_state(i)),
            StateRow::Others(_) => None,
            StateRow::All => Some(facts.total_pair(arm, reference, TotalMetric::Payoff)),
        }
    };
    let more = |row: &StateRow| -> Option<Quote> {
        match row {
            StateRow::Others(states) => {
                let quotes = states.iter().map(|i| of_state(i).difference());
                Quote::sum(&quotes.collect::<Vec<_>>())
            }
            _ => Some(pair(row)?.difference()),
        }
    };
    let several = facts.ranked_options(facts.view()).len() > 2;
    rows.column(
        Heading::number(format!("more as {}", facts.name(arm))),
        |row| match pair(row) {
            Some(pair) => difference(&pair),
            None => Cell::plain(shown(more(row), Quote::difference)),
        },
    )
    .column(Heading::number("rise"), |row| {
        let both = more(row).zip(payoff(row));
        both.map_or_else(Text::new, |(more, payoff)| {
            text![ratio(&more, &payoff, signed)]
        })
    })
    .if_so(!facts.is_single(), |rows| {
        rows.column(Heading::number("better in"), |row| {
            pair(row).map_or_else(Text::new, |pair| pair.often())
        })
    })
    .if_so(several, |rows| {
        rows.column(Heading::words("best for it").goes(1), |row| match row {
            StateRow::State(i) => text![facts.arm(facts.best_for(Some(*i)))],
            StateRow::Others(_) => Text::new(),
            StateRow::All => text![facts.arm(facts.best_for(None))],
        })
    })
    .table(
        "states",
        say!(
            "What {} brings each state against {}, US$ bn",
            facts.arm(arm),
            facts.arm(reference)
        ),
    )
}

fn name(facts: &Facts<'_>, row: &StateRow) -> String {
    match row {
        StateRow::State(i) => facts.state(*i).name.clone(),
        StateRow::Others(states) => format!("{} other states", states.len()),
        StateRow::All => "all states".to_owned(),
    }
}

/// A number that may be missing.
fn shown(quote: Option<Quote>, written: fn(&Quote) -> Span) -> Text {
    quote.map_or_else(Text::new, |quote| text![written(&quote)])
}

/// A share in percent with its sign; a small one has none.
fn signed(share: f64) -> String {
    match percent(share.abs()) {
        small if share.abs() < 0.005 => small,
        large if share > 0.0 => format!("+{large}"),
        large => format!("-{large}"),
    }
}

/// What to ask next.
fn next(typed: &str) -> Text {
    let name = word(typed);
    say!(
        "Next: {} for what to do, with whom, and what to ask for; {} for every table.",
        code(format!("mufakat advise {name}")),
        code(format!("mufakat run {name} --all"))
    )
}
