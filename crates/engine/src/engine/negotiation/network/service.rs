//! From where each hyperscaler serves whom: matches of demand and room, quality of service (10)-(12), and the capital that follows demand.
//!
//! What a set of hosts serves hangs on the hosts, on who is inside the accord and on which matches pay, but not on the size of a
//! hyperscaler: demand and room grow with its share of the market alike. So hyperscalers of equal fit have their services in common, and one
//! that was found is remembered for the window.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, set_lane};
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::network::allocation::{
    Allocation, FitClass, Match, Matches, Paying,
};
use wide::f64x4;

/// Services that are remembered in a window; each new one takes the place of the oldest.
const CELLS: usize = 1 << 12;

/// Places in which a remembered service is looked for; a later one of the same place takes it.
const PLACES: usize = 1 << 13;

/// What a remembered service was found for: hosts, members of the accord that matter, and era, class, payer and κ, all but the era from 1 so that
/// nothing is found under the empty key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct ServiceKey {
    hosts: StateSet,
    accord: StateSet,
    rest: u64,
}

/// What the key of a hyperscaler's services owes to the rules in force.
#[derive(Debug, Clone, Copy, Default)]
struct KeyRule {
    /// The members of the accord with demand, and those with room.
    served: StateSet,
    serving: StateSet,
    /// The rest of the key where the accord counts and where it does not.
    inside: u64,
    outside: u64,
}

/// A match, and whether it is that of two members of the accord.
#[derive(Debug, Clone, Copy)]
struct PossibleMatch {
    one: Match,
    both: bool,
}

/// Services of the hyperscalers in one window.
#[derive(Debug, Clone)]
pub struct ServiceCache {
    n: usize,
    lanes: usize,
    class_of: Vec<usize>,
    classes: Vec<FitClass>,
    class_count: usize,
    /// What a unit of better service must be worth so that the capital pays, by hyperscaler.
    least_added: Vec<f64>,
    /// capital_charge·capex·share by hyperscaler: cost per unit of demand served from elsewhere.
    charge: Vec<f64>,
    /// Data arrangements met in this window.
    kappas: Vec<f64>,
    /// The rules in force: index of κ, and those among whom it holds.
    kappa: usize,
    accord: StateSet,
    /// w_ij under κ, n × n, unless both are inside and if they are; 0 on the diagonal.
    added: [Vec<f64>; 2],
    /// What hosts could add under κ, the best first.
    possible: Vec<PossibleMatch>,
    /// By state, the best service from elsewhere under them: σ_i0 + max(0, max_j w_ij); and the most that its room adds to anybody's: max(0, max_i w_ij).
    best: Vec<f64>,
    most_added: Vec<f64>,
    matches: Matches,
    /// Those that pay, by hyperscaler.
    paying: Vec<Paying>,
    rules: Vec<KeyRule>,
    /// The cell of the service that was last found in a place.
    places: Vec<u32>,
    /// How many windows were opened: what was found in those before counts no more.
    era: u64,
    /// Where the next service goes, but where what was located last lies: two may be looked at together.
    next: usize,
    last: usize,
    keys: Vec<ServiceKey>,
    quality: Vec<f64x4>,
    served: Vec<f64>,
    scratch: Allocation,
}

impl ServiceCache {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> ServiceCache {
        let lanes = n.div_ceil(LANE);
        let class = || FitClass {
            fit: vec![0.0; n],
            demand: vec![0.0; n],
            room: vec![0.0; n],
            roomy: 0,
            needy: 0,
        };
        ServiceCache {
            n,
            lanes,
            class_of: vec![0; m],
            classes: (0..m).map(|_| class()).collect(),
            class_count: 0,
            least_added: vec![0.0; m],
            charge: vec![0.0; m],
            kappas: Vec::with_capacity(64),
            kappa: usize::MAX,
            accord: 0,
            added: [(); 2].map(|()| vec![0.0; n * n]),
            possible: Vec::with_capacity(2 * n * n),
            best: vec![0.0; n],
            most_added: vec![0.0; n],
            matches: Matches::new(n),
            paying: vec![Paying::default(); m],
            rules: vec![KeyRule::default(); m],
            places: vec![0; PLACES],
            era: 0,
            next: 0,
            last: CELLS,
            keys: vec![ServiceKey::default(); CELLS],
            quality: vec![f64x4::ZERO; CELLS * lanes],
            served: vec![0.0; CELLS],
            scratch: Allocation::new(n),
        }
    }

    /// Another window or world begins: demand, room and which matches pay are those of `economy`.
    pub fn open(&mut self, economy: &Economy) {
        self.era += 1;
        self.kappas.clear();
        self.kappa = usize::MAX;
        self.class_count = 0;
        for h in 0..economy.m {
            self.class_of[h] = self.class(economy, h);
            let per_demand = economy.capital_charge * economy.capex_per_market;
            self.charge[h] = per_demand * economy.market_share[h];
            let margin = economy.operating_margin[h] * economy.hyperscaler_annuity[h];
            self.least_added[h] = match margin > 0.0 {
                true => per_demand / margin,
                false => f64::INFINITY,
            };
        }
    }

    /// The class of h, new unless another has the same fit. Whoever has no share of the market fits nowhere: it has nobody to serve.
    fn class(&mut self, economy: &Economy, h: usize) -> usize {
        let (n, m) = (economy.n, economy.m);
        let present = (0..n).any(|i| economy.share[i * m + h] > 0.0);
        let fit = |i: usize| match present {
            true => economy.fit[i * m + h],
            false => 0.0,
        };
        let known = &self.classes[..self.class_count];
        let same = |class: &FitClass| (0..n).all(|i| class.fit[i] == fit(i));
        if let Some(at) = known.iter().position(same) {
            return at;
        }
        let class = &mut self.classes[self.class_count];
        self.class_count += 1;
        let mut region = 0.0;
        for i in 0..n {
            class.fit[i] = fit(i);
            class.demand[i] = economy.market[i] * fit(i);
            region += class.demand[i];
        }
        (class.roomy, class.needy) = (0, 0);
        for j in 0..n {
            class.room[j] = (economy.hub[j] * region - class.demand[j]).max(0.0);
            if class.room[j] > 0.0 {
                class.roomy |= 1 << j;
            }
            if class.demand[j] > 0.0 {
                class.needy |= 1 << j;
            }
        }
        self.class_count - 1
    }

    /// Sets the rules in force: κ among the members of `accord`, two at least (10).
    pub fn set_rules(&mut self, economy: &Economy, kappa: f64, accord: StateSet) {
        let counts = kappa > 0.0 && accord.count_ones() >= 2;
        let (kappa, accord) = if counts { (kappa, accord) } else { (0.0, 0) };
        let known = self.kappas.iter().position(|&one| one == kappa);
        let index = known.unwrap_or_else(|| {
            self.kappas.push(kappa);
            self.kappas.len() - 1
        });
        if self.kappa == index && self.accord == accord {
            return;
        }
        if self.kappa != index {
            self.find_possible(economy, kappa);
        }
        (self.kappa, self.accord) = (index, accord);
        self.find_matches(economy, accord);
    }

    /// Finds what hosts could add under κ to states with demand, where one of the two is outside and where both are inside, the best first.
    fn find_possible(&mut self, economy: &Economy, kappa: f64) {
        let n = self.n;
        let classes = &self.classes[..self.class_count];
        let roomy = classes.iter().fold(0, |all, class| all | class.roomy);
        self.possible.clear();
        for i in 0..n {
            for j in (0..n).filter(|&j| j != i) {
                for both in [false, true] {
                    let bound = economy.residency[i] * if both { 1.0 - kappa } else { 1.0 };
                    let added = economy.efficiency[i * n + j] * (1.0 - bound) - economy.outside[i];
                    self.added[usize::from(both)][i * n + j] = added;
                    if added > 0.0 && roomy >> j & 1 == 1 && economy.market[i] > 0.0 {
                        let (i, j) = (i as u32, j as u32);
                        let one = Match { i, j, added };
                        self.possible.push(PossibleMatch { one, both });
                    }
                }
            }
        }
        (self.possible).sort_unstable_by(|one, other| one.one.better_first(&other.one));
    }

    /// Takes the matches of an accord from the possible.
    fn find_matches(&mut self, economy: &Economy, accord: StateSet) {
        self.matches.clear();
        self.best.copy_from_slice(&economy.outside);
        self.most_added.fill(0.0);
        for &PossibleMatch { one, both } in &self.possible {
            if both == (accord >> one.i & accord >> one.j & 1 == 1) {
                let best = &mut self.best[one.i as usize];
                *best = best.max(economy.outside[one.i as usize] + one.added);
                let most = &mut self.most_added[one.j as usize];
                *most = most.max(one.added);
                self.matches.push(one);
            }
        }
        for (paying, &least) in self.paying.iter_mut().zip(&self.least_added) {
            *paying = self.matches.paying(least);
        }
        for h in 0..self.rules.len() {
            self.rules[h] = self.key_rule(h);
        }
    }

    /// The service of h hangs on the accord only by its members without a host and by those with hosts that have room, and on h itself only
    /// where some match does not pay it.
    fn key_rule(&self, h: usize) -> KeyRule {
        let class = self.class_of[h];
        let fit = &self.classes[class];
        let payer = match self.matches.all_pay(self.paying[h]) {
            true => 0,
            false => h as u64 + 1,
        };
        // Classes, payers and κ are at most one more than there may be hyperscalers or arms, 64.
        let outside = self.era << 24 | (class as u64 + 1) << 16 | payer << 8;
        KeyRule {
            served: self.accord & fit.needy,
            serving: self.accord & fit.roomy,
            inside: outside | (self.kappa as u64 + 1),
            outside,
        }
    }

    /// w_ij under the rules in force: what a host in j adds to the service of i.
    pub fn added(&self, i: usize, j: usize) -> f64 {
        let both = self.accord >> i & self.accord >> j & 1 == 1;
        self.added[usize::from(both)][i * self.n + j]
    }

    /// Writes ψ_·h (12) with `hosts` into a column of lanes; the cost of the capital that serves states without a host (14), USD bn.
    pub fn write_quality(
        &mut self,
        economy: &Economy,
        h: usize,
        hosts: StateSet,
        column: &mut [f64x4],
    ) -> f64 {
        let cell = self.locate(economy, h, hosts);
        column.copy_from_slice(self.quality(cell));
        self.capital(h, cell)
    }

    /// The cell that holds the service of `hosts`, also while one more is located.
    #[inline]
    pub fn locate(&mut self, economy: &Economy, h: usize, hosts: StateSet) -> usize {
        let key = self.key(h, hosts);
        let place = place_of(&key);
        let known = self.places[place] as usize;
        let cell = match self.keys[known] == key {
            true => known,
            false => self.find(economy, h, key, place),
        };
        self.last = cell;
        cell
    }

    /// ψ of a cell.
    #[inline]
    pub fn quality(&self, cell: usize) -> &[f64x4] {
        &self.quality[cell * self.lanes..(cell + 1) * self.lanes]
    }

    /// Cost of the capital by which h gives the service of a cell, USD bn (14).
    #[inline]
    pub fn capital(&self, h: usize, cell: usize) -> f64 {
        self.charge[h] * self.served[cell]
    }

    /// What the service of `hosts` hangs on.
    #[inline]
    fn key(&self, h: usize, hosts: StateSet) -> ServiceKey {
        let rule = &self.rules[h];
        let (served, serving) = (rule.served & !hosts, rule.serving & hosts);
        let counts = served != 0 && serving != 0;
        ServiceKey {
            hosts,
            accord: if counts { served | serving } else { 0 },
            rest: if counts { rule.inside } else { rule.outside },
        }
    }

    /// Finds the service of a key and remembers it in `place`; its cell.
    #[inline(never)]
    fn find(&mut self, economy: &Economy, h: usize, key: ServiceKey, place: usize) -> usize {
        let cell = match self.next == self.last {
            true => (self.next + 1) % CELLS,
            false => self.next,
        };
        self.next = (cell + 1) % CELLS;
        self.places[place] = cell as u32;
        self.keys[cell] = key;
        let column = &mut self.quality[cell * self.lanes..(cell + 1) * self.lanes];
        column.copy_from_slice(&economy.outside_lanes);
        for i in members(key.hosts) {
            set_lane(column, i, 1.0);
        }
        let class = &self.classes[self.class_of[h]];
        let mut served = 0.0;
        let give = |i: usize, added: f64, amount: f64| {
            served += amount;
            column[i / LANE].as_mut_array()[i % LANE] += added * (amount / class.demand[i]);
        };
        let scratch = &mut self.scratch;
        (self.matches).serve(self.paying[h], class, key.hosts, scratch, give);
        self.served[cell] = served;
        cell
    }

    /// Writes y_ij, the share of i's demand for h that its host in j serves, to `shares[i·n + j]`; 1 for i = j in `hosts`.
    pub fn shares(&mut self, h: usize, hosts: StateSet, shares: &mut [f64]) {
        let n = self.n;
        shares.fill(0.0);
        members(hosts).for_each(|i| shares[i * n + i] = 1.0);
        let class = &self.classes[self.class_of[h]];
        let scratch = &mut self.scratch;
        (self.matches).allocate(self.paying[h], class, hosts, scratch, |one, amount| {
            let (i, j) = (one.i as usize, one.j as usize);
            shares[i * n + j] += amount / class.demand[i];
        });
    }

    /// Cost of the capital by which h serves one unit of market_i·fit_ih from elsewhere, USD bn (14).
    pub fn charge(&self, h: usize) -> f64 {
        self.charge[h]
    }

    /// The best service from elsewhere that i can get: σ_i0 + max(0, max_j w_ij).
    pub fn best(&self, i: usize) -> f64 {
        self.best[i]
    }

    /// Whether a host more never worsens the service of a state without one: no two states tie for room.
    pub fn is_monotone(&self) -> bool {
        self.matches.are_apart()
    }

    /// What a unit of better service must add for h so that its capital pays, over the least that a match which pays h adds; at most 1, and 0 where none
    /// does.
    pub fn dearest(&self, h: usize) -> f64 {
        self.least_paying(h)
            .map_or(0.0, |added| self.least_added[h] / added)
    }

    /// The least that a match which pays h adds to a service; none where none pays.
    pub fn least_paying(&self, h: usize) -> Option<f64> {
        self.matches.least_paying(self.paying[h])
    }

    /// The capital with which h would serve all of i's demand from elsewhere, USD bn.
    pub fn own_capital(&self, i: usize, h: usize) -> f64 {
        self.charge[h] * self.classes[self.class_of[h]].demand[i]
    }

    /// The most that a host in i can add to the service of others, Σ_l market_l·fit_lh·Δψ_lh, USD bn per year of spending: by its room, and by the
    /// room elsewhere that i needs no longer. Where two states do not tie, each unit of room that becomes free is taken by the one who
    /// gains most, whose room is taken in turn by one who gains no more than what the former had there: all of it adds up to the first gain at most.
    pub fn most_spread(&self, economy: &Economy, i: usize, h: usize) -> f64 {
        let class = &self.classes[self.class_of[h]];
        let regained = self.best[i] - economy.outside[i];
        class.room[i] * self.most_added[i] + class.demand[i] * regained
    }

    /// The capital with which h would serve all of i's demand and fill all of i's room, USD bn.
    pub fn most_capital(&self, i: usize, h: usize) -> f64 {
        let class = &self.classes[self.class_of[h]];
        self.charge[h] * (class.demand[i] + class.room[i])
    }
}

/// The place of a service.
fn place_of(key: &ServiceKey) -> usize {
    /// 2^64 divided by the golden ratio, and another odd number: they spread neighbouring sets (Knuth, The Art of Computer Programming 3, 6.4).
    const SPREAD: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f];
    let mixed = (key.hosts ^ key.rest.rotate_left(17)).wrapping_mul(SPREAD[0]);
    let mixed = (mixed ^ mixed >> 29 ^ key.accord).wrapping_mul(SPREAD[1]);
    (mixed >> 32) as usize & (PLACES - 1)
}
