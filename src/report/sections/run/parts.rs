//! Section 7: what the common rules are worth, and what the joint table adds.

use super::facts::Facts;
use super::rules::{also_differs, same_rules};
use crate::engine::model::arm::Mode;
use crate::engine::outcome::TotalMetric;
use crate::report::chart::{Head, Stack, StackRow};
use crate::report::document::{
    Block, Figure, Files, Heading, Rows, Section, Table, Text, note, paragraph,
};
use crate::report::numbers::Pair;
use crate::report::sections::columns::{difference, paired, range};
use crate::report::sentence::say;
use crate::report::verdict::Verdict;

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let arms = facts
        .headline()
        .and_then(|bloc| Some((facts.framework(bloc)?, bloc)));
    let mut blocks = match arms {
        None => vec![paragraph(
            "The value of an accord is split here into that of its rules and that of the joint table where the reference is bilateral and a framework and a bloc \
             have the same rules. This scenario has no such arms.",
        )],
        Some((framework, bloc)) => vec![
            paragraph(sentence(facts, framework, bloc)),
            figure(facts, framework, bloc, files),
            by_state(facts, framework, bloc).into(),
            note(
                "A common rule can be worth much while the joint table adds nothing, or takes away: one table loses where states are complements as hosts, and where \
                 talks take time.",
            ),
        ],
    };
    blocks.extend(split(facts).map(Block::from));
    Section::new(
        "parts",
        "What the rules are worth, what the joint table adds",
        blocks,
    )
}

/// Both parts for all states together.
pub(super) fn sentence(facts: &Facts<'_>, framework: usize, bloc: usize) -> Text {
    let part = |arm: usize, base: usize| {
        let pair = facts.total_pair(arm, base, TotalMetric::Payoff);
        let said = match pair.verdict() {
            open @ (Verdict::Unclear | Verdict::Same | Verdict::Unknown) => {
                format!(": {}", open.words())
            }
            _ => String::new(),
        };
        say!(
            "{} ({} against {}{})",
            pair.difference().difference(),
            facts.arm(arm),
            facts.arm(base),
            said
        )
    };
    say!(
        "Of the difference, the common rules account for {}, the joint table for {}, in US$ bn{}.",
        part(framework, facts.reference),
        part(bloc, framework),
        if facts.is_single() { "" } else { " on average" }
    )
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

fn by_state(facts: &Facts<'_>, framework: usize, bloc: usize) -> Table {
    let parts = [
        ("common rules", framework, facts.reference),
        ("joint table", bloc, framework),
        ("both", bloc, facts.reference),
    ];
    let ranked = facts.ranked(bloc, facts.reference);
    Rows::of(ranked.into_iter().map(|(i, _)| i))
        .column(Heading::number("state"), |&i| facts.state(i).name.as_str())
        .each(parts, |rows, (name, arm, base)| {
            let pair = |&i: &usize| -> Pair { facts.state_pair(arm, base, i, "payoff") };
            rows.column(Heading::number(name), |i| difference(&pair(i)))
                .column(Heading::number("90% of worlds"), |i| {
                    range(&pair(i).difference())
                })
        })
        .table(
            "parts-table",
            format!(
                "What rules and joint table bring each state, {}",
                facts.unit()
            ),
        )
}

/// Every framework against bilateral talks, and every bloc against the framework with its rules; none where there are no such arms.
pub(super) fn split(facts: &Facts<'_>) -> Option<Table> {
    let bilateral = facts.of_mode(Mode::Bilateral).into_iter().next()?;
    let mut rows: Vec<(&str, usize, usize, String)> = Vec::new();
    for framework in facts.of_mode(Mode::Framework) {
        let blocs = facts.of_mode(Mode::Bloc).into_iter();
        let blocs: Vec<usize> = blocs
            .filter(|&bloc| same_rules(facts.model, framework, bloc))
            .collect();
        if !blocs.is_empty() {
            rows.push(("rules", framework, bilateral, String::new()));
        }
        rows.extend(blocs.into_iter().map(|bloc| {
            let also = also_differs(facts.model, bloc, framework);
            ("joint table", bloc, framework, also)
        }));
    }
    if rows.is_empty() {
        return None;
    }
    let with = rows.iter().filter(|(_, _, _, also)| !also.is_empty());
    let with: Vec<String> = with
        .map(|(_, arm, _, also)| format!("{} {also}", facts.name(*arm)))
        .collect();
    let with = match with.as_slice() {
        [] => String::new(),
        with => format!(" ({})", with.join(", ")),
    };
    let rows = Rows::of(rows).column(Heading::words(""), |(what, arm, base, _)| {
        say!("{}: {} less {}", *what, facts.arm(*arm), facts.arm(*base))
    });
    let rows = paired(
        rows,
        ["difference", "above zero in", "it is"],
        Verdict::of_level,
        |(_, arm, base, _)| Some(facts.total_pair(*arm, *base, TotalMetric::Payoff)),
    );
    Some(rows.table(
        "split",
        format!(
            "What the common rules are worth, and what the joint table adds under the same rules{with}: payoff of all states, {}",
            facts.unit()
        ),
    ))
}
