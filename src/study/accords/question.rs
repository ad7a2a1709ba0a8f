//! What is asked of a search for accords.

use crate::scenario::Loaded;
use crate::study::accords::space::SearchSpace;
use crate::study::results::run::Manifest;

/// Plays of one accord in one world that a search takes where nobody says it.
pub const PLAYS: u64 = 30_000;

/// Worlds in which it is looked who is outside, at most.
pub const OUTSIDE_WORLDS: u64 = 250;

/// A search for accords.
pub struct AccordSearch {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// Index of the arm that accords are compared with.
    pub reference: usize,
    /// What is searched.
    pub space: SearchSpace,
    /// Plays of one accord in one world.
    pub plays: u64,
    /// Index of the state whose best accord is asked for too.
    pub state: Option<usize>,
    /// Whether it is asked what stands under every theory.
    pub theories: bool,
    /// Whether the steps to the best accord are asked for.
    pub path: bool,
}
