//! Bargains of a window that were settled before: a pair that meets over the same gains under another accord need not bargain again.
//!
//! The frontier and the protocol of a pair are fixed while an arm's window is played under one accord after another; its floors hang on
//! whether it is inside. So (pair, floors, ΔU, ΔΠ) to the last bit decide the deal, and remembering it changes nothing.

use crate::engine::negotiation::tables::deal::Deal;
use crate::theory::bargaining::Gains;

/// Agreements remembered per pair.
const SLOTS: usize = 16;

#[derive(Debug, Clone, Copy)]
struct AgreementEntry {
    /// Window in which it was written; counts only in that one.
    window: u64,
    floored: bool,
    /// Bits of ΔU and ΔΠ.
    gains: [u64; 2],
    deal: Option<Deal>,
}

/// Agreements of all pairs in the present window.
#[derive(Debug, Clone)]
pub struct AgreementCache {
    window: u64,
    cells: Vec<AgreementEntry>,
}

impl AgreementCache {
    /// Room for so many pairs.
    pub fn new(pairs: usize) -> AgreementCache {
        let empty = AgreementEntry {
            window: 0,
            floored: false,
            gains: [0; 2],
            deal: None,
        };
        AgreementCache {
            window: 1,
            cells: vec![empty; pairs * SLOTS],
        }
    }

    /// Forgets everything: another window, arm or world begins.
    pub fn forget(&mut self) {
        self.window += 1;
    }

    /// How `pair` settled over `gains`, if it did before.
    pub(crate) fn find(&self, pair: usize, floored: bool, gains: Gains) -> Option<Option<Deal>> {
        let bits = bits_of(gains);
        let cell = &self.cells[place_of(pair, bits)];
        let known = cell.window == self.window && cell.floored == floored && cell.gains == bits;
        known.then_some(cell.deal)
    }

    /// Remembers how `pair` settled over `gains`.
    pub(crate) fn keep(&mut self, pair: usize, floored: bool, gains: Gains, deal: Option<Deal>) {
        let bits = bits_of(gains);
        self.cells[place_of(pair, bits)] = AgreementEntry {
            window: self.window,
            floored,
            gains: bits,
            deal,
        };
    }
}

fn bits_of(gains: Gains) -> [u64; 2] {
    [gains.state.to_bits(), gains.hyperscaler.to_bits()]
}

/// The cell of a pair and bits of its gains.
fn place_of(pair: usize, bits: [u64; 2]) -> usize {
    let mixed = (bits[0] ^ bits[1].rotate_left(32)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    pair * SLOTS + (mixed >> 60) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::negotiation::tables::deal::Booked;
    use crate::theory::bargaining::Agreement;

    #[test]
    fn equal_gains_are_settled_once_in_a_window() {
        let mut agreements = AgreementCache::new(2);
        let deal = |lambda| {
            let agreement = Agreement {
                lambda,
                state_gain: 1.0,
                hyperscaler_gain: 1.0,
                transfer: 0.0,
                value: 1.0,
                cost: 0.0,
            };
            let booked = Booked::default();
            Some(Deal { agreement, booked })
        };
        let gains = |state| Gains {
            state,
            hyperscaler: 2.0,
        };
        let lambda = |deal: Option<Deal>| deal.map(|one| one.agreement.lambda);
        assert_eq!(agreements.find(0, false, gains(1.0)), None);
        agreements.keep(0, false, gains(1.0), deal(0.1));
        let known = agreements.find(0, false, gains(1.0));
        assert_eq!(known.map(lambda), Some(Some(0.1)));
        for (pair, floored, state) in [(1, false, 1.0), (0, true, 1.0), (0, false, 1.5)] {
            let other = agreements.find(pair, floored, gains(state));
            assert_eq!(other, None, "{pair} {floored} {state}");
        }
        agreements.keep(1, false, gains(1.0), None);
        assert_eq!(agreements.find(1, false, gains(1.0)), Some(None));
        agreements.forget();
        assert_eq!(agreements.find(0, false, gains(1.0)), None);
    }
}
