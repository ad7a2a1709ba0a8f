//! Findings about a scenario as the compiler would show them: the line, a caret, advice.

use crate::scenario::{Diagnostic, DiagnosticLabel, Severity, Source};
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use std::ops::Range;

/// Width at which long lines of a scenario are cut around the caret.
const WIDTH: usize = 140;

/// Renders findings with ANSI colours, which the output stream strips where they are not wanted. Ends with a newline
/// unless there is nothing to show.
pub fn render(diagnostics: &[Diagnostic], sources: &[Source]) -> String {
    let renderer = Renderer::styled().term_width(WIDTH);
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(&renderer.render(&[group(diagnostic, sources)]));
        out.push_str("\n\n");
    }
    out
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a [Source]) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(&diagnostic.message));
    let mut layers: Vec<usize> = Vec::new();
    for label in &diagnostic.labels {
        if !layers.contains(&label.span.layer) {
            layers.push(label.span.layer);
        }
    }
    for layer in layers {
        group = group.element(snippet(diagnostic, layer, &sources[layer]));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    group
}

/// The lines of one layer that a finding is about. Only these are handed on: the renderer would walk the whole text.
fn snippet<'a>(
    diagnostic: &'a Diagnostic,
    layer: usize,
    source: &'a Source,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = source.text.as_str();
    let labels = diagnostic.labels.iter().enumerate();
    let labels: Vec<(usize, &DiagnosticLabel, Range<usize>)> = labels
        .filter(|(_, label)| label.span.layer == layer)
        .map(|(number, label)| (number, label, on_one_line(text, label)))
        .collect();
    let first = labels
        .iter()
        .map(|(_, _, range)| range.start)
        .min()
        .unwrap_or(0);
    let last = labels
        .iter()
        .map(|(_, _, range)| range.end)
        .max()
        .unwrap_or(0);
    let start = text[..first].rfind('\n').map_or(0, |at| at + 1);
    let end = text[last..].find(['\r', '\n']);
    let end = end.map_or(text.len(), |at| last + at);
    let annotations = labels.into_iter().map(|(number, label, range)| {
        let kind = match number {
            0 => AnnotationKind::Primary,
            _ => AnnotationKind::Context,
        };
        let annotation = kind.span(range.start - start..range.end - start);
        match label.text.as_str() {
            "" => annotation,
            text => annotation.label(text),
        }
    });
    Snippet::source(&text[start..end])
        .line_start(crate::scenario::line_of(text, start))
        .path(source.name.as_str())
        .annotations(annotations)
}

/// The bytes of a label, cut at the end of its first line.
fn on_one_line(text: &str, label: &DiagnosticLabel) -> Range<usize> {
    let start = label.span.start.min(text.len());
    let end = label.span.end.clamp(start, text.len());
    let line = text[start..end].find(['\n', '\r']);
    start..line.map_or(end, |at| start + at)
}
