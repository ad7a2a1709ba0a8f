//! Why a trial has no result.

use crate::engine::model::world::DrawError;
use crate::theory::coalition::CoalitionError;

/// Why a trial has no result.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TrialError {
    /// A draw left its range.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// What a bloc won could not be divided.
    #[error("world {trial} (--trial {trial}): {}", self.reason())]
    Shares {
        /// Index of the trial that has no result.
        trial: u64,
        /// Name of the arm.
        arm: String,
        /// Index of the window in which the accord would share.
        window: usize,
        /// What the theory of games says is wrong with the members' game.
        reason: CoalitionError,
    },
    /// A table in random order at which too many other parties count (38).
    #[error("world {trial} (--trial {trial}): {}", self.reason())]
    Parties {
        /// Index of the trial that has no result.
        trial: u64,
        /// Name of the arm.
        arm: String,
        /// Index of the window.
        window: usize,
        /// Ids of the states at the table, separated by commas.
        table: String,
        /// Id of the hyperscaler.
        hyperscaler: String,
        /// How many other parties there are.
        parties: u32,
    },
}

impl TrialError {
    /// What is wrong, without the world.
    pub fn reason(&self) -> String {
        match self {
            TrialError::Draw(error) => error.reason(),
            TrialError::Shares {
                arm,
                window,
                reason,
                ..
            } => format!(
                "arm.{arm}.sharing has no value for the accord of window {window}: {reason}; share by shapley, gdp or equal instead"
            ),
            TrialError::Parties {
                arm,
                window,
                table,
                hyperscaler,
                parties,
                ..
            } => format!(
                "arm.{arm}: {table} and {hyperscaler} in window {window} count on the deals of {parties} other parties in random order, at most 12 can be; set bargaining.others = \"nash-in-nash\""
            ),
        }
    }
}
