//! What a rule of sharing says of a pool.

use crate::engine::model::arm::members;
use crate::engine::model::valuation::Economy;
use crate::theory::coalition::CoalitionError;

/// A rule of sharing: what each member of a bloc gets of the pool (model, section 7, step 5), by a weight or by a value of the members' game.
pub trait SharingRule {
    /// Whether anything is pooled.
    const POOLS: bool = true;
    /// Whether the game of the members decides, where it has something to divide.
    const BY_VALUE: bool = false;

    /// What i's share is proportional to where no game decides; equal shares also stand in for values where the pool or their sum is not
    /// positive.
    fn weight(_economy: &Economy, _i: usize) -> f64 {
        1.0
    }

    /// Each player's value in a game by mask; called only if [`SharingRule::BY_VALUE`].
    ///
    /// # Errors
    /// Values that cannot be found.
    fn values(_game: &[f64], _values: &mut [f64]) -> Result<(), CoalitionError> {
        Ok(())
    }

    /// What the values of all parts of a game follow from, once for all of them; nothing unless a rule has such a thing.
    fn prepare(_game: &[f64], _prepared: &mut Vec<f64>) {}

    /// Adds to `values` each player's value in the part of a game that the players of `mask` play alone.
    ///
    /// # Errors
    /// Values that cannot be found.
    fn values_of_part(
        game: &[f64],
        _prepared: &[f64],
        mask: usize,
        values: &mut Vec<f64>,
    ) -> Result<(), CoalitionError> {
        values.resize(mask.count_ones() as usize, 0.0);
        Self::values(&part_of(game, mask), values)
    }
}

/// The game of the players of a mask alone.
fn part_of(values: &[f64], mask: usize) -> Vec<f64> {
    let mut whole = vec![0usize; 1 << mask.count_ones()];
    for (place, p) in members(mask as u64).enumerate() {
        let (low, high) = whole.split_at_mut(1 << place);
        for (high, low) in high.iter_mut().zip(low.iter()) {
            *high = low | 1 << p;
        }
    }
    whole.into_iter().map(|mask| values[mask]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_game_keeps_the_order_of_players() {
        let values: Vec<f64> = (0..16).map(f64::from).collect();
        assert_eq!(
            part_of(&values, 0b1010),
            [0.0, 2.0, 8.0, 10.0],
            "players 1 and 3"
        );
        assert_eq!(part_of(&values, 0b1111), values);
    }
}
