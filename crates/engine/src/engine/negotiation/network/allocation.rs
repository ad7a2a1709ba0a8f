//! How the room of hosts is given to demand without a host: the best matches first, equal ones in proportion (model, section 3).
//!
//! Where matches of two states never tie, as with any residency that is drawn, the matches of each state that are equal are its turn, and who
//! is served in a turn hangs on nobody else. Not here: what is made of the amounts (`service`).

use crate::engine::model::arm::{StateSet, members};
use std::cmp::Ordering;

/// Matches whose worth lies this close are served together; what is left of a demand or a room below this share of it is nothing.
const TIE: f64 = 1e-12;

/// Demand in i that a host in j could serve.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub i: u32,
    pub j: u32,
    /// w_ij.
    pub added: f64,
}

impl Match {
    /// The order in which matches are served: the best first, equal ones by their places.
    pub fn better_first(&self, other: &Match) -> Ordering {
        let places = (self.i, self.j).cmp(&(other.i, other.j));
        other.added.total_cmp(&self.added).then(places)
    }
}

/// The equal matches of a state.
#[derive(Debug, Clone, Copy)]
struct Turn {
    i: u32,
    added: f64,
    /// The states j of the matches.
    rooms: StateSet,
}

/// Hyperscalers of equal fit: demand and room per unit of share of the market.
#[derive(Debug, Clone, Default)]
pub(super) struct FitClass {
    /// fit_ih by state, of the first of them.
    pub fit: Vec<f64>,
    /// market_i·fit_ih.
    pub demand: Vec<f64>,
    /// max(0, hub_j·Σ_l market_l·fit_lh − market_j·fit_jh).
    pub room: Vec<f64>,
    /// The states with room, and those with demand.
    pub roomy: StateSet,
    pub needy: StateSet,
}

/// Matches with w > 0, the best first.
#[derive(Debug, Clone)]
pub(super) struct Matches {
    list: Vec<Match>,
    turns: Vec<Turn>,
    /// Whether no two turns tie.
    apart: bool,
}

/// How many matches and turns pay a hyperscaler: the first ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Paying {
    matches: usize,
    turns: usize,
}

impl Matches {
    /// Room for the matches of n states.
    pub fn new(n: usize) -> Matches {
        Matches {
            list: Vec::with_capacity(n * n),
            turns: Vec::with_capacity(n * n),
            apart: true,
        }
    }

    /// Forgets all matches.
    pub fn clear(&mut self) {
        self.list.clear();
        self.turns.clear();
        self.apart = true;
    }

    /// Adds a match; they come in the order in which they are served.
    pub fn push(&mut self, one: Match) {
        let Match { i, j, added } = one;
        self.list.push(one);
        match self.turns.last_mut() {
            Some(turn) if turn.i == i && turn.added == added => turn.rooms |= 1 << j,
            last => {
                self.apart &= last.is_none_or(|turn| added < turn.added - TIE);
                let rooms = 1 << j;
                self.turns.push(Turn { i, added, rooms });
            }
        }
    }

    /// Whether no two states tie: then a host more never worsens the service of another state.
    pub fn are_apart(&self) -> bool {
        self.apart
    }

    /// Those that add more than `least`.
    pub fn paying(&self, least: f64) -> Paying {
        Paying {
            matches: self.list.partition_point(|one| one.added > least),
            turns: self.turns.partition_point(|one| one.added > least),
        }
    }

    /// Whether all pay.
    pub fn all_pay(&self, paying: Paying) -> bool {
        paying.matches == self.list.len()
    }

    /// The least that a match which pays adds.
    pub fn least_paying(&self, paying: Paying) -> Option<f64> {
        let last = self.list[..paying.matches].last();
        last.map(|one| one.added)
    }

    /// What each state is served: `give` gets i, w and the amount, for matches of one state that are equal perhaps at once.
    pub fn serve(
        &self,
        paying: Paying,
        class: &FitClass,
        hosts: StateSet,
        scratch: &mut Allocation,
        mut give: impl FnMut(usize, f64, f64),
    ) {
        if self.apart {
            serve_in_turn(&self.turns[..paying.turns], class, hosts, scratch, give);
        } else {
            let each = |one: Match, amount| give(one.i as usize, one.added, amount);
            self.allocate(paying, class, hosts, scratch, each);
        }
    }

    /// What each match is given.
    pub fn allocate(
        &self,
        paying: Paying,
        class: &FitClass,
        hosts: StateSet,
        scratch: &mut Allocation,
        give: impl FnMut(Match, f64),
    ) {
        allocate(&self.list[..paying.matches], class, hosts, scratch, give);
    }
}

/// Scratch of one allocation.
#[derive(Debug, Clone)]
pub(super) struct Allocation {
    need: Vec<f64>,
    room: Vec<f64>,
    needs_at: Vec<f64>,
    rooms_for: Vec<f64>,
    tied: Vec<Match>,
    given: Vec<f64>,
}

/// The states whose demand is to be served and those with room; none where there is nothing to give.
fn sides(
    class: &FitClass,
    hosts: StateSet,
    scratch: &mut Allocation,
) -> Option<(StateSet, StateSet)> {
    let (needy, roomy) = (class.needy & !hosts, hosts & class.roomy);
    if needy == 0 || roomy == 0 {
        return None;
    }
    members(needy).for_each(|i| scratch.need[i] = class.demand[i]);
    members(roomy).for_each(|j| scratch.room[j] = class.room[j]);
    Some((needy, roomy))
}

/// As [`allocate`] where no two states tie: a state is given what it needs, from all rooms of its turn in proportion, or all that is left there.
fn serve_in_turn(
    turns: &[Turn],
    class: &FitClass,
    hosts: StateSet,
    scratch: &mut Allocation,
    mut give: impl FnMut(usize, f64, f64),
) {
    let Some((mut needy, mut roomy)) = sides(class, hosts, scratch) else {
        return;
    };
    for turn in turns {
        let (i, rooms) = (turn.i as usize, turn.rooms & roomy);
        if rooms == 0 || needy >> i & 1 == 0 {
            continue;
        }
        let need = scratch.need[i];
        let total: f64 = members(rooms).map(|j| scratch.room[j]).sum();
        let amount = need.min(total);
        for j in members(rooms) {
            let room = &mut scratch.room[j];
            if take(room, amount * (*room / total), class.room[j]) {
                roomy &= !(1 << j);
            }
        }
        if take(&mut scratch.need[i], amount, class.demand[i]) {
            needy &= !(1 << i);
        }
        give(i, turn.added, amount);
        if needy == 0 || roomy == 0 {
            return;
        }
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
    let Some((mut needy, mut roomy)) = sides(class, hosts, scratch) else {
        return;
    };
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
    /// Room for n states.
    pub fn new(n: usize) -> Allocation {
        let state = || vec![0.0; n];
        Allocation {
            need: state(),
            room: state(),
            needs_at: state(),
            rooms_for: state(),
            tied: Vec::with_capacity(n * n),
            given: vec![0.0; n * n],
        }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    const N: usize = 6;

    /// Numbers in [0, 1) that look random.
    fn numbers(mut seed: u64) -> impl FnMut() -> f64 {
        move || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 40) as f64 / (1u64 << 24) as f64
        }
    }

    /// Matches that are equal for a state from all but one host, as one residency and one efficiency make them.
    fn region(seed: u64) -> (FitClass, Matches) {
        let mut next = numbers(seed);
        let mut class = FitClass {
            demand: (0..N).map(|_| 0.2 + next()).collect(),
            room: (0..N).map(|_| (next() - 0.3).max(0.0)).collect(),
            ..FitClass::default()
        };
        class.needy = (1 << N) - 1;
        class.roomy = (0..N).fold(0, |set, j| set | u64::from(class.room[j] > 0.0) << j);
        let mut list = Vec::new();
        for i in 0..N {
            let added = 0.1 + next();
            let (near, nearer) = ((i + 1) % N, added + 0.1);
            for j in (0..N).filter(|&j| j != i && class.roomy >> j & 1 == 1) {
                let added = if j == near { nearer } else { added };
                let (i, j) = (i as u32, j as u32);
                list.push(Match { i, j, added });
            }
        }
        list.sort_by(Match::better_first);
        let mut matches = Matches::new(N);
        list.into_iter().for_each(|one| matches.push(one));
        (class, matches)
    }

    fn served(class: &FitClass, matches: &Matches, hosts: StateSet, in_turn: bool) -> [f64; N] {
        let mut quality = [0.0; N];
        let (paying, mut scratch) = (matches.paying(0.0), Allocation::new(N));
        let mut give = |i: usize, added, amount: f64| quality[i] += added * amount;
        if in_turn {
            serve_in_turn(&matches.turns, class, hosts, &mut scratch, give);
        } else {
            let each = |one: Match, amount| give(one.i as usize, one.added, amount);
            matches.allocate(paying, class, hosts, &mut scratch, each);
        }
        quality
    }

    #[test]
    fn turns_give_what_matches_one_by_one_give() {
        for seed in 0..50 {
            let (class, matches) = region(seed);
            assert!(matches.are_apart());
            for hosts in 0..1 << N {
                let turns = served(&class, &matches, hosts, true);
                let pairs = served(&class, &matches, hosts, false);
                for i in 0..N {
                    assert!((turns[i] - pairs[i]).abs() < 1e-12, "{seed} {hosts:b} {i}");
                }
            }
        }
    }

    #[test]
    fn a_host_more_never_worsens_the_service_of_others_where_no_two_states_tie() {
        for seed in 0..50 {
            let (class, matches) = region(seed);
            for hosts in 0..1u64 << N {
                let with = served(&class, &matches, hosts, true);
                for j in members(hosts) {
                    let without = served(&class, &matches, hosts & !(1 << j), true);
                    for i in (0..N).filter(|i| hosts >> i & 1 == 0) {
                        assert!(with[i] >= without[i] - 1e-11, "{seed} {hosts:b} {i} {j}");
                    }
                }
            }
        }
    }

    #[test]
    fn states_that_tie_are_not_apart() {
        let mut matches = Matches::new(2);
        for (i, j, added) in [(0, 1, 0.3), (1, 0, 0.3)] {
            matches.push(Match { i, j, added });
        }
        assert!(!matches.are_apart());
    }
}
