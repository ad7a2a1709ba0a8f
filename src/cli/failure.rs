//! Why a command that runs trials ends without its result.

use crate::error::Error;
use crate::model::world::DrawError;
use crate::report::collect::NumericError;
use crate::report::condition::ConditionError;
use std::io;
use std::path::{Path, PathBuf};

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The scenario could not be read or is not valid.
    #[error(transparent)]
    Scenario(#[from] Error),
    /// `--fail-if` cannot be read.
    #[error("--fail-if: {0}")]
    Condition(#[from] ConditionError),
    /// A flag names no arm.
    #[error("{flag}: there is no arm `{name}`; {hint}")]
    Arm {
        /// The flag.
        flag: &'static str,
        /// The name given.
        name: String,
        /// The nearest arm, or all of them.
        hint: String,
    },
    /// Threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}", .path.display())]
    File {
        /// What was tried: "write".
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Trials were played but could not be kept.
    #[error("{source}; finished trials in {} are kept, continue with --resume", .directory.display())]
    Kept {
        /// What failed.
        source: Box<RunError>,
        /// The run's directory.
        directory: PathBuf,
    },
    /// The directory of `--out` holds something else.
    #[error("{} {reason}", .path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// Why it cannot be used and what to do.
        reason: String,
    },
    /// A directory that is not that of a finished run.
    #[error("{} is not a finished run: {reason}", .path.display())]
    NotARun {
        /// The directory.
        path: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// A draw left its range.
    #[error(transparent)]
    Draw(#[from] DrawError),
    /// A result is not a finite number.
    #[error(transparent)]
    Numeric(#[from] NumericError),
    /// Interrupted by a signal.
    #[error("interrupted after {played} of {trials} worlds; {kept}")]
    Interrupted {
        /// Worlds played.
        played: u64,
        /// Worlds asked for.
        trials: u64,
        /// What was kept.
        kept: String,
    },
}

impl RunError {
    /// A failure with a file.
    pub fn file(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> RunError {
        let path = path.to_owned();
        move |source| RunError::File {
            action,
            path,
            source,
        }
    }

    /// The exit code of the program.
    pub fn exit_code(&self) -> u8 {
        match self {
            RunError::Scenario(error) => error.exit_code(),
            RunError::Condition(_) | RunError::Arm { .. } | RunError::Threads { .. } => 2,
            RunError::File { .. } | RunError::Directory { .. } | RunError::NotARun { .. } => 4,
            RunError::Kept { source, .. } => source.exit_code(),
            RunError::Draw(_) | RunError::Numeric(_) => 5,
            RunError::Interrupted { .. } => 130,
        }
    }
}
