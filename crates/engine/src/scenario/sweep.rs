//! `[sweep]`: the axes of a grid of scenarios, checked so that a file is right as a whole, and the grid itself.

use crate::scenario::check::{self, Subject};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::grid::{Axis, AxisError, Combination, Grid, Spacing};
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
    let axes = sweep.get("axis").and_then(|item| item.node.array());
    for node in axes.unwrap_or_default() {
        match node.table() {
            Some(table) => axis(node.span, table, names, problems),
            None => {
                let message = format!("an axis must be a table {}", FileTable::Axis.title());
                let problem = Diagnostic::error(DiagnosticKind::WrongType, node.span, message);
                problems.push(problem.label(format!("this is {}", node.describe())));
            }
        }
    }
}

/// The grid of a scenario that was found valid, if it has one.
///
/// # Errors
/// A path that is on two axes, or too many cells.
pub(crate) fn grid(root: &TomlTable) -> Option<Result<Grid, AxisError>> {
    let (_, sweep) = table(root, FileTable::Sweep)?;
    let axes = sweep.get("axis")?.node.array()?;
    let axes = axes.iter().filter_map(|node| read_axis(node.table()?));
    let design = sweep.get("design").and_then(|item| item.node.text());
    let combination = match design {
        Some("one-at-a-time") => Combination::OneAtATime,
        _ => Combination::Cross,
    };
    Some(Grid::new(axes.collect(), combination))
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
        });
    }
    let spacing = match node("scale").and_then(TomlNode::text) {
        Some("log") => Spacing::Log,
        _ => Spacing::Linear,
    };
    let steps = usize::try_from(node("steps")?.integer()?).ok()?;
    let (from, to) = (node("from")?.number()?, node("to")?.number()?);
    Some(Axis::spaced(path, from, to, steps, spacing))
}

fn axis(
    header: TextSpan,
    table: &TomlTable,
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
