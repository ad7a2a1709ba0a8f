//! What `pedigree` found: its document.

use crate::engine::model::pedigree::Pedigree;
use crate::study::results::run::Manifest;
use crate::study::results::sensitivity::{Interval, Resolution};
use crate::theory::sensitivity::independence::FALSE_ALARMS;
use crate::theory::stats::summary::Stat;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An input of less strength is weak: it has fewer than half of the marks that there are.
pub const WEAK_BELOW: f64 = 0.5;

/// The results of `pedigree`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PedigreeResults {
    /// Identity.
    pub manifest: Manifest,
    /// Whose choice it is: "region" or an id.
    pub view: String,
    /// Arm that differences are taken to.
    pub reference: String,
    /// The option besides the reference that brings most on average; null where there is no other.
    pub best: Option<String>,
    /// The result that inputs are set against, by its path.
    pub output: String,
    /// Its distribution over worlds.
    pub result: Option<Stat>,
    /// Worlds that were played.
    pub worlds: u64,
    /// What so many worlds tell from chance.
    pub resolution: Resolution,
    /// What it would be worth to know everything before the choice among the options, US$ bn; null where there is one option.
    pub evpi: Option<Interval>,
    /// Every uncertain input: those told from chance first, then by falling weight.
    pub inputs: Vec<JudgedInput>,
}

/// An uncertain input: how well it is known, and what it decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JudgedInput {
    /// Its path; of an event `event.NAME.came`.
    pub path: String,
    /// Grade, as written beside it.
    pub grade: Option<String>,
    /// Its marks; null where the scenario gives none.
    pub marks: Option<InputMarks>,
    /// Mean of the marks over the best, 0 to 1; null without marks.
    pub strength: Option<f64>,
    /// Borgonovo's δ: how far the whole distribution of the result hangs on it; null where nothing can be told.
    pub delta: Option<Interval>,
    /// Share of the variance of the result that it explains by itself.
    #[serde(rename = "S1")]
    pub first: Option<Interval>,
    /// The probability that of so many inputs without effect one goes together with the result as much, by ranks; below 0.05 it is told from chance.
    pub chance: Option<f64>,
    /// Weight: δ·(1 − strength), with strength 0 where there are no marks.
    pub weight: Option<f64>,
    /// What it would be worth to know it before the choice among the options, US$ bn; for the first ten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evppi: Option<Interval>,
}

/// Marks from 0 to 4, with their reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs)] // named as in the scenario file
pub struct InputMarks {
    pub proxy: u8,
    pub basis: u8,
    pub method: u8,
    pub validation: u8,
    pub reason: String,
}

impl From<&Pedigree> for InputMarks {
    fn from(pedigree: &Pedigree) -> InputMarks {
        let [proxy, basis, method, validation] = pedigree.marks;
        InputMarks {
            proxy,
            basis,
            method,
            validation,
            reason: pedigree.reason.clone(),
        }
    }
}

impl JudgedInput {
    /// Whether its effect is told from chance.
    pub fn is_told(&self) -> bool {
        self.chance.is_some_and(|chance| chance <= FALSE_ALARMS)
    }

    /// Whether it has marks, and fewer than half of them.
    pub fn is_weak(&self) -> bool {
        self.strength.is_some_and(|strength| strength < WEAK_BELOW)
    }
}

/// δ·(1 − strength): what decides and is badly known weighs most. Without marks nothing says that it is known, so that its strength counts as 0.
pub fn weight(delta: f64, strength: Option<f64>) -> f64 {
    delta * (1.0 - strength.unwrap_or(0.0))
}

/// Those told from chance first, each part by falling weight; what nothing can be told of is last, in the order of paths that is given.
pub fn ordered(mut inputs: Vec<JudgedInput>) -> Vec<JudgedInput> {
    let weight = |one: &JudgedInput| one.weight.unwrap_or(f64::NEG_INFINITY);
    inputs.sort_by(|one, other| {
        let told = other.is_told().cmp(&one.is_told());
        told.then(weight(other).total_cmp(&weight(one)))
    });
    inputs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(path: &str, delta: Option<f64>, strength: Option<f64>, chance: f64) -> JudgedInput {
        JudgedInput {
            path: path.to_owned(),
            grade: None,
            marks: None,
            strength,
            delta: delta.map(|value| Interval {
                value,
                low: None,
                high: None,
            }),
            first: None,
            chance: delta.map(|_| chance),
            weight: delta.map(|delta| weight(delta, strength)),
            evppi: None,
        }
    }

    #[test]
    fn what_decides_and_is_weak_comes_first() {
        let inputs = vec![
            input("unknown", None, Some(0.1), 1.0),
            input("strong", Some(0.4), Some(0.875), 0.01), // 0.05
            input("weak", Some(0.2), Some(0.25), 0.01),    // 0.15
            input("without marks", Some(0.1), None, 0.01), // 0.1
            input("chance", Some(0.9), Some(0.0), 0.2),    // 0.9, but chance
        ];
        let paths: Vec<String> = ordered(inputs).into_iter().map(|one| one.path).collect();
        let expected = ["weak", "without marks", "strong", "chance", "unknown"];
        assert_eq!(paths, expected);
    }
}
