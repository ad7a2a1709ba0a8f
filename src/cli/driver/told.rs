//! Results as people read them.

use crate::cli::driver::asked::{Asked, ResultsOf, Shown};
use crate::report::document::{Document, Text};
use crate::report::legend::with_titles;
use crate::report::next::next;
use crate::report::render::terminal::{self, Rendered};
use crate::report::roles::in_words_of;
use serde_json::Value;

/// As text in so many columns.
pub fn lines<A: Asked>(
    asked: &A,
    results: &ResultsOf<A>,
    arguments: &Value,
    width: usize,
) -> Rendered {
    match asked.shown(results, width) {
        Shown::Document(document) => {
            terminal::render(&titled(asked, document, Some(arguments)), width)
        }
        Shown::Lines(lines) => lines,
    }
}

/// A document of results in the words of its scenario, with what the names of its arms stand for and what to ask next.
pub fn titled<A: Asked>(asked: &A, mut document: Document, arguments: Option<&Value>) -> Document {
    let next = arguments.and_then(|arguments| asks_next(asked, arguments));
    document.footer.extend(next);
    if let Some(model) = asked.speaker() {
        document = in_words_of(model, document);
    }
    with_titles(document, &asked.models())
}

/// What to ask after a study of the scenario that its arguments name.
fn asks_next<A: Asked>(asked: &A, arguments: &Value) -> Option<Text> {
    let (command, arguments) = arguments.as_object()?.iter().next()?;
    let scenario = &arguments["scenario"];
    let typed = scenario.as_str().or(scenario["scenario"].as_str())?;
    next(command, typed, asked.model())
}
