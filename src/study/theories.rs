//! `theories`: the same worlds under the scenario's own theory of bargaining and under others, each of which changes one thing alone. A piece is a
//! theory.

use crate::engine::model::Model;
use crate::engine::model::arm::Mode;
use crate::engine::model::keys::{ArmKey, BargainingKey, MarketKey, StateKey};
use crate::engine::model::layout::Slot;
use crate::engine::model::words::{Joining, Others, Solution, Turn, Vocabulary, VotingRule};
use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::study::cells::{CellChange, Cells};
use crate::study::outputs::payoffs;
use crate::study::pieces::{Assemble, Part, Pieces, Push, Study, StudyError, collected, of_piece};
use crate::study::results::run::Manifest;
use crate::study::results::sweep::SweepCell;
use crate::study::results::theories::{Theory, TheoryArm, TheoryGain, TheoryResults, headlines};
use indexmap::IndexMap;
use serde_json::Value;

/// What falling behind costs in the theory that has it, where the scenario leaves it out.
const PEERS: f64 = 0.2;

/// What a theory has of a difference: its distribution, and the shares of worlds.
const ENDS: [&str; 4] = [
    ".difference",
    ".difference.better",
    ".difference.same",
    ".difference.worse",
];

/// Every theory.
pub struct Theories {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// Indices of the arms that are judged.
    pub arms: Vec<usize>,
    /// What each theory changes.
    pub changes: Vec<TheoryChange>,
    /// How they are played.
    pub cells: Cells,
}

/// What a theory changes.
#[derive(Debug, Clone, PartialEq)]
pub struct TheoryChange {
    /// In words.
    pub name: String,
    /// The path; none for the scenario's own theory.
    pub path: Option<String>,
    /// The value there.
    pub value: Option<Value>,
    /// What else has to give way, as assignments.
    pub besides: Vec<String>,
    /// Assignments of the change itself.
    assignments: Vec<String>,
    /// Indices of the judged arms of which it changes anything.
    arms: Vec<usize>,
}

impl Study for Theories {
    type Results = TheoryResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        let count = self.changes.len() as u64;
        Pieces::of_cells(count, self.loaded.model.simulation.trials)
    }

    fn held(&self) -> u64 {
        self.cells.held(&self.loaded.model)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let change = |index: u64| self.changes[index as usize].cell();
        self.cells.play(part, &change, push)
    }

    fn assemble(&self) -> Box<dyn Assemble<TheoryResults> + '_> {
        collected(of_piece, |cells: Vec<SweepCell>| {
            let model = &self.loaded.model;
            let theories = self.changes.iter().zip(cells);
            let theories = theories.map(|(change, cell)| change.theory(model, cell));
            let theories: Vec<Theory> = theories.collect();
            let names = self.arms.iter().map(|&arm| model.arms[arm].name.clone());
            Ok(TheoryResults {
                manifest: self.identity.clone(),
                reference: self.cells.reference.clone(),
                headlines: headlines(names, &theories),
                theories,
            })
        })
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        self.cells.probe(&[], worlds, watch)?;
        Ok(None)
    }
}

impl TheoryChange {
    /// Assignments `PATH=VALUE` that make the change.
    pub fn assignments(&self) -> Vec<String> {
        [&self.assignments[..], &self.besides].concat()
    }

    fn cell(&self) -> CellChange {
        let values = self.path.iter().cloned().zip(self.value.clone());
        CellChange {
            assignments: self.assignments(),
            values: values.collect(),
        }
    }

    /// What came out where it was changed.
    fn theory(&self, model: &Model, cell: SweepCell) -> Theory {
        let worlds = model.simulation.trials as f64;
        let gain = |path: &str| {
            let [difference, better, same, worse] =
                ENDS.map(|end| cell.results.get(&format!("{path}{end}")).copied().flatten());
            // A share is a count over worlds: its mean may be off in the last bit.
            let of_worlds = |mean: f64| libm::round(mean * worlds) / worlds;
            let [better, same, worse] =
                [better, same, worse].map(|share| share.map(|stat| of_worlds(stat.mean)));
            TheoryGain::new(difference, better, same, worse)
        };
        let arm = |&arm: &usize| {
            let name = &model.arms[arm].name;
            let states = model.states.iter().map(|state| {
                let path = format!("{name}.state.{}.payoff", state.id);
                (state.id.clone(), gain(&path))
            });
            let found = TheoryArm {
                total: gain(&format!("{name}.total.payoff")),
                states: states.collect(),
            };
            (name.clone(), found)
        };
        let arms: IndexMap<String, TheoryArm> = match cell.results.is_empty() {
            true => IndexMap::new(),
            false => self.arms.iter().map(arm).collect(),
        };
        Theory {
            name: self.name.clone(),
            path: self.path.clone(),
            value: self.value.clone(),
            besides: self.besides.clone(),
            status: cell.status,
            reason: cell.reason,
            arms,
        }
    }
}

/// The scenario's own theory, then each that changes one thing: how a bargain ends, cash, foresight, how deals count on each other, how states join,
/// room, the fear of falling behind, and a bloc's turn.
pub fn changes(model: &Model, arms: &[usize]) -> Vec<TheoryChange> {
    let rivals = Rivals { model, arms };
    let mut all = vec![TheoryChange {
        name: "as the scenario has it".to_owned(),
        path: None,
        value: None,
        besides: Vec::new(),
        assignments: Vec::new(),
        arms: arms.to_vec(),
    }];
    rivals.bargains(&mut all);
    rivals.joining(&mut all);
    rivals.market(&mut all);
    rivals.turns(&mut all);
    all
}

struct Rivals<'a> {
    model: &'a Model,
    arms: &'a [usize],
}

impl Rivals<'_> {
    /// The constant at a slot; none where it is drawn or an event sets it.
    fn constant(&self, slot: Slot) -> Option<f64> {
        let model = self.model;
        let slot = model.layout.index(slot);
        let drawn = model.uncertain.iter().any(|one| one.slot == slot);
        let mut set = model.events.iter().flat_map(|event| &event.set);
        let moves = drawn || set.any(|setting| setting.slot == slot);
        (!moves).then_some(model.base[slot])
    }

    /// A change of one key of all arms.
    fn of_all(&self, name: String, path: &str, value: impl Into<Value>) -> TheoryChange {
        let value = value.into();
        TheoryChange {
            name,
            path: Some(path.to_owned()),
            besides: Vec::new(),
            assignments: vec![format!("{path}={value}")],
            value: Some(value),
            arms: self.arms.to_vec(),
        }
    }

    /// A change of a key of each of some arms.
    fn of_arms(
        &self,
        name: String,
        key: &str,
        value: impl Into<Value>,
        changes: impl Fn(usize) -> bool,
    ) -> Option<TheoryChange> {
        let value = value.into();
        let arms = self.arms.iter().copied().filter(|&arm| changes(arm));
        let arms: Vec<usize> = arms.collect();
        let set = |&arm: &usize| format!("arm.{}.{key}={value}", self.model.arms[arm].name);
        let assignments: Vec<String> = arms.iter().map(set).collect();
        (!arms.is_empty()).then(|| TheoryChange {
            name,
            path: Some(format!("arm.*.{key}")),
            besides: Vec::new(),
            assignments,
            value: Some(value),
            arms,
        })
    }

    fn bargains(&self, all: &mut Vec<TheoryChange>) {
        let model = self.model;
        let other = |one: &&Solution| **one != model.solution;
        for solution in Solution::ALL.iter().filter(other) {
            let word = solution.word();
            all.push(self.of_all(word.name.to_owned(), "bargaining.solution", word.key));
        }
        let (cash, name) = match model.transfers {
            true => (false, "without cash"),
            false => (true, "with cash"),
        };
        let mut change = self.of_all(name.to_owned(), "bargaining.transfers", cash);
        if cash {
            change.besides = self.clauses().collect();
        }
        all.push(change);
        let foresight = self.constant(Slot::Bargaining(BargainingKey::Foresight));
        for (value, name) in [(0.0, "no foresight"), (1.0, "full foresight")] {
            if foresight != Some(value) {
                all.push(self.of_all(name.to_owned(), "bargaining.foresight", value));
            }
        }
        let other = |one: &&Others| **one != model.others;
        for others in Others::ALL.iter().filter(other) {
            let word = others.word();
            let name = format!("deals as in {}", word.name);
            all.push(self.of_all(name, "bargaining.others", word.key));
        }
    }

    /// Cash would get round a most-favoured clause: none is made.
    fn clauses(&self) -> impl Iterator<Item = String> {
        let arms = self.model.arms.iter().enumerate();
        let made = arms.filter(|(arm, one)| {
            one.is_accord() && self.constant(Slot::Arm(*arm, ArmKey::MostFavoured)) != Some(0.0)
        });
        made.map(|(_, one)| format!("arm.{}.{}=0", one.name, ArmKey::MostFavoured.name()))
    }

    fn joining(&self, all: &mut Vec<TheoryChange>) {
        let (model, key) = (self.model, ArmKey::Join.name());
        let joins = |arm: usize| {
            let one = &model.arms[arm];
            one.is_accord() && one.rule != VotingRule::Mandate
        };
        let number = |arm: usize| self.constant(Slot::Arm(arm, ArmKey::Join));
        for joining in Joining::ALL {
            let word = joining.word();
            let other = |arm: usize| {
                let by_word = number(arm).is_some_and(f64::is_nan);
                joins(arm) && !(by_word && model.arms[arm].joining == *joining)
            };
            all.extend(self.of_arms(format!("joining by {}", word.name), key, word.key, other));
        }
        let other = |arm: usize| joins(arm) && number(arm) != Some(1.0);
        all.extend(self.of_arms("joining with certainty".to_owned(), key, 1.0, other));
    }

    fn market(&self, all: &mut Vec<TheoryChange>) {
        let mut states = 0..self.model.states.len();
        if states.any(|i| self.constant(Slot::State(i, StateKey::Hub)) != Some(1.0)) {
            let name = "room for all".to_owned();
            all.push(self.of_all(name, "state.*.hub", 1.0));
        }
        let (peers, name) = match self.constant(Slot::Market(MarketKey::Peers)) {
            Some(0.0) => (PEERS, format!("fear of falling behind, {PEERS}")),
            _ => (0.0, "no fear of falling behind".to_owned()),
        };
        all.push(self.of_all(name, "market.peers", peers));
    }

    fn turns(&self, all: &mut Vec<TheoryChange>) {
        let arms = &self.model.arms;
        for turn in Turn::ALL {
            let word = turn.word();
            let other = |arm: usize| arms[arm].mode == Mode::Bloc && arms[arm].turn != *turn;
            let name = format!("a bloc's turn {}", word.name);
            all.extend(self.of_arms(name, "turn", word.key, other));
        }
    }
}

/// The differences of the region and of each state in each arm, with their shares of worlds.
pub fn outputs(model: &Model, arms: &[usize]) -> Vec<String> {
    let of = |&arm: &usize| {
        ENDS.into_iter()
            .flat_map(move |end| payoffs(model, arm, end))
    };
    arms.iter().flat_map(of).collect()
}
