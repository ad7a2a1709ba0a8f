//! The best accord from where the setting stands.

use super::whole::{alone, answered, identity, told};
use crate::engine::simulate::Watch;
use crate::explore::messages::{FoundAnswer, Refusal};
use crate::explore::played::PlayedSetting;
use crate::report::sections::accords::document;
use crate::scenario::accord_space::AccordSpace;
use crate::study::accords::question::AccordSearch;
use crate::study::accords::space::SearchSpace;
use crate::study::results::accords::AccordsResults;
use indexmap::IndexMap;
use serde_json::Value;

/// Plays of one accord in one world.
const PLAYS: u64 = 3000;

/// Which of the accords that differ from what is looked at in a rule or more is best; what it changes can be set.
pub fn best(played: &PlayedSetting, watch: Watch<'_>) -> Result<FoundAnswer, Refusal> {
    let run = alone(played, u64::MAX)?;
    let model = &run.loaded.model;
    let reference = played.chosen.reference;
    let arm = played.chosen.arm;
    let arm = arm.ok_or_else(|| Refusal::new("there is one arm only: no accord to start from"))?;
    let from = AccordSpace {
        base: Some(model.arms[arm].name.clone()),
        choices: Vec::new(),
        cost: Vec::new(),
    };
    let space = SearchSpace::new(model, &run.loaded.resolved, Some(&from), reference);
    let space = space.map_err(|error| Refusal::new(error.to_string()))?;
    let study = AccordSearch {
        identity: identity(&run, "accords"),
        reference,
        space,
        plays: PLAYS,
        state: None,
        theories: false,
        path: false,
        loaded: run.loaded,
    };
    let results = answered(&study, watch)?;
    let sets = changes(&results);
    let (sentence, blocks) = told(
        &study.loaded.model,
        document(&study.loaded.model, &results, false),
    );
    Ok(FoundAnswer {
        sentence,
        blocks,
        sets,
        worlds: Vec::new(),
    })
}

/// What the accord of the first reading changes, as assignments; none where it changes nothing or its mode.
fn changes(results: &AccordsResults) -> Option<IndexMap<String, String>> {
    let first = results.readings.first()?;
    let found = results.front.iter().find(|one| one.id == first.accord)?;
    let changes = found.changes.iter();
    let sets = changes.map(|(key, value)| {
        let path = format!("arm.{}.{key}", results.base);
        Some((path, toml_of(value)?))
    });
    let sets: IndexMap<String, String> = sets.collect::<Option<_>>()?;
    (!sets.is_empty()).then_some(sets)
}

/// A value as an assignment has it.
fn toml_of(value: &Value) -> Option<String> {
    Some(match value {
        Value::Null => "\"none\"".to_owned(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => format!("\"{text}\""),
        Value::Array(_) => value.to_string(),
        Value::Object(_) => return None,
    })
}
