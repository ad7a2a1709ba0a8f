//! The one error of the crate: what went wrong, and the exit code that says so.

use crate::scenario::{LoadError, Problems};

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The command line asks for something that does not exist.
    #[error("there is no {kind} `{word}`{}", did_you_mean(.near))]
    Usage {
        /// What was looked for.
        kind: &'static str,
        /// What was given.
        word: String,
        /// The nearest that exists.
        near: Option<String>,
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
}

impl Error {
    /// The exit code: 2 bad usage, 3 scenario not valid, 4 a file could not be read or written.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage { .. } => 2,
            Error::Scenario { .. } => 3,
            Error::Unreadable { .. } | Error::Unwritable { .. } => 4,
        }
    }

    /// Whether the scenario is at fault.
    pub fn is_scenario(&self) -> bool {
        matches!(self, Error::Scenario { .. })
    }

    /// Whether a file is at fault.
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

fn did_you_mean(near: &Option<String>) -> String {
    let near = near.as_ref();
    near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

fn count(problems: &Problems) -> String {
    let errors = problems.diagnostics.iter().filter(|one| one.is_error());
    match errors.count() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    }
}
