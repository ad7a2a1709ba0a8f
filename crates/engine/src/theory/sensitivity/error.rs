//! What a plan can be refused for.

use thiserror::Error;

/// Why a design cannot be laid out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// There is nothing to vary.
    #[error("a design needs at least one factor")]
    NoFactors,
    /// Too few rows, replicates or trajectories.
    #[error("a design needs at least {min} {what}, not {given}")]
    TooFew {
        /// What there is too little of.
        what: &'static str,
        /// How many were asked for.
        given: usize,
        /// Fewest that work.
        min: usize,
    },
    /// More rows than the sequence has points.
    #[error(
        "a Sobol' sequence has {most} points, fewer than the {given} rows of a replicate: take fewer worlds, -n {} at most",
        most * replicates
    )]
    TooManyRows {
        /// Rows asked for.
        given: usize,
        /// Points that there are.
        most: usize,
        /// Replicates of the design.
        replicates: usize,
    },
    /// Levels of a Morris grid.
    #[error("a grid of trajectories needs an even number of levels from 2 on, not {given}")]
    Levels {
        /// Levels asked for.
        given: usize,
    },
    /// A group names a factor that does not exist, or one twice, or none.
    #[error("group {group} must name factors below {factors}, each once")]
    Group {
        /// Index of the group.
        group: usize,
        /// How many factors there are.
        factors: usize,
    },
    /// Groups that share a factor where they must not.
    #[error("groups must share no factor here; group {group} repeats factor {factor}")]
    Overlap {
        /// Index of the later group.
        group: usize,
        /// The factor in both.
        factor: usize,
    },
}
