//! Where the answer turns: grids as curves and maps, and thresholds.

use super::drivers::{heading, preferred, short};
use super::facts::Facts;
use crate::report::chart::{Head, Heat, HeatCell, Line, LinePoint, Lines};
use crate::report::document::{Block, Figure, Files, Text, code, paragraph, text};
use crate::study::results::sweep::{CellEstimate, Sign, SweepResults, plain as value_text};
use crate::study::results::threshold::{SolutionResult, ThresholdResults};
use crate::theory::spelling::units::{number, range, signed};
use std::fmt::Write;

pub(super) fn sweep(
    facts: &Facts<'_>,
    results: &SweepResults,
    id: &str,
    files: &mut Files,
) -> Vec<Block> {
    let head = &results.head;
    let Some(output) = preferred(facts, &head.outputs) else {
        return Vec::new();
    };
    let estimates: Vec<Option<CellEstimate>> = results
        .cells
        .iter()
        .map(|cell| cell.results.get(output)?.as_ref().map(CellEstimate::of))
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
    estimates: &[Option<CellEstimate>],
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
    axes: &[crate::study::results::sweep::SweepAxis],
    value: &serde_json::Value,
) -> bool {
    let layout = &facts.model.layout;
    let slot = layout
        .slots()
        .find(|&slot| crate::engine::model::path_of(facts.model, slot) == path);
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
    estimates: &[Option<CellEstimate>],
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

pub(super) fn threshold(results: &ThresholdResults, id: &str, files: &mut Files) -> Vec<Block> {
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
