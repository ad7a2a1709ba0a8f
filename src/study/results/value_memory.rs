//! What is kept of the values of a run for quantiles, by its size alone.

use crate::engine::model::Model;
use crate::study::results::quantity::{CauseDifference, Quantity};
use crate::theory::stats::sketch::{CELL_BYTES, MOST_CELLS, RELATIVE_ERROR};

/// What a manifest says of quantiles of all values.
pub const EXACT: &str = "exact";

/// Bytes of what is kept of values for quantiles, at most.
pub(crate) const MEMORY: u64 = 512 << 20;
/// Bytes of a distribution besides.
const OVERHEAD: u64 = 128;

/// What is kept of the values of each distribution. All arms by quantity have one; where values are not kept, each pair of
/// arms by compared quantity has one more, and these grow with the square of the arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueMemory {
    /// All values: quantiles are exact.
    All,
    /// Counts by size, where so many distributions of the widest range fit: quantiles have the error of a [`Sketch`](crate::theory::stats::sketch::Sketch).
    Counts,
    /// The values of so many first trials, as many as fit: quantiles are exact for these. Trials are independent, or fall into
    /// replicates one after the other, so that they are a sample as any other; with n independent ones, a quantile is off by 1.6/√n in rank at most, in 99 of 100 runs
    /// (Dvoretzky, Kiefer and Wolfowitz 1956, with the constant of Massart 1990, <https://doi.org/10.1214/aop/1176990746>).
    First(u64),
}

impl ValueMemory {
    /// What is kept of `trials` trials of `model`.
    pub fn of(model: &Model, trials: u64) -> ValueMemory {
        let layout = model.outcome_layout();
        let quantities = Quantity::summarised(&layout);
        let compared = quantities.iter().filter(|q| q.is_compared()).count();
        let causes = CauseDifference::all(layout.states).count();
        ValueMemory::for_size(
            model.arms.len() as u64,
            quantities.len() as u64,
            (compared + causes) as u64,
            trials,
        )
    }

    fn for_size(arms: u64, quantities: u64, compared: u64, trials: u64) -> ValueMemory {
        let series = arms * quantities;
        let room = ((MEMORY / series).saturating_sub(OVERHEAD) / 8).max(1);
        let distributions = series + arms * (arms - 1) / 2 * compared;
        let counts = distributions * (OVERHEAD + CELL_BYTES * MOST_CELLS.min(trials));
        if trials <= room {
            ValueMemory::All
        } else if counts <= MEMORY {
            ValueMemory::Counts
        } else {
            ValueMemory::First(room)
        }
    }

    /// What the manifest says about quantiles.
    pub fn describe(self) -> String {
        match self {
            ValueMemory::All => EXACT.to_owned(),
            ValueMemory::Counts => format!("relative error {RELATIVE_ERROR}"),
            ValueMemory::First(trials) => format!("of the first {trials} worlds"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::model;

    #[test]
    fn memory_depends_on_size_alone() {
        let model = model();
        assert_eq!(ValueMemory::of(&model, 1000), ValueMemory::All);
        let many = ValueMemory::of(&model, 10_000_000);
        assert!(
            matches!(many, ValueMemory::First(room) if room > 100_000),
            "{many:?}"
        );
        // Two arms with a few numbers each.
        let small = ValueMemory::for_size(2, 40, 30, 1 << 40);
        assert_eq!(small, ValueMemory::Counts);
        assert_eq!(small.describe(), "relative error 0.001");
        // 64 arms, states and hyperscalers, 4 windows: 2.7 million differences.
        let largest = ValueMemory::for_size(64, 2014, 1352, 1_000_000);
        assert_eq!(largest, ValueMemory::First(504));
        assert_eq!(largest.describe(), "of the first 504 worlds");
        assert_eq!(ValueMemory::for_size(64, 2014, 1352, 504), ValueMemory::All);
        assert_eq!(
            ValueMemory::for_size(64, 1 << 20, 1352, 2),
            ValueMemory::First(1)
        );
    }
}
