//! A grid of scenarios, cell by cell on the same draws.
//!
//! Draws are keyed by path, so a cell changes nothing but what its assignments say: two cells differ by them alone, world by world.

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch, in_order};
use crate::study::readings::{Output, read, stats};
use crate::theory::stats::summary::Stat;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// What came out of a cell: the distribution of each output, `None` where no trial has it; or why there is none.
pub type CellResult = Result<Vec<Option<Stat>>, String>;

/// The scenario of a cell, with what is read from it.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Its model.
    pub model: Model,
    /// What is read.
    pub outputs: Vec<Output>,
}

/// Plays `cells` and hands each to `sink` in order. A cell that has no model, or a trial without a result, fails with its reason; the others
/// go on. `on_trial` is told of every trial played.
///
/// # Errors
/// What `sink` returns.
pub fn sweep<E: Send>(
    cells: Range<u64>,
    cell: impl Fn(u64) -> Result<Cell, String> + Sync,
    stop: &AtomicBool,
    on_trial: &(dyn Fn() + Sync),
    sink: impl FnMut(u64, CellResult) -> Result<(), E> + Send,
) -> Result<End, E> {
    let watch = Watch { stop, on_trial };
    let play = |index| -> Option<CellResult> {
        let Cell { model, outputs } = match cell(index) {
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
