//! What `turn` found: its document.

use crate::study::results::run::Manifest;
use crate::theory::stats::summary::Stat;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The results of `turn`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TurnResults {
    /// Identity.
    pub manifest: Manifest,
    /// The result that should turn, by its path.
    pub output: String,
    /// The level on whose other side it should come to lie, 0 where nothing else is asked for.
    pub level: f64,
    /// The arm that it is of, where it is the difference of an arm; null else.
    pub arm: Option<String>,
    /// Arm that differences are taken to.
    pub reference: String,
    /// The result over the worlds as they are drawn.
    pub headline: Option<Stat>,
    /// The result with every input at its median; null where it was not needed.
    pub at_medians: Option<PointResult>,
    /// How it ended.
    pub status: TurnStatus,
    /// How far was searched: the size of a joint change, at most.
    pub limit: f64,
    /// Uncertain quantities that may be changed.
    pub inputs: u64,
    /// Uncertain quantities and events that are left to the worlds: the events, and what takes its values from rows of data.
    pub left_to_worlds: u64,
    /// The least joint change found that turns the result; where none does, that which brings it nearest. Null where nothing was searched.
    pub change: Option<JointChange>,
    /// The same with one, two and three inputs, each where so many may be changed.
    pub fewer: Vec<JointChange>,
    /// The polynomial that the search began from; null where nothing was searched or nothing could be fitted.
    pub surrogate: Option<SurrogateResult>,
    /// What was played to find something smaller; null where nothing was searched.
    pub search: Option<TurnSearchResult>,
}

/// How `turn` ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TurnStatus {
    /// A joint change turns the result.
    Turns,
    /// None within the limit does.
    Holds,
    /// Over the worlds as they are drawn the result is not told from the level: there is nothing to turn.
    Open,
    /// With every input at its median the result is not told from the level, or lies on its other side, without any change.
    OpenAtMedians,
    /// No input is uncertain.
    Certain,
}

/// The mean of the result where all inputs are fixed, over what chance decides there, with its 90% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PointResult {
    /// Mean.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Worlds that were played there.
    pub worlds: u64,
}

/// A joint change of inputs from their medians.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JointChange {
    /// Inputs that were to change, at most; null for any number of them.
    pub at_most: Option<u64>,
    /// Whether the result is told to lie on the other side of the level there: its 90% interval does.
    pub turns: bool,
    /// ‖z‖, the Euclidean norm of the scores: 1 is a standard deviation of one input.
    pub size: f64,
    /// The result there, in worlds that the search did not see.
    pub result: PointResult,
    /// What changes, the largest score first.
    pub inputs: Vec<ChangedInput>,
}

/// An input of a joint change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedInput {
    /// Its path.
    pub path: String,
    /// Its median.
    pub from: f64,
    /// What it becomes.
    pub to: f64,
    /// Its normal score there, z.
    pub score: f64,
    /// Share of its distribution that lies below, Φ(z).
    pub quantile: f64,
    /// Grade, as written beside it.
    pub grade: Option<String>,
    /// Id of its source, as written beside it.
    pub source: Option<String>,
    /// Unit, as written beside it.
    pub unit: Option<String>,
}

/// The polynomial in the scores that the search began from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SurrogateResult {
    /// Worlds that it was fitted to.
    pub worlds: u64,
    /// Inputs that it has.
    pub inputs: u64,
    /// Share of the variance over worlds that it explains in worlds it has not seen (R²).
    pub explained: f64,
    /// Starts of the search for its nearest zeros.
    pub starts: u64,
    /// How many different zeros they ended in; those further off than the limit are counted too.
    pub zeros: u64,
    /// Size of the nearest; null where there is none.
    pub size: Option<f64>,
}

/// What was played to find something smaller than the change that is reported.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TurnSearchResult {
    /// Directions that were played the last time.
    pub directions: u64,
    /// At this size: just below that of the change, or the limit where nothing turns.
    pub size: f64,
    /// How many times they were played; each time but the last something smaller was found and improved.
    pub rounds: u64,
    /// The least mean of the result, counted from the level on its own side, of the directions of the last time; null where none could be played.
    pub nearest: Option<f64>,
    /// Worlds with inputs that were fixed, over the whole search.
    pub worlds: u64,
}
