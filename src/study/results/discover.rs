//! What `discover` found: its document.

use crate::study::results::run::Manifest;
use crate::study::search::{HeldOut, Offered, SearchResult, Unseen};
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
    /// Events that may come or not, of which nobody asked whether they tell the worlds apart.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Worlds that were played or read.
    pub worlds: u64,
    /// Share of worlds in which it holds.
    pub share: f64,
    /// Boxes: the one to quote first, then the best of every other number of restrictions. None unless the first is more than chance.
    pub boxes: Vec<BoxResult>,
    /// The best box of every number of restrictions among those that did not pass: they may be chance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_be_chance: Vec<BoxResult>,
    /// What held-out worlds and shuffled ones say.
    pub evidence: EvidenceResult,
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

/// Why what is named is more than chance, or is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EvidenceResult {
    /// What each half of the worlds finds, judged by the other; empty where they have too few worlds of one kind to tell anything from chance.
    pub held_out: Vec<HeldOutResult>,
    /// What the same search finds where the condition is shuffled; null if nothing was left to ask about.
    pub shuffled: Option<ShuffledResult>,
}

/// What one half of the worlds finds, among the worlds of the other.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeldOutResult {
    /// Worlds that had no part in the search.
    pub worlds: u64,
    /// Share of them in which the condition holds.
    pub share: f64,
    /// The first box; null if none was dense enough.
    pub first: Option<UnseenResult>,
    /// The leaves of the tree in which the condition holds in most worlds, together; null if there were none.
    pub tree: Option<UnseenResult>,
}

/// A box among worlds that had no part in its choice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnseenResult {
    /// As of [`BoxResult`].
    pub coverage: f64,
    /// As of [`BoxResult`]; 0 where no world is inside.
    pub density: f64,
    /// How likely so many of the worlds inside are of the condition by chance (Fisher's exact test).
    pub by_chance: f64,
}

/// Searches of worlds of which the condition was shuffled.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShuffledResult {
    /// How many.
    pub searches: u64,
    /// How many found a box, or a node of a tree, for which as much speaks.
    pub as_strong: u64,
}

/// A box of worlds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BoxResult {
    /// Lowest and highest value by path; null where there is no bound.
    pub limits: IndexMap<String, [Option<f64>; 2]>,
    /// The values that a path may have, where it has few.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub values: IndexMap<String, Vec<f64>>,
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
    /// How likely the worlds that a restriction keeps were as dense by chance, among held-out worlds that meet the others; for the first box alone.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub by_chance: IndexMap<String, f64>,
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
    /// Leaves in which the condition holds in most worlds, densest first, as far as they are more than chance.
    pub boxes: Vec<BoxResult>,
    /// The others: they may be chance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub may_be_chance: Vec<BoxResult>,
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
    /// What a search of factors named `names` found, without how arms do.
    pub fn new(
        of: AskedSearch,
        names: &[String],
        cases: &Cases<'_>,
        found: &SearchResult,
    ) -> DiscoveryResults {
        let boxes = |all: &[Offered]| -> Vec<BoxResult> {
            let boxes = all.iter().map(|one| BoxResult::new(one, names));
            boxes.collect()
        };
        let mut offered = boxes(&found.boxes);
        if let Some(first) = offered.first_mut() {
            for one in &found.trust {
                let name = &names[one.factor];
                first.reproducibility.insert(name.clone(), one.again);
                first.by_chance.insert(name.clone(), one.by_chance);
            }
        }
        let searched = found.searched.iter();
        DiscoveryResults {
            manifest: of.manifest,
            reference: of.reference,
            condition: of.condition,
            factors: of.factors,
            worlds: cases.worlds() as u64,
            share: cases.total_hits() as f64 / cases.worlds() as f64,
            boxes: offered,
            may_be_chance: boxes(&found.may_be_chance),
            evidence: EvidenceResult {
                held_out: found.held_out.iter().map(HeldOutResult::from).collect(),
                shuffled: found.shuffled.map(|shuffled| ShuffledResult {
                    searches: shuffled.searches as u64,
                    as_strong: shuffled.as_strong as u64,
                }),
            },
            cover: boxes(&found.cover),
            trade_off: found.trade_off.iter().map(Into::into).collect(),
            tree: TreeResult {
                validated_error: found.validated_error,
                boxes: boxes(&found.tree),
                may_be_chance: boxes(&found.tree_may_be_chance),
            },
            robustness: IndexMap::new(),
            searched: searched.map(|&one| names[one].clone()).collect(),
            events: of.events,
        }
    }
}

impl From<&HeldOut> for HeldOutResult {
    fn from(held_out: &HeldOut) -> HeldOutResult {
        let &HeldOut { worlds, hits, .. } = held_out;
        let unseen = |one: Unseen| UnseenResult {
            coverage: one.hits as f64 / hits as f64,
            density: one.hits as f64 / one.inside.max(1) as f64,
            by_chance: one.by_chance,
        };
        HeldOutResult {
            worlds: worlds as u64,
            share: hits as f64 / worlds as f64,
            first: held_out.first.map(unseen),
            tree: held_out.tree.map(unseen),
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
    /// Events that are not among them.
    pub events: Vec<String>,
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
        let limits = restrictions.iter().map(|one| {
            let (low, high) = match &one.only[..] {
                [] => (one.low, one.high),
                [first, .., last] => (*first, *last),
                [only] => (*only, *only),
            };
            (name(one), [finite(low), finite(high)])
        });
        let of_few = restrictions.iter().filter(|one| !one.only.is_empty());
        BoxResult {
            limits: limits.collect(),
            values: of_few.map(|one| (name(one), one.only.clone())).collect(),
            coverage: candidate.coverage,
            density: candidate.density,
            mass: candidate.mass,
            qp: restrictions
                .iter()
                .map(name)
                .zip(quasi_p.iter().copied())
                .collect(),
            reproducibility: IndexMap::new(),
            by_chance: IndexMap::new(),
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
