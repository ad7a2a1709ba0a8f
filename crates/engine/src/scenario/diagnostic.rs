//! What is wrong with a scenario, as plain data: a message, the places it is about, and what to do.
//!
//! Rendering, with source lines and carets, is left to the user interface.

use crate::scenario::span::TextSpan;
use crate::theory::spelling::{listed, nearest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The scenario cannot be run.
    Error,
    /// It can, but may not mean what its author thinks.
    Warning,
}

/// What kind of finding it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// The text is not TOML.
    Syntax,
    /// A key that its table does not have.
    UnknownKey,
    /// A required key, table or entry that is absent.
    Missing,
    /// A value of another type or form than expected.
    WrongType,
    /// A number outside its range, NaN, or infinite.
    OutOfRange,
    /// A word that is not one of those allowed.
    UnknownWord,
    /// Parameters that make no distribution.
    Distribution,
    /// An id, name, pair or link given twice.
    Duplicate,
    /// An id or path that names nothing.
    Dangling,
    /// Values that contradict each other.
    Inconsistent,
    /// More entries than allowed.
    TooMany,
    /// `extends` leads back to itself.
    Cycle,
    /// Part of the contract that this version does not compute.
    Unsupported,
}

/// A place that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnosticLabel {
    /// The bytes that are meant.
    pub span: TextSpan,
    /// What to say there; may be empty.
    pub text: String,
}

/// A finding about a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// What kind it is.
    pub kind: DiagnosticKind,
    /// One sentence without the place.
    pub message: String,
    /// The offending place first, then others that explain it.
    pub labels: Vec<DiagnosticLabel>,
    /// What to do, one entry a line.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error about `span`.
    pub(crate) fn error(
        kind: DiagnosticKind,
        span: TextSpan,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            kind,
            message: message.into(),
            labels: vec![DiagnosticLabel {
                span,
                text: String::new(),
            }],
            help: Vec::new(),
        }
    }

    /// A warning about `span`.
    pub(crate) fn warning(
        kind: DiagnosticKind,
        span: TextSpan,
        message: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(kind, span, message)
        }
    }

    /// Says `text` at the offending place.
    pub(crate) fn label(mut self, text: impl Into<String>) -> Diagnostic {
        self.labels[0].text = text.into();
        self
    }

    /// Points at a second place.
    pub(crate) fn also(mut self, span: TextSpan, text: impl Into<String>) -> Diagnostic {
        self.labels.push(DiagnosticLabel {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds advice.
    pub(crate) fn help(mut self, text: impl Into<String>) -> Diagnostic {
        self.help.push(text.into());
        self
    }

    /// Says "did you mean" at the offending place if a candidate is near, else lists the candidates as advice.
    pub(crate) fn suggest(self, word: &str, candidates: &[&str]) -> Diagnostic {
        match nearest(word, candidates) {
            Some(near) => self.label(format!("did you mean `{near}`?")),
            None if candidates.is_empty() => self.label("there are none"),
            None => self.help(format!("known: {}", listed(candidates))),
        }
    }

    /// Whether it is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The offending place.
    pub fn span(&self) -> TextSpan {
        self.labels[0].span
    }
}
