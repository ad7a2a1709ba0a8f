//! Findings about a scenario as the compiler would show them: the line, a caret, advice.

use crate::scenario::{Diagnostic, DiagnosticLabel, Severity, Source};
use crate::theory::spelling::foreign::marked;
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
        let names: Vec<String> = sources.iter().map(|source| shown(&source.name)).collect();
        out.push_str(&renderer.render(&[group(&marked_in(diagnostic), sources, &names)]));
        out.push_str("\n\n");
    }
    out
}

fn shown(text: &str) -> String {
    marked(text).into_owned()
}

/// A finding with marks for what would steer a terminal in its words.
fn marked_in(diagnostic: &Diagnostic) -> Diagnostic {
    let mut diagnostic = diagnostic.clone();
    diagnostic.message = shown(&diagnostic.message);
    for label in &mut diagnostic.labels {
        label.text = shown(&label.text);
    }
    for help in &mut diagnostic.help {
        *help = shown(help);
    }
    diagnostic
}

fn group<'a>(diagnostic: &'a Diagnostic, sources: &'a [Source], names: &'a [String]) -> Group<'a> {
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
        group = group.element(snippet(diagnostic, layer, &sources[layer], &names[layer]));
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
    name: &'a str,
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
    // The renderer has marks for all that steers but these; marks of as many bytes leave every label in its place.
    let lines = text[start..end].replace(|c| ('\u{80}'..='\u{9f}').contains(&c), "\u{bf}");
    Snippet::source(lines)
        .line_start(crate::scenario::line_of(text, start))
        .path(name)
        .annotations(annotations)
}

/// The bytes of a label, cut at the end of its first line.
fn on_one_line(text: &str, label: &DiagnosticLabel) -> Range<usize> {
    let start = label.span.start.min(text.len());
    let end = label.span.end.clamp(start, text.len());
    let line = text[start..end].find(['\n', '\r']);
    start..line.map_or(end, |at| start + at)
}
