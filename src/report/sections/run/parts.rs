//! Section 7: what the common rules are worth, and what the joint table adds.

use super::facts::Facts;
use crate::engine::outcome::TotalMetric;
use crate::report::chart::{Head, Stack, StackRow};
use crate::report::document::{
    Block, Cell, Figure, Files, Heading, Section, Table, Text, note, paragraph, plain, text,
};
use crate::report::numbers::Pair;

/// The section.
pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let blocks = match facts
        .headline()
        .and_then(|bloc| Some((facts.framework(bloc)?, bloc)))
    {
        None => vec![paragraph(text![
            "The value of an accord is split here into that of its rules and that of the joint table where the reference is bilateral and a framework and a bloc \
             have the same rules. This scenario has no such arms."
        ])],
        Some((framework, bloc)) => vec![
            paragraph(sentence(facts, framework, bloc)),
            figure(facts, framework, bloc, files),
            Block::Table {
                table: table(facts, framework, bloc),
            },
            note(plain(
                "A common rule can be worth much while the joint table adds nothing, or takes away: one table loses where states are complements as hosts, and where \
                 talks take time.",
            )),
        ],
    };
    Section {
        id: "parts".to_owned(),
        title: "What the rules are worth, what the joint table adds".to_owned(),
        blocks,
    }
}

/// Both parts for all states together.
pub(super) fn sentence(facts: &Facts<'_>, framework: usize, bloc: usize) -> Text {
    let rules = facts.total_pair(framework, facts.reference, TotalMetric::Payoff);
    let table = facts.total_pair(bloc, framework, TotalMetric::Payoff);
    let said = |pair: &Pair| match pair.verdict().sign() {
        0 => format!(" ({})", pair.verdict().words()),
        _ => String::new(),
    };
    text![
        "Of the difference, the common rules account for ",
        rules.difference().difference(),
        said(&rules),
        " (",
        facts.arm(framework),
        " against ",
        facts.arm(facts.reference),
        "), the joint table for ",
        table.difference().difference(),
        said(&table),
        " (",
        facts.arm(bloc),
        " against ",
        facts.arm(framework),
        "), in US$ bn on average."
    ]
}

fn figure(facts: &Facts<'_>, framework: usize, bloc: usize, files: &mut Files) -> Block {
    let reference = facts.reference;
    let value =
        |arm: usize, base: usize, i: usize| facts.state_pair(arm, base, i, "payoff").value();
    let ranked = facts.ranked(bloc, reference);
    let rows = ranked.iter().map(|(i, pair)| {
        let stat = pair.paired.difference;
        StackRow {
            label: facts.state(*i).name.clone(),
            steps: vec![value(framework, reference, *i), value(bloc, framework, *i)],
            ends: stat.map_or((f64::NAN, f64::NAN), |stat| (stat.p05, stat.p95)),
        }
    });
    let rows: Vec<StackRow> = rows.collect();
    let said = rows.iter().map(|row| {
        format!(
            "{}: rules {:+.2}, joint table {:+.2}",
            row.label, row.steps[0], row.steps[1]
        )
    });
    let chart = Stack {
        head: Head {
            id: "parts-states".to_owned(),
            title: "From bilateral talks over common rules to the joint table, mean by state; the line holds 90% of worlds of both together".to_owned(),
            alternative: format!(
                "A waterfall per state: a bar for the common rules, a bar for the joint table, a mark at their sum. {}.",
                said.collect::<Vec<_>>().join("; ")
            ),
            x: format!("difference of payoff, {} (present value)", facts.short_unit()),
            y: String::new(),
        },
        steps: ["common rules", "joint table", "both"].map(str::to_owned).to_vec(),
        rows,
    };
    Figure::alone(chart.chart(), files)
}

fn table(facts: &Facts<'_>, framework: usize, bloc: usize) -> Table {
    let part = |pair: Pair| {
        let verdict = pair.verdict();
        [
            Cell::of(text![pair.difference().difference()], verdict.class()),
            Cell::plain(pair.difference().range(" to ")),
        ]
    };
    let ranked = facts.ranked(bloc, facts.reference);
    let rows = ranked.iter().map(|(i, _)| {
        let pairs = [
            (framework, facts.reference),
            (bloc, framework),
            (bloc, facts.reference),
        ];
        let cells = pairs.map(|(arm, base)| part(facts.state_pair(arm, base, *i, "payoff")));
        let name = Cell::plain(plain(facts.state(*i).name.clone()));
        [name]
            .into_iter()
            .chain(cells.into_iter().flatten())
            .collect()
    });
    let columns = [
        "state",
        "common rules",
        "90% of worlds",
        "joint table",
        "90% of worlds",
        "both",
        "90% of worlds",
    ];
    Table {
        id: "parts-table".to_owned(),
        caption: plain(format!(
            "What rules and joint table bring each state, {}",
            facts.unit()
        )),
        header: Heading::all(&columns),
        rows: rows.collect(),
        ..Table::default()
    }
}
