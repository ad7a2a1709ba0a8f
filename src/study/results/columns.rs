//! Columns of a run as files, one row at a time in the order of trials.
//!
//! | file, ending in `.csv` or `.parquet` | a row for each trial and | columns |
//! | --- | --- | --- |
//! | `trials` | arm, state | every metric of a state, `causes.NAME` |
//! | `arms` | arm | totals, `causes.NAME`, `accord_formed`, `accord_size`, `accord_rounds`, `term.ID` |
//! | `hyperscalers` | arm, hyperscaler | every metric of a hyperscaler |
//! | `windows` | arm, window, state | `payoff`, `leverage`, `investment`, `member`, `joined`, `yes`, `left` of the state; `deals`, `accord_size`, `rounds`, `gini`, `region_investment`, `herfindahl`, `region_leverage` of the window |
//! | `pairs` | arm, state, hyperscaler | `signed`, the share of windows |
//! | `draws` | nothing else | one for each uncertain path, then `event.NAME.came` |
//!
//! An empty cell means that the trial has no such number. Numbers are written so that they read back exactly.

use crate::engine::model::Model;
use crate::engine::model::words::unit_of_metric;
use crate::engine::outcome::{
    CauseMetric, HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric, WindowMetric,
    WindowStateMetric,
};
use crate::engine::simulate::Trial;
use crate::study::results::quantity::Quantity;
use crate::study::results::sheet::{Format, Sheet, SheetHeading};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// Which files a run keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// All of them.
    #[serde(alias = "Trials")]
    Trials,
    /// The draws alone.
    #[serde(alias = "Summary")]
    Summary,
}

/// Names of all files, without their ending.
pub const FILES: [&str; 6] = ["trials", "arms", "hyperscalers", "windows", "pairs", DRAWS];

const DRAWS: &str = "draws";

/// Unit of what is or is not.
const OR_NOT: &str = "0 or 1";

impl Keep {
    /// Both.
    pub const ALL: [Keep; 2] = [Keep::Trials, Keep::Summary];

    /// Its name, as it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Keep::Trials => "trials",
            Keep::Summary => "summary",
        }
    }

    /// The files that are kept, without their ending.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            Keep::Trials => &FILES,
            Keep::Summary => &FILES[FILES.len() - 1..],
        }
    }
}

/// The files of a run, open for writing.
pub struct Columns<'m, W: Write + Send> {
    model: &'m Model,
    layout: OutcomeLayout,
    files: Vec<(&'static str, Sheet<W>)>,
}

impl<'m, W: Write + Send> Columns<'m, W> {
    /// Opens the files named `names`, of [`FILES`], with `open`, which gets the name with its ending, and writes their headers.
    ///
    /// # Errors
    /// What opening or writing returns.
    pub fn new(
        model: &'m Model,
        names: &[&'static str],
        format: Format,
        mut open: impl FnMut(&str) -> io::Result<W>,
    ) -> io::Result<Columns<'m, W>> {
        let mut files = Vec::new();
        for &name in names {
            let writer = open(&file_name(name, format))?;
            files.push((name, Sheet::new(format, &headings(model, name), writer)?));
        }
        Ok(Columns {
            model,
            layout: model.outcome_layout(),
            files,
        })
    }

    /// Writes the rows of the next trial.
    ///
    /// # Errors
    /// What writing returns.
    pub fn push(&mut self, trial: Trial<'_>) -> io::Result<()> {
        for (name, sheet) in &mut self.files {
            let mut out = RowWriter {
                sheet,
                trial: trial.index,
                model: self.model,
                layout: &self.layout,
            };
            if *name == DRAWS {
                out.row(&[], trial.draws.iter().copied())?;
                continue;
            }
            let rows = trial.rows.chunks(self.layout.len());
            for (arm, row) in self.model.arms.iter().zip(rows) {
                out.arm(name, &arm.name, row)?;
            }
        }
        Ok(())
    }

    /// Completes the files and gives their writers back, each with its name without its ending.
    ///
    /// # Errors
    /// What writing returns.
    pub fn finish(self) -> io::Result<Vec<(&'static str, W)>> {
        let files = self.files.into_iter();
        files
            .map(|(name, sheet)| Ok((name, sheet.finish()?)))
            .collect()
    }
}

/// The name of a file with its ending.
pub fn file_name(name: &str, format: Format) -> String {
    format!("{name}.{}", format.ending())
}

fn headings(model: &Model, name: &str) -> Vec<SheetHeading> {
    let metric = |name: &str| SheetHeading::number(name, unit(name));
    let mut headings = vec![SheetHeading::index("trial")];
    let mut labels = |labels: &[&str]| {
        let labels = labels.iter().map(|&label| match label {
            "window" => SheetHeading::index(label),
            label => SheetHeading::label(label),
        });
        headings.extend(labels);
    };
    match name {
        "trials" => {
            labels(&["arm", "state"]);
            headings.extend(StateMetric::ALL.iter().map(|m| metric(m.name())));
            headings.extend(CauseMetric::ALL.iter().map(|&m| metric(&cause_column(m))));
        }
        "arms" => {
            labels(&["arm"]);
            headings.extend(TotalMetric::ALL.iter().map(|m| metric(m.name())));
            headings.extend(CauseMetric::ALL.iter().map(|&m| metric(&cause_column(m))));
            headings.extend(["accord_formed", "accord_size", "accord_rounds"].map(metric));
            let terms = model.terms.iter();
            headings.extend(terms.map(|term| metric(&format!("term.{}", term.id))));
        }
        "hyperscalers" => {
            labels(&["arm", "hyperscaler"]);
            headings.extend(HyperscalerMetric::ALL.iter().map(|m| metric(m.name())));
        }
        "windows" => {
            labels(&["arm", "window", "state"]);
            headings.extend(WindowStateMetric::ALL.iter().map(|m| metric(m.name())));
            headings.extend(WindowMetric::ALL.iter().map(|m| metric(m.name())));
        }
        "pairs" => {
            labels(&["arm", "state", "hyperscaler"]);
            headings.push(metric("signed"));
        }
        _ => headings.extend((0..model.draws_len()).map(|index| draw_heading(model, index))),
    }
    headings
}

/// The column of a draw of a model: its name, and its unit as the scenario says it.
pub fn draw_heading(model: &Model, index: usize) -> SheetHeading {
    let name = model.draw_name(index);
    let provenance = model.provenance.iter().find(|from| from.path == name);
    let unit = match index < model.uncertain.len() {
        true => provenance.and_then(|from| from.unit.as_deref()),
        false => Some(OR_NOT),
    };
    SheetHeading::number(&name, unit.unwrap_or_default())
}

/// The unit of a result by its path; empty for none.
pub(crate) fn unit_of(path: &str) -> &'static str {
    // The first part is the name of an arm, which may be that of a metric.
    let parts = path.split_once('.').map_or(path, |(_, parts)| parts);
    let mut units = parts.split('.').rev().map(unit);
    units.find(|unit| !unit.is_empty()).unwrap_or_default()
}

/// The unit of a metric, or of another number that tables have.
pub(crate) fn unit(name: &str) -> &'static str {
    match name {
        "accord_rounds" => "rounds",
        "signed" => "share",
        cause if cause.starts_with("causes.") => unit_of_metric(&cause["causes.".len()..]),
        "accord_formed" => OR_NOT,
        metric => unit_of_metric(metric),
    }
}

/// What names a row besides its trial.
enum RowName<'a> {
    /// A name or an id.
    Label(&'a str),
    /// A window.
    Index(u64),
}

use RowName::{Index, Label};

/// One file, at one trial.
struct RowWriter<'a, W: Write + Send> {
    sheet: &'a mut Sheet<W>,
    trial: u64,
    model: &'a Model,
    layout: &'a OutcomeLayout,
}

impl<W: Write + Send> RowWriter<'_, W> {
    fn row(&mut self, keys: &[RowName], numbers: impl Iterator<Item = f64>) -> io::Result<()> {
        self.sheet.index(self.trial)?;
        for key in keys {
            match key {
                Label(label) => self.sheet.label(label)?,
                Index(index) => self.sheet.index(*index)?,
            }
        }
        for number in numbers {
            self.sheet.number(number)?;
        }
        self.sheet.end_row()
    }

    /// The rows of one arm in the file `name`.
    fn arm(&mut self, name: &str, arm: &str, row: &[f64]) -> io::Result<()> {
        match name {
            "trials" => self.states(arm, row),
            "arms" => self.row(&[Label(arm)], arm_numbers(self.layout, row)),
            "hyperscalers" => self.hyperscalers(arm, row),
            "windows" => self.windows(arm, row),
            _ => self.pairs(arm, row),
        }
    }

    fn states(&mut self, arm: &str, row: &[f64]) -> io::Result<()> {
        let (model, layout) = (self.model, self.layout);
        for (i, state) in model.states.iter().enumerate() {
            let metrics = StateMetric::ALL.iter();
            let numbers = metrics.map(|&m| row[layout.state(i, m)]);
            let numbers = numbers.chain(causes(layout, row, Some(i)));
            self.row(&[Label(arm), Label(&state.id)], numbers)?;
        }
        Ok(())
    }

    fn hyperscalers(&mut self, arm: &str, row: &[f64]) -> io::Result<()> {
        let (model, layout) = (self.model, self.layout);
        for (h, hyperscaler) in model.hyperscalers.iter().enumerate() {
            let metrics = HyperscalerMetric::ALL.iter();
            let numbers = metrics.map(|&m| row[layout.hyperscaler(h, m)]);
            self.row(&[Label(arm), Label(&hyperscaler.id)], numbers)?;
        }
        Ok(())
    }

    fn windows(&mut self, arm: &str, row: &[f64]) -> io::Result<()> {
        let (model, layout) = (self.model, self.layout);
        for w in 0..layout.windows {
            for (i, state) in model.states.iter().enumerate() {
                let of_state = WindowStateMetric::ALL.iter();
                let of_state = of_state.map(|&m| row[layout.window_state(w, i, m)]);
                let of_window = WindowMetric::ALL.iter().map(|&m| row[layout.window(w, m)]);
                let keys = [Label(arm), Index(w as u64), Label(&state.id)];
                self.row(&keys, of_state.chain(of_window))?;
            }
        }
        Ok(())
    }

    fn pairs(&mut self, arm: &str, row: &[f64]) -> io::Result<()> {
        let (model, layout) = (self.model, self.layout);
        for (i, state) in model.states.iter().enumerate() {
            for (h, hyperscaler) in model.hyperscalers.iter().enumerate() {
                let signed = row[layout.signed(i, h)];
                let keys = [Label(arm), Label(&state.id), Label(&hyperscaler.id)];
                self.row(&keys, [signed].into_iter())?;
            }
        }
        Ok(())
    }
}

fn arm_numbers(layout: &OutcomeLayout, row: &[f64]) -> impl Iterator<Item = f64> {
    let totals = TotalMetric::ALL.iter().map(|&m| row[layout.total(m)]);
    let accord = [layout.formed(), layout.size(), layout.rounds()].map(|at| row[at]);
    let terms = (0..layout.terms).map(|k| row[layout.term(k)]);
    let causes = causes(layout, row, None);
    totals.chain(causes).chain(accord).chain(terms)
}

/// The column of a cause.
pub fn cause_column(cause: CauseMetric) -> String {
    format!("causes.{}", cause.name())
}

fn causes(layout: &OutcomeLayout, row: &[f64], of: Option<usize>) -> impl Iterator<Item = f64> {
    let causes = CauseMetric::ALL.iter();
    causes.map(move |&cause| row[Quantity::Cause(of, cause).position(layout)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::{PAYOFFS, model, rows};

    fn written(keep: Keep) -> Vec<(&'static str, String)> {
        let model = model();
        let mut columns =
            Columns::new(&model, keep.files(), Format::Csv, |_| Ok(Vec::new())).expect("memory");
        for (index, payoffs) in PAYOFFS[..2].iter().enumerate() {
            let trial = Trial {
                index: index as u64,
                rows: &rows(&model, payoffs),
                draws: &[],
            };
            columns.push(trial).expect("memory");
        }
        let files = columns.finish().expect("memory").into_iter();
        let text = |bytes| String::from_utf8(bytes).expect("ASCII");
        files.map(|(name, bytes)| (name, text(bytes))).collect()
    }

    #[test]
    fn files_have_their_rows() {
        let lines = [2 * 3 * 2, 2 * 3, 2 * 3, 2 * 3 * 2 * 2, 2 * 3 * 2, 2];
        for ((name, text), rows) in written(Keep::Trials).iter().zip(lines) {
            assert_eq!(text.lines().count(), rows + 1, "{name}");
        }
        let arms = &written(Keep::Trials)[1].1;
        let last = arms.lines().last().expect("rows");
        // The second trial has no deals, so no term level, and no Gini.
        assert_eq!(last, "1,bloc,0,3,0.5,0,2,0,0,,0,0,0,0,0,0,0,0,0,1,2,1,");
        assert_eq!(
            written(Keep::Summary),
            [("draws", "trial\n0\n1\n".to_owned())]
        );
    }
}
