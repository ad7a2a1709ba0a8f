//! What `forecasts` says: its document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Forecasts on record, with their scores once it is known what came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastResults {
    /// What they are about.
    pub title: String,
    /// The day on which they were made.
    pub made: String,
    /// Version and scenarios behind the engine's own numbers.
    pub engine: String,
    /// SHA-256 of the file without what was entered later.
    pub sha256: String,
    /// Whether that is the hash on record beside the file; null where none is.
    pub unchanged: Option<bool>,
    /// Over all.
    pub score: ForecastScore,
    /// Each, in the order of the file.
    pub forecasts: Vec<ForecastRow>,
}

/// A forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastRow {
    /// Its id.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// The day on which it can be decided at the latest.
    pub decided: String,
    /// Chance of yes; null for a quantity.
    pub probability: Option<f64>,
    /// A reference chance from earlier cases.
    pub base: Option<f64>,
    /// The engine's own chance or median.
    pub engine: Option<f64>,
    /// Unit of a quantity; null for an event.
    pub unit: Option<String>,
    /// Quantiles of a quantity; null for an event.
    pub quantiles: Option<Quantiles>,
    /// Id of its main source.
    pub source: String,
    /// Grade of that.
    pub grade: String,
    /// Whether the event came; null while it is open.
    pub came: Option<bool>,
    /// How much it was, in the unit; null while it is open.
    pub amount: Option<f64>,
    /// Why it cannot be decided, if so.
    pub void: Option<String>,
    /// Brier score of an event, or twice the mean pinball loss of a quantity in its unit; less is better.
    pub score: Option<f64>,
    /// That of `base`.
    pub score_base: Option<f64>,
    /// That of `engine`; of a quantity its distance from what came.
    pub score_engine: Option<f64>,
    /// Whether what came lies between p25 and p75.
    pub inside_50: Option<bool>,
    /// Whether it lies between p05 and p95.
    pub inside_90: Option<bool>,
}

/// Quantiles of a quantity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // named as in the file
pub struct Quantiles {
    pub p05: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p95: f64,
}

impl Quantiles {
    /// In rising order.
    pub fn values(&self) -> [f64; 5] {
        [self.p05, self.p25, self.p50, self.p75, self.p95]
    }

    /// Each with its level.
    pub fn levels(&self) -> [(f64, f64); 5] {
        [
            (0.05, self.p05),
            (0.25, self.p25),
            (0.5, self.p50),
            (0.75, self.p75),
            (0.95, self.p95),
        ]
    }
}

/// The score of all forecasts that are decided.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ForecastScore {
    /// How many are open.
    pub open: u64,
    /// How many are void.
    pub void: u64,
    /// How many events are decided.
    pub events: u64,
    /// How many quantities are decided.
    pub quantities: u64,
    /// Mean Brier score of the events; 0.25 is what one half scores whatever comes.
    pub brier: Option<f64>,
    /// Against reference chances, of those events that have one.
    pub base: Option<ScoreBeside>,
    /// Against the engine's own chances, likewise.
    pub engine: Option<ScoreBeside>,
    /// Mean score of the quantities, each over its median.
    pub pinball: Option<f64>,
    /// How many of the decided quantities lie between p25 and p75.
    pub inside_50: u64,
    /// How many lie between p05 and p95.
    pub inside_90: u64,
}

/// Mean Brier scores of the same events.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreBeside {
    /// How many events.
    pub forecasts: u64,
    /// Of the forecasts.
    pub own: f64,
    /// Of what they are held against.
    pub other: f64,
}
