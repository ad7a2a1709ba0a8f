//! `theories`: the same worlds under every theory of bargaining. A piece is a theory.

use crate::engine::model::Model;
use crate::engine::model::keys::BargainingKey;
use crate::engine::model::layout::Slot;
use crate::engine::model::words::{Mode, Solution, Turn, Vocabulary};
use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::study::cells::{CellChange, Cells};
use crate::study::outputs::payoffs;
use crate::study::pieces::{Assemble, Part, Pieces, Push, Study, StudyError, collected, of_piece};
use crate::study::results::run::Manifest;
use crate::study::results::theories::{Choice, Theory, TheoryResults, headline};
use serde_json::Value;

/// What leaves a choice as the scenario has it.
const DRAWN: &str = "drawn";

/// Every theory.
pub struct Theories {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// Index of the arm that is judged.
    pub arm: usize,
    /// What theories choose.
    pub choices: Vec<Choice>,
    /// How they are played.
    pub cells: Cells,
}

impl Study for Theories {
    type Results = TheoryResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        let choices = self.choices.iter();
        let count = choices.map(|choice| choice.values.len() as u64).product();
        Pieces::of_cells(count, self.loaded.model.simulation.trials)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        self.cells
            .play(part, &|index| change(&self.choices, index), push)
    }

    fn assemble(&self) -> Box<dyn Assemble<TheoryResults> + '_> {
        let theory = |piece: &[u8]| Ok(Theory::new(of_piece(piece)?));
        collected(theory, |theories| {
            let outputs = self.cells.outputs.iter();
            let headlines = outputs.map(|output| headline(output, &self.choices, &theories));
            Ok(TheoryResults {
                manifest: self.identity.clone(),
                arm: self.loaded.model.arms[self.arm].name.clone(),
                reference: self.cells.reference.clone(),
                choices: self.choices.clone(),
                headlines: headlines.collect(),
                theories,
            })
        })
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        self.cells.probe(worlds, watch)?;
        Ok(None)
    }
}

/// What theories choose; the place in the order only for a bloc.
pub fn choices(model: &Model, arm: usize) -> Vec<Choice> {
    let choice = |path: String, values: Vec<Value>| Choice { path, values };
    let words = |words: &[&str]| words.iter().map(|&word| Value::from(word)).collect();
    let mut choices = vec![
        choice("bargaining.solution".to_owned(), words(Solution::KEYS)),
        choice(
            "bargaining.transfers".to_owned(),
            vec![false.into(), true.into()],
        ),
        choice("bargaining.foresight".to_owned(), foresights(model)),
    ];
    if model.arms[arm].mode == Mode::Bloc {
        let path = format!("arm.{}.turn", model.arms[arm].name);
        choices.push(choice(path, words(Turn::KEYS)));
    }
    choices
}

/// No foresight, as the scenario has it, full; the middle one only where it is another than the ends.
fn foresights(model: &Model) -> Vec<Value> {
    let slot = model
        .layout
        .index(Slot::Bargaining(BargainingKey::Foresight));
    let fixed = model.base[slot];
    let drawn = model.uncertain.iter().any(|one| one.slot == slot);
    let set = model.events.iter().flat_map(|event| &event.set);
    let set = set.into_iter().any(|&(changed, _)| changed == slot);
    match !drawn && !set && (fixed == 0.0 || fixed == 1.0) {
        true => vec![0.0.into(), 1.0.into()],
        false => vec![0.0.into(), DRAWN.into(), 1.0.into()],
    }
}

/// What theory `index` changes; the last choice moves fastest.
fn change(choices: &[Choice], index: u64) -> CellChange {
    let mut rest = index;
    let mut chosen: Vec<(&Choice, &Value)> = Vec::with_capacity(choices.len());
    for choice in choices.iter().rev() {
        let length = choice.values.len() as u64;
        chosen.push((choice, &choice.values[(rest % length) as usize]));
        rest /= length;
    }
    chosen.reverse();
    let mut change = CellChange::default();
    for (choice, value) in chosen {
        change.values.insert(choice.path.clone(), value.clone());
        if value != DRAWN {
            change.assignments.push(format!("{}={value}", choice.path));
        }
    }
    change
}

/// The differences of the region and of each state.
pub fn outputs(model: &Model, arm: usize) -> Vec<String> {
    payoffs(model, arm, ".difference").collect()
}
