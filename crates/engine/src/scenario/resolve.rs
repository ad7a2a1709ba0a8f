//! The merged scenario written back: one file that runs by itself, and where each of its keys came from.
//!
//! Tables and keys stand in the order of the schema, entries in their own order, so equal scenarios give equal bytes.

use crate::engine::model::Model;
use crate::scenario::file_name::is_id;
use crate::scenario::layers::identity;
use crate::scenario::loaded::Origin;
use crate::scenario::quantity::ORIGIN;
use crate::scenario::schema::{FileKey, FileTable, Form};
use crate::scenario::source::Source;
use crate::scenario::span::{LineIndex, TextSpan};
use crate::scenario::survey::{entries, table};
use crate::scenario::tree::{Item, TomlNode, TomlTable, TomlValue};

/// Order of the keys in the table of a quantity, provenance last.
const QUANTITY: &[&str] = &[
    "value", "dist", "file", "column", "rows", "design", "mean", "sd", "median", "sigma", "p",
    "p05", "p95", "alpha", "beta", "min", "mode", "max", "shape", "values", "weights",
];

/// A table of the file: its header and its keys with their paths.
struct WrittenTable<'a> {
    header: String,
    lines: Vec<(String, &'a FileKey, &'a Item)>,
}

/// The merged scenario as text, and where each of its keys was written, in the same order. A valid scenario reads back to the same model.
pub(crate) fn written(
    root: &TomlTable,
    model: &Model,
    sources: &[Source],
) -> (String, Vec<Origin>) {
    let mut out = String::from("# The scenario after all its layers.\n");
    let mut origins = Vec::new();
    let lines: Vec<LineIndex> = sources.iter().map(|one| LineIndex::of(&one.text)).collect();
    let mut add = |path: String, value: String, span: TextSpan| {
        origins.push(Origin {
            path,
            value,
            layer: sources[span.layer].name.clone(),
            line: lines[span.layer].line_of(span.start),
        });
    };
    for block in blocks(root) {
        if !block.header.is_empty() {
            out.push_str(&format!("\n{}\n", block.header));
        }
        for (path, key, item) in block.lines {
            let written = value(&item.node, key.form);
            out.push_str(&format!("{} = {written}\n", key.name));
            // Another file would take its own stem for a name.
            if key.name == "schema" && !root.contains_key("name") {
                out.push_str(&format!("name = {}\n", string(&model.name)));
            }
            match (&item.node.value, key.form) {
                (TomlValue::Table(table), form) if form == Form::Levels || form.has_paths() => {
                    for (name, item) in table {
                        let path = format!("{path}.{}", bare_or_quoted(name));
                        add(path, value(&item.node, Form::Text), item.key);
                    }
                }
                _ => add(path, written, item.key),
            }
        }
    }
    (out, origins)
}

fn blocks(root: &TomlTable) -> Vec<WrittenTable<'_>> {
    let mut blocks = vec![block(FileTable::Root, "", root)];
    for &section in FileTable::TABLES {
        if section.is_list() {
            for (span, table) in entries(root, section) {
                let parts = identity(section, table, span).unwrap_or_default();
                let parts: Vec<String> = parts.iter().map(|part| bare_or_quoted(part)).collect();
                let path = format!("{}.{}.", section.name(), parts.join("."));
                blocks.push(block(section, &path, table));
            }
        } else if let Some((_, table)) = table(root, section)
            && !table.is_empty()
        {
            blocks.push(block(section, &format!("{}.", section.name()), table));
        }
    }
    blocks
}

fn block<'a>(section: FileTable, path: &str, table: &'a TomlTable) -> WrittenTable<'a> {
    let lines = section.keys().iter().filter_map(|key| {
        let item = table.get(key.name)?;
        Some((format!("{path}{}", key.name), key, item))
    });
    WrittenTable {
        header: match section {
            FileTable::Root => String::new(),
            _ => section.title().replace('`', ""),
        },
        lines: lines.collect(),
    }
}

/// A value as TOML on one line.
pub(crate) fn value(node: &TomlNode, form: Form) -> String {
    match &node.value {
        TomlValue::Text(text) => string(text),
        TomlValue::Integer(integer) => integer.to_string(),
        TomlValue::Float(float) => format!("{float:?}"),
        TomlValue::Boolean(boolean) => boolean.to_string(),
        TomlValue::Datetime(datetime) => datetime.clone(),
        TomlValue::Array(nodes) => {
            let values: Vec<String> = nodes.iter().map(|node| value(node, Form::Text)).collect();
            format!("[{}]", values.join(", "))
        }
        TomlValue::Column(column) => {
            let values: Vec<String> = column.numbers.iter().map(|x| format!("{x:?}")).collect();
            format!("[{}]", values.join(", "))
        }
        TomlValue::Table(table) => {
            let mut items: Vec<(&String, &Item)> = table.iter().collect();
            if form != Form::Levels && !form.has_paths() {
                items.sort_by_key(|(name, _)| rank(name));
            }
            let items: Vec<String> = items
                .into_iter()
                .map(|(name, item)| {
                    let value = value(&item.node, Form::Text);
                    format!("{} = {value}", bare_or_quoted(name))
                })
                .collect();
            if items.is_empty() {
                "{}".to_owned()
            } else {
                format!("{{ {} }}", items.join(", "))
            }
        }
    }
}

/// The place of a key in the table of a quantity; keys of other tables keep their order.
fn rank(name: &str) -> usize {
    let keys = QUANTITY.iter().chain(ORIGIN);
    let position = keys.clone().position(|key| *key == name);
    position.unwrap_or(0)
}

fn bare_or_quoted(name: &str) -> String {
    if is_id(name) {
        name.to_owned()
    } else {
        string(name)
    }
}

/// A TOML basic string.
fn string(text: &str) -> String {
    let plain = |c: char| c != '"' && c != '\\' && !c.is_control();
    if text.chars().all(plain) {
        return format!("\"{text}\"");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
