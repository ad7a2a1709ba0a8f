//! What `accords` found: its document.

use crate::study::results::run::Manifest;
use crate::study::results::sensitivity::Interval;
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The results of `accords`. Gains are of a whole horizon, US$ bn of the price year, less the reference, world by world; intervals are of 90%.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccordsResults {
    /// Identity.
    pub manifest: Manifest,
    /// Arm that accords are compared with.
    pub reference: String,
    /// Arm whose rules were varied.
    pub base: String,
    /// The rules that were varied.
    pub rules: Vec<SearchedRule>,
    /// Who might be invited: "any", or a list of what `members` might be.
    pub members: Value,
    /// How it was searched.
    pub search: SearchRecord,
    /// The size of a difference that counts on the front, by objective.
    pub resolution: IndexMap<String, f64>,
    /// The front, from what brings the region most; its numbers are of fresh worlds.
    pub front: Vec<FoundAccord>,
    /// The accords that the scenario names, in the same worlds.
    pub named: Vec<FoundAccord>,
    /// The best under each reading.
    pub readings: Vec<AccordReading>,
    /// By objective, how much more the accords of the front were worth in the worlds in which they were found than in fresh ones, on average.
    pub winners_curse: IndexMap<String, Interval>,
    /// What stands under rival theories of bargaining; null where that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theories: Option<AccordTheories>,
    /// The steps that lead to the best accord; null where that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<AccordPath>,
}

/// A rule that was varied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchedRule {
    /// Key of an arm, or `floors.TERM`.
    pub key: String,
    /// As in the base; null where the base leaves it out.
    pub base: Value,
    /// What it might be; null for leaving it out.
    pub values: Vec<Value>,
    /// What it costs the region that it is not as in the base, US$ bn.
    pub cost: f64,
}

/// How accords were searched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SearchRecord {
    /// Combinations of what rules and members might be, those counted that make no difference; null beyond 10^15.
    pub combinations: Option<f64>,
    /// Whether all of them were tried.
    pub exhaustive: bool,
    /// Accords that were tried.
    pub tried: u64,
    /// Those among them that are not valid.
    pub not_valid: u64,
    /// Why the first of them is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_valid_because: Option<String>,
    /// Those that another surely dominates.
    pub dominated: u64,
    /// Plays of one accord in one world.
    pub plays: u64,
    /// Accords that were played to the end.
    pub finalists: u64,
    /// In how many worlds each of them was.
    pub worlds: u64,
    /// Seed of the worlds in which accords were searched.
    pub seed: u64,
}

/// An accord with what came of it in fresh worlds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FoundAccord {
    /// What it is called here; the arm, of one that the scenario names.
    pub id: String,
    /// Rules that are not as in the base, with their values; null for one that is left out. Empty for one that the scenario names.
    pub changes: IndexMap<String, Value>,
    /// The accord as an arm of a scenario, in TOML; null for one that the scenario names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// What its changes cost the region, US$ bn, once.
    pub price: f64,
    /// Objectives in fresh worlds.
    pub objectives: IndexMap<String, Interval>,
    /// Objectives in the worlds in which it was found; null for one that the scenario names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searched: Option<IndexMap<String, f64>>,
    /// The state to which it brings least on average.
    pub worst_state: String,
    /// Share of worlds in which it forms.
    pub formed: f64,
    /// Share of worlds in which the region gains.
    pub region_gains: f64,
    /// What it adds to the payoffs of all states together, its price aside.
    pub gain: Option<Stat>,
    /// How much of that comes of each cause, US$ bn, on average.
    pub causes: IndexMap<String, f64>,
    /// What it means for each state.
    pub states: IndexMap<String, AccordState>,
    /// What it adds to the profit of each hyperscaler.
    pub hyperscalers: IndexMap<String, Option<Stat>>,
    /// Share of worlds with it in the last window in which somebody invited and outside would gain by joining; null where that was not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outside_would_join: Option<Interval>,
}

/// An accord for one state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccordState {
    /// What it adds to the state's payoff.
    pub gain: Option<Stat>,
    /// Share of worlds in which the state gains.
    pub better: f64,
    /// Share of worlds in which it is a member in some window.
    pub member: f64,
    /// Share of worlds in which it leaves in some window.
    pub left: f64,
}

/// The best accord under one reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccordReading {
    /// "all_gain": every member gains in 90 of 100 worlds, and the region most; "region": the region gains most; "state": one state gains most, and
    /// no other loses on average.
    pub reading: ReadingKind,
    /// The state of the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Whether an accord was found that meets it; else what comes nearest is shown.
    pub is_met: bool,
    /// The accord, by its id on the front.
    pub accord: String,
    /// What each of its changes is worth: the accord less the same with this rule as in the base.
    pub clauses: Vec<ClauseWorth>,
    /// Fixed payments with which every member gains more often; null where they all gain in 90 of 100 worlds without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payments: Option<PaymentPlan>,
}

/// Which reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReadingKind {
    /// Every member gains in 90 of 100 worlds.
    AllGain,
    /// Most for the region.
    Region,
    /// Most for one state.
    State,
}

/// What a rule of an accord is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClauseWorth {
    /// Its key.
    pub key: String,
    /// As in the base.
    pub base: Value,
    /// In the accord.
    pub value: Value,
    /// What of each objective is lost without it.
    pub worth: IndexMap<String, Interval>,
}

/// Payments that are fixed beforehand, made once in every world in which the accord forms, between those whom it invites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentPlan {
    /// What each state gets, US$ bn of present value; negative is what it pays.
    pub payments: IndexMap<String, f64>,
    /// What is missing if nobody shall pay more than leaves it a gain in 90 of 100 worlds: somebody outside would have to bring it.
    pub from_outside: f64,
    /// Share of worlds in which every member gains without the payments.
    pub before: Interval,
    /// Share of worlds in which every member gains with them.
    pub after: Interval,
    /// Share of worlds in which members together gain, so that payments made to measure would leave each of them a gain.
    pub together: Interval,
}

/// What stands under rival theories. An accord stands under a theory if the region gains, told from zero, and no state that is a member in half of the
/// worlds or more loses, told from zero.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccordTheories {
    /// Worlds of each theory.
    pub worlds: u64,
    /// Names of the theories, the scenario's own first.
    pub theories: Vec<String>,
    /// The accords that were found, those of the front that stand first by their ids.
    pub accords: Vec<TestedAccord>,
}

/// An accord under every theory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TestedAccord {
    /// Its id on the front; null for one that does not stand under all theories, which is not there, unless none does.
    pub accord: Option<String>,
    /// Rules that are not as in the base.
    pub changes: IndexMap<String, Value>,
    /// What the region gains under each theory, US$ bn; null where the accord is not valid with it.
    pub region: IndexMap<String, Option<Interval>>,
    /// Theories under which it falls, and who loses: states, and "region" where that does not gain.
    pub falls: IndexMap<String, Vec<String>>,
}

/// Small accords that lead to the best, each a gain on average for those who take the step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccordPath {
    /// The accord that it leads to, by its id.
    pub to: String,
    /// Whether it gets there.
    pub arrives: bool,
    /// The steps.
    pub steps: Vec<PathStep>,
    /// Steps that were left and who loses by each, where it does not arrive.
    pub barred: Vec<BarredStep>,
    /// Worlds of each accord on the way.
    pub worlds: u64,
    /// Accords that were played on the way.
    pub tried: u64,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PathStep {
    /// Who joins with it.
    pub joins: Vec<String>,
    /// Rules that change with it, with what they become.
    pub rules: IndexMap<String, Value>,
    /// What it adds for each of those who are in after it, US$ bn, by the interval of 90%.
    pub gains: IndexMap<String, Interval>,
    /// What the region gains over the reference after it.
    pub region: Interval,
}

/// A step that somebody would not take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BarredStep {
    /// Who would join.
    pub joins: Vec<String>,
    /// Rules that would change.
    pub rules: IndexMap<String, Value>,
    /// Who would lose, and how much on average, US$ bn.
    pub losers: IndexMap<String, f64>,
}
