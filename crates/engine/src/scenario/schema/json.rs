//! The JSON Schema of scenario files, for editors.

use crate::engine::model::keys::Range;
use crate::scenario::quantity::{GRADES, ORIGIN};
use crate::scenario::schema::key::{Default, FileKey, Form};
use crate::scenario::schema::section::FileTable;
use crate::scenario::shape::{EMPIRICAL, FROM_FILE, OF_ROWS, POINTS, ROWS, SHAPES};
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of a scenario file. It describes single files: what only a merged scenario must have
/// is described, not required.
pub fn scenario_schema() -> Value {
    let mut properties = Map::new();
    for key in FileTable::Root.keys() {
        properties.insert(key.name.to_owned(), described(key));
    }
    for &section in FileTable::TABLES {
        let table = table(section);
        let value = if section.is_list() {
            json!({ "type": "array", "items": table })
        } else {
            table
        };
        properties.insert(section.name().to_owned(), value);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mufakat scenario",
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
        "$defs": { "distribution": distribution() },
    })
}

fn table(section: FileTable) -> Value {
    let mut properties = Map::new();
    for key in section.keys() {
        properties.insert(key.name.to_owned(), described(key));
    }
    // Correlations are replaced as a whole.
    if !section.identity().is_empty() && section != FileTable::Correlation {
        let doc = "Removes the entry that a weaker layer wrote";
        properties.insert(
            "remove".to_owned(),
            json!({ "type": "boolean", "description": doc }),
        );
    }
    json!({
        "type": "object",
        "properties": properties,
        "required": required(section),
        "additionalProperties": false,
    })
}

/// Keys that every entry has, whichever layer writes it.
fn required(section: FileTable) -> &'static [&'static str] {
    match section {
        FileTable::Correlation => &["between", "rho"],
        _ => section.identity(),
    }
}

fn described(key: &FileKey) -> Value {
    let mut value = form(key.form);
    if key.can_be_unset() && !matches!(key.form, Form::Text) {
        value = json!({ "anyOf": [value, { "const": "none" }] });
    }
    let mut doc = key.doc.to_owned();
    match key.default {
        Default::Required => doc.push_str(" (required)"),
        Default::Absent(meaning) => doc.push_str(&format!(" (if absent: {meaning})")),
        Default::Number(number) => value["default"] = json!(number),
        Default::Integer(integer) => value["default"] = json!(integer),
        Default::Boolean(boolean) => value["default"] = json!(boolean),
        Default::Word(word) => value["default"] = json!(word),
    }
    value["description"] = json!(doc);
    value
}

fn form(form: Form) -> Value {
    match form {
        Form::Quantity(range) => json!({
            "anyOf": [number(range), { "$ref": "#/$defs/distribution" }],
        }),
        Form::QuantityOr(range, words) => json!({
            "anyOf": [number(range), { "$ref": "#/$defs/distribution" }, { "enum": words }],
        }),
        Form::Number(range) => number(range),
        Form::Integer(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Form::Boolean => json!({ "type": "boolean" }),
        Form::Text | Form::Path | Form::Result | Form::Reference(_) => json!({ "type": "string" }),
        Form::Line(most) => json!({ "type": "string", "minLength": 1, "maxLength": most }),
        Form::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Form::Id => json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]+$" }),
        Form::Word(words, _) => json!({ "enum": words }),
        Form::Members => json!({
            "anyOf": [
                { "const": "all" },
                { "type": "array", "items": { "type": "string" }, "minItems": 2 },
            ],
        }),
        Form::Names(_) => json!({
            "type": "array", "items": { "type": "string" }, "minItems": 1, "uniqueItems": true,
        }),
        Form::Ends => json!({
            "type": "array", "items": { "type": "string" }, "minItems": 2, "maxItems": 2,
        }),
        Form::Levels => json!({
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    { "type": "number" },
                    { "$ref": "#/$defs/distribution" },
                    { "const": "none" },
                ],
            },
        }),
        Form::Settings => json!({ "type": "object" }),
        Form::Choices => json!({
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    { "type": "array", "minItems": 1 },
                    { "const": "any" },
                    { "type": "object", "additionalProperties": { "type": "array", "minItems": 1 } },
                ],
            },
        }),
        Form::Costs => json!({
            "type": "object",
            "additionalProperties": {
                "anyOf": [
                    { "type": "number", "minimum": 0 },
                    { "type": "object", "additionalProperties": { "type": "number", "minimum": 0 } },
                ],
            },
        }),
        Form::Paths => json!({ "type": "array", "items": { "type": "string" } }),
        Form::Values => json!({ "type": "array" }),
        Form::Came => json!({ "type": "array", "items": number(Range::Switch), "minItems": 1 }),
        Form::List(section) => json!({ "type": "array", "items": table(section) }),
        Form::Table(section) => table(section),
    }
}

fn number(range: Range) -> Value {
    match range {
        Range::Share => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        Range::PositiveShare => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 1 }),
        Range::Power => json!({ "type": "number", "minimum": 0.02, "maximum": 0.98 }),
        Range::Positive => json!({ "type": "number", "exclusiveMinimum": 0 }),
        Range::NonNegative => json!({ "type": "number", "minimum": 0 }),
        Range::Growth => json!({ "type": "number", "exclusiveMinimum": -1 }),
        Range::Correlation => json!({ "type": "number", "minimum": -1, "maximum": 1 }),
        Range::Finite => json!({ "type": "number" }),
        Range::Switch => json!({ "enum": [true, false, 0, 1] }),
    }
}

/// The table of a quantity, one alternative for each way to write it.
fn distribution() -> Value {
    let mut ways = vec![way(None, &["value"], &[])];
    // Two points alone are a lognormal.
    ways.push(way(None, POINTS, &[]));
    ways.push(way(Some(&["lognormal", "normal"]), POINTS, &[]));
    for shape in SHAPES {
        ways.push(way(Some(&[shape.dist]), shape.required, shape.optional));
    }
    let file = [FROM_FILE, OF_ROWS];
    ways.push(way(
        Some(&[EMPIRICAL]),
        file[0],
        &[&["values"], file[1]].concat(),
    ));
    json!({ "type": "object", "anyOf": ways })
}

fn way(words: Option<&[&str]>, required: &[&str], optional: &[&str]) -> Value {
    let mut properties = Map::new();
    let mut needed: Vec<&str> = required.to_vec();
    if let Some(words) = words {
        properties.insert("dist".to_owned(), json!({ "enum": words }));
        needed.insert(0, "dist");
    }
    for &name in required.iter().chain(optional) {
        let value = match name {
            "file" => {
                json!({ "type": "string", "description": "CSV file beside the scenario; its columns are drawn row by row" })
            }
            "column" => {
                json!({ "type": "string", "description": "Column of the file, as its first line names it" })
            }
            "rows" => {
                json!({ "enum": ROWS, "description": "drawn: each world draws a row; listed: world k takes row k", "default": ROWS[0] })
            }
            "design" => {
                json!({ "type": "boolean", "description": "Whether listed rows take the place of a quantity that the design would sample", "default": true })
            }
            "values" | "weights" => json!({ "type": "array", "items": { "type": "number" } }),
            "value" => json!({ "type": ["number", "boolean"] }),
            _ => json!({ "type": "number" }),
        };
        properties.insert(name.to_owned(), value);
    }
    for &name in ORIGIN {
        let value = match name {
            "grade" => json!({ "enum": GRADES }),
            _ => json!({ "type": "string" }),
        };
        properties.insert(name.to_owned(), value);
    }
    json!({ "properties": properties, "required": needed, "additionalProperties": false })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_described() {
        let schema = scenario_schema();
        let described = |path: &[&str]| {
            let found = path.iter().try_fold(&schema, |value, part| value.get(part));
            found.is_some_and(|value| value["description"].is_string())
        };
        assert!(described(&["properties", "schema"]));
        assert!(described(&[
            "properties",
            "market",
            "properties",
            "diversion"
        ]));
        let arm = &schema["properties"]["arm"]["items"]["properties"];
        let rounds = &arm["max_rounds"]["anyOf"][0];
        assert_eq!(
            (&rounds["minimum"], &rounds["maximum"]),
            (&json!(1), &json!(1000))
        );
        for key in FileTable::Arm.keys() {
            let path = ["properties", "arm", "items", "properties", key.name];
            assert!(described(&path), "{}", key.name);
        }
    }
}
