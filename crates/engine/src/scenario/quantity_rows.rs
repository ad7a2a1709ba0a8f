//! A quantity whose values are a column of a file, and data that each of its values must be in range.

use crate::engine::model::keys::Range;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::file_name::bare_name;
use crate::scenario::quantity::{QuantityReader, WrittenRows};
use crate::scenario::shape::{FROM_FILE, OF_ROWS, ROWS};
use crate::scenario::tree::{TomlNode, TomlTable, TomlValue};
use crate::theory::draws::distribution::Distribution;

impl QuantityReader<'_> {
    /// A column of a file: the steps of its values, and the rows that they come in.
    pub fn of_rows(
        &mut self,
        node: &TomlNode,
        table: &TomlTable,
    ) -> Option<(Distribution, WrittenRows)> {
        let mut known = vec!["dist", "values"];
        known.extend(FROM_FILE.iter().chain(OF_ROWS));
        let mut valid = self.only(table, &known, "an empirical distribution from a file");
        for &name in FROM_FILE {
            valid &= match table.get(name) {
                None => {
                    let message = format!(
                        "`{}`: an empirical distribution from a file needs the key `{name}`",
                        self.path
                    );
                    let problem = Diagnostic::error(DiagnosticKind::Missing, node.span, message);
                    self.problems
                        .push(problem.label(format!("add `{name} = \"...\"`")));
                    false
                }
                Some(item) => self.is(name, &item.node, item.node.text().is_some(), "a string"),
            };
        }
        if let Some(item) = table.get("rows") {
            let word = item.node.text();
            let known = word.is_some_and(|word| ROWS.contains(&word));
            valid &= self.is("rows", &item.node, known, "\"drawn\" or \"listed\"");
        }
        if let Some(item) = table.get("design") {
            let known = item.node.boolean().is_some();
            valid &= self.is("design", &item.node, known, "true or false");
        }
        // Where the file holds no such numbers, that was said when it was read.
        let written = &table.get("values")?.node;
        let values = self.parameter("values", written).filter(|_| valid)?;
        if !self.all_in_range(written, &values) {
            return None;
        }
        let mut sorted = values.clone();
        sorted.sort_by(f64::total_cmp);
        let parameters = [("values", sorted)];
        let distribution = self.built(node, "discrete", false, &parameters)?;
        let file = &table["file"].node;
        let rows = WrittenRows {
            file: bare_name(file.text().unwrap_or_default()),
            listed: table.get("rows").and_then(|item| item.node.text()) == Some("listed"),
            numbered: table.get("design").and_then(|item| item.node.boolean()) != Some(false),
            values,
            span: file.span,
        };
        Some((distribution, rows))
    }

    /// Whether a parameter is what it must be; what it is instead is a problem.
    fn is(&mut self, name: &str, node: &TomlNode, right: bool, expected: &str) -> bool {
        if !right {
            let message = format!("`{name}` of `{}` must be {expected}", self.path);
            let problem = Diagnostic::error(DiagnosticKind::WrongType, node.span, message);
            let label = match node.text() {
                Some(_) => "unknown word".to_owned(),
                None => format!("this is {}", node.describe()),
            };
            self.problems.push(problem.label(label));
        }
        right
    }

    /// Whether each of the values of data is in range: the first that is not is shown.
    pub fn all_in_range(&mut self, node: &TomlNode, values: &[f64]) -> bool {
        let switches = self.range == Range::Switch;
        let column = match &node.value {
            TomlValue::Column(column) => Some(column),
            _ => None,
        };
        let word = column.and_then(|column| column.word).filter(|_| !switches);
        let wrong = |value: &f64| !self.range.contains(*value);
        let Some(row) = values.iter().position(wrong).into_iter().chain(word).min() else {
            return true;
        };
        let expected = self.range.describe();
        let (place, span) = match (column, node.array()) {
            (Some(column), _) => (
                format!("row {}, {}", row + 1, column.title),
                column.span(row),
            ),
            (None, nodes) => (
                format!("value {}", row + 1),
                nodes.map_or(node.span, |nodes| nodes[row].span),
            ),
        };
        let message = format!("{place}: `{}` must be {expected}", self.path);
        let label = match word == Some(row) {
            true => "this is a word".to_owned(),
            false => format!("this is {}", values[row]),
        };
        let problem = Diagnostic::error(DiagnosticKind::OutOfRange, span, message).label(label);
        self.problems.push(problem);
        false
    }
}
