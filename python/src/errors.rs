//! Errors of the engine as exceptions: `mufakat.errors.of(code, text, findings)` makes them.

use mufakat::cli::embedded_error::EmbeddedError;
use mufakat::scenario::Severity;
use pyo3::prelude::*;

/// A finding as Python takes it: what is wrong, the key, the file, the line and the column.
type FindingFields = (
    String,
    Option<String>,
    Option<String>,
    Option<usize>,
    Option<usize>,
);

/// The exception of an error.
pub fn raised(py: Python<'_>, error: &EmbeddedError) -> PyErr {
    let made = py
        .import("mufakat.errors")
        .and_then(|errors| errors.call_method1("of", (error.code, &error.text, fields(error))));
    made.map_or_else(|failed| failed, |exception| PyErr::from_value(exception))
}

/// That something has no such name, which is a `KeyError` too.
pub fn unknown(py: Python<'_>, text: String) -> PyErr {
    let made = py
        .import("mufakat.errors")
        .and_then(|errors| errors.getattr("UnknownKey")?.call1((text,)));
    made.map_or_else(|failed| failed, |exception| PyErr::from_value(exception))
}

fn fields(error: &EmbeddedError) -> Vec<FindingFields> {
    if let Some(kept) = &error.kept {
        return vec![(kept.clone(), None, None, None, None)];
    }
    let errors = error.findings.iter();
    let errors = errors.filter(|one| one.finding.severity == Severity::Error);
    let found: Vec<FindingFields> = errors
        .map(|one| {
            let finding = &one.finding;
            (
                finding.message.clone(),
                one.path.clone(),
                Some(finding.file.clone()),
                Some(finding.line),
                Some(finding.column),
            )
        })
        .collect();
    match (found.is_empty(), &error.path) {
        (true, Some(path)) => vec![(error.text.clone(), Some(path.clone()), None, None, None)],
        _ => found,
    }
}
