//! What `theories` found: its document, a row per theory, and how often each arm wins under which of them.

use crate::study::results::run::Manifest;
use crate::study::results::sweep::{CellEstimate, CellStatus, Sign};
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The results of `theories`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TheoryResults {
    /// Identity.
    pub manifest: Manifest,
    /// Arm that the others are compared with.
    pub reference: String,
    /// By each arm that is judged, how often it wins.
    pub headlines: IndexMap<String, TheoryHeadline>,
    /// One row per theory: the scenario's own, then each that changes one thing of it.
    pub theories: Vec<Theory>,
}

/// One theory: what it changes and what came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Theory {
    /// In words.
    pub name: String,
    /// Path of what it changes; null for the scenario's own.
    pub path: Option<String>,
    /// The value there.
    pub value: Option<Value>,
    /// What else had to be set, as PATH=VALUE: with cash there is no most-favoured clause.
    pub besides: Vec<String>,
    /// Whether it could be played.
    pub status: CellStatus,
    /// Why not; null for one that could.
    pub reason: Option<String>,
    /// Gains of each judged arm of which the theory changes anything; none for one that failed.
    pub arms: IndexMap<String, TheoryArm>,
}

/// What an arm brings over the reference under a theory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TheoryArm {
    /// All states together.
    pub total: TheoryGain,
    /// By id of a state.
    pub states: IndexMap<String, TheoryGain>,
}

/// A difference in payoff, paired by world.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TheoryGain {
    /// Arm minus reference, USD bn.
    pub difference: Option<Stat>,
    /// Share of worlds in which it is a gain.
    pub better: Option<f64>,
    /// Share in which both are the same, within 1e-9·max(1, |reference|).
    pub same: Option<f64>,
    /// Share in which it is a loss.
    pub worse: Option<f64>,
    /// "above" or "below" where the 90% interval of the mean lies there, else "open".
    pub sign: Option<Sign>,
}

/// How often an arm wins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TheoryHeadline {
    /// For all states together.
    pub total: TheorySpread,
    /// By id of a state.
    pub states: IndexMap<String, TheorySpread>,
}

/// The share of worlds with a gain, over theories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TheorySpread {
    /// As the scenario has it; null if that could not be played.
    pub own: Option<f64>,
    /// The least, under any theory that could be played.
    pub least: Option<TheoryExtreme>,
    /// The most.
    pub most: Option<TheoryExtreme>,
}

/// A share of worlds under one theory.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TheoryExtreme {
    /// Share of worlds with a gain.
    pub better: f64,
    /// Which of the theories, from 0; the first of several.
    pub theory: usize,
}

impl TheoryGain {
    /// With the sign of its mean.
    pub fn new(
        difference: Option<Stat>,
        better: Option<f64>,
        same: Option<f64>,
        worse: Option<f64>,
    ) -> TheoryGain {
        TheoryGain {
            sign: difference.map(|stat| CellEstimate::of(&stat).sign()),
            difference,
            better,
            same,
            worse,
        }
    }
}

/// How often each arm wins, over `theories`; the first is the scenario's own.
pub fn headlines(
    arms: impl Iterator<Item = String>,
    theories: &[Theory],
) -> IndexMap<String, TheoryHeadline> {
    let headline = |arm: &String| {
        let spread = |of: &dyn Fn(&TheoryArm) -> Option<f64>| {
            let shares = theories.iter().enumerate().filter_map(|(at, theory)| {
                let better = of(theory.arms.get(arm)?)?;
                Some(TheoryExtreme { better, theory: at })
            });
            spread(shares)
        };
        let states = theories.iter().find_map(|theory| theory.arms.get(arm));
        let states = states.into_iter().flat_map(|arm| arm.states.keys());
        let states = states.map(|id| {
            let of = |arm: &TheoryArm| arm.states.get(id)?.better;
            (id.clone(), spread(&of))
        });
        TheoryHeadline {
            total: spread(&|arm| arm.total.better),
            states: states.collect(),
        }
    };
    arms.map(|arm| {
        let found = headline(&arm);
        (arm, found)
    })
    .collect()
}

fn spread(shares: impl Iterator<Item = TheoryExtreme>) -> TheorySpread {
    shares.fold(TheorySpread::default(), |spread, one| TheorySpread {
        own: match one.theory {
            0 => Some(one.better),
            _ => spread.own,
        },
        least: spread
            .least
            .filter(|least| least.better <= one.better)
            .or(Some(one)),
        most: spread
            .most
            .filter(|most| most.better >= one.better)
            .or(Some(one)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theory(better: Option<f64>) -> Theory {
        let gain = |better| TheoryGain::new(None, Some(better), None, None);
        let arm = |better| TheoryArm {
            total: gain(better),
            states: [("A".to_owned(), gain(1.0 - better))].into_iter().collect(),
        };
        Theory {
            name: "one".to_owned(),
            path: None,
            value: None,
            besides: Vec::new(),
            status: CellStatus::Done,
            reason: None,
            arms: better
                .map(|better| ("bloc".to_owned(), arm(better)))
                .into_iter()
                .collect(),
        }
    }

    #[test]
    fn extremes_are_those_of_theories_that_were_played() {
        let theories = [Some(0.75), None, Some(0.25), Some(0.25), Some(0.75)].map(theory);
        let found = headlines(["bloc".to_owned()].into_iter(), &theories);
        let extreme = |better, theory| Some(TheoryExtreme { better, theory });
        let total = TheorySpread {
            own: Some(0.75),
            least: extreme(0.25, 2),
            most: extreme(0.75, 0),
        };
        assert_eq!(found["bloc"].total, total);
        let of_state = found["bloc"].states["A"];
        assert_eq!(
            (of_state.least, of_state.most),
            (extreme(0.25, 0), extreme(0.75, 2))
        );
        let failed = headlines(["bloc".to_owned()].into_iter(), &theories[1..2]);
        assert_eq!(failed["bloc"].total, TheorySpread::default());
        let without_own = headlines(["bloc".to_owned()].into_iter(), &theories[1..]);
        assert_eq!(without_own["bloc"].total.own, None);
    }
}
