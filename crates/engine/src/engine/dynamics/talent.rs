//! Talent (35).

use crate::engine::dynamics::effect::effect;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::WindowPlay;

/// Moves talent; `effects` are those of the terms on it.
pub fn advance(economy: &Economy, effects: &[f64], play: &WindowPlay, standing: &mut Standing) {
    for i in 0..economy.n {
        let taught = effect(economy, play, i, effects);
        standing.talent[i] += economy.talent_rate * (1.0 - standing.talent[i]) * taught;
    }
}
