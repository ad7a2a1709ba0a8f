//! The one error of the crate: what went wrong, and the exit code that says so.

use crate::analysis::stability::StabilityError;
use crate::model::world::DrawError;
use crate::report::collect::NumericError;
use crate::report::condition::ConditionError;
use crate::scenario::{LoadError, Problems};
use crate::words::{listed, nearest};
use std::io;
use std::path::{Path, PathBuf};

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line asks for something that does not exist.
    #[error("there is no {kind} `{word}`; {hint}")]
    Unknown {
        /// What was looked for.
        kind: &'static str,
        /// What was given.
        word: String,
        /// The nearest that exists, or all.
        hint: String,
    },
    /// A scenario is not valid.
    #[error("{name} is not a valid scenario: {}", count(.problems))]
    Scenario {
        /// Name of the scenario.
        name: String,
        /// All that is wrong with it.
        problems: Problems,
    },
    /// A file could not be read.
    #[error("cannot read {name}: {reason}")]
    Unreadable {
        /// Name of the file.
        name: String,
        /// Why.
        reason: String,
    },
    /// A file could not be written.
    #[error("cannot write {name}: {reason}")]
    Unwritable {
        /// Name of the file.
        name: String,
        /// Why.
        reason: String,
    },
    /// `--fail-if` cannot be read.
    #[error("--fail-if: {0}")]
    Condition(#[from] ConditionError),
    /// Threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
    /// Trials were played but could not all be kept.
    #[error("{source}; finished trials in {} are kept, continue with --resume", .directory.display())]
    Kept {
        /// What failed.
        source: Box<Error>,
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
    /// Coalitions that cannot be judged.
    #[error(transparent)]
    Stability(StabilityError),
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

/// The exit code of a program ended by Ctrl-C or SIGTERM.
pub const INTERRUPTED: u8 = 130;

impl Error {
    /// The exit code of the program, of all errors here and nowhere else: 2 bad usage, 3 scenario not valid, 4 a file
    /// could not be read or written, 5 numeric failure, 130 interrupted.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Unknown { .. } | Error::Condition(_) | Error::Threads { .. } => 2,
            Error::Scenario { .. } => 3,
            Error::Unreadable { .. } | Error::Unwritable { .. } => 4,
            Error::Directory { .. } | Error::NotARun { .. } => 4,
            Error::Kept { source, .. } => source.exit_code(),
            Error::Stability(error) if error.is_usage() => 2,
            Error::Draw(_) | Error::Numeric(_) | Error::Stability(_) => 5,
            Error::Interrupted { .. } => INTERRUPTED,
        }
    }

    /// What becomes of a failure to read `path`.
    pub fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let name = path.display().to_string();
        move |error| Error::Unreadable {
            name,
            reason: reason(&error),
        }
    }

    /// What becomes of a failure to write, create or remove `path`.
    pub fn unwritable(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let name = path.display().to_string();
        move |error| Error::Unwritable {
            name,
            reason: reason(&error),
        }
    }

    /// That nothing among `known` is called `word`.
    pub fn unknown(kind: &'static str, word: &str, known: &[&str]) -> Error {
        let hint = match nearest(word, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known: {}", listed(known)),
        };
        Error::Unknown {
            kind,
            word: word.to_owned(),
            hint,
        }
    }

    /// Whether a file is at fault, which can be mended before the command is given again.
    pub fn is_file(&self) -> bool {
        matches!(self, Error::Unreadable { .. } | Error::Unwritable { .. })
    }

    /// What loading the scenario `name` met.
    pub fn from_load(name: &str, error: LoadError) -> Error {
        match error {
            LoadError::Problems(problems) => Error::Scenario {
                name: name.to_owned(),
                problems,
            },
            LoadError::Unreadable { name, reason } => Error::Unreadable { name, reason },
        }
    }
}

/// Why an operation on a file failed, in lower case and without the number of the system.
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn count(problems: &Problems) -> String {
    let errors = problems.diagnostics.iter().filter(|one| one.is_error());
    match errors.count() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    }
}
