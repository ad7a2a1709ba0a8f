//! Undelayed payoffs u_i(C) of a window for the accords C that the talks consider, each played once (model, section 7; (32)).
//!
//! Not here: who agrees to C or leaves it (`formation`), and values of the cooperative game, which are in the module `coalition`.

use crate::coalition::CoalitionError;
use crate::model::arm::{StateSet, members};
use crate::negotiation::board::Board;
use crate::negotiation::network::Network;
use crate::negotiation::payoff::state_parts;
use crate::negotiation::table::Talks;

/// Most coalitions that are remembered in a window: all of 16 states, twice. Beyond, a coalition is played again when it is needed.
const MOST_REMEMBERED: usize = 1 << 17;
/// Coalitions for which there is room from the start.
const FIRST_ROOM: usize = 512;

/// What one state weighed in a poll or before leaving.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    /// The state.
    pub state: usize,
    /// u_i(C) inside.
    pub inside: f64,
    /// alone_i in a poll, u_i(C∖i) before leaving.
    pub outside: f64,
    /// Political noise in a poll; minus the penalty before leaving.
    pub shift: f64,
    /// Whether it says yes, or leaves.
    pub acts: bool,
}

/// One step of the talks, for those who follow them.
#[derive(Debug, Clone, PartialEq)]
pub enum TalkRecord {
    /// A poll of a coalition in a round (from 1).
    Poll {
        /// Round.
        round: u32,
        /// C.
        coalition: StateSet,
        /// Each member's comparison.
        weighed: Vec<Weighed>,
    },
    /// A look at who would leave a coalition (31).
    Leaving {
        /// C.
        coalition: StateSet,
        /// Each member's comparison.
        weighed: Vec<Weighed>,
        /// Who left, if anyone.
        leaver: Option<usize>,
    },
}

/// Payoffs of coalitions already played in this window.
#[derive(Debug, Clone)]
pub struct Coalitions {
    n: usize,
    /// Steps of the talks; filled only if `follow` is set.
    pub records: Vec<TalkRecord>,
    /// Whether to fill `records`.
    pub follow: bool,
    /// Open addressing: the window in which a cell was written (the present one if it counts), the coalition and its slot.
    cells: Vec<Cell>,
    window: u32,
    count: usize,
    /// gross and rest of every state, 2n per slot; slot 0 is a coalition that is not remembered.
    payoffs: Vec<f64>,
    /// Shares of a pool by slot, n per slot; NaN until they are asked for.
    shares: Vec<f64>,
    /// Scratch for a game.
    pub(crate) game: Vec<f64>,
    /// Scratch for the members and the value of each.
    pub(crate) players: Vec<usize>,
    pub(crate) values: Vec<f64>,
    /// Largest standard error of a sampled share in this window; NaN where all are exact.
    pub share_error: f64,
    /// Why shares could not be found, if so.
    pub failure: Option<CoalitionError>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    window: u32,
    coalition: StateSet,
    slot: usize,
}

/// Gross (delayed) and rest (not delayed) parts of payoffs, n each.
#[derive(Debug, Clone, Copy)]
pub struct Payoffs<'a> {
    /// access + terms + cash.
    pub gross: &'a [f64],
    /// own + switching.
    pub rest: &'a [f64],
}

impl Payoffs<'_> {
    /// u_i with delay factor f.
    pub fn delayed(&self, i: usize, factor: f64) -> f64 {
        factor * self.gross[i] + self.rest[i]
    }
}

impl Coalitions {
    /// Room for n states.
    pub fn new(n: usize) -> Coalitions {
        Coalitions {
            n,
            records: Vec::new(),
            follow: false,
            cells: vec![Cell::default(); 2 * FIRST_ROOM],
            window: 1,
            count: 0,
            payoffs: Vec::with_capacity((FIRST_ROOM + 1) * 2 * n),
            shares: Vec::with_capacity((FIRST_ROOM + 1) * n),
            game: Vec::new(),
            players: Vec::with_capacity(n),
            values: Vec::with_capacity(n),
            share_error: f64::NAN,
            failure: None,
        }
    }

    /// Forgets everything: a new window begins.
    pub fn clear(&mut self) {
        self.window = self.window.wrapping_add(1);
        if self.window == 0 {
            self.cells.fill(Cell::default());
            self.window = 1;
        }
        self.records.clear();
        self.count = 0;
        self.payoffs.clear();
        self.payoffs.resize(2 * self.n, 0.0);
        self.shares.clear();
        self.shares.resize(self.n, f64::NAN);
        self.share_error = f64::NAN;
    }

    /// The slot of C's payoffs, playing the window if it is new.
    pub fn play(
        &mut self,
        talks: &Talks,
        board: &mut Board,
        expected: &Network,
        coalition: StateSet,
    ) -> usize {
        if let Some(slot) = self.find(coalition) {
            return slot;
        }
        talks.play(board, expected, coalition);
        let slot = self.claim(coalition);
        for i in 0..self.n {
            let parts = state_parts(talks.economy, talks.scene, talks.standing, board, i);
            self.payoffs[slot * 2 * self.n + i] = parts.gross();
            self.payoffs[(slot * 2 + 1) * self.n + i] = parts.rest();
        }
        slot
    }

    /// Stores payoffs that are known without playing: those of the window without an accord.
    pub fn store(&mut self, coalition: StateSet, gross: &[f64], rest: &[f64]) {
        let slot = self.claim(coalition);
        self.payoffs[slot * 2 * self.n..(slot * 2 + 1) * self.n].copy_from_slice(gross);
        self.payoffs[(slot * 2 + 1) * self.n..(slot * 2 + 2) * self.n].copy_from_slice(rest);
    }

    /// The payoffs in a slot.
    pub fn payoffs(&self, slot: usize) -> Payoffs<'_> {
        Payoffs {
            gross: &self.payoffs[slot * 2 * self.n..(slot * 2 + 1) * self.n],
            rest: &self.payoffs[(slot * 2 + 1) * self.n..(slot * 2 + 2) * self.n],
        }
    }

    /// i's share of the pool of a coalition, if the coalition's shares were kept in this window.
    pub(crate) fn share(&self, coalition: StateSet, i: usize) -> Option<f64> {
        let share = self.shares[self.find(coalition)? * self.n + i];
        (!share.is_nan()).then_some(share)
    }

    /// Keeps the members' shares, in ascending order of members, if there is room for the coalition.
    pub(crate) fn keep_shares(&mut self, coalition: StateSet, shares: &[f64]) {
        if let Some(slot) = self.find(coalition) {
            for (i, &share) in members(coalition).zip(shares) {
                self.shares[slot * self.n + i] = share;
            }
        }
    }

    /// The slot of a coalition that was played in this window.
    fn find(&self, coalition: StateSet) -> Option<usize> {
        let cell = self.cells[self.cell_of(coalition)];
        (cell.window == self.window).then_some(cell.slot)
    }

    /// The cell of a coalition: the one that holds it, or the free one where it belongs.
    fn cell_of(&self, coalition: StateSet) -> usize {
        /// 2^64 divided by the golden ratio: spreads neighbouring coalitions (Knuth, The Art of Computer Programming 3, 6.4).
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mask = self.cells.len() - 1;
        let mut at = (coalition.wrapping_mul(SPREAD) >> 32) as usize & mask;
        while self.cells[at].window == self.window && self.cells[at].coalition != coalition {
            at = (at + 1) & mask;
        }
        at
    }

    /// A slot for a new coalition; slot 0 where there is room for no more.
    fn claim(&mut self, coalition: StateSet) -> usize {
        if self.count == MOST_REMEMBERED {
            self.shares[..self.n].fill(f64::NAN);
            return 0;
        }
        self.count += 1;
        if 2 * self.count > self.cells.len() {
            self.grow();
        }
        let (at, slot) = (self.cell_of(coalition), self.count);
        self.cells[at] = Cell {
            window: self.window,
            coalition,
            slot,
        };
        self.payoffs.resize((slot + 1) * 2 * self.n, 0.0);
        self.shares.resize((slot + 1) * self.n, f64::NAN);
        slot
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.cells);
        self.cells = vec![Cell::default(); 2 * old.len()];
        for cell in old.into_iter().filter(|cell| cell.window == self.window) {
            let at = self.cell_of(cell.coalition);
            self.cells[at] = cell;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coalitions_are_found_in_their_window_alone() {
        let mut coalitions = Coalitions::new(2);
        for window in 0..3 {
            coalitions.clear();
            let stored = 3000 - 1000 * window;
            for mask in 0..stored {
                assert_eq!(coalitions.find(mask), None, "window {window}");
                coalitions.store(mask, &[mask as f64, 1.0], &[0.5, 0.0]);
            }
            for mask in 0..stored {
                let slot = coalitions.find(mask).expect("stored");
                assert_eq!(
                    coalitions.payoffs(slot).delayed(0, 2.0),
                    2.0 * mask as f64 + 0.5
                );
            }
            assert_eq!(coalitions.find(stored), None);
        }
    }
}
