//! What deals win as a share of what the states spend, beside what joint buyers have won elsewhere.

use super::facts::Facts;
use super::rules::framework_of;
use crate::engine::model::arm::{Mode, members};
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Block, Cell, Heading, Rows, Table, Text, code, minus, note, paragraph, text, words,
};
use crate::report::evidence::of_joint_buyers;
use crate::report::numbers::{Pair, traced};
use crate::report::sentence::say;

/// A row of the comparison: an arm of this run, or a finding elsewhere.
struct Won {
    what: Text,
    effect: Text,
    range: Text,
    grade: String,
    source: Text,
}

/// A share as a percentage with one digit behind the point.
fn tenths(share: f64) -> String {
    let text = format!("{:.1}%", 100.0 * share);
    if text == "-0.0%" {
        "0.0%".to_owned()
    } else {
        text
    }
}

/// What deals win in the arm of the headline, and without it; none where nothing is spent.
pub(super) fn sentence(facts: &Facts<'_>) -> Option<Text> {
    let share = |arm: usize| {
        let quote = facts.total(arm, TotalMetric::BillShare);
        let value = quote.stat?.mean;
        Some(traced(&tenths(value), value, &quote.at("mean")))
    };
    let alone = share(facts.reference)?;
    let Some(arm) = facts.headline() else {
        return Some(say!(
            "Deals win {} of the states' bill, what they spend on AI.",
            alone
        ));
    };
    Some(say!(
        "Deals win {} of the states' bill, what they spend on AI, as {} ({} as {}).",
        share(arm)?,
        facts.arm(arm),
        alone,
        facts.arm(facts.reference)
    ))
}

/// The arms in which all whom the accord is for sit at one table in every window and world.
fn full_blocs(facts: &Facts<'_>) -> Vec<usize> {
    let arms = facts.of_mode(Mode::Bloc).into_iter();
    let full = |&arm: &usize| facts.model.arms[arm].seats_all() && is_full(facts, arm);
    arms.filter(|&arm| arm != facts.reference)
        .filter(full)
        .collect()
}

/// Whether all whom an accord is for are in it in every window and world.
fn is_full(facts: &Facts<'_>, arm: usize) -> bool {
    let member = &facts.result(arm).accord.member;
    let mut invited = members(facts.model.arms[arm].members);
    invited.all(|i| member.get(&facts.state(i).id) == Some(&1.0))
}

pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let Some(sentence) = sentence(facts) else {
        return Vec::new();
    };
    let mut blocks = vec![paragraph(sentence)];
    let full = full_blocs(facts);
    if facts.of_mode(Mode::Bloc).is_empty() {
        return blocks;
    }
    if full.is_empty() {
        blocks.push(note(say!(
            "No bloc of this run has all of its states in it in every window and world, as an arm with rule `mandate` has: what joint buyers have won elsewhere is the \
             measure of a full bloc alone, and is not set beside these."
        )));
        return blocks;
    }
    blocks.push(beside(facts, &full).into());
    blocks.push(note(
        "The effect of a full bloc is what its deals, terms and cash, win of the bill beyond those of the reference, as a fall of the price; a bill is market · share of the \
         supplier · years, and the range holds 90% of worlds. Elsewhere the range is what the source or its reader allows. Grades: A primary, B secondary, C derived or a \
         judgement.",
    ));
    blocks
}

/// Full blocs, each with the part that its joint table has in it where another arm has the same rules without one; then findings elsewhere.
fn beside(facts: &Facts<'_>, full: &[usize]) -> Table {
    let own = full.iter().flat_map(|&arm| {
        let seats = members(facts.model.arms[arm].members).count();
        let of = facts.model.states.len();
        let whole = say!(
            "{} less {}, {} of {} states",
            facts.arm(arm),
            facts.arm(facts.reference),
            seats.to_string(),
            of.to_string()
        );
        let others = facts.shown().into_iter();
        let others: Vec<usize> = others.filter(|&other| is_full(facts, other)).collect();
        let rules = framework_of(facts.model, facts.reference, arm, &others);
        let table = rules.map(|rules| {
            let what = say!("of that by the joint table, less {}", facts.arm(rules));
            of_run(facts, what, (arm, rules))
        });
        [of_run(facts, whole, (arm, facts.reference))]
            .into_iter()
            .chain(table)
    });
    let elsewhere = of_joint_buyers().into_iter().map(|row| Won {
        what: text![format!("{}: ", row.what), code(row.id)],
        effect: text![minus(&format!("{}%", row.value))],
        range: text![minus(&format!("{}% to {}%", row.low, row.high))],
        grade: row.grade,
        source: {
            let known = row.source.into_iter();
            let known = known.filter(|part| !part.is_empty() && part != "n/a");
            let known: Vec<String> = known.collect();
            text![format!("{}; {}", known.join(", "), row.note)]
        },
    });
    let table = Rows::of(own.chain(elsewhere))
        .column(Heading::words("who"), |won| won.what.clone())
        .column(Heading::number("effect on the price"), |won| {
            won.effect.clone()
        })
        .column(Heading::number("range").goes(2), |won| won.range.clone())
        .column(Heading::number("grade"), |won| won.grade.clone())
        .column(Heading::words("source").goes(1), |won| {
            Cell::words(won.source.clone())
        });
    table.table(
        "bill",
        "What a full bloc wins of the bill, beside what joint buyers have won elsewhere",
    )
}

/// What deals win of the bill in one arm less in another.
fn of_run(facts: &Facts<'_>, what: Text, (arm, base): (usize, usize)) -> Won {
    let pair = facts.total_pair(base, arm, TotalMetric::BillShare);
    Won {
        what,
        effect: effect(&pair),
        range: ends(&pair),
        grade: String::new(),
        source: text!["this run"],
    }
}

/// The mean fall of the price.
fn effect(pair: &Pair) -> Text {
    let quote = pair.difference();
    let value = quote.value();
    match value.is_finite() {
        true => text![traced(&tenths(value), value, &quote.at("mean"))],
        false => text![words(crate::report::amounts::NONE)],
    }
}

/// That of 90% of worlds; nothing of one world.
fn ends(pair: &Pair) -> Text {
    let quote = pair.difference();
    let Some(stat) = quote.stat.filter(|stat| stat.se.is_some()) else {
        return Text::new();
    };
    let end = |value: f64, name: &str| traced(&tenths(value), value, &quote.at(name));
    say!("{} to {}", end(stat.p05, "p05"), end(stat.p95, "p95"))
}
