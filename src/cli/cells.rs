//! Cells of a study: one scenario each, played on the same draws, in order, with progress.

use crate::cli::args::common::Common;
use crate::cli::driver::fold::is_progress_wanted;
use crate::cli::identity::arm_index;
use crate::cli::progress;
use crate::cli::study;
use crate::engine::simulate::End;
use crate::error::Error;
use crate::scenario::LoadError;
use crate::scenario::base::Base;
use crate::study::results::sweep::{CellStatus, SweepCell};
use crate::study::sweep::{Cell, CellResult, sweep};
use indexmap::IndexMap;
use serde_json::Value;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What a cell changes: its assignments `PATH=VALUE`, and how its values read.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// Assignments over the scenario.
    pub assignments: Vec<String>,
    /// Values by path.
    pub values: IndexMap<String, Value>,
}

/// Cells that are to be played.
pub struct Cells<'a> {
    /// The scenario that they change.
    pub base: &'a Base,
    /// How many there are.
    pub count: u64,
    /// Trials of each.
    pub trials: u64,
    /// What cell k changes.
    pub change: &'a (dyn Fn(u64) -> Change + Sync),
    /// Paths of results.
    pub outputs: &'a [String],
    /// Name of the arm that differences are taken to.
    pub reference: &'a str,
    /// Ends the play soon after it becomes true.
    pub stop: Arc<AtomicBool>,
    /// Flags.
    pub common: &'a Common,
}

impl Cells<'_> {
    /// Plays the cells from `first` on; each goes to `sink` in order.
    ///
    /// # Errors
    /// What `sink` returns.
    pub fn play(
        &self,
        first: u64,
        sink: impl FnMut(u64, SweepCell) -> Result<(), Error> + Send,
    ) -> Result<End, Error> {
        self.play_some(first..self.count, sink)
    }

    /// As [`play`](Self::play), but only some cells.
    ///
    /// # Errors
    /// What `sink` returns.
    pub fn play_some(
        &self,
        cells: Range<u64>,
        mut sink: impl FnMut(u64, SweepCell) -> Result<(), Error> + Send,
    ) -> Result<End, Error> {
        let wanted = is_progress_wanted(self.common);
        let bar = progress::bar(cells.end * self.trials, cells.start * self.trials, wanted);
        let cell = |index| self.cell(index);
        let end = sweep(cells, cell, &self.stop, &|| bar.inc(1), |index, result| {
            // A cell that failed has not played all its worlds.
            bar.set_position(bar.position().max((index + 1) * self.trials));
            sink(index, self.document(index, result))
        });
        bar.finish_and_clear();
        end
    }

    fn cell(&self, index: u64) -> Result<Cell, String> {
        let change = (self.change)(index);
        let model = self.base.with(&change.assignments).map_err(reason)?.model;
        let said = |error: Error| error.to_string();
        let reference = arm_index(&model, self.reference).map_err(said)?;
        let outputs = study::outputs(self.outputs, &model, reference).map_err(said)?;
        Ok(Cell { model, outputs })
    }

    fn document(&self, index: u64, result: CellResult) -> SweepCell {
        let (status, reason, stats) = match result {
            Ok(stats) => (CellStatus::Done, None, stats),
            Err(reason) => (CellStatus::Failed, Some(reason), Vec::new()),
        };
        SweepCell {
            values: (self.change)(index).values,
            status,
            reason,
            results: self.outputs.iter().cloned().zip(stats).collect(),
        }
    }

    /// That a signal came after so many cells, with what was kept of them in `path`.
    pub fn interrupted(&self, cells: u64, path: Option<&Path>) -> Error {
        let kept = match path {
            None => "nothing is kept without --out".to_owned(),
            Some(path) => format!(
                "finished cells in {} are kept, continue with --resume",
                path.display()
            ),
        };
        Error::Interrupted {
            played: cells * self.trials,
            trials: self.count * self.trials,
            kept,
        }
    }
}

/// What is wrong with a cell, in one line.
fn reason(error: LoadError) -> String {
    match error {
        LoadError::Problems(problems) => {
            let errors = problems.diagnostics.iter().filter(|one| one.is_error());
            let messages = errors.map(|one| one.message.clone());
            messages.collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}
