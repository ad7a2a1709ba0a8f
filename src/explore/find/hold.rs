//! What holds an accord: the least binding, and what a state would have to be paid to stay.

use super::whole::{alone, answered, identity, told};
use crate::engine::simulate::Watch;
use crate::explore::messages::{FoundAnswer, Refusal};
use crate::explore::played::PlayedSetting;
use crate::report::document::{Number, Text, note};
use crate::report::numbers::Quote;
use crate::report::sections::stability::{binding, text};
use crate::report::sentence::say;
use crate::report::verdict::of_hundred;
use crate::study::results::stability::{StabilityResults, StateResult};
use crate::study::stability::StabilityQuestion;
use crate::study::stability::whole::Stability;
use crate::theory::spelling::units::number;
use indexmap::IndexMap;

/// Worlds whose coalitions are all played, at most.
const MOST_WORLDS: u64 = 60;

/// How much of the gain a coalition secures that is worth naming.
const SECURE: f64 = 0.8;

/// What the least binding is, and is not.
const WHAT_BINDS: &str = "The talks are those of the setting; what is varied is the penalty that binding gives force to. Set it to see what rules that bind so much \
bring besides.";

/// The least binding at which all stay in half of the worlds.
pub fn least_binding(played: &PlayedSetting, watch: Watch<'_>) -> Result<FoundAnswer, Refusal> {
    let (study, results) = judged(played, watch)?;
    let value = results.binding.value;
    let document = text(&study.loaded.model, &results);
    let (_, mut blocks) = told(&study.loaded.model, document);
    blocks.insert(0, note(WHAT_BINDS));
    let sets = value.map(|value| {
        let path = format!("arm.{}.binding", results.arm);
        IndexMap::from_iter([(path, format!("{:.2}", rounded_up(value)))])
    });
    Ok(FoundAnswer {
        sentence: binding(&results),
        blocks,
        sets,
        worlds: Vec::new(),
    })
}

/// To a hundredth that is no less.
fn rounded_up(value: f64) -> f64 {
    (libm::ceil(value * 100.0) / 100.0).min(1.0)
}

/// What would keep a state in.
pub fn payment(played: &PlayedSetting, id: &str, watch: Watch<'_>) -> Result<FoundAnswer, Refusal> {
    let (study, results) = judged(played, watch)?;
    let model = &study.loaded.model;
    let state = results.states.get(id);
    let state = state.ok_or_else(|| Refusal::new(format!("`{id}` is not invited")))?;
    let name = model.states.iter().find(|one| one.id == id);
    let name = name.map_or(id, |one| one.name.as_str()).to_owned();
    let (_, blocks) = told(model, text(model, &results));
    Ok(FoundAnswer {
        sentence: keeps(&name, id, state, results.worlds),
        blocks,
        sets: None,
        worlds: Vec::new(),
    })
}

fn keeps(name: &str, id: &str, state: &StateResult, worlds: u64) -> Text {
    let leaves = of_hundred(state.leaves, worlds);
    if state.leaves == 0.0 {
        return say!(
            "{} would leave the accord of all in {} worlds.",
            name,
            leaves
        );
    }
    let needs = Quote::new(Some(state.needs), format!("states.{id}.needs"));
    if state.needs.p95 <= 0.0 {
        return say!(
            "{} would leave the accord of all in {} worlds; in 95 of 100 worlds nothing is needed to keep it.",
            name,
            leaves
        );
    }
    let enough = Number::new(
        &number(state.needs.p95, state.needs.se),
        state.needs.p95,
        &needs.at("p95"),
    );
    say!(
        "{} would leave the accord of all in {} worlds; on average US$ {} bn in the first window keeps it, and US$ {} bn does in 95 of 100 worlds.",
        name,
        leaves,
        needs.mean(),
        enough
    )
}

fn judged(
    played: &PlayedSetting,
    watch: Watch<'_>,
) -> Result<(Stability, StabilityResults), Refusal> {
    let run = alone(played, MOST_WORLDS)?;
    let arm = played.chosen.arm.ok_or_else(no_accord)?;
    let question = StabilityQuestion {
        arm,
        window: 0,
        secure: SECURE,
        farsighted: false,
    };
    let question = question.checked(&run.loaded.model);
    let question = question.map_err(|error| Refusal::new(error.to_string()))?;
    let study = Stability {
        identity: identity(&run, "stability"),
        loaded: run.loaded,
        question,
    };
    let results = answered(&study, watch)?;
    Ok((study, results))
}

fn no_accord() -> Refusal {
    Refusal::new("no accord is looked at")
}
