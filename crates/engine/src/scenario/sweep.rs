//! `[sweep]`: the axes of a grid of scenarios, checked so that a file is right as a whole, and as they are read.

use crate::scenario::check::{self, Subject};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::grid::{Axis, AxisRange, Combination, Spacing};
use crate::scenario::overrides::path_problem;
use crate::scenario::path;
use crate::scenario::place::ScenarioNames;
use crate::scenario::quantity;
use crate::scenario::resolve;
use crate::scenario::schema::{FileTable, Form};
use crate::scenario::span::TextSpan;
use crate::scenario::survey::table;
use crate::scenario::tree::{TomlNode, TomlTable};

/// Checks the sweep of a scenario, if it has one.
pub(crate) fn check(root: &TomlTable, names: &ScenarioNames, problems: &mut Vec<Diagnostic>) {
    let Some((header, sweep)) = table(root, FileTable::Sweep) else {
        return;
    };
    let subject = Subject {
        section: FileTable::Sweep,
        table: sweep,
        header,
        path: "sweep",
        mode: None,
    };
    check::check(subject, names, problems);
    let design = sweep.get("design").and_then(|item| item.node.text());
    let is_hypercube = design == Some(HYPERCUBE);
    if is_hypercube != sweep.contains_key("cells") {
        let message = match is_hypercube {
            true => "a sweep of design \"latin-hypercube\" needs `cells`, how many there are",
            false => {
                "`cells` is for a sweep of design \"latin-hypercube\"; others have as many as their axes give"
            }
        };
        let span = sweep.get("cells").map_or(header, |item| item.key);
        problems.push(Diagnostic::error(DiagnosticKind::Missing, span, message));
    }
    let axes = sweep.get("axis").and_then(|item| item.node.array());
    for node in axes.unwrap_or_default() {
        match node.table() {
            Some(table) => axis(node.span, table, is_hypercube, names, problems),
            None => {
                let message = format!("an axis must be a table {}", FileTable::Axis.title());
                let problem = Diagnostic::error(DiagnosticKind::WrongType, node.span, message);
                problems.push(problem.label(format!("this is {}", node.describe())));
            }
        }
    }
}

/// The design whose cells are counted, not made by steps.
const HYPERCUBE: &str = "latin-hypercube";

/// The axes of a scenario that was found valid and how they are combined, if it has any; a Latin hypercube has the seed of the draws.
pub(crate) fn axes(root: &TomlTable, seed: u64) -> Option<(Vec<Axis>, Combination)> {
    let (_, sweep) = table(root, FileTable::Sweep)?;
    let axes = sweep.get("axis")?.node.array()?;
    let axes = axes.iter().filter_map(|node| read_axis(node.table()?));
    let design = sweep.get("design").and_then(|item| item.node.text());
    let combination = match design {
        Some("one-at-a-time") => Combination::OneAtATime,
        Some("zip") => Combination::Zip,
        Some(HYPERCUBE) => Combination::LatinHypercube {
            cells: u64::try_from(sweep.get("cells")?.node.integer()?).ok()?,
            seed,
        },
        _ => Combination::Cross,
    };
    Some((axes.collect(), combination))
}

fn read_axis(axis: &TomlTable) -> Option<Axis> {
    let node = |key: &str| axis.get(key).map(|item| &item.node);
    let path = node("path")?.text()?.to_owned();
    if let Some(values) = node("values") {
        let values = values.array()?.iter();
        let values = values.map(|value| resolve::value(value, Form::Text));
        return Some(Axis {
            path,
            values: values.collect(),
            range: None,
        });
    }
    let spacing = match node("scale").and_then(TomlNode::text) {
        Some("log") => Spacing::Log,
        _ => Spacing::Linear,
    };
    let steps = node("steps").and_then(TomlNode::integer);
    let range = AxisRange {
        from: node("from")?.number()?,
        to: node("to")?.number()?,
        steps: steps.and_then(|steps| usize::try_from(steps).ok()),
        spacing,
    };
    Some(Axis::of_range(path, range))
}

fn axis(
    header: TextSpan,
    table: &TomlTable,
    is_hypercube: bool,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) {
    let subject = Subject {
        section: FileTable::Axis,
        table,
        header,
        path: "sweep.axis",
        mode: None,
    };
    check::check(subject, names, problems);
    let number = |key: &str| table.get(key).and_then(|item| item.node.number());
    let ends = ["from", "to", "steps"].map(|key| table.contains_key(key));
    let message = match (table.get("values"), ends) {
        (Some(_), _) if is_hypercube => {
            Some("a Latin hypercube lies over ranges: an axis needs `from` and `to`")
        }
        (None, [true, true, _]) if is_hypercube => None,
        (None, _) if is_hypercube => Some("an axis of a Latin hypercube needs `from` and `to`"),
        (Some(_), [false, false, false]) | (None, [true, true, true]) => None,
        (Some(_), _) => Some("an axis takes `values` or `from`, `to` and `steps`, not both"),
        (None, _) => Some("an axis needs `values`, or `from`, `to` and `steps`"),
    };
    if let Some(message) = message {
        problems.push(Diagnostic::error(DiagnosticKind::Missing, header, message));
    }
    let logarithmic = table
        .get("scale")
        .filter(|item| item.node.text() == Some("log"));
    if let (Some(scale), Some(from), Some(to)) = (logarithmic, number("from"), number("to"))
        && (from <= 0.0 || to <= 0.0)
    {
        let message = "an axis of scale \"log\" needs `from` and `to` above 0";
        problems.push(Diagnostic::error(
            DiagnosticKind::OutOfRange,
            scale.node.span,
            message,
        ));
    }
    if let Some(item) = table.get("path") {
        varied(&item.node, table, names, problems);
    }
}

/// Checks the path of an axis, and its values against the range of what they are values of.
fn varied(
    node: &TomlNode,
    table: &TomlTable,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(path) = node.text() else {
        return;
    };
    let places = match path::parse(path).and_then(|segments| path::expand(names, &segments)) {
        Ok(places) => places,
        Err(error) => return problems.push(path_problem(error, node.span)),
    };
    let form = places.first().map(|place| match place.term {
        Some(_) => Form::Quantity(crate::engine::model::keys::Range::Finite),
        None => place.key.form,
    });
    let (range, words) = match form {
        Some(Form::Quantity(range)) => (range, &[][..]),
        Some(Form::QuantityOr(range, words)) => (range, words),
        _ => return,
    };
    let is_word = |text: &str| text == "none" || words.contains(&text);
    let values = table.get("values").and_then(|item| item.node.array());
    let ends = ["from", "to"].map(|key| table.get(key).map(|item| &item.node));
    for value in values
        .unwrap_or_default()
        .iter()
        .chain(ends.into_iter().flatten())
    {
        if !value.text().is_some_and(is_word) {
            quantity::read(value, path, range, problems);
        }
    }
}
