//! Files of numbers beside a scenario: CSV with a name over each column, read at load and written into the quantities that name them.
//!
//! The tree of a scenario takes a column as the `values` of its quantity, so that whatever comes after, the resolved scenario too, needs no
//! file any more. Each number remembers its cell: what is wrong with it is shown there.

use crate::scenario::csv::{DataTable, NumberColumn};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::file_name::{bare_name, relative_to, same_file, shown};
use crate::scenario::layers::LayerStack;
use crate::scenario::loaded::LoadError;
use crate::scenario::shape::EMPIRICAL;
use crate::scenario::source::Source;
use crate::scenario::span::TextSpan;
use crate::scenario::tree::{Item, TomlNode, TomlTable, TomlValue};
use std::collections::HashMap;
use std::sync::Arc;

/// The files that a scenario names, each read once.
struct DataFiles<'a> {
    stack: &'a mut LayerStack,
    read: &'a mut dyn FnMut(&str) -> Result<String, String>,
    known: HashMap<String, Option<DataTable>>,
    /// By its bare name, the file that rows of that name are drawn from.
    named: HashMap<String, String>,
}

/// Writes the columns of files into the quantities that name them.
///
/// # Errors
/// [`LoadError::Unreadable`] where `read` fails for a file.
pub(crate) fn inline(
    stack: &mut LayerStack,
    read: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<(), LoadError> {
    let mut root = std::mem::take(&mut stack.root);
    let mut files = DataFiles {
        stack,
        read,
        known: HashMap::new(),
        named: HashMap::new(),
    };
    let done = root
        .values_mut()
        .try_for_each(|item| files.visit(&mut item.node));
    stack.root = root;
    done
}

impl DataFiles<'_> {
    fn visit(&mut self, node: &mut TomlNode) -> Result<(), LoadError> {
        match &mut node.value {
            TomlValue::Array(nodes) => nodes.iter_mut().try_for_each(|node| self.visit(node)),
            TomlValue::Table(table) if names_file(table) => self.fill(table),
            TomlValue::Table(table) => table
                .values_mut()
                .try_for_each(|item| self.visit(&mut item.node)),
            _ => Ok(()),
        }
    }

    fn fill(&mut self, quantity: &mut TomlTable) -> Result<(), LoadError> {
        let text = |key: &str| {
            let item = quantity.get(key)?;
            Some((item.node.text()?.to_owned(), item.node.span))
        };
        // What is no string is said where the quantity is read.
        let (Some((file, place)), Some((column, at))) = (text("file"), text("column")) else {
            return Ok(());
        };
        let layer = &self.stack.sources[place.layer].name;
        let name = relative_to(layer, &file);
        if !self.known.contains_key(&name) {
            let table = self.open(&name, &file, place)?;
            self.known.insert(name.clone(), table);
        }
        let Some(table) = &self.known[&name] else {
            return Ok(());
        };
        let Some(index) = table.find(&column) else {
            let known: Vec<&str> = table.header.iter().map(|(name, _)| name.as_str()).collect();
            let message = format!("{} has no column `{column}`", table.file);
            let problem = Diagnostic::error(DiagnosticKind::Dangling, at, message);
            self.stack.problems.push(problem.suggest(&column, &known));
            return Ok(());
        };
        match table.column(index, &self.stack.sources[table.layer].text) {
            Ok(column) => {
                quantity.insert("values".to_owned(), column_item(column, at));
            }
            Err(problem) => self.stack.problems.push(problem.also(at, "read for this")),
        }
        Ok(())
    }

    fn open(
        &mut self,
        name: &str,
        file: &str,
        place: TextSpan,
    ) -> Result<Option<DataTable>, LoadError> {
        let text = (self.read)(name).map_err(|reason| LoadError::Unreadable {
            name: name.to_owned(),
            reason: format!(
                "{reason} (named by `file = \"{file}\"` in {})",
                self.stack.sources[place.layer].name
            ),
        })?;
        let bare = bare_name(name);
        let first = self
            .named
            .entry(bare.clone())
            .or_insert_with(|| name.to_owned());
        if !same_file(first, name) {
            let message = format!(
                "{} and {} are two files `{bare}`: rows are drawn by this name, and those of one file together",
                shown(first),
                shown(name)
            );
            let problem = Diagnostic::error(DiagnosticKind::Duplicate, place, message);
            self.stack
                .problems
                .push(problem.help("give one of them another name"));
            return Ok(None);
        }
        let source = Source {
            name: name.to_owned(),
            text,
        };
        let layer = self.stack.push(source);
        let table = DataTable::parse(layer, &self.stack.sources[layer]);
        Ok(table
            .map_err(|problem| self.stack.problems.push(problem))
            .ok())
    }
}

/// Whether the table of a quantity names a file whose numbers it does not hold.
fn names_file(table: &TomlTable) -> bool {
    let dist = table.get("dist").and_then(|item| item.node.text());
    dist == Some(EMPIRICAL) && table.contains_key("file") && !table.contains_key("values")
}

/// A column as the value of a key that stands at `key`.
pub(crate) fn column_item(column: NumberColumn, key: TextSpan) -> Item {
    let value = TomlValue::Column(Arc::new(column));
    Item {
        key,
        node: TomlNode { value, span: key },
    }
}
