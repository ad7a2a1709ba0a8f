//! What a scenario says, without running it, as documents: whether it is valid, its keys, how two differ.

use crate::engine::model::Model;
use crate::scenario::diagnostic::{Diagnostic, Severity};
use crate::scenario::loaded::{Loaded, Origin, Problems};
use crate::scenario::path;
use crate::scenario::source::Source;
use crate::scenario::span::line_of;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// How paths of entries begin that a difference names as a whole.
const ENTRIES: [&str; 6] = [
    "state.",
    "hyperscaler.",
    "term.",
    "arm.",
    "event.",
    "pedigree.",
];

/// The document of `check --json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Checked {
    /// The file, as it was named.
    pub scenario: String,
    /// Whether it can be run.
    pub valid: bool,
    /// What it holds; null where it is not valid.
    pub holds: Option<Holds>,
    /// Errors and warnings, by file and place.
    pub findings: Vec<Finding>,
}

/// How many of each a valid scenario holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)] // named as in the scenario file
pub struct Holds {
    pub states: usize,
    pub hyperscalers: usize,
    pub terms: usize,
    pub arms: usize,
    pub events: usize,
    pub windows: usize,
    /// Quantities that are drawn.
    pub uncertain: usize,
}

/// Something that is wrong with a scenario, or may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// One sentence.
    pub message: String,
    /// Name of the file, or what else wrote it.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is said beside the place; may be empty.
    pub label: String,
    /// What to do.
    pub help: Vec<String>,
}

impl Holds {
    /// Counts the entries of a model.
    pub fn of(model: &Model) -> Holds {
        Holds {
            states: model.states.len(),
            hyperscalers: model.hyperscalers.len(),
            terms: model.terms.len(),
            arms: model.arms.len(),
            events: model.events.len(),
            windows: model.horizon.windows,
            uncertain: model.uncertain.len(),
        }
    }
}

impl Checked {
    /// Of a scenario that is valid.
    pub fn valid(scenario: &str, loaded: &Loaded) -> Checked {
        Checked {
            scenario: scenario.to_owned(),
            valid: true,
            holds: Some(Holds::of(&loaded.model)),
            findings: findings(&loaded.warnings, &loaded.sources),
        }
    }

    /// Of one that is not.
    pub fn invalid(scenario: &str, problems: &Problems) -> Checked {
        Checked {
            scenario: scenario.to_owned(),
            valid: false,
            holds: None,
            findings: findings(&problems.diagnostics, &problems.sources),
        }
    }
}

fn findings(diagnostics: &[Diagnostic], sources: &[Source]) -> Vec<Finding> {
    let finding = |one: &Diagnostic| {
        let source = &sources[one.span().layer];
        let start = one.span().start.min(source.text.len());
        let line = source.text[..start].rfind('\n').map_or(0, |at| at + 1);
        Finding {
            severity: one.severity,
            message: one.message.clone(),
            file: source.name.clone(),
            line: line_of(&source.text, start),
            column: source.text[line..start].chars().count() + 1,
            label: one.labels[0].text.clone(),
            help: one.help.clone(),
        }
    };
    diagnostics.iter().map(finding).collect()
}

/// The document of `show --json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Shown")]
pub struct ShownScenario {
    /// The file, as it was named.
    pub scenario: String,
    /// Every key, in the order of the resolved scenario.
    pub keys: Vec<KeyOrigin>,
}

/// A key of a scenario after all its layers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Key")]
pub struct KeyOrigin {
    /// Its path.
    pub path: String,
    /// Its value.
    pub value: Value,
    /// The file, or what else wrote it.
    pub file: String,
    /// Line in it, from 1.
    pub line: usize,
}

/// The keys of a scenario.
pub fn shown(scenario: &str, loaded: &Loaded) -> ShownScenario {
    let keys = loaded.origins.iter().map(|one| KeyOrigin {
        path: one.path.clone(),
        value: json(&one.value),
        file: one.layer.clone(),
        line: one.line,
    });
    ShownScenario {
        scenario: scenario.to_owned(),
        keys: keys.collect(),
    }
}

/// A value written as TOML, as JSON.
fn json(value: &str) -> Value {
    let table: Option<toml::Table> = toml::from_str(&format!("value = {value}")).ok();
    let value_of = table.and_then(|mut table| table.remove("value"));
    let json = value_of.and_then(|one| serde_json::to_value(one).ok());
    json.unwrap_or_else(|| value.into())
}

/// The document of `diff --json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Differences {
    /// The first file, as it was named.
    pub first: String,
    /// The second.
    pub second: String,
    /// Keys whose values differ, in the order of the first; an entry that only one of the two has is one difference.
    pub differences: Vec<KeyDifference>,
}

/// A key or entry that differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Difference")]
pub struct KeyDifference {
    /// Its path.
    pub path: String,
    /// Its value in the first as TOML, "absent", or "present" for a whole entry.
    pub first: String,
    /// Its value in the second.
    pub second: String,
}

/// How two scenarios differ.
pub fn differences(first: &[Origin], second: &[Origin]) -> Vec<KeyDifference> {
    let (old, new) = (values(first), values(second));
    let only_new = second
        .iter()
        .filter(|one| !old.contains_key(one.path.as_str()));
    let mut found = Vec::new();
    let mut add = |path: &str, before: &str, after: &str| {
        found.push(KeyDifference {
            path: path.to_owned(),
            first: before.to_owned(),
            second: after.to_owned(),
        });
    };
    let mut entries_said = HashSet::new();
    let paths = first
        .iter()
        .chain(only_new)
        .filter(|one| !is_end(&one.path));
    for one in paths {
        let entry = entry_of(&one.path);
        let (before, after) = (old.get(&*one.path), new.get(&*one.path));
        match (entry, old.contains_key(entry), new.contains_key(entry)) {
            (_, true, false) if entries_said.insert(entry) => add(entry, "present", "absent"),
            (_, false, true) if entries_said.insert(entry) => add(entry, "absent", "present"),
            (_, true, false) | (_, false, true) => {}
            _ => {
                let (before, after) = (before.unwrap_or(&"absent"), after.unwrap_or(&"absent"));
                if !same(before, after) {
                    add(&one.path, before, after);
                }
            }
        }
    }
    found
}

/// Values by path, and the entries that have any.
fn values(origins: &[Origin]) -> HashMap<&str, &str> {
    let paths = origins
        .iter()
        .map(|one| (one.path.as_str(), one.value.as_str()));
    let entries = origins.iter().map(|one| (entry_of(&one.path), ""));
    entries.chain(paths).collect()
}

/// The entry that a path belongs to, such as `state.SG`; the empty string where it belongs to none. Pairs and links are
/// told by their numbers: they have few.
fn entry_of(path: &str) -> &str {
    if !ENTRIES.iter().any(|list| path.starts_with(list)) {
        return "";
    }
    let segments = path::parse(path).unwrap_or_default();
    segments.get(1).map_or("", |id| &path[..id.range.end])
}

/// Whether a path only says who a pair or link is between, which the paths of its numbers say too.
fn is_end(path: &str) -> bool {
    let ends = [".state", ".hyperscaler", ".between"];
    let lists = ["pair.", "link.", "correlation."];
    lists.iter().any(|list| path.starts_with(list)) && ends.iter().any(|end| path.ends_with(end))
}

/// Whether two values are the same: as numbers, if they are numbers.
fn same(a: &str, b: &str) -> bool {
    a == b || matches!((a.parse::<f64>(), b.parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json as expected;

    #[test]
    fn values_keep_their_types() {
        for (toml, value) in [
            ("0.5", expected!(0.5)),
            ("3", expected!(3)),
            ("true", expected!(true)),
            ("'a'", expected!("a")),
            ("[1, 'b']", expected!([1, "b"])),
            (
                "{ dist = 'uniform', min = 0 }",
                expected!({"dist": "uniform", "min": 0}),
            ),
        ] {
            assert_eq!(json(toml), value);
        }
    }
}
