//! Borgonovo's δ, with the first-order index.

use crate::study::results::sensitivity::{FactorResult, Interval};
use crate::study::sensitivity::method::{Description, FactorJudge, PLAIN, WorldsOfMethod};
use crate::theory::sensitivity::given_data::given_first_order;
use crate::theory::sensitivity::moment_free::{FEWEST_ROWS, borgonovo};

/// The method.
pub const DELTA: Description = Description {
    name: "delta",
    ranked_by: "delta",
    shown: &["delta", "S1"],
    beside: Some(("S1", "share of the variance")),
    meaning: "delta: expected shift of the result's whole distribution if the factor is known, 0 to 1 (Borgonovo's \u{3b4}). S1: share of \
              the variance that it explains by itself.",
    told_by_ranks: true,
    least: FEWEST_ROWS as u64,
    worlds: WorldsOfMethod::Any(FactorJudge {
        factor: |x, y, bootstrap| {
            let delta = borgonovo(x, y, bootstrap)?;
            Some(FactorResult {
                delta: Some(delta.into()),
                first: given_first_order(x, y, bootstrap).map(Interval::from),
                ..FactorResult::default()
            })
        },
        group: |_, _, _| None,
        whole: |_, _| None,
    }),
    ..PLAIN
};
