//! What `history` found: its document.

use crate::study::results::run::Manifest;
use crate::theory::stats::summary::Stat;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Bargains that are on record, each played from what stood before it and held against what came of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryResults {
    /// Identity; its scenario is the first case.
    pub manifest: Manifest,
    /// The cases, in the order given.
    pub cases: Vec<PlayedCase>,
    /// How the engine does over all of them.
    pub score: HistoryScore,
}

/// A case: what is on record and what the engine says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlayedCase {
    /// What it is called here: the file or shipped name, with a number where two are called the same.
    pub id: String,
    /// Name of its scenario.
    pub title: String,
    /// SHA-256 of the scenario after all layers, in hexadecimal.
    pub scenario_sha256: String,
    /// Who bargained.
    pub who: String,
    /// When.
    pub when: String,
    /// Year of the observed figure.
    pub outcome: String,
    /// What each side had if talks failed.
    pub outside: String,
    /// Who is a state, who a hyperscaler, what the market, which terms, which money.
    pub mapping: String,
    /// What is compared.
    pub what: String,
    /// 1 where more is better for the side that joins, -1 where less is.
    pub gain: f64,
    /// What came of it.
    pub observed: ObservedFigure,
    /// The engine's figure over the worlds that have one; null where none has.
    pub engine: Option<Stat>,
    /// Worlds without a figure: one of its results is missing there, or what it is divided by is 0.
    pub left_out: u64,
    /// Whether the engine's median has the sign of the observed value; null where low < 0 < high, or the value is 0, and where no world has a
    /// figure.
    pub sign: Option<bool>,
    /// Whether who gains most on average is who did on record; null where that is not asked.
    pub winner: Option<bool>,
    /// Who gained most on record; null where that is not asked.
    pub winner_observed: Option<String>,
    /// Who gains most on average; null where two do, or nobody has a number.
    pub winner_engine: Option<String>,
    /// Those among whom it is.
    pub among: Vec<RankedCandidate>,
    /// Whether the observed value lies between the engine's 5% and 95% points, ends included.
    pub inside_90: Option<bool>,
    /// Whether it lies between the 25% and 75% points.
    pub inside_50: Option<bool>,
    /// Continuous ranked probability score of the engine's worlds, in the unit of the figure; less is better.
    pub crps: Option<f64>,
    /// That of the forecast "no effect": the observed value without its sign.
    pub crps_no_effect: f64,
    /// That of the forecast "what the other cases brought": the distance to the mean observed value of the other cases in the same unit, each
    /// oriented by its `gain`; null without another.
    pub crps_other_cases: Option<f64>,
    /// 1 - crps/crps_no_effect: 1 is perfect, 0 no better than that forecast, below 0 worse; null where that forecast is perfect.
    pub skill_no_effect: Option<f64>,
    /// 1 - crps/crps_other_cases.
    pub skill_other_cases: Option<f64>,
    /// What the model cannot express of it.
    pub missing: Vec<String>,
    /// What the case says of the model, written once it was played; empty: nothing yet.
    pub after: String,
}

/// A figure on record: low <= value <= high.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ObservedFigure {
    /// The value.
    pub value: f64,
    /// The least that it may have been.
    pub low: f64,
    /// The most that it may have been.
    pub high: f64,
    /// Its unit.
    pub unit: String,
    /// Where it stands.
    pub source: String,
    /// Grade of the source.
    pub grade: String,
    /// How the range was formed; may be empty.
    pub note: String,
}

/// One of those among whom somebody gained most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RankedCandidate {
    /// Who.
    pub who: String,
    /// What it gains on average; null where no world says.
    pub mean: Option<f64>,
}

/// How the engine does over all cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryScore {
    /// In how many cases the sign is right, of those that ask for one.
    pub sign: CaseTally,
    /// In how many who gains most is right, of those that ask for it.
    pub winner: CaseTally,
    /// In how many the observed value lies in the middle half of worlds: of a calibrated engine, 50%.
    pub inside_50: CaseTally,
    /// In how many it lies in 90% of worlds: of a calibrated engine, 90%.
    pub inside_90: CaseTally,
    /// In how many it lies below them: of a calibrated engine, 5%.
    pub below_90: u64,
    /// In how many it lies above them.
    pub above_90: u64,
    /// The score over the cases that have one, each divided by the mean observed size (without sign) of all cases in its unit; null without a case.
    pub crps: Option<f64>,
    /// Against the forecast "no effect".
    pub no_effect: Option<Skill>,
    /// Against the forecast "what the other cases brought".
    pub other_cases: Option<Skill>,
}

/// A count of cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CaseTally {
    /// In how many it holds.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// Lower end of Wilson's 90% interval of the share.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
}

/// Skill against a naive forecast: 1 is perfect, 0 no better than it, below 0 worse.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Skill {
    /// Cases that have it.
    pub cases: u64,
    /// Score of the naive forecast over them, scaled as that of the engine.
    pub crps: f64,
    /// 1 - (engine's score over these cases)/(that of the naive forecast).
    pub mean: f64,
    /// Median over cases of the skill of each, which needs no scale; null where the naive forecast is perfect in all.
    pub median: Option<f64>,
}
