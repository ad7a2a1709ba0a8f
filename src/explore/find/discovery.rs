//! The worlds in which a state loses, by what they have in common.

use super::whole::{alone, answered, identity, in_words, told};
use crate::engine::simulate::Watch;
use crate::explore::messages::{FoundAnswer, Refusal};
use crate::explore::played::PlayedSetting;
use crate::report::document::Document;
use crate::report::sections::discover::text;
use crate::study::discover::{Discover, RESTRICTIONS};
use crate::study::results::condition::Condition;

/// Worlds that are searched, at most.
const MOST_WORLDS: u64 = 1000;

/// Worlds that are named, at most.
const MOST_NAMED: usize = 20;

/// In which worlds a state gets less as what is looked at than as the reference.
pub fn loses(played: &PlayedSetting, id: &str, watch: Watch<'_>) -> Result<FoundAnswer, Refusal> {
    let run = alone(played, MOST_WORLDS)?;
    let model = &run.loaded.model;
    let arm = played.chosen.arm;
    let arm = arm.ok_or_else(|| Refusal::new("there is one arm only: nothing to lose against"))?;
    let position = model.states.iter().position(|state| state.id == id);
    let position = position.ok_or_else(|| Refusal::new(format!("there is no state `{id}`")))?;
    let when = format!("{}.state.{id}.payoff.difference < 0", model.arms[arm].name);
    let condition = Condition::parse(&when, model);
    let condition = condition.map_err(|error| Refusal::new(error.to_string()))?;
    let study = Discover {
        identity: identity(&run, "discover"),
        factors: (0..model.uncertain.len()).collect(),
        results: Vec::new(),
        payoffs: Vec::new(),
        restrictions: RESTRICTIONS as usize,
        density: None,
        from_run: None,
        reference: played.chosen.reference,
        condition,
        loaded: run.loaded,
    };
    let results = answered(&study, watch)?;
    let (sentence, blocks) = told(&study.loaded.model, Document::from(text(&results)));
    let model = &study.loaded.model;
    let words = format!(
        "that {} gets less as {} than as {}",
        model.states[position].name, model.arms[arm].title, model.arms[study.reference].title
    );
    Ok(FoundAnswer {
        sentence: in_words(sentence, &when, &words),
        blocks,
        sets: None,
        worlds: losing(played, position),
    })
}

/// The first of the worlds that were played in which a state loses.
fn losing(played: &PlayedSetting, state: usize) -> Vec<u64> {
    let Some(differences) = played.differences(played.worlds()) else {
        return Vec::new();
    };
    let worlds = (0..).zip(&differences.states[state]);
    let losing = worlds.filter(|(_, difference)| **difference < 0.0);
    losing.map(|(world, _)| world).take(MOST_NAMED).collect()
}
