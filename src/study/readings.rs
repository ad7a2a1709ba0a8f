//! What a model gives for a few numbers in every trial: the one way in which analyses play worlds.

use crate::engine::model::Model;
use crate::engine::outcome::RowReading;
use crate::engine::simulate::{
    End, PointWriter, Selection, SimulateError, Trial, Watch, simulate_selected,
};
use crate::engine::trial::TrialError;
use crate::study::results::magnitude::{NumericError, RowCheck, check};
use crate::theory::stats::groups::Groups;
use crate::theory::stats::summary::{Stat, Streamed};
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
    /// A number is too large, or none.
    #[error(transparent)]
    Numeric(#[from] NumericError),
}

/// The values of some readings, by reading and trial; NaN where a trial has none.
pub type ReadingValues = Vec<Vec<f64>>;

/// What is read, with its name for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name, a path into results.
    pub name: String,
    /// What it reads.
    pub reading: RowReading,
}

/// Plays the arms of `outputs` in all trials of `model` and reads `outputs` in each; `None` if it was stopped.
///
/// # Errors
/// The lowest trial without a result or with an infinite number.
pub fn read(
    model: &Model,
    outputs: &[Output],
    watch: Watch<'_>,
) -> Result<Option<ReadingValues>, ReadError> {
    let trials = model.simulation.trials;
    let worlds = WorldSelection {
        count: trials,
        points: None,
        keeper: None,
        draws: &[],
    };
    Ok(read_with_draws(model, outputs, worlds, watch)?.map(|played| played.values))
}

/// Worlds that were played: what was read and what was drawn in each.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldReadings {
    /// By reading.
    pub values: ReadingValues,
    /// By quantity asked for.
    pub draws: ReadingValues,
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
pub struct WorldSelection<'a> {
    /// How many.
    pub count: u64,
    /// Those of the caller's own making; else the first trials of the model's design.
    pub points: Option<&'a PointWriter<'a>>,
    /// Where values are kept, if they are; draws are not.
    pub keeper: Option<&'a dyn Keeper>,
    /// Indices of the draws that are wanted, as of [`Model::draw_name`].
    pub draws: &'a [usize],
}

/// As [`read`], of worlds of any kind, with their draws.
///
/// # Errors
/// As [`read`].
pub fn read_with_draws(
    model: &Model,
    outputs: &[Output],
    worlds: WorldSelection<'_>,
    watch: Watch<'_>,
) -> Result<Option<WorldReadings>, ReadError> {
    if let Some(part) = worlds.keeper.and_then(Keeper::part) {
        play(model, outputs, worlds, part, watch, |_, _| {})?;
        return Ok(None);
    }
    let column = || Vec::with_capacity(worlds.count as usize);
    let mut played = WorldReadings {
        values: outputs.iter().map(|_| column()).collect(),
        draws: worlds.draws.iter().map(|_| column()).collect(),
    };
    let known = worlds.keeper.map(Keeper::known).unwrap_or_default();
    let known = known.iter().take(worlds.count as usize);
    let mut first = 0;
    for known in known.take_while(|known| known.len() == outputs.len()) {
        played.push_values(known);
        first += 1;
        (watch.on_trial)();
    }
    if first > 0 && !worlds.draws.is_empty() {
        let known = WorldSelection {
            count: first,
            ..worlds
        };
        let take = |trial: &Trial<'_>| played.push_draws(worlds.draws, trial.draws);
        if redraw(model, known, watch.stop, take)? != End::Finished {
            return Ok(None);
        }
    }
    let rest = first..worlds.count;
    let end = play(model, outputs, worlds, rest, watch, |trial, values| {
        played.push_values(values);
        played.push_draws(worlds.draws, trial.draws);
    })?;
    Ok((end == End::Finished).then_some(played))
}

impl WorldReadings {
    fn push_values(&mut self, values: &[f64]) {
        let columns = self.values.iter_mut().zip(values);
        columns.for_each(|(column, value)| column.push(*value));
    }

    fn push_draws(&mut self, quantities: &[usize], draws: &[f64]) {
        let columns = self.draws.iter_mut().zip(quantities);
        columns.for_each(|(column, &quantity)| column.push(draws[quantity]));
    }
}

/// Plays the arms of `outputs` in some worlds and hands on what each reads, in order, while `take` says that it takes more.
///
/// # Errors
/// As for [`read`].
pub fn read_each(
    model: &Model,
    outputs: &[Output],
    worlds: Range<u64>,
    watch: Watch<'_>,
    mut take: impl FnMut(&[f64]) -> bool,
) -> Result<End, ReadError> {
    let mut next = worlds.start;
    let read = each(model, outputs, None, worlds, watch, |_, values| {
        let taken = take(values);
        next += u64::from(taken);
        taken
    });
    match read {
        Err(ReadError::NotKept) => Ok(End::Stopped { next }),
        read => read,
    }
}

/// Plays some worlds; the values of each are kept, if somebody keeps them, and go to `take`.
fn play(
    model: &Model,
    outputs: &[Output],
    worlds: WorldSelection<'_>,
    range: Range<u64>,
    watch: Watch<'_>,
    mut take: impl FnMut(&Trial<'_>, &[f64]),
) -> Result<End, ReadError> {
    each(
        model,
        outputs,
        worlds.points,
        range,
        watch,
        |trial, values| {
            let kept = worlds.keeper.is_none_or(|keeper| keeper.keep(values));
            if kept {
                take(trial, values);
            }
            kept
        },
    )
}

/// Plays some worlds; what each reads goes to `take`, which says whether it could take it.
fn each(
    model: &Model,
    outputs: &[Output],
    points: Option<&PointWriter<'_>>,
    range: Range<u64>,
    watch: Watch<'_>,
    mut take: impl FnMut(&Trial<'_>, &[f64]) -> bool,
) -> Result<End, ReadError> {
    let len = model.outcome_layout().len();
    let arms = outputs.iter().map(|output| output.reading.arms());
    let selection = Selection {
        arms: arms.fold(0, |all, arms| all | arms),
        points,
    };
    let mut values = vec![0.0; outputs.len()];
    let (rows, played) = (RowCheck::new(model), selection.arms);
    let end = simulate_selected(model, range, selection, watch, |trial| {
        for (arm, row) in trial.rows.chunks(len).enumerate() {
            if played >> arm & 1 == 1 {
                rows.check(arm, row, trial.index)?;
            }
        }
        for (output, place) in outputs.iter().zip(&mut values) {
            let value = output.reading.of(trial.rows, len);
            check(value, trial.index, || output.name.clone())?;
            *place = value;
        }
        take(&trial, &values)
            .then_some(())
            .ok_or(ReadError::NotKept)
    });
    end.map_err(|error| failed(error, points.is_some()))
}

/// The draws of some quantities and events in the first so many trials of the model's design, which are not played; none if it was stopped.
///
/// # Errors
/// A draw that leaves its range.
pub fn drawn(
    model: &Model,
    count: u64,
    quantities: &[usize],
    stop: &AtomicBool,
) -> Result<Option<ReadingValues>, ReadError> {
    let mut draws = vec![Vec::new(); quantities.len()];
    let worlds = WorldSelection {
        count,
        points: None,
        keeper: None,
        draws: quantities,
    };
    let end = redraw(model, worlds, stop, |trial| {
        let columns = draws.iter_mut().zip(quantities);
        columns.for_each(|(column, &quantity)| column.push(trial.draws[quantity]));
    })?;
    Ok((end == End::Finished).then_some(draws))
}

/// Draws worlds again without playing them.
fn redraw(
    model: &Model,
    worlds: WorldSelection<'_>,
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
pub fn stats(values: &ReadingValues, groups: Groups) -> Vec<Option<Stat>> {
    let stat = |values: &Vec<f64>| {
        let mut streamed = Streamed::new(groups);
        values.iter().for_each(|&value| streamed.push(value));
        let stat = streamed.stat_of_values(values.iter().copied());
        stat.filter(Stat::is_finite)
    };
    values.iter().map(stat).collect()
}
