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
        /// Trial.
        trial: u64,
        /// Name of the arm.
        arm: String,
        /// Window.
        window: usize,
        /// Why.
        reason: CoalitionError,
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
        }
    }
}
