//! Section 7: what makes the difference of an accord: its rules, its joint table, who is in, sharing, delay, and what earlier deals left.

use super::bill;
use super::facts::Facts;
use crate::engine::model::question::View;
use crate::report::document::{Block, Figure, Files, Section, Table, Text, note, paragraph, text};
use crate::report::sections::causes::{Split, Splits};
use crate::report::sentence::say;

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks: Vec<Block> = Vec::new();
    match arms(facts) {
        None => blocks.push(paragraph(
            "Differences are split by causes where an arm has an accord. This scenario has no such arm.",
        )),
        Some(arms) => {
            blocks.extend(sentences(facts).into_iter().map(paragraph));
            blocks.extend(region(facts).map(Block::from));
            blocks.push(drawn(facts, &arms, "arms", "arm by arm", files));
            blocks.push(table(facts, &arms, true));
            blocks.extend(inside(facts).map(|inside| of_members(facts, inside, true)));
            if let Some(states) = states(facts) {
                blocks.push(drawn(facts, &states, "states", "state by state", files));
                blocks.push(by_state(facts, &states, true).into());
            }
            blocks.push(note(arms.meanings()));
        }
    }
    blocks.extend(bill::blocks(facts));
    Section::new(
        "causes",
        "What makes the difference: rules, joint table, who is in, delay",
        blocks,
    )
}

/// The arm of the headline, if what it brings has causes besides what earlier deals left.
fn told(facts: &Facts<'_>) -> Option<usize> {
    let arm = facts.headline()?;
    let row = row(facts, arm, facts.reference);
    Splits::of_arms(vec![row]).is_of_accord().then_some(arm)
}

/// All states together in one arm less another.
fn row(facts: &Facts<'_>, arm: usize, base: usize) -> Split {
    facts.split(arm, base, None, text![facts.arm(arm)])
}

/// Whoever the headline is about in one arm less another: a state, or all together.
fn row_of_view(facts: &Facts<'_>, arm: usize, base: usize) -> Split {
    let state = match facts.view() {
        View::State(i) => Some(i),
        View::Region | View::Hyperscaler(_) => None,
    };
    facts.split(arm, base, state, text![facts.arm(arm)])
}

/// What all states together get in every arm with an accord, or against one; none where there are no such arms.
fn arms(facts: &Facts<'_>) -> Option<Splits> {
    let accord = |arm: usize| facts.model.arms[arm].is_accord();
    let others = facts.others().into_iter();
    let arms = others.filter(|&arm| accord(arm) || accord(facts.reference));
    let splits = Splits::of_arms(arms.map(|arm| row(facts, arm, facts.reference)).collect());
    splits.is_of_accord().then_some(splits)
}

/// The first arm whose accord is agreed, and the others against it, where the members are a cause of their own; none where it is the reference.
fn inside(facts: &Facts<'_>) -> Option<(usize, Splits)> {
    let base = facts.model.members_reference()?;
    let arms: Vec<Split> = facts
        .others()
        .into_iter()
        .filter(|&arm| facts.model.swaps_members(arm))
        .map(|arm| row(facts, arm, base))
        .collect();
    let is_other = base != facts.reference && facts.shown().contains(&base) && !arms.is_empty();
    is_other.then(|| (base, Splits::of_arms(arms)))
}

/// What each state gets in the arm of the headline, those that gain most first.
fn states(facts: &Facts<'_>) -> Option<Splits> {
    let arm = told(facts)?;
    let ranked = facts.ranked(arm, facts.reference).into_iter();
    let rows = ranked.map(|(i, _)| {
        let name = text![facts.state(i).name.as_str()];
        facts.split(arm, facts.reference, Some(i), name)
    });
    Some(Splits::of_arms(rows.collect()))
}

/// The difference of the headline by its causes; and that to the first accord that is agreed, where who is in is one of them.
pub(super) fn sentences(facts: &Facts<'_>) -> Vec<Text> {
    let Some(arm) = told(facts) else {
        return Vec::new();
    };
    let base = facts.model.members_reference();
    let base = base.filter(|&base| base != facts.reference && facts.model.swaps_members(arm));
    let bases = [facts.reference].into_iter().chain(base);
    let said = bases.filter_map(|base| {
        let of = say!(
            " ({}{} less {})",
            whose(facts),
            facts.arm(arm),
            facts.arm(base)
        );
        Splits::of_arms(vec![row_of_view(facts, arm, base)]).sentence(&of, facts.trials())
    });
    said.collect()
}

/// What matters of the difference of the headline by its causes.
pub(super) fn briefly(facts: &Facts<'_>) -> Option<Text> {
    let arm = told(facts)?;
    let row = row_of_view(facts, arm, facts.reference);
    // More is what the answer has just told of the same two arms.
    let of = match (row.whole.value() > 0.0, facts.view()) {
        (true, View::Region | View::State(_)) => Text::new(),
        _ => say!(
            " ({}{} less {})",
            whose(facts),
            facts.arm(arm),
            facts.arm(facts.reference)
        ),
    };
    Splits::of_arms(vec![row]).briefly(&of, facts.trials())
}

/// Of whom causes are told, where it is not the region.
fn whose(facts: &Facts<'_>) -> String {
    match facts.view() {
        View::State(i) => format!("{}, ", facts.state(i).name),
        View::Hyperscaler(_) => "all states, ".to_owned(),
        View::Region => String::new(),
    }
}

/// The difference of the headline as a waterfall of rows.
pub(super) fn region(facts: &Facts<'_>) -> Option<Table> {
    let arm = told(facts)?;
    let splits = Splits::of_arms(vec![row(facts, arm, facts.reference)]);
    let caption = say!(
        "What makes the difference: payoff of all states as {} less {}, {}",
        facts.arm(arm),
        facts.arm(facts.reference),
        facts.unit()
    );
    let split = splits.rows.first()?;
    Some(splits.waterfall(split, ("causes-region", caption)))
}

/// The difference of the headline as a waterfall that is drawn, and below it that of other settings of the same arms.
pub(super) fn waterfall(facts: &Facts<'_>, before: Option<(&Facts<'_>, &str)>) -> Option<Block> {
    let arm = told(facts)?;
    let before = before.and_then(|(before, name)| {
        let row = row_of_view(before, before.headline()?, before.reference);
        Some(Split {
            label: text![name],
            ..row
        })
    });
    let own = row_of_view(facts, arm, facts.reference);
    let splits = Splits::of_arms([own].into_iter().chain(before).collect());
    let chart = splits.chart(
        ("waterfall", "What makes the difference"),
        &facts.short_unit(),
    );
    Some(Block::Figure {
        figure: Figure::bare(chart),
    })
}

fn table(facts: &Facts<'_>, arms: &Splits, ranges: bool) -> Block {
    let caption = say!(
        "What makes the difference, arm by arm: payoff of all states less that as {}, {}",
        facts.arm(facts.reference),
        facts.unit()
    );
    arms.table("arm", ("causes-arms", caption), ranges).into()
}

/// The same against the first accord that is agreed.
fn of_members(facts: &Facts<'_>, (base, arms): (usize, Splits), ranges: bool) -> Block {
    let caption = say!(
        "The same less {}, where other members are a cause of their own: rules and joint table at the members of {}, {}",
        facts.arm(base),
        facts.arm(base),
        facts.unit()
    );
    arms.table("arm", ("causes-members", caption), ranges)
        .into()
}

fn by_state(facts: &Facts<'_>, states: &Splits, ranges: bool) -> Table {
    let arm = facts.headline().unwrap_or(facts.reference);
    let caption = say!(
        "What makes the difference, state by state: payoff as {} less {}, {}",
        facts.arm(arm),
        facts.arm(facts.reference),
        facts.unit()
    );
    states.table("state", ("causes-states", caption), ranges)
}

fn drawn(facts: &Facts<'_>, splits: &Splits, id: &str, what: &str, files: &mut Files) -> Block {
    let id = format!("waterfall-{id}");
    let title = format!("What makes the difference, {what}");
    let chart = splits.chart((&id, &title), &facts.short_unit());
    Figure::alone(chart, files)
}

/// All of it for a terminal.
pub(super) fn blocks(facts: &Facts<'_>) -> Vec<Block> {
    let mut blocks: Vec<Block> = region(facts).map(Block::from).into_iter().collect();
    blocks.extend(states(facts).map(|states| by_state(facts, &states, false).into()));
    let arms = arms(facts).filter(|arms| arms.rows.len() > 1);
    blocks.extend(arms.map(|arms| table(facts, &arms, false)));
    blocks.extend(inside(facts).map(|inside| of_members(facts, inside, false)));
    blocks
}

/// For a reader who has to answer for one state: the sentences, and the causes by state.
pub(super) fn read(facts: &Facts<'_>) -> Vec<Block> {
    let sentences = sentences(facts).into_iter().map(paragraph);
    let states = states(facts).map(|states| {
        let table = by_state(facts, &states, false);
        Block::from(Table {
            id: "adviser-causes".to_owned(),
            ..table
        })
    });
    sentences.chain(states).collect()
}
