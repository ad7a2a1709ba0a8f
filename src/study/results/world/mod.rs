//! One world of some arms as a document: what `explain` says.
//!
//! Symbols are those of the model; money is in USD bn, shares are fractions.

pub mod writer;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Numbers by the name of a metric; null where a world has none.
type MetricValues = IndexMap<String, Option<f64>>;

/// The document of `explain --json`: one world, step by step. Symbols and numbers in parentheses are those of the model document; money (GDP, market,
/// values, margins, sizes, costs, gains, payoffs, capital) is in USD bn, of a window undiscounted, of an arm discounted to the start; shares, service
/// (σ), talent, compute, powers and levels of terms are fractions or indices from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedWorld {
    /// Name of the scenario.
    pub scenario: String,
    /// Seed.
    pub seed: u64,
    /// The world, from 0.
    pub trial: u64,
    /// What was drawn, by path.
    pub draws: IndexMap<String, f64>,
    /// Whether each event happens.
    pub events: IndexMap<String, bool>,
    /// What the events that happen draw, as event.NAME.set.PATH.
    #[serde(default)]
    pub drawn_by_events: IndexMap<String, f64>,
    /// What each arm does in this world.
    pub arms: IndexMap<String, ExplainedArm>,
}

/// One arm in this world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedArm {
    /// Sums over all windows, discounted to the start, by state; with the parts that add up to the payoff (32).
    pub states: IndexMap<String, MetricValues>,
    /// What the payoff of each state is due to (43), which adds up to it, and who is in (44) where that is computed, discounted likewise.
    pub causes: IndexMap<String, MetricValues>,
    /// By hyperscaler.
    pub hyperscalers: IndexMap<String, MetricValues>,
    /// Of all together.
    pub totals: MetricValues,
    /// Largest standard error of a member's share of the gain, where shares are sampled: Shapley sharing of more than 16 members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_error: Option<f64>,
    /// Window after window.
    pub windows: Vec<ExplainedWindow>,
}

/// One window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedWindow {
    /// Number, from 0.
    pub window: u64,
    /// Year in which it starts.
    pub year: f64,
    /// States.
    pub states: IndexMap<String, WindowState>,
    /// Pairs that may deal.
    pub pairs: Vec<WindowPair>,
    /// E_h (17): where each hyperscaler is expected to host.
    pub expected: IndexMap<String, Vec<String>>,
    /// The pairs that are not expected, in the order in which they left the network (17).
    pub not_expected: Vec<PairNotExpected>,
    /// The talks about an accord; null for an arm without one in this window.
    pub talks: Option<AccordTalks>,
    /// The short lists that tenders left, each of one party.
    pub short_lists: Vec<TenderList>,
    /// Tables in the order in which they met.
    pub tables: Vec<TableOfWorld>,
    /// Hyperscalers that would have lost by what they signed (42), and what became of it.
    pub concessions: Vec<SupplierConcession>,
    /// What is signed in the end, after concessions.
    pub deals: Vec<SignedDeal>,
    /// Hyperscalers.
    pub hyperscalers: IndexMap<String, WindowHyperscaler>,
}

/// A pair that both sides do not count on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairNotExpected {
    /// State.
    pub state: String,
    /// Hyperscaler.
    pub hyperscaler: String,
    /// Γ (17), the joint gain with which it left, USD bn: below zero, and the lowest of all pairs then.
    pub gain: f64,
}

/// A state in a window; parts are undelayed and undiscounted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowState {
    /// Gross domestic product.
    pub gdp: f64,
    /// Market (2), USD bn a year.
    pub market: f64,
    /// V with M = ∅ (7).
    pub value: f64,
    /// β with M = ∅ (9).
    pub bargaining_power: f64,
    /// Talent.
    pub talent: f64,
    /// Compute.
    pub compute: f64,
    /// σ from outside the region (11).
    pub served_from_outside: f64,
    /// σ_ij with M = ∅ (10), by state j, as far as there is room.
    pub served_from: IndexMap<String, f64>,
    /// u_i (32) = delay·(access + terms + cash + repricing) + own + switching + sharing.
    pub payoff: f64,
    /// f.
    pub delay: f64,
    /// What deals unlock.
    pub access: f64,
    /// Σ s of its own deals.
    pub terms: f64,
    /// Σ T.
    pub cash: f64,
    /// −Σ loss (40).
    pub repricing: f64,
    /// U_i(∅) − U⁰_i.
    pub own: f64,
    /// −lost Λ.
    pub switching: f64,
    /// Net side payment.
    pub sharing: f64,
    /// u_i(∅): what it gets without any accord (43), undelayed.
    pub alone: f64,
    /// u_i(fw) − u_i(∅) (43).
    pub rules: f64,
    /// u_i(C) − u_i(fw) before sharing (43).
    pub table: f64,
    /// u_i with its own members less that with those of the first arm with an accord that is agreed (44); null where that is not computed.
    pub members: Option<f64>,
    /// Y_i (34).
    pub supplier_gain: f64,
    /// Leverage (34), a share; 0 where neither side gains.
    pub leverage: f64,
    /// Capital signed in it.
    pub investment: f64,
}

/// A pair that may deal in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowPair {
    /// State.
    pub state: String,
    /// Hyperscaler.
    pub hyperscaler: String,
    /// m.
    pub share: f64,
    /// D (3).
    pub margin: f64,
    /// Z (4).
    pub size: f64,
    /// F (5).
    pub hosting_cost: f64,
    /// C (6).
    pub compliance: f64,
    /// q (8).
    pub coverage: f64,
    /// v* (17).
    pub term_surplus: f64,
    /// Λ with M = ∅ (20).
    pub switching_cost: f64,
    /// Whether it was hosted in the window before, or before the first.
    pub hosted_before: bool,
    /// dependency at the start of the window (37).
    pub dependency: f64,
    /// asset at the start of the window (46).
    pub asset: f64,
    /// Θ (45).
    pub stranded: f64,
    /// B with M = ∅ (39): what repricing can take.
    pub repriced: f64,
    /// Room of a host there for others' demand (section 3), USD bn a year.
    pub room: f64,
    /// y_ij (12), by host, at what is signed in the end; the state itself where it hosts.
    pub served_by: IndexMap<String, f64>,
    /// ψ (12), likewise.
    pub quality: f64,
    /// ω (13), likewise.
    pub captured: f64,
    /// b (16), likewise: how far the state falls behind others with access to this supplier.
    pub behind: f64,
}

/// The talks of a window (model, section 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Talks")]
pub struct AccordTalks {
    /// Who joins, or applies to an accord that stands.
    pub joined: Vec<String>,
    /// Accessions, polls and departures, in order.
    pub steps: Vec<TalkStep>,
    /// M, empty without an accord.
    pub accord: Vec<String>,
    /// Rounds.
    pub rounds: u32,
    /// f of those who talked.
    pub delay: f64,
    /// Those who talked.
    pub talked: Vec<String>,
}

/// A step of the talks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TalkStep {
    /// Which step.
    pub kind: StepKind,
    /// Round of a poll, from 1; null for other steps.
    pub round: Option<u32>,
    /// The coalition, without an applicant.
    pub coalition: Vec<String>,
    /// What each member weighs, and before them an applicant.
    pub weighed: Vec<WeighedState>,
    /// Who leaves, if anyone.
    pub leaver: Option<String>,
    /// Who applies to an accord that stands.
    pub applicant: Option<String>,
    /// Whether an applicant is let in; null for other steps.
    pub admitted: Option<bool>,
}

/// Steps of talks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum StepKind {
    /// Who would agree.
    Poll,
    /// Who would leave (31).
    Leaving,
    /// Whether one more is let in.
    Accession,
    /// The accord ends, since all of it would rather be alone.
    Dissolving,
}

/// What a member weighs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WeighedState {
    /// The state.
    pub state: String,
    /// Payoff inside; with the applicant inside on an accession.
    pub inside: f64,
    /// Payoff without an accord in a poll, outside of it before leaving, without the applicant on an accession.
    pub outside: f64,
    /// Political noise in a vote, minus the penalty before leaving.
    pub shift: f64,
    /// Whether it says yes, would gain by leaving, or would rather be alone.
    pub acts: bool,
}

/// Whom a party meets after its tender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TenderList {
    /// Who tendered.
    pub states: Vec<String>,
    /// Rounds, in each of which one goes, and the last.
    pub rounds: Vec<TenderStep>,
    /// Hyperscalers on it, each with R: the highest bid that one who is not on it makes in its place.
    pub reserves: IndexMap<String, f64>,
}

/// A round of a tender.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TenderStep {
    /// Bids of those on the list: s* of section 5; null without a deal.
    pub bids: IndexMap<String, Option<f64>>,
    /// Who goes after it; null where all stay.
    pub goes: Option<String>,
}

/// A hyperscaler that would have lost by what it signed (42).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SupplierConcession {
    /// The hyperscaler.
    pub hyperscaler: String,
    /// v° before anybody conceded, negative.
    pub loss: f64,
    /// τ: the share of u_S that all at its tables keep; null where it left.
    pub kept: Option<f64>,
}

/// A deal that is signed in the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SignedDeal {
    /// State.
    pub state: String,
    /// Hyperscaler.
    pub hyperscaler: String,
    /// s (21).
    pub value: f64,
    /// g (22).
    pub cost: f64,
    /// T.
    pub cash: f64,
    /// loss (40).
    pub loss: f64,
    /// x (23), by term.
    pub levels: IndexMap<String, f64>,
    /// Lowest levels that a most-favoured clause raised (41), by term.
    pub claimed: IndexMap<String, f64>,
    /// Σ Z_lh/Z_ih of those whose later claims the hyperscaler foresaw (41), by term.
    pub foreseen: IndexMap<String, f64>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Table")]
pub struct TableOfWorld {
    /// Who sits on the side of states.
    pub states: Vec<String>,
    /// The hyperscaler.
    pub hyperscaler: String,
    /// How it ended.
    pub ended: TableEnd,
    /// Where hosts are placed.
    pub placed: Vec<String>,
    /// ΔU (19).
    pub state_gain_before_terms: f64,
    /// ΔΠ (18).
    pub hyperscaler_gain_before_terms: f64,
    /// ΔU + ΔΠ + s − g at λ = ½: what both would gain together if cash could move. Where it is positive and nothing is agreed the terms hold too little.
    pub together: f64,
    /// Margin that a refusal costs the hyperscaler.
    pub pressure: f64,
    /// The agreement, if there is one.
    pub agreement: Option<Agreed>,
}

/// How a turn at a table ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TableEnd {
    /// With an agreement.
    Agreed,
    /// No bundle leaves both sides a gain.
    NoDeal,
    /// The two may not deal.
    NotFeasible,
    /// The deal is larger than what is left of the hyperscaler's budget.
    OverBudget,
    /// The hyperscaler is not on the short list.
    Refused,
    /// No member is worth a host.
    NobodyPlaced,
}

/// What a table agreed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Agreed {
    /// λ, weight of the states along the frontier.
    pub lambda: f64,
    /// u_S.
    pub state_gain: f64,
    /// u_H.
    pub hyperscaler_gain: f64,
    /// T, cash to the states.
    pub transfer: f64,
    /// x (23), by term, in the first state where a host is placed.
    pub levels: IndexMap<String, f64>,
}

/// A hyperscaler in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowHyperscaler {
    /// S_h: where it hosts.
    pub hosts: Vec<String>,
    /// v_h (33).
    pub profit: f64,
    /// comp_h (15).
    pub compliance_cost: f64,
    /// Cost of the capital by which hosts serve states without one (14).
    pub service_capital: f64,
    /// Σ of the Θ (45) that it lost.
    pub lost_assets: f64,
    /// Capital.
    pub capex: f64,
}
