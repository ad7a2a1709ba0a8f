//! The cache of what the arms of a trial have in common in one window: values at the first talent, and what coalitions get where two
//! arms stand alike and play by the same rules. Taking it from here changes no number: all of it is found from the same inputs. Windows with
//! more than 4,096 coalitions are not kept.

use crate::engine::model::arm::{Arm, Mode, StateSet, Turn};
use crate::engine::model::lanes::LANE;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::cache::expectations::ExpectationCache;
use crate::engine::negotiation::cache::payoffs::PayoffCache;
use crate::engine::negotiation::network::service::ServiceCache;
use crate::engine::negotiation::standing::Standing;
use crate::engine::negotiation::tables::setting::Setting;
use crate::engine::trial::scratch::WindowScratch;
use libm::pow;

/// What of an arm a play of a window reads.
#[derive(Debug, Clone, Copy, PartialEq)]
struct PlayedForm {
    mode: Mode,
    shortlist: Option<u32>,
    /// Of a bloc alone: who sits at its table where not all do, and how it deals there.
    table: Option<StateSet>,
    turn: Turn,
    cover_all: bool,
    annexes: bool,
    pooling: f64,
}

impl PlayedForm {
    fn of(arm: &Arm, arm_economy: &ArmEconomy) -> PlayedForm {
        let separate = PlayedForm {
            mode: arm.mode,
            shortlist: arm.shortlist,
            table: None,
            turn: Turn::Middle,
            cover_all: false,
            annexes: false,
            pooling: 0.0,
        };
        match arm.mode {
            // Nothing of the arm is read while it is not active.
            _ if !arm_economy.rules.active => PlayedForm {
                mode: Mode::Bilateral,
                shortlist: None,
                ..separate
            },
            Mode::Bloc => PlayedForm {
                table: (!arm.seats_all()).then_some(arm.table),
                turn: arm.turn,
                cover_all: arm.cover_all,
                annexes: arm.annexes,
                pooling: arm_economy.rules.pooling,
                ..separate
            },
            _ => separate,
        }
    }
}

/// Everything about an arm and its rules that a play of a window reads.
#[derive(Debug, Clone, Default, PartialEq)]
struct CacheKey {
    form: Option<PlayedForm>,
    rules: [f64; 4],
    floors: Vec<f64>,
}

impl CacheKey {
    fn write(&mut self, arm: &Arm, arm_economy: &ArmEconomy) {
        let rules = &arm_economy.rules;
        self.form = Some(PlayedForm::of(arm, arm_economy));
        self.rules = [0.0; 4];
        self.floors.clear();
        if arm_economy.has_accord(arm) {
            self.rules = [
                rules.recourse * rules.binding,
                rules.harmonisation,
                rules.cross_border_data,
                rules.most_favoured,
            ];
            self.floors.extend_from_slice(&arm_economy.floored_min);
        }
    }

    fn copy_from(&mut self, other: &CacheKey) {
        self.form = other.form;
        self.rules = other.rules;
        self.floors.clone_from(&other.floors);
    }

    /// Whether its window without an accord is the bilateral one: neither a contest nor states that tender alone.
    fn is_plain_alone(&self) -> bool {
        self.form.is_some_and(|form| match form.mode {
            Mode::Bilateral => form.shortlist.is_none(),
            Mode::Contest => false,
            Mode::Framework | Mode::Bloc => true,
        })
    }
}

/// What one arm left in the window, for arms that stand alike.
struct CacheEntry {
    standing: Standing,
    key: CacheKey,
    cache: PayoffCache,
}

/// The networks that are expected by arms that stand alike under rules that weigh alike in (17).
struct NetworkEntry {
    standing: Standing,
    rules: [f64; 3],
    cache: ExpectationCache,
}

/// Where an arm's window was found.
#[derive(Debug, Clone, Copy)]
pub(super) struct CachePlace {
    payoffs: usize,
    networks: usize,
}

/// A window of a trial.
pub(super) struct WindowCache {
    /// talent_i(0)^α; empty until it is asked for.
    first_power: Vec<f64>,
    /// Who is served from where; opened once it is asked for.
    service: ServiceCache,
    is_open: bool,
    entries: Vec<CacheEntry>,
    filled: usize,
    networks: Vec<NetworkEntry>,
    known_networks: usize,
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
            key: key(),
            cache: PayoffCache::new(n),
        };
        let network = || NetworkEntry {
            standing: Standing::new(n, m),
            rules: [0.0; 3],
            cache: ExpectationCache::new(m),
        };
        WindowCache {
            first_power: Vec::with_capacity(n),
            service: ServiceCache::new(n, m),
            is_open: false,
            entries: (0..arms).map(|_| entry()).collect(),
            filled: 0,
            networks: (0..arms).map(|_| network()).collect(),
            known_networks: 0,
            key: key(),
        }
    }

    /// Another trial begins.
    pub fn forget(&mut self) {
        self.filled = 0;
        self.known_networks = 0;
        self.first_power.clear();
        self.is_open = false;
    }

    /// Exchanges the service of the window, which is that of `economy`.
    pub fn trade_service(&mut self, economy: &Economy, service: &mut ServiceCache) {
        if !self.is_open {
            self.service.open(economy);
            self.is_open = true;
        }
        std::mem::swap(&mut self.service, service);
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

    /// Gives `scratch` the memory of an arm that stood alike and played by the same rules, or an empty one; the place to which it belongs.
    pub fn open(&mut self, arm: &Arm, scratch: &mut WindowScratch) -> CachePlace {
        self.key.write(arm, &scratch.arm_economy);
        let networks = self.networks_of(&scratch.standing);
        let known = &mut self.networks[networks].cache;
        std::mem::swap(&mut scratch.play.expectations, known);
        let mut entries = self.entries[..self.filled].iter();
        let same = entries.position(|one| one.key == self.key && one.standing == scratch.standing);
        let at = same.unwrap_or_else(|| self.claim(scratch));
        scratch.coalitions.trade(&mut self.entries[at].cache);
        scratch.coalitions.reopen();
        CachePlace {
            payoffs: at,
            networks,
        }
    }

    /// Takes what `scratch` remembers back to its entries; payoffs that would take much room there are forgotten.
    pub fn close(&mut self, at: CachePlace, scratch: &mut WindowScratch) {
        let networks = &mut self.networks[at.networks].cache;
        std::mem::swap(&mut scratch.play.expectations, networks);
        let payoffs = &mut self.entries[at.payoffs].cache;
        scratch.coalitions.trade(payoffs);
        payoffs.shrink();
    }

    /// The place of the networks of arms that stand so under the rules of the key: recourse, harmonisation and data arrangement.
    fn networks_of(&mut self, standing: &Standing) -> usize {
        let [recourse, harmonisation, kappa, _] = self.key.rules;
        let rules = [recourse, harmonisation, kappa];
        let mut known = self.networks[..self.known_networks].iter();
        let same = known.position(|one| one.rules == rules && one.standing == *standing);
        same.unwrap_or_else(|| {
            let at = self.known_networks.min(self.networks.len() - 1);
            self.known_networks = at + 1;
            let entry = &mut self.networks[at];
            entry.standing.copy_from(standing);
            entry.rules = rules;
            entry.cache.forget();
            at
        })
    }

    /// A new place; what each state gets alone is taken from an arm that stood alike.
    fn claim(&mut self, scratch: &WindowScratch) -> usize {
        // An arm that is played again in the same trial finds its place; the last one is given away where there is none left.
        let at = self.filled.min(self.entries.len() - 1);
        self.filled = at + 1;
        let (before, rest) = self.entries.split_at_mut(at);
        let entry = &mut rest[0];
        entry.standing.copy_from(&scratch.standing);
        entry.key.copy_from(&self.key);
        entry.cache.clear();
        if entry.key.is_plain_alone() {
            let alone = Setting::default();
            let known = before.iter().find(|other| {
                other.key.is_plain_alone()
                    && other.standing == entry.standing
                    && other.cache.knows(alone)
            });
            if let Some(known) = known {
                entry.cache.copy_of(&known.cache, alone);
            }
        }
        at
    }
}
