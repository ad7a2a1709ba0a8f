//! What signed levels of terms amount to in a state.

use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::tables::play::WindowPlay;

/// Σ_k effect_k·x_k of a signed pair.
pub fn weighted_levels(economy: &Economy, play: &WindowPlay, p: usize, effects: &[f64]) -> f64 {
    let levels = &play.bundle[p * economy.k..(p + 1) * economy.k];
    effects
        .iter()
        .zip(levels)
        .map(|(effect, level)| effect * level)
        .sum()
}

/// e_i(effect) = clamp(Σ_{h: i∈S_h} Z_ih·Σ_k effect_k·x_k / Σ_{h: i∈P_h} Z_ih, 0, 1), 0 if the denominator is 0.
pub fn effect(economy: &Economy, play: &WindowPlay, i: usize, effects: &[f64]) -> f64 {
    let (mut signed, mut feasible) = (0.0, 0.0);
    for h in 0..economy.m {
        let p = i * economy.m + h;
        if economy.feasible[h] >> i & 1 == 1 {
            feasible += economy.size[p];
        }
        if play.signed.hosts[h] >> i & 1 == 1 {
            signed += economy.size[p] * weighted_levels(economy, play, p, effects);
        }
    }
    if feasible > 0.0 {
        (signed / feasible).clamp(0.0, 1.0)
    } else {
        0.0
    }
}
