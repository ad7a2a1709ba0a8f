//! Section 6: where investment goes, and how unequal payoffs are.

use super::facts::Facts;
use super::winners::cells;
use crate::engine::model::words::{TotalMetric, Vocabulary};
use crate::report::chart::{Forest, ForestRow, Head, Line, LinePoint, Lines};
use crate::report::document::{
    Block, Cell, Figure, Files, Heading, Section, Table, Text, paragraph, plain, text,
};
use crate::report::numbers::mark;
use crate::report::numbers::{Quote, ratio};
use crate::theory::spelling::units::percent;

/// The section.
pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = vec![
        paragraph(largest(facts)),
        investment(facts, files),
        Block::Table {
            table: table(facts),
        },
    ];
    if let Some(headline) = facts.headline() {
        blocks.push(Block::Table {
            table: differences(facts, headline),
        });
    }
    blocks.extend(gini(facts, files));
    Section {
        id: "concentration".to_owned(),
        title: "Concentration of investment, and inequality".to_owned(),
        blocks,
    }
}

/// The state with the most investment in an arm.
fn first(facts: &Facts<'_>, arm: usize) -> usize {
    let value = |i: usize| facts.of_state(arm, i, "investment").value();
    let states = 0..facts.model.states.len();
    let first = states.reduce(|one, other| {
        if value(other) > value(one) {
            other
        } else {
            one
        }
    });
    first.unwrap_or(0)
}

/// Who gets most, in one sentence.
fn largest(facts: &Facts<'_>) -> Text {
    let of_arm = |arm: usize| {
        let i = first(facts, arm);
        let (own, all) = (
            facts.of_state(arm, i, "investment"),
            facts.total(arm, TotalMetric::Investment),
        );
        let part = ratio(&own, &all, percent);
        text![
            format!("{} gets ", facts.state(i).name),
            part,
            " of all investment as ",
            facts.arm(arm)
        ]
    };
    let mut parts = of_arm(facts.reference);
    if let Some(arm) = facts.headline() {
        parts.extend(text![", and "]);
        parts.extend(of_arm(arm));
    }
    parts.extend(text![facts.of_means()]);
    parts
}

/// Investment by state in the reference and the headline.
fn investment(facts: &Facts<'_>, files: &mut Files) -> Block {
    let arms: Vec<usize> = [facts.reference]
        .into_iter()
        .chain(facts.headline())
        .collect();
    let mut states: Vec<usize> = (0..facts.model.states.len()).collect();
    let value = |arm: usize, i: usize| facts.of_state(arm, i, "investment");
    states.sort_by(|&one, &other| {
        let of = |i| value(facts.reference, i).value();
        of(other).total_cmp(&of(one))
    });
    let rows = states.iter().map(|&i| {
        let points = arms.iter().map(|&arm| {
            let stat = value(arm, i).stat?;
            Some(mark(&stat))
        });
        ForestRow {
            label: facts.state(i).name.clone(),
            points: points.collect(),
            note: String::new(),
        }
    });
    let said = states.iter().map(|&i| {
        format!(
            "{} {:.1}",
            facts.state(i).name,
            value(facts.reference, i).value()
        )
    });
    let chart = Forest {
        head: Head {
            id: "investment".to_owned(),
            title: "Investment by state over all windows: mean, middle half and 90% of worlds"
                .to_owned(),
            alternative: format!(
                "A row per state with a mark for each of the arms shown. Means as {}, {}: {}.",
                facts.name(facts.reference),
                facts.short_unit(),
                said.collect::<Vec<_>>().join("; ")
            ),
            x: format!("investment, {} (undiscounted)", facts.short_unit()),
            y: String::new(),
        },
        series: arms.iter().map(|&arm| facts.name(arm).to_owned()).collect(),
        rows: rows.collect(),
        from_zero: true,
    };
    Figure::alone(chart.chart(), files)
}

/// What tells whether gains go to few.
const METRICS: [TotalMetric; 5] = [
    TotalMetric::Investment,
    TotalMetric::LargestShare,
    TotalMetric::Herfindahl,
    TotalMetric::Gini,
    TotalMetric::Leverage,
];

fn table(facts: &Facts<'_>) -> Table {
    let rows = facts.shown().into_iter().map(|arm| {
        let total = |metric| facts.total(arm, metric);
        vec![
            Cell::plain(text![facts.arm(arm)]),
            Cell::plain(text![total(TotalMetric::Investment).level()]),
            Cell::plain(text![total(TotalMetric::LargestShare).percent()]),
            Cell::plain(text![total(TotalMetric::Herfindahl).decimals(3)]),
            Cell::plain(text![total(TotalMetric::Gini).decimals(3)]),
            Cell::plain(text![total(TotalMetric::Leverage).percent()]),
        ]
    });
    let columns = METRICS.map(|metric| metric.word().name);
    Table {
        id: "concentration-table".to_owned(),
        caption: plain(format!(
            "Investment in {} (undiscounted); concentration: sum of squared shares of investment by state, 1 if one gets all; Gini of payoff per head; \
             leverage: what states get of the joint gains of deals",
            facts.short_unit()
        )),
        header: Heading::all(&[&["arm"], &columns[..]].concat()),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// What the arm of the headline changes in each.
fn differences(facts: &Facts<'_>, arm: usize) -> Table {
    let rows = METRICS.map(|metric| {
        let name = metric.word().name;
        let pair = facts.total_pair(arm, facts.reference, metric);
        let mut row = vec![Cell::plain(plain(name))];
        row.extend(cells(&pair));
        row[1].class.clear();
        row[4] = Cell::of(plain(pair.verdict().of_level()), "words");
        row
    });
    Table {
        id: "concentration-differences".to_owned(),
        caption: plain(format!(
            "What {} changes against {}",
            facts.name(arm),
            facts.name(facts.reference)
        )),
        header: vec![
            Heading::words("measure"),
            Heading::number("difference"),
            Heading::number("90% of worlds"),
            Heading::number("higher in"),
            Heading::words("it is"),
        ],
        rows: rows.to_vec(),
        ..Table::default()
    }
}

/// Gini by window, a line per arm.
fn gini(facts: &Facts<'_>, files: &mut Files) -> Option<Block> {
    let lines = facts.shown().into_iter().map(|arm| {
        let windows = facts.result(arm).windows.iter().enumerate();
        let points = windows.filter_map(|(window, result)| {
            let path = format!("arms.{}.windows.{window}.gini", facts.name(arm));
            let stat = Quote::new(result.gini, path).stat?;
            Some(LinePoint {
                x: facts.year(window),
                y: stat.mean,
                ends: (f64::NAN, f64::NAN),
            })
        });
        Line {
            name: facts.name(arm).to_owned(),
            points: points.collect(),
        }
    });
    let lines: Vec<Line> = lines.filter(|line| line.points.len() > 1).collect();
    if lines.is_empty() {
        return None;
    }
    let said = lines.iter().map(|line| {
        format!(
            "{}: {:.2} at first, {:.2} at last",
            line.name,
            line.points[0].y,
            line.points[line.points.len() - 1].y
        )
    });
    let chart = Lines {
        head: Head {
            id: "gini".to_owned(),
            title: "Gini of payoff per head by window, mean over worlds".to_owned(),
            alternative: format!("A line per arm. {}.", said.collect::<Vec<_>>().join("; ")),
            x: "first year of the window".to_owned(),
            y: "Gini, 0 to 1".to_owned(),
        },
        lines,
        level: None,
        from_zero: true,
    };
    Some(Figure::alone(chart.chart(), files))
}
