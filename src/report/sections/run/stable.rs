//! Section 9: which coalitions hold, from a finished study of stability.

use super::facts::{Facts, StudyResults};
use crate::report::chart::{Head, Heat, HeatCell};
use crate::report::document::{
    Block, Cell, Figure, Files, Heading, Section, Table, Text, code, minus, note, paragraph, plain,
    text,
};
use crate::report::verdict::of_hundred;
use crate::study::results::stability::{BindingStatus, CoalitionResult, StabilityResults};
use crate::theory::spelling::units::{count, number, percent, range, signed};
use crate::theory::stats::summary::Stat;

/// Coalitions of the figure, at most.
const MOST: usize = 10;

/// The section.
pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let studies = facts.studies.iter().filter_map(|study| match study {
        StudyResults::Stability(results) => Some(&**results),
        _ => None,
    });
    let mut blocks: Vec<Block> = Vec::new();
    for (at, results) in studies.enumerate() {
        blocks.extend(of_study(facts, results, at + 1, files));
    }
    if blocks.is_empty() {
        blocks.push(paragraph(text![
            "Nothing was given. A finished directory of ",
            code("mufakat stability"),
            " of this scenario appears here with ",
            code("mufakat report RUN --with DIR"),
            "."
        ]));
    }
    Section::new("stability", "Which coalitions hold", blocks)
}

fn of_study(
    facts: &Facts<'_>,
    results: &StabilityResults,
    at: usize,
    files: &mut Files,
) -> Vec<Block> {
    let grand = results.grand();
    let opening = text![
        format!(
            "All {} invited states together hold as ",
            results.states.len()
        ),
        code(results.arm.clone()),
        format!(
            " in {} worlds ({} worlds, window {}).",
            of_hundred(grand.internal, results.worlds),
            count(results.worlds),
            results.window
        )
    ];
    vec![
        paragraph(opening),
        paragraph(binding(results)),
        Block::Table {
            table: states(facts, results, at),
        },
        map(results, at, files),
        note(plain(
            "A coalition holds inside where no member gains by leaving, in spite of the penalty, and outside where nobody gains by joining; it is stable where both. Payoffs of \
             the window are undiscounted.",
        )),
    ]
}

/// What enforcement it takes, in one sentence.
pub(super) fn binding(results: &StabilityResults) -> Text {
    let binding = &results.binding;
    match (binding.status, binding.value) {
        (BindingStatus::Never, _) | (_, None) => text![format!(
            "No binding makes all stay in half of the worlds: fully binding, they do in {}.",
            of_hundred(binding.at_full, results.worlds)
        )],
        (BindingStatus::Always, _) => text![format!(
            "Without any binding all stay in {} worlds.",
            of_hundred(binding.at_none, results.worlds)
        )],
        (_, Some(value)) => {
            let interval = match (binding.low, binding.high) {
                (Some(low), Some(high)) => format!(" (90% interval {})", range(low, high, None)),
                _ => String::new(),
            };
            text![format!(
                "All stay in half of the worlds from a binding of {} on{interval}.",
                number(value, None)
            )]
        }
    }
}

/// The standard error, but nothing finer than a million dollars.
fn finest(stat: &Stat) -> Option<f64> {
    Some(stat.se.unwrap_or(0.0).max(0.001))
}

fn states(facts: &Facts<'_>, results: &StabilityResults, at: usize) -> Table {
    let money = |stat: &Stat| plain(minus(&signed(stat.mean, finest(stat))));
    let rows = results.states.iter().map(|(id, state)| {
        let name = facts.model.states.iter().find(|one| one.id == *id);
        let share = |share: Option<f64>| plain(share.map_or("\u{b7}".to_owned(), percent));
        vec![
            Cell::plain(plain(name.map_or(id.clone(), |one| one.name.clone()))),
            Cell::plain(share(state.shapley)),
            Cell::plain(share(state.pivotal)),
            Cell::plain(plain(of_hundred(state.leaves, results.worlds))),
            Cell::plain(plain(number(state.needs.p95, finest(&state.needs)))),
            Cell::plain(money(&state.free_ride)),
        ]
    });
    let columns = [
        "state",
        "share of the gain",
        "its vote decides",
        "would leave in",
        "stays in 95% of worlds for",
        "gains outside",
    ];
    Table {
        id: format!("stability-states-{at}"),
        caption: plain(format!(
            "Who is needed, who would go and what keeps it, as {}; {}",
            results.arm,
            facts.short_unit()
        )),
        header: Heading::all(&columns),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// The coalitions most often stable, and that of all: how often they hold in which sense.
fn map(results: &StabilityResults, at: usize, files: &mut Files) -> Block {
    let mut shown: Vec<&CoalitionResult> = vec![results.grand()];
    let best = results.most_stable.iter().filter_map(|members| {
        results
            .coalitions
            .iter()
            .find(|one| one.members == *members)
    });
    shown.extend(
        best.filter(|one| one.members.len() < results.states.len())
            .take(MOST - 1),
    );
    let senses = ["stable", "inside", "outside", "core"];
    let cells = shown.iter().map(|one| {
        let shares = [one.stable, one.internal, one.external_open, one.core];
        let cells = shares.map(|value| {
            Some(HeatCell {
                value,
                text: percent(value),
                open: false,
                own: false,
            })
        });
        cells.to_vec()
    });
    let name = |one: &CoalitionResult| match one.members.len() == results.states.len() {
        true => format!("all {}", one.members.len()),
        false => one.members.join(" "),
    };
    let said = shown
        .iter()
        .map(|one| format!("{}: stable in {}", name(one), percent(one.stable)));
    let chart = Heat {
        head: Head {
            id: format!("stability-{at}"),
            title: format!(
                "Coalitions most often stable as {}: share of worlds in which each holds",
                results.arm
            ),
            alternative: format!(
                "A row per coalition, a column per sense of holding. {}.",
                said.collect::<Vec<_>>().join("; ")
            ),
            x: "sense in which it holds (share of worlds)".to_owned(),
            y: "members".to_owned(),
        },
        columns: senses.map(str::to_owned).to_vec(),
        rows: shown.iter().map(|one| name(one)).collect(),
        cells: cells.collect(),
        most: 1.0,
    };
    Figure::alone(chart.chart(), files)
}
