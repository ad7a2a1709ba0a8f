//! What `theories` found: its document, and what decides the sign of each headline.

use crate::study::results::run::Manifest;
use crate::study::results::sweep::{CellEstimate, Sign, SweepCell};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A value splits theories if the share above zero with it and without it differ by at least this.
const SPLITS: f64 = 0.2;

/// The results of `theories`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TheoryResults {
    /// Identity.
    pub manifest: Manifest,
    /// Arm that is judged.
    pub arm: String,
    /// Arm that it is compared with.
    pub reference: String,
    /// What theories differ in.
    pub choices: Vec<Choice>,
    /// Each headline over all theories.
    pub headlines: Vec<Headline>,
    /// One row per theory.
    pub theories: Vec<Theory>,
}

/// Something that theories choose.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// Its path.
    pub path: String,
    /// What may be chosen; "drawn" leaves the scenario's own.
    pub values: Vec<Value>,
}

/// One theory: its choices and what came out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Theory {
    /// Choices and results.
    #[serde(flatten)]
    pub cell: SweepCell,
    /// For each headline "above", "below" or "open" (its 90% interval spans zero); none for a theory that failed.
    pub signs: indexmap::IndexMap<String, Sign>,
}

/// One result over all theories.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Headline {
    /// Path of the result.
    pub result: String,
    /// Theories with a 90% interval above zero.
    pub above: usize,
    /// Below zero.
    pub below: usize,
    /// Whose interval spans zero.
    pub open: usize,
    /// Smallest mean over theories, US$ bn; null if all failed.
    pub lowest: Option<f64>,
    /// Largest mean.
    pub highest: Option<f64>,
    /// Shares above zero by the value of each choice.
    pub by_choice: Vec<ByChoice>,
    /// The choice that divides theories above zero from others most, if some does.
    pub decided_by: Option<Decision>,
}

/// Shares of theories above zero by the value of a choice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ByChoice {
    /// Its path.
    pub path: String,
    /// For each value the theories above zero and all that choose it.
    pub above: Vec<(Value, usize, usize)>,
}

/// What decides a sign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Path of the choice.
    pub path: String,
    /// The value.
    pub value: Value,
    /// Share of theories above zero with it.
    pub with: f64,
    /// Share above zero without it.
    pub without: f64,
}

impl Theory {
    /// With the signs of its results.
    pub fn new(cell: SweepCell) -> Theory {
        let signs = cell.results.iter().filter_map(|(name, stat)| {
            let sign = CellEstimate::of(stat.as_ref()?).sign();
            Some((name.clone(), sign))
        });
        Theory {
            signs: signs.collect(),
            cell,
        }
    }
}

/// Sums up a result over theories.
pub fn headline(result: &str, choices: &[Choice], theories: &[Theory]) -> Headline {
    let sign = |theory: &Theory| theory.signs.get(result).copied();
    let with = |wanted| {
        theories
            .iter()
            .filter(|one| sign(one) == Some(wanted))
            .count()
    };
    let means = theories.iter().filter_map(|theory| {
        let stat = theory.cell.results.get(result)?.as_ref()?;
        Some(stat.mean)
    });
    let by_choice = choices.iter().map(|choice| {
        let counts = choice.values.iter().map(|value| {
            let of = theories
                .iter()
                .filter(|one| one.cell.values.get(&choice.path) == Some(value));
            let told = of.filter_map(sign);
            let (above, all) = told.fold((0, 0), |(above, all), sign| {
                (above + usize::from(sign == Sign::Above), all + 1)
            });
            (value.clone(), above, all)
        });
        ByChoice {
            path: choice.path.clone(),
            above: counts.collect(),
        }
    });
    let by_choice: Vec<ByChoice> = by_choice.collect();
    Headline {
        result: result.to_owned(),
        above: with(Sign::Above),
        below: with(Sign::Below),
        open: with(Sign::Open),
        lowest: means.clone().min_by(f64::total_cmp),
        highest: means.max_by(f64::total_cmp),
        decided_by: decision(&by_choice),
        by_choice,
    }
}

/// The value with which, against without which, the share above zero differs most.
fn decision(by_choice: &[ByChoice]) -> Option<Decision> {
    let mut best: Option<Decision> = None;
    for choice in by_choice {
        let above: usize = choice.above.iter().map(|one| one.1).sum();
        let all: usize = choice.above.iter().map(|one| one.2).sum();
        for (value, with, of) in &choice.above {
            if *of == 0 || *of == all {
                continue;
            }
            let with = (
                *with as f64 / *of as f64,
                (above - with) as f64 / (all - of) as f64,
            );
            let gap = (with.0 - with.1).abs();
            if gap >= SPLITS
                && best
                    .as_ref()
                    .is_none_or(|best| gap > (best.with - best.without).abs())
            {
                best = Some(Decision {
                    path: choice.path.clone(),
                    value: value.clone(),
                    with: with.0,
                    without: with.1,
                });
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::sweep::CellStatus;
    use crate::theory::stats::summary::summarise;

    fn theory(solution: &str, cash: bool, mean: f64) -> Theory {
        let values = [
            ("solution".to_owned(), Value::from(solution)),
            ("cash".to_owned(), Value::from(cash)),
        ];
        let stat = summarise([mean - 0.01, mean + 0.01].into_iter());
        Theory::new(SweepCell {
            values: values.into_iter().collect(),
            status: CellStatus::Done,
            reason: None,
            results: [("x".to_owned(), stat)].into_iter().collect(),
        })
    }

    #[test]
    fn the_choice_that_divides_is_named() {
        let choice = |path: &str, values: [Value; 2]| Choice {
            path: path.to_owned(),
            values: values.to_vec(),
        };
        let choices = [
            choice("solution", ["nash".into(), "egalitarian".into()]),
            choice("cash", [true.into(), false.into()]),
        ];
        let theories = [
            theory("nash", true, 1.0),
            theory("nash", false, -1.0),
            theory("egalitarian", true, 2.0),
            theory("egalitarian", false, 0.001),
        ];
        let found = headline("x", &choices, &theories);
        assert_eq!((found.above, found.below, found.open), (2, 1, 1));
        assert_eq!((found.lowest, found.highest), (Some(-1.0), Some(2.0)));
        let decision = found.decided_by.expect("cash decides");
        assert_eq!(
            (decision.path.as_str(), decision.value),
            ("cash", true.into())
        );
        assert_eq!((decision.with, decision.without), (1.0, 0.0));
        let same = headline("x", &choices, &theories[..1]);
        assert_eq!(same.decided_by, None);
    }
}
