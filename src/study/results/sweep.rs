//! What a sweep found: its document and its tables.

use crate::study::pieces::{StudyError, of_piece, to_piece, write_numbers};
use crate::study::results::columns::unit_of;
use crate::study::results::run::Manifest;
use crate::study::results::sheet::{Sheet, SheetHeading};
use crate::theory::stats::interval::Z90;
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// The table of cells, without its ending.
pub const CELLS: &str = "cells";
/// The table of the worlds of cells, without its ending.
pub const WORLDS: &str = "worlds";
/// The map of a sweep along two axes.
pub const MAP: &str = "map.csv";

/// Name of each output of a cell with its distribution, null where no world has the number.
pub type Outputs = IndexMap<String, Option<Stat>>;

/// The results of a sweep. With `--keep trials`, worlds.csv has a row for each cell and world: cell, the varied paths, trial, what was drawn
/// (PATH, or PATH.drawn where an axis has that path; event.NAME.came), and each output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepResults {
    /// What it was.
    #[serde(flatten)]
    pub head: SweepHead,
    /// The cells; of a cross, the last axis moves fastest.
    pub cells: Vec<SweepCell>,
}

/// What a sweep is, before any cell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepHead {
    /// Identity.
    pub manifest: Manifest,
    /// Arm that differences are taken to.
    pub reference: String,
    /// "cross", "one-at-a-time", "zip" or "latin-hypercube".
    pub design: String,
    /// What varies.
    pub axes: Vec<SweepAxis>,
    /// Paths of the results of a cell.
    pub outputs: Vec<String>,
}

/// One thing that varies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepAxis {
    /// Its path.
    pub path: String,
    /// Its values: numbers, switches, or text (TOML for anything else); of "zip" and "latin-hypercube" one for each cell.
    pub values: Vec<serde_json::Value>,
}

/// How a cell ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum CellStatus {
    /// It has results.
    Done,
    /// It has none, for a reason.
    Failed,
}

/// One scenario of the grid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SweepCell {
    /// Value of each varied path; a path that the cell leaves as it is, is absent.
    pub values: IndexMap<String, serde_json::Value>,
    /// How it ended.
    pub status: CellStatus,
    /// Why it failed; null for one that did not.
    pub reason: Option<String>,
    /// Distribution of each output; none for a failed cell.
    pub results: Outputs,
}

impl SweepResults {
    /// As `results.json` holds it: one cell a line.
    pub fn to_json(&self) -> String {
        let mut text = self.head.opening();
        for (index, cell) in self.cells.iter().enumerate() {
            text += &cell.line(index == 0);
        }
        text + CLOSING
    }
}

/// The end of the document.
pub const CLOSING: &str = "\n  ]\n}\n";

impl SweepHead {
    /// The document up to its first cell.
    pub fn opening(&self) -> String {
        let text = serde_json::to_string_pretty(self)
            .expect("keys are strings and there are no fractions but finite ones");
        let open = text.strip_suffix("\n}").unwrap_or(&text);
        format!("{open},\n  \"cells\": [")
    }
}

impl SweepCell {
    /// The cell as a line of the document, with what parts it from the one before.
    pub fn line(&self, first: bool) -> String {
        let text = serde_json::to_string(self)
            .expect("keys are strings and numbers are finite, so that it is valid JSON");
        format!("{}\n    {text}", if first { "" } else { "," })
    }
}

/// A cell as the bytes of a piece: its JSON on one line and, if there are any, the numbers of its worlds behind it.
pub fn write_piece(cell: &SweepCell, worlds: &[f64]) -> Vec<u8> {
    let mut bytes = to_piece(cell);
    if !worlds.is_empty() {
        bytes.push(b'\n');
        write_numbers(&mut bytes, worlds);
    }
    bytes
}

/// The cell of a piece, and the bytes of the numbers of its worlds.
///
/// # Errors
/// It is no such piece.
pub fn read_piece(piece: &[u8]) -> Result<(SweepCell, &[u8]), StudyError> {
    // JSON on one line has no line break in it.
    let end = piece.iter().position(|&byte| byte == b'\n');
    let (cell, worlds) = match end {
        None => (piece, &[][..]),
        Some(end) => (&piece[..end], &piece[end + 1..]),
    };
    Ok((of_piece(cell)?, worlds))
}

/// A value of an axis, from TOML to JSON.
pub fn axis_value(text: &str) -> serde_json::Value {
    if let Ok(number) = text.parse::<f64>()
        && number.is_finite()
    {
        return serde_json::json!(number);
    }
    match text {
        "true" => true.into(),
        "false" => false.into(),
        _ => text.trim_matches(['"', '\'']).into(),
    }
}

/// A mean and its standard error, which a single world has not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellEstimate {
    /// Mean over worlds.
    pub mean: f64,
    /// Its standard error.
    pub se: Option<f64>,
}

/// Whether an estimate is told from zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// Its 90% interval lies above zero.
    Above,
    /// Below.
    Below,
    /// Its interval spans zero.
    Open,
}

impl CellEstimate {
    /// Of a distribution.
    pub fn of(stat: &Stat) -> CellEstimate {
        CellEstimate {
            mean: stat.mean,
            se: stat.se,
        }
    }

    /// The 90% interval of the mean, mean ± 1.645·se.
    pub fn interval(&self) -> (f64, f64) {
        let half = Z90 * self.se.unwrap_or(0.0);
        (self.mean - half, self.mean + half)
    }

    /// Whether it is told from zero: by its 90% interval, beyond rounding.
    pub fn sign(&self) -> Sign {
        let (low, high) = self.interval();
        match (low > ROUNDING, high < -ROUNDING) {
            (true, _) => Sign::Above,
            (_, true) => Sign::Below,
            _ => Sign::Open,
        }
    }
}

/// What sums of rounding can make of zero, USD bn.
const ROUNDING: f64 = 1e-9;

/// Columns of the table of cells: the varied paths, how the cell ended, and for each output its distribution.
pub fn headings(head: &SweepHead) -> Vec<SheetHeading> {
    let mut headings = vec![SheetHeading::index("cell")];
    headings.extend(head.axes.iter().map(axis_heading));
    headings.extend(["status", "reason"].map(SheetHeading::label));
    for output in &head.outputs {
        let unit = unit_of(output);
        let columns = STATISTICS.iter();
        headings.extend(
            columns.map(|(name, _)| SheetHeading::number(&format!("{output}.{name}"), unit)),
        );
    }
    headings
}

/// Columns of the table of worlds: the cell, the varied paths, the world, what is drawn, and the number of each output in that world. A
/// drawn quantity has its path, with `.drawn` behind it where an axis has that path.
pub fn world_headings(head: &SweepHead, draws: &[SheetHeading]) -> Vec<SheetHeading> {
    let mut headings = vec![SheetHeading::index("cell")];
    headings.extend(head.axes.iter().map(axis_heading));
    headings.push(SheetHeading::index("trial"));
    headings.extend(draws.iter().cloned().map(|mut draw| {
        if head.axes.iter().any(|axis| axis.path == draw.name) {
            draw.name += ".drawn";
        }
        draw
    }));
    let outputs = head.outputs.iter();
    headings.extend(outputs.map(|output| SheetHeading::number(output, unit_of(output))));
    headings
}

/// Writes the rows of a cell, one for each of its worlds; of each, `numbers` holds what is drawn and the outputs.
///
/// # Errors
/// What writing returns.
pub fn write_worlds<W: Write + Send>(
    sheet: &mut Sheet<W>,
    head: &SweepHead,
    index: u64,
    cell: &SweepCell,
    numbers: &[f64],
) -> io::Result<()> {
    let worlds = (head.manifest.trials as usize).max(1);
    let columns = (numbers.len() / worlds).max(1);
    for (world, numbers) in numbers.chunks(columns).enumerate() {
        sheet.index(index)?;
        write_axes(sheet, head, cell)?;
        sheet.index(world as u64)?;
        for &number in numbers {
            sheet.number(number)?;
        }
        sheet.end_row()?;
    }
    Ok(())
}

fn axis_heading(axis: &SweepAxis) -> SheetHeading {
    match is_numeric(axis) {
        true => SheetHeading::number(&axis.path, ""),
        false => SheetHeading::label(&axis.path),
    }
}

fn is_numeric(axis: &SweepAxis) -> bool {
    axis.values.iter().all(serde_json::Value::is_number)
}

type CellStatistic = (&'static str, fn(&Stat) -> Option<f64>);

/// What of a distribution the table of cells holds.
const STATISTICS: [CellStatistic; 8] = [
    ("mean", |stat| Some(stat.mean)),
    ("sd", |stat| stat.sd),
    ("se", |stat| stat.se),
    ("p05", |stat| Some(stat.p05)),
    ("p50", |stat| Some(stat.p50)),
    ("p95", |stat| Some(stat.p95)),
    ("min", |stat| Some(stat.min)),
    ("max", |stat| Some(stat.max)),
];

/// Writes the row of a cell.
///
/// # Errors
/// What writing returns.
pub fn write_row<W: Write + Send>(
    sheet: &mut Sheet<W>,
    head: &SweepHead,
    index: u64,
    cell: &SweepCell,
) -> io::Result<()> {
    sheet.index(index)?;
    write_axes(sheet, head, cell)?;
    sheet.label(match cell.status {
        CellStatus::Done => "done",
        CellStatus::Failed => "failed",
    })?;
    sheet.label(cell.reason.as_deref().unwrap_or_default())?;
    for output in &head.outputs {
        let stat = cell.results.get(output).and_then(Option::as_ref);
        for (_, of) in STATISTICS {
            sheet.number(stat.and_then(of).unwrap_or(f64::NAN))?;
        }
    }
    sheet.end_row()
}

/// The value of each axis in a cell; nothing where the cell leaves it.
fn write_axes<W: Write + Send>(
    sheet: &mut Sheet<W>,
    head: &SweepHead,
    cell: &SweepCell,
) -> io::Result<()> {
    for axis in &head.axes {
        let value = cell.values.get(&axis.path);
        if is_numeric(axis) {
            let number = value.and_then(serde_json::Value::as_f64);
            sheet.number(number.unwrap_or(f64::NAN))?;
        } else {
            sheet.label(&value.map_or_else(String::new, plain))?;
        }
    }
    Ok(())
}

/// A value of an axis as text.
pub fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Number(number) => number
            .as_f64()
            .map_or_else(|| number.to_string(), |x| x.to_string()),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_json() {
        assert_eq!(axis_value("0.5"), serde_json::json!(0.5));
        assert_eq!(axis_value("true"), serde_json::json!(true));
        assert_eq!(axis_value("nash"), serde_json::json!("nash"));
        assert_eq!(axis_value("\"all\""), serde_json::json!("all"));
        assert_eq!(plain(&axis_value("2")), "2");
        assert_eq!(plain(&axis_value("['A']")), "['A']");
    }

    #[test]
    fn signs_follow_the_interval() {
        let sign = |mean, se| CellEstimate { mean, se }.sign();
        assert_eq!(sign(1.0, Some(0.5)), Sign::Above);
        assert_eq!(sign(1.0, Some(0.7)), Sign::Open);
        assert_eq!(sign(-1.0, Some(0.5)), Sign::Below);
        assert_eq!(sign(-1.0, None), Sign::Below);
        assert_eq!(sign(1e-12, None), Sign::Open);
    }
}
