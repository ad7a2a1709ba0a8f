//! Shares by the Shapley value of the members' game.

use crate::engine::model::arm::members;
use crate::engine::negotiation::accord::sharing::rule::SharingRule;
use crate::theory::coalition::shapley::shapley_value;
use crate::theory::coalition::{CoalitionError, shapley_potential};

/// A member's share of the pool is its share of the sum of Shapley values.
pub struct Shapley;

impl SharingRule for Shapley {
    const BY_VALUE: bool = true;

    fn values(game: &[f64], values: &mut [f64]) -> Result<(), CoalitionError> {
        shapley_value(game, values.len(), values);
        Ok(())
    }

    /// The potential, of which the values of every part are differences.
    fn prepare(game: &[f64], prepared: &mut Vec<f64>) {
        prepared.resize(game.len(), 0.0);
        shapley_potential(game, prepared);
    }

    fn values_of_part(
        _: &[f64],
        prepared: &[f64],
        mask: usize,
        values: &mut Vec<f64>,
    ) -> Result<(), CoalitionError> {
        let whole = prepared[mask];
        let without = members(mask as u64).map(|p| prepared[mask ^ 1 << p]);
        values.extend(without.map(|without| whole - without));
        Ok(())
    }
}
