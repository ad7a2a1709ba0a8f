//! What a sweep found: in how many cells a result is above zero and where it turns, then a map, a curve or a list of cells.

use super::study::{PlaceOnPage, StudyText, footer, preferred};
use crate::engine::model::{Model, path_of};
use crate::report::amounts::NONE;
use crate::report::chart::{Chart, Heat, HeatCell, Line, LinePoint};
use crate::report::document::{Block, Heading, Rows, Table, Text, code, marked, note, plain, text};
use crate::report::numbers::{self, traced};
use crate::report::verdict::of_counts;
use crate::study::results::sweep::{
    CellEstimate, CellStatus, Sign, SweepCell, SweepHead, SweepResults, plain as value_text,
};
use crate::theory::spelling::units::{count, number, signed, worlds};
use serde_json::Value;

/// Cells of a list that are shown; the rest is in the files.
const MOST_ROWS: usize = 60;

/// Columns of a terminal within which paths stand as headings.
const ROOM: usize = 62;

/// Columns of a map, at most.
const MOST_COLUMNS: usize = 12;

/// Failed cells whose reasons are shown.
const MOST_REASONS: usize = 5;

/// What is shown of the cells, taken in one by one.
#[derive(Debug, Clone)]
pub struct SweepView<'a> {
    head: &'a SweepHead,
    /// Outputs that are shown, as indices.
    shown: Vec<usize>,
    /// How many of them have a map.
    maps: usize,
    /// Whether a reader has the files rather than the options.
    on_page: bool,
    values: Vec<Vec<Option<Value>>>,
    estimates: Vec<Vec<Option<CellEstimate>>>,
    failed: Vec<(usize, String)>,
}

/// What is said of a finished sweep on a page.
pub fn text(results: &SweepResults, place: PlaceOnPage<'_>) -> StudyText {
    let first = preferred(&results.head.outputs, Some(place));
    let mut view = SweepView::new(&results.head, vec![first], 1);
    view.on_page = true;
    results.cells.iter().for_each(|cell| view.push(cell));
    let chart = match view.head.axes.len() {
        2 if view.head.design == "cross" => Some(view.heat(place)),
        1 => view.curve(place),
        _ => None,
    };
    StudyText {
        chart,
        ..view.text()
    }
}

impl<'a> SweepView<'a> {
    /// Shows `shown`, indices of outputs; the first is the one of the sentence, and the first `maps` have a map where there are two axes.
    pub fn new(head: &'a SweepHead, shown: Vec<usize>, maps: usize) -> SweepView<'a> {
        SweepView {
            head,
            maps: maps.min(shown.len()),
            shown,
            on_page: false,
            values: Vec::new(),
            estimates: Vec::new(),
            failed: Vec::new(),
        }
    }

    /// Takes in the next cell.
    pub fn push(&mut self, cell: &SweepCell) {
        if cell.status == CellStatus::Failed {
            let reason = cell.reason.clone().unwrap_or_default();
            self.failed.push((self.values.len(), reason));
        }
        let axes = self.head.axes.iter();
        let values = axes.map(|axis| cell.values.get(&axis.path).cloned());
        self.values.push(values.collect());
        let stats = self.shown.iter().map(|&output| {
            let stat = cell.results.get(&self.head.outputs[output])?;
            stat.as_ref().map(CellEstimate::of)
        });
        self.estimates.push(stats.collect());
    }

    /// Path of the output of the sentence and the first map.
    pub fn first(&self) -> &'a str {
        &self.head.outputs[self.shown[0]]
    }

    pub fn text(&self) -> StudyText {
        let paths = self.head.axes.iter().map(|axis| axis.path.as_str());
        StudyText {
            title: format!(
                "Break-even over {}",
                paths.collect::<Vec<_>>().join(" and ")
            ),
            answer: self.sentence(),
            chart: None,
            blocks: self.cells(),
            footer: footer(
                format!(
                    "{} in each of {} cells, the same draws in all; money in US$ bn",
                    worlds(self.head.manifest.trials),
                    count(self.values.len() as u64)
                ),
                &self.head.reference,
                &self.head.manifest,
            ),
        }
    }

    fn name(&self, shown: usize) -> &'a str {
        &self.head.outputs[self.shown[shown]]
    }

    fn firsts(&self) -> impl Iterator<Item = Option<CellEstimate>> {
        self.estimates
            .iter()
            .map(|cell| cell.first().copied().flatten())
    }

    fn sentence(&self) -> Text {
        let (name, cells) = (code(self.first()), count(self.estimates.len() as u64));
        let known = || {
            self.firsts()
                .enumerate()
                .filter_map(|(k, one)| Some((k, one?)))
        };
        if !is_difference(self.first()) {
            let mean = |one: &(usize, CellEstimate)| one.1.mean;
            let least = known().min_by(|a, b| mean(a).total_cmp(&mean(b)));
            let most = known().max_by(|a, b| mean(a).total_cmp(&mean(b)));
            let (Some((least, _)), Some((most, _))) = (least, most) else {
                return text![name, format!(" has no value in any of {cells} cells.")];
            };
            let ends = [text![name, " runs from "], self.cell(least, 0)].concat();
            let cells = format!(" over {cells} cells.");
            return [ends, plain(" to "), self.cell(most, 0), plain(cells)].concat();
        }
        let with = |sign| known().filter(|(_, one)| one.sign() == sign).count() as u64;
        let varies = known().any(|(_, one)| one.se.is_some_and(|se| se > 0.0));
        let failed = match self.failed.len() {
            0 => String::new(),
            failed => format!("; {failed} failed"),
        };
        marked(&format!(
            "`{}` is above zero in {} of {cells} cells, below in {}, and in {} it is zero or its 90% interval spans zero{failed}{}.{}",
            self.first(),
            count(with(Sign::Above)),
            count(with(Sign::Below)),
            count(with(Sign::Open)),
            of_counts(self.head.manifest.trials, varies),
            self.crossings()
        ))
    }

    /// Where the sign of the first output changes along a single axis.
    fn crossings(&self) -> String {
        let [axis] = &self.head.axes[..] else {
            return String::new();
        };
        let told = self.along(0).into_iter().filter_map(|(value, estimate)| {
            let sign = estimate.sign();
            Some((value, sign)).filter(|_| sign != Sign::Open)
        });
        let told: Vec<(&Value, Sign)> = told.collect();
        let turns = told.windows(2).filter(|pair| pair[0].1 != pair[1].1);
        let turns = turns.map(|pair| {
            let [from, until] = [short(pair[0].0), short(pair[1].0)];
            let to = if pair[1].1 == Sign::Above {
                "above"
            } else {
                "below"
            };
            let path = &axis.path;
            format!(" It goes {to} zero between {path} = {from} and {until}.")
        });
        turns.collect()
    }

    /// The first output of each cell with its value on an axis: in the order of the cells or, of a Latin hypercube, whose cells are in none,
    /// of the values.
    fn along(&self, axis: usize) -> Vec<(&Value, CellEstimate)> {
        let cells = self.values.iter().zip(self.firsts());
        let cells =
            cells.filter_map(|(values, estimate)| Some((values[axis].as_ref()?, estimate?)));
        let mut cells: Vec<(&Value, CellEstimate)> = cells.collect();
        if self.head.design == "latin-hypercube" {
            let x = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
            cells.sort_by(|(a, _), (b, _)| x(a).total_cmp(&x(b)));
        }
        cells
    }

    fn is_map(&self) -> bool {
        self.head.axes.len() == 2
            && self.head.design == "cross"
            && self.head.axes[1].values.len() <= MOST_COLUMNS
    }

    /// Maps of the first outputs or a list of cells, and why some failed.
    fn cells(&self) -> Vec<Block> {
        let mut blocks = match self.is_map() {
            true => self.maps(),
            false => self.list(),
        };
        let reasons = self.failed.iter().take(MOST_REASONS).map(|(at, reason)| {
            let values = self.head.axes.iter().zip(&self.values[*at]);
            let values = values.filter_map(|(axis, value)| {
                Some(format!("{} = {}", axis.path, short(value.as_ref()?)))
            });
            let values: Vec<String> = values.collect();
            plain(format!(
                "cell {at} ({}) failed: {reason}",
                values.join(", ")
            ))
        });
        let mut items: Vec<Text> = reasons.collect();
        if self.failed.len() > items.len() {
            let more = self.failed.len() - items.len();
            items.push(plain(format!("... and {more} more failed cells")));
        }
        if !items.is_empty() {
            blocks.push(Block::List { items });
        }
        blocks
    }

    fn maps(&self) -> Vec<Block> {
        let maps = (0..self.maps).map(|shown| self.map(shown).into());
        let mut blocks: Vec<Block> = maps.collect();
        let others = self.head.outputs.len() - self.maps;
        if others > 0 {
            let place = match self.on_page {
                true => "the results of this study.",
                false => "the results (--json, --out); --output shows another.",
            };
            blocks.push(note(format!(
                "{others} more results of each cell stand in {place}"
            )));
        }
        blocks
    }

    /// Rows are the first axis, columns the second.
    fn map(&self, shown: usize) -> Table {
        let [rows, columns] = [0, 1].map(|axis| &self.head.axes[axis]);
        let width = columns.values.len();
        let caption = match self.on_page {
            true => plain("The numbers of the figure; ~ where the 90% interval spans zero"),
            false => marked(&format!(
                "`{}`, mean over worlds, by {} (down) and {} (across); ~ where the 90% interval spans zero",
                self.name(shown),
                rows.path,
                columns.path
            )),
        };
        let table = Rows::of(0..rows.values.len())
            .column(Heading::words(""), |&row| short(&rows.values[row]))
            .each(0..width, |table, column| {
                let heading = Heading::number(short(&columns.values[column]));
                table.column(heading, |&row| self.cell(row * width + column, shown))
            })
            .table(format!("cells-{}", shown + 1), caption);
        Table {
            repeated: 1,
            ..table
        }
    }

    fn list(&self) -> Vec<Block> {
        let value = |cell: usize, axis: usize| {
            let value = self.values[cell][axis].as_ref();
            value.map_or_else(|| NONE.to_owned(), short)
        };
        let axes: Vec<&str> = self.head.axes.iter().map(|one| one.path.as_str()).collect();
        let outputs: Vec<&str> = (0..self.shown.len()).map(|at| self.name(at)).collect();
        let room = |paths: &[&str]| paths.iter().map(|path| path.len() + 2).sum::<usize>();
        // Paths are not broken, so that they can be copied: where they have no room, letters stand for them.
        let of_axes = room(&axes) + 8 * outputs.len() > ROOM;
        let of_outputs = room(&axes) + room(&outputs) > ROOM;
        let mut letters = ('a'..='z')
            .map(String::from)
            .chain((1..).map(|at| format!("z{at}")));
        let mut legend = Vec::new();
        let mut heading = |path: &str, is_long: bool| {
            let letter = is_long.then(|| letters.next()).flatten();
            Heading::number(letter.map_or_else(
                || path.to_owned(),
                |letter| {
                    legend.push(text![format!("{letter}: "), code(path)]);
                    letter
                },
            ))
        };
        let axes: Vec<Heading> = axes.iter().map(|path| heading(path, of_axes)).collect();
        let outputs: Vec<Heading> = outputs
            .iter()
            .map(|path| heading(path, of_outputs))
            .collect();
        let table = Rows::of(0..self.values.len().min(MOST_ROWS))
            .each(axes.iter().enumerate(), |rows, (at, axis)| {
                rows.column(axis.clone(), |&cell| value(cell, at))
            })
            .each(outputs.iter().enumerate(), |rows, (shown, output)| {
                rows.column(output.clone(), |&cell| self.cell(cell, shown))
            })
            .table(
                "cells",
                "Means over worlds; ~ where the 90% interval spans zero",
            );
        let mut blocks = Vec::new();
        if !legend.is_empty() {
            blocks.push(Block::List { items: legend });
        }
        let repeated = self.head.axes.len();
        blocks.push(Table { repeated, ..table }.into());
        if self.values.len() > MOST_ROWS {
            let more = count((self.values.len() - MOST_ROWS) as u64);
            blocks.push(note(match self.on_page {
                true => format!("{more} more cells stand in the results of this study."),
                false => format!("... and {more} more cells: see the table of cells with --out"),
            }));
        }
        blocks
    }

    /// A result of a cell; a difference with its sign, marked where that is open.
    fn cell(&self, cell: usize, shown: usize) -> Text {
        let Some(one) = self.estimates[cell][shown] else {
            return plain(NONE);
        };
        let name = self.name(shown);
        let path = format!("cells.{cell}.results.{name}.mean");
        if !is_difference(name) {
            // All cells play the same worlds: they differ by less than their common error.
            return text![traced(&number(one.mean, None), one.mean, &path)];
        }
        let written = traced(&signed(one.mean, one.se), one.mean, &path);
        match one.sign() == Sign::Open && one.se.is_some_and(|se| se > 0.0) {
            true => text!["~", written],
            false => text![written],
        }
    }

    /// Two inputs: colours that diverge from zero, hatched where the sign is open, the scenario's own point framed.
    fn heat(&self, place: PlaceOnPage<'_>) -> Chart {
        let [rows, columns] = [0, 1].map(|axis| &self.head.axes[axis]);
        let width = columns.values.len();
        let own = |path: &str, values: &[Value]| -> Vec<bool> {
            let nearest = nearest(place.model, path, values);
            let values = values.iter().map(Value::as_f64);
            values.map(|x| x.is_some() && x == nearest).collect()
        };
        let down = own(&rows.path, &rows.values);
        let across = own(&columns.path, &columns.values);
        let cell = |row: usize, column: usize| {
            let estimate = (*self.estimates.get(row * width + column)?.first()?)?;
            Some(HeatCell {
                value: estimate.mean,
                text: signed(estimate.mean, estimate.se),
                open: estimate.sign() == Sign::Open,
                own: down[row] && across[column],
            })
        };
        let cells = (0..rows.values.len()).map(|row| (0..width).map(|at| cell(row, at)).collect());
        let chart = Heat {
            head: place.head(
                "map",
                format!(
                    "{}, mean over worlds, {}: blue above zero, orange below, hatched where the 90% interval spans zero, framed nearest to the scenario itself",
                    self.first(),
                    place.unit()
                ),
                &format!(
                    "A cell for each pair of values of {} (down) and {} (across).",
                    rows.path, columns.path
                ),
                [&columns.path, &rows.path],
            ),
            columns: columns.values.iter().map(short).collect(),
            rows: rows.values.iter().map(short).collect(),
            cells: cells.collect(),
            most: 0.0,
        };
        chart.chart()
    }

    fn curve(&self, place: PlaceOnPage<'_>) -> Option<Chart> {
        let points = self.along(0).into_iter().filter_map(|(value, estimate)| {
            Some(LinePoint {
                x: value.as_f64()?,
                y: estimate.mean,
                ends: estimate.interval(),
            })
        });
        let line = Line {
            name: self.first().to_owned(),
            points: points.collect(),
        };
        let axis = self.head.axes[0].path.as_str();
        place.curves("curve", [axis, self.first()], vec![line], 0.0)
    }
}

fn is_difference(output: &str) -> bool {
    output.contains(".difference")
}

/// The value of an axis that is nearest to what the scenario has.
fn nearest(model: &Model, path: &str, values: &[Value]) -> Option<f64> {
    let layout = &model.layout;
    let slot = layout.slots().find(|&slot| path_of(model, slot) == path)?;
    let own = model.base[layout.index(slot)];
    // A word stands there.
    if own.is_nan() {
        return None;
    }
    let values = values.iter().filter_map(Value::as_f64);
    values.min_by(|one, other| (one - own).abs().total_cmp(&(other - own).abs()))
}

/// A value of an axis.
fn short(value: &Value) -> String {
    let digits = |x| numbers::short(x, 4);
    value.as_f64().map_or_else(|| value_text(value), digits)
}
