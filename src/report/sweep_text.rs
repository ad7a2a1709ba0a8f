//! What a reader sees of a sweep: one sentence, then a curve, a map or a list of cells.

use crate::report::render::terminal::table;
use crate::report::wrap::wrapped;
use crate::study::results::sweep::{CellEstimate, CellStatus, Sign, SweepCell, SweepHead, plain};
use crate::theory::spelling::units::{count, number, signed, worlds};
use std::fmt::Write as _;

/// Cells of a list that are shown; the rest is in the files.
const MOST_ROWS: usize = 60;

/// Columns of a map, at most.
const MOST_COLUMNS: usize = 12;

/// Failed cells whose reasons are shown.
const MOST_REASONS: usize = 5;

/// What the text needs of the cells, taken in one by one.
#[derive(Debug, Clone)]
pub struct SweepView<'a> {
    head: &'a SweepHead,
    /// Outputs that are shown, as indices.
    shown: Vec<usize>,
    /// How many of them have a map.
    maps: usize,
    values: Vec<Vec<Option<String>>>,
    estimates: Vec<Vec<Option<CellEstimate>>>,
    failed: Vec<(usize, String)>,
}

impl<'a> SweepView<'a> {
    /// Shows `shown`, indices of outputs; the first is the one of the sentence, and the first `maps` have a map where there are two axes.
    pub fn new(head: &'a SweepHead, shown: Vec<usize>, maps: usize) -> SweepView<'a> {
        SweepView {
            head,
            shown,
            maps,
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
        let values = axes.map(|axis| cell.values.get(&axis.path).map(short));
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

    /// How many cells failed.
    pub fn failures(&self) -> usize {
        self.failed.len()
    }

    /// The text, `width` columns wide.
    pub fn text(&self, width: usize) -> String {
        let mut text = wrapped(&self.sentence(), width);
        text.push('\n');
        text += &match self.head.axes.len() {
            2 if self.head.design == "cross" && self.columns() <= MOST_COLUMNS => self.maps(width),
            _ => self.list(width),
        };
        text += &self.reasons(width);
        text.push('\n');
        text += &wrapped(&self.footer(), width);
        text
    }

    fn name(&self, shown: usize) -> &str {
        &self.head.outputs[self.shown[shown]]
    }

    fn firsts(&self) -> impl Iterator<Item = Option<CellEstimate>> {
        self.estimates
            .iter()
            .map(|cell| cell.first().copied().flatten())
    }

    fn sentence(&self) -> String {
        let cells = self.estimates.len();
        let name = self.name(0);
        let with = |sign| {
            let estimates = self.firsts().flatten();
            estimates.filter(|one| one.sign() == sign).count()
        };
        let (above, below, open) = (with(Sign::Above), with(Sign::Below), with(Sign::Open));
        if !name.contains(".difference") {
            let means = self.firsts().flatten().map(|one| one.mean);
            let (low, high) = means.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                (low.min(x), high.max(x))
            });
            return match low <= high {
                true => format!(
                    "`{name}` runs from {} to {} over {cells} cells.",
                    number(low, None),
                    number(high, None)
                ),
                false => format!("`{name}` has no value in any of {cells} cells."),
            };
        }
        let tail = match self.failed.len() {
            0 => String::new(),
            failed => format!("; {failed} failed"),
        };
        let crossing = self.crossings();
        format!(
            "`{name}` is above zero in {} of {} cells, below in {}, and in {} it is zero or its 90% interval spans zero{tail}.{crossing}",
            count(above as u64),
            count(cells as u64),
            count(below as u64),
            count(open as u64),
        )
    }

    /// Where the sign of the first output changes along a single axis.
    fn crossings(&self) -> String {
        let [axis] = &self.head.axes[..] else {
            return String::new();
        };
        let cells = self.values.iter().zip(self.firsts());
        let told = cells.filter_map(|(values, estimate)| {
            let sign = estimate?.sign();
            Some((values[0].clone()?, sign)).filter(|_| sign != Sign::Open)
        });
        let told: Vec<(String, Sign)> = told.collect();
        let mut text = String::new();
        for pair in told.windows(2).filter(|pair| pair[0].1 != pair[1].1) {
            let to = match pair[1].1 {
                Sign::Above => "above",
                _ => "below",
            };
            let _ = write!(
                text,
                " It goes {to} zero between {} = {} and {}.",
                axis.path, pair[0].0, pair[1].0
            );
        }
        text
    }

    fn columns(&self) -> usize {
        self.head.axes[1].values.len()
    }

    fn maps(&self, width: usize) -> String {
        let maps = (0..self.maps.min(self.shown.len())).map(|shown| self.map(shown, width));
        let mut text = maps.collect::<Vec<String>>().join("\n");
        let others = self.head.outputs.len() - self.maps.min(self.shown.len());
        if others > 0 {
            let line = format!(
                "{others} more results of each cell: see --json or --out, or name one with --output."
            );
            text += &wrapped(&line, width);
        }
        text
    }

    /// Rows are the first axis, columns the second.
    fn map(&self, shown: usize, width: usize) -> String {
        let [rows, columns] = &self.head.axes[..] else {
            return String::new();
        };
        let title = format!(
            "`{}`, mean over worlds, by {} (down) and {} (across); ~ where the 90% interval spans zero",
            self.name(shown),
            rows.path,
            columns.path
        );
        let header: Vec<String> = [String::new()]
            .into_iter()
            .chain(columns.values.iter().map(short))
            .collect();
        let estimates = self.estimates.iter();
        let estimates = estimates.map(|cell| cell.get(shown).copied().flatten());
        let estimates: Vec<Option<CellEstimate>> = estimates.collect();
        let body = rows.values.iter().zip(estimates.chunks(self.columns()));
        let body = body.map(|(value, estimates)| {
            let difference = self.name(shown).contains(".difference");
            let cells = estimates.iter().map(|one| cell(*one, difference));
            [short(value)].into_iter().chain(cells).collect()
        });
        wrapped(&title, width) + &table(&header, body.collect(), width)
    }

    fn list(&self, width: usize) -> String {
        // One path fits as a heading, several may not.
        let paths = self.head.axes.iter().map(|axis| axis.path.clone());
        let paths: Vec<String> = paths.collect();
        let axes: Vec<String> = match paths.len() {
            1 => paths.clone(),
            axes => (1..=axes).map(|axis| format!("axis {axis}")).collect(),
        };
        let names = (0..self.shown.len()).map(|shown| self.name(shown).to_owned());
        let names: Vec<String> = names.collect();
        let keys: Vec<String> = (0..names.len()).map(letter).collect();
        let mut text = wrapped(
            "Means over worlds; ~ where the 90% interval spans zero",
            width,
        );
        let several = axes.iter().zip(&paths).filter(|(axis, path)| axis != path);
        for (key, name) in several.chain(keys.iter().zip(&names)) {
            let _ = writeln!(text, "  {key}  {name}");
        }
        let header: Vec<String> = axes.into_iter().chain(keys).collect();
        let rows = self.values.iter().zip(&self.estimates).take(MOST_ROWS);
        let rows = rows.map(|(values, estimates)| {
            let values = values.iter();
            let values = values.map(|value| value.clone().unwrap_or_else(|| "·".to_owned()));
            let cells = estimates.iter().zip(&names);
            let cells = cells.map(|(one, name)| cell(*one, name.contains(".difference")));
            values.chain(cells).collect()
        });
        text += &table(&header, rows.collect(), width);
        if self.values.len() > MOST_ROWS {
            let more = count((self.values.len() - MOST_ROWS) as u64);
            let _ = writeln!(
                text,
                "... and {more} more cells: see the table of cells with --out"
            );
        }
        text
    }

    fn reasons(&self, width: usize) -> String {
        let mut text = String::new();
        for (index, reason) in self.failed.iter().take(MOST_REASONS) {
            let values = self.head.axes.iter().zip(&self.values[*index]);
            let values = values
                .filter_map(|(axis, value)| Some(format!("{} = {}", axis.path, value.as_ref()?)));
            let values: Vec<String> = values.collect();
            let line = format!("cell {index} ({}) failed: {reason}", values.join(", "));
            text.push('\n');
            text += &wrapped(&line, width);
        }
        if self.failed.len() > MOST_REASONS {
            let more = self.failed.len() - MOST_REASONS;
            let _ = writeln!(text, "... and {more} more failed cells");
        }
        text
    }

    fn footer(&self) -> String {
        let manifest = &self.head.manifest;
        format!(
            "{} in each of {} cells, the same draws in all; differences are to `{}`; money in US$ bn; seed {}.",
            worlds(manifest.trials),
            count(self.values.len() as u64),
            self.head.reference,
            manifest.seed
        )
    }
}

/// A value of an axis to four digits.
fn short(value: &serde_json::Value) -> String {
    let rounded = value
        .as_f64()
        .and_then(|x| format!("{x:.3e}").parse::<f64>().ok());
    rounded.map_or_else(|| plain(value), |x| x.to_string())
}

/// a, b, ..., z, then a1 and so on.
fn letter(index: usize) -> String {
    let letter = char::from(b'a' + (index % 26) as u8);
    match index / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

fn cell(estimate: Option<CellEstimate>, is_difference: bool) -> String {
    let Some(one) = estimate else {
        return "·".to_owned();
    };
    if !is_difference {
        // All cells play the same worlds: they differ by less than their common error.
        return number(one.mean, None);
    }
    let open = one.sign() == Sign::Open && one.se.is_some_and(|se| se > 0.0);
    let mark = if open { "~" } else { "" };
    format!("{mark}{}", signed(one.mean, one.se))
}
