//! Section 1: who gains and who loses, every state in every arm.

use super::facts::Facts;
use crate::engine::outcome::TotalMetric;
use crate::report::chart::{Forest, ForestRow, Head};
use crate::report::document::written;
use crate::report::document::{
    Block, Cell, Figure, Files, Heading, Section, Table, Text, note, paragraph, plain, text,
};
use crate::report::numbers::Pair;
use crate::report::numbers::mark;

/// The section.
pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = vec![Block::Table { table: arms(facts) }];
    if !facts.is_single() {
        blocks.push(note(plain(RULE)));
    }
    match facts.headline() {
        None => blocks.push(Block::Table {
            table: levels(facts),
        }),
        Some(headline) => {
            blocks.extend(of_arm(facts, headline, files));
            for arm in facts.others().into_iter().filter(|&arm| arm != headline) {
                blocks.push(Block::Details {
                    summary: format!(
                        "States in {} against {}",
                        facts.name(arm),
                        facts.name(facts.reference)
                    ),
                    blocks: of_arm(facts, arm, files),
                });
            }
        }
    }
    Section {
        id: "winners".to_owned(),
        title: "Winners and losers".to_owned(),
        blocks,
    }
}

const RULE: &str = "Differences are paired: the same world, negotiated in two ways. The range holds 90% of worlds. \u{201c}Gains\u{201d} is said \
where that range, as it is written, lies above zero; \u{201c}gains on average\u{201d} where it does not, but the average is more than two standard errors above zero; \
\u{201c}no clear difference\u{201d} where it is not; and likewise for losses. Fewer than 100 worlds are too few to tell.";

/// All arms: what states and hyperscalers get together.
fn arms(facts: &Facts<'_>) -> Table {
    let mut header = vec![
        Heading::words("arm"),
        Heading::number("payoff of all states"),
    ];
    if facts.others().is_empty() {
        header.push(Heading::number("profit of all hyperscalers"));
    } else {
        let reference = facts.name(facts.reference);
        header.extend([
            Heading::number(format!("difference to {reference}")),
            Heading::number("90% of worlds"),
            Heading::number("better in"),
            Heading::words("the states together"),
            Heading::number("profit of all hyperscalers"),
        ]);
    }
    let rows = facts.shown().into_iter().map(|arm| {
        let mut row = vec![
            Cell::plain(text![facts.arm(arm)]),
            Cell::plain(text![facts.total(arm, TotalMetric::Payoff).level()]),
        ];
        if arm != facts.reference {
            let pair = facts.total_pair(arm, facts.reference, TotalMetric::Payoff);
            row.extend(cells(&pair));
        } else if !facts.others().is_empty() {
            row.extend((0..3).map(|_| Cell::default()));
            row.push(Cell::of(plain("the reference"), "words"));
        }
        row.push(Cell::plain(text![
            facts.total(arm, TotalMetric::Profit).level()
        ]));
        row
    });
    Table {
        id: "arms".to_owned(),
        caption: plain(format!("All arms, {}", facts.unit())),
        header,
        rows: rows.collect(),
        ..Table::default()
    }
}

/// Difference, range, frequency and verdict.
pub(crate) fn cells(pair: &Pair) -> Vec<Cell> {
    let verdict = pair.verdict();
    vec![
        Cell::of(text![pair.difference().difference()], verdict.class()),
        Cell::plain(pair.difference().range(" to ")),
        Cell::plain(text![pair.better()]),
        Cell::of(plain(verdict.words()), "words"),
    ]
}

/// States where there is but one arm.
fn levels(facts: &Facts<'_>) -> Table {
    let rows = (0..facts.model.states.len()).map(|i| {
        let quote = facts.of_state(facts.reference, i, "payoff");
        let name = plain(facts.state(i).name.clone());
        [name, text![quote.mean()], quote.range(" to ")]
            .map(Cell::plain)
            .to_vec()
    });
    Table {
        id: "states".to_owned(),
        caption: plain(format!("Payoff of each state, {}", facts.unit())),
        header: Heading::all(&["state", "payoff", "90% of worlds"]),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// States in an arm against the reference, sorted: a table and a figure.
fn of_arm(facts: &Facts<'_>, arm: usize, files: &mut Files) -> Vec<Block> {
    let (name, reference) = (facts.name(arm), facts.name(facts.reference));
    let ranked = facts.ranked(arm, facts.reference);
    let rows = ranked.iter().map(|(i, pair)| {
        let payoff = facts.of_state(facts.reference, *i, "payoff").mean();
        let mut row = vec![
            Cell::plain(plain(facts.state(*i).name.clone())),
            Cell::plain(text![payoff]),
        ];
        row.extend(cells(pair));
        row
    });
    let mut header = vec![
        Heading::words("state"),
        Heading::number(format!("payoff as {reference}")),
    ];
    header.extend([
        Heading::number(format!("difference as {name}")),
        Heading::number("90% of worlds"),
        Heading::number("better in"),
        Heading::words("the state"),
    ]);
    let table = Table {
        id: format!("states-{name}"),
        caption: plain(format!(
            "States in {name} against {reference}, sorted by difference; {}",
            facts.unit()
        )),
        header,
        rows: rows.collect(),
        ..Table::default()
    };
    vec![
        Block::Table { table },
        forest(facts, arm, &ranked, files),
        paragraph(summary(facts, arm, &ranked)),
    ]
}

/// The differences with their ranges, zero marked.
fn forest(facts: &Facts<'_>, arm: usize, ranked: &[(usize, Pair)], files: &mut Files) -> Block {
    let (name, reference) = (facts.name(arm), facts.name(facts.reference));
    let rows = ranked.iter().map(|(i, pair)| {
        let stat = pair.paired.difference;
        let point = stat.map(|stat| mark(&stat));
        ForestRow {
            label: facts.state(*i).name.clone(),
            points: vec![point],
            note: if facts.is_single() {
                String::new()
            } else {
                written(&[pair.better()])
            },
        }
    });
    let rows: Vec<ForestRow> = rows.collect();
    let said = ranked.iter().map(|(i, pair)| {
        let difference = written(&[pair.difference().difference()]);
        format!(
            "{} {difference}, better in {}",
            facts.state(*i).name,
            written(&[pair.better()])
        )
    });
    let alternative = format!(
        "One row per state: a dot at the average difference of {name} to {reference}, a thick line over the middle half of worlds, a thin line \
         over 90% of them, a vertical line at zero. {}.",
        said.collect::<Vec<_>>().join("; ")
    );
    let chart = Forest {
        head: Head {
            id: format!("difference-{name}"),
            title: format!(
                "What {name} brings each state against {reference}: average, middle half and 90% of worlds; at the right, worlds in which the \
                 state is better off"
            ),
            alternative,
            x: format!(
                "difference of payoff, {} (present value)",
                facts.short_unit()
            ),
            y: String::new(),
        },
        series: vec![name.to_owned()],
        rows,
        from_zero: true,
    };
    Figure::alone(chart.chart(), files)
}

/// Who gains, who loses, who neither, in one paragraph.
pub(super) fn summary(facts: &Facts<'_>, arm: usize, ranked: &[(usize, Pair)]) -> Text {
    use crate::report::verdict::{Verdict, and};
    let mut parts = text!["As ", facts.arm(arm)];
    let groups: [(&str, &[Verdict]); 6] = [
        ("better off in at least 95 of 100 worlds", &[Verdict::Gains]),
        (
            "better off on average, not in every world",
            &[Verdict::GainsOnAverage],
        ),
        ("better off", &[Verdict::More]),
        (
            "no clear difference, or none",
            &[Verdict::Unclear, Verdict::Same, Verdict::Unknown],
        ),
        ("too few worlds to tell", &[Verdict::TooFew]),
        (
            "worse off",
            &[Verdict::Less, Verdict::LosesOnAverage, Verdict::Loses],
        ),
    ];
    let mut between = ": ";
    for (words, verdicts) in groups {
        let of_group = ranked
            .iter()
            .filter(|(_, pair)| verdicts.contains(&pair.verdict()));
        let names: Vec<String> = of_group
            .map(|(i, _)| facts.state(*i).name.clone())
            .collect();
        if !names.is_empty() {
            let names = match names.len() == ranked.len() && names.len() > 2 {
                true => format!("all {} states", names.len()),
                false => and(&names),
            };
            parts.extend(text![format!("{between}{words}: {names}")]);
            between = "; ";
        }
    }
    parts.extend(text!["."]);
    parts
}
