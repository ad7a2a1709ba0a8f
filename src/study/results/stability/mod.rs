//! What `stability` found: the document of `--json` and the table of all coalitions.

pub mod columns;

use crate::study::results::run::Manifest;
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which coalitions of an arm hold: the document of `stability`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StabilityResults {
    /// What the run was.
    pub manifest: Manifest,
    /// The arm.
    pub arm: String,
    /// The window, from 0.
    pub window: usize,
    /// Worlds in which the arm's rules are in force in the window; shares and distributions are of these.
    pub worlds: u64,
    /// The accords of a run in these worlds.
    pub accords: AccordsResult,
    /// Every coalition of two or more invited states, smaller ones first. One or none counts as all being alone.
    pub coalitions: Vec<CoalitionResult>,
    /// By the id of each invited state.
    pub states: IndexMap<String, StateResult>,
    /// The least binding at which the grand coalition holds in half of the worlds.
    pub binding: BindingResult,
    /// The ten coalitions that are stable in the largest share of worlds, best first.
    pub most_stable: Vec<Vec<String>>,
    /// The largest coalition that is stable in at least half of the worlds.
    pub largest_stable: Option<Vec<String>>,
    /// The smallest coalition that secures enough of the grand coalition's mean gain.
    pub smallest_secure: Option<Vec<String>>,
    /// How much is enough, as a share.
    pub secure: f64,
    /// Where states end up that move one at a time; with `--farsighted` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paths: Option<PathsResult>,
}

/// The accords of a run; shares of worlds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccordsResult {
    /// An accord is in force in the window.
    pub formed: f64,
    /// One was in the window before; 0 in window 0.
    pub before: f64,
    /// The same in both.
    pub unchanged: f64,
}

/// A coalition; shares of worlds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoalitionResult {
    /// Ids of its members.
    pub members: Vec<String>,
    /// No member gains by leaving, in spite of the penalty.
    pub internal: f64,
    /// No member gains by leaving, the penalty aside.
    pub internal_without_penalty: f64,
    /// Side payments among members could keep all of them.
    pub internal_with_side_payments: f64,
    /// No outsider gains by joining.
    pub external_open: f64,
    /// No outsider gains by joining such that no member loses.
    pub external_exclusive: f64,
    /// No outsider gains by joining whom the members would let in under the arm's rule.
    pub external_rule: f64,
    /// Not all members would rather be alone.
    pub not_dissolved: f64,
    /// No part does better by itself, after sharing.
    pub core: f64,
    /// Internal and external: open; after window 0, where the accord of the window before stands, by the arm's rule and not dissolved.
    pub stable: f64,
    /// It is the accord of the window before; 0 in window 0.
    pub before: f64,
    /// It is the accord of the window in a run.
    pub accord: f64,
    /// Members' total gain over being alone, USD bn, undelayed.
    pub gain: Stat,
    /// With `--farsighted` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paths: Option<CoalitionPaths>,
}

/// Where single moves lead, as seen from one coalition; shares of worlds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoalitionPaths {
    /// It lies in an absorbing set of the better replies.
    pub absorbing: f64,
    /// In one that better replies reach from being alone.
    pub from_alone: f64,
    /// In one that better replies reach from the grand coalition.
    pub from_grand: f64,
    /// It lies in the farsighted stable set that was found.
    pub farsighted: f64,
    /// It is a farsighted stable set by itself.
    pub farsighted_alone: f64,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateResult {
    /// Mean share of the grand coalition's gain by Shapley value; none if there is no gain in any world.
    pub shapley: Option<f64>,
    /// The same by the nucleolus.
    pub nucleolus: Option<f64>,
    /// Shapley value, USD bn.
    pub shapley_value: Stat,
    /// Nucleolus, USD bn.
    pub nucleolus_value: Stat,
    /// How often its vote decides under the arm's rule if the others vote either way with even odds; none where nobody votes.
    pub pivotal: Option<f64>,
    /// Share of worlds in which it is in the accord of the window in a run.
    pub member: f64,
    /// Share of worlds in which it would leave the grand coalition.
    pub leaves: f64,
    /// The side payment that it needs to stay, USD bn; 0 in worlds in which it stays anyway.
    pub needs: Stat,
    /// What it could give away and still stay, USD bn; negative where it needs a payment.
    pub leeway: Stat,
    /// What it gets more outside an accord of all others than if all are alone, USD bn.
    pub free_ride: Stat,
}

/// The least binding.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BindingResult {
    /// Whether some binding will do.
    pub status: BindingStatus,
    /// The least binding; none if none will do.
    pub value: Option<f64>,
    /// Lower end of its 90% interval; none with a single world.
    pub low: Option<f64>,
    /// Upper end; none with a single world, or where no binding is high enough.
    pub high: Option<f64>,
    /// Share of worlds in which the grand coalition holds without any binding.
    pub at_none: f64,
    /// Share of worlds in which it holds at full binding.
    pub at_full: f64,
}

/// Whether some binding will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BindingStatus {
    /// The least binding lies between 0 and 1.
    Found,
    /// The grand coalition holds in half of the worlds without any.
    Always,
    /// Not even full binding holds it in half of the worlds.
    Never,
}

/// Where states end up that move one at a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PathsResult {
    /// Share of worlds with a cycle: an absorbing set of several coalitions.
    pub cycle: f64,
    /// Absorbing sets of a world.
    pub sets: Stat,
    /// Coalitions in the largest absorbing set of a world.
    pub largest: Stat,
    /// Share of worlds in which being alone lies in an absorbing set.
    pub alone: f64,
    /// Share of worlds in which being alone lies in the farsighted stable set that was found.
    pub alone_farsighted: f64,
    /// Shares of worlds by what is known of a farsighted stable set.
    pub stable_set: StableSetShares,
}

/// Shares of worlds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StableSetShares {
    /// There is exactly one.
    pub unique: f64,
    /// One was found; there may be others.
    pub found: f64,
    /// There is none.
    pub none: f64,
    /// The search was given up.
    pub undecided: f64,
}

impl StabilityResults {
    /// The coalition of these members.
    pub fn coalition(&self, members: &[String]) -> Option<&CoalitionResult> {
        self.coalitions.iter().find(|one| one.members == members)
    }

    /// The coalition of all invited states.
    pub fn grand(&self) -> &CoalitionResult {
        self.coalitions
            .last()
            .expect("a question about fewer than two states is refused")
    }
}
