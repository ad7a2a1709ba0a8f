//! One window under one accord: quantities (1)-(9), what a set of hosts is worth (10)-(16), and what switching costs (20), (39), (45).

use super::given::{ArmNumbers, Given, Numbers, Set, count, has, list, without};
use std::cell::RefCell;
use std::rc::Rc;

/// What evolves from window to window.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    pub talent: Vec<f64>,
    pub compute: Vec<f64>,
    /// By state and hyperscaler.
    pub dependency: Vec<Vec<f64>>,
    pub asset: Vec<Vec<f64>>,
    /// had_ih.
    pub had: Vec<Vec<bool>>,
}

/// annuity(r) (1).
pub fn annuity(rate: f64, years: f64) -> f64 {
    if rate == 0.0 {
        years
    } else {
        (1.0 - (1.0 + rate).powf(-years)) / rate
    }
}

/// ⟨r⟩ = 1 − (1−r)^L: a rate per year as one per window.
pub fn per_window(rate: f64, years: f64) -> f64 {
    1.0 - (1.0 - rate).powf(years)
}

/// The ramp of (7).
fn ramp(level: bool, start: f64, years: f64, ramp_years: f64) -> f64 {
    let tau = start + years / 2.0;
    if level {
        if ramp_years == 0.0 {
            1.0
        } else {
            (tau / ramp_years).min(1.0)
        }
    } else if tau < ramp_years {
        tau * tau / (2.0 * ramp_years)
    } else {
        tau - ramp_years / 2.0
    }
}

/// h with one set of hosts.
pub struct Service {
    /// y_ij.
    pub served: Vec<Vec<f64>>,
    /// ψ_ih (12) by state.
    pub quality: Vec<f64>,
    /// What (14) takes off: hosting, capital for what is served from afar, compliance.
    pub cost: f64,
}

/// A window's quantities for one arm's standing and one accord M.
pub struct Economy<'a> {
    pub given: &'a Given,
    pub numbers: &'a Numbers,
    pub rules: &'a ArmNumbers,
    pub standing: &'a Standing,
    /// M.
    pub accord: Set,
    pub n: usize,
    pub m: usize,
    /// market_i (2).
    pub market: Vec<f64>,
    /// m_ih.
    pub share: Vec<Vec<f64>>,
    /// Σ_h m_ih.
    pub shares: Vec<f64>,
    /// D_ih (3).
    pub demand: Vec<Vec<f64>>,
    /// Z_ih (4).
    pub size: Vec<Vec<f64>>,
    /// F_ih (5).
    pub hosting: Vec<Vec<f64>>,
    /// C_ih (6).
    pub compliance: Vec<Vec<f64>>,
    /// V_i (7).
    pub value: Vec<f64>,
    /// q_ih (8).
    pub cover: Vec<Vec<f64>>,
    /// β_i (9).
    pub power: Vec<f64>,
    /// Λ_ih (20), had_ih included.
    pub switching: Vec<Vec<f64>>,
    /// Θ_ih (45).
    pub stranded: Vec<Vec<f64>>,
    /// B_ih (39).
    pub reprice: Vec<Vec<f64>>,
    /// v*_ih of (17).
    pub surplus: Vec<Vec<f64>>,
    /// w_ij.
    pub adds: Vec<Vec<f64>>,
    /// Kept by h and hosts.
    known: Vec<RefCell<Vec<Option<Rc<Service>>>>>,
}

impl<'a> Economy<'a> {
    pub fn new(
        given: &'a Given,
        window: usize,
        arm: usize,
        standing: &'a Standing,
        accord: Set,
    ) -> Economy<'a> {
        let numbers = &given.windows[window];
        let rules = &numbers.arms[arm];
        let (n, m, years) = (given.n(), given.m(), given.years);
        let by_pair = |value: &dyn Fn(usize, usize) -> f64| -> Vec<Vec<f64>> {
            (0..n)
                .map(|i| (0..m).map(|h| value(i, h)).collect())
                .collect()
        };
        let states = &numbers.states;
        let suppliers = &numbers.hyperscalers;
        let market: Vec<f64> = states.iter().map(|s| s.gmv * s.ai_spend_share).collect();
        let share = by_pair(&|i, h| suppliers[h].market_share * numbers.fit[i][h]);
        let horizon = |h: usize| annuity(suppliers[h].discount_rate, years);
        let demand =
            by_pair(&|i, h| market[i] * share[i][h] * suppliers[h].operating_margin * horizon(h));
        let size = by_pair(&|i, h| numbers.capex_intensity * market[i] * share[i][h] * years);
        let hosting = by_pair(&|i, h| {
            let had = if standing.had[i][h] { 1.0 } else { 0.0 };
            suppliers[h].entry_cost * (1.0 - numbers.sunk * had)
                + numbers.capital_charge * size[i][h]
        });
        let compliance =
            by_pair(&|i, h| suppliers[h].compliance_cost * states[i].strictness * horizon(h));
        let kappa = |i: usize| {
            if has(accord, i) && count(accord) >= 2 {
                rules.cross_border_data
            } else {
                0.0
            }
        };
        let ramp = ramp(
            given.level,
            window as f64 * years,
            years,
            numbers.ramp_years,
        );
        let value: Vec<f64> = (0..n)
            .map(|i| {
                let (state, alpha) = (&states[i], numbers.talent_elasticity);
                state.gdp
                    * state.ai_uplift
                    * ramp
                    * numbers.contingent_share
                    * standing.talent[i].powf(alpha)
                    * state.infrastructure.powf(1.0 - alpha)
                    * annuity(state.discount_rate, years)
                    * (1.0 - numbers.data_drag * state.residency * (1.0 - kappa(i)))
            })
            .collect();
        let cover = by_pair(&|i, h| 1.0 - (-numbers.coverage_rate * share[i][h]).exp());
        let power = (0..n)
            .map(|i| {
                let first = given.windows[0].states[i]
                    .talent
                    .expect("talent at the start");
                let gained = standing.talent[i] - first;
                (states[i].bargaining_power + numbers.power_gain * gained).clamp(0.02, 0.98)
            })
            .collect();
        let lacking = |i: usize| 1.0 - standing.compute[i];
        let protected = |i: usize| {
            if has(accord, i) {
                1.0 - rules.recourse * rules.binding
            } else {
                1.0
            }
        };
        let exposure = by_pair(&|i, h| {
            numbers.lock_in
                * standing.dependency[i][h]
                * value[i]
                * lacking(i)
                * cover[i][h]
                * protected(i)
        });
        let switching = by_pair(&|i, h| {
            if standing.had[i][h] {
                exposure[i][h]
            } else {
                0.0
            }
        });
        let stranded = by_pair(&|i, h| {
            if standing.had[i][h] {
                numbers.stranded * standing.asset[i][h]
            } else {
                0.0
            }
        });
        let grown = per_window(numbers.dependency_rate, years);
        let reprice = by_pair(&|i, h| {
            let dependency = standing.dependency[i][h];
            numbers.repricing
                * numbers.lock_in
                * (dependency + grown * (1.0 - dependency))
                * value[i]
                * lacking(i)
                * cover[i][h]
                * protected(i)
        });
        let mut economy = Economy {
            given,
            numbers,
            rules,
            standing,
            accord,
            n,
            m,
            market,
            shares: share.iter().map(|row| row.iter().sum()).collect(),
            share,
            demand,
            size,
            hosting,
            compliance,
            value,
            cover,
            power,
            switching,
            stranded,
            reprice,
            surplus: Vec::new(),
            adds: Vec::new(),
            known: vec![RefCell::new(vec![None; 1 << n]); m],
        };
        economy.adds = (0..n)
            .map(|i| {
                (0..n)
                    .map(|j| economy.sigma(i, j) - economy.outside(i))
                    .collect()
            })
            .collect();
        economy.surplus = by_pair(&|i, h| {
            let (value, cost) = economy.worth(i, h, &economy.middle(i, h));
            value - cost
        });
        economy
    }

    /// P_h.
    pub fn feasible(&self, h: usize) -> Set {
        (0..self.n)
            .filter(|&i| self.numbers.feasible[i][h])
            .fold(0, |set, i| set | 1 << i)
    }

    /// σ_ij (10).
    pub fn sigma(&self, i: usize, j: usize) -> f64 {
        if i == j {
            return 1.0;
        }
        let both = has(self.accord, i) && has(self.accord, j) && count(self.accord) >= 2;
        let kappa = if both {
            self.rules.cross_border_data
        } else {
            0.0
        };
        self.numbers.efficiency[i][j] * (1.0 - self.numbers.states[i].residency * (1.0 - kappa))
    }

    /// σ_i0 (11).
    pub fn outside(&self, i: usize) -> f64 {
        self.numbers.outside_efficiency * (1.0 - self.numbers.states[i].residency)
    }

    /// What h offers with hosts S.
    pub fn service(&self, h: usize, hosts: Set) -> Rc<Service> {
        if let Some(service) = &self.known[h].borrow()[hosts as usize] {
            return Rc::clone(service);
        }
        let served = self.serve(h, hosts);
        let quality = (0..self.n)
            .map(|i| {
                if has(hosts, i) {
                    return 1.0;
                }
                let near: f64 = list(hosts).map(|j| self.adds[i][j] * served[i][j]).sum();
                self.outside(i) + near
            })
            .collect();
        let hosting: f64 = list(hosts).map(|j| self.hosting[j][h]).sum();
        let remote: f64 = (0..self.n)
            .filter(|&i| !has(hosts, i))
            .map(|i| self.size[i][h] * served[i].iter().sum::<f64>())
            .sum();
        let charge = self.numbers.capital_charge;
        let service = Rc::new(Service {
            cost: hosting + charge * remote + self.compliance_of(h, hosts),
            served,
            quality,
        });
        let kept = Rc::clone(&service);
        self.known[h].borrow_mut()[hosts as usize] = Some(kept);
        service
    }

    /// y_ij.
    fn serve(&self, h: usize, hosts: Set) -> Vec<Vec<f64>> {
        let needs: Vec<f64> = (0..self.n)
            .map(|i| self.market[i] * self.share[i][h])
            .collect();
        let region: f64 = needs.iter().sum();
        let rooms: Vec<f64> = (0..self.n)
            .map(|j| (self.numbers.states[j].hub * region - needs[j]).max(0.0))
            .collect();
        let (mut unserved, mut room) = (needs.clone(), rooms.clone());
        let mut served = vec![vec![0.0; self.n]; self.n];
        for j in list(hosts) {
            served[j][j] = 1.0;
        }
        let mut left: Vec<(usize, usize)> = Vec::new();
        for i in (0..self.n).filter(|&i| !has(hosts, i)) {
            for j in list(hosts) {
                let adds = self.adds[i][j];
                let charge = self.numbers.capital_charge * self.size[i][h];
                if adds > 0.0 && self.demand[i][h] * adds > charge {
                    left.push((i, j));
                }
            }
        }
        while !left.is_empty() {
            let best = left
                .iter()
                .map(|&(i, j)| self.adds[i][j])
                .fold(f64::NEG_INFINITY, f64::max);
            let (now, later): (Vec<_>, Vec<_>) = left
                .iter()
                .partition(|&&(i, j)| self.adds[i][j] >= best - 1e-12);
            left = later;
            let amounts: Vec<f64> = now
                .iter()
                .map(|&(i, j)| {
                    let asked: f64 = now
                        .iter()
                        .filter(|pair| pair.1 == j)
                        .map(|&(l, _)| unserved[l])
                        .sum();
                    let offered: f64 = now
                        .iter()
                        .filter(|pair| pair.0 == i)
                        .map(|&(_, k)| room[k])
                        .sum();
                    let most = asked.max(offered);
                    if most == 0.0 {
                        0.0
                    } else {
                        unserved[i] * room[j] / most
                    }
                })
                .collect();
            for (&(i, j), amount) in now.iter().zip(amounts) {
                unserved[i] -= amount;
                room[j] -= amount;
                if needs[i] > 0.0 {
                    served[i][j] = amount / needs[i];
                }
            }
            for i in 0..self.n {
                if unserved[i] < 1e-12 * needs[i] {
                    unserved[i] = 0.0;
                }
                if room[i] < 1e-12 * rooms[i] {
                    room[i] = 0.0;
                }
            }
        }
        served
    }

    /// Σ_{g≠h} m_ig·ψ_ig by state, what (13) takes from the hosts of h's rivals in `all`.
    pub fn rivals(&self, h: usize, all: &[Set]) -> Vec<f64> {
        let mut rivals = vec![0.0; self.n];
        for g in (0..self.m).filter(|&g| g != h) {
            let service = self.service(g, all[g]);
            for (i, sum) in rivals.iter_mut().enumerate() {
                *sum += self.share[i][g] * service.quality[i];
            }
        }
        rivals
    }

    /// ω_ih (13) by state, h at `hosts`.
    pub fn captured(&self, h: usize, hosts: Set, rivals: &[f64]) -> Vec<f64> {
        let service = self.service(h, hosts);
        let delta = self.numbers.diversion;
        let mut captured = vec![0.0; self.n];
        for (i, captured) in captured.iter_mut().enumerate() {
            let (quality, share) = (service.quality[i], self.share[i][h]);
            if quality > 0.0 && share > 0.0 {
                let mean = (rivals[i] + share * quality) / self.shares[i];
                *captured = quality / (1.0 - delta + delta * mean);
            }
        }
        captured
    }

    /// comp_h(S) (15).
    pub fn compliance_of(&self, h: usize, hosts: Set) -> f64 {
        let cost = |j: usize| self.compliance[j][h];
        let eta = self.rules.harmonisation;
        let outside: f64 = list(hosts & !self.accord).map(cost).sum();
        let inside: f64 = list(hosts & self.accord).map(cost).sum();
        let largest = list(hosts & self.accord).map(cost).fold(0.0, f64::max);
        outside + (1.0 - eta) * inside + eta * largest
    }

    /// Σ_i D_ih·ω_ih, the first term of (14).
    pub fn margin(&self, h: usize, hosts: Set, rivals: &[f64]) -> f64 {
        let captured = self.captured(h, hosts, rivals);
        let mut margin = 0.0;
        for (i, captured) in captured.iter().enumerate() {
            margin += self.demand[i][h] * captured;
        }
        margin
    }

    /// Π_h (14) with h at `hosts`.
    pub fn profit(&self, h: usize, hosts: Set, rivals: &[f64]) -> f64 {
        self.margin(h, hosts, rivals) - self.service(h, hosts).cost
    }

    /// r_ih of (16).
    fn reach(&self, i: usize, h: usize, hosts: Set) -> f64 {
        if has(hosts, i) {
            1.0
        } else {
            self.numbers.remote_value * self.service(h, hosts).quality[i]
        }
    }

    /// U_i (16) with every supplier's hosts as in `all`.
    pub fn access(&self, i: usize, all: &[Set]) -> f64 {
        let lacking = 1.0 - self.standing.compute[i];
        let missing: f64 = (0..self.m)
            .map(|h| 1.0 - self.reach(i, h, all[h]) * self.cover[i][h])
            .product();
        let mut access = self.value[i] * (1.0 - lacking * missing);
        if self.numbers.peers > 0.0 {
            let behind: f64 = (0..self.m)
                .map(|h| self.cover[i][h] * self.behind(i, h, all[h]))
                .sum();
            access -= self.numbers.peers * self.value[i] * lacking * behind;
        }
        access
    }

    /// b_ih of (16).
    fn behind(&self, i: usize, h: usize, hosts: Set) -> f64 {
        let inside = self.numbers.peers_inside;
        let others: f64 = (0..self.n)
            .filter(|&l| l != i)
            .map(|l| self.market[l])
            .sum();
        let own = self.reach(i, h, hosts);
        let neighbours: f64 = (0..self.n)
            .filter(|&j| j != i && others > 0.0)
            .map(|j| inside * self.market[j] / others * (self.reach(j, h, hosts) - own).max(0.0))
            .sum();
        neighbours + (1.0 - inside) * (1.0 - own)
    }

    /// `all` with h at `hosts`.
    pub fn moved(all: &[Set], h: usize, hosts: Set) -> Vec<Set> {
        let mut moved = all.to_vec();
        moved[h] = hosts;
        moved
    }

    /// a_ik and c_hk without the size of the deal.
    pub fn slopes(&self, i: usize, h: usize, k: usize) -> (f64, f64) {
        let term = &self.numbers.terms[k];
        (
            term.state_value * self.numbers.states[i].values[k],
            term.cost * self.numbers.hyperscalers[h].costs[k],
        )
    }

    /// s_ih (21) and g_ih (22).
    pub fn worth(&self, i: usize, h: usize, levels: &[f64]) -> (f64, f64) {
        let (mut value, mut cost) = (0.0, 0.0);
        for (k, term) in self.numbers.terms.iter().enumerate() {
            let ((a, c), x) = (self.slopes(i, h, k), levels[k]);
            value += a * x - 0.5 * term.state_curvature * x * x;
            cost += c * x + 0.5 * term.cost_curvature * x * x;
        }
        (self.size[i][h] * value, self.size[i][h] * cost)
    }

    /// loss_ih (40) at the levels of a deal.
    pub fn loss(&self, i: usize, h: usize, levels: &[f64]) -> f64 {
        let eased: f64 = self
            .numbers
            .terms
            .iter()
            .zip(levels)
            .map(|(term, x)| term.price_effect * x)
            .sum();
        self.reprice[i][h] * (1.0 - eased)
    }

    /// x(½) of (23) with plain slopes and no floors.
    pub fn middle(&self, i: usize, h: usize) -> Vec<f64> {
        let size = self.size[i][h];
        self.numbers
            .terms
            .iter()
            .enumerate()
            .map(|(k, term)| {
                let (a, c) = self.slopes(i, h, k);
                let numerator = 0.5 * size * a - 0.5 * size * c;
                let denominator =
                    0.5 * size * term.state_curvature + 0.5 * size * term.cost_curvature;
                super::bargain::level(numerator, denominator, term.min, term.max)
            })
            .collect()
    }

    /// E (17), where the states in `refusing[h]` refuse h.
    pub fn expected(&self, refusing: &[Set]) -> Vec<Set> {
        let mut expected: Vec<Set> = (0..self.m)
            .map(|h| self.feasible(h) & !refusing[h])
            .collect();
        loop {
            let gains = self.joint_gains(&expected);
            let lowest = gains.iter().map(|g| g.0).fold(f64::INFINITY, f64::min);
            if gains.is_empty() || lowest >= -1e-12 {
                return expected;
            }
            let last = gains.iter().rev().find(|g| g.0 <= lowest + 1e-12);
            let &(_, i, h) = last.expect("the lowest itself");
            expected[h] = without(expected[h], i);
        }
    }

    /// Γ_ih (17) of the pairs of a network, state by state.
    pub fn joint_gains(&self, expected: &[Set]) -> Vec<(f64, usize, usize)> {
        let rivals: Vec<Vec<f64>> = (0..self.m).map(|h| self.rivals(h, expected)).collect();
        let profit = |h: usize, hosts: Set| self.profit(h, hosts, &rivals[h]);
        let profits: Vec<f64> = (0..self.m).map(|h| profit(h, expected[h])).collect();
        let mut gains = Vec::new();
        for i in 0..self.n {
            let access = self.access(i, expected);
            for h in (0..self.m).filter(|&h| has(expected[h], i)) {
                let gone = without(expected[h], i);
                let gain = (profits[h] - profit(h, gone))
                    + (access - self.access(i, &Economy::moved(expected, h, gone)))
                    + self.surplus[i][h]
                    + self.switching[i][h]
                    + self.stranded[i][h];
                gains.push((gain, i, h));
            }
        }
        gains
    }
}
