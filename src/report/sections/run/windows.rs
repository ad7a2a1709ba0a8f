//! Section 3: payoff and leverage over the windows, and what a refusal costs as deals are signed.

use super::erosion;
use super::facts::Facts;
use super::spread::lacking;
use crate::report::chart::{Chart, Fan, FanPoint, Head, Line, LinePoint, Lines};
use crate::report::document::{Block, Figure, Files, Section, heading, note, paragraph};
use crate::report::numbers::Quote;
use crate::study::results::run::WindowResult;
use crate::theory::spelling::units::number;
use crate::theory::stats::summary::Stat;

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = vec![note(
        "The line is the median, the dark band the middle half and the light band 90% of worlds, each at its window by itself: no single world \
         follows the edge of a band. The dashed line is the median of the reference. All panels of a kind share one scale. Values of a window are undiscounted.",
    )];
    match &facts.worlds {
        None => blocks.push(paragraph(lacking("bands of all states together"))),
        Some(worlds) => {
            let unit = format!("{}, of the window", facts.short_unit());
            let share = "share of the joint gains of deals";
            for (id, title, unit, bands) in [
                (
                    "payoff",
                    "Payoff of all states in each window",
                    &*unit,
                    &worlds.payoff,
                ),
                (
                    "leverage",
                    "Leverage in each window, mean of the states",
                    share,
                    &worlds.leverage,
                ),
            ] {
                blocks.push(heading(title));
                let of = |arm: usize| bands[arm].clone();
                blocks.push(fans(facts, facts.shown(), [id, title, unit], of, files));
            }
        }
    }
    for i in 0..facts.model.states.len() {
        blocks.push(Block::Details {
            summary: format!("{}: payoff and leverage by window", facts.state(i).name),
            blocks: of_state(facts, i, files),
        });
    }
    blocks.extend(erosion::blocks(facts, files));
    Section::new("windows", "Payoff and leverage over the windows", blocks)
}

/// A line per arm over the windows, with what it is at first and at last to so many digits; none where there is one window.
pub(super) fn lines(
    facts: &Facts<'_>,
    arms: Vec<usize>,
    [id, title, y]: [&str; 3],
    digits: usize,
    of: impl Fn(&WindowResult) -> Option<Stat>,
    files: &mut Files,
) -> Option<Block> {
    let lines = arms.into_iter().map(|arm| {
        let windows = facts.result(arm).windows.iter().enumerate();
        let points = windows.filter_map(|(window, result)| {
            Some(LinePoint {
                x: facts.year(window),
                y: of(result)?.mean,
                ends: (f64::NAN, f64::NAN),
            })
        });
        Line {
            name: facts.name(arm).to_owned(),
            points: points.collect(),
        }
    });
    let lines: Vec<Line> = lines.filter(|line| line.points.len() > 1).collect();
    let said = lines.iter().filter_map(|line| {
        let (name, first, last) = (&line.name, line.points.first()?.y, line.points.last()?.y);
        Some(format!(
            "{name}: {first:.digits$} at first, {last:.digits$} at last"
        ))
    });
    let alternative = format!("A line per arm. {}.", said.collect::<Vec<_>>().join("; "));
    let chart = Lines {
        head: Head {
            id: id.to_owned(),
            title: title.to_owned(),
            alternative,
            x: "first year of the window".to_owned(),
            y: y.to_owned(),
        },
        lines,
        level: None,
        from_zero: true,
    };
    (!chart.lines.is_empty()).then(|| Figure::alone(chart.chart(), files))
}

/// A panel per arm, of its bands by window.
fn fans(
    facts: &Facts<'_>,
    arms: Vec<usize>,
    [id, what, unit]: [&str; 3],
    bands: impl Fn(usize) -> Vec<[f64; 5]>,
    files: &mut Files,
) -> Block {
    let fans = arms.into_iter().map(|arm| {
        let name = facts.name(arm);
        let head = Head {
            id: format!("window-{id}-{name}"),
            title: name.to_owned(),
            alternative: format!("{what} as {name}"),
            x: "first year of the window".to_owned(),
            y: unit.to_owned(),
        };
        fan(facts, head, &bands(arm), &bands(facts.reference), arm)
    });
    panels(id, fans.collect(), files)
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
        let arms = facts.with_panels();
        let fans = fans(facts, arms, [&*id, &*what, unit], bands, files);
        [heading(what), fans]
    });
    blocks.into_iter().flatten().collect()
}

fn quantiles(quote: &Quote) -> [f64; 5] {
    quote.stat.map_or([f64::NAN; 5], |stat| {
        [stat.p05, stat.p25, stat.p50, stat.p75, stat.p95]
    })
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
fn panels(id: &str, fans: Vec<Fan>, files: &mut Files) -> Block {
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
    Figure::panels(&format!("windows-{id}"), "arm", charts, files)
}
