//! Section 8: what decides the answer, from finished studies of the same scenario.

use super::facts::{Facts, Study};
use super::{
    Block, Cell, Figure, Files, Heading, Section, Table, Text, code, note, paragraph, plain, text,
};
use crate::report::chart::{
    Head, Heat, HeatCell, Line, LinePoint, Lines, Point, Row, Rows, Tornado, TornadoRow,
};
use crate::report::discover::{BoxResult, DiscoveryResults};
use crate::report::sensitivity::{FactorResult, OutputResult, SensitivityResults};
use crate::report::sweep::{Estimate, Sign, SweepResults, plain as value_text};
use crate::report::theories::TheoryResults;
use crate::report::threshold::{SolutionResult, ThresholdResults};
use crate::report::units::{count, number, percent, range, signed};
use std::fmt::Write;

/// Factors of a figure, at most.
const MOST: usize = 12;

/// The section.
pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let mut blocks = Vec::new();
    for (at, study) in facts.studies.iter().enumerate() {
        let id = format!("study-{}", at + 1);
        match study {
            Study::Sensitivity(results) => blocks.extend(sensitivity(facts, results, &id, files)),
            Study::Discover(results) => blocks.extend(discover(results, &id)),
            Study::Sweep(results) => blocks.extend(sweep(facts, results, &id, files)),
            Study::Threshold(results) => blocks.extend(threshold(results, &id, files)),
            Study::Theories(results) => blocks.extend(theories(results, &id)),
            Study::Stability(_) => {}
        }
    }
    if blocks.is_empty() {
        blocks.push(paragraph(text![
            "Nothing was given. Finished directories of ",
            code("sensitivity"),
            ", ",
            code("discover"),
            ", ",
            code("sweep"),
            ", ",
            code("threshold"),
            " and ",
            code("theories"),
            " of this scenario appear here with ",
            code("mufakat report RUN --with DIR"),
            "."
        ]));
    } else {
        blocks.insert(0, note(plain(
            "These come from studies of the same scenario, with their own worlds and numbers of them; their numbers stand in the results.json of each study.",
        )));
    }
    Section {
        id: "drivers".to_owned(),
        title: "What decides the answer".to_owned(),
        blocks,
    }
}

/// The output that the headline of the run is about, else the first.
fn preferred<'a, S: AsRef<str>>(facts: &Facts<'_>, outputs: &'a [S]) -> Option<&'a S> {
    let headline = facts
        .headline()
        .map(|arm| format!("{}.total.payoff.difference", facts.name(arm)));
    let own = outputs
        .iter()
        .find(|one| Some(one.as_ref()) == headline.as_deref());
    own.or_else(|| outputs.first())
}

/// A number in at most four digits, without zeros at its end.
fn short(x: f64) -> String {
    let text = number(x, None);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

fn heading(text: String) -> Block {
    Block::Heading { text }
}

/// The measure that ranks factors, and what it means.
fn measure(method: &str) -> (&'static str, &'static str, &'static str) {
    match method {
        "sobol" => (
            "ST",
            "share of the variance that would remain if all other factors were known (total Sobol' index)",
            "ST",
        ),
        "shapley" => (
            "shapley",
            "share of the variance, interactions divided fairly (Shapley effect)",
            "Shapley effect",
        ),
        "morris" => (
            "mu_star",
            "mean size of the change of the result from the factor's 5% to its 95% point (Morris)",
            "mean size of change",
        ),
        "pawn" => (
            "pawn",
            "how far the distribution of the result moves if the factor is known, 0 to 1 (PAWN)",
            "PAWN",
        ),
        "delta" => (
            "delta",
            "expected shift of the result's distribution if the factor is known, 0 to 1 (Borgonovo's \u{3b4})",
            "\u{3b4}",
        ),
        "evppi" => (
            "evppi",
            "what it would be worth to know the factor before the choice of arm, US$ bn",
            "US$ bn",
        ),
        _ => (
            "swing",
            "change of the mean result from the factor's 5% to its 95% point",
            "swing",
        ),
    }
}

fn sensitivity(
    facts: &Facts<'_>,
    results: &SensitivityResults,
    id: &str,
    files: &mut Files,
) -> Vec<Block> {
    let known = results.outputs.iter().filter(|(_, one)| one.is_some());
    let known: Vec<&String> = known.map(|(name, _)| name).collect();
    let name = preferred(facts, &known).copied();
    let found = name.and_then(|name| Some((name, results.outputs.get(name.as_str())?.as_ref()?)));
    let Some((name, output)) = found else {
        return Vec::new();
    };
    let (by, meaning, axis) = measure(&results.method);
    let mut ranked = output.ranked(by);
    ranked.truncate(MOST);
    let first = ranked.first().map_or("", |one| one.0);
    let floor = output
        .noise_floor
        .as_ref()
        .map(|floor| floor.high.unwrap_or(floor.value));
    let shown = ranked.first().and_then(|one| value(&one.1, by));
    let clear = match (floor, shown) {
        (Some(floor), Some(most)) => most > floor,
        _ => true,
    };
    let sentence = match clear {
        true => text![
            code(name),
            " depends most on ",
            code(first),
            format!(
                " of {} uncertain quantities.",
                count(results.factors.len() as u64)
            )
        ],
        false => text![
            "No factor shows an influence on ",
            code(name),
            " above what chance alone gives."
        ],
    };
    let chart = match results.method.as_str() {
        "tornado" => tornado(facts, name, output, &ranked, id, files),
        _ => measures(name, output, &ranked, (by, meaning, axis), (id, files)),
    };
    vec![
        heading(format!("Sensitivity ({})", results.method)),
        paragraph(sentence),
        chart,
    ]
}

fn value(factor: &FactorResult, by: &str) -> Option<f64> {
    let measures = factor.measures().into_iter();
    let mut named = measures.filter(|(name, _)| *name == by);
    named.next().map(|(_, interval)| interval.value)
}

/// Bars from the result at the low end of a factor to that at its high end, labelled with the factor's own values.
fn tornado(
    facts: &Facts<'_>,
    name: &str,
    output: &OutputResult,
    ranked: &[(&str, FactorResult)],
    id: &str,
    files: &mut Files,
) -> Block {
    let rows = ranked.iter().filter_map(|(path, factor)| {
        let ends = (factor.at_low?.value, factor.at_high?.value);
        let uncertain = facts.model.uncertain.iter().find(|one| one.path == *path);
        let input =
            |p: f64| uncertain.map_or(percent(p), |one| short(one.distribution.quantile(p)));
        Some(TornadoRow {
            label: (*path).to_owned(),
            ends,
            inputs: (input(0.05), input(0.95)),
        })
    });
    let rows: Vec<TornadoRow> = rows.collect();
    let said = rows.iter().map(|row| {
        format!(
            "{}: {} at {}, {} at {}",
            row.label,
            number(row.ends.0, None),
            row.inputs.0,
            number(row.ends.1, None),
            row.inputs.1
        )
    });
    let interacts = output
        .factors
        .values()
        .any(|one| one.interacts == Some(true));
    let chart = Tornado {
        head: Head {
            id: format!("{id}-tornado"),
            title: format!(
                "{name}: mean result with each input at its 5% and its 95% point{}",
                if interacts {
                    "; some effects depend on other inputs"
                } else {
                    ""
                }
            ),
            alternative: format!(
                "A bar per input, the widest first, from the result at its low end to that at its high end. {}.",
                said.collect::<Vec<_>>().join("; ")
            ),
            x: format!("{name}, {}", facts.short_unit()),
            y: String::new(),
        },
        base: None,
        rows,
    };
    Figure::alone(chart.chart(), files)
}

/// A mark with its interval for each factor.
fn measures(
    name: &str,
    output: &OutputResult,
    ranked: &[(&str, FactorResult)],
    (by, meaning, axis): (&str, &str, &str),
    (id, files): (&str, &mut Files),
) -> Block {
    let rows = ranked.iter().map(|(path, factor)| {
        let measures = factor.measures().into_iter();
        let found = measures
            .filter(|(name, _)| *name == by)
            .map(|(_, interval)| Point {
                value: interval.value,
                outer: (
                    interval.low.unwrap_or(f64::NAN),
                    interval.high.unwrap_or(f64::NAN),
                ),
                inner: (f64::NAN, f64::NAN),
            });
        Row {
            label: (*path).to_owned(),
            points: vec![found.into_iter().next()],
            note: String::new(),
        }
    });
    let rows: Vec<Row> = rows.collect();
    let said = rows
        .iter()
        .filter_map(|row| Some(format!("{} {:.3}", row.label, row.points[0]?.value)));
    let floor = output.noise_floor.as_ref().map_or(String::new(), |floor| {
        format!(
            " Chance alone gives up to {}.",
            number(floor.high.unwrap_or(floor.value), None)
        )
    });
    let chart = Rows {
        head: Head {
            id: format!("{id}-factors"),
            title: format!("{name}: {meaning}, with 95% intervals.{floor}"),
            alternative: format!(
                "A row per factor, the largest first. {}.",
                said.collect::<Vec<_>>().join("; ")
            ),
            x: axis.to_owned(),
            y: String::new(),
        },
        series: vec![by.to_owned()],
        rows,
        from_zero: true,
    };
    Figure::alone(chart.chart(), files)
}

fn discover(results: &DiscoveryResults, id: &str) -> Vec<Block> {
    let limits = |one: &BoxResult| -> Text {
        let mut parts = Text::new();
        for (path, [low, high]) in &one.limits {
            if !parts.is_empty() {
                parts.extend(text![" and "]);
            }
            let bound = |x: &Option<f64>| x.map(short);
            parts.push(code(path.clone()));
            parts.extend(text![match (bound(low), bound(high)) {
                (Some(low), Some(high)) => format!(" from {low} to {high}"),
                (Some(low), None) => format!(" above {low}"),
                (None, Some(high)) => format!(" below {high}"),
                (None, None) => String::new(),
            }]);
        }
        parts
    };
    let boxes: &[BoxResult] = if results.cover.is_empty() {
        &results.boxes
    } else {
        &results.cover
    };
    let rows = boxes.iter().take(5).map(|one| {
        vec![
            Cell::plain(limits(one)),
            Cell::plain(plain(percent(one.coverage))),
            Cell::plain(plain(percent(one.density))),
            Cell::plain(plain(percent(one.mass))),
        ]
    });
    let mut header = Heading::all(&[
        "worlds with",
        "of the worlds where it holds",
        "it holds in",
        "of all worlds",
    ]);
    header[0].words = true;
    let table = Table {
        id: format!("{id}-boxes"),
        caption: format!(
            "Combinations of uncertain values in which {} holds; it holds in {} of all worlds",
            results.condition,
            percent(results.share)
        ),
        words: false,
        header,
        rows: rows.collect(),
    };
    let sentence = text![
        code(results.condition.clone()),
        format!(
            " holds in {} of {} worlds.",
            percent(results.share),
            count(results.worlds)
        )
    ];
    vec![
        heading(format!("In which worlds: {}", results.condition)),
        paragraph(sentence),
        Block::Table { table },
    ]
}

fn sweep(facts: &Facts<'_>, results: &SweepResults, id: &str, files: &mut Files) -> Vec<Block> {
    let head = &results.head;
    let Some(output) = preferred(facts, &head.outputs) else {
        return Vec::new();
    };
    let estimates: Vec<Option<Estimate>> = results
        .cells
        .iter()
        .map(|cell| cell.results.get(output)?.as_ref().map(Estimate::of))
        .collect();
    let with = |sign| {
        estimates
            .iter()
            .flatten()
            .filter(|one| one.sign() == sign)
            .count()
    };
    let sentence = text![
        code(output.clone()),
        format!(
            " is above zero in {} of {} cells, below in {}, and in {} its 90% interval spans zero.",
            with(Sign::Above),
            estimates.len(),
            with(Sign::Below),
            with(Sign::Open)
        )
    ];
    let names = head.axes.iter().map(|axis| axis.path.clone());
    let mut blocks = vec![
        heading(format!(
            "Break-even over {}",
            names.collect::<Vec<_>>().join(" and ")
        )),
        paragraph(sentence),
    ];
    match &head.axes[..] {
        [_, _] if head.design == "cross" => {
            blocks.push(map(facts, results, output, &estimates, (id, files)))
        }
        [axis] => blocks.extend(curve(
            results,
            axis.path.clone(),
            output,
            &estimates,
            (id, files),
        )),
        _ => {}
    }
    blocks
}

/// Two inputs: colours that diverge from zero, hatched where the sign is open, the scenario's own point framed.
fn map(
    facts: &Facts<'_>,
    results: &SweepResults,
    output: &str,
    estimates: &[Option<Estimate>],
    (id, files): (&str, &mut Files),
) -> Block {
    let [rows, columns] = &results.head.axes[..] else {
        return paragraph(Text::new());
    };
    let own =
        |path: &str, value: &serde_json::Value| nearest(facts, path, &results.head.axes, value);
    let width = columns.values.len();
    let cells = rows.values.iter().enumerate().map(|(row, down)| {
        let cells = columns.values.iter().enumerate().map(|(column, across)| {
            let estimate = estimates.get(row * width + column).copied().flatten()?;
            Some(HeatCell {
                value: estimate.mean,
                text: signed(estimate.mean, estimate.se),
                open: estimate.sign() == Sign::Open,
                own: own(&rows.path, down) && own(&columns.path, across),
            })
        });
        cells.collect()
    });
    let labels = |values: &[serde_json::Value]| -> Vec<String> {
        values
            .iter()
            .map(|value| value.as_f64().map_or_else(|| value_text(value), short))
            .collect()
    };
    let chart = Heat {
        head: Head {
            id: format!("{id}-map"),
            title: format!(
                "{output}, mean over worlds, {}: blue above zero, orange below, hatched where the 90% interval spans zero, framed nearest to the scenario itself",
                facts.short_unit()
            ),
            alternative: format!(
                "A cell for each pair of values of {} (down) and {} (across).",
                rows.path, columns.path
            ),
            x: columns.path.clone(),
            y: rows.path.clone(),
        },
        columns: labels(&columns.values),
        rows: labels(&rows.values),
        cells: cells.collect(),
        most: 0.0,
    };
    Figure::alone(chart.chart(), files)
}

/// Whether a value of an axis is the one nearest to what the scenario has.
fn nearest(
    facts: &Facts<'_>,
    path: &str,
    axes: &[crate::report::sweep::SweepAxis],
    value: &serde_json::Value,
) -> bool {
    let layout = &facts.model.layout;
    let slot = layout
        .slots()
        .find(|&slot| crate::model::path_of(facts.model, slot) == path);
    let Some(own) = slot.map(|slot| facts.model.base[layout.index(slot)]) else {
        return false;
    };
    let axis = axes.iter().find(|axis| axis.path == path);
    let values = axis
        .into_iter()
        .flat_map(|axis| axis.values.iter().filter_map(serde_json::Value::as_f64));
    let best = values.reduce(|one, other| {
        if (other - own).abs() < (one - own).abs() {
            other
        } else {
            one
        }
    });
    best.is_some() && best == value.as_f64()
}

fn curve(
    results: &SweepResults,
    path: String,
    output: &str,
    estimates: &[Option<Estimate>],
    (id, files): (&str, &mut Files),
) -> Option<Block> {
    let points = results
        .cells
        .iter()
        .zip(estimates)
        .filter_map(|(cell, estimate)| {
            let estimate = (*estimate)?;
            Some(LinePoint {
                x: cell.values.get(&path)?.as_f64()?,
                y: estimate.mean,
                ends: estimate.interval(),
            })
        });
    let points: Vec<LinePoint> = points.collect();
    let (first, last) = (*points.first()?, *points.last()?);
    let chart = Lines {
        head: Head {
            id: format!("{id}-curve"),
            title: format!("{output} by {path}: mean over worlds with its 90% interval"),
            alternative: format!(
                "A line from {} at {} to {} at {}.",
                number(first.y, None),
                first.x,
                number(last.y, None),
                last.x
            ),
            x: path,
            y: output.to_owned(),
        },
        lines: vec![Line {
            name: output.to_owned(),
            points,
        }],
        level: Some(0.0),
        from_zero: false,
    };
    Some(Figure::alone(chart.chart(), files))
}

fn threshold(results: &ThresholdResults, id: &str, files: &mut Files) -> Vec<Block> {
    let mut blocks = vec![heading(format!(
        "Where a level is crossed: {}",
        results.path
    ))];
    let items = results
        .solutions
        .iter()
        .map(|one| text![crossing(results, one)]);
    blocks.push(Block::List {
        items: items.collect(),
    });
    let lines = results.solutions.iter().take(8).map(|one| {
        let points = one.curve.iter().filter_map(|point| {
            let y = point.result?;
            let half = 1.645 * point.se.unwrap_or(f64::NAN);
            Some(LinePoint {
                x: point.x,
                y,
                ends: (y - half, y + half),
            })
        });
        Line {
            name: one.of.clone(),
            points: points.collect(),
        }
    });
    let lines: Vec<Line> = lines.filter(|line| line.points.len() > 1).collect();
    if lines.is_empty() {
        return blocks;
    }
    let equation = results
        .solutions
        .first()
        .map_or("", |one| one.equation.as_str());
    let (what, level) = equation.rsplit_once('=').unwrap_or((equation, ""));
    let said = results.solutions.iter().map(|one| crossing(results, one));
    let chart = Lines {
        head: Head {
            id: format!("{id}-threshold"),
            title: format!(
                "{} by {}: mean with its 90% interval; the dashed line is the level",
                what.trim(),
                results.path
            ),
            alternative: said.collect::<Vec<_>>().join(" "),
            x: results.path.clone(),
            y: what.trim().to_owned(),
        },
        lines,
        level: level.trim().parse().ok(),
        from_zero: false,
    };
    blocks.push(Figure::alone(chart.chart(), files));
    blocks
}

/// Where a question is solved, in one sentence.
fn crossing(results: &ThresholdResults, one: &SolutionResult) -> String {
    let whose = if one.of == "all" {
        String::new()
    } else {
        format!("{}: ", one.of)
    };
    if one.values.is_empty() {
        return format!(
            "{whose}{} for no value of {} from {} to {}.",
            one.equation,
            results.path,
            short(results.from),
            short(results.to)
        );
    }
    let mut text = format!("{whose}{} at {} = ", one.equation, results.path);
    for (at, value) in one.values.iter().enumerate() {
        let between = if at == 0 { "" } else { " and " };
        let error = value
            .high
            .zip(value.low)
            .map(|(high, low)| (high - low) / 20.0);
        let _ = write!(text, "{between}{}", number(value.value, error));
        if let (Some(low), Some(high)) = (value.low, value.high) {
            let _ = write!(text, " (90% interval {})", range(low, high, error));
        }
    }
    text + "."
}

fn theories(results: &TheoryResults, id: &str) -> Vec<Block> {
    let rows = results.headlines.iter().map(|one| {
        let total = one.above + one.below + one.open;
        let range = match (one.lowest, one.highest) {
            (Some(low), Some(high)) => range(low, high, Some(0.01 * low.abs().max(high.abs()))),
            _ => "\u{b7}".to_owned(),
        };
        let decided = one
            .decided_by
            .as_ref()
            .map_or("no single choice".to_owned(), |decision| {
                format!("{} = {}", decision.path, value_text(&decision.value))
            });
        vec![
            Cell::plain(vec![code(one.result.clone())]),
            Cell::plain(plain(format!("{} of {total}", one.above))),
            Cell::plain(plain(format!("{} of {total}", one.below))),
            Cell::plain(plain(format!("{} of {total}", one.open))),
            Cell::plain(plain(super::number::minus(&range))),
            Cell::of(vec![code(decided)], "words"),
        ]
    });
    let mut header = Heading::all(&[
        "result",
        "above zero in",
        "below in",
        "open in",
        "means, US$ bn",
        "divided most by",
    ]);
    header[5].words = true;
    let table = Table {
        id: format!("{id}-theories"),
        caption: format!(
            "{} against {} under rival theories of bargaining: in how many of them the 90% interval lies on which side of zero",
            results.arm, results.reference
        ),
        words: false,
        header,
        rows: rows.collect(),
    };
    vec![
        heading("What the rival theories say".to_owned()),
        Block::Table { table },
    ]
}
