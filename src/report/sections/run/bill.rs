//! What deals win as a share of what the states spend, beside what joint buyers have won elsewhere.

use super::facts::Facts;
use crate::engine::model::arm::{Mode, members};
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Block, Cell, Heading, Rows, Table, Text, note, paragraph, text, words,
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
    let full = |&arm: &usize| {
        let played = &facts.model.arms[arm];
        let member = &facts.result(arm).accord.member;
        let is_in = |i: usize| member.get(&facts.state(i).id) == Some(&1.0);
        played.seats_all() && arm != facts.reference && members(played.members).all(is_in)
    };
    arms.filter(full).collect()
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
        blocks.push(note(
            "No bloc of this run has all of its states in it in every window and world, as a mandate would: what joint buyers have won elsewhere is the measure of a \
             full bloc alone, and is not set beside these.",
        ));
        return blocks;
    }
    blocks.push(beside(facts, &full).into());
    blocks.push(note(
        "The effect of a full bloc is what its deals win of the bill beyond those of the reference, as a fall of the price; a bill is market · share of the supplier · years. \
         Elsewhere: prices of hospitals paid by merged insurers, of vaccines bought by a fund, of cloud services bought by one government for its agencies. Grades: A primary, \
         B secondary, C derived or a judgement.",
    ));
    blocks
}

/// Full blocs, then findings elsewhere.
fn beside(facts: &Facts<'_>, full: &[usize]) -> Table {
    let of_arm = |&arm: &usize| {
        let pair = facts.total_pair(facts.reference, arm, TotalMetric::BillShare);
        let seats = members(facts.model.arms[arm].members).count();
        let of = facts.model.states.len();
        Won {
            what: say!(
                "{} less {}, {} of {} states",
                facts.arm(arm),
                facts.arm(facts.reference),
                seats.to_string(),
                of.to_string()
            ),
            effect: effect(&pair),
            range: ends(&pair),
            grade: String::new(),
            source: text!["this run"],
        }
    };
    let elsewhere = of_joint_buyers().into_iter().map(|row| Won {
        what: text![row.id.as_str()],
        effect: text![format!("{}%", row.value)],
        range: text![format!("{}% to {}%", row.low, row.high)],
        grade: row.grade,
        source: {
            let [publisher, title, address] = &row.source;
            let known = [publisher, title, address].into_iter();
            let known = known.filter(|part| !part.is_empty() && *part != "n/a");
            let known: Vec<&str> = known.map(String::as_str).collect();
            text![known.join(", ")]
        },
    });
    let table = Rows::of(full.iter().map(of_arm).chain(elsewhere))
        .column(Heading::words("who"), |won| won.what.clone())
        .column(Heading::number("effect on the price"), |won| {
            won.effect.clone()
        })
        .column(Heading::number("range").goes(2), |won| won.range.clone())
        .column(Heading::words("grade"), |won| {
            Cell::words(won.grade.as_str())
        })
        .column(Heading::words("source").goes(1), |won| {
            Cell::words(won.source.clone())
        });
    table.table(
        "bill",
        "What a full bloc wins of the bill, beside what joint buyers have won elsewhere",
    )
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
