//! From one window to the next: talent (35), compute (36), dependency (37), and who hosted whom.

use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::WindowPlay;

/// Moves a standing over a window whose agreements are on `play`.
pub fn advance(economy: &Economy, play: &WindowPlay, standing: &mut Standing) {
    for i in 0..economy.n {
        let taught = effect(economy, play, i, &economy.talent_effect);
        standing.talent[i] += economy.talent_rate * (1.0 - standing.talent[i]) * taught;
        let built = effect(economy, play, i, &economy.compute_effect);
        standing.compute[i] += economy.compute_rate * (1.0 - standing.compute[i]) * built;
        for h in 0..economy.m {
            let p = i * economy.m + h;
            let old = standing.dependency[p];
            standing.dependency[p] = if play.signed.hosts[h] >> i & 1 == 1 {
                let portability =
                    weighted_levels(economy, play, p, &economy.portability_effect).min(1.0);
                old + economy.dependency_rate * (1.0 - old) * (1.0 - portability)
            } else {
                old * (1.0 - economy.dependency_rate)
            };
        }
    }
    standing.had.copy_from_slice(&play.signed.hosts);
}

/// Σ_k effect_k·x_k of a signed pair.
fn weighted_levels(economy: &Economy, play: &WindowPlay, p: usize, effects: &[f64]) -> f64 {
    let levels = &play.bundle[p * economy.k..(p + 1) * economy.k];
    effects
        .iter()
        .zip(levels)
        .map(|(effect, level)| effect * level)
        .sum()
}

/// e_i(effect) = clamp(Σ_{h: i∈S_h} Z_ih·Σ_k effect_k·x_k / Σ_{h: i∈P_h} Z_ih, 0, 1), 0 if the denominator is 0.
fn effect(economy: &Economy, play: &WindowPlay, i: usize, effects: &[f64]) -> f64 {
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

/// Mean dependency of i over its feasible hyperscalers, 0 without any.
pub fn mean_dependency(economy: &Economy, standing: &Standing, i: usize) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for h in 0..economy.m {
        if economy.feasible[h] >> i & 1 == 1 {
            sum += standing.dependency[i * economy.m + h];
            count += 1.0;
        }
    }
    if count > 0.0 { sum / count } else { 0.0 }
}
