//! Where each number of a scenario lies in the flat array of values, and what its path and range are.
//!
//! One array of `f64` holds every number that may vary, so that a draw, an event, a swept path and an override are all
//! the same thing: a write to a slot. Sizes: n states, m hyperscalers, K terms, A arms.

use crate::engine::model::keys::{
    ArmKey, BargainingKey, DynamicsKey, HyperscalerKey, MarketKey, PairKey, Range, StateKey,
    TermKey,
};
use crate::engine::model::words::{TermEffect, Vocabulary};

/// Value of a link slot that no link sets: the pair follows `market.region_efficiency`.
pub const UNLINKED: f64 = f64::NAN;
/// Value of a budget slot without a budget.
pub const UNLIMITED: f64 = f64::INFINITY;
/// Value of a floor slot without a floor.
pub const NO_FLOOR: f64 = f64::NEG_INFINITY;
/// Value of an arm's `join` slot where the states' own probabilities count, by the arm's [`Joining`](crate::engine::model::arm::Joining).
pub const OWN_JOINING: f64 = f64::NAN;

/// Offsets of the blocks of the flat array of values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// Number of states, n.
    pub states: usize,
    /// Number of hyperscalers, m.
    pub hyperscalers: usize,
    /// Number of terms, K.
    pub terms: usize,
    /// Number of arms, A.
    pub arms: usize,
}

/// What a slot holds: the inverse of the functions of [`Layout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A key of `[market]`.
    Market(MarketKey),
    /// A key of `[bargaining]`.
    Bargaining(BargainingKey),
    /// A key of `[dynamics]`.
    Dynamics(DynamicsKey),
    /// A key of state i.
    State(usize, StateKey),
    /// values_i\[k\].
    Value(usize, usize),
    /// A key of hyperscaler h.
    Hyperscaler(usize, HyperscalerKey),
    /// costs_h\[k\].
    Cost(usize, usize),
    /// A key of term k.
    Term(usize, TermKey),
    /// An effect of term k.
    Effect(usize, TermEffect),
    /// A key of pair (i, h).
    Pair(usize, usize, PairKey),
    /// Efficiency of the link between i < j.
    Link(usize, usize),
    /// A key of an arm.
    Arm(usize, ArmKey),
    /// Floor of term k under an arm.
    Floor(usize, usize),
}

impl Slot {
    /// The range that a value of this slot must keep.
    pub fn range(self) -> Range {
        match self {
            Slot::Market(key) => key.range(),
            Slot::Bargaining(key) => key.range(),
            Slot::Dynamics(key) => key.range(),
            Slot::State(_, key) => key.range(),
            Slot::Hyperscaler(_, key) => key.range(),
            Slot::Term(_, key) => key.range(),
            Slot::Pair(_, _, key) => key.range(),
            Slot::Link(..) => Range::Share,
            Slot::Arm(_, key) => key.range(),
            Slot::Value(..) | Slot::Cost(..) | Slot::Effect(..) | Slot::Floor(..) => Range::Finite,
        }
    }
}

impl Layout {
    const BARGAINING: usize = MarketKey::COUNT;
    const DYNAMICS: usize = Self::BARGAINING + BargainingKey::COUNT;
    const STATES: usize = Self::DYNAMICS + DynamicsKey::COUNT;
    /// Numbers of a term.
    const TERM: usize = TermKey::COUNT + TermEffect::ALL.len();

    fn hyperscaler_block(&self) -> usize {
        Self::STATES + self.states * (StateKey::COUNT + self.terms)
    }

    fn term_block(&self) -> usize {
        self.hyperscaler_block() + self.hyperscalers * (HyperscalerKey::COUNT + self.terms)
    }

    fn pair_block(&self) -> usize {
        self.term_block() + self.terms * Self::TERM
    }

    fn link_block(&self) -> usize {
        self.pair_block() + self.states * self.hyperscalers * PairKey::COUNT
    }

    fn arm_block(&self) -> usize {
        self.link_block() + self.states * self.states
    }

    /// Length of the array of values.
    pub fn len(&self) -> usize {
        self.arm_block() + self.arms * (ArmKey::COUNT + self.terms)
    }

    /// Whether the array is empty; it never is, since `[market]` is always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Position of a slot. A link is one slot for both directions.
    pub fn index(&self, slot: Slot) -> usize {
        match slot {
            Slot::Market(key) => key as usize,
            Slot::Bargaining(key) => Self::BARGAINING + key as usize,
            Slot::Dynamics(key) => Self::DYNAMICS + key as usize,
            Slot::State(i, key) => self.state(i, key),
            Slot::Value(i, k) => {
                Self::STATES + i * (StateKey::COUNT + self.terms) + StateKey::COUNT + k
            }
            Slot::Hyperscaler(h, key) => self.hyperscaler(h, key),
            Slot::Cost(h, k) => {
                self.hyperscaler_block()
                    + h * (HyperscalerKey::COUNT + self.terms)
                    + HyperscalerKey::COUNT
                    + k
            }
            Slot::Term(k, key) => self.term_block() + k * Self::TERM + key as usize,
            Slot::Effect(k, effect) => {
                self.term_block() + k * Self::TERM + TermKey::COUNT + effect as usize
            }
            Slot::Pair(i, h, key) => {
                self.pair_block() + (i * self.hyperscalers + h) * PairKey::COUNT + key as usize
            }
            Slot::Link(i, j) => self.link_block() + i.min(j) * self.states + i.max(j),
            Slot::Arm(a, key) => self.arm_block() + a * (ArmKey::COUNT + self.terms) + key as usize,
            Slot::Floor(a, k) => {
                self.arm_block() + a * (ArmKey::COUNT + self.terms) + ArmKey::COUNT + k
            }
        }
    }

    /// Position of a key of state i.
    pub fn state(&self, i: usize, key: StateKey) -> usize {
        Self::STATES + i * (StateKey::COUNT + self.terms) + key as usize
    }

    /// Position of a key of hyperscaler h.
    pub fn hyperscaler(&self, h: usize, key: HyperscalerKey) -> usize {
        self.hyperscaler_block() + h * (HyperscalerKey::COUNT + self.terms) + key as usize
    }

    /// Every slot in the order of the array; the unused half of the links (i >= j) is left out.
    pub fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        let (n, m, terms) = (self.states, self.hyperscalers, self.terms);
        let market = MarketKey::ALL.iter().map(|&key| Slot::Market(key));
        let bargaining = BargainingKey::ALL.iter().map(|&key| Slot::Bargaining(key));
        let dynamics = DynamicsKey::ALL.iter().map(|&key| Slot::Dynamics(key));
        let states = (0..n).flat_map(move |i| {
            let keys = StateKey::ALL.iter().map(move |&key| Slot::State(i, key));
            keys.chain((0..terms).map(move |k| Slot::Value(i, k)))
        });
        let hyperscalers = (0..m).flat_map(move |h| {
            let keys = HyperscalerKey::ALL
                .iter()
                .map(move |&key| Slot::Hyperscaler(h, key));
            keys.chain((0..terms).map(move |k| Slot::Cost(h, k)))
        });
        let term_slots = (0..terms).flat_map(|k| {
            let keys = TermKey::ALL.iter().map(move |&key| Slot::Term(k, key));
            let effects = TermEffect::ALL.iter();
            keys.chain(effects.map(move |&effect| Slot::Effect(k, effect)))
        });
        let pairs = (0..n).flat_map(move |i| {
            (0..m).flat_map(move |h| PairKey::ALL.iter().map(move |&key| Slot::Pair(i, h, key)))
        });
        let links = (0..n).flat_map(move |i| (i + 1..n).map(move |j| Slot::Link(i, j)));
        let arms = (0..self.arms).flat_map(move |a| {
            let keys = ArmKey::ALL.iter().map(move |&key| Slot::Arm(a, key));
            keys.chain((0..terms).map(move |k| Slot::Floor(a, k)))
        });
        market
            .chain(bargaining)
            .chain(dynamics)
            .chain(states)
            .chain(hyperscalers)
            .chain(term_slots)
            .chain(pairs)
            .chain(links)
            .chain(arms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_have_distinct_positions_inside_the_array() {
        let layout = Layout {
            states: 3,
            hyperscalers: 2,
            terms: 4,
            arms: 2,
        };
        let mut seen = vec![false; layout.len()];
        for slot in layout.slots() {
            let index = layout.index(slot);
            assert!(
                !std::mem::replace(&mut seen[index], true),
                "{slot:?} shares its position"
            );
        }
        let unused = seen.iter().filter(|&&used| !used).count();
        assert_eq!(
            unused,
            3 * 4 / 2,
            "only the lower triangle of the links is unused"
        );
    }
}
