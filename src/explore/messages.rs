//! What a page and a host say to each other, as `explorer/README.md` describes it.

use crate::engine::model::Identity;
use crate::engine::model::words::Vocabulary;
use crate::explore::controls::{ArmControls, Control, RankedInputs};
use crate::report::document::{Block, Text, text};
use crate::report::sections::run::beside::reader::ExploreReader;
use crate::scenario::inspect::{Checked, Finding};
use crate::scenario::{LoadError, Loaded, Severity};
use crate::study::digest::sha256_hex;
use crate::study::results::choice::is_off;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Edition of the messages.
pub const PROTOCOL: u32 = 1;

/// Opens a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRequest {
    /// What the scenario is called.
    pub name: String,
    /// The scenario as TOML that extends no file.
    pub text: String,
    /// What matters most of what nobody decides, if a study has found that.
    #[serde(default)]
    pub ranked: Option<RankedInputs>,
}

/// An opened scenario: what it asks and what can be moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OpenedScenario {
    /// Edition of the messages.
    pub protocol: u32,
    /// Version of the program.
    pub version: &'static str,
    /// What the scenario is called.
    pub scenario: String,
    /// Its name for readers.
    pub title: String,
    /// The first twelve digits of its hash.
    pub hash: String,
    /// What it asks.
    pub question: Text,
    /// What it is.
    pub description: String,
    /// The setting that is looked at first.
    #[serde(flatten)]
    pub first: FirstSetting,
    /// Its arms that are not switched off.
    pub arms: Vec<ArmWords>,
    /// Its states.
    pub states: Vec<PartyWords>,
    /// Its hyperscalers.
    pub hyperscalers: Vec<PartyWords>,
    /// What people decide, by arm.
    pub decided: IndexMap<String, ArmControls>,
    /// What nobody decides, what matters most first.
    pub uncertain: Vec<Control>,
    /// By what it is ordered, if it is.
    pub ranked: Option<String>,
}

/// The setting that is looked at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FirstSetting {
    /// The seed of the scenario.
    pub seed: u64,
    /// How many worlds it plays.
    pub worlds: u64,
    /// What is compared with.
    pub reference: String,
    /// What is looked at; none in a scenario of one arm.
    pub arm: Option<String>,
}

/// An arm in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ArmWords {
    /// Its name.
    pub name: String,
    /// What it is in a few words,
    pub title: String,
    /// and in a sentence.
    pub what: String,
    /// How its states negotiate.
    pub mode: &'static str,
}

/// A state or hyperscaler in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartyWords {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What is played: arms of a scenario with assignments over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreSetting {
    /// What is looked at.
    pub arm: Option<String>,
    /// What it is compared with.
    pub reference: String,
    /// Further arms that are played.
    #[serde(default)]
    pub others: Vec<String>,
    /// Values as TOML by their paths, as `--set` takes them, and the year in which the arm starts by the path `arm.NAME.start`.
    #[serde(default)]
    pub sets: IndexMap<String, String>,
    /// The seed.
    pub seed: u64,
    /// How many worlds.
    pub worlds: u64,
}

impl ExploreSetting {
    /// Whether nothing of the scenario is changed.
    pub fn is_base(&self) -> bool {
        self.sets.is_empty()
    }

    /// The same arms and worlds of the scenario as it was opened.
    pub fn without_changes(&self) -> ExploreSetting {
        ExploreSetting {
            sets: IndexMap::new(),
            ..self.clone()
        }
    }
}

/// What a reader looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExploreView {
    /// For whom the readings are.
    #[serde(default)]
    pub reader: ExploreReader,
    /// The state that an adviser is of; none: of all together.
    #[serde(default)]
    pub state: Option<String>,
    /// Which further figure is drawn.
    #[serde(default)]
    pub figure: Option<String>,
    /// Which world is told; none: none is.
    #[serde(default)]
    pub world: Option<u64>,
}

/// Which worlds are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRequest {
    /// Of what.
    pub of: PlayedPart,
    /// The first,
    pub from: u64,
    /// and the one behind the last.
    pub to: u64,
}

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlayedPart {
    /// The scenario as it was opened.
    Base,
    /// With what is set.
    Setting,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShowRequest {
    /// To whom, and what.
    #[serde(flatten)]
    pub view: ExploreView,
    /// Of how many worlds.
    pub worlds: u64,
}

/// What is written for others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// `scenario`, `results`, `worlds` or `note`.
    pub what: String,
    /// Of how many worlds.
    pub worlds: u64,
    /// For whom, where that matters.
    #[serde(default)]
    pub view: ExploreView,
}

/// Which inputs go with the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderRequest {
    /// In how many worlds.
    pub worlds: u64,
}

/// Looks for something from where a setting stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FindRequest {
    /// What.
    #[serde(flatten)]
    pub search: ExploreSearch,
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "find", rename_all = "kebab-case")]
pub enum ExploreSearch {
    /// The least binding at which all stay in half of the worlds.
    LeastBinding,
    /// What keeps a state in.
    Payment {
        /// Its id.
        state: String,
    },
    /// Where the answer turns, over two inputs.
    Map {
        /// The first,
        first: MapAxis,
        /// and the second.
        second: MapAxis,
    },
    /// The worlds in which a state loses, by what they have in common.
    Loses {
        /// Its id.
        state: String,
    },
    /// The best accord from here.
    Accord,
}

/// An input of a map, from one value to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapAxis {
    /// Its path.
    pub path: String,
    /// The least value,
    pub from: f64,
    /// and the most.
    pub to: f64,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundAnswer {
    /// The answer in a sentence.
    pub sentence: Text,
    /// What it rests on.
    pub blocks: Vec<Block>,
    /// What a reader may set to have it; none where there is nothing to set.
    pub sets: Option<IndexMap<String, String>>,
    /// Worlds that show it.
    pub worlds: Vec<u64>,
}

/// Why something cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// In a sentence.
    pub message: String,
    /// What is wrong with the scenario, finding by finding.
    pub findings: Vec<Finding>,
}

impl Refusal {
    /// A refusal that points at no place of a scenario.
    pub fn new(message: impl Into<String>) -> Refusal {
        Refusal {
            message: message.into(),
            findings: Vec::new(),
        }
    }

    /// What is wrong with a scenario.
    pub fn of(error: &LoadError) -> Refusal {
        let LoadError::Problems(problems) = error else {
            return Refusal::new(error.to_string());
        };
        let findings = Checked::invalid("scenario", problems).findings;
        let is_error = |one: &&Finding| one.severity == Severity::Error;
        let first = findings.iter().find(is_error);
        Refusal {
            message: first.map_or_else(|| error.to_string(), said),
            findings,
        }
    }

    /// Nothing was set before.
    pub fn nothing_set() -> Refusal {
        Refusal::new("no setting was given yet")
    }
}

impl OpenedScenario {
    /// What is said of a scenario, but for its controls.
    pub fn of(loaded: &Loaded, name: &str, setting: &ExploreSetting) -> OpenedScenario {
        let model = &loaded.model;
        let party = |one: &Identity| PartyWords {
            id: one.id.clone(),
            name: one.name.clone(),
        };
        let arms = model.arms.iter().enumerate();
        let arms = arms.filter(|(at, _)| !is_off(model, *at));
        let arms = arms.map(|(_, arm)| ArmWords {
            name: arm.name.clone(),
            title: arm.title.clone(),
            what: arm.what.clone(),
            mode: arm.mode.key(),
        });
        OpenedScenario {
            protocol: PROTOCOL,
            version: env!("CARGO_PKG_VERSION"),
            scenario: name.to_owned(),
            title: model.name.clone(),
            hash: sha256_hex(&loaded.resolved)[..12].to_owned(),
            question: text![model.question.text.as_str()],
            description: model.description.clone(),
            first: FirstSetting {
                seed: setting.seed,
                worlds: setting.worlds,
                reference: setting.reference.clone(),
                arm: setting.arm.clone(),
            },
            arms: arms.collect(),
            states: model.states.iter().map(party).collect(),
            hyperscalers: model.hyperscalers.iter().map(party).collect(),
            decided: IndexMap::new(),
            uncertain: Vec::new(),
            ranked: None,
        }
    }
}

/// A finding in a line.
fn said(finding: &Finding) -> String {
    match finding.label.as_str() {
        "" => finding.message.clone(),
        label => format!("{}: {label}", finding.message),
    }
}
