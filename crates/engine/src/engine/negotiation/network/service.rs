//! From where each hyperscaler serves whom: matches of demand and room, quality of service (10)-(12), and the capital that follows demand.
//!
//! What a set of hosts serves hangs on the hosts, on who is inside the accord and on which matches pay, but not on the size of a
//! hyperscaler: demand and room grow with its share of the market alike. So hyperscalers of equal fit have their services in common, and one
//! that was found is remembered for the window.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, set_lane};
use crate::engine::model::valuation::Economy;
use wide::f64x4;

/// Matches whose worth lies this close are served together; what is left of a demand or a room below this share of it is nothing.
const TIE: f64 = 1e-12;
/// Services that are remembered in a window.
const CELLS: usize = 1 << 12;

/// Demand in i that a host in j could serve.
#[derive(Debug, Clone, Copy)]
struct Match {
    i: u32,
    j: u32,
    /// w_ij.
    added: f64,
}

/// Hyperscalers of equal fit: demand and room per unit of share of the market.
#[derive(Debug, Clone, Default)]
struct FitClass {
    /// fit_ih by state, of the first of them.
    fit: Vec<f64>,
    /// market_i·fit_ih.
    demand: Vec<f64>,
    /// max(0, hub_j·Σ_l market_l·fit_lh − market_j·fit_jh).
    room: Vec<f64>,
    /// The states with room, and those with demand.
    roomy: StateSet,
    needy: StateSet,
}

/// What a remembered service was found for; the generation is that of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct ServiceKey {
    hosts: StateSet,
    accord: StateSet,
    class: u16,
    payer: u16,
    kappa: u32,
    generation: u64,
}

/// Services of the hyperscalers in one window.
#[derive(Debug, Clone)]
pub struct ServiceCache {
    n: usize,
    lanes: usize,
    generation: u64,
    /// By hyperscaler; none where it has no share of the market.
    class_of: Vec<Option<usize>>,
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
    /// w_ij under the rules in force, n × n; 0 on the diagonal.
    added: Vec<f64>,
    /// Matches with w > 0, the best first.
    matches: Vec<Match>,
    /// How many of them pay, by hyperscaler.
    paying: Vec<usize>,
    keys: Vec<ServiceKey>,
    quality: Vec<f64x4>,
    served: Vec<f64>,
    scratch: Allocation,
}

/// Scratch of one allocation.
#[derive(Debug, Clone, Default)]
struct Allocation {
    need: Vec<f64>,
    room: Vec<f64>,
    needs_at: Vec<f64>,
    rooms_for: Vec<f64>,
    tied: Vec<Match>,
    given: Vec<f64>,
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
        let state = || vec![0.0; n];
        ServiceCache {
            n,
            lanes,
            generation: 0,
            class_of: vec![None; m],
            classes: (0..m).map(|_| class()).collect(),
            class_count: 0,
            least_added: vec![0.0; m],
            charge: vec![0.0; m],
            kappas: Vec::with_capacity(64),
            kappa: usize::MAX,
            accord: 0,
            added: vec![0.0; n * n],
            matches: Vec::with_capacity(n * n),
            paying: vec![0; m],
            keys: vec![ServiceKey::default(); CELLS],
            quality: vec![f64x4::ZERO; CELLS * lanes],
            served: vec![0.0; CELLS],
            scratch: Allocation {
                need: state(),
                room: state(),
                needs_at: state(),
                rooms_for: state(),
                tied: Vec::with_capacity(n * n),
                given: vec![0.0; n * n],
            },
        }
    }

    /// Another window or world begins: demand, room and which matches pay are those of `economy`.
    pub fn open(&mut self, economy: &Economy) {
        self.generation += 1;
        self.kappas.clear();
        self.kappa = usize::MAX;
        self.class_count = 0;
        for h in 0..economy.m {
            let mut class = None;
            if (0..economy.n).any(|i| economy.share[i * economy.m + h] > 0.0) {
                class = Some(self.class(economy, h));
            }
            self.class_of[h] = class;
            let per_demand = economy.capital_charge * economy.capex_per_market;
            self.charge[h] = per_demand * economy.market_share[h];
            let margin = economy.operating_margin[h] * economy.hyperscaler_annuity[h];
            self.least_added[h] = match margin > 0.0 {
                true => per_demand / margin,
                false => f64::INFINITY,
            };
        }
    }

    /// The class of h, new unless another has the same fit.
    fn class(&mut self, economy: &Economy, h: usize) -> usize {
        let (n, m) = (economy.n, economy.m);
        let fit = |i: usize| economy.fit[i * m + h];
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
        (self.kappa, self.accord) = (index, accord);
        self.find_matches(economy, kappa, accord);
    }

    fn find_matches(&mut self, economy: &Economy, kappa: f64, accord: StateSet) {
        let n = self.n;
        let classes = &self.classes[..self.class_count];
        let roomy = classes.iter().fold(0, |all, class| all | class.roomy);
        self.matches.clear();
        for i in 0..n {
            for j in (0..n).filter(|&j| j != i) {
                let both = accord >> i & accord >> j & 1 == 1;
                let bound = economy.residency[i] * if both { 1.0 - kappa } else { 1.0 };
                let added = economy.efficiency[i * n + j] * (1.0 - bound) - economy.outside[i];
                self.added[i * n + j] = added;
                if added > 0.0 && roomy >> j & 1 == 1 && economy.market[i] > 0.0 {
                    let (i, j) = (i as u32, j as u32);
                    self.matches.push(Match { i, j, added });
                }
            }
        }
        (self.matches).sort_unstable_by(|one, other| {
            let places = (one.i, one.j).cmp(&(other.i, other.j));
            other.added.total_cmp(&one.added).then(places)
        });
        for (paying, least) in self.paying.iter_mut().zip(&self.least_added) {
            *paying = self.matches.partition_point(|one| one.added > *least);
        }
    }

    /// w_ij under the rules in force: what a host in j adds to the service of i.
    pub fn added(&self, i: usize, j: usize) -> f64 {
        self.added[i * self.n + j]
    }

    /// Writes ψ_·h (12) with `hosts` into a column of lanes; the cost of the capital that serves states without a host (14), USD bn.
    pub fn write_quality(
        &mut self,
        economy: &Economy,
        h: usize,
        hosts: StateSet,
        column: &mut [f64x4],
    ) -> f64 {
        let Some(class) = self.class_of[h] else {
            return self.write_without_share(economy, hosts, column);
        };
        let key = self.key(class, h, hosts);
        let cell = cell_of(&key);
        let lanes = cell * self.lanes..(cell + 1) * self.lanes;
        if self.keys[cell] != key {
            self.keys[cell] = key;
            self.find(economy, class, self.paying[h], hosts, cell);
        }
        column.copy_from_slice(&self.quality[lanes]);
        self.charge[h] * self.served[cell]
    }

    /// What the service of `hosts` hangs on: the accord only by its members without a host and by those with hosts that have room, and the
    /// hyperscaler only where some match does not pay it.
    fn key(&self, class: usize, h: usize, hosts: StateSet) -> ServiceKey {
        let fit = &self.classes[class];
        let served = self.accord & fit.needy & !hosts;
        let serving = self.accord & fit.roomy & hosts;
        let counts = served != 0 && serving != 0;
        let all_pay = self.paying[h] == self.matches.len();
        ServiceKey {
            hosts,
            accord: if counts { served | serving } else { 0 },
            class: class as u16,
            payer: if all_pay { 0 } else { h as u16 + 1 },
            kappa: if counts { self.kappa as u32 + 1 } else { 0 },
            generation: self.generation,
        }
    }

    /// Whoever has no share serves its hosts, and nobody else better than from outside.
    fn write_without_share(&self, economy: &Economy, hosts: StateSet, column: &mut [f64x4]) -> f64 {
        column.copy_from_slice(&economy.outside_lanes);
        for i in members(hosts) {
            set_lane(column, i, 1.0);
        }
        0.0
    }

    fn find(
        &mut self,
        economy: &Economy,
        class: usize,
        paying: usize,
        hosts: StateSet,
        cell: usize,
    ) {
        let column = &mut self.quality[cell * self.lanes..(cell + 1) * self.lanes];
        column.copy_from_slice(&economy.outside_lanes);
        for i in members(hosts) {
            set_lane(column, i, 1.0);
        }
        let class = &self.classes[class];
        let mut served = 0.0;
        let matches = &self.matches[..paying];
        allocate(matches, class, hosts, &mut self.scratch, |one, amount| {
            let i = one.i as usize;
            served += amount;
            column[i / LANE].as_mut_array()[i % LANE] += one.added * (amount / class.demand[i]);
        });
        self.served[cell] = served;
    }

    /// Writes y_ij, the share of i's demand for h that its host in j serves, to `shares[i·n + j]`; 1 for i = j in `hosts`.
    pub fn shares(&mut self, h: usize, hosts: StateSet, shares: &mut [f64]) {
        let n = self.n;
        shares.fill(0.0);
        members(hosts).for_each(|i| shares[i * n + i] = 1.0);
        let Some(class) = self.class_of[h] else {
            return;
        };
        let class = &self.classes[class];
        let matches = &self.matches[..self.paying[h]];
        allocate(matches, class, hosts, &mut self.scratch, |one, amount| {
            let (i, j) = (one.i as usize, one.j as usize);
            shares[i * n + j] += amount / class.demand[i];
        });
    }

    /// Cost of the capital by which h serves one unit of market_i·fit_ih from elsewhere, USD bn (14).
    pub fn charge(&self, h: usize) -> f64 {
        self.charge[h]
    }
}

/// Gives demand without a host the room of hosts, the best matches first and equal ones in proportion (section 3).
fn allocate(
    matches: &[Match],
    class: &FitClass,
    hosts: StateSet,
    scratch: &mut Allocation,
    mut give: impl FnMut(Match, f64),
) {
    let mut roomy = hosts & class.roomy;
    let mut needy = class.needy & !hosts;
    if roomy == 0 || needy == 0 {
        return;
    }
    members(needy).for_each(|i| scratch.need[i] = class.demand[i]);
    members(roomy).for_each(|j| scratch.room[j] = class.room[j]);
    let mut at = 0;
    while at < matches.len() && needy != 0 && roomy != 0 {
        let first = matches[at];
        if needy >> first.i & roomy >> first.j & 1 == 0 {
            at += 1;
            continue;
        }
        let least = first.added - TIE;
        let tied = &mut scratch.tied;
        tied.clear();
        while let Some(&one) = matches.get(at)
            && one.added >= least
        {
            if needy >> one.i & roomy >> one.j & 1 == 1 {
                tied.push(one);
            }
            at += 1;
        }
        scratch.share_room();
        for k in 0..scratch.tied.len() {
            let one = scratch.tied[k];
            let (i, j) = (one.i as usize, one.j as usize);
            let amount = scratch.given[k];
            if take(&mut scratch.need[i], amount, class.demand[i]) {
                needy &= !(1 << i);
            }
            if take(&mut scratch.room[j], amount, class.room[j]) {
                roomy &= !(1 << j);
            }
            give(one, amount);
        }
    }
}

impl Allocation {
    /// What each of the tied matches gets: ν_i·r_j/max(Σ ν_l over pairs (l,j), Σ r_k over pairs (i,k)).
    fn share_room(&mut self) {
        if let [one] = self.tied[..] {
            self.given[0] = self.need[one.i as usize].min(self.room[one.j as usize]);
            return;
        }
        for one in &self.tied {
            self.needs_at[one.j as usize] = 0.0;
            self.rooms_for[one.i as usize] = 0.0;
        }
        for one in &self.tied {
            self.needs_at[one.j as usize] += self.need[one.i as usize];
            self.rooms_for[one.i as usize] += self.room[one.j as usize];
        }
        for (given, one) in self.given.iter_mut().zip(&self.tied) {
            let (i, j) = (one.i as usize, one.j as usize);
            let most = self.needs_at[j].max(self.rooms_for[i]);
            *given = self.need[i] * (self.room[j] / most);
        }
    }
}

/// Takes an amount from what is left; whether that was all: next to nothing of the `whole` is nothing.
fn take(left: &mut f64, amount: f64, whole: f64) -> bool {
    *left -= amount;
    let spent = *left < TIE * whole;
    if spent {
        *left = 0.0;
    }
    spent
}

/// The cell of a service: a later one with the same cell takes its place.
fn cell_of(key: &ServiceKey) -> usize {
    /// 2^64 divided by the golden ratio, and another odd number: they spread neighbouring sets (Knuth, The Art of Computer Programming 3, 6.4).
    const SPREAD: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f];
    let rest = u64::from(key.class) << 48 | u64::from(key.payer) << 32 | u64::from(key.kappa);
    let mixed = (key.hosts ^ rest.rotate_left(17)).wrapping_mul(SPREAD[0]);
    let mixed = (mixed ^ mixed >> 29 ^ key.accord).wrapping_mul(SPREAD[1]);
    (mixed >> 32) as usize & (CELLS - 1)
}
