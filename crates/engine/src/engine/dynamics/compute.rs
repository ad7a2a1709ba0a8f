//! Compute (36).

use crate::engine::dynamics::effect::effect;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::WindowPlay;

/// Moves compute; `effects` are those of the terms on it.
pub fn advance(economy: &Economy, effects: &[f64], play: &WindowPlay, standing: &mut Standing) {
    for i in 0..economy.n {
        let built = effect(economy, play, i, effects);
        standing.compute[i] += economy.compute_rate * (1.0 - standing.compute[i]) * built;
    }
}
