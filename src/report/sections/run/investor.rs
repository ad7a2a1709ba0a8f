//! The run as an investor reads it: where capital and profit go, what a dollar earns, who is exposed.

use super::facts::Facts;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Block, Cell, Heading, Number, Reading, Span, Table, Text, paragraph, plain, text,
};
use crate::report::numbers::{Quote, ratio, share};
use crate::theory::spelling::units::{number, percent};

/// The reading.
pub(super) fn reading(facts: &Facts<'_>) -> Reading {
    let heading = |text: &str| Block::Heading {
        text: text.to_owned(),
    };
    let mut blocks = vec![
        heading("Where profit concentrates"),
        paragraph(most(facts)),
        Block::Table {
            table: profits(facts),
        },
        heading("Where capital goes, and what a dollar earns"),
        Block::Table {
            table: returns(facts),
        },
        heading("Exposure of states that import their models"),
        paragraph(exposed(facts)),
        Block::Table {
            table: exposure(facts),
        },
    ];
    if facts.headline().is_none() {
        blocks.push(paragraph(text![
            "There is one arm only: nothing to compare."
        ]));
    }
    Reading {
        id: "investor".to_owned(),
        name: "investor".to_owned(),
        title: "For an investor".to_owned(),
        blocks,
    }
}

/// The reference and the arm of the headline.
pub(super) fn pair_of_arms(facts: &Facts<'_>) -> Vec<usize> {
    [facts.reference]
        .into_iter()
        .chain(facts.headline())
        .collect()
}

/// Hyperscalers by falling profit in the reference.
pub(super) fn ranked(facts: &Facts<'_>) -> Vec<usize> {
    let mut ranked: Vec<usize> = (0..facts.model.hyperscalers.len()).collect();
    let profit = |h: usize| facts.of_hyperscaler(facts.reference, h, "profit").value();
    ranked.sort_by(|&one, &other| profit(other).total_cmp(&profit(one)));
    ranked
}

/// Who earns most in each arm.
fn most(facts: &Facts<'_>) -> Text {
    let mut parts = Text::new();
    for (count, arm) in pair_of_arms(facts).into_iter().enumerate() {
        let profit = |h: usize| facts.of_hyperscaler(arm, h, "profit");
        let all = 0..facts.model.hyperscalers.len();
        let best = all.reduce(|one, other| {
            if profit(other).value() > profit(one).value() {
                other
            } else {
                one
            }
        });
        let Some(h) = best else { return parts };
        parts.extend(text![
            if count == 0 { "" } else { ", and " },
            format!("{} earns ", facts.model.hyperscalers[h].name),
            ratio(&profit(h), &facts.total(arm, TotalMetric::Profit), percent),
            " of all hyperscalers' profit as ",
            facts.arm(arm)
        ]);
    }
    parts.extend(text![facts.of_means()]);
    parts
}

fn profits(facts: &Facts<'_>) -> Table {
    let (reference, headline) = (facts.reference, facts.headline());
    let rows = ranked(facts).into_iter().map(|h| {
        let identity = &facts.model.hyperscalers[h];
        let loss = facts.result(reference).hyperscalers[&identity.id].loss;
        let path = format!(
            "arms.{}.hyperscalers.{}.loss",
            facts.name(reference),
            identity.id
        );
        let mut row = vec![
            Cell::plain(plain(identity.name.clone())),
            Cell::plain(text![facts.of_hyperscaler(reference, h, "capex").level()]),
            Cell::plain(text![facts.of_hyperscaler(reference, h, "profit").level()]),
            Cell::plain(text![share(loss, path)]),
        ];
        if let Some(arm) = headline {
            let pair = facts.hyperscaler_pair(arm, reference, h, "profit");
            row.push(Cell::of(
                text![pair.difference().difference()],
                pair.verdict().class(),
            ));
            row.push(Cell::plain(pair.difference().range(" to ")));
            row.push(Cell::of(plain(pair.verdict().of_level()), "words"));
        }
        row
    });
    let name = facts.name(reference);
    let mut header = Heading::all(&["hyperscaler", "capital", "profit", "makes a loss in"]);
    if let Some(arm) = headline {
        header.push(Heading::number(format!(
            "profit as {} less {name}",
            facts.name(arm)
        )));
        header.push(Heading::number("90% of worlds"));
        header.push(Heading::words("it is"));
    }
    Table {
        id: "investor-profits".to_owned(),
        caption: plain(format!(
            "Hyperscalers as {name}: capital signed ({}, undiscounted), profit ({}), share of worlds with a loss",
            facts.short_unit(),
            facts.unit()
        )),
        header,
        rows: rows.collect(),
        ..Table::default()
    }
}

/// A ratio of two means to three digits.
fn of_dollar(value: f64) -> String {
    number(value, Some(0.01))
}

fn returns(facts: &Facts<'_>) -> Table {
    let arms = pair_of_arms(facts);
    let investment = |arm: usize, i: usize| facts.of_state(arm, i, "investment");
    let mut states: Vec<usize> = (0..facts.model.states.len()).collect();
    states.sort_by(|&one, &other| {
        let of = |i| investment(facts.reference, i).value();
        of(other).total_cmp(&of(one))
    });
    let cells = |arm: usize, i: usize| {
        let gain = facts.of_state(arm, i, "supplier_gain");
        vec![
            investment(arm, i).level(),
            ratio(&gain, &investment(arm, i), of_dollar),
        ]
    };
    let columns = |name: &str| {
        vec![
            format!("capital as {name}"),
            format!("return per US$ as {name}"),
        ]
    };
    Table {
        id: "investor-returns".to_owned(),
        caption: plain(format!(
            "Capital by state ({}, undiscounted) and what hyperscalers gain by hosting there, present value per dollar of it: the mean gain over the mean capital",
            facts.short_unit()
        )),
        ..by_state(facts, &states, &arms, cells, columns)
    }
}

/// The state whose exposure weighs most against what it gets.
fn exposed(facts: &Facts<'_>) -> Text {
    let arm = facts.reference;
    let weight = |i: usize| {
        facts.of_state(arm, i, "exposure").value() / facts.of_state(arm, i, "payoff").value()
    };
    let known = (0..facts.model.states.len()).filter(|&i| weight(i).is_finite() && weight(i) > 0.0);
    let most = known.reduce(|one, other| {
        if weight(other) > weight(one) {
            other
        } else {
            one
        }
    });
    match most {
        None => text!["No state would lose anything by switching its suppliers."],
        Some(i) => text![
            format!(
                "Switching all suppliers after the last window would cost {} ",
                facts.state(i).name
            ),
            ratio(
                &facts.of_state(arm, i, "exposure"),
                &facts.of_state(arm, i, "payoff"),
                percent
            ),
            " of what it gets from all deals as ",
            facts.arm(arm),
            ", the most of all states: so much can a repricing at renewal take before it pays to leave."
        ],
    }
}

fn exposure(facts: &Facts<'_>) -> Table {
    let arms = pair_of_arms(facts);
    let cells = |arm: usize, i: usize| {
        let quote = |metric: &str| -> Quote { facts.of_state(arm, i, metric) };
        vec![
            quote("dependency").decimals(2),
            quote("exposure").level(),
            ratio(&quote("exposure"), &quote("payoff"), percent),
        ]
    };
    let columns = |name: &str| {
        vec![
            format!("dependency as {name}"),
            format!("exposure as {name}"),
            "of its payoff".to_owned(),
        ]
    };
    Table {
        id: "investor-exposure".to_owned(),
        caption: plain(format!(
            "Dependency after the last window (mean of suppliers, 0 to 1) and exposure, the cost of switching all of them ({})",
            facts.short_unit()
        )),
        ..by_state(
            facts,
            &(0..facts.model.states.len()).collect::<Vec<_>>(),
            &arms,
            cells,
            columns,
        )
    }
}

/// A table with a row for each of `states`, and for each arm the same columns.
fn by_state(
    facts: &Facts<'_>,
    states: &[usize],
    arms: &[usize],
    cells: impl Fn(usize, usize) -> Vec<Span>,
    columns: impl Fn(&str) -> Vec<String>,
) -> Table {
    let rows = states.iter().map(|&i| {
        let cells = arms.iter().flat_map(|&arm| cells(arm, i));
        let cells = cells.map(|span| Cell::plain(vec![span]));
        [Cell::plain(plain(facts.state(i).name.clone()))]
            .into_iter()
            .chain(cells)
            .collect()
    });
    let columns = arms.iter().flat_map(|&arm| columns(facts.name(arm)));
    let header = ["state".to_owned()].into_iter().chain(columns);
    Table {
        header: header.map(Heading::number).collect(),
        rows: rows.collect(),
        ..Table::default()
    }
}

/// A number that the scenario gives, by its path there.
pub(super) fn of_scenario(value: f64, path: &str) -> Span {
    Span::Number(Number::new(
        &number(value, None),
        value,
        &format!("scenario:{path}"),
    ))
}
