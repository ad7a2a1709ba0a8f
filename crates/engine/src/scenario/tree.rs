//! TOML text as an owned tree that remembers, for every key and value, the layer and the bytes that wrote it. What would steer a terminal in
//! keys and texts has a mark in its place from here on, so that names are the same wherever they are shown or asked for.

use crate::scenario::csv::NumberColumn;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::span::{TextSpan, line_of};
use crate::theory::spelling::foreign::read;
use indexmap::IndexMap;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value and where it stands. Of a table with a header, the place is the header.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TomlNode {
    pub value: TomlValue,
    pub span: TextSpan,
}

/// A value with the place of its key.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub key: TextSpan,
    pub node: TomlNode,
}

/// Keys and values in the order written.
pub(crate) type TomlTable = IndexMap<String, Item>;

/// A TOML value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TomlValue {
    Text(String),
    Integer(i128),
    Float(f64),
    Boolean(bool),
    Datetime(String),
    Array(Vec<TomlNode>),
    Table(TomlTable),
    /// An array of numbers that another file holds.
    Column(Arc<NumberColumn>),
}

impl TomlNode {
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            TomlValue::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn table(&self) -> Option<&TomlTable> {
        match &self.value {
            TomlValue::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn table_mut(&mut self) -> Option<&mut TomlTable> {
        match &mut self.value {
            TomlValue::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn array(&self) -> Option<&[TomlNode]> {
        match &self.value {
            TomlValue::Array(nodes) => Some(nodes),
            _ => None,
        }
    }

    pub fn boolean(&self) -> Option<bool> {
        match self.value {
            TomlValue::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// The value as a number: integers count as floats.
    pub fn number(&self) -> Option<f64> {
        match self.value {
            TomlValue::Integer(value) => Some(value as f64),
            TomlValue::Float(value) => Some(value),
            _ => None,
        }
    }

    pub fn integer(&self) -> Option<i128> {
        match self.value {
            TomlValue::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// What kind of value this is, for messages: "a string".
    pub fn describe(&self) -> &'static str {
        match self.value {
            TomlValue::Text(_) => "a string",
            TomlValue::Integer(_) => "an integer",
            TomlValue::Float(_) => "a float",
            TomlValue::Boolean(_) => "a boolean",
            TomlValue::Datetime(_) => "a date",
            TomlValue::Array(_) | TomlValue::Column(_) => "an array",
            TomlValue::Table(_) => "a table",
        }
    }
}

/// Parses the text of a layer. What could be recovered is returned beside the errors, at most one of them a line.
pub(crate) fn parse(layer: usize, text: &str) -> (TomlTable, Vec<Diagnostic>) {
    let (table, errors) = DeTable::parse_recoverable(text);
    let at = Locator { layer, offset: 0 };
    let mut problems: Vec<Diagnostic> = errors.iter().map(|e| at.problem(e)).collect();
    problems.sort_by_key(|problem| problem.span().start);
    let (mut start, mut line, mut last_line) = (0, 1, None);
    problems.retain(|problem| {
        line += line_of(&text[start..], problem.span().start - start) - 1;
        start = problem.span().start;
        let before = last_line.replace(line);
        // An unclosed list or string makes the lines after it look wrong too.
        let follows = before.is_some_and(|before| before + 1 == line) && in_list(&problem.message);
        before != Some(line) && !follows
    });
    (at.table(table.get_ref()), problems)
}

/// Whether a message of the parser is about the inside of an array or inline table.
fn in_list(message: &str) -> bool {
    let words = ["comma", "inline table", "array", "key-value pairs"];
    words.iter().any(|word| message.contains(word))
}

/// Parses one value that stands at byte `offset` of the text of a layer.
pub(crate) fn parse_value(layer: usize, offset: usize, text: &str) -> Result<TomlNode, Diagnostic> {
    let at = Locator { layer, offset };
    match DeValue::parse(text) {
        Ok(value) => Ok(at.node(&value)),
        Err(error) => Err(at.problem(&error)),
    }
}

/// Turns spans of the parser into ours.
struct Locator {
    layer: usize,
    offset: usize,
}

impl Locator {
    fn span(&self, range: std::ops::Range<usize>) -> TextSpan {
        TextSpan {
            layer: self.layer,
            start: range.start + self.offset,
            end: range.end + self.offset,
        }
    }

    fn problem(&self, error: &toml::de::Error) -> Diagnostic {
        let span = self.span(error.span().unwrap_or(0..0));
        Diagnostic::error(
            DiagnosticKind::Syntax,
            span,
            format!("not valid TOML: {}", error.message()),
        )
    }

    fn table(&self, table: &DeTable<'_>) -> TomlTable {
        let items = table.iter().map(|(key, value)| {
            let item = Item {
                key: self.span(key.span()),
                node: self.node(value),
            };
            (read(key.get_ref()), item)
        });
        items.collect()
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> TomlNode {
        TomlNode {
            span: self.span(value.span()),
            value: match value.get_ref() {
                DeValue::String(text) => TomlValue::Text(read(text)),
                DeValue::Integer(integer) => integer_value(integer.as_str(), integer.radix()),
                // A literal too large for a float reads as infinity, which no key accepts.
                DeValue::Float(float) => {
                    TomlValue::Float(float.as_str().parse().unwrap_or(f64::NAN))
                }
                DeValue::Boolean(value) => TomlValue::Boolean(*value),
                DeValue::Datetime(datetime) => TomlValue::Datetime(datetime.to_string()),
                DeValue::Array(nodes) => {
                    TomlValue::Array(nodes.iter().map(|node| self.node(node)).collect())
                }
                DeValue::Table(table) => TomlValue::Table(self.table(table)),
            },
        }
    }
}

fn integer_value(digits: &str, radix: u32) -> TomlValue {
    match i128::from_str_radix(digits, radix) {
        Ok(value) => TomlValue::Integer(value),
        Err(_) => TomlValue::Float(digits.parse().unwrap_or(f64::INFINITY)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::span::LineIndex;

    #[test]
    fn places_are_kept() {
        let text = "a = 1\n[[state]]\nid = 'X'\nb = 0x1_0\n";
        let (table, problems) = parse(3, text);
        assert!(problems.is_empty());
        let states = table["state"].node.array().expect("an array");
        let state = states[0].table().expect("a table");
        let shown = |span: TextSpan| &text[span.start..span.end];
        assert_eq!(shown(states[0].span), "[[state]]");
        assert_eq!(shown(state["id"].key), "id");
        assert_eq!(shown(state["id"].node.span), "'X'");
        assert_eq!(state["b"].node.number(), Some(16.0));
        assert_eq!(state["b"].node.span.layer, 3);
        assert_eq!(line_of(text, state["b"].key.start), 4);
        let lines = LineIndex::of(text);
        for byte in 0..=text.len() + 2 {
            assert_eq!(lines.line_of(byte), line_of(text, byte), "byte {byte}");
        }
    }

    #[test]
    fn every_broken_line_is_reported_once() {
        let (_, problems) = parse(0, "a = [1,\n[b]\nc = 1 2\nd = 3\n");
        assert_eq!(problems.len(), 1, "{problems:?}");
        let (table, problems) = parse(0, "a = foo\nb = 2\nc = 'x\nd = 1e999\n");
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert_eq!(table["b"].node.number(), Some(2.0));
        assert_eq!(table["d"].node.number(), Some(f64::INFINITY));
    }

    #[test]
    fn a_value_keeps_its_offset() {
        let node = parse_value(0, 10, "[1, 'a']").expect("valid");
        assert_eq!((node.span.start, node.span.end), (10, 18));
        assert!(parse_value(0, 0, "1 2").is_err());
    }
}
