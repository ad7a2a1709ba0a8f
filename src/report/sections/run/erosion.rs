//! What a refusal costs a hyperscaler as deals are signed: margin at risk by the number of hosts.

use super::facts::Facts;
use super::panels::{panels, points};
use crate::report::chart::{Fan, FanPoint, Head};
use crate::report::document::{Block, Files, Heading, Number, RowBar, Rows, Table, heading, note};
use crate::report::numbers::Quote;
use crate::report::sentence::say;
use crate::study::results::run::Erosion;
use crate::theory::spelling::units::{number, percent};

/// Tables of this many or fewer a world are none to speak of.
const HARDLY_ANY: f64 = 0.1;

/// What a refusal costs the hyperscaler, by the number of states that host it already: a panel per arm.
pub(super) fn blocks(facts: &Facts<'_>, files: &mut Files) -> Vec<Block> {
    let bands = |arm: usize| -> Vec<(usize, [f64; 5])> {
        let rows = told(facts, arm).filter(|(_, row)| row.pressure.is_some());
        rows.map(|(_, row)| (row.hosts, points(row.pressure)))
            .collect()
    };
    let arms = facts.shown().into_iter();
    let arms: Vec<usize> = arms.filter(|&arm| bands(arm).len() > 1).collect();
    if arms.is_empty() {
        return Vec::new();
    }
    let reference = bands(facts.reference);
    let median = |hosts: usize| {
        let found = reference.iter().find(|(other, _)| *other == hosts);
        found.map_or(f64::NAN, |(_, quantiles)| quantiles[2])
    };
    let fans = arms.into_iter().map(|arm| {
        let (name, bands) = (facts.name(arm), bands(arm));
        let points = bands.iter().map(|(hosts, quantiles)| FanPoint {
            label: hosts.to_string(),
            quantiles: *quantiles,
        });
        let baseline = bands.iter().map(|(hosts, _)| median(*hosts));
        Fan {
            head: Head {
                id: format!("erosion-{name}"),
                title: name.to_owned(),
                alternative: alternative(name, &bands),
                x: "other states that host it already".to_owned(),
                y: "share of its margin at that table".to_owned(),
            },
            points: points.collect(),
            baseline: match arm == facts.reference {
                true => Vec::new(),
                false => baseline.collect(),
            },
            range: None,
        }
    });
    let mut blocks = vec![
        heading("What a state's refusal costs the hyperscaler, by how many states host it already"),
        panels("erosion", fans.collect(), files),
    ];
    blocks.extend(at_risk(facts));
    blocks
}

/// What the panel of an arm shows.
fn alternative(arm: &str, bands: &[(usize, [f64; 5])]) -> String {
    let said = bands.iter().map(|(hosts, [low, _, middle, _, high])| {
        let [low, middle, high] = [low, middle, high].map(|&share| percent(share));
        format!("{hosts} already: median {middle}, 90% of worlds {low} to {high}")
    });
    format!(
        "The share of its margin at a table that a refusal costs a hyperscaler as {arm}, by the number of other states that host it already. {}.",
        said.collect::<Vec<_>>().join("; ")
    )
}

/// Margin at risk by the number of states that host already, in the reference arm; nothing where there are no tables.
pub(super) fn at_risk(facts: &Facts<'_>) -> Vec<Block> {
    let arm = facts.reference;
    let rows: Vec<(usize, &Erosion)> = told(facts, arm).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let path = |at: usize, key: &str| format!("arms.{}.erosion.{at}.{key}", facts.name(arm));
    let pressure = |&(at, row): &(usize, &Erosion)| Quote::new(row.pressure, path(at, "pressure"));
    let bars = rows.iter().map(|row| pressure(row).value());
    let bars = bars.map(|share| RowBar::new(0.0, if share.is_finite() { share } else { 0.0 }));
    let bars = bars.collect();
    let table = Rows::of(rows)
        .column(Heading::number("hosts already"), |(_, row)| {
            row.hosts.to_string()
        })
        .column(Heading::number("tables a world"), |(at, row)| {
            let written = number(row.tables, Some(0.1));
            Number::new(&written, row.tables, &path(*at, "tables"))
        })
        .column(Heading::number("margin at risk"), |row| {
            pressure(row).percent()
        })
        .column(Heading::number("90% of worlds"), |row| {
            pressure(row).percents()
        })
        .table(
            "erosion-table",
            say!(
                "Margin at risk as deals are signed ({}): what a state's refusal would cost the hyperscaler, as a share of its margin at that table, by how many states host it already",
                facts.arm(arm)
            ),
        );
    vec![
        Table { bars, ..table }.into(),
        note(
            "A later row is not the same table later: only worlds and hyperscalers with so many hosts reach it. Numbers of hosts that come about at \
             one table in ten worlds or less are left out.",
        ),
    ]
}

/// The rows of an arm that come about, with their places in the document.
fn told<'a>(facts: &Facts<'a>, arm: usize) -> impl Iterator<Item = (usize, &'a Erosion)> {
    let rows = facts.result(arm).erosion.iter().enumerate();
    rows.filter(|(_, row)| row.tables >= HARDLY_ANY)
}
