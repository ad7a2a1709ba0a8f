//! Worlds that are given, with the chance of trials of other numbers: so that a row may be played several times, or several rows in the same course of
//! the talks.

use crate::engine::model::{Design, Model};
use crate::engine::simulate::Watch;
use crate::study::readings::{Output, ReadError, ReadingValues, WorldSelection, read_with_draws};

/// The values of `outputs` in row k of the worlds that were laid over the scenario of `model`, with the noise of trial `trials[k]` and all else as in
/// that trial, by output and row; `None` if it was stopped.
///
/// # Errors
/// The first row without a result or with an infinite number.
pub fn read_in_trials(
    model: &Model,
    outputs: &[Output],
    trials: &[u64],
    watch: Watch<'_>,
) -> Result<Option<ReadingValues>, ReadError> {
    let mut model = model.clone();
    // A design that depends on its size is that of a run which has all of these trials.
    let last = trials.iter().max().copied().unwrap_or_default();
    model.simulation.trials = last.saturating_add(1);
    let design = model.design();
    let write = |row: u64, uniforms: &mut [f64]| {
        let trial = trials[row as usize];
        write_row(&model, &design, row, trial, uniforms);
        trial
    };
    let worlds = WorldSelection {
        count: trials.len() as u64,
        points: Some(&write),
        keeper: None,
        draws: &[],
    };
    Ok(read_with_draws(&model, outputs, worlds, watch)?.map(|played| played.values))
}

/// The uniforms of a world that has what is listed of a row, and all else of a trial.
fn write_row(model: &Model, design: &Design, row: u64, trial: u64, uniforms: &mut [f64]) {
    let drawn = &mut uniforms[..design.dimensions()];
    design.fill(trial, drawn);
    model.correlation.tie(drawn);
    model.correlation.take_rows(row, drawn);
    for (index, event) in model.events.iter().enumerate() {
        if let Some(came) = &event.came {
            let comes = came[(row % came.len() as u64) as usize];
            // Below every probability, or above.
            let uniform = if comes {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            };
            uniforms[model.uniform_of_draw(model.uncertain.len() + index)] = uniform;
        }
    }
}
