//! PAWN: how far the distribution of a result moves.

use crate::study::results::sensitivity::FactorResult;
use crate::study::sensitivity::method::{Description, FactorJudge, PLAIN, WorldsOfMethod};
use crate::theory::sensitivity::moment_free::{FEWEST_ROWS, pawn};

/// The method.
pub const PAWN: Description = Description {
    name: "pawn",
    ranked_by: "pawn",
    shown: &["pawn", "pawn_max"],
    meaning: "pawn: how far the distribution of the result moves if the factor is known, 0 to 1 (median over its values; \
              pawn_max: the largest).",
    told_by_ranks: true,
    least: FEWEST_ROWS as u64,
    worlds: WorldsOfMethod::Any(FactorJudge {
        factor: |x, y, bootstrap| {
            let found = pawn(x, y, bootstrap)?;
            Some(FactorResult {
                pawn: Some(found.median.into()),
                pawn_max: Some(found.max.into()),
                ..FactorResult::default()
            })
        },
        group: |_, _, _| None,
        whole: |_, _| None,
    }),
    ..PLAIN
};
