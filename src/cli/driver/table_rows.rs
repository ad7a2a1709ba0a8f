//! What of a document is a table: a list of objects, each a row.

use crate::cli::driver::batches::HeldTable;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, RecordBatch, RecordBatchOptions, StringArray,
};
use arrow_schema::{DataType, Field, Schema};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::io;
use std::sync::Arc;

/// A row: its cells by the names of their columns.
pub type RowCells = IndexMap<String, Value>;

/// The lists of objects of a document that lie in objects alone, each under its path, with the cells of each row: what lies deeper has its path
/// from the row on, and a list is text.
pub fn rows_in(document: &Value) -> Vec<(String, Vec<RowCells>)> {
    let mut found = Vec::new();
    if let Value::Object(map) = document {
        find(map, "", &mut found);
    }
    found
}

fn find(map: &Map<String, Value>, before: &str, found: &mut Vec<(String, Vec<RowCells>)>) {
    for (key, value) in map {
        let path = format!("{before}{key}");
        match value {
            Value::Object(inner) => find(inner, &format!("{path}."), found),
            Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_object) => {
                found.push((path, items.iter().map(row).collect()));
            }
            _ => {}
        }
    }
}

fn row(item: &Value) -> RowCells {
    let mut cells = RowCells::new();
    if let Value::Object(map) = item {
        flatten(map, "", &mut cells);
    }
    cells
}

fn flatten(map: &Map<String, Value>, before: &str, cells: &mut RowCells) {
    for (key, value) in map {
        let path = format!("{before}{key}");
        match value {
            Value::Object(inner) => flatten(inner, &format!("{path}."), cells),
            Value::Array(_) => {
                cells.insert(path, Value::String(value.to_string()));
            }
            value => {
                cells.insert(path, value.clone());
            }
        }
    }
}

/// Rows as a table; what a row lacks is absent, and a column that holds more than one kind is text.
pub fn of_rows(rows: &[RowCells]) -> io::Result<HeldTable> {
    let mut names: Vec<&String> = Vec::new();
    let mut places: IndexMap<&String, ()> = IndexMap::new();
    for name in rows.iter().flat_map(IndexMap::keys) {
        if places.insert(name, ()).is_none() {
            names.push(name);
        }
    }
    let columns = names.iter().map(|&name| {
        let cells: Vec<Option<&Value>> = rows
            .iter()
            .map(|row| row.get(name).filter(|cell| !cell.is_null()))
            .collect();
        let (kind, array) = array(&cells);
        (Field::new(name, kind, true), array)
    });
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = columns.unzip();
    let schema = Arc::new(Schema::new(fields));
    let options = RecordBatchOptions::new().with_row_count(Some(rows.len()));
    let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), arrays, &options);
    Ok(HeldTable {
        schema,
        batches: vec![batch.map_err(io::Error::other)?],
    })
}

fn array(cells: &[Option<&Value>]) -> (DataType, ArrayRef) {
    let all = |is: fn(&Value) -> bool| cells.iter().flatten().all(|cell| is(cell));
    if all(Value::is_number) {
        let numbers = cells.iter().map(|cell| cell.and_then(Value::as_f64));
        let array: Float64Array = numbers.collect();
        return (DataType::Float64, Arc::new(array));
    }
    if all(Value::is_boolean) {
        let flags = cells.iter().map(|cell| cell.and_then(Value::as_bool));
        let array: BooleanArray = flags.collect();
        return (DataType::Boolean, Arc::new(array));
    }
    let texts = cells.iter().map(|cell| {
        cell.map(|cell| match cell {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    });
    let array: StringArray = texts.collect();
    (DataType::Utf8, Arc::new(array))
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::Array;
    use arrow_array::cast::AsArray;
    use arrow_array::types::Float64Type;
    use serde_json::json;

    #[test]
    fn lists_of_objects_are_tables() {
        let document = json!({
            "manifest": {"trials": 3},
            "boxes": [
                {"density": 0.5, "limits": {"a": 1}, "paths": ["x", "y"], "exact": true},
                {"density": null, "limits": {"a": "none", "b": 2}, "exact": false},
            ],
            "inner": {"curve": [{"x": 1}], "numbers": [1, 2]},
            "nothing": [],
        });
        let found = rows_in(&document);
        let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["boxes", "inner.curve"]);
        let table = of_rows(&found[0].1).expect("a table");
        assert_eq!(table.rows(), 2);
        let fields: Vec<&str> = table
            .schema
            .fields()
            .iter()
            .map(|one| one.name().as_str())
            .collect();
        assert_eq!(
            fields,
            ["density", "limits.a", "paths", "exact", "limits.b"]
        );
        let batch = &table.batches[0];
        let density = batch.column(0).as_primitive::<Float64Type>();
        assert_eq!((density.value(0), density.is_null(1)), (0.5, true));
        let mixed = batch.column(1).as_string::<i32>();
        assert_eq!((mixed.value(0), mixed.value(1)), ("1", "none"));
        assert_eq!(batch.column(2).as_string::<i32>().value(0), r#"["x","y"]"#);
        assert!(batch.column(3).as_boolean().value(0) && batch.column(4).is_null(0));
    }
}
