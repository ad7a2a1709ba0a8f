//! What `discover` found: its document.

use crate::study::results::run::Manifest;
use crate::study::search::{Offered, SearchResult};
use crate::theory::discovery::robustness::robustness;
use crate::theory::discovery::{Candidate, Cases, Restriction};
use crate::theory::stats::quantile::quantile;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The results of `discover`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiscoveryResults {
    /// Identity.
    pub manifest: Manifest,
    /// Arm that differences are taken to.
    pub reference: String,
    /// The condition.
    pub condition: String,
    /// How many quantities there were to search.
    pub factors: u64,
    /// Those that were searched: where there are many, the ones that tell the worlds apart best by themselves.
    pub searched: Vec<String>,
    /// Worlds that were played or read.
    pub worlds: u64,
    /// Share of worlds in which it holds.
    pub share: f64,
    /// Boxes: the one to quote first, then the best of every other number of restrictions.
    pub boxes: Vec<BoxResult>,
    /// Boxes that cover the condition's worlds one after the other; counts are of the worlds that earlier ones leave.
    pub cover: Vec<BoxResult>,
    /// Every box that no other beats in coverage, density and number of restrictions.
    pub trade_off: Vec<TradeOff>,
    /// A pruned classification tree as second opinion.
    pub tree: TreeResult,
    /// How arms do without trusting the probabilities, by "all states" and by state; only on request.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub robustness: IndexMap<String, IndexMap<String, RobustnessResult>>,
}

/// A box of worlds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoxResult {
    /// Lowest and highest value by path; null where there is no bound.
    pub limits: IndexMap<String, [Option<f64>; 2]>,
    /// Worlds of the condition in the box, as a share of all of its worlds.
    pub coverage: f64,
    /// Worlds of the condition in the box, as a share of the worlds in the box.
    pub density: f64,
    /// Worlds in the box, as a share of all worlds.
    pub mass: f64,
    /// Quasi-p-value by path: how likely the box were as dense if that restriction meant nothing.
    pub qp: IndexMap<String, f64>,
    /// Share of random halves of the worlds whose box nearest in coverage restricts the path too; for the first box alone.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub reproducibility: IndexMap<String, f64>,
}

/// A box of the trade-off, without its limits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TradeOff {
    /// Coverage.
    pub coverage: f64,
    /// Density.
    pub density: f64,
    /// Mass.
    pub mass: f64,
    /// Restricted paths.
    pub restrictions: usize,
}

/// A pruned classification tree: its leaves as boxes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TreeResult {
    /// Share of worlds on the wrong side, each judged by a tree grown without it.
    pub validated_error: f64,
    /// Leaves in which the condition holds in most worlds, densest first.
    pub boxes: Vec<BoxResult>,
}

/// How an arm does in all worlds, whatever their probabilities; money in US$ bn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RobustnessResult {
    /// Its worst payoff.
    pub worst: f64,
    /// Mean of what the best arm of each world has more.
    pub mean_regret: f64,
    /// 95% point of that.
    pub p95_regret: f64,
    /// The largest.
    pub max_regret: f64,
    /// Share of worlds in which no arm is better.
    pub best: f64,
    /// Share of worlds in which it reaches the reference arm's median.
    pub satisficing: f64,
}

impl DiscoveryResults {
    /// What a search of factors named `searched` found, without how arms do.
    pub fn new(
        of: AskedSearch,
        searched: Vec<String>,
        cases: &Cases<'_>,
        found: &SearchResult,
    ) -> DiscoveryResults {
        let boxes = |all: &[Offered]| -> Vec<BoxResult> {
            let boxes = all.iter().map(|one| BoxResult::new(one, &searched));
            boxes.collect()
        };
        let mut offered = boxes(&found.boxes);
        if let Some(first) = offered.first_mut() {
            let of_factors = found.reproducibility.iter();
            let named = of_factors.map(|&(factor, share)| (searched[factor].clone(), share));
            first.reproducibility = named.collect();
        }
        DiscoveryResults {
            manifest: of.manifest,
            reference: of.reference,
            condition: of.condition,
            factors: of.factors,
            worlds: cases.worlds() as u64,
            share: cases.total_hits() as f64 / cases.worlds() as f64,
            boxes: offered,
            cover: boxes(&found.cover),
            trade_off: found.trade_off.iter().map(Into::into).collect(),
            tree: TreeResult {
                validated_error: found.validated_error,
                boxes: boxes(&found.tree),
            },
            robustness: IndexMap::new(),
            searched,
        }
    }
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedSearch {
    /// Identity.
    pub manifest: Manifest,
    /// Arm that differences are taken to.
    pub reference: String,
    /// The condition.
    pub condition: String,
    /// How many quantities there were to search.
    pub factors: u64,
}

/// How `arms` do for somebody whose payoffs in all worlds are `payoffs`, arm by arm; `None` where some world lacks one. Good enough is the
/// median of arm `reference`.
pub fn robustness_of(
    arms: &[&str],
    reference: usize,
    payoffs: &[Vec<f64>],
) -> Option<IndexMap<String, RobustnessResult>> {
    const LEVEL: f64 = 0.9;
    let mut sorted = payoffs[reference].clone();
    sorted.sort_unstable_by(f64::total_cmp);
    let columns: Vec<&[f64]> = payoffs.iter().map(Vec::as_slice).collect();
    let found = robustness(&columns, Some(quantile(&sorted, 0.5)), LEVEL)?;
    let arms = arms.iter().zip(found).map(|(arm, one)| {
        let result = RobustnessResult {
            worst: one.worst,
            mean_regret: one.mean_regret,
            p95_regret: one.p95_regret,
            max_regret: one.max_regret,
            best: one.best_share,
            satisficing: one.satisficing.map_or(0.0, |share| share.value),
        };
        ((*arm).to_owned(), result)
    });
    Some(arms.collect())
}

impl BoxResult {
    /// A box of factors named `names`.
    pub fn new(offered: &Offered, names: &[String]) -> BoxResult {
        let Offered { candidate, quasi_p } = offered;
        let finite = |x: f64| x.is_finite().then_some(x);
        let restrictions = &candidate.rule.restrictions;
        let name = |restriction: &Restriction| names[restriction.factor].clone();
        let limits = restrictions.iter();
        let limits = limits.map(|one| (name(one), [finite(one.low), finite(one.high)]));
        BoxResult {
            limits: limits.collect(),
            coverage: candidate.coverage,
            density: candidate.density,
            mass: candidate.mass,
            qp: restrictions
                .iter()
                .map(name)
                .zip(quasi_p.iter().copied())
                .collect(),
            reproducibility: IndexMap::new(),
        }
    }
}

impl From<&Candidate> for TradeOff {
    fn from(candidate: &Candidate) -> TradeOff {
        TradeOff {
            coverage: candidate.coverage,
            density: candidate.density,
            mass: candidate.mass,
            restrictions: candidate.restricted(),
        }
    }
}
