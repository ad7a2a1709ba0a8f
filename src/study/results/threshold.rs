//! What `threshold` found: its document.

use crate::study::results::run::Manifest;
use crate::study::threshold::{CurveShape, Curves, ThresholdAnswer};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The results of `threshold`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ThresholdResults {
    /// Identity.
    pub manifest: Manifest,
    /// What is solved for; `*` stands for the state of a solution.
    pub path: String,
    /// Arm that differences are taken to.
    pub reference: String,
    /// Where it was searched.
    pub from: f64,
    /// Where it was searched.
    pub to: f64,
    /// One answer, or one per state.
    pub solutions: Vec<SolutionResult>,
}

/// What a curve is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SolutionStatus {
    /// One crossing, and the curve goes one way.
    One,
    /// No crossing in the range.
    None,
    /// More than one.
    Several,
    /// One, but the curve turns, by more than its error.
    NonMonotone,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SolutionResult {
    /// Id of a state, or "all".
    #[serde(rename = "for")]
    pub of: String,
    /// The result that should have a level, and the level.
    #[serde(rename = "where")]
    pub equation: String,
    /// What the curve is like.
    pub status: SolutionStatus,
    /// Where it crosses, from the left; of a stretch on the level its ends, but for those at the ends of the search.
    pub values: Vec<CrossingResult>,
    /// Stretches over which it lies on the level, from the left; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_level: Vec<StretchResult>,
    /// The curve, from the left.
    pub curve: Vec<CurvePoint>,
}

/// A crossing with its 90% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CrossingResult {
    /// Where it is.
    pub value: f64,
    /// Lower end; null where some groups of worlds do not cross in the range.
    pub low: Option<f64>,
    /// Upper end; null likewise.
    pub high: Option<f64>,
    /// Whether the result jumps there over the level, which it never has.
    pub jump: bool,
}

/// A stretch over which a curve lies on the level.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StretchResult {
    /// Its first value that was played.
    pub from: f64,
    /// Its last.
    pub to: f64,
}

/// A point of the curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CurvePoint {
    /// Value of the path.
    pub x: f64,
    /// The result there; null where no world has it.
    pub result: Option<f64>,
    /// Its standard error.
    pub se: Option<f64>,
}

/// The answer to question `question` of `curves`, which is about the level `level`.
pub fn solution(
    of: &str,
    equation: &str,
    curves: &Curves,
    question: usize,
    level: f64,
) -> SolutionResult {
    let ThresholdAnswer {
        shape,
        crossings,
        on_level,
    } = curves.solution(question);
    let on_level = on_level.into_iter();
    let curve = curves.points.iter().map(|point| {
        let at = point.levels[question].as_ref();
        CurvePoint {
            x: point.x,
            result: at.map(|at| at.all + level),
            se: at.and_then(|at| at.std_error()),
        }
    });
    let values = crossings.iter().map(|crossing| CrossingResult {
        value: crossing.value,
        low: crossing.low,
        high: crossing.high,
        jump: crossing.jump,
    });
    SolutionResult {
        of: of.to_owned(),
        equation: equation.to_owned(),
        status: match shape {
            CurveShape::One => SolutionStatus::One,
            CurveShape::None => SolutionStatus::None,
            CurveShape::Several => SolutionStatus::Several,
            CurveShape::NonMonotone => SolutionStatus::NonMonotone,
        },
        values: values.collect(),
        on_level: on_level
            .map(|(from, to)| StretchResult { from, to })
            .collect(),
        curve: curve.collect(),
    }
}

impl SolutionResult {
    /// The ends of the curve: the results at the first and the last x.
    pub fn ends(&self) -> Option<(CurvePoint, CurvePoint)> {
        Some((*self.curve.first()?, *self.curve.last()?))
    }
}
