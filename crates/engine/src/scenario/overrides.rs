//! `--set PATH=VALUE` and its like: each one more layer, the text of the flag its source.

use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::layers::LayerStack;
use crate::scenario::path::{self, PathError};
use crate::scenario::place::{Place, ScenarioNames};
use crate::scenario::schema::{FileTable, Form};
use crate::scenario::source::Source;
use crate::scenario::span::TextSpan;
use crate::scenario::survey;
use crate::scenario::tree::{self, Item, TomlNode, TomlTable, TomlValue};

/// Name under which the text of a flag is shown.
const COMMAND_LINE: &str = "command line";

/// Lays `PATH=VALUE` over the scenario. The value is TOML; a bare word is a string. Returns the places that the path names, and where it is written.
pub(crate) fn set(stack: &mut LayerStack, assignment: &str) -> (Vec<Place>, TextSpan) {
    const FLAG: &str = "--set ";
    let layer = push(stack, format!("{FLAG}{assignment}"));
    let span = |start: usize, end: usize| TextSpan {
        layer,
        start: FLAG.len() + start,
        end: FLAG.len() + end,
    };
    let Some(split) = assignment.find('=') else {
        let problem = Diagnostic::error(
            DiagnosticKind::Syntax,
            span(0, assignment.len()),
            "`--set` takes PATH=VALUE",
        );
        stack.problems.push(problem.label("there is no `=`"));
        return (Vec::new(), span(0, assignment.len()));
    };
    let (path, value) = (&assignment[..split], &assignment[split + 1..]);
    let node = match read_value(layer, FLAG.len() + split + 1, value) {
        Ok(node) => node,
        Err(problem) => {
            stack.problems.push(problem);
            return (Vec::new(), span(0, path.len()));
        }
    };
    let assigned = assign(stack, path, &node, span(0, path.len()));
    let places = assigned.unwrap_or_else(|error| {
        let place = span(error.range.start, error.range.end);
        stack.problems.push(path_problem(error, place));
        Vec::new()
    });
    (places, span(0, path.len()))
}

/// Whether `text` is an assignment `PATH=VALUE` for [`crate::scenario::Request::sets`] in form; what its path names is for
/// a scenario to say.
///
/// # Errors
///
/// What is wrong with its form.
pub fn check_assignment(text: &str) -> Result<(), String> {
    let Some((path, value)) = text.split_once('=') else {
        return Err("there is no `=`".to_owned());
    };
    if path.trim().is_empty() {
        return Err("there is no path before the `=`".to_owned());
    }
    if value.trim().is_empty() {
        return Err("there is no value after the `=`".to_owned());
    }
    path::parse(path).map_err(|error| error.message)?;
    let value = read_value(0, 0, value);
    value.map(drop).map_err(|_| {
        "the value is no TOML: numbers and words stand as they are, lists as [\"a\", \"b\"], text with other signs in \
         quotes"
            .to_owned()
    })
}

/// Lays a number given by a flag of its own over the scenario.
pub(crate) fn set_number(stack: &mut LayerStack, flag: &str, path: &str, value: u64) {
    let text = format!("{flag} {value}");
    let (start, end) = (flag.len() + 1, text.len());
    let layer = push(stack, text);
    let span = TextSpan { layer, start, end };
    let node = TomlNode {
        value: TomlValue::Integer(i128::from(value)),
        span,
    };
    let _ = assign(stack, path, &node, span).expect("flags set known paths");
}

/// A path that names nothing, as a problem at `span`.
pub(crate) fn path_problem(error: PathError, span: TextSpan) -> Diagnostic {
    let known: Vec<&str> = error.known.iter().map(String::as_str).collect();
    let problem = Diagnostic::error(DiagnosticKind::Dangling, span, error.message);
    match error.near {
        Some(near) => problem.label(format!("did you mean `{near}`?")),
        None if known.is_empty() => problem,
        None => problem.suggest("", &known),
    }
}

/// A path that names nothing, shown where it is wrong if the text stands in the file as it is read.
pub(crate) fn misnamed(error: PathError, node: &TomlNode, text: &str) -> Diagnostic {
    let span = node.span;
    let is_plain = span.end - span.start == text.len() + 2;
    let place = match is_plain {
        true => TextSpan {
            start: span.start + 1 + error.range.start,
            end: span.start + 1 + error.range.end,
            ..span
        },
        false => span,
    };
    path_problem(error, place)
}

fn push(stack: &mut LayerStack, text: String) -> usize {
    stack.push(Source {
        name: COMMAND_LINE.to_owned(),
        text,
    })
}

fn read_value(layer: usize, offset: usize, text: &str) -> Result<TomlNode, Diagnostic> {
    let trimmed = text.trim_start();
    let start = offset + text.len() - trimmed.len();
    let trimmed = trimmed.trim_end();
    let span = TextSpan {
        layer,
        start,
        end: start + trimmed.len(),
    };
    match tree::parse_value(layer, start, trimmed) {
        Err(_) if is_word(trimmed) => Ok(TomlNode {
            value: TomlValue::Text(trimmed.to_owned()),
            span,
        }),
        Err(problem) => {
            let label = "expected a TOML value; a string with such characters needs quotes";
            Err(Diagnostic::error(DiagnosticKind::Syntax, span, problem.message).label(label))
        }
        value => value,
    }
}

/// Whether a text that is no TOML value was meant as a string.
fn is_word(text: &str) -> bool {
    let first = text.chars().next();
    first.is_some_and(|c| c.is_alphabetic() || c == '_')
        && !text.contains(['"', '\'', '[', ']', '{', '}', '=', ','])
}

/// Lays a node at every place that a path names, which are returned.
fn assign(
    stack: &mut LayerStack,
    path: &str,
    node: &TomlNode,
    span: TextSpan,
) -> Result<Vec<Place>, PathError> {
    let names = survey::names(&stack.root);
    let places = path::expand(&names, &path::parse(path)?)?;
    for place in &places {
        let fixed_by_file = place.section == FileTable::Root && place.key.name == "extends";
        if fixed_by_file || place.section.identity().contains(&place.key.name) {
            let message = format!("`{}` belongs to the file: it cannot be set", place.key.name);
            return Err(PathError {
                message,
                range: 0..path.len(),
                near: None,
                known: Vec::new(),
            });
        }
        stack.lay(layer(&names, place, node.clone(), span));
    }
    Ok(places)
}

/// A layer that writes `node` at one place and nothing else.
pub(crate) fn layer(
    names: &ScenarioNames,
    place: &Place,
    node: TomlNode,
    span: TextSpan,
) -> TomlTable {
    let single =
        |name: &str, node: TomlNode| TomlTable::from([(name.to_owned(), Item { key: span, node })]);
    let at = |value: TomlValue| TomlNode { value, span };
    let text = |section: FileTable, position: usize| {
        at(TomlValue::Text(names.ids(section)[position].to_owned()))
    };
    let mut table = match place.term {
        Some(term) => single(
            place.key.name,
            at(TomlValue::Table(single(
                names.ids(FileTable::Term)[term],
                node,
            ))),
        ),
        None => single(place.key.name, node),
    };
    if place.section == FileTable::Root {
        return table;
    }
    let [a, b] = place.at;
    for &name in place.section.identity() {
        let form = place.section.key(name).map(|key| key.form);
        let value = match form {
            Some(Form::Ends) => at(TomlValue::Array(vec![
                text(FileTable::State, a),
                text(FileTable::State, b),
            ])),
            Some(Form::Reference(FileTable::Hyperscaler)) => text(FileTable::Hyperscaler, b),
            Some(Form::Reference(section)) => text(section, a),
            _ => text(place.section, a),
        };
        table.insert(
            name.to_owned(),
            Item {
                key: span,
                node: value,
            },
        );
    }
    let value = if place.section.is_list() {
        TomlValue::Array(vec![at(TomlValue::Table(table))])
    } else {
        TomlValue::Table(table)
    };
    single(place.section.name(), at(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "name='x'\n[[state]]\nid='A'\ntalent={dist='uniform',min=0,max=1}\n[[state]]\nid='B'\n\
        [[hyperscaler]]\nid='H'\n[[term]]\nid='t'\n[[arm]]\nname='one'\nmode='bilateral'\n[[arm]]\nname='two'\nmode='bloc'";

    fn after(assignment: &str) -> LayerStack {
        let mut stack = LayerStack::default();
        let source = Source {
            name: "x.toml".to_owned(),
            text: BASE.to_owned(),
        };
        let mut read = |_: &str| Err(String::new());
        stack.add_file(&source, &mut read).expect("nothing to read");
        set(&mut stack, assignment);
        stack
    }

    #[test]
    fn values_are_toml_and_bare_words_strings() {
        let cases = [
            ("name=new name", "Text(\"new name\")"),
            ("name='q'", "Text(\"q\")"),
            (
                "bargaining.solution=kalai-smorodinsky",
                "Text(\"kalai-smorodinsky\")",
            ),
            ("simulation.trials = 5", "Integer(5)"),
            ("arm.two.members=[\"A\"]", "Array"),
            ("state.A.talent=.5e-1", ""),
            ("market.diversion=nan", "Float(NaN)"),
        ];
        for (assignment, expected) in cases {
            let stack = after(assignment);
            let shown = format!("{:?}", stack.root);
            assert_eq!(
                stack.problems.is_empty(),
                !expected.is_empty(),
                "{assignment}"
            );
            assert!(shown.contains(expected), "{assignment}: {shown}");
        }
    }

    #[test]
    fn the_form_of_an_assignment_needs_no_scenario() {
        for (text, expected) in [
            ("market.diversion", "no `=`"),
            ("=3", "no path"),
            ("market.diversion=", "no value"),
            ("name=[1,", "no TOML"),
        ] {
            let reason = check_assignment(text).expect_err(text);
            assert!(reason.contains(expected), "{text}: {reason}");
        }
        for text in [
            "state.XX.talent=1",
            "name=two words",
            "a.b={ p05 = 1, p95 = 2 }",
        ] {
            assert_eq!(check_assignment(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn pairs_links_and_multipliers_are_created() {
        for assignment in [
            "pair.*.H.feasible=false",
            "link.B.A.efficiency=1",
            "state.A.values.t=2",
            "arm.*.floors.t=0.2",
        ] {
            let stack = after(assignment);
            assert!(
                stack.problems.is_empty(),
                "{assignment}: {:?}",
                stack.problems
            );
        }
        let pairs = after("pair.*.H.feasible=false");
        assert_eq!(
            pairs.root["pair"].node.array().map(<[TomlNode]>::len),
            Some(2)
        );
    }

    #[test]
    fn mistakes_point_into_the_flag() {
        let cases = [
            ("market.diversion", "market.diversion"),
            ("state.C.talent=1", "C"),
            ("market.diverson=1", "diverson"),
            ("arm.one.pooling=1", "pooling"),
            ("state.A.id='Z'", "state.A.id"),
            ("name=a]", "a]"),
        ];
        for (assignment, expected) in cases {
            let stack = after(assignment);
            assert_eq!(stack.problems.len(), 1, "{assignment}");
            let span = stack.problems[0].span();
            let text = &stack.sources[span.layer].text;
            assert_eq!(&text[span.start..span.end], expected);
        }
    }
}
