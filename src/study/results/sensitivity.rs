//! What `sensitivity` found: its document.

use crate::study::factors::Factor;
use crate::study::results::run::Manifest;
use crate::theory::sensitivity::estimate::Estimate;
use crate::theory::sensitivity::independence::{least_share, rows_for};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The results of `sensitivity`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SensitivityResults {
    /// Identity.
    pub manifest: Manifest,
    /// The method.
    pub method: String,
    /// Whether nobody named it, so that it was chosen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub chosen: bool,
    /// Arm that differences are taken to.
    pub reference: String,
    /// Worlds that were played or read.
    pub worlds: u64,
    /// Uncertain quantities that belong to no factor and are held at their medians; 0 where they vary along.
    #[serde(default)]
    pub held: u64,
    /// What so many worlds can tell from chance; for PAWN and δ alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<Resolution>,
    /// Quantities of each factor.
    pub factors: IndexMap<String, Vec<String>>,
    /// Events that may come or not and belong to no factor: what they do is noise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Estimates by the path of a result; null where it does not vary or some world lacks it.
    pub outputs: IndexMap<String, Option<OutputResult>>,
}

/// Which factors are told from chance, at least four times in five, among as many as there are: those that alone and in one direction explain so
/// much of a result's variance. One that changes the spread alone, or that the result rises and falls with, takes more worlds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Resolution {
    /// The share of the variance, in the worlds of this study; more than 1 where no factor could be told.
    pub share: f64,
    /// Worlds in which a share of 5% is told.
    pub worlds_for_5_percent: u64,
    /// Worlds in which a share of 1% is told.
    pub worlds_for_1_percent: u64,
}

impl Resolution {
    /// Of so many worlds, among so many factors.
    pub fn of(worlds: u64, factors: usize) -> Resolution {
        Resolution {
            share: least_share(worlds, factors),
            worlds_for_5_percent: rows_for(0.05, factors),
            worlds_for_1_percent: rows_for(0.01, factors),
        }
    }
}

/// Estimates for one result.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutputResult {
    /// Estimates by factor.
    pub factors: IndexMap<String, FactorResult>,
    /// Second-order indices by pair of factors, "A & B"; for Sobol' alone and on request.
    #[serde(rename = "S2", default, skip_serializing_if = "IndexMap::is_empty")]
    pub second: IndexMap<String, Interval>,
    /// What an inert factor gets by chance, and what the largest of as many as there are stays below in 19 of 20 studies: the noise floor of PAWN, δ and
    /// the value of information.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise_floor: Option<Interval>,
    /// What it would be worth to know everything, US$ bn; for the value of information alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evpi: Option<Interval>,
    /// Why there are no estimates: the result varies in too few replicates of the design; for Sobol' indices and Shapley effects alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_few: Option<TooFewVary>,
    /// Why no factor is worth knowing, in words, where none is: the same arm is best in every world; for the value of information alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Too few replicates of a design in which a result varies.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TooFewVary {
    /// Replicates in which it varies: in which factors move it, of Shapley effects.
    pub varying: u64,
    /// All of them.
    pub replicates: u64,
    /// About how many worlds would do, as `-n` has them.
    pub enough: u64,
}

impl TooFewVary {
    /// The share of replicates that vary where there are worlds enough.
    const ENOUGH: f64 = 0.99;

    /// Of `varying` among `replicates` replicates of `rows` rows each.
    ///
    /// Where each row makes a replicate vary with the same chance, a share v of replicates of N rows varies if all rows stay the same with probability
    /// 1 − v = q^N. A share of 99% takes N·ln(0.01)/ln(1 − v) rows, here to the next power of two; where none varies, v is taken for half a replicate.
    pub fn new(varying: usize, replicates: usize, rows: usize) -> TooFewVary {
        let (all, some) = (replicates as f64, (varying as f64).max(0.5));
        let share = (some / all).min(TooFewVary::ENOUGH);
        let times = libm::log(1.0 - TooFewVary::ENOUGH) / libm::log(1.0 - share);
        let rows = libm::ceil(rows as f64 * times.max(1.0)) as u64;
        TooFewVary {
            varying: varying as u64,
            replicates: replicates as u64,
            enough: replicates as u64 * rows.next_power_of_two(),
        }
    }
}

/// An estimate with its 95% interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// The estimate.
    pub value: f64,
    /// Lower end; null where there is no interval.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
}

impl From<Estimate> for Interval {
    fn from(estimate: Estimate) -> Interval {
        Interval {
            value: estimate.value,
            low: Some(estimate.low),
            high: Some(estimate.high),
        }
    }
}

macro_rules! measures {
    ($($(#[$doc:meta])* $field:ident = $name:literal;)+) => {
        /// Estimates of one factor; those of other methods are absent.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        pub struct FactorResult {
            $($(#[$doc])* #[serde(rename = $name, default, skip_serializing_if = "Option::is_none")] pub $field: Option<Interval>,)+
            /// Whether its effect depends on the others, by more than a tenth; for the tornado alone.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub interacts: Option<bool>,
            /// The probability that of so many factors, all inert, one goes together with the result as much as this one, by ranks: below 0.05 it is told
            /// from chance, whatever its estimate; for PAWN and δ alone.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub chance: Option<f64>,
        }

        impl FactorResult {
            /// The measure of a name.
            pub fn measure(&self, named: &str) -> Option<Interval> {
                match named { $($name => self.$field,)+ _ => None }
            }
        }
    };
}

measures! {
    /// First-order Sobol' index: share of the variance that the factor explains by itself.
    first = "S1";
    /// Total Sobol' index: share that would remain if all others were known.
    total = "ST";
    /// Morris: mean elementary effect, from the 5% to the 95% point.
    mu = "mu";
    /// Morris: mean absolute elementary effect.
    mu_star = "mu_star";
    /// Morris: standard deviation of elementary effects.
    sigma = "sigma";
    /// Borgonovo's δ.
    delta = "delta";
    /// PAWN: median Kolmogorov-Smirnov distance.
    pawn = "pawn";
    /// PAWN: largest distance.
    pawn_max = "pawn_max";
    /// Shapley effect: share of the variance, interactions divided fairly.
    shapley = "shapley";
    /// Value of knowing the factor before the choice between two arms, in the unit of the result.
    evppi = "evppi";
    /// Tornado: mean result at the 5% point.
    at_low = "at_p05";
    /// Tornado: mean result at the 95% point.
    at_high = "at_p95";
    /// Tornado: the difference of both.
    swing = "swing";
}

impl OutputResult {
    /// Estimates of all factors, in their order.
    pub fn new(factors: &[Factor], of: impl Fn(usize) -> Option<FactorResult>) -> OutputResult {
        let factors = factors.iter().enumerate();
        let factors = factors.filter_map(|(index, factor)| Some((factor.name.clone(), of(index)?)));
        OutputResult {
            factors: factors.collect(),
            ..OutputResult::default()
        }
    }

    /// Factors by falling size of the measure named `by`.
    pub fn ranked(&self, by: &str) -> Vec<(&str, FactorResult)> {
        let size = |one: &FactorResult| {
            let measure = one.measure(by);
            measure.map_or(f64::NEG_INFINITY, |interval| interval.value.abs())
        };
        let mut ranked: Vec<(&str, FactorResult)> = self
            .factors
            .iter()
            .map(|(name, one)| (name.as_str(), *one))
            .collect();
        ranked.sort_by(|one, other| size(&other.1).total_cmp(&size(&one.1)));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worlds_that_would_do_by_hand() {
        // ln 0.01/ln(7/8) = 34.5 times 64 rows, ln 0.01/ln(5/8) = 9.8 times, ln 0.01/ln(15/16) = 71.4 times.
        for (varying, rows) in [(1, 4096), (3, 1024), (0, 8192)] {
            let found = TooFewVary::new(varying, 8, 64);
            assert_eq!(found.enough, 8 * rows, "{varying}");
        }
    }
}
