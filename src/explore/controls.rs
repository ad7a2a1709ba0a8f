//! What a reader may move: what people decide about each accord, and what nobody decides.

use crate::engine::model::arm::Mode;
use crate::engine::model::keys::{Range, meaning_of, range_of as range_at};
use crate::engine::model::{Identity, Model, Provenance, Uncertain};
use crate::explore::labels::{DecidedLabel, LABELS, START, start_of};
use crate::report::assumption::meaning;
use crate::report::evidence::source_in_full;
use crate::scenario::decided::{DecidedForm, DecidedKey, decided_keys};
use crate::scenario::{Loaded, Origin};
use crate::theory::spelling::units::number;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Uncertain inputs in the order in which they matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RankedInputs {
    /// The command that ordered them.
    pub by: String,
    /// Their paths, what matters most first.
    pub paths: Vec<String>,
}

/// The controls of an arm.
pub type ArmControls = Vec<Control>;

/// Something that a reader may move.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Control {
    /// The path that it sets.
    pub path: String,
    /// What it is called.
    pub label: String,
    /// What it means.
    pub help: String,
    /// What it stands with.
    pub group: String,
    /// What it may be.
    #[serde(flatten)]
    pub kind: ControlKind,
    /// Its value in the scenario: a number, true or false, the TOML of a choice, or a list of ids; of what is drawn the median.
    pub base: Value,
    /// That as text.
    pub text: String,
    /// Where 90% of its draws lie, if it is drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Its unit, source, grade and note, as the scenario gives them.
    #[serde(flatten)]
    pub origin: ControlOrigin,
}

/// What a control may be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum ControlKind {
    /// A number between two ends.
    Number {
        /// The least,
        min: f64,
        /// the most,
        max: f64,
        /// and how far a step goes.
        step: f64,
    },
    /// A whole number.
    Count {
        /// The least,
        min: f64,
        /// the most,
        max: f64,
        /// and how far a step goes.
        step: f64,
    },
    /// True or false.
    Flag,
    /// One of some values.
    Choice {
        /// Which.
        choices: Vec<ControlChoice>,
    },
    /// Any of the states.
    Members {
        /// Which there are.
        choices: Vec<ControlChoice>,
    },
}

/// One of what a control may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ControlChoice {
    /// As TOML; of a state, its id.
    pub value: String,
    /// In words.
    pub label: String,
}

/// Where the value of a control comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ControlOrigin {
    /// Its unit.
    pub unit: Option<String>,
    /// Its source: its id, and who published what where, if that is known.
    pub source: Option<String>,
    /// How good that is.
    pub grade: Option<String>,
    /// What its author says of it.
    pub note: Option<String>,
}

/// The most of a number that has no end of its own: so many times its value.
const ROOM: f64 = 2.0;
/// Steps from end to end.
const STEPS: f64 = 100.0;
/// Ends of the range of draws that is shown, and of a slider whose distribution has none.
const RANGE: [f64; 2] = [0.05, 0.95];
const ENDS: [f64; 2] = [0.001, 0.999];

/// What people decide, by arm.
pub fn decided(loaded: &Loaded) -> IndexMap<String, ArmControls> {
    let model = &loaded.model;
    let values = Values::of(loaded);
    let arms = model.arms.iter().filter(|arm| arm.is_accord());
    let controls = arms.map(|arm| {
        let controls = of_arm(model, &arm.name, arm.mode, &values);
        (arm.name.clone(), controls)
    });
    controls.collect()
}

/// The keys of a scenario with their values, and where these come from.
struct Values<'a> {
    written: IndexMap<&'a str, &'a Origin>,
    provenance: IndexMap<&'a str, &'a Provenance>,
    drawn: IndexMap<&'a str, &'a Uncertain>,
}

impl<'a> Values<'a> {
    fn of(loaded: &'a Loaded) -> Values<'a> {
        let model = &loaded.model;
        let origins = loaded.origins.iter();
        let provenance = model.provenance.iter();
        let drawn = model.uncertain.iter();
        Values {
            written: origins.map(|one| (one.path.as_str(), one)).collect(),
            provenance: provenance.map(|one| (one.path.as_str(), one)).collect(),
            drawn: drawn.map(|one| (one.path.as_str(), one)).collect(),
        }
    }

    /// The value at a path as JSON; none where it is not written.
    fn value(&self, path: &str) -> Option<Value> {
        let text = &self.written.get(path)?.value;
        let table: toml::Table = toml::from_str(&format!("value = {text}")).ok()?;
        serde_json::to_value(table.get("value")?).ok()
    }

    /// The number at a path, the median of one that is drawn.
    fn number(&self, path: &str) -> Option<f64> {
        if let Some(drawn) = self.drawn.get(path) {
            return Some(drawn.distribution.quantile(0.5));
        }
        let value = self.value(path)?;
        let inner = value.get("value").and_then(Value::as_f64);
        let flag = value.as_bool().map(f64::from);
        value.as_f64().or(inner).or(flag)
    }

    fn origin(&self, path: &str) -> ControlOrigin {
        let found = self.provenance.get(path);
        found.map_or_else(ControlOrigin::default, |one| ControlOrigin {
            unit: one.unit.clone(),
            source: one.source.as_deref().map(source_in_full),
            grade: one.grade.clone(),
            note: one.note.clone(),
        })
    }
}

fn of_arm(model: &Model, arm: &str, mode: Mode, values: &Values<'_>) -> ArmControls {
    let keys = decided_keys(mode);
    let key_of = |label: &DecidedLabel| keys.iter().find(|key| key.name == label.key);
    let known = LABELS
        .iter()
        .filter_map(|label| Some((label, key_of(label)?)));
    let mut controls: ArmControls = Vec::new();
    for (label, key) in known {
        let path = format!("arm.{arm}.{}", key.name);
        match key.form {
            DecidedForm::Levels => {
                let terms = model.terms.iter();
                controls.extend(terms.map(|term| {
                    let path = format!("{path}.{}", term.id);
                    let label = format!("{}: {}", label.label, term.name);
                    floor(path, label, key, values)
                }));
            }
            _ => controls.extend(control(model, &path, label, key, values)),
        }
    }
    controls.push(start(model, arm));
    controls
}

fn floor(path: String, label: String, key: &DecidedKey, values: &Values<'_>) -> Control {
    let base = values.number(&path).unwrap_or(0.0);
    Control {
        label,
        help: format!("{}.", key.meaning),
        group: "What the rules say".to_owned(),
        kind: share(),
        base: json!(base),
        text: base.to_string(),
        range: range_of(&path, values),
        origin: values.origin(&path),
        path,
    }
}

fn share() -> ControlKind {
    ControlKind::Number {
        min: 0.0,
        max: 1.0,
        step: 0.01,
    }
}

/// The control of a key; none where a reader could not move it, such as a distribution over words.
fn control(
    model: &Model,
    path: &str,
    label: &DecidedLabel,
    key: &DecidedKey,
    values: &Values<'_>,
) -> Option<Control> {
    let written = values.value(path).or_else(|| default(key));
    let (kind, base) = match &key.form {
        DecidedForm::Number(range) => {
            let base = values.number(path).or_else(|| written?.as_f64())?;
            (number_kind(*range, base, None), json!(base))
        }
        DecidedForm::Count(low, high) => count(model, key, (*low, *high), written),
        DecidedForm::Flag => (ControlKind::Flag, json!(written?.as_bool()?)),
        DecidedForm::Word(words) => {
            let choices = words.iter().map(|(word, meaning)| ControlChoice {
                value: format!("\"{word}\""),
                label: short(word, meaning),
            });
            let base = format!("\"{}\"", written?.as_str()?);
            let choices = choices.collect();
            (ControlKind::Choice { choices }, json!(base))
        }
        DecidedForm::State => state(model, written),
        DecidedForm::Members => members(model, written),
        DecidedForm::Levels => return None,
    };
    let text = text_of(&base);
    Some(Control {
        path: path.to_owned(),
        label: label.label.to_owned(),
        help: format!("{}.", key.meaning.trim_end_matches('.')),
        group: label.group.to_owned(),
        kind,
        base,
        text,
        range: range_of(path, values),
        origin: values.origin(path),
    })
}

fn default(key: &DecidedKey) -> Option<Value> {
    let text = key.default.as_deref()?;
    let table: toml::Table = toml::from_str(&format!("value = {text}")).ok()?;
    serde_json::to_value(table.get("value")?).ok()
}

/// A word with what it means, as short as a list has room for.
fn short(word: &str, meaning: &str) -> String {
    let plain = meaning.replace("`opt_outs`", "as many as may stay out");
    let plain = plain.replace('`', "");
    format!("{word}: {}", plain.trim_end_matches('.'))
}

/// A whole number, or its absence.
fn count(
    model: &Model,
    key: &DecidedKey,
    (low, high): (u64, u64),
    written: Option<Value>,
) -> (ControlKind, Value) {
    let number = written.as_ref().and_then(Value::as_u64);
    if key.name != "shortlist" {
        let most = high.min(model.states.len().max(6) as u64);
        let kind = ControlKind::Count {
            min: low as f64,
            max: most.max(number.unwrap_or(low)) as f64,
            step: 1.0,
        };
        return (kind, json!(number.unwrap_or(low)));
    }
    let some = (1..model.hyperscalers.len()).map(|most| ControlChoice {
        value: most.to_string(),
        label: format!("the best {most} of {}", model.hyperscalers.len()),
    });
    let all = ControlChoice {
        value: "\"none\"".to_owned(),
        label: "all".to_owned(),
    };
    let choices = [all].into_iter().chain(some).collect();
    let base = number.map_or_else(|| "\"none\"".to_owned(), |most| most.to_string());
    (ControlKind::Choice { choices }, json!(base))
}

fn state(model: &Model, written: Option<Value>) -> (ControlKind, Value) {
    let of = |one: &Identity| ControlChoice {
        value: format!("\"{}\"", one.id),
        label: one.name.clone(),
    };
    let none = ControlChoice {
        value: "\"none\"".to_owned(),
        label: "nobody".to_owned(),
    };
    let choices = [none].into_iter().chain(model.states.iter().map(of));
    let base = written.as_ref().and_then(Value::as_str).unwrap_or("none");
    (
        ControlKind::Choice {
            choices: choices.collect(),
        },
        json!(format!("\"{base}\"")),
    )
}

fn members(model: &Model, written: Option<Value>) -> (ControlKind, Value) {
    let all = || model.states.iter().map(|one| one.id.clone());
    let listed = written.as_ref().and_then(Value::as_array);
    let base: Vec<String> = match listed {
        Some(ids) => ids
            .iter()
            .filter_map(|id| id.as_str().map(str::to_owned))
            .collect(),
        None => all().collect(),
    };
    let choices = model.states.iter().map(|one| ControlChoice {
        value: one.id.clone(),
        label: one.name.clone(),
    });
    (
        ControlKind::Members {
            choices: choices.collect(),
        },
        json!(base),
    )
}

/// The year in which an arm starts: the first of each window.
fn start(model: &Model, arm: &str) -> Control {
    let horizon = model.horizon;
    let years = (0..horizon.windows).map(|w| {
        let year = horizon.start_year + w as f64 * horizon.window_years;
        ControlChoice {
            value: year.to_string(),
            label: year.to_string(),
        }
    });
    let first = start_of(model, arm).unwrap_or(horizon.start_year);
    let base = first.to_string();
    Control {
        path: format!("arm.{arm}.{}", START.key),
        label: START.label.to_owned(),
        help: "Until then each state negotiates alone.".to_owned(),
        group: START.group.to_owned(),
        kind: ControlKind::Choice {
            choices: years.collect(),
        },
        text: base.clone(),
        base: json!(base),
        range: None,
        origin: ControlOrigin::default(),
    }
}

fn text_of(base: &Value) -> String {
    match base {
        Value::String(text) => text.trim_matches('"').to_owned(),
        Value::Array(ids) => {
            let ids = ids.iter().filter_map(Value::as_str);
            ids.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn range_of(path: &str, values: &Values<'_>) -> Option<[f64; 2]> {
    let drawn = values.drawn.get(path)?;
    Some(RANGE.map(|u| drawn.distribution.quantile(u)))
}

/// A slider for a number of a range: as far as its draws go, or the range, or so many times its value.
fn number_kind(range: Range, base: f64, drawn: Option<&Uncertain>) -> ControlKind {
    if range == Range::Switch {
        return ControlKind::Flag;
    }
    let (low, high) = match (range, drawn) {
        (Range::Share | Range::PositiveShare, _) => (0.0, 1.0),
        (Range::Power, _) => (0.02, 0.98),
        (Range::Correlation, _) => (-1.0, 1.0),
        (_, Some(drawn)) => {
            let [low, high] = ENDS.map(|u| drawn.distribution.quantile(u));
            (low.min(base), high.max(base))
        }
        _ => (base.min(0.0) * ROOM, base.max(0.0) * ROOM),
    };
    let high = if high > low { high } else { low + 1.0 };
    let step = nice((high - low) / STEPS);
    // The least of an open range is a step inside it.
    let min = match range {
        Range::PositiveShare | Range::Positive if low <= 0.0 => step,
        _ => libm::floor(low / step) * step,
    };
    ControlKind::Number {
        min: rounded(min, step),
        max: rounded(libm::ceil(high / step) * step, step),
        step,
    }
}

/// The largest of 1, 2 and 5 times a power of ten that is no larger.
fn nice(step: f64) -> f64 {
    let power = libm::pow(10.0, libm::floor(libm::log10(step)));
    let part = step / power;
    let digit = if part >= 5.0 {
        5.0
    } else if part >= 2.0 {
        2.0
    } else {
        1.0
    };
    rounded(digit * power, power)
}

/// A number without the noise of its last digits, to the digits of a step.
fn rounded(number: f64, step: f64) -> f64 {
    let digits = (-libm::floor(libm::log10(step))).max(0.0) as usize;
    format!("{number:.digits$}").parse().unwrap_or(number)
}

/// What nobody decides: every number that is drawn, then the constants, what is ranked first.
pub fn uncertain(loaded: &Loaded, ranked: Option<&RankedInputs>) -> Vec<Control> {
    let model = &loaded.model;
    let values = Values::of(loaded);
    let drawn = model.uncertain.iter().map(|one| one.path.as_str());
    let constants = values.written.keys().copied();
    let constants = constants.filter(|path| !values.drawn.contains_key(path));
    let mut paths: Vec<&str> = drawn.chain(constants).collect();
    paths.retain(|path| !path.starts_with("arm.") && !path.starts_with("event."));
    let place = |path: &str| {
        let found = ranked.and_then(|ranked| ranked.paths.iter().position(|one| one == path));
        found.unwrap_or(usize::MAX)
    };
    paths.sort_by_key(|path| place(path));
    let controls = paths.into_iter();
    controls
        .filter_map(|path| of_input(model, path, &values))
        .collect()
}

fn of_input(model: &Model, path: &str, values: &Values<'_>) -> Option<Control> {
    let said = meaning(model, path);
    let plain = meaning_of(path)?;
    let base = values.number(path)?;
    let drawn = values.drawn.get(path).copied();
    let range = drawn.map(|one| one.range).or_else(|| range_at(path))?;
    let (label, _) = plain.split_once(": ").unwrap_or((plain, ""));
    let whom = said.strip_prefix(plain).unwrap_or_default();
    Some(Control {
        path: path.to_owned(),
        label: format!("{label}{whom}"),
        help: format!("{}.", said.trim_end_matches('.')),
        group: path.split('.').next().unwrap_or_default().to_owned(),
        kind: number_kind(range, base, drawn),
        base: match range {
            Range::Switch => json!(base != 0.0),
            _ => json!(base),
        },
        text: number(base, None),
        range: drawn.and_then(|_| range_of(path, values)),
        origin: values.origin(path),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round() {
        for (step, is) in [
            (0.013, 0.01),
            (0.02, 0.02),
            (0.07, 0.05),
            (3.0, 2.0),
            (0.001, 0.001),
        ] {
            assert_eq!(nice(step), is, "{step}");
        }
    }

    #[test]
    fn sliders_keep_to_their_ranges() {
        let ends = |range, base| match number_kind(range, base, None) {
            ControlKind::Number { min, max, .. } => (min, max),
            other => panic!("{other:?}"),
        };
        assert_eq!(ends(Range::Share, 0.3), (0.0, 1.0));
        assert_eq!(ends(Range::PositiveShare, 0.3), (0.01, 1.0));
        assert_eq!(ends(Range::NonNegative, 5.0), (0.0, 10.0));
        assert_eq!(ends(Range::NonNegative, 0.0), (0.0, 1.0));
        assert_eq!(ends(Range::Finite, -2.0), (-4.0, 0.0));
        assert_eq!(number_kind(Range::Switch, 1.0, None), ControlKind::Flag);
    }
}
