//! What a model gives for a few numbers in every trial: the one way in which analyses play worlds.

use crate::model::Model;
use crate::outcome::Reading;
use crate::simulate::{End, SimulateError, Watch, simulate_arms};
use crate::stats::summary::{Stat, summarise};
use crate::trial::TrialError;

/// Why there are no values.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// A trial has no result.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// A number is too large.
    #[error("world {trial} (--trial {trial}): {name} is not a finite number ({value})")]
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
    let len = model.outcome_layout().len();
    let mut values: Values = vec![Vec::with_capacity(trials as usize); outputs.len()];
    let arms = outputs
        .iter()
        .fold(0, |arms, output| arms | output.reading.arms());
    let end = simulate_arms(model, 0..trials, arms, watch, |trial| {
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
        Ok(())
    });
    match end {
        Ok(End::Finished) => Ok(Some(values)),
        Ok(End::Stopped { .. }) => Ok(None),
        Err(SimulateError::Trial(error)) => Err(error.into()),
        Err(SimulateError::Sink(error)) => Err(error),
    }
}

/// The distribution of each reading; `None` where no trial has the number or its spread is beyond floating point.
pub fn stats(values: &Values) -> Vec<Option<Stat>> {
    let stats = values
        .iter()
        .map(|values| summarise(values.iter().copied()));
    stats.map(|stat| stat.filter(Stat::is_finite)).collect()
}
