//! Undelayed payoffs u_i(C) of a window for the accords C that the talks consider, each played once (model, section 7; (32)).
//!
//! Not here: who agrees to C or leaves it (`formation`), and values of the cooperative game, which are in the module `coalition`.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::board::WindowPlay;
use crate::engine::negotiation::payoff::{Parts, state_parts};
use crate::engine::negotiation::table::Talks;
use crate::theory::coalition::CoalitionError;

/// Most coalitions that are remembered in a window: all of 16 states, twice. Beyond, a coalition is played again when it is needed.
const MOST_REMEMBERED: usize = 1 << 17;
/// Coalitions for which there is room from the start.
const FIRST_ROOM: usize = 512;
/// Most coalitions that a memory keeps while it is not used: all of 12 states.
const MOST_KEPT: usize = 1 << 12;

/// What one state weighed in a poll or before leaving.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MemberWeighing {
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
        weighed: Vec<MemberWeighing>,
    },
    /// A look at who would leave a coalition (31).
    Leaving {
        /// C.
        coalition: StateSet,
        /// Each member's comparison.
        weighed: Vec<MemberWeighing>,
        /// Who left, if anyone.
        leaver: Option<usize>,
    },
}

/// Payoffs of coalitions already played in this window, and the steps of the talks about them.
#[derive(Debug, Clone)]
pub struct Coalitions {
    /// Steps of the talks; filled only if `follow` is set.
    pub records: Vec<TalkRecord>,
    /// Whether to fill `records`.
    pub follow: bool,
    memory: PayoffCache,
    /// The board of the accord that was last considered, so that it need not be played again.
    kept: WindowPlay,
    kept_accord: Option<StateSet>,
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

/// Payoffs of the coalitions of one window under one set of rules.
#[derive(Debug, Clone)]
pub struct PayoffCache {
    n: usize,
    /// Open addressing: the window in which a cell was written (the present one if it counts), the coalition and its slot.
    cells: Vec<PayoffEntry>,
    window: u32,
    count: usize,
    /// gross and rest of every state, 2n per slot; slot 0 is a coalition that is not remembered.
    payoffs: Vec<f64>,
    /// Shares of a pool by slot, n per slot; NaN until they are asked for.
    shares: Vec<f64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct PayoffEntry {
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
    /// Room for n states, m hyperscalers and K terms.
    pub fn new(n: usize, m: usize, k: usize) -> Coalitions {
        Coalitions {
            records: Vec::new(),
            follow: false,
            memory: PayoffCache::new(n),
            kept: WindowPlay::new(n, m, k),
            kept_accord: None,
            game: Vec::new(),
            players: Vec::with_capacity(n),
            values: Vec::with_capacity(n),
            share_error: f64::NAN,
            failure: None,
        }
    }

    /// Forgets everything: a new window begins.
    pub fn clear(&mut self) {
        self.memory.clear();
        self.reopen();
    }

    /// Forgets all but payoffs: another arm begins to talk about the same window.
    pub fn reopen(&mut self) {
        self.memory.shares.fill(f64::NAN);
        self.records.clear();
        self.kept_accord = None;
        self.share_error = f64::NAN;
    }

    /// Exchanges the payoffs that are remembered.
    pub fn trade(&mut self, memory: &mut PayoffCache) {
        std::mem::swap(&mut self.memory, memory);
    }

    /// Keeps the board if it shows a whole play of `accord` of this window.
    pub fn keep(&mut self, board: &WindowPlay, accord: StateSet) {
        if board.shows == Some(accord) && self.kept_accord != Some(accord) {
            self.kept.copy_play(board);
            self.kept_accord = Some(accord);
        }
    }

    /// Puts the kept play of `accord` on the board; whether there is one.
    pub fn restore(&self, board: &mut WindowPlay, accord: StateSet) -> bool {
        let kept = self.kept_accord == Some(accord);
        if kept {
            board.copy_play(&self.kept);
        }
        kept
    }

    /// The slot of C's payoffs, playing the window if it is new.
    pub fn play(
        &mut self,
        talks: &Talks,
        board: &mut WindowPlay,
        expected: &[StateSet],
        coalition: StateSet,
    ) -> usize {
        if let Some(slot) = self.memory.find(coalition) {
            return slot;
        }
        talks.play(board, expected, coalition);
        self.memory.note(talks, board, coalition)
    }

    /// The same where only payoffs are asked for.
    pub fn weigh(
        &mut self,
        talks: &Talks,
        board: &mut WindowPlay,
        expected: &[StateSet],
        coalition: StateSet,
    ) -> usize {
        if let Some(slot) = self.memory.find(coalition) {
            return slot;
        }
        talks.play_draft(board, expected, coalition);
        self.memory.note(talks, board, coalition)
    }

    /// Stores payoffs that are known without playing: those of the window without an accord.
    pub fn store(&mut self, coalition: StateSet, parts: &[Parts]) {
        if self.memory.find(coalition).is_none() {
            let slot = self.memory.claim(coalition);
            self.memory.write(slot, parts.iter().copied());
        }
    }

    /// The payoffs in a slot.
    pub fn payoffs(&self, slot: usize) -> Payoffs<'_> {
        self.memory.payoffs(slot)
    }

    /// i's share of the pool of a coalition, if the coalition's shares were kept in this window.
    pub(crate) fn share(&self, coalition: StateSet, i: usize) -> Option<f64> {
        let share = self.memory.shares[self.memory.find(coalition)? * self.memory.n + i];
        (!share.is_nan()).then_some(share)
    }

    /// Keeps the members' shares, in ascending order of members, if there is room for the coalition.
    pub(crate) fn keep_shares(&mut self, coalition: StateSet, shares: &[f64]) {
        if let Some(slot) = self.memory.find(coalition) {
            for (i, &share) in members(coalition).zip(shares) {
                self.memory.shares[slot * self.memory.n + i] = share;
            }
        }
    }
}

impl PayoffCache {
    /// Room for coalitions of n states.
    pub fn new(n: usize) -> PayoffCache {
        PayoffCache {
            n,
            cells: vec![PayoffEntry::default(); 2 * FIRST_ROOM],
            window: 1,
            count: 0,
            payoffs: Vec::with_capacity((FIRST_ROOM + 1) * 2 * n),
            shares: Vec::with_capacity((FIRST_ROOM + 1) * n),
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.window = self.window.wrapping_add(1);
        if self.window == 0 {
            self.cells.fill(PayoffEntry::default());
            self.window = 1;
        }
        self.count = 0;
        self.payoffs.clear();
        self.payoffs.resize(2 * self.n, 0.0);
        self.shares.clear();
        self.shares.resize(self.n, f64::NAN);
    }

    /// Forgets everything and gives its room back if it takes much.
    pub fn shrink(&mut self) {
        if self.count > MOST_KEPT {
            *self = PayoffCache::new(self.n);
            self.clear();
        }
    }

    /// Whether the payoffs of a coalition are remembered.
    pub fn knows(&self, coalition: StateSet) -> bool {
        self.find(coalition).is_some()
    }

    /// Copies the payoffs of a coalition that another memory knows.
    pub fn copy_of(&mut self, other: &PayoffCache, coalition: StateSet) {
        if let Some(from) = other.find(coalition) {
            let (to, width) = (self.claim(coalition), 2 * self.n);
            self.payoffs[to * width..(to + 1) * width]
                .copy_from_slice(&other.payoffs[from * width..(from + 1) * width]);
        }
    }

    fn payoffs(&self, slot: usize) -> Payoffs<'_> {
        Payoffs {
            gross: &self.payoffs[slot * 2 * self.n..(slot * 2 + 1) * self.n],
            rest: &self.payoffs[(slot * 2 + 1) * self.n..(slot * 2 + 2) * self.n],
        }
    }

    /// Notes the payoffs of the play on the board.
    fn note(&mut self, talks: &Talks, board: &WindowPlay, coalition: StateSet) -> usize {
        let slot = self.claim(coalition);
        let parts = |i| state_parts(talks.economy, talks.scene, talks.standing, board, i);
        self.write(slot, (0..self.n).map(parts));
        slot
    }

    fn write(&mut self, slot: usize, parts: impl Iterator<Item = Parts>) {
        for (i, parts) in parts.enumerate() {
            self.payoffs[slot * 2 * self.n + i] = parts.gross();
            self.payoffs[(slot * 2 + 1) * self.n + i] = parts.rest();
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
        self.cells[at] = PayoffEntry {
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
        self.cells = vec![PayoffEntry::default(); 2 * old.len()];
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
        let mut coalitions = Coalitions::new(2, 1, 0);
        let parts = |access: f64, own: f64| Parts {
            access,
            own,
            ..Parts::default()
        };
        for window in 0..3 {
            coalitions.clear();
            let stored = 3000 - 1000 * window;
            for mask in 0..stored {
                assert!(!coalitions.memory.knows(mask), "window {window}");
                coalitions.store(mask, &[parts(mask as f64, 0.5), parts(1.0, 0.0)]);
            }
            for mask in 0..stored {
                let slot = coalitions.memory.find(mask).expect("stored");
                assert_eq!(
                    coalitions.payoffs(slot).delayed(0, 2.0),
                    2.0 * mask as f64 + 0.5
                );
            }
            assert!(!coalitions.memory.knows(stored));
        }
    }

    #[test]
    fn a_memory_is_traded_whole() {
        let (mut coalitions, mut memory) = (Coalitions::new(1, 1, 0), PayoffCache::new(1));
        coalitions.clear();
        memory.clear();
        let parts = Parts {
            access: 2.0,
            ..Parts::default()
        };
        coalitions.store(3, &[parts]);
        coalitions.trade(&mut memory);
        assert!(memory.knows(3) && !coalitions.memory.knows(3));
        coalitions.memory.copy_of(&memory, 3);
        let slot = coalitions.memory.find(3).expect("copied");
        assert_eq!(coalitions.payoffs(slot).gross, [2.0]);
    }
}
