//! What hyperscalers have built (46), which they would lose by going.

use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::WindowPlay;

/// Moves assets: those of signed pairs decay and grow by the deal, those of others are gone.
pub fn advance(economy: &Economy, play: &WindowPlay, standing: &mut Standing) {
    for i in 0..economy.n {
        for h in 0..economy.m {
            let p = i * economy.m + h;
            standing.asset[p] = if play.signed.hosts[h] >> i & 1 == 1 {
                standing.asset[p] * (1.0 - economy.asset_decay) + economy.size[p]
            } else {
                0.0
            };
        }
    }
}
