//! What a model gives for a few numbers in every trial: the one way in which analyses play worlds.

use crate::model::Model;
use crate::outcome::Reading;
use crate::simulate::{End, Points, Selection, SimulateError, Trial, Watch, simulate_selected};
use crate::stats::groups::Groups;
use crate::stats::summary::{Stat, Streamed};
use crate::trial::TrialError;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Why there are no values.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A trial has no result.
    #[error(transparent)]
    Trial(TrialError),
    /// A world of a design has none.
    #[error("world {point} of the design: {}", .error.reason())]
    Point {
        /// Which of its worlds, from 0.
        point: u64,
        /// Why.
        error: TrialError,
    },
    /// What was read could not be kept; who keeps knows why.
    #[error("what was read could not be kept")]
    NotKept,
    /// A number is too large.
    #[error("world {trial}: {name} is not a finite number ({value})")]
    Infinite {
        /// What was read.
        name: String,
        /// Trial.
        trial: u64,
        /// What came out.
        value: f64,
    },
}

/// The values of some readings, by reading and trial; NaN where a trial has none.
pub type Values = Vec<Vec<f64>>;

/// What is read, with its name for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name, a path into results.
    pub name: String,
    /// What it reads.
    pub reading: Reading,
}

/// Plays the arms of `outputs` in all trials of `model` and reads `outputs` in each; `None` if it was stopped.
///
/// # Errors
/// The lowest trial without a result or with an infinite number.
pub fn read(
    model: &Model,
    outputs: &[Output],
    watch: Watch<'_>,
) -> Result<Option<Values>, ReadError> {
    let trials = model.simulation.trials;
    let worlds = Worlds {
        count: trials,
        points: None,
        keeper: None,
        draws: &[],
    };
    Ok(read_with_draws(model, outputs, worlds, watch)?.map(|played| played.values))
}

/// Worlds that were played: what was read and what was drawn in each.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// By reading.
    pub values: Values,
    /// By quantity asked for.
    pub draws: Values,
}

/// What an earlier invocation read, and what takes in more: so that a long study can go on.
pub trait Keeper: Sync {
    /// Values that are known, by world and reading: those of the first so many worlds.
    fn known(&self) -> &[Vec<f64>];

    /// Takes in the values of the next world; whether it could.
    fn keep(&self, values: &[f64]) -> bool;

    /// The only worlds that are played here, where others play the rest: their values are kept, and there is no answer.
    fn part(&self) -> Option<Range<u64>> {
        None
    }
}

/// Which worlds are played.
#[derive(Clone, Copy)]
pub struct Worlds<'a> {
    /// How many.
    pub count: u64,
    /// Those of the caller's own making; else the first trials of the model's design.
    pub points: Option<&'a Points<'a>>,
    /// Where values are kept, if they are; draws are not.
    pub keeper: Option<&'a dyn Keeper>,
    /// Indices among `model.uncertain` of the quantities whose draws are wanted.
    pub draws: &'a [usize],
}

/// As [`read`], of worlds of any kind, with their draws.
///
/// # Errors
/// As [`read`].
pub fn read_with_draws(
    model: &Model,
    outputs: &[Output],
    worlds: Worlds<'_>,
    watch: Watch<'_>,
) -> Result<Option<Played>, ReadError> {
    let len = model.outcome_layout().len();
    let part = worlds.keeper.and_then(Keeper::part);
    let here = part
        .as_ref()
        .map_or(worlds.count, |part| part.end - part.start);
    let column = || Vec::with_capacity(here as usize);
    let mut values: Values = outputs.iter().map(|_| column()).collect();
    let mut draws: Values = worlds.draws.iter().map(|_| column()).collect();
    let mut take_draws = |trial: &Trial<'_>| {
        for (&quantity, column) in worlds.draws.iter().zip(&mut draws) {
            column.push(trial.draws[quantity]);
        }
    };
    let mut first = 0;
    for known in worlds.keeper.map(Keeper::known).unwrap_or_default() {
        if known.len() != outputs.len() || first == worlds.count {
            break;
        }
        for (values, value) in values.iter_mut().zip(known) {
            values.push(*value);
        }
        first += 1;
        (watch.on_trial)();
    }
    if first > 0 && !worlds.draws.is_empty() {
        let known = Worlds {
            count: first,
            ..worlds
        };
        if redraw(model, known, watch.stop, &mut take_draws)? != End::Finished {
            return Ok(None);
        }
    }
    let mut kept = vec![0.0; outputs.len()];
    let arms = outputs
        .iter()
        .fold(0, |arms, output| arms | output.reading.arms());
    let selection = Selection {
        arms,
        points: worlds.points,
    };
    let is_part = part.is_some();
    let range = part.unwrap_or(first..worlds.count);
    let end = simulate_selected(model, range, selection, watch, |trial| {
        for (output, values) in outputs.iter().zip(&mut values) {
            let value = output.reading.of(trial.rows, len);
            if value.is_infinite() {
                return Err(ReadError::Infinite {
                    name: output.name.clone(),
                    trial: trial.index,
                    value,
                });
            }
            values.push(value);
        }
        if let Some(keeper) = worlds.keeper {
            let last = values.iter().map(|values| values[values.len() - 1]);
            kept.iter_mut()
                .zip(last)
                .for_each(|(kept, value)| *kept = value);
            if !keeper.keep(&kept) {
                return Err(ReadError::NotKept);
            }
        }
        take_draws(&trial);
        Ok(())
    });
    match end.map_err(|error| failed(error, worlds.points.is_some()))? {
        End::Finished if is_part => Ok(None),
        End::Finished => Ok(Some(Played { values, draws })),
        End::Stopped { .. } => Ok(None),
    }
}

/// Draws worlds again without playing them.
fn redraw(
    model: &Model,
    worlds: Worlds<'_>,
    stop: &AtomicBool,
    mut take: impl FnMut(&Trial<'_>),
) -> Result<End, ReadError> {
    let drawn = Selection {
        arms: 0,
        points: worlds.points,
    };
    let silent = Watch {
        stop,
        on_trial: &|| {},
    };
    let end = simulate_selected(model, 0..worlds.count, drawn, silent, |trial| {
        take(&trial);
        Ok(())
    });
    end.map_err(|error| failed(error, worlds.points.is_some()))
}

/// Why worlds have no values; `designed` if they are of the caller's own making.
fn failed(error: SimulateError<ReadError>, designed: bool) -> ReadError {
    match error {
        SimulateError::Sink(error) => error,
        SimulateError::Trial { index, error } if designed => ReadError::Point {
            point: index,
            error,
        },
        SimulateError::Trial { error, .. } => ReadError::Trial(error),
    }
}

/// The distribution of each reading; `None` where no trial has the number or its spread is beyond floating point. Only `groups` of trials are
/// independent.
pub fn stats(values: &Values, groups: Groups) -> Vec<Option<Stat>> {
    let stat = |values: &Vec<f64>| {
        let mut streamed = Streamed::new(groups);
        values.iter().for_each(|&value| streamed.push(value));
        let stat = streamed.stat_of_values(values.iter().copied());
        stat.filter(Stat::is_finite)
    };
    values.iter().map(stat).collect()
}
