//! What the arms of a trial have in common in one window: values at the first talent, expected networks, and what coalitions get where two
//! arms stand alike and play by the same rules. Taking it from here changes no number: all of it is found from the same inputs. Windows with
//! more than 4,096 coalitions are not kept.

use crate::engine::model::arm::{Arm, Mode, StateSet, Turn};
use crate::engine::model::lanes::LANE;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::coalitions::PayoffCache;
use crate::engine::negotiation::expected::expected_network;
use crate::engine::negotiation::scene::{ArmEconomy, Standing};
use crate::engine::trial::desk::WindowScratch;
use libm::pow;

/// Everything about an arm and its rules that a play of a window reads.
#[derive(Debug, Clone, Default, PartialEq)]
struct CacheKey {
    kind: Option<(Mode, Turn, bool, Option<u32>)>,
    rules: [f64; 5],
    floors: Vec<f64>,
}

impl CacheKey {
    fn write(&mut self, arm: &Arm, scene: &ArmEconomy) {
        let rules = &scene.rules;
        self.floors.clear();
        if !scene.has_accord(arm) {
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
        self.floors.extend_from_slice(&scene.floored_min);
    }
}

/// What one arm left.
struct CacheEntry {
    standing: Standing,
    expected: Vec<StateSet>,
    way: CacheKey,
    memory: PayoffCache,
}

/// A window of a trial.
pub(super) struct WindowCache {
    /// talent_i(0)^α; empty until it is asked for.
    first_power: Vec<f64>,
    places: Vec<CacheEntry>,
    filled: usize,
    way: CacheKey,
}

impl WindowCache {
    /// Room for what so many arms leave.
    pub fn new(n: usize, m: usize, k: usize, arms: usize) -> WindowCache {
        let way = || CacheKey {
            floors: Vec::with_capacity(k.next_multiple_of(LANE)),
            ..CacheKey::default()
        };
        let place = || CacheEntry {
            standing: Standing::new(n, m),
            expected: vec![0; m],
            way: way(),
            memory: PayoffCache::new(n),
        };
        WindowCache {
            first_power: Vec::with_capacity(n),
            places: (0..arms).map(|_| place()).collect(),
            filled: 0,
            way: way(),
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

    /// Gives the desk the expected network of its standing, and the memory of an arm that played by the same rules from there, or an
    /// empty one; the place to which it belongs.
    pub fn open(&mut self, economy: &Economy, arm: &Arm, desk: &mut WindowScratch) -> usize {
        self.way.write(arm, &desk.scene);
        let mut alike = (0..self.filled).filter(|&at| self.places[at].standing == desk.standing);
        let first = alike.next();
        match first {
            Some(at) => desk.expected.copy_from_slice(&self.places[at].expected),
            None => expected_network(
                economy,
                &desk.scene,
                &desk.standing,
                &mut desk.shedding,
                &mut desk.expected,
            ),
        }
        let same = first.into_iter().chain(alike);
        let mut same = same.filter(|&at| self.places[at].way == self.way);
        let at = match same.next() {
            Some(at) => at,
            None => self.claim(desk, first),
        };
        desk.coalitions.trade(&mut self.places[at].memory);
        desk.coalitions.reopen();
        at
    }

    /// Takes the desk's memory back to its place; what would take much room there is forgotten.
    pub fn close(&mut self, at: usize, desk: &mut WindowScratch) {
        desk.coalitions.trade(&mut self.places[at].memory);
        self.places[at].memory.shrink();
    }

    /// A new place; without an accord every way but a contest plays alike, so what each state gets alone is taken from `alike`.
    fn claim(&mut self, desk: &WindowScratch, alike: Option<usize>) -> usize {
        // An arm that is played again in the same trial finds its place; the last one is given away where there is none left.
        let at = self.filled.min(self.places.len() - 1);
        self.filled = at + 1;
        let (before, rest) = self.places.split_at_mut(at);
        let place = &mut rest[0];
        place.standing.copy_from(&desk.standing);
        place.expected.copy_from_slice(&desk.expected);
        place.way.kind = self.way.kind;
        place.way.rules = self.way.rules;
        place.way.floors.clone_from(&self.way.floors);
        place.memory.clear();
        let is_contest = |way: &CacheKey| way.kind.is_some_and(|kind| kind.0 == Mode::Contest);
        if let Some(first) = alike.filter(|_| !is_contest(&place.way)) {
            let mut others = before.iter().skip(first);
            let known = others.find(|other| {
                !is_contest(&other.way) && other.standing == place.standing && other.memory.knows(0)
            });
            if let Some(known) = known {
                place.memory.copy_of(&known.memory, 0);
            }
        }
        at
    }
}
