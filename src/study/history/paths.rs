//! The paths into results that a case names: each read once in a world, or an error where one names nothing.

use crate::engine::model::Model;
use crate::engine::model::history::{History, HistoryRatio};
use crate::scenario::{
    Diagnostic, DiagnosticKind, DiagnosticLabel, Loaded, Problems, Severity, Source, TextSpan,
    WrittenPath,
};
use crate::study::outputs::of_each_world;
use crate::study::readings::Output;
use crate::study::results::path::ResultPath;
use crate::study::results::path_words::ResultPathError;

/// What is read of each world of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseReadings {
    /// What is read, each result once; the other fields count these.
    pub outputs: Vec<Output>,
    /// The figure, but for its factor.
    pub figure: RatioOf,
    /// What each of those gained among whom there is a winner.
    pub among: Vec<RatioOf>,
}

/// (result − less)/per, by places in what was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatioOf {
    /// What is read.
    pub result: usize,
    /// What is taken from it.
    pub less: Option<usize>,
    /// What it is divided by.
    pub per: Option<usize>,
}

/// What is read of a case whose paths were [`checked`]; differences are to its first arm.
pub fn readings(history: &History, model: &Model) -> Option<CaseReadings> {
    let mut outputs: Vec<Output> = Vec::new();
    let mut place = |name: &str| -> Option<usize> {
        if let Some(known) = outputs.iter().position(|one| one.name == name) {
            return Some(known);
        }
        outputs.push(Output {
            name: name.to_owned(),
            reading: ResultPath::parse(name, model).ok()?.reading(model, 0),
        });
        Some(outputs.len() - 1)
    };
    let mut ratio = |ratio: &HistoryRatio| -> Option<RatioOf> {
        Some(RatioOf {
            result: place(&ratio.result)?,
            less: match &ratio.less {
                Some(less) => Some(place(less)?),
                None => None,
            },
            per: match &ratio.per {
                Some(per) => Some(place(per)?),
                None => None,
            },
        })
    };
    let figure = ratio(&history.figure.ratio)?;
    let among = history.winner.iter().flat_map(|winner| &winner.among);
    let among: Option<Vec<RatioOf>> = among.map(|one| ratio(&one.ratio)).collect();
    Some(CaseReadings {
        figure,
        among: among?,
        outputs,
    })
}

/// Checks that every path into results that a scenario names is one, of a number that each world has.
///
/// # Errors
/// Those that are not, each at its place, with the nearest known word.
pub fn checked(loaded: &Loaded) -> Result<(), Problems> {
    let problems = loaded
        .result_paths
        .iter()
        .filter_map(|written| problem(written, &loaded.model, &loaded.sources));
    let errors: Vec<Diagnostic> = problems.collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(Problems {
            diagnostics: loaded.warnings.iter().cloned().chain(errors).collect(),
            sources: loaded.sources.clone(),
        }),
    }
}

fn problem(written: &WrittenPath, model: &Model, sources: &[Source]) -> Option<Diagnostic> {
    let path = &written.path;
    let error = match ResultPath::parse(path, model) {
        Err(error) => error,
        Ok(read) => of_each_world("history", path, &read).err()?.source,
    };
    Some(Diagnostic {
        severity: Severity::Error,
        kind: DiagnosticKind::Dangling,
        message: format!("there is no result `{path}` in each world"),
        labels: vec![DiagnosticLabel {
            span: word(written, &error, &sources[written.span.layer]),
            text: error.message,
        }],
        help: Vec::new(),
    })
}

/// The place of the offending word, where the path stands in the file as it is; else that of the whole path.
fn word(written: &WrittenPath, error: &ResultPathError, source: &Source) -> TextSpan {
    let whole = written.span;
    // A quote before and behind it.
    let (start, end) = (whole.start + 1, whole.end.saturating_sub(1));
    if source.text.get(start..end) != Some(&*written.path) {
        return whole;
    }
    let start = start + error.offset;
    TextSpan {
        start,
        end: (start + error.length).max(start + 1).min(whole.end),
        ..whole
    }
}
