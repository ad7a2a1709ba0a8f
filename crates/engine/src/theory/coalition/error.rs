//! What a game, a partition or a voting rule may be refused for.

/// Why a game or a question about it is refused, with what was given and what is allowed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CoalitionError {
    /// The values are not one per coalition.
    #[error("a game needs 2^n values for n of 1 to {max} players, got {given} values")]
    Length {
        /// How many values came.
        given: usize,
        /// Most players.
        max: usize,
    },
    /// More or fewer players than the method takes.
    #[error("{given} players, allowed are 1 to {max}")]
    Players {
        /// How many players there are.
        given: usize,
        /// Most players.
        max: usize,
    },
    /// The empty coalition has a value.
    #[error("the empty coalition is worth {given}, must be 0")]
    EmptyCoalition {
        /// What it is worth, other than 0.
        given: f64,
    },
    /// A value is infinite or not a number.
    #[error("coalition {coalition:#b} is worth {given}, must be finite")]
    Value {
        /// Bit mask of the coalition.
        coalition: u64,
        /// Its value.
        given: f64,
    },
    /// An allocation is not one finite number per player.
    #[error("an allocation needs {players} finite entries, got {given} of {length}")]
    Allocation {
        /// Players of the game.
        players: usize,
        /// Entries that came.
        length: usize,
        /// How many of them are finite.
        given: usize,
    },
    /// Blocs overlap, leave players out, or name players that do not exist.
    #[error(
        "each of {players} players must be in exactly one bloc; bloc {bloc:#b} breaks this (0: someone is in none)"
    )]
    Partition {
        /// Players of the game.
        players: usize,
        /// Bit mask of the first bloc that is empty, overlaps an earlier one or names a player that does not exist; 0 if players are left out.
        bloc: u64,
    },
    /// Alone, players get more in all than together: no allocation gives each what it has alone.
    #[error(
        "players get {alone} alone but only {together} together: no division gives each what it has alone"
    )]
    NoImputation {
        /// Sum of the values of single players.
        alone: f64,
        /// Value of the grand coalition.
        together: f64,
    },
    /// A voting weight is negative or not finite.
    #[error("player {player} has weight {given}, must be finite and at least 0")]
    Weight {
        /// Index of the player.
        player: usize,
        /// Its weight.
        given: f64,
    },
    /// The quota can be met by nobody or by the empty coalition.
    #[error("the quota is {given}, must be above 0 and at most the sum of weights, {sum}")]
    Quota {
        /// The quota.
        given: f64,
        /// Sum of all weights.
        sum: f64,
    },
    /// Many players vote with weights that are not whole numbers, or with too large ones.
    #[error(
        "{players} players: above {enumerated}, weights must be whole numbers with a sum of at most {max_sum}"
    )]
    Weights {
        /// How many players there are.
        players: usize,
        /// Most players for whom coalitions are enumerated.
        enumerated: usize,
        /// Largest sum of weights above that.
        max_sum: u64,
    },
    /// Too few permutations for a standard error.
    #[error("{given} permutations, at least {min} are needed for a standard error")]
    Permutations {
        /// How many were asked for.
        given: usize,
        /// Fewest.
        min: usize,
    },
    /// The linear programs gave no answer, or one that its check refuses.
    #[error(
        "no answer for this game of {players} players passes its check (tolerance {tolerance})"
    )]
    Unverified {
        /// Players of the game.
        players: usize,
        /// Excesses nearer than this, as a share of the largest value of the zero-normalised game, count as equal.
        tolerance: f64,
    },
}
