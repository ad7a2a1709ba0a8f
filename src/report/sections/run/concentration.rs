//! Section 6: where investment goes, and how unequal payoffs are.

use super::facts::Facts;
use super::pledged;
use super::windows::by_window;
use crate::engine::model::words::{TotalMetric, Vocabulary};
use crate::report::chart::{Forest, ForestRow, Head};
use crate::report::document::{
    Block, Figure, Files, Heading, Rows, Section, Table, Text, paragraph,
};
use crate::report::numbers::{mark, ratio};
use crate::report::sections::columns::{range, verdict};
use crate::report::sentence::say;
use crate::report::verdict::Verdict;
use crate::theory::spelling::units::percent;

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = vec![
        paragraph(largest(facts)),
        investment(facts, files),
        measures(facts).into(),
    ];
    let headline = facts.headline();
    blocks.extend(headline.map(|arm| differences(facts, arm).into()));
    let about = [
        "herfindahl",
        "Concentration of investment in each window",
        "sum of squared shares",
    ];
    blocks.extend(by_window(
        facts,
        facts.shown(),
        about,
        |one| one.herfindahl,
        files,
    ));
    let about = [
        "gini",
        "Gini of payoff per head in each window",
        "Gini, 0 to 1",
    ];
    blocks.extend(by_window(
        facts,
        facts.shown(),
        about,
        |one| one.gini,
        files,
    ));
    blocks.extend(pledged::blocks(facts));
    Section::new(
        "concentration",
        "Concentration of investment, and inequality",
        blocks,
    )
}

/// Who gets most, in one sentence.
fn largest(facts: &Facts<'_>) -> Text {
    let of_arm = |arm: usize| {
        let i = facts.states_by(|i| facts.of_state(arm, i, "investment").value())[0];
        let (own, all) = (
            facts.of_state(arm, i, "investment"),
            facts.total(arm, TotalMetric::Investment),
        );
        say!(
            "{} gets {} of all investment as {}",
            facts.state(i).name.as_str(),
            ratio(&own, &all, percent),
            facts.arm(arm)
        )
    };
    let mut said = of_arm(facts.reference);
    if let Some(arm) = facts.headline() {
        said = say!("{}, and {}", said, of_arm(arm));
    }
    say!("{}{}", said, facts.of_means())
}

/// Investment by state in the reference and the headline.
fn investment(facts: &Facts<'_>, files: &mut Files) -> Block {
    let arms = facts.pair_of_arms();
    let value = |arm: usize, i: usize| facts.of_state(arm, i, "investment");
    let states = facts.states_by(|i| value(facts.reference, i).value());
    let rows = states.iter().map(|&i| {
        let points = arms
            .iter()
            .map(|&arm| value(arm, i).stat.as_ref().map(mark));
        ForestRow {
            faint: false,
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
        floor: None,
        thin: None,
    };
    Figure::alone(chart.chart(), files)
}

/// What tells whether gains go to few, with the order in which its column gives way.
const METRICS: [(TotalMetric, u8); 5] = [
    (TotalMetric::Investment, 2),
    (TotalMetric::LargestShare, 1),
    (TotalMetric::Herfindahl, 0),
    (TotalMetric::Gini, 3),
    (TotalMetric::Leverage, 0),
];

/// How much is invested, where it goes, how unequal payoffs are and how gains divide, arm by arm.
pub(super) fn measures(facts: &Facts<'_>) -> Table {
    Rows::of(facts.shown())
        .column(Heading::number("arm"), |&arm| facts.arm(arm))
        .each(METRICS, |rows, (metric, goes)| {
            rows.column(Heading::number(metric.word().name).goes(goes), |&arm| {
                let total = facts.total(arm, metric);
                match metric {
                    TotalMetric::Investment => total.level(),
                    TotalMetric::Herfindahl | TotalMetric::Gini => total.decimals(3),
                    _ => total.percent(),
                }
            })
        })
        .table(
            "concentration-table",
            format!(
                "Investment in {} (undiscounted); concentration: sum of squared shares of investment by state, 1 if one gets all; Gini of payoff per head; \
                 leverage: what states get of the joint gains of deals",
                facts.short_unit()
            ),
        )
}

/// What the arm of the headline changes in each.
fn differences(facts: &Facts<'_>, arm: usize) -> Table {
    let pair = |(metric, _): &(TotalMetric, u8)| facts.total_pair(arm, facts.reference, *metric);
    Rows::of(METRICS)
        .column(Heading::words("measure"), |(metric, _)| metric.word().name)
        .column(Heading::number("difference"), |row| {
            pair(row).difference().difference()
        })
        .column(Heading::number("90% of worlds"), |row| {
            range(&pair(row).difference())
        })
        .column(Heading::number("higher in"), |row| pair(row).often())
        .column(Heading::words("it is"), |row| {
            verdict(&pair(row), Verdict::of_level)
        })
        .table(
            "concentration-differences",
            format!(
                "What {} changes against {}",
                facts.name(arm),
                facts.name(facts.reference)
            ),
        )
}
