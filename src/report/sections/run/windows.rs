//! Section 3: payoff and leverage over the windows, and what a refusal costs as deals are signed.

use super::facts::Facts;
use super::spread::lacking;
use crate::report::chart::{Chart, Fan, FanPoint, Head, Line, LinePoint, Lines};
use crate::report::document::{
    Block, Cell, Figure, Files, Heading, Number, Section, Span, Table, note, paragraph, plain, text,
};
use crate::report::numbers::Quote;
use crate::theory::spelling::units::number;

/// Tables of this many or fewer a world are none to speak of.
const HARDLY_ANY: f64 = 0.1;

/// The section.
pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = vec![note(plain(
        "The line is the median, the dark band the middle half and the light band 90% of worlds, each at its window by itself: no single world \
         follows the edge of a band. The dashed line is the median of the reference. All panels of a kind share one scale. Values of a window are undiscounted.",
    ))];
    match &facts.worlds {
        None => blocks.push(paragraph(lacking("bands of all states together"))),
        Some(worlds) => {
            let title = "Payoff of all states in each window";
            blocks.push(Block::Heading {
                text: title.to_owned(),
            });
            let unit = format!("{}, of the window", facts.short_unit());
            blocks.push(totals(
                facts,
                ("payoff", title, &unit),
                &worlds.payoff,
                files,
            ));
            let title = "Leverage in each window, mean of the states";
            blocks.push(Block::Heading {
                text: title.to_owned(),
            });
            let unit = "share of the joint gains of deals";
            blocks.push(totals(
                facts,
                ("leverage", title, unit),
                &worlds.leverage,
                files,
            ));
        }
    }
    for i in 0..facts.model.states.len() {
        blocks.push(Block::Details {
            summary: format!("{}: payoff and leverage by window", facts.state(i).name),
            blocks: of_state(facts, i, files),
        });
    }
    blocks.extend(erosion(facts, files));
    Section {
        id: "windows".to_owned(),
        title: "Payoff and leverage over the windows".to_owned(),
        blocks,
    }
}

/// A panel per arm, of bands by arm and window.
fn totals(
    facts: &Facts<'_>,
    (id, what, unit): (&str, &str, &str),
    bands: &[Vec<[f64; 5]>],
    files: &mut Files,
) -> Block {
    let fans = facts.shown().into_iter().map(|arm| {
        let head = head(
            facts,
            &format!("{id}-{}", facts.name(arm)),
            (what, unit),
            arm,
        );
        fan(facts, head, &bands[arm], &bands[facts.reference], arm)
    });
    beside(id, fans.collect(), files)
}

/// Both metrics of a state, a panel per arm.
fn of_state(facts: &Facts<'_>, i: usize, files: &mut Files) -> Vec<Block> {
    let unit = format!("{}, of the window", facts.short_unit());
    let metrics = [
        ("payoff", unit.as_str()),
        ("leverage", "share of the joint gains of deals"),
    ];
    let blocks = metrics.map(|(metric, unit)| {
        let state = facts.state(i);
        let bands = |arm: usize| -> Vec<[f64; 5]> {
            let windows = 0..facts.model.horizon.windows;
            windows
                .map(|window| quantiles(&facts.of_window(arm, window, metric, i)))
                .collect()
        };
        let id = format!("{metric}-{}", state.id);
        let what = format!("{}'s {metric} in each window", state.name);
        let fans = facts.with_panels().into_iter().map(|arm| {
            let head = head(
                facts,
                &format!("{id}-{}", facts.name(arm)),
                (&what, unit),
                arm,
            );
            fan(facts, head, &bands(arm), &bands(facts.reference), arm)
        });
        [
            Block::Heading { text: what.clone() },
            beside(&id, fans.collect(), files),
        ]
    });
    blocks.into_iter().flatten().collect()
}

fn quantiles(quote: &Quote) -> [f64; 5] {
    quote.stat.map_or([f64::NAN; 5], |stat| {
        [stat.p05, stat.p25, stat.p50, stat.p75, stat.p95]
    })
}

fn head(facts: &Facts<'_>, id: &str, (what, unit): (&str, &str), arm: usize) -> Head {
    Head {
        id: format!("window-{id}"),
        title: facts.name(arm).to_owned(),
        alternative: format!("{what} as {}", facts.name(arm)),
        x: "first year of the window".to_owned(),
        y: unit.to_owned(),
    }
}

fn fan(
    facts: &Facts<'_>,
    head: Head,
    bands: &[[f64; 5]],
    baseline: &[[f64; 5]],
    arm: usize,
) -> Fan {
    let points = bands
        .iter()
        .enumerate()
        .map(|(window, quantiles)| FanPoint {
            label: facts.year(window).to_string(),
            quantiles: *quantiles,
        });
    let said = bands
        .iter()
        .enumerate()
        .filter(|(_, one)| one[2].is_finite())
        .map(|(window, one)| {
            let [low, _, middle, _, high] = one.map(|x| number(x, None));
            format!(
                "{}: median {middle}, 90% of worlds {low} to {high}",
                facts.year(window)
            )
        });
    let alternative = format!(
        "{}. {}.",
        head.alternative,
        said.collect::<Vec<_>>().join("; ")
    );
    Fan {
        head: Head {
            alternative,
            ..head
        },
        points: points.collect(),
        baseline: match arm == facts.reference {
            true => Vec::new(),
            false => baseline.iter().map(|one| one[2]).collect(),
        },
        range: None,
    }
}

/// Fans on one scale, a panel per arm, which is their title.
fn beside(id: &str, fans: Vec<Fan>, files: &mut Files) -> Block {
    let range = Fan::range_of(&fans);
    let range = (range.0.min(0.0), range.1);
    let charts = fans.into_iter().map(|fan| {
        let fan = Fan {
            range: Some(range),
            ..fan
        };
        (fan.head.title.clone(), fan.chart())
    });
    let charts: Vec<(String, Chart)> = charts.collect();
    Figure::beside(&format!("windows-{id}"), "arm", charts, files)
}

/// What a refusal costs the hyperscaler, by the number of states that host it already.
fn erosion(facts: &Facts<'_>, files: &mut Files) -> Vec<Block> {
    let title = "What a state's refusal costs the hyperscaler, by how many states host it already";
    let lines = facts.shown().into_iter().map(|arm| {
        let rows = facts
            .result(arm)
            .erosion
            .iter()
            .filter(|row| row.tables >= HARDLY_ANY);
        let points = rows.filter_map(|row| {
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
    vec![
        Block::Heading {
            text: "What a refusal costs as deals are signed".to_owned(),
        },
        Figure::alone(chart.chart(), files),
        Block::Table {
            table: erosion_table(facts),
        },
        note(plain(
            "A later row is not the same table later: only worlds and hyperscalers with so many hosts reach it. Numbers of hosts that come about at \
             one table in ten worlds or less are left out.",
        )),
    ]
}

fn erosion_table(facts: &Facts<'_>) -> Table {
    let arm = facts.reference;
    let erosion = facts.result(arm).erosion.iter().enumerate();
    let rows = erosion
        .filter(|(_, row)| row.tables >= HARDLY_ANY)
        .map(|(at, row)| {
            let path = format!("arms.{}.erosion.{at}", facts.name(arm));
            let tables = Number::new(
                &number(row.tables, Some(0.1)),
                row.tables,
                &format!("{path}.tables"),
            );
            let pressure = Quote::new(row.pressure, format!("{path}.pressure"));
            vec![
                Cell::plain(plain(row.hosts.to_string())),
                Cell::plain(vec![Span::Number(tables)]),
                Cell::plain(text![pressure.percent()]),
            ]
        });
    Table {
        id: "erosion-table".to_owned(),
        caption: plain(format!(
            "Margin at risk as deals are signed, as {}",
            facts.name(arm)
        )),
        header: Heading::all(&["hosts already", "tables a world", "margin at risk"]),
        rows: rows.collect(),
        ..Table::default()
    }
}
