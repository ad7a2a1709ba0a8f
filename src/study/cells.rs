//! Many scenarios on the same draws, cell by cell.
//!
//! Draws are keyed by path, so a cell changes nothing but what its assignments say: two cells differ by them alone, world by world.

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch, in_order};
use crate::scenario::LoadError;
use crate::scenario::base::Base;
use crate::study::outputs::outputs;
use crate::study::pieces::{Part, Push, StudyError, to_piece};
use crate::study::readings::{Output, read, read_each, stats};
use crate::study::results::sweep::{CellStatus, SweepCell};
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use serde_json::Value;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// What came out of a cell: the distribution of each output, `None` where no trial has it; or why there is none.
type CellResult = Result<Vec<Option<Stat>>, String>;

/// The scenario of a cell, with what is read from it.
#[derive(Debug, Clone)]
struct CellModel {
    /// Its model.
    model: Model,
    /// What is read.
    outputs: Vec<Output>,
}

/// Plays `cells` and hands each to `sink` in order. A cell that has no model, or a trial without a result, fails with its reason; the others
/// go on. `on_trial` is told of every trial played.
///
/// # Errors
/// What `sink` returns.
fn played<E: Send>(
    cells: Range<u64>,
    cell: impl Fn(u64) -> Result<CellModel, String> + Sync,
    stop: &AtomicBool,
    on_trial: &(dyn Fn() + Sync),
    sink: impl FnMut(u64, CellResult) -> Result<(), E> + Send,
) -> Result<End, E> {
    let watch = Watch { stop, on_trial };
    let play = |index| -> Option<CellResult> {
        let CellModel { model, outputs } = match cell(index) {
            Ok(cell) => cell,
            Err(reason) => return Some(Err(reason)),
        };
        let simulation = model.simulation;
        let groups = simulation.sampler.groups(simulation.trials);
        match read(&model, &outputs, watch) {
            Ok(values) => values.map(|values| Ok(stats(&values, groups))),
            Err(error) => Some(Err(error.to_string())),
        }
    };
    in_order(cells, stop, play, sink)
}

/// What a cell changes: its assignments `PATH=VALUE`, and how its values read.
#[derive(Debug, Clone, Default)]
pub struct CellChange {
    /// Assignments over the scenario.
    pub assignments: Vec<String>,
    /// Values by path.
    pub values: IndexMap<String, Value>,
}

/// Cells that are to be played.
pub struct Cells {
    /// The scenario that they change.
    pub base: Base,
    /// Paths of results.
    pub outputs: Vec<String>,
    /// Name of the arm that differences are taken to.
    pub reference: String,
}

impl Cells {
    /// Plays the cells of a part; each is pushed as JSON.
    ///
    /// # Errors
    /// None: a cell that fails says so.
    pub fn play(
        &self,
        part: Part<'_>,
        change: &(dyn Fn(u64) -> CellChange + Sync),
        push: &mut Push<'_>,
    ) -> Result<End, StudyError> {
        let Part { pieces, watch, .. } = part;
        let cell = |index| self.cell(&change(index));
        let end = played(pieces, cell, watch.stop, watch.on_trial, |index, result| {
            let taken = push(&to_piece(&self.document(change(index), result)));
            taken.then_some(()).ok_or(index)
        });
        Ok(end.unwrap_or_else(|next| End::Stopped { next }))
    }

    /// Plays so many worlds of the scenario itself, as a cell would.
    ///
    /// # Errors
    /// A world without a result.
    pub fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<(), StudyError> {
        let model = self.base.with(&[]).map_err(|error| StudyError::Load {
            name: "the scenario".to_owned(),
            error,
        })?;
        let model = model.model;
        let reference = model.arms.iter().position(|arm| arm.name == self.reference);
        let outputs = outputs(&self.outputs, &model, reference.unwrap_or(0))?;
        read_each(&model, &outputs, 0..worlds, watch, |_| true)?;
        Ok(())
    }

    fn cell(&self, change: &CellChange) -> Result<CellModel, String> {
        let model = self.base.with(&change.assignments).map_err(reason)?.model;
        let reference = model.arms.iter().position(|arm| arm.name == self.reference);
        let reference = reference.ok_or_else(|| format!("there is no arm `{}`", self.reference))?;
        let outputs = outputs(&self.outputs, &model, reference);
        let outputs = outputs.map_err(|error| error.to_string())?;
        Ok(CellModel { model, outputs })
    }

    fn document(&self, change: CellChange, result: CellResult) -> SweepCell {
        let (status, reason, stats) = match result {
            Ok(stats) => (CellStatus::Done, None, stats),
            Err(reason) => (CellStatus::Failed, Some(reason), Vec::new()),
        };
        SweepCell {
            values: change.values,
            status,
            reason,
            results: self.outputs.iter().cloned().zip(stats).collect(),
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
