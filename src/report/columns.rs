//! Columns of a run as CSV files, one row at a time in the order of trials.
//!
//! | file | a row for each trial and | columns |
//! | --- | --- | --- |
//! | `trials.csv` | arm, state | every metric of a state |
//! | `arms.csv` | arm | totals, `accord_formed`, `accord_size`, `accord_rounds`, `term.ID` |
//! | `hyperscalers.csv` | arm, hyperscaler | every metric of a hyperscaler |
//! | `windows.csv` | arm, window, state | `payoff`, `leverage`, `member`, `left` of the state; `deals`, `accord_size`, `rounds`, `gini` of the window |
//! | `pairs.csv` | arm, state, hyperscaler | `signed`, the share of windows |
//! | `draws.csv` | nothing else | one for each uncertain path |
//!
//! An empty cell means that the trial has no such number. Numbers are written so that they read back exactly.

use crate::model::Model;
use crate::outcome::{
    HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric, WindowMetric, WindowStateMetric,
};
use crate::simulate::Trial;
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// Which files a run keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// All of them.
    Trials,
    /// The draws alone.
    Summary,
}

/// Names of all files.
pub const FILES: [&str; 6] = [
    "trials.csv",
    "arms.csv",
    "hyperscalers.csv",
    "windows.csv",
    "pairs.csv",
    DRAWS,
];

const DRAWS: &str = "draws.csv";

impl Keep {
    /// The files that are kept.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            Keep::Trials => &FILES,
            Keep::Summary => &FILES[FILES.len() - 1..],
        }
    }
}

/// The files of a run, open for writing.
pub struct Columns<'m, W: Write> {
    model: &'m Model,
    layout: OutcomeLayout,
    files: Vec<(&'static str, csv::Writer<W>)>,
    /// Text of one number, used again and again.
    cell: String,
}

impl<'m, W: Write> Columns<'m, W> {
    /// Opens the files named `names`, of [`FILES`], with `open` and writes their headers.
    ///
    /// # Errors
    /// What opening or writing returns.
    pub fn new(
        model: &'m Model,
        names: &[&'static str],
        mut open: impl FnMut(&str) -> io::Result<W>,
    ) -> io::Result<Columns<'m, W>> {
        let mut files = Vec::new();
        for &name in names {
            let mut writer = csv::Writer::from_writer(open(name)?);
            writer.write_record(header(model, name))?;
            files.push((name, writer));
        }
        Ok(Columns {
            model,
            layout: model.outcome_layout(),
            files,
            cell: String::new(),
        })
    }

    /// Writes the rows of the next trial.
    ///
    /// # Errors
    /// What writing returns.
    pub fn push(&mut self, trial: Trial<'_>) -> io::Result<()> {
        let index = trial.index.to_string();
        for (name, writer) in &mut self.files {
            let mut out = Rows {
                writer,
                cell: &mut self.cell,
                trial: &index,
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

    /// Flushes the files and gives them back, each with its name.
    ///
    /// # Errors
    /// What writing returns.
    pub fn finish(self) -> io::Result<Vec<(&'static str, W)>> {
        let files = self.files.into_iter();
        files
            .map(|(name, writer)| match writer.into_inner() {
                Ok(inner) => Ok((name, inner)),
                Err(error) => Err(error.into_error()),
            })
            .collect()
    }
}

fn header(model: &Model, name: &str) -> Vec<String> {
    let mut header: Vec<String> = vec!["trial".to_owned()];
    let mut add = |words: &[&str]| header.extend(words.iter().map(|&word| word.to_owned()));
    match name {
        "trials.csv" => {
            add(&["arm", "state"]);
            StateMetric::ALL.iter().for_each(|m| add(&[m.name()]));
        }
        "arms.csv" => {
            add(&["arm"]);
            TotalMetric::ALL.iter().for_each(|m| add(&[m.name()]));
            add(&["accord_formed", "accord_size", "accord_rounds"]);
            let terms = model.terms.iter();
            terms.for_each(|term| add(&[&format!("term.{}", term.id)]));
        }
        "hyperscalers.csv" => {
            add(&["arm", "hyperscaler"]);
            HyperscalerMetric::ALL.iter().for_each(|m| add(&[m.name()]));
        }
        "windows.csv" => {
            add(&["arm", "window", "state"]);
            WindowStateMetric::ALL.iter().for_each(|m| add(&[m.name()]));
            WindowMetric::ALL.iter().for_each(|m| add(&[m.name()]));
        }
        "pairs.csv" => add(&["arm", "state", "hyperscaler", "signed"]),
        _ => model.uncertain.iter().for_each(|one| add(&[&one.path])),
    }
    header
}

/// One file, at one trial.
struct Rows<'a, W: Write> {
    writer: &'a mut csv::Writer<W>,
    cell: &'a mut String,
    trial: &'a str,
    model: &'a Model,
    layout: &'a OutcomeLayout,
}

impl<W: Write> Rows<'_, W> {
    fn row(&mut self, labels: &[&str], numbers: impl Iterator<Item = f64>) -> io::Result<()> {
        self.writer.write_field(self.trial)?;
        for label in labels {
            self.writer.write_field(label)?;
        }
        for number in numbers {
            self.cell.clear();
            write_number(self.cell, number);
            self.writer.write_field(self.cell.as_str())?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }

    /// The rows of one arm in the file `name`.
    fn arm(&mut self, name: &str, arm: &str, row: &[f64]) -> io::Result<()> {
        match name {
            "trials.csv" => self.states(arm, row),
            "arms.csv" => self.row(&[arm], arm_numbers(self.layout, row)),
            "hyperscalers.csv" => self.hyperscalers(arm, row),
            "windows.csv" => self.windows(arm, row),
            _ => self.pairs(arm, row),
        }
    }

    fn states(&mut self, arm: &str, row: &[f64]) -> io::Result<()> {
        let (model, layout) = (self.model, self.layout);
        for (i, state) in model.states.iter().enumerate() {
            let metrics = StateMetric::ALL.iter();
            let numbers = metrics.map(|&m| row[layout.state(i, m)]);
            self.row(&[arm, &state.id], numbers)?;
        }
        Ok(())
    }

    fn hyperscalers(&mut self, arm: &str, row: &[f64]) -> io::Result<()> {
        let (model, layout) = (self.model, self.layout);
        for (h, hyperscaler) in model.hyperscalers.iter().enumerate() {
            let metrics = HyperscalerMetric::ALL.iter();
            let numbers = metrics.map(|&m| row[layout.hyperscaler(h, m)]);
            self.row(&[arm, &hyperscaler.id], numbers)?;
        }
        Ok(())
    }

    fn windows(&mut self, arm: &str, row: &[f64]) -> io::Result<()> {
        let (model, layout) = (self.model, self.layout);
        for w in 0..layout.windows {
            let window = w.to_string();
            for (i, state) in model.states.iter().enumerate() {
                let of_state = WindowStateMetric::ALL.iter();
                let of_state = of_state.map(|&m| row[layout.window_state(w, i, m)]);
                let of_window = WindowMetric::ALL.iter().map(|&m| row[layout.window(w, m)]);
                self.row(&[arm, &window, &state.id], of_state.chain(of_window))?;
            }
        }
        Ok(())
    }

    fn pairs(&mut self, arm: &str, row: &[f64]) -> io::Result<()> {
        let (model, layout) = (self.model, self.layout);
        for (i, state) in model.states.iter().enumerate() {
            for (h, hyperscaler) in model.hyperscalers.iter().enumerate() {
                let signed = row[layout.signed(i, h)];
                self.row(&[arm, &state.id, &hyperscaler.id], [signed].into_iter())?;
            }
        }
        Ok(())
    }
}

/// The shortest text that reads back as `number`; nothing for none.
fn write_number(cell: &mut String, number: f64) {
    use std::fmt::Write as _;
    let size = number.abs();
    let written = if number.is_nan() {
        Ok(())
    } else if size != 0.0 && !(1e-5..1e16).contains(&size) {
        write!(cell, "{number:e}")
    } else {
        // Adding 0 turns −0 into 0.
        write!(cell, "{}", number + 0.0)
    };
    written.expect("writing to a string does not fail");
}

fn arm_numbers(layout: &OutcomeLayout, row: &[f64]) -> impl Iterator<Item = f64> {
    let totals = TotalMetric::ALL.iter().map(|&m| row[layout.total(m)]);
    let accord = [layout.formed(), layout.size(), layout.rounds()].map(|at| row[at]);
    let terms = (0..layout.terms).map(|k| row[layout.term(k)]);
    totals.chain(accord).chain(terms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{PAYOFFS, model, rows};

    fn written(keep: Keep) -> Vec<(&'static str, String)> {
        let model = model();
        let mut columns = Columns::new(&model, keep.files(), |_| Ok(Vec::new())).expect("memory");
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
        assert_eq!(last, "1,bloc,0,3,0.5,0,2,0,0,,1,2,1,");
        assert_eq!(
            written(Keep::Summary),
            [("draws.csv", "trial\n0\n1\n".to_owned())]
        );
    }

    #[test]
    fn numbers_read_back() {
        for number in [0.1, -3.25e-9, 1e20, 0.0, 123456.789, f64::MIN_POSITIVE] {
            let mut cell = String::new();
            write_number(&mut cell, number);
            assert_eq!(cell.parse::<f64>(), Ok(number), "{cell}");
        }
        let mut cell = String::new();
        write_number(&mut cell, -0.0);
        assert_eq!(cell, "0");
    }
}
