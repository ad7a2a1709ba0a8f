//! A run on the first screen of a terminal: the answer, what it brings each state, what to ask next, and the answer again. Every table:
//! [`text`](super::text::text).

use super::answer::{in_short, made, question, told};
use super::facts::Facts;
use super::winners::sampled_shares;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Block, Cell, Document, Heading, Rows, Table, Text, code, note, text,
};
use crate::report::numbers::{Pair, Quote, ratio};
use crate::report::sections::columns::difference;
use crate::report::sentence::say;
use crate::theory::spelling::shell::word;
use crate::theory::spelling::units::percent;

/// More states than this are counted, not listed.
const MOST_STATES: usize = 11;

/// The first screen of a run of the scenario that was typed as `typed`.
pub fn screen(facts: &Facts<'_>, typed: &str) -> Document {
    let mut footer = vec![made(facts), next(typed)];
    footer.extend(in_short(facts, facts.view()));
    Document {
        title: facts.results.manifest.scenario.clone(),
        question: question(facts).unwrap_or_default(),
        lead: told(facts),
        opening: states(facts)
            .into_iter()
            .chain(sampled_shares(facts))
            .collect(),
        footer,
        ..Document::default()
    }
}

/// What the headline brings the largest states and all together, and which option is best for each.
fn states(facts: &Facts<'_>) -> Vec<Block> {
    let by_size = facts.states_by(|i| facts.of_state(facts.reference, i, "payoff").value());
    let left_out = by_size.len().saturating_sub(MOST_STATES);
    let shown = by_size.into_iter().take(MOST_STATES).map(Some);
    let mut blocks: Vec<Block> = vec![table(facts, shown.chain([None])).into()];
    if left_out > 0 {
        blocks.push(note(say!(
            "{} smaller states are left out here.",
            left_out.to_string()
        )));
    }
    blocks
}

fn table(facts: &Facts<'_>, states: impl Iterator<Item = Option<usize>>) -> Table {
    let reference = facts.reference;
    let payoff = |row: &Option<usize>| -> Quote {
        match *row {
            Some(i) => facts.of_state(reference, i, "payoff"),
            None => facts.total(reference, TotalMetric::Payoff),
        }
    };
    let name = |row: &Option<usize>| row.map_or("all states", |i| facts.state(i).name.as_str());
    let rows = Rows::of(states)
        .column(Heading::words("state"), name)
        .column(
            Heading::number(format!("as {}", facts.name(reference))),
            |row| payoff(row).mean(),
        );
    let Some(arm) = facts.headline() else {
        let caption = format!("Payoff of each state, {}", facts.unit());
        return rows.table("states", caption);
    };
    let pair = |row: &Option<usize>| -> Pair {
        match *row {
            Some(i) => facts.state_pair(arm, reference, i, "payoff"),
            None => facts.total_pair(arm, reference, TotalMetric::Payoff),
        }
    };
    let share = |row: &Option<usize>| {
        let share = |share: f64| match share > 0.0 {
            true => format!("+{}", percent(share)),
            false => percent(share),
        };
        text![ratio(&pair(row).difference(), &payoff(row), share)]
    };
    let several = facts.ranked_options(facts.view()).len() > 2;
    let best = |row: &Option<usize>| facts.best_for(*row);
    rows.column(
        Heading::number(format!("more as {}", facts.name(arm))),
        |row| difference(&pair(row)),
    )
    .column(Heading::number("of it"), share)
    .if_so(!facts.is_single(), |rows| {
        rows.column(Heading::number("better in"), |row| {
            Cell::plain(pair(row).often())
        })
    })
    .if_so(several, |rows| {
        rows.column(Heading::words("best for it").goes(1), |row| {
            text![facts.arm(best(row))]
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

/// What to ask next.
fn next(typed: &str) -> Text {
    let name = word(typed);
    say!(
        "Next: {} for what to do, with whom, and what to ask for; {} for every table.",
        code(format!("mufakat advise {name}")),
        code(format!("mufakat run {name} --all"))
    )
}
