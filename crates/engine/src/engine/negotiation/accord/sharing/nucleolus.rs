//! Shares by the nucleolus of the members' game.

use crate::engine::negotiation::accord::sharing::rule::SharingRule;
use crate::theory::coalition::nucleolus::nucleolus;
use crate::theory::coalition::{CoalitionError, Game};

/// A member's share of the pool is its share of the sum of the game's nucleolus.
pub struct Nucleolus;

impl SharingRule for Nucleolus {
    const BY_VALUE: bool = true;

    fn values(game: &[f64], values: &mut [f64]) -> Result<(), CoalitionError> {
        values.copy_from_slice(&nucleolus(&Game::new(game.to_vec())?)?);
        Ok(())
    }
}
