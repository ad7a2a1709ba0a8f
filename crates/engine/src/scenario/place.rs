//! One place of a scenario, a key and the ids it belongs to: what paths expand to, and the bridge to the model's slots.

use crate::engine::model::arm::Mode;
use crate::engine::model::keys::{
    ArmKey, BargainingKey, DynamicsKey, HyperscalerKey, MarketKey, PairKey, StateKey, TermKey,
};
use crate::engine::model::layout::Slot;
use crate::engine::model::words::{TermEffect, Vocabulary};
use crate::scenario::file_name::is_id;
use crate::scenario::schema::{FileKey, FileTable};

/// The ids of a scenario, in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ScenarioNames {
    pub states: Vec<String>,
    pub hyperscalers: Vec<String>,
    pub terms: Vec<String>,
    /// With their modes, as far as they are valid.
    pub arms: Vec<(String, Option<Mode>)>,
    pub events: Vec<String>,
}

impl ScenarioNames {
    /// The ids of a section; of arms and events the names.
    pub fn ids(&self, section: FileTable) -> Vec<&str> {
        let plain = match section {
            FileTable::State => &self.states,
            FileTable::Hyperscaler => &self.hyperscalers,
            FileTable::Term => &self.terms,
            FileTable::Event => &self.events,
            FileTable::Arm => return self.arms.iter().map(|(name, _)| name.as_str()).collect(),
            _ => return Vec::new(),
        };
        plain.iter().map(String::as_str).collect()
    }

    /// The position of an id.
    pub fn find(&self, section: FileTable, id: &str) -> Option<usize> {
        self.ids(section).iter().position(|&known| known == id)
    }

    /// The length of the longest list.
    pub fn longest(&self) -> usize {
        let lists = [&self.states, &self.hyperscalers, &self.terms, &self.events];
        let longest = lists.iter().map(|list| list.len()).max();
        longest.unwrap_or(0).max(self.arms.len())
    }

    /// The mode of an arm, none elsewhere.
    pub fn mode(&self, section: FileTable, position: usize) -> Option<Mode> {
        match section {
            FileTable::Arm => self.arms[position].1,
            _ => None,
        }
    }
}

/// One place of a scenario: a key, and the ids that it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub section: FileTable,
    /// Positions of the ids among those of their section; unused ones are 0.
    pub at: [usize; 2],
    pub key: &'static FileKey,
    /// Position of the term within a table of levels.
    pub term: Option<usize>,
}

impl Place {
    /// The canonical path.
    pub fn path(&self, names: &ScenarioNames) -> String {
        let id = |section: FileTable, position: usize| quoted(names.ids(section)[position]);
        let [a, b] = self.at;
        let mut parts = vec![self.section.name().to_owned()];
        match self.section {
            FileTable::Root => parts.clear(),
            FileTable::Pair => {
                parts.push(id(FileTable::State, a));
                parts.push(id(FileTable::Hyperscaler, b));
            }
            FileTable::Link => {
                let mut ends = [id(FileTable::State, a), id(FileTable::State, b)];
                ends.sort_unstable();
                parts.extend(ends);
            }
            section if section.is_list() => parts.push(id(section, a)),
            _ => {}
        }
        parts.push(self.key.name.to_owned());
        parts.extend(self.term.map(|term| id(FileTable::Term, term)));
        parts.join(".")
    }

    /// The slot of the number, none where the place is fixed.
    pub fn slot(&self) -> Option<Slot> {
        let name = self.key.name;
        let [a, b] = self.at;
        if let Some(term) = self.term {
            return match self.section {
                FileTable::State => Some(Slot::Value(a, term)),
                FileTable::Hyperscaler => Some(Slot::Cost(a, term)),
                FileTable::Arm => Some(Slot::Floor(a, term)),
                _ => None,
            };
        }
        match self.section {
            FileTable::Market => MarketKey::from_name(name).map(Slot::Market),
            FileTable::Bargaining => BargainingKey::from_name(name).map(Slot::Bargaining),
            FileTable::Dynamics => DynamicsKey::from_name(name).map(Slot::Dynamics),
            FileTable::State => StateKey::from_name(name).map(|key| Slot::State(a, key)),
            FileTable::Hyperscaler => {
                HyperscalerKey::from_name(name).map(|key| Slot::Hyperscaler(a, key))
            }
            FileTable::Term => {
                let effect = || TermEffect::from_key(name).map(|effect| Slot::Effect(a, effect));
                let key = TermKey::from_name(name).map(|key| Slot::Term(a, key));
                key.or_else(effect)
            }
            FileTable::Pair => PairKey::from_name(name).map(|key| Slot::Pair(a, b, key)),
            FileTable::Link if name == "efficiency" => Some(Slot::Link(a.min(b), a.max(b))),
            FileTable::Arm => ArmKey::from_name(name).map(|key| Slot::Arm(a, key)),
            _ => None,
        }
    }

    /// The place of a slot.
    pub fn of(slot: Slot) -> Place {
        let (section, at, name, term) = match slot {
            Slot::Market(key) => (FileTable::Market, [0, 0], key.name(), None),
            Slot::Bargaining(key) => (FileTable::Bargaining, [0, 0], key.name(), None),
            Slot::Dynamics(key) => (FileTable::Dynamics, [0, 0], key.name(), None),
            Slot::State(i, key) => (FileTable::State, [i, 0], key.name(), None),
            Slot::Value(i, k) => (FileTable::State, [i, 0], "values", Some(k)),
            Slot::Hyperscaler(h, key) => (FileTable::Hyperscaler, [h, 0], key.name(), None),
            Slot::Cost(h, k) => (FileTable::Hyperscaler, [h, 0], "costs", Some(k)),
            Slot::Term(k, key) => (FileTable::Term, [k, 0], key.name(), None),
            Slot::Effect(k, effect) => (FileTable::Term, [k, 0], effect.key(), None),
            Slot::Pair(i, h, key) => (FileTable::Pair, [i, h], key.name(), None),
            Slot::Link(i, j) => (FileTable::Link, [i, j], "efficiency", None),
            Slot::Arm(a, key) => (FileTable::Arm, [a, 0], key.name(), None),
            Slot::Floor(a, k) => (FileTable::Arm, [a, 0], "floors", Some(k)),
        };
        let key = section.key(name).expect("every slot has a key of the file");
        Place {
            section,
            at,
            key,
            term,
        }
    }
}

fn quoted(id: &str) -> String {
    if is_id(id) {
        id.to_owned()
    } else {
        format!("\"{id}\"")
    }
}
