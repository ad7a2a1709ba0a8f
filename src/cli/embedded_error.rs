//! What went wrong, for a program that holds this one.

use crate::cli::described::described;
use crate::cli::key_at::key_at;
use crate::engine::trial::TrialError;
use crate::error::Error;
use crate::scenario::inspect::{Checked, Finding};
use crate::scenario::{Problems, Severity};
use crate::study::pieces::StudyError;
use crate::study::readings::ReadError;

/// What went wrong.
#[derive(Debug, Clone)]
pub struct EmbeddedError {
    /// The exit code of the program.
    pub code: u8,
    /// What the program prints, lines and carets and all.
    pub text: String,
    /// What is wrong with files, errors first.
    pub findings: Vec<EmbeddedFinding>,
    /// The path of the key or number at fault, if it is known.
    pub path: Option<String>,
    /// Of what was interrupted, what is kept.
    pub kept: Option<String>,
}

/// Something that is wrong in a file.
#[derive(Debug, Clone)]
pub struct EmbeddedFinding {
    pub finding: Finding,
    /// The path of the key there.
    pub path: Option<String>,
}

impl EmbeddedError {
    /// Words that cannot be read.
    pub fn usage(text: String) -> EmbeddedError {
        EmbeddedError {
            code: 2,
            text,
            findings: Vec::new(),
            path: None,
            kept: None,
        }
    }
}

/// A command line that cannot be read, without the advice on how to type it.
pub fn of_usage(error: &clap::Error) -> EmbeddedError {
    let text = error.render().to_string();
    let said = text.split("\n\nUsage:").next().unwrap_or(&text);
    let said = said
        .split("\n\nFor more information")
        .next()
        .unwrap_or(said);
    EmbeddedError::usage(said.trim_start_matches("error: ").trim_end().to_owned())
}

impl From<Error> for EmbeddedError {
    fn from(error: Error) -> EmbeddedError {
        let text = anstream::adapter::strip_str(&described(&error)).to_string();
        let findings = match &error {
            Error::Scenario { name, problems } | Error::Worlds { name, problems } => {
                findings(name, problems)
            }
            _ => Vec::new(),
        };
        let path = findings.first().and_then(|first| first.path.clone());
        EmbeddedError {
            code: error.exit_code(),
            text: text.trim_end().to_owned(),
            path: path.or_else(|| path_of(&error).map(str::to_owned)),
            findings,
            kept: match error {
                Error::Interrupted { kept, .. } => Some(kept),
                _ => None,
            },
        }
    }
}

fn findings(name: &str, problems: &Problems) -> Vec<EmbeddedFinding> {
    let places = problems.diagnostics.iter().map(|diagnostic| {
        let span = diagnostic.span();
        key_at(&problems.sources[span.layer].text, span.start)
    });
    let found = Checked::invalid(name, problems).findings.into_iter();
    let mut findings: Vec<EmbeddedFinding> = found
        .zip(places)
        .map(|(finding, path)| EmbeddedFinding { finding, path })
        .collect();
    findings.sort_by_key(|one| one.finding.severity != Severity::Error);
    findings
}

/// The path of the number at fault.
fn path_of(error: &Error) -> Option<&str> {
    let trial = match error {
        Error::Study(StudyError::Trial(error)) => error,
        Error::Study(StudyError::Read(
            ReadError::Trial(error) | ReadError::Point { error, .. },
        )) => error,
        Error::Study(StudyError::Output(error)) => return Some(&error.path),
        Error::NotANumber { path, .. } | Error::Range { path, .. } => return Some(path),
        Error::NotInRun { path } => return Some(path),
        _ => return None,
    };
    match trial {
        TrialError::Draw(draw) => Some(&draw.path),
        _ => None,
    }
}
