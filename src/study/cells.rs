//! Many scenarios on the same draws, cell by cell.
//!
//! Draws are keyed by path, so a cell changes nothing but what its assignments say: two cells differ by them alone, world by world.

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch, in_order, threads};
use crate::scenario::LoadError;
use crate::scenario::base::Base;
use crate::study::outputs::outputs;
use crate::study::pieces::{Part, Push, StudyError};
use crate::study::readings::{
    Output, WorldReadings, WorldSelection, read_each, read_with_draws, stats,
};
use crate::study::results::sweep::{CellStatus, SweepCell, write_piece};
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use serde_json::Value;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// What came out of a cell, or why nothing did.
type CellResult = Result<CellNumbers, String>;

/// What came out of a cell.
struct CellNumbers {
    /// The distribution of each output, `None` where no trial has it.
    stats: Vec<Option<Stat>>,
    /// The numbers of its worlds, world by world, if they are kept.
    worlds: Vec<f64>,
}

/// The scenario of a cell, with what is read from it.
#[derive(Debug, Clone)]
struct CellModel {
    /// Its model.
    model: Model,
    /// What is read.
    outputs: Vec<Output>,
    /// By draw that is kept, its index in the model; `None` for one that this cell does not draw. Nothing where no worlds are kept.
    draws: Option<Vec<Option<usize>>>,
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
        let CellModel {
            model,
            outputs,
            draws,
        } = match cell(index) {
            Ok(cell) => cell,
            Err(reason) => return Some(Err(reason)),
        };
        let simulation = model.simulation;
        let groups = simulation.sampler.groups(simulation.trials);
        let drawn = draws.iter().flatten().flatten().copied();
        let drawn: Vec<usize> = drawn.collect();
        let worlds = WorldSelection {
            count: simulation.trials,
            points: None,
            keeper: None,
            draws: &drawn,
        };
        match read_with_draws(&model, &outputs, worlds, watch) {
            Ok(played) => played.map(|played| {
                Ok(CellNumbers {
                    stats: stats(&played.values, groups),
                    worlds: draws.map_or_else(Vec::new, |draws| by_world(&played, &draws)),
                })
            }),
            Err(error) => Some(Err(error.to_string())),
        }
    };
    in_order(cells, stop, play, sink)
}

/// World by world, the draws that are kept, NaN for one that the cell does not draw, and the outputs.
fn by_world(played: &WorldReadings, draws: &[Option<usize>]) -> Vec<f64> {
    let mut drawn = played.draws.iter();
    let columns: Vec<Option<&Vec<f64>>> = draws
        .iter()
        .map(|draw| draw.and_then(|_| drawn.next()))
        .chain(played.values.iter().map(Some))
        .collect();
    let worlds = played.values.first().map_or(0, Vec::len);
    let number =
        |world: usize, column: Option<&Vec<f64>>| column.map_or(f64::NAN, |column| column[world]);
    let world = |world| columns.iter().map(move |&column| number(world, column));
    (0..worlds).flat_map(world).collect()
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
    /// Names of the draws ([`Model::draw_name`]) that each piece holds for every world, with the outputs; none where only distributions are kept.
    pub kept: Option<Vec<String>>,
}

impl Cells {
    /// Plays the cells of a part; each is pushed as [`write_piece`] writes it.
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
            let (cell, worlds) = self.document(change(index), result);
            let taken = push(&write_piece(&cell, &worlds));
            taken.then_some(()).ok_or(index)
        });
        Ok(end.unwrap_or_else(|next| End::Stopped { next }))
    }

    /// Numbers that the cells under way hold of their worlds; a cell is played by one thread.
    pub fn held(&self, model: &Model) -> u64 {
        let draws = self.kept.as_ref().map_or(0, Vec::len);
        let columns = (self.outputs.len() + draws) * threads();
        model.simulation.trials.saturating_mul(columns as u64)
    }

    /// Plays so many worlds of the cell with these assignments.
    ///
    /// # Errors
    /// A cell that is not valid, or a world without a result.
    pub fn probe(
        &self,
        assignments: &[String],
        worlds: u64,
        watch: Watch<'_>,
    ) -> Result<(), StudyError> {
        let model = self.base.with(assignments);
        let model = model.map_err(|error| StudyError::Load {
            name: match assignments {
                [] => "the scenario".to_owned(),
                some => some.join(", "),
            },
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
        let index = |name: &String| (0..model.draws_len()).find(|&at| model.draw_name(at) == *name);
        let kept = self.kept.as_ref();
        let draws = kept.map(|names| names.iter().map(index).collect());
        Ok(CellModel {
            model,
            outputs,
            draws,
        })
    }

    /// The cell, and the numbers of its worlds if they are kept.
    fn document(&self, change: CellChange, result: CellResult) -> (SweepCell, Vec<f64>) {
        let (status, reason, numbers) = match result {
            Ok(numbers) => (CellStatus::Done, None, Some(numbers)),
            Err(reason) => (CellStatus::Failed, Some(reason), None),
        };
        let (stats, worlds) = numbers.map_or_else(Default::default, |one| (one.stats, one.worlds));
        let cell = SweepCell {
            values: change.values,
            status,
            reason,
            results: self.outputs.iter().cloned().zip(stats).collect(),
        };
        (cell, worlds)
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
