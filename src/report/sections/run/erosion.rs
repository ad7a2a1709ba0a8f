//! What a refusal costs a hyperscaler as deals are signed: margin at risk by the number of hosts.

use super::facts::Facts;
use crate::report::chart::{Head, Line, LinePoint, Lines};
use crate::report::document::{
    Block, Figure, Files, Heading, Number, RowBar, Rows, Table, heading, note,
};
use crate::report::numbers::Quote;
use crate::report::sentence::say;
use crate::study::results::run::Erosion;
use crate::theory::spelling::units::number;

/// Tables of this many or fewer a world are none to speak of.
const HARDLY_ANY: f64 = 0.1;

/// What a refusal costs the hyperscaler, by the number of states that host it already.
pub(super) fn blocks(facts: &Facts<'_>, files: &mut Files) -> Vec<Block> {
    let title = "What a state's refusal costs the hyperscaler, by how many states host it already";
    let lines = facts.shown().into_iter().map(|arm| {
        let points = told(facts, arm).filter_map(|(_, row)| {
            let ends = match arm == facts.reference {
                true => row.pressure.map(|stat| (stat.p05, stat.p95)),
                false => None,
            };
            Some(LinePoint {
                x: row.hosts as f64,
                y: row.pressure?.mean,
                ends: ends.unwrap_or((f64::NAN, f64::NAN)),
            })
        });
        Line {
            name: facts.name(arm).to_owned(),
            points: points.collect(),
        }
    });
    let lines: Vec<Line> = lines.filter(|line| line.points.len() > 1).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let reference = facts.name(facts.reference);
    let said = lines.iter().map(|line| {
        let (first, last) = (line.points[0], line.points[line.points.len() - 1]);
        format!(
            "{}: {:.0}% with {} hosts, {:.0}% with {}",
            line.name,
            100.0 * first.y,
            first.x,
            100.0 * last.y,
            last.x
        )
    });
    let alternative = format!(
        "A line per arm: the share of its margin at a table that a refusal costs a hyperscaler, by the number of other states that host it \
         already; bars over 90% of worlds for {reference}. {}.",
        said.collect::<Vec<_>>().join("; ")
    );
    let chart = Lines {
        head: Head {
            id: "erosion".to_owned(),
            title: format!("{title} (mean; bars: 90% of worlds as {reference})"),
            alternative,
            x: "other states that host the hyperscaler already".to_owned(),
            y: "share of its margin at that table".to_owned(),
        },
        lines,
        level: None,
        from_zero: true,
    };
    let mut blocks = vec![
        heading("What a refusal costs as deals are signed"),
        Figure::alone(chart.chart(), files),
    ];
    blocks.extend(at_risk(facts));
    blocks
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
