//! `[sweep]`: the axes of a grid of scenarios, checked so that a file is right as a whole.

use crate::scenario::check::{self, Subject};
use crate::scenario::diagnostic::{Diagnostic, Kind};
use crate::scenario::overrides::path_problem;
use crate::scenario::path;
use crate::scenario::place::Names;
use crate::scenario::quantity;
use crate::scenario::schema::{Form, Section};
use crate::scenario::survey::table;
use crate::scenario::tree::{Node, Span, Table};

/// Checks the sweep of a scenario, if it has one.
pub(crate) fn check(root: &Table, names: &Names, problems: &mut Vec<Diagnostic>) {
    let Some((header, sweep)) = table(root, Section::Sweep) else {
        return;
    };
    let subject = Subject {
        section: Section::Sweep,
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
                let message = format!("an axis must be a table {}", Section::Axis.title());
                let problem = Diagnostic::error(Kind::WrongType, node.span, message);
                problems.push(problem.label(format!("this is {}", node.describe())));
            }
        }
    }
}

fn axis(header: Span, table: &Table, names: &Names, problems: &mut Vec<Diagnostic>) {
    let subject = Subject {
        section: Section::Axis,
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
        problems.push(Diagnostic::error(Kind::Missing, header, message));
    }
    let logarithmic = table
        .get("scale")
        .filter(|item| item.node.text() == Some("log"));
    if let (Some(scale), Some(from), Some(to)) = (logarithmic, number("from"), number("to"))
        && (from <= 0.0 || to <= 0.0)
    {
        let message = "an axis of scale \"log\" needs `from` and `to` above 0";
        problems.push(Diagnostic::error(
            Kind::OutOfRange,
            scale.node.span,
            message,
        ));
    }
    if let Some(item) = table.get("path") {
        varied(&item.node, table, names, problems);
    }
}

/// Checks the path of an axis, and its values against the range of what they are values of.
fn varied(node: &Node, table: &Table, names: &Names, problems: &mut Vec<Diagnostic>) {
    let Some(path) = node.text() else {
        return;
    };
    let places = match path::parse(path).and_then(|segments| path::expand(names, &segments)) {
        Ok(places) => places,
        Err(error) => return problems.push(path_problem(error, node.span)),
    };
    let form = places.first().map(|place| match place.term {
        Some(_) => Form::Quantity(crate::model::keys::Range::Finite),
        None => place.key.form,
    });
    let Some(Form::Quantity(range)) = form else {
        return;
    };
    let values = table.get("values").and_then(|item| item.node.array());
    let ends = ["from", "to"].map(|key| table.get(key).map(|item| &item.node));
    for value in values
        .unwrap_or_default()
        .iter()
        .chain(ends.into_iter().flatten())
    {
        if value.text() != Some("none") {
            quantity::read(value, path, range, problems);
        }
    }
}
