//! What every part of a stability study starts from: its results, who is who, and how shares of worlds are said.

use crate::engine::model::Model;
use crate::engine::model::arm::Arm;
use crate::report::document::{Number, Text, text};
use crate::report::numbers::{Quote, frequency};
use crate::report::sentence::say;
use crate::study::results::stability::{CoalitionResult, StabilityResults};
use crate::theory::stats::summary::Stat;

/// How often something happens: "in 78 of 100 worlds"; of one world, whether it does.
pub fn often(results: &StabilityResults, share: f64, path: String) -> Text {
    match results.worlds {
        1 if share > 0.0 => text![Number::new("in this world", share, &path)],
        1 => text![Number::new("not", share, &path)],
        all => say!("in {} worlds", frequency(share, all, path)),
    }
}

/// A coalition with its place among all.
pub type Placed<'a> = (usize, &'a CoalitionResult);

pub struct StabilityText<'a> {
    pub model: &'a Model,
    pub results: &'a StabilityResults,
}

impl<'a> StabilityText<'a> {
    pub fn name(&self, id: &str) -> String {
        let state = self.model.states.iter().find(|state| state.id == id);
        state.map_or(id, |state| &state.name).to_owned()
    }

    pub fn is_single(&self) -> bool {
        self.results.worlds == 1
    }

    pub fn invited(&self) -> usize {
        self.results.states.len()
    }

    pub fn placed(&self) -> impl Iterator<Item = Placed<'a>> {
        self.results.coalitions.iter().enumerate()
    }

    pub fn often(&self, share: f64, path: &str) -> Text {
        often(self.results, share, path.to_owned())
    }

    /// An amount in US$ bn that stands at a path.
    pub fn money(&self, stat: &Stat, path: &str) -> Quote {
        Quote::new(Some(*stat), path.to_owned()).in_millions()
    }

    pub fn arm(&self) -> Option<&'a Arm> {
        let mut arms = self.model.arms.iter();
        arms.find(|arm| arm.name == self.results.arm)
    }

    /// Whether an accord of the window before may stand in this one.
    pub fn stands(&self) -> bool {
        self.results.window > 0 && self.arm().is_some_and(|arm| arm.standing)
    }

    /// A coalition in few words.
    pub fn short(&self, members: &[String]) -> String {
        let all = self.results.states.keys();
        let absent = all.filter(|id| !members.contains(id));
        let absent: Vec<&str> = absent.map(String::as_str).collect();
        match absent.len() {
            0 => format!("all {}", self.invited()),
            missing if missing < members.len() && members.len() > 4 => {
                format!("all but {}", absent.join(", "))
            }
            _ => members.join(", "),
        }
    }
}
