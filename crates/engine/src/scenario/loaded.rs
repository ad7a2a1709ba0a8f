//! What comes of loading: a model with what else is known of its file, or all that is wrong with it.

use crate::engine::model::Model;
use crate::scenario::accord_space::AccordSpace;
use crate::scenario::diagnostic::Diagnostic;
use crate::scenario::grid::{Axis, Combination};
use crate::scenario::source::Source;
use crate::scenario::span::{TextSpan, line_of};

/// Where a key of the merged scenario was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Canonical path.
    pub path: String,
    /// The value as TOML.
    pub value: String,
    /// Name of the layer.
    pub layer: String,
    /// Line in it, from 1.
    pub line: usize,
}

/// A path into results that a scenario names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenPath {
    /// The path.
    pub path: String,
    /// Where it stands.
    pub span: TextSpan,
}

/// A loaded scenario: its model, and what of the file is not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// The valid scenario.
    pub model: Model,
    /// The merged scenario as one file that runs by itself.
    pub resolved: String,
    /// The axes of its `[sweep]` and how they are combined, if it has one.
    pub sweep: Option<(Vec<Axis>, Combination)>,
    /// Which rules its `[accords]` searches, if it has one.
    pub accords: Option<AccordSpace>,
    /// What may be meant otherwise.
    pub warnings: Vec<Diagnostic>,
    /// The paths into results that it names, in the order of the file. What they name is known to whoever reads results.
    pub result_paths: Vec<WrittenPath>,
    /// Where each key was written, in the order of the resolved scenario.
    pub origins: Vec<Origin>,
    /// The texts that the warnings point into.
    pub sources: Vec<Source>,
}

/// All that is wrong with a scenario, and what may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// Errors and warnings, by layer and place.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that they point into.
    pub sources: Vec<Source>,
}

/// Why there is no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// The scenario is not valid.
    #[error("{}", summary(.0))]
    Problems(Problems),
    /// A file that the scenario extends could not be read.
    #[error("{name}: {reason}")]
    Unreadable {
        /// Name of the file that could not be read.
        name: String,
        /// What whoever reads files said.
        reason: String,
    },
}

/// The findings as plain lines: `file:line: message`.
fn summary(problems: &Problems) -> String {
    let lines = problems.diagnostics.iter().map(|problem| {
        let source = &problems.sources[problem.span().layer];
        let line = line_of(&source.text, problem.span().start);
        let label = match problem.labels[0].text.as_str() {
            "" => String::new(),
            text => format!(" ({text})"),
        };
        format!("{}:{line}: {}{label}", source.name, problem.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}
