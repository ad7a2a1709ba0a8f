//! What `advise` found: its document.

use crate::study::results::brief::BriefResults;
use crate::study::results::run::{Manifest, Results};
use crate::study::results::sensitivity::Interval;
use crate::study::results::stability::StabilityResults;
use crate::study::results::theories::TheoryResults;
use crate::study::results::threshold::SolutionResult;
use crate::study::results::world::ExplainedWorld;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The results of `advise`: which option is best, and what each part of the advice rests on. The parts beside `run` play fewer worlds, which their manifests
/// say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AdviceResults {
    /// Identity.
    pub manifest: Manifest,
    /// Whose view it takes: "region", or the id of a state or hyperscaler.
    #[serde(rename = "for")]
    pub view: String,
    /// The arm that options are compared with.
    pub reference: String,
    /// The options by their arms, the best first: by mean payoff of the states together or of the state, or by profit of the hyperscaler.
    pub ranked: Vec<String>,
    /// Every arm of the scenario in every world.
    pub run: Results,
    /// What decides between the best option and the next; null where there is one option.
    pub knowledge: Option<Knowledge>,
    /// The coalitions of the best option that is an accord; null where there is none, or none that can be judged.
    pub stability: Option<StabilityResults>,
    /// The table of the state, or of the joint table of the best option; null where there is none.
    pub brief: Option<BriefResults>,
    /// Whether the hyperscaler at that table was named by whoever asked; otherwise it is the one with the largest expected market.
    pub supplier_named: bool,
    /// Where the advice turns: for each decisive assumption, what must it be for the best option to bring as much as the next?
    pub turns: Vec<TurningPoint>,
    /// The same worlds under every theory of bargaining; null where there is one option.
    pub theories: Option<TheoryResults>,
    /// The median and the worst world of the best option less the reference; empty where there is one option.
    pub worlds: Vec<ToldWorld>,
}

/// What decides between two options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Knowledge {
    /// The uncertain quantities and events with the largest shares of those that are told from chance, three at most.
    pub decisive: Vec<Decisive>,
    /// What it would be worth to know everything before the choice among all options, US$ bn.
    pub evpi: Option<Interval>,
}

/// A decisive assumption.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decisive {
    /// Its path.
    pub path: String,
    /// Its first-order share in the variance of the difference between the best option and the next.
    pub share: Interval,
    /// How probable it is that chance alone tells any factor of the study as clearly; 0.05 at most.
    pub chance: f64,
    /// What it would be worth to know it before the choice among all options, US$ bn.
    pub evppi: Option<Interval>,
}

/// Where the advice turns as an assumption moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TurningPoint {
    /// Path of the assumption.
    pub path: String,
    /// Where it was moved: from its 1% to its 99% point.
    pub from: f64,
    /// Likewise.
    pub to: f64,
    /// Where the best option brings as much as the next.
    pub solution: SolutionResult,
}

/// A world that is told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ToldWorld {
    /// "median" or "worst".
    pub which: String,
    /// The best option less the reference in it, US$ bn.
    pub difference: f64,
    /// The world step by step, in both arms.
    pub world: ExplainedWorld,
}
