//! Values of rules as scenarios write them.

use crate::scenario::accord_space::default_of;
use toml::{Table, Value};

/// Whether a value takes a key away: "none", where that is no value of its own.
pub fn is_absent(key: &str, value: &Value) -> bool {
    let own = ["rule", "sharing"];
    value.as_str() == Some("none") && !own.contains(&key)
}

/// Whether two values are the same number, or written alike.
pub fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one.and_then(number_of), other.and_then(number_of)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// A constant number; none of a distribution.
pub fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Table(table) => number_of(table.get("value")?),
        _ => None,
    }
}

/// A value of a scenario that was found valid.
pub fn parsed(text: &str) -> Value {
    let table: Table = toml::from_str(&format!("value = {text}")).expect("it was read before");
    table["value"].clone()
}

/// What a table of an arm says of a key, or what holds where it does not.
pub fn written(table: &Table, key: &str) -> Option<Value> {
    let own = match key.split_once('.') {
        Some((outer, inner)) => table.get(outer).and_then(|table| table.get(inner)),
        None => table.get(key),
    };
    own.cloned()
        .or_else(|| default_of(key).map(|text| parsed(&text)))
}
