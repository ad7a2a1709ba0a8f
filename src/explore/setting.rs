//! From a setting to the scenario that is played: only the arms that are looked at, with what is set over them.

use crate::engine::model::Model;
use crate::engine::model::arm::Mode;
use crate::explore::labels::{start_event, start_of};
use crate::explore::messages::{ExploreSetting, Refusal};
use crate::scenario::{Loaded, Request, Source, load};
use crate::study::digest::sha256_hex;
use crate::study::results::assemble::manifest;
use crate::study::results::choice::{default_reference, options};
use crate::study::run::Run;
use indexmap::IndexMap;
use toml::{Table, Value};

/// What a path ends with that says when an arm starts: no key of a scenario, but an event that switches the arm on.
const START: &str = ".start";

/// Worlds of a scenario that says more than this are played only when a reader asks for them.
const MOST_WORLDS: u64 = 1000;

/// A setting with its scenario.
pub struct ChosenSetting {
    /// What was chosen.
    pub setting: ExploreSetting,
    /// The scenario of the arms that are looked at, and its identity.
    pub run: Run,
    /// Index of what is looked at.
    pub arm: Option<usize>,
    /// Index of what it is compared with.
    pub reference: usize,
}

/// The setting that is looked at first: the first bloc among the options against what others are compared with; without a bloc the first accord.
///
/// # Errors
/// The scenario has no arm that is not switched off.
pub fn first_setting(loaded: &Loaded) -> Result<ExploreSetting, Refusal> {
    let model = &loaded.model;
    let reference = default_reference(model);
    let others = options(model).into_iter().filter(|&arm| arm != reference);
    let others: Vec<usize> = others.collect();
    let of = |accepts: &dyn Fn(usize) -> bool| others.iter().copied().find(|&arm| accepts(arm));
    let is_bloc = |arm: usize| model.arms[arm].mode == Mode::Bloc;
    let arm = of(&is_bloc).or_else(|| of(&|arm| model.arms[arm].is_accord()));
    let arm = arm.or_else(|| others.first().copied());
    Ok(ExploreSetting {
        arm: arm.map(|arm| model.arms[arm].name.clone()),
        reference: model.arms[reference].name.clone(),
        others: Vec::new(),
        sets: IndexMap::new(),
        seed: model.simulation.seed,
        worlds: model.simulation.trials.min(MOST_WORLDS),
    })
}

impl ChosenSetting {
    /// The scenario of a setting.
    ///
    /// # Errors
    /// An arm that is not there, or what is wrong with the scenario then.
    pub fn new(
        loaded: &Loaded,
        name: &str,
        setting: &ExploreSetting,
    ) -> Result<ChosenSetting, Refusal> {
        let kept = kept_arms(&loaded.model, setting)?;
        if setting.worlds == 0 {
            return Err(Refusal::new("worlds are 0; at least one is played"));
        }
        let mut request = Request::new(name, loaded.resolved.as_str());
        request.trials = Some(setting.worlds);
        request.seed = Some(setting.seed);
        let starts = starts(&loaded.model, setting)?;
        request.overlays.extend(starts);
        let sets = setting.sets.iter().filter(|(path, _)| !is_start(path));
        request.sets = sets
            .map(|(path, value)| format!("{path}={value}"))
            .collect();
        // What names an arm that is not looked at, an event for example, keeps all of them.
        let mut few = request.clone();
        few.overlays.push(without(&loaded.model, &kept));
        let found = load_text(&few).or_else(|_| load_text(&request))?;
        ChosenSetting::of(found, setting.clone())
    }

    fn of(loaded: Loaded, setting: ExploreSetting) -> Result<ChosenSetting, Refusal> {
        let arm = setting.arm.as_deref();
        let arm = arm.map(|name| arm_index(&loaded.model, name)).transpose()?;
        let reference = arm_index(&loaded.model, &setting.reference)?;
        Ok(ChosenSetting {
            setting,
            arm,
            reference,
            run: identified(loaded),
        })
    }
}

/// A scenario with the identity of its run.
pub fn identified(loaded: Loaded) -> Run {
    let sha256 = sha256_hex(&loaded.resolved);
    Run {
        identity: manifest(&loaded.model, sha256, Vec::new()),
        loaded,
    }
}

/// Loads a scenario that extends no file.
///
/// # Errors
/// What is wrong with it.
pub fn load_text(request: &Request) -> Result<Loaded, Refusal> {
    let mut read = |_: &str| Err("a scenario that is explored extends no file".to_owned());
    load(request, &mut read).map_err(|error| Refusal::of(&error))
}

fn arm_index(model: &Model, name: &str) -> Result<usize, Refusal> {
    let found = model.arms.iter().position(|arm| arm.name == name);
    found.ok_or_else(|| {
        let names: Vec<&str> = model.arms.iter().map(|arm| arm.name.as_str()).collect();
        Refusal::new(format!(
            "there is no arm `{name}`; there are {}",
            names.join(", ")
        ))
    })
}

/// The arms that are looked at.
fn kept_arms(model: &Model, setting: &ExploreSetting) -> Result<Vec<usize>, Refusal> {
    let names = setting.arm.iter().chain([&setting.reference]);
    names
        .chain(&setting.others)
        .map(|name| arm_index(model, name))
        .collect()
}

/// A layer that removes all arms but some.
fn without(model: &Model, kept: &[usize]) -> Source {
    let gone = (0..model.arms.len()).filter(|arm| !kept.contains(arm));
    let arms = gone.map(|arm| {
        Value::Table(Table::from_iter([
            ("name".to_owned(), model.arms[arm].name.as_str().into()),
            ("remove".to_owned(), true.into()),
        ]))
    });
    layer("arms", arms.collect())
}

fn layer(key: &str, arms: Vec<Value>) -> Source {
    let table = match arms.is_empty() {
        true => Table::new(),
        false => Table::from_iter([("arm".to_owned(), Value::Array(arms))]),
    };
    Source {
        name: key.to_owned(),
        text: table.to_string(),
    }
}

/// Whether a path says when an arm starts.
pub fn is_start(path: &str) -> bool {
    path.starts_with("arm.") && path.ends_with(START)
}

/// A layer that switches arms off and an event for each that switches it on in its year; none where nothing starts later.
fn starts(model: &Model, setting: &ExploreSetting) -> Result<Option<Source>, Refusal> {
    let (mut arms, mut events) = (Vec::new(), Vec::new());
    for (path, value) in setting.sets.iter().filter(|(path, _)| is_start(path)) {
        let name = path["arm.".len()..].trim_end_matches(START);
        arm_index(model, name)?;
        let year: f64 = value.parse().map_err(|_| {
            Refusal::new(format!("`{path}` is a year, such as 2030, not `{value}`"))
        })?;
        let later = year > model.horizon.start_year;
        let known = start_of(model, name);
        if !later && known.is_none() {
            continue;
        }
        let active = format!("arm.{name}.active");
        arms.push(Value::Table(Table::from_iter([
            ("name".to_owned(), name.into()),
            ("active".to_owned(), (!later).into()),
        ])));
        if !later {
            events.push(Value::Table(Table::from_iter([
                ("name".to_owned(), start_event(name).into()),
                ("remove".to_owned(), true.into()),
            ])));
            continue;
        }
        events.push(Value::Table(Table::from_iter([
            ("name".to_owned(), start_event(name).into()),
            ("year".to_owned(), year.into()),
            ("probability".to_owned(), 1.0.into()),
            (
                "set".to_owned(),
                Value::Table(Table::from_iter([(active, true.into())])),
            ),
        ])));
    }
    if arms.is_empty() {
        return Ok(None);
    }
    let table = Table::from_iter([
        ("arm".to_owned(), Value::Array(arms)),
        ("event".to_owned(), Value::Array(events)),
    ]);
    Ok(Some(Source {
        name: "starts".to_owned(),
        text: table.to_string(),
    }))
}
