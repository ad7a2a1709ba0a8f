//! The expected network (17) found by bounds is the one found without them, and the bounds hold in every network.

use crate::agreement::scenarios;
use crate::reference::network::Economy;
use crate::support::scenarios::Corner;
use crate::support::{Reference, Window, follow, model};
use mufakat::engine::model::arm::{StateSet, full_set, members};
use mufakat::engine::negotiation::network::assured::Assured;
use mufakat::engine::negotiation::network::expected::{Expectation, Shedding};
use mufakat::engine::negotiation::network::service::ServiceCache;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Joint gains are sums of a few dozen terms of order 1.
const ROUNDING: f64 = 1e-12;

/// What the tests saw, so that none of them holds for want of cases.
#[derive(Debug, Default)]
struct Seen {
    networks: usize,
    assured: usize,
    /// Pairs about which something is known though they may leave.
    bounded: usize,
    left: usize,
    by_rivals: usize,
    refused: usize,
}

/// One window under one accord.
struct Case<'a> {
    window: &'a Window,
    accord: StateSet,
    service: ServiceCache,
    assured: Assured,
}

impl Case<'_> {
    fn new(window: &Window, accord: StateSet) -> Case<'_> {
        let (n, m) = (window.economy.n, window.economy.m);
        let mut service = ServiceCache::new(n, m);
        service.open(&window.economy);
        let kappa = window.arm_economy.rules.cross_border_data;
        service.set_rules(&window.economy, kappa, accord);
        let mut assured = Assured::new(n, m);
        let (economy, standing) = (&window.economy, &window.standing);
        assured.find(economy, &window.arm_economy, standing, accord, &service);
        Case {
            window,
            accord,
            service,
            assured,
        }
    }

    /// E as it is found with what is assured.
    fn expected(&mut self, refused: &[StateSet], assured: &Assured) -> Vec<StateSet> {
        let economy = &self.window.economy;
        let mut shedding = Shedding::new(economy.n, economy.m);
        let view = Expectation {
            economy,
            arm_economy: &self.window.arm_economy,
            standing: &self.window.standing,
            accord: self.accord,
            refused,
            assured,
        };
        shedding.expect(view, &mut self.service);
        shedding.hosts
    }

    fn same_with_and_without(&mut self, refused: &[StateSet], seen: &mut Seen) -> Vec<StateSet> {
        let (n, m) = (self.window.economy.n, self.window.economy.m);
        let assured = self.assured.clone();
        let with = self.expected(refused, &assured);
        let without = self.expected(refused, &Assured::new(n, m));
        assert_eq!(with, without, "refused by {refused:?}");
        seen.networks += 1;
        for h in 0..m {
            let start = self.window.economy.feasible[h] & !refused[h];
            seen.left += (start & !with[h]).count_ones() as usize;
            seen.refused += refused[h].count_ones() as usize;
            seen.assured += assured.hosts[h].count_ones() as usize;
            let bounded = |&i: &usize| assured.least[i * m + h] > f64::NEG_INFINITY;
            let doubtful = members(start & !assured.hosts[h]);
            seen.bounded += doubtful.filter(bounded).count();
            // Whoever is assured stays wherever it does not refuse.
            assert_eq!(assured.hosts[h] & !refused[h] & !with[h], 0);
        }
        with
    }

    /// No pair of a network gains less than its bound; and no pair gains less where one of a rival leaves, if that is said.
    fn bounds_hold(&self, economy: &Economy, hosts: &[StateSet], seen: &mut Seen) {
        let m = economy.m;
        let before = economy.joint_gains(hosts);
        for &(gain, i, h) in &before {
            let least = self.assured.least[i * m + h];
            assert!(gain >= least, "S{i} H{h} gains {gain}, not {least}");
        }
        if !self.assured.by_rivals {
            return;
        }
        for &(_, j, g) in &before {
            let gone = Economy::moved(hosts, g, hosts[g] & !(1 << j));
            for (gain, i, h) in economy.joint_gains(&gone) {
                let known = before.iter().find(|one| (one.1, one.2) == (i, h));
                let &(known, ..) = known.expect("it was there before");
                assert!(
                    h == g || gain >= known - ROUNDING,
                    "S{i} H{h} gains {gain} instead of {known} without S{j} H{g}"
                );
                seen.by_rivals += usize::from(h != g);
            }
        }
    }
}

/// Some of a set.
fn some_of(generator: &mut ChaCha8Rng, set: StateSet, share: f64) -> StateSet {
    members(set)
        .filter(|_| generator.random::<f64>() < share)
        .fold(0, |some, i| some | 1 << i)
}

fn try_window(window: &Window, reference: &Reference, seed: u64, seen: &mut Seen) {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let (n, m) = (window.economy.n, window.economy.m);
    let some = some_of(&mut generator, full_set(n), 0.7);
    let accord = if some.count_ones() >= 2 {
        some
    } else {
        full_set(n)
    };
    for accord in [0, accord] {
        let mut case = Case::new(window, accord);
        let economy = reference.economy_under(accord);
        for refusing in [0.0, 0.3] {
            let refused: Vec<StateSet> = (0..m)
                .map(|_| some_of(&mut generator, full_set(n), refusing))
                .collect();
            let expected = case.same_with_and_without(&refused, seen);
            assert_eq!(expected, economy.expected(&refused), "the reference");
        }
        for share in [1.0, 0.7, 0.4] {
            let hosts: Vec<StateSet> = (0..m)
                .map(|h| some_of(&mut generator, window.economy.feasible[h], share))
                .collect();
            case.bounds_hold(&economy, &hosts, seen);
        }
    }
}

/// States that tie for room, whose capital hardly pays and whose rivals take much of what they are not served: bounds are tight here.
fn crowded(seed: u64) -> String {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    let mut between = |low: f64, high: f64| low + (high - low) * generator.random::<f64>();
    let efficiency = between(0.5, 1.0);
    let mut text = format!(
        "schema = 1\n[horizon]\nstart_year = 2027\nwindows = 1\nwindow_years = 1\n[market]\nregion_efficiency = {efficiency}\n\
         outside_efficiency = {}\ncapex_intensity = 1\ncapital_charge = {}\ncoverage_rate = 1\ncontingent_share = 0\ntalent_elasticity = 0.5\n\
         ramp_years = 0\ndiversion = {}\n[bargaining]\nforesight = 1\n",
        between(0.0, 0.3),
        between(0.0, 0.5),
        between(0.0, 1.0),
    );
    for i in 0..4 {
        let markets = [between(0.0, 0.1), between(0.5, 1.0)];
        let rooms = [between(0.1, 0.4), between(0.6, 1.0)];
        let [market, hub] = [markets, rooms].map(|two| two[usize::from(between(0.0, 1.0) < 0.5)]);
        let residency = if between(0.0, 1.0) < 0.3 { 0.3 } else { 0.0 };
        text += &format!(
            "[[state]]\nid = \"S{i}\"\ngdp = 1\ndigital_gmv = {market}\nai_spend_share = 1\nai_uplift = 0\ntalent = 0.5\ninfrastructure = 0.5\n\
             compute = 0\nbargaining_power = 0.5\ndiscount_rate = 0\nresidency = {residency}\nhub = {hub}\n"
        );
    }
    for h in 0..2 {
        text += &format!(
            "[[hyperscaler]]\nid = \"H{h}\"\nmarket_share = {}\noperating_margin = {}\ndiscount_rate = 0\nentry_cost = {}\n",
            between(0.2, 0.5),
            between(0.3, 1.0),
            between(0.0, 0.05),
        );
    }
    for (i, j) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
        if between(0.0, 1.0) < 0.4 {
            text += &format!(
                "[[link]]\nbetween = [\"S{i}\", \"S{j}\"]\nefficiency = {}\n",
                0.5 * efficiency
            );
        }
    }
    text
}

#[test]
fn bounds_hold_and_change_no_expected_network() {
    let mut seen = Seen::default();
    for seed in 2000..2600 {
        let text = match seed % 3 {
            0 => scenarios::text(seed),
            1 => scenarios::corner(seed, Corner::Blunt),
            _ => crowded(seed),
        };
        let model = model(&text);
        for arm in 0..model.arms.len() {
            for window in follow(&model, arm) {
                let reference = Reference::of(&model, &window);
                try_window(&window, &reference, seed, &mut seen);
            }
        }
    }
    let known = seen.assured.min(seen.bounded);
    let changed = seen.left.min(seen.refused);
    assert!(known > 10_000 && changed > 10_000, "{seen:?}");
    assert!(
        seen.networks > 10_000 && seen.by_rivals > 100_000,
        "{seen:?}"
    );
}
