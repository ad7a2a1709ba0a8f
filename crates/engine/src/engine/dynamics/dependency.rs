//! Dependency (37), against which portability works.

use crate::engine::dynamics::effect::weighted_levels;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::WindowPlay;

/// Moves dependency; `effects` are those of the terms on portability.
pub fn advance(economy: &Economy, effects: &[f64], play: &WindowPlay, standing: &mut Standing) {
    for i in 0..economy.n {
        for h in 0..economy.m {
            let p = i * economy.m + h;
            let old = standing.dependency[p];
            standing.dependency[p] = if play.signed.hosts[h] >> i & 1 == 1 {
                let portability = weighted_levels(economy, play, p, effects).min(1.0);
                old + economy.dependency_rate * (1.0 - old) * (1.0 - portability)
            } else {
                old * (1.0 - economy.dependency_rate)
            };
        }
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
