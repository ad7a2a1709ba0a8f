//! Whom a state meets on Thursday, where it is not said.

use crate::engine::model::Model;
use crate::engine::model::keys::{HyperscalerKey, PairKey};
use crate::engine::model::layout::Slot;
use crate::study::brief::may_deal;
use crate::study::results::run::ArmResult;

/// The hyperscaler with the largest expected market in a state: its share of the market times its fit (medians) times how often the two sign in
/// an arm, the first of several; none where the state may deal with nobody.
pub fn largest_expected(model: &Model, arm: &ArmResult, state: usize) -> Option<usize> {
    let base = |slot: Slot| model.base[model.layout.index(slot)];
    let pairs = &arm.pairs[&model.states[state].id];
    let expected = |h: usize| {
        let share = base(Slot::Hyperscaler(h, HyperscalerKey::MarketShare));
        let fit = base(Slot::Pair(state, h, PairKey::Fit));
        share * fit * pairs[&model.hyperscalers[h].id].signed
    };
    let partners = (0..model.hyperscalers.len()).filter(|&h| may_deal(model, state, h));
    partners.reduce(|most, h| {
        if expected(h) > expected(most) {
            h
        } else {
            most
        }
    })
}
