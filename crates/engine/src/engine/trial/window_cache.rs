//! The cache of what the arms of a trial have in common in one window: values at the first talent, expected networks, and what coalitions get where two
//! arms stand alike and play by the same rules. Taking it from here changes no number: all of it is found from the same inputs. Windows with
//! more than 4,096 coalitions are not kept.

use crate::engine::model::arm::{Arm, Mode, StateSet, Turn};
use crate::engine::model::lanes::LANE;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::cache::payoffs::PayoffCache;
use crate::engine::negotiation::network::expected::expected_network;
use crate::engine::negotiation::standing::Standing;
use crate::engine::trial::scratch::WindowScratch;
use libm::pow;

/// Everything about an arm and its rules that a play of a window reads.
#[derive(Debug, Clone, Default, PartialEq)]
struct CacheKey {
    kind: Option<(Mode, Turn, bool, Option<u32>)>,
    rules: [f64; 5],
    floors: Vec<f64>,
}

impl CacheKey {
    fn write(&mut self, arm: &Arm, arm_economy: &ArmEconomy) {
        let rules = &arm_economy.rules;
        self.floors.clear();
        if !arm_economy.has_accord(arm) {
            // Nothing of the accord is read; a contest is one only while it is active.
            let contest = arm.mode == Mode::Contest && rules.active;
            let mode = if contest {
                Mode::Contest
            } else {
                Mode::Bilateral
            };
            self.kind = Some((mode, Turn::Middle, false, None));
            self.rules = [0.0; 5];
            return;
        }
        self.kind = Some((arm.mode, arm.turn, arm.cover_all, arm.shortlist));
        self.rules = [
            rules.binding,
            rules.harmonisation,
            rules.cross_border_data,
            rules.recourse,
            rules.pooling,
        ];
        self.floors.extend_from_slice(&arm_economy.floored_min);
    }
}

/// What one arm left in the window, for arms that stand alike.
struct CacheEntry {
    standing: Standing,
    expected: Vec<StateSet>,
    key: CacheKey,
    cache: PayoffCache,
}

/// A window of a trial.
pub(super) struct WindowCache {
    /// talent_i(0)^α; empty until it is asked for.
    first_power: Vec<f64>,
    entries: Vec<CacheEntry>,
    filled: usize,
    key: CacheKey,
}

impl WindowCache {
    /// Room for what so many arms leave.
    pub fn new(n: usize, m: usize, k: usize, arms: usize) -> WindowCache {
        let key = || CacheKey {
            floors: Vec::with_capacity(k.next_multiple_of(LANE)),
            ..CacheKey::default()
        };
        let entry = || CacheEntry {
            standing: Standing::new(n, m),
            expected: vec![0; m],
            key: key(),
            cache: PayoffCache::new(n),
        };
        WindowCache {
            first_power: Vec::with_capacity(n),
            entries: (0..arms).map(|_| entry()).collect(),
            filled: 0,
            key: key(),
        }
    }

    /// Another trial begins.
    pub fn forget(&mut self) {
        self.filled = 0;
        self.first_power.clear();
    }

    /// talent_i(0)^α of (7) for U⁰_i.
    pub fn first_power(&mut self, economy: &Economy, standing: &Standing) -> &[f64] {
        if self.first_power.is_empty() {
            let talent = standing.first_talent.iter();
            let power = talent.map(|&talent| pow(talent, economy.talent_elasticity));
            self.first_power.extend(power);
        }
        &self.first_power
    }

    /// Gives `scratch` the expected network of its standing, and the memory of an arm that played by the same rules from there, or an
    /// empty one; the place to which it belongs.
    pub fn open(&mut self, economy: &Economy, arm: &Arm, scratch: &mut WindowScratch) -> usize {
        self.key.write(arm, &scratch.arm_economy);
        let mut alike =
            (0..self.filled).filter(|&at| self.entries[at].standing == scratch.standing);
        let first = alike.next();
        match first {
            Some(at) => scratch.expected.copy_from_slice(&self.entries[at].expected),
            None => expected_network(
                economy,
                &scratch.arm_economy,
                &scratch.standing,
                &mut scratch.shedding,
                &mut scratch.expected,
            ),
        }
        let same = first.into_iter().chain(alike);
        let mut same = same.filter(|&at| self.entries[at].key == self.key);
        let at = match same.next() {
            Some(at) => at,
            None => self.claim(scratch, first),
        };
        scratch.coalitions.trade(&mut self.entries[at].cache);
        scratch.coalitions.reopen();
        at
    }

    /// Takes the payoffs of `scratch` back to their entry; what would take much room there is forgotten.
    pub fn close(&mut self, at: usize, scratch: &mut WindowScratch) {
        scratch.coalitions.trade(&mut self.entries[at].cache);
        self.entries[at].cache.shrink();
    }

    /// A new place; without an accord every way but a contest plays alike, so what each state gets alone is taken from `alike`.
    fn claim(&mut self, scratch: &WindowScratch, alike: Option<usize>) -> usize {
        // An arm that is played again in the same trial finds its place; the last one is given away where there is none left.
        let at = self.filled.min(self.entries.len() - 1);
        self.filled = at + 1;
        let (before, rest) = self.entries.split_at_mut(at);
        let entry = &mut rest[0];
        entry.standing.copy_from(&scratch.standing);
        entry.expected.copy_from_slice(&scratch.expected);
        entry.key.kind = self.key.kind;
        entry.key.rules = self.key.rules;
        entry.key.floors.clone_from(&self.key.floors);
        entry.cache.clear();
        let is_contest = |key: &CacheKey| key.kind.is_some_and(|kind| kind.0 == Mode::Contest);
        if let Some(first) = alike.filter(|_| !is_contest(&entry.key)) {
            let mut others = before.iter().skip(first);
            let known = others.find(|other| {
                !is_contest(&other.key) && other.standing == entry.standing && other.cache.knows(0)
            });
            if let Some(known) = known {
                entry.cache.copy_of(&known.cache, 0);
            }
        }
        at
    }
}
