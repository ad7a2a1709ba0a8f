//! One table: who is placed, what both sides gain (18), (19), (38), and the bargain that follows (30), (39)-(41).

use super::bargain::{Bargain, Line};
use super::given::{Arm, Set, Turn, count, has, list, with, without};
use super::network::Economy;

/// What does not change while the tables of a window are played under one accord.
pub struct Seating<'a> {
    pub economy: &'a Economy<'a>,
    pub arm: &'a Arm,
    /// B.
    pub bloc: Set,
    /// Places of the pairs in the order, by state and hyperscaler.
    pub places: &'a [Vec<usize>],
}

/// A table, and what is known at it.
pub struct Table<'a> {
    /// T.
    pub states: Set,
    pub h: usize,
    /// S of every hyperscaler.
    pub signed: &'a [Set],
    /// E of every hyperscaler.
    pub expected: &'a [Set],
    /// ρ.
    pub foresight: f64,
    /// By term: min_k is raised to it (41), −∞ where nothing is claimed.
    pub claims: &'a [f64],
}

/// ΔΠ and Σ_{l∈T} ΔU_l, before what repricing adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gains {
    pub state: f64,
    pub hyperscaler: f64,
}

fn factorial(k: usize) -> f64 {
    (1..=k).map(|j| j as f64).product()
}

impl Seating<'_> {
    /// The place of a table: the lower median of the places of its feasible pairs with h; none without such pairs.
    pub fn place(&self, table: Set, h: usize) -> Option<usize> {
        let mut places: Vec<usize> = list(table & self.economy.feasible(h))
            .map(|i| self.places[i][h])
            .collect();
        places.sort_unstable();
        let middle = places.len().div_ceil(2);
        (middle > 0).then(|| places[middle - 1])
    }

    /// When a table's turn comes.
    pub fn turn(&self, table: Set, h: usize) -> Option<(usize, usize)> {
        let phase = if table == self.bloc {
            match self.arm.turn {
                Turn::First => 0,
                Turn::Middle => 1,
                Turn::Last => 2,
            }
        } else {
            1
        };
        Some((phase, self.place(table, h)?))
    }

    /// The brackets of (18), (19): what h, and the states of T together, gain when h's hosts go from `less` to `more`.
    fn bracket(&self, table: &Table, all: &[Set], more: Set, less: Set) -> Gains {
        let economy = self.economy;
        let h = table.h;
        let rivals = economy.rivals(h, all);
        let (with, without) = (Economy::moved(all, h, more), Economy::moved(all, h, less));
        Gains {
            state: list(table.states)
                .map(|l| economy.access(l, &with) - economy.access(l, &without))
                .sum(),
            hyperscaler: economy.profit(h, more, &rivals) - economy.profit(h, less, &rivals),
        }
    }

    /// The weights of (38) and the sets of hosts R that they belong to.
    fn random_order(&self, table: &Table) -> Vec<(f64, Set)> {
        let others = table.expected[table.h] & !table.states;
        let mut parties: Vec<Set> = Vec::new();
        let together = if table.states == self.bloc {
            0
        } else {
            others & self.bloc
        };
        if together != 0 {
            parties.push(together);
        }
        parties.extend(list(others & !together).map(|i| with(0, i)));
        let n = parties.len();
        assert!(n <= 12, "exact for at most 12 other parties");
        (0..1u64 << n)
            .map(|chosen| {
                let before = list(chosen).fold(0, |set, party| set | parties[party]);
                let r = count(chosen);
                let weight = 2.0 * factorial(r + 1) * factorial(n - r) / factorial(n + 2);
                (weight, before)
            })
            .collect()
    }

    /// What the sides of a table look at: weights, networks, and h's hosts without the table (18), (19), (38).
    fn looks<'b>(&self, table: &Table<'b>) -> Vec<(f64, &'b [Set], Set)> {
        let (h, rho) = (table.h, table.foresight);
        let mut looks = vec![(1.0 - rho, table.signed, table.signed[h] & !table.states)];
        if rho > 0.0 && self.economy.given.random_order {
            let orders = self.random_order(table);
            looks.extend(
                orders
                    .into_iter()
                    .map(|(weight, before)| (rho * weight, table.expected, before)),
            );
        } else if rho > 0.0 {
            looks.push((rho, table.expected, table.expected[h] & !table.states));
        }
        looks
    }

    /// ΔΠ (18) and Σ_{l∈T} ΔU_l (19) when G hosts h.
    pub fn gains(&self, table: &Table, placed: Set) -> Gains {
        let over = |per: &[Vec<f64>]| -> f64 { list(placed).map(|l| per[l][table.h]).sum() };
        let mut sum = Gains {
            state: over(&self.economy.switching),
            hyperscaler: over(&self.economy.stranded),
        };
        for (weight, all, less) in self.looks(table) {
            let gains = self.bracket(table, all, less | placed, less);
            sum.state += weight * gains.state;
            sum.hyperscaler += weight * gains.hyperscaler;
        }
        sum
    }

    /// The margin that a refusal costs h at a table (section 10).
    pub fn pressure(&self, table: &Table, placed: Set) -> f64 {
        let economy = self.economy;
        let mut sum = 0.0;
        for (weight, all, less) in self.looks(table) {
            let rivals = economy.rivals(table.h, all);
            let margin = |hosts: Set| economy.margin(table.h, hosts, &rivals);
            sum += weight * (margin(less | placed) - margin(less));
        }
        sum
    }

    /// G: of the states of T those that fit the budget and, unless all are covered, pay.
    pub fn placed(&self, table: &Table, budget: f64) -> Set {
        let (economy, h) = (self.economy, table.h);
        let mut order: Vec<usize> = list(table.states & economy.feasible(h)).collect();
        order.sort_by(|&i, &j| economy.size[j][h].total_cmp(&economy.size[i][h]));
        let (mut placed, mut left) = (0, budget);
        for i in order {
            if economy.size[i][h] <= left {
                placed = with(placed, i);
                left -= economy.size[i][h];
            }
        }
        if table.states != self.bloc || self.arm.cover_all {
            return placed;
        }
        let worth = |placed: Set| {
            let gains = self.gains(table, placed);
            let surplus: f64 = list(placed).map(|l| economy.surplus[l][h]).sum();
            gains.hyperscaler + gains.state + surplus
        };
        while placed != 0 {
            let whole = worth(placed);
            let gains: Vec<(f64, usize)> = list(placed)
                .map(|i| (whole - worth(without(placed, i)), i))
                .collect();
            let lowest = gains.iter().map(|g| g.0).fold(f64::INFINITY, f64::min);
            if lowest >= -1e-12 {
                break;
            }
            let last = gains.iter().rev().find(|g| g.0 <= lowest + 1e-12);
            placed = without(placed, last.expect("the lowest itself").1);
        }
        placed
    }

    /// By term: Σ_{l∈A_k} Z_lh/Z_ih of (41) at a table of one state; zeros where it foresees nothing.
    fn followers(&self, table: &Table) -> Vec<f64> {
        let (economy, h) = (self.economy, table.h);
        let terms = &economy.numbers.terms;
        let mut ratios = vec![0.0; terms.len()];
        let mu = economy.rules.most_favoured;
        let own = economy.accord & !self.bloc;
        if mu == 0.0 || table.states & own != table.states || count(table.states) != 1 {
            return ratios;
        }
        let i = list(table.states).next().expect("one state");
        if economy.size[i][h] == 0.0 {
            return ratios;
        }
        let mine = economy.middle(i, h);
        for (k, term) in terms.iter().enumerate() {
            if economy.slopes(i, h, k).1 <= 0.0 || mine[k] <= 0.0 || term.min < 0.0 {
                continue;
            }
            for l in list(without(own, i) & table.expected[h]) {
                let later = self.places[l][h] > self.places[i][h];
                let wants = economy.slopes(l, h, k).0 > 0.0;
                if later && wants && economy.middle(l, h)[k] < mu * mine[k] - 1e-12 {
                    ratios[k] += economy.size[l][h] / economy.size[i][h];
                }
            }
        }
        ratios
    }

    /// Whether anything of (41) is foreseen at a table: some A_k is not empty.
    fn foreseen(&self, followers: &[f64], table: &Table) -> bool {
        table.foresight > 0.0 && followers.iter().any(|&ratio| ratio > 0.0)
    }

    /// The bargain of T with h over G.
    pub fn bargain(&self, table: &Table, placed: Set) -> Bargain {
        let (economy, h, numbers) = (self.economy, table.h, self.economy.numbers);
        let gains = self.gains(table, placed);
        let phi = numbers.repricing_foresight;
        let foreseen: f64 = list(placed).map(|l| phi * economy.reprice[l][h]).sum();
        let followers = self.followers(table);
        let (mu, rho) = (economy.rules.most_favoured, table.foresight);
        let schedules: Vec<Set> = if self.arm.annexes {
            list(placed).map(|i| with(0, i)).collect()
        } else {
            vec![placed]
        };
        let mut lines = Vec::new();
        for schedule in schedules {
            for (k, term) in numbers.terms.iter().enumerate() {
                let size: f64 = list(schedule).map(|i| economy.size[i][h]).sum();
                let slope: f64 = list(schedule)
                    .map(|i| economy.size[i][h] * economy.slopes(i, h, k).0)
                    .sum();
                let eased: f64 = list(schedule)
                    .map(|i| phi * economy.reprice[i][h] * term.price_effect)
                    .sum();
                let cost = size * numbers.hyperscalers[h].costs[k] * term.cost;
                let mut min = term.min;
                if table.states & economy.accord != 0 {
                    min = min.max(economy.rules.floors[k]);
                }
                min = min.max(table.claims[k].min(term.max));
                let more = 1.0 + rho * mu * followers[k];
                let more_again = 1.0 + rho * mu * mu * followers[k];
                lines.push(Line {
                    a: slope + eased,
                    b: size * term.state_curvature,
                    c: cost + eased,
                    d: size * term.cost_curvature,
                    felt_c: cost * more + eased,
                    felt_d: size * term.cost_curvature * more_again,
                    min,
                    max: term.max,
                });
            }
        }
        let supplier = &numbers.hyperscalers[h];
        let years = numbers.round_years;
        let rate = |i: usize| numbers.states[i].discount_rate;
        Bargain {
            lines,
            state: gains.state - foreseen,
            hyperscaler: gains.hyperscaler + foreseen,
            solution: economy.given.solution,
            cash: economy.given.cash,
            power: self.power(placed),
            patience: (
                self.mean(placed, |i| (1.0 + rate(i)).powf(-years)),
                (1.0 + supplier.discount_rate).powf(-years),
            ),
            impatience: (
                self.mean(placed, |i| rate(i).ln_1p()),
                supplier.discount_rate.ln_1p(),
            ),
            limit: years == 0.0 || self.foreseen(&followers, table),
        }
    }

    /// The V-weighted mean over G, plain if Σ V = 0.
    fn mean(&self, placed: Set, of: impl Fn(usize) -> f64) -> f64 {
        let value = &self.economy.value;
        let total: f64 = list(placed).map(|i| value[i]).sum();
        if count(placed) == 1 {
            return of(list(placed).next().expect("one state"));
        }
        if total == 0.0 {
            list(placed).map(&of).sum::<f64>() / count(placed) as f64
        } else {
            list(placed).map(|i| value[i] * of(i)).sum::<f64>() / total
        }
    }

    /// β_i, or β_B (30).
    fn power(&self, placed: Set) -> f64 {
        let power = &self.economy.power;
        if count(placed) == 1 {
            return power[list(placed).next().expect("one state")];
        }
        let largest = list(placed).map(|i| power[i]).fold(0.0, f64::max);
        let pooling = self.economy.rules.pooling;
        (1.0 - pooling) * self.mean(placed, |i| power[i]) + pooling * largest
    }

    /// The levels of each member of G, from those of the bargain's lines.
    pub fn levels(&self, placed: Set, levels: &[f64], i: usize) -> Vec<f64> {
        let terms = self.economy.numbers.terms.len();
        if self.arm.annexes {
            let number = list(placed).position(|l| l == i).expect("a member of G");
            levels[number * terms..(number + 1) * terms].to_vec()
        } else {
            levels.to_vec()
        }
    }

    /// min_k of (41) by what other members got from h at tables already held, in `levels` by state.
    pub fn claims(&self, i: usize, h: usize, hosts: Set, levels: &[Option<Vec<f64>>]) -> Vec<f64> {
        let economy = self.economy;
        let mu = economy.rules.most_favoured;
        let terms = economy.numbers.terms.len();
        let mut claims = vec![f64::NEG_INFINITY; terms];
        if mu == 0.0 || !has(economy.accord & !self.bloc, i) {
            return claims;
        }
        for (k, claim) in claims.iter_mut().enumerate() {
            let (a, c) = economy.slopes(i, h, k);
            if a <= 0.0 || c <= 0.0 {
                continue;
            }
            for j in list(without(economy.accord, i) & hosts) {
                if let Some(got) = levels[j].as_ref().filter(|got| got[k] > 0.0) {
                    *claim = claim.max(mu * got[k]);
                }
            }
        }
        claims
    }
}
