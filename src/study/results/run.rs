//! The results document: what `--json` prints and `results.json` holds.
//!
//! Maps keep the order of the scenario file. A number that no trial has is null; NaN never occurs.

use crate::engine::model::EDITION;
use crate::engine::model::role_words::RoleWords;
use crate::engine::outcome::{HyperscalerMetric, WindowStateMetric};
use crate::study::results::question::QuestionResult;
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Distributions by the name of a metric.
pub type Metrics = IndexMap<String, Option<Stat>>;

/// Shares by the id of a state.
pub type Shares = IndexMap<String, f64>;

/// Paired differences by the name of a metric.
pub type PairedMetrics = IndexMap<String, Paired>;

/// Metrics, and the causes of the payoff among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricsWithCauses {
    /// By the name of a metric.
    #[serde(flatten)]
    pub metrics: Metrics,
    /// What adds up to payoff (43): alone (what it gets without any accord), rules (what the accord's rules add at separate tables),
    /// table (what one table, and its short list, adds), sharing (net side payment), delay (lost while an accord is talked about).
    pub causes: Metrics,
}

/// Paired differences, and the causes of the difference in payoff.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairedWithCauses {
    /// By the name of a metric.
    #[serde(flatten)]
    pub metrics: PairedMetrics,
    /// What adds up to the difference in payoff: legacy (of deals in earlier windows), rules, table, sharing, delay; and against the first
    /// arm whose accord is agreed, for each accord behind it, members (who is in, (44)), with rules and table then at the members of that
    /// arm.
    pub causes: IndexMap<String, PairedCause>,
}

/// A cause of a difference, paired by trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairedCause {
    /// What is due to it of arm minus reference.
    pub difference: Option<Stat>,
}

/// The results of a run. A STAT is the distribution of one number over worlds: mean, standard deviation and error,
/// quantiles, extremes. Money is in USD bn of the price year, payoffs and profits are present values at the start; shares are
/// fractions. The CSV files of `--out` hold the same metrics world by world, `trial` being the world, from 0: trials.csv a row
/// for each arm and state with the metrics of states and their causes, as causes.NAME; arms.csv a row for each arm with its totals, their causes, accord_formed (1 or 0),
/// accord_size, accord_rounds (means over windows) and term.ID (the mean level); hyperscalers.csv a row for each arm and
/// hyperscaler; windows.csv a row for each arm, window and state with payoff, leverage, investment, member, joined, yes and left (1 or 0) of the
/// state and deals, accord_size, rounds, gini, region_investment, herfindahl and region_leverage of the window; pairs.csv a row for each arm, state and hyperscaler with signed, the
/// share of windows; draws.csv a column for each uncertain path and, behind them, event.NAME.came (1 or 0) for each event. An empty
/// cell: that world has no such number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Results {
    /// What the run was.
    pub manifest: Manifest,
    /// Results by the name of an arm.
    pub arms: IndexMap<String, ArmResult>,
    /// Every later arm against every earlier one, in the order of the file.
    pub comparisons: Vec<Comparison>,
    /// What the scenario asks, and how often each option is best; absent in results of versions that did not count it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<QuestionResult>,
    /// What the scenario calls its parties; absent where it says none of its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<RoleWords>,
    /// Where the numbers of the scenario come from.
    pub inputs: Vec<Input>,
}

/// Identity of a run: the same identity gives the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// Name of the program.
    pub tool: String,
    /// Its version.
    pub version: String,
    /// Edition of the model that it computes; 2 where it is not said.
    #[serde(default = "unsaid_edition")]
    pub edition: String,
    /// Name of the scenario.
    pub scenario: String,
    /// SHA-256 of `scenario.resolved.toml`, in hexadecimal.
    pub scenario_sha256: String,
    /// Seed.
    pub seed: u64,
    /// Number of trials.
    pub trials: u64,
    /// Sampler.
    pub sampler: String,
    /// How many independent replicates a stratified design is cut into; standard errors come from their means, with one degree of
    /// freedom less. Absent for the samplers random and antithetic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replicates: Option<u64>,
    /// What of the uncertain is sampled otherwise than `sampler` says, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub design: Option<String>,
    /// The half-width of the 90% interval of the headline that was asked for with `--precision`, as a share of its mean: `trials`
    /// are those that it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<f64>,
    /// Overlays and settings laid over the scenario, weakest first.
    pub overrides: Vec<String>,
    /// "exact"; the largest relative error of a quantile, "relative error 0.001"; or "of the first N worlds", where only
    /// means, spreads, extremes and shares are of all worlds.
    pub quantiles: String,
    /// What was asked of the worlds; absent for `run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub study: Option<AskedStudy>,
}

/// The edition of the versions that did not say it.
fn unsaid_edition() -> String {
    "2".to_owned()
}

impl Manifest {
    /// That the model has changed since, where it has: by what it was played, and what this is.
    pub fn other_edition(&self) -> Option<String> {
        let Manifest {
            tool,
            version,
            edition,
            ..
        } = self;
        let own = env!("CARGO_PKG_VERSION");
        (edition != EDITION).then(|| {
            format!(
                "{tool} {version}, which has edition {edition} of the model, and this is {tool} {own}, which has edition {EDITION}"
            )
        })
    }
}

/// What was asked by a command other than `run`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Study")]
pub struct AskedStudy {
    /// The command.
    pub command: String,
    /// Its settings, one `name value` each.
    pub settings: Vec<String>,
}

/// Results of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArmResult {
    /// Metrics by state. payoff: what it gets in all, the sum of access (AI value unlocked by hosting), terms (value of the
    /// terms agreed), cash, repricing (lost to price rises after signing), own (what it would have without any deal, against its own regime
    /// without an accord), delay (lost while an accord is talked about), switching (cost of lost suppliers) and sharing (side payments), and
    /// of its causes too. leverage: its part of the gains
    /// that deals made in it bring it and the hyperscalers, 0 to 1. investment: capital that goes there. deal_size: capital of
    /// the deals it signs. concessions: value of terms and cash per USD of deal size. deals: signed pairs over all windows.
    /// talent, compute, dependency (mean of its suppliers): after the last window. supplier_gain: what hyperscalers gain by
    /// hosting there. investment_present: investment discounted as supplier_gain is. exposure: cost of switching all suppliers after the last window. bill_share: what deals win (terms, cash and
    /// repricing, undiscounted) as a share of spending on AI.
    pub states: IndexMap<String, MetricsWithCauses>,
    /// Metrics of each hyperscaler.
    pub hyperscalers: IndexMap<String, HyperscalerResult>,
    /// Who hosts whom, by state and hyperscaler.
    pub pairs: IndexMap<String, IndexMap<String, PairResult>>,
    /// Mean level of each term, weighted by deal size, over the trials with deals.
    pub terms: Metrics,
    /// payoff: of all states; profit: of all hyperscalers; leverage: of the states together; investment; deals: signed pairs over
    /// all windows; herfindahl: sum of squared shares of investment by state; largest_share: of investment; gini: of payoff per
    /// head, weighted by population, none where the mean is not above zero; bill_share: of the sums over states; causes: sums over
    /// states.
    pub totals: MetricsWithCauses,
    /// Margin at risk at the tables, by how many states host the hyperscaler already.
    pub erosion: Vec<Erosion>,
    /// How accords formed.
    pub accord: AccordResult,
    /// Window by window.
    pub windows: Vec<WindowResult>,
}

/// Results of a hyperscaler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HyperscalerResult {
    /// Present value of its profit, USD bn.
    pub profit: Option<Stat>,
    /// Present value of its cost of compliance, USD bn.
    pub compliance_cost: Option<Stat>,
    /// Capital signed, USD bn.
    pub capex: Option<Stat>,
    /// The same discounted as profit is, USD bn.
    #[serde(default)]
    pub capex_present: Option<Stat>,
    /// Share of trials with profit below zero.
    pub loss: f64,
}

impl HyperscalerResult {
    /// The distribution of a metric.
    pub fn metric(&self, metric: HyperscalerMetric) -> Option<&Stat> {
        match metric {
            HyperscalerMetric::Profit => self.profit.as_ref(),
            HyperscalerMetric::ComplianceCost => self.compliance_cost.as_ref(),
            HyperscalerMetric::Capex => self.capex.as_ref(),
            HyperscalerMetric::CapexPresent => self.capex_present.as_ref(),
        }
    }
}

/// Results of a state with a hyperscaler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PairResult {
    /// Share of windows and trials in which the state hosts the hyperscaler.
    pub signed: f64,
    /// Mean share over windows and trials of the state's demand that the hyperscaler serves from each state that ever serves it, from
    /// itself where it hosts; the rest is served from outside the region or not at all.
    pub served_from: Shares,
}

/// Margin at risk at tables where some states already host the hyperscaler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Erosion {
    /// How many other states host already.
    pub hosts: usize,
    /// Mean number of such tables in a trial.
    pub tables: f64,
    /// Share of the hyperscaler's margin there that a refusal would cost it.
    pub pressure: Option<Stat>,
}

/// How accords formed; member and left are means over windows and trials.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AccordResult {
    /// Share of trials with an accord in any window.
    pub formed: f64,
    /// Mean size over windows.
    pub size: Option<Stat>,
    /// Mean number of rounds over windows.
    pub rounds: Option<Stat>,
    /// Largest standard error of a member's share of the gain, where shares are sampled: Shapley sharing of more than 16 members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_error: Option<Stat>,
    /// How often each state was a member.
    pub member: Shares,
    /// How often each state left.
    pub left: Shares,
}

/// Results of one window; payoffs are undiscounted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WindowResult {
    /// Payoff of each state, USD bn.
    pub payoff: Metrics,
    /// Leverage of each state.
    pub leverage: Metrics,
    /// Signed pairs.
    pub deals: Option<Stat>,
    /// Members of the accord.
    pub accord_size: Option<Stat>,
    /// Rounds of talks.
    pub rounds: Option<Stat>,
    /// Share of trials in which each state was a member.
    pub member: Shares,
    /// Share of trials in which each state would join, or applied to an accord that stands.
    pub joined: Shares,
    /// Share of trials in which the last vote of each state was yes.
    pub yes: Shares,
    /// Share of trials in which each state left.
    pub left: Shares,
    /// Gini of payoff per head.
    pub gini: Option<Stat>,
    /// Capital that goes to each state, USD bn.
    #[serde(default)]
    pub investment: Metrics,
    /// Capital that goes to all states, USD bn.
    #[serde(default)]
    pub region_investment: Option<Stat>,
    /// Sum of squared shares of that by state.
    #[serde(default)]
    pub herfindahl: Option<Stat>,
    /// Leverage of all states together in the window: of the sums of their gains and of what hyperscalers gain by hosting there.
    #[serde(default)]
    pub region_leverage: Option<Stat>,
}

impl WindowResult {
    /// The shares of trials that a metric of states is; `None` for one that has a distribution.
    pub fn share(&self, metric: WindowStateMetric) -> Option<&Shares> {
        match metric {
            WindowStateMetric::Member => Some(&self.member),
            WindowStateMetric::Joined => Some(&self.joined),
            WindowStateMetric::Yes => Some(&self.yes),
            WindowStateMetric::Left => Some(&self.left),
            WindowStateMetric::Payoff
            | WindowStateMetric::Leverage
            | WindowStateMetric::Investment => None,
        }
    }
}

/// One arm against another on the same draws.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The later arm.
    pub arm: String,
    /// The earlier arm.
    pub reference: String,
    /// Differences of each state.
    pub states: IndexMap<String, PairedWithCauses>,
    /// Differences of each hyperscaler.
    pub hyperscalers: IndexMap<String, PairedMetrics>,
    /// Differences of the totals.
    pub totals: PairedWithCauses,
}

/// A difference paired by trial, over the trials in which both arms have the number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Paired {
    /// Arm minus reference.
    pub difference: Option<Stat>,
    /// Share of those trials in which the number is higher than in the reference.
    pub better: Option<f64>,
    /// Share in which both are the same, within 1e-9·max(1, |reference|).
    pub same: Option<f64>,
    /// Share in which it is lower.
    pub worse: Option<f64>,
}

impl Paired {
    /// The same comparison seen from the other arm.
    pub fn mirrored(&self) -> Paired {
        Paired {
            difference: self.difference.as_ref().map(Stat::negated),
            better: self.worse,
            same: self.same,
            worse: self.better,
        }
    }
}

/// Where a number of the scenario comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Its path.
    pub path: String,
    /// Id of its source.
    pub source: Option<String>,
    /// Grade of the source.
    pub grade: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Note.
    pub note: Option<String>,
}

impl Results {
    /// Which comparison is that of `arm` with `reference`, and whether it is stored the other way round; `None` for an arm with
    /// itself or with one that is not there.
    pub fn comparison(&self, arm: &str, reference: &str) -> Option<(usize, bool)> {
        let mut comparisons = self.comparisons.iter().enumerate();
        comparisons.find_map(|(at, one)| {
            let names = (one.arm.as_str(), one.reference.as_str());
            let straight = names == (arm, reference);
            (straight || names == (reference, arm)).then_some((at, !straight))
        })
    }
}
