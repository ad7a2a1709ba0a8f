//! From one window to the next: talent (35), compute (36), dependency (37), assets (46), a file each, and who hosted whom.

mod asset;
mod compute;
pub mod dependency;
mod effect;
mod talent;

use crate::engine::model::valuation::Economy;
use crate::engine::model::words::{TermEffect, Vocabulary};
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::play::WindowPlay;

/// Moves a standing over a window whose agreements are on `play`.
pub fn advance(economy: &Economy, play: &WindowPlay, standing: &mut Standing) {
    for &effect in TermEffect::ALL {
        let move_on = match effect {
            TermEffect::Talent => talent::advance,
            TermEffect::Compute => compute::advance,
            TermEffect::Portability => dependency::advance,
        };
        let effects = &economy.effects[effect as usize];
        move_on(economy, effects, play, standing);
    }
    asset::advance(economy, play, standing);
    standing.had.copy_from_slice(&play.signed.hosts);
}
