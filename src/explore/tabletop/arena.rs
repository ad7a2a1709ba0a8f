//! The accord of those who said yes, played in the worlds of an exercise.
//!
//! At the table the vote is held by people, so the model's own is switched off: `join = 1` and `rule = "none"`, by which those who are invited are
//! the accord (model, section 7, step 2), without rounds of talks and their delay. `rule = "mandate"` would do the same, but nobody could leave;
//! under `none` a member that would rather be out leaves as ever (31), and what keeps it is how binding the rules are.

use crate::engine::model::Model;
use crate::engine::model::arm::{Mode, StateSet};
use crate::engine::model::layout::Slot;
use crate::explore::controls::{ArmControls, decided};
use crate::explore::messages::{ExploreSetting, OpenRequest, Refusal};
use crate::explore::played::PlayedSetting;
use crate::explore::setting::{ChosenSetting, first_setting, load_text};
use crate::explore::tabletop::log::TabletopStart;
use crate::explore::tabletop::played::{TabletopPlay, TabletopReader};
use crate::scenario::{Loaded, Request};
use crate::study::digest::sha256_hex;
use crate::study::run::Run;
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::Arc;

/// Assignments over an accord: paths with values as TOML.
pub type TabletopSets = IndexMap<String, String>;

/// Keys of an accord that the table decides by itself, and those of the talks that it holds.
const HELD: [&str; 11] = [
    "members",
    "join",
    "rule",
    "opt_outs",
    "quota",
    "weights",
    "lead",
    "max_rounds",
    "round_years",
    "interim",
    "start",
];

/// A scenario with what was played of it.
pub struct TabletopArena {
    /// The scenario.
    pub loaded: Loaded,
    /// What is played.
    pub start: TabletopStart,
    /// Index of the accord that proposals start from.
    pub arm: usize,
    rules: HashMap<String, Arc<ChosenSetting>>,
    played: HashMap<(StateSet, String), Arc<TabletopPlay>>,
}

/// What a table is opened with, besides its scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TabletopChoice {
    /// The accord that proposals start from; none: the first bloc, without one the first accord.
    pub arm: Option<String>,
    /// Ids of the states that people may play.
    pub delegations: Vec<String>,
    /// How many rounds there are at most.
    pub rounds: usize,
    /// In how many worlds a round is played.
    pub worlds: u64,
    /// The seed; none: the scenario's.
    pub seed: Option<u64>,
}

impl TabletopChoice {
    /// The first line of a log.
    ///
    /// # Errors
    /// What is wrong with the scenario, or it has no accord.
    pub fn start(&self, request: &OpenRequest) -> Result<TabletopStart, Refusal> {
        let loaded = opened(request)?;
        let first = first_setting(&loaded)?;
        let arm = self.arm.clone().or(first.arm);
        Ok(TabletopStart {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: request.name.clone(),
            hash: sha256_hex(&loaded.resolved),
            seed: self.seed.unwrap_or(first.seed),
            worlds: self.worlds,
            arm: arm.ok_or_else(|| Refusal::new("the scenario has no accord to play"))?,
            reference: first.reference,
            delegations: self.delegations.clone(),
            rounds: self.rounds,
        })
    }
}

fn opened(request: &OpenRequest) -> Result<Loaded, Refusal> {
    load_text(&Request::new(request.name.as_str(), request.text.as_str()))
}

impl TabletopArena {
    /// Opens the scenario of a game.
    ///
    /// # Errors
    /// It is another scenario than that of the game, or its arm is no accord.
    pub fn open(request: &OpenRequest, start: TabletopStart) -> Result<TabletopArena, Refusal> {
        let loaded = opened(request)?;
        if sha256_hex(&loaded.resolved) != start.hash {
            return Err(Refusal::new(format!(
                "the log is of another `{}` than this, or of one with other keys set over it: their hashes differ",
                start.scenario
            )));
        }
        let arms = &loaded.model.arms;
        let found = arms.iter().position(|arm| arm.name == start.arm);
        let arm = found.filter(|&arm| arms[arm].is_accord());
        let arm = arm
            .ok_or_else(|| Refusal::new(format!("`{}` is no accord of the scenario", start.arm)))?;
        Ok(TabletopArena {
            loaded,
            start,
            arm,
            rules: HashMap::new(),
            played: HashMap::new(),
        })
    }

    /// The scenario's model.
    pub fn model(&self) -> &Model {
        &self.loaded.model
    }

    /// The set of states of some ids; those that are none are left out.
    pub fn set_of<'a>(&self, ids: impl IntoIterator<Item = &'a String>) -> StateSet {
        let ids = ids.into_iter().filter_map(|id| self.state(id));
        ids.fold(0, |set, i| set | 1 << i)
    }

    /// The index of a state.
    pub fn state(&self, id: &str) -> Option<usize> {
        self.model().states.iter().position(|one| one.id == id)
    }

    /// Who is invited by the scenario's own accord.
    pub fn own_members(&self) -> StateSet {
        self.model().arms[self.arm].members
    }

    /// Whether the accord sits at one table.
    pub fn is_bloc(&self) -> bool {
        self.model().arms[self.arm].mode == Mode::Bloc
    }

    /// The path of a key of the accord.
    pub fn path(&self, key: &str) -> String {
        format!("arm.{}.{key}", self.start.arm)
    }

    /// What a proposal may set.
    pub fn controls(&self) -> ArmControls {
        let all = decided(&self.loaded).shift_remove(&self.start.arm);
        let kept = all.into_iter().flatten();
        kept.filter(|control| self.may_set(&control.path)).collect()
    }

    fn may_set(&self, path: &str) -> bool {
        let key = path.strip_prefix(&self.path(""));
        key.is_some_and(|key| !HELD.contains(&key))
    }

    /// Whether rules can be played.
    ///
    /// # Errors
    /// A path that the table does not let move, or what is wrong with the scenario then.
    pub fn check(&mut self, sets: &TabletopSets) -> Result<(), Refusal> {
        let controls = self.controls();
        let moved = |path: &String| controls.iter().any(|control| control.path == *path);
        if let Some(path) = sets.keys().find(|path| !moved(path)) {
            return Err(Refusal::new(format!(
                "`{path}` is nothing that a proposal sets"
            )));
        }
        self.ruled(sets).map(|_| ())
    }

    /// What a floor of a term is under some rules; none where there is none.
    ///
    /// # Errors
    /// As for [`TabletopArena::check`].
    pub fn floor(&mut self, sets: &TabletopSets, term: usize) -> Result<Option<f64>, Refusal> {
        let ruled = self.ruled(sets)?;
        let model = &ruled.run.loaded.model;
        let arm = ruled.arm.expect("the setting has one");
        let floor = model.base[model.layout.index(Slot::Floor(arm, term))];
        Ok(floor.is_finite().then_some(floor))
    }

    fn ruled(&mut self, sets: &TabletopSets) -> Result<Arc<ChosenSetting>, Refusal> {
        let key = key_of(sets);
        if let Some(known) = self.rules.get(&key) {
            return Ok(known.clone());
        }
        let mut all = sets.clone();
        all.insert(self.path("join"), "1".to_owned());
        all.insert(self.path("rule"), "\"none\"".to_owned());
        if self.model().arms[self.arm].lead.is_some() {
            all.insert(self.path("lead"), "\"none\"".to_owned());
        }
        let ruled = Arc::new(self.chosen(all)?);
        self.rules.insert(key, ruled.clone());
        Ok(ruled)
    }

    fn chosen(&self, sets: TabletopSets) -> Result<ChosenSetting, Refusal> {
        let setting = ExploreSetting {
            arm: Some(self.start.arm.clone()),
            reference: self.start.reference.clone(),
            others: Vec::new(),
            sets,
            seed: self.start.seed,
            worlds: self.start.worlds,
        };
        ChosenSetting::new(&self.loaded, &self.start.scenario, &setting)
    }

    /// The accord of some members under some rules; of fewer than two there is none.
    ///
    /// # Errors
    /// The rules are not valid, or a world has no result.
    pub fn play(
        &mut self,
        sets: &TabletopSets,
        members: StateSet,
    ) -> Result<Arc<TabletopPlay>, Refusal> {
        if members.count_ones() < 2 {
            let any = self.own()?;
            return Ok(Arc::new(any.without_accord()));
        }
        let key = (members, key_of(sets));
        if let Some(known) = self.played.get(&key) {
            return Ok(known.clone());
        }
        let ruled = self.ruled(sets)?;
        let mut chosen = ChosenSetting {
            setting: ruled.setting.clone(),
            run: Run {
                loaded: ruled.run.loaded.clone(),
                identity: ruled.run.identity.clone(),
            },
            arm: ruled.arm,
            reference: ruled.reference,
        };
        let at = ruled.arm.expect("the setting has one");
        let arm = &mut chosen.run.loaded.model.arms[at];
        arm.members = members;
        arm.table &= members;
        let played = Arc::new(played(chosen, self.start.worlds)?);
        self.played.insert(key, played.clone());
        Ok(played)
    }

    /// The scenario's own accord, with everybody deciding as the model has it.
    ///
    /// # Errors
    /// A world without a result.
    pub fn own(&mut self) -> Result<Arc<TabletopPlay>, Refusal> {
        let key = (0, String::new());
        if let Some(known) = self.played.get(&key) {
            return Ok(known.clone());
        }
        let chosen = self.chosen(TabletopSets::new())?;
        let played = Arc::new(played(chosen, self.start.worlds)?);
        self.played.insert(key, played.clone());
        Ok(played)
    }
}

/// Rules by one text, in whatever order they are set.
fn key_of(sets: &TabletopSets) -> String {
    let mut sets: Vec<String> = sets
        .iter()
        .map(|(path, to)| format!("{path}={to}"))
        .collect();
    sets.sort_unstable();
    sets.join("\n")
}

fn played(chosen: ChosenSetting, worlds: u64) -> Result<TabletopPlay, Refusal> {
    let arm = chosen.arm.expect("the setting has one");
    let reader = TabletopReader::new(&chosen.run.loaded.model, arm, chosen.reference);
    let mut setting = PlayedSetting::new(chosen);
    let bytes = setting.play(0..worlds)?;
    setting.take(&bytes)?;
    let size = size_of::<f64>();
    let worlds = setting.pieces(worlds)?.map(|piece| {
        reader.world(|at| {
            let bytes = &piece[at * size..][..size];
            f64::from_le_bytes(bytes.try_into().expect("it has eight bytes"))
        })
    });
    Ok(TabletopPlay {
        worlds: worlds.collect(),
    })
}
