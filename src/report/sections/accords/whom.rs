//! Whom a rule is about, in words: the states at the table, those who are invited, the lead.

use crate::engine::model::arm::members;
use crate::engine::model::{Identity, Model};
use crate::report::verdict::and;
use serde_json::Value;

/// Who sits at the joint table.
pub(super) fn table(model: &Model, value: &Value) -> String {
    match ids(value) {
        None => "all members at the joint table".to_owned(),
        Some(ids) => format!(
            "only {} at the joint table",
            and(&names(&model.states, &ids))
        ),
    }
}

/// Most states that are told by their absence.
const FEW: usize = 3;

/// Who is invited: who comes on top, who is left out, or all of them.
pub(super) fn invited(model: &Model, base: &Value, value: &Value) -> String {
    let all: Vec<&str> = model.states.iter().map(|one| one.id.as_str()).collect();
    let Some(now) = ids(value) else {
        return "all states invited".to_owned();
    };
    let before = ids(base).unwrap_or_else(|| all.clone());
    let less = |some: &[&'_ str], than: &[&str]| -> Vec<String> {
        let missing: Vec<&str> = some
            .iter()
            .copied()
            .filter(|id| !than.contains(id))
            .collect();
        names(&model.states, &missing)
    };
    let (left, came) = (less(&before, &now), less(&now, &before));
    match (left.len(), came.len()) {
        (1..=FEW, 0) if now.len() > left.len() => format!("{} not invited", and(&left)),
        (0, 1..=FEW) => format!("{} invited too", and(&came)),
        _ => format!("only {} invited", and(&names(&model.states, &now))),
    }
}

/// Who decides alone.
pub(super) fn lead(model: &Model, value: &Value) -> String {
    match value.as_str() {
        None => "no lead state".to_owned(),
        Some(id) => format!("{} in the lead", and(&names(&model.states, &[id]))),
    }
}

/// Whom an arm invites, as a rule of it.
pub(super) fn invited_by(model: &Model, arm: &str) -> Value {
    let found = model.arms.iter().find(|one| one.name == arm);
    let Some(arm) = found.filter(|arm| members(arm.members).count() < model.states.len()) else {
        return Value::String("all".to_owned());
    };
    let ids = members(arm.members).map(|i| Value::String(model.states[i].id.clone()));
    Value::Array(ids.collect())
}

/// The ids of a list; none of "all".
fn ids(value: &Value) -> Option<Vec<&str>> {
    let list = value.as_array()?;
    Some(list.iter().filter_map(Value::as_str).collect())
}

/// The names of those with some ids; an id that nobody has stands for itself.
pub(super) fn names(of: &[Identity], ids: &[&str]) -> Vec<String> {
    let name = |id: &&str| {
        let found = of.iter().find(|one| one.id == **id);
        found.map_or_else(|| (*id).to_owned(), |one| one.name.clone())
    };
    ids.iter().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::model;
    use serde_json::json;

    #[test]
    fn a_state_that_stays_out_is_named() {
        let mut model = model();
        let more = ["C", "D", "E"].map(|id| Identity {
            id: id.to_owned(),
            name: id.to_owned(),
            home: String::new(),
        });
        model.states.extend(more);
        let said = |base: Value, value: Value| invited(&model, &base, &value);
        assert_eq!(
            said(json!("all"), json!(["A", "B", "D", "E"])),
            "C not invited"
        );
        assert_eq!(
            said(json!(["A", "B"]), json!(["A", "B", "D"])),
            "D invited too"
        );
        assert_eq!(
            said(json!(["A", "B"]), json!(["C", "D"])),
            "only C and D invited"
        );
        assert_eq!(invited_by(&model, "bloc"), json!(["A", "B"]));
    }
}
