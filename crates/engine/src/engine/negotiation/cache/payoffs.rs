//! Undelayed payoffs of one window under one set of rules in each setting, a coalition and whether it sits together, each played once.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::negotiation::payoff::{PayoffParts, state_parts};
use crate::engine::negotiation::tables::play::WindowPlay;
use crate::engine::negotiation::tables::setting::Setting;
use crate::engine::negotiation::tables::talks::Talks;

/// Most coalitions that are remembered in a window: all of 16 states, twice. Beyond, a coalition is played again when it is needed.
const MOST_REMEMBERED: usize = 1 << 17;
/// Coalitions for which there is room from the start.
const FIRST_ROOM: usize = 512;
/// Most coalitions that a memory keeps while it is not used: all of 12 states.
const MOST_KEPT: usize = 1 << 12;

/// Payoffs of the coalitions of one window under one set of rules.
#[derive(Debug, Clone)]
pub struct PayoffCache {
    n: usize,
    /// Open addressing: the window in which a cell was written (the present one if it counts), the setting and its slot.
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
    setting: Setting,
    slot: usize,
}

/// Gross (delayed) and rest (not delayed) parts of payoffs, n each.
#[derive(Debug, Clone, Copy)]
pub struct CoalitionPayoffs<'a> {
    /// access + terms + cash + repricing.
    pub gross: &'a [f64],
    /// own + switching.
    pub rest: &'a [f64],
}

impl CoalitionPayoffs<'_> {
    /// u_i with delay factor f.
    pub fn delayed(&self, i: usize, factor: f64) -> f64 {
        factor * self.gross[i] + self.rest[i]
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

    /// Forgets everything: another window, trial or set of rules begins.
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

    /// Whether the payoffs in a setting are remembered.
    pub fn knows(&self, setting: Setting) -> bool {
        self.find(setting).is_some()
    }

    /// Copies the payoffs in a setting that another memory knows.
    pub fn copy_of(&mut self, other: &PayoffCache, setting: Setting) {
        if let Some(from) = other.find(setting) {
            let (to, width) = (self.claim(setting), 2 * self.n);
            self.payoffs[to * width..(to + 1) * width]
                .copy_from_slice(&other.payoffs[from * width..(from + 1) * width]);
        }
    }

    /// The payoffs in a slot.
    pub fn payoffs(&self, slot: usize) -> CoalitionPayoffs<'_> {
        CoalitionPayoffs {
            gross: &self.payoffs[slot * 2 * self.n..(slot * 2 + 1) * self.n],
            rest: &self.payoffs[(slot * 2 + 1) * self.n..(slot * 2 + 2) * self.n],
        }
    }

    /// Member i's share of the pool of a coalition, if it was kept.
    pub fn share(&self, coalition: StateSet, i: usize) -> Option<f64> {
        let share = self.shares[self.find(Setting::whole(coalition))? * self.n + i];
        (!share.is_nan()).then_some(share)
    }

    /// Keeps the members' shares, in ascending order of members, if there is room for the coalition.
    pub fn keep_shares(&mut self, coalition: StateSet, shares: &[f64]) {
        if let Some(slot) = self.find(Setting::whole(coalition)) {
            for (i, &share) in members(coalition).zip(shares) {
                self.shares[slot * self.n + i] = share;
            }
        }
    }

    /// Forgets all shares, but no payoff.
    pub fn forget_shares(&mut self) {
        self.shares.fill(f64::NAN);
    }

    /// Notes the payoffs of a play; their slot.
    pub fn note(&mut self, talks: &Talks, play: &WindowPlay, setting: Setting) -> usize {
        let slot = self.claim(setting);
        let parts = |i| state_parts(talks.economy, talks.arm_economy, talks.standing, play, i);
        self.write(slot, (0..self.n).map(parts));
        slot
    }

    /// Writes the parts of every state's payoff into a slot.
    pub fn write(&mut self, slot: usize, parts: impl Iterator<Item = PayoffParts>) {
        for (i, parts) in parts.enumerate() {
            self.payoffs[slot * 2 * self.n + i] = parts.gross();
            self.payoffs[(slot * 2 + 1) * self.n + i] = parts.rest();
        }
    }

    /// The slot of a setting that was played in this window.
    pub fn find(&self, setting: Setting) -> Option<usize> {
        let cell = self.cells[self.cell_of(setting)];
        (cell.window == self.window).then_some(cell.slot)
    }

    /// The cell of a setting: the one that holds it, or the free one where it belongs.
    fn cell_of(&self, setting: Setting) -> usize {
        /// 2^64 divided by the golden ratio: spreads neighbouring coalitions (Knuth, The Art of Computer Programming 3, 6.4).
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let mask = self.cells.len() - 1;
        let number = setting.accord ^ u64::from(setting.apart).rotate_right(1);
        let mut at = (number.wrapping_mul(SPREAD) >> 32) as usize & mask;
        while self.cells[at].window == self.window && self.cells[at].setting != setting {
            at = (at + 1) & mask;
        }
        at
    }

    /// A slot for a new setting; slot 0 where there is room for no more.
    pub fn claim(&mut self, setting: Setting) -> usize {
        if self.count == MOST_REMEMBERED {
            self.shares[..self.n].fill(f64::NAN);
            return 0;
        }
        self.count += 1;
        if 2 * self.count > self.cells.len() {
            self.grow();
        }
        let (at, slot) = (self.cell_of(setting), self.count);
        self.cells[at] = PayoffEntry {
            window: self.window,
            setting,
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
            let at = self.cell_of(cell.setting);
            self.cells[at] = cell;
        }
    }
}
