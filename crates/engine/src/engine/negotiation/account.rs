//! The accounts of a window once its accord is settled: what each hyperscaler and each host gained (33), (34).
//!
//! Not here: the states' payoffs (32), which are in `payoff` and `coalitions`, and sums over windows, which are in `ledger`.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::LANE;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::network::worth::{regime, worth};
use crate::engine::negotiation::tables::play::WindowPlay;

/// Scratch and results of one window's accounts.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// v_h, USD bn, undiscounted.
    pub profit: Vec<f64>,
    /// comp_h(S_h).
    pub compliance_cost: Vec<f64>,
    /// Σ Z signed of h.
    pub capex: Vec<f64>,
    /// Y_i of the window: what hyperscalers gain by hosting in i.
    pub supplier_gain: Vec<f64>,
    /// Capital that goes to i.
    pub investment: Vec<f64>,
    /// y_lj of h, the share of l's demand for h that its host in j serves: h by h, n × n.
    pub served: Vec<f64>,
    /// a_lj of one state l (34).
    portions: Vec<f64>,
}

impl Accounts {
    /// Room for n states and m hyperscalers.
    pub fn new(n: usize, m: usize) -> Accounts {
        Accounts {
            profit: vec![0.0; m],
            compliance_cost: vec![0.0; m],
            capex: vec![0.0; m],
            supplier_gain: vec![0.0; n],
            investment: vec![0.0; n],
            served: vec![0.0; m * n * n],
            portions: vec![0.0; n],
        }
    }

    /// Fills the accounts of a play; `delay` is f of those who `talked`.
    pub fn fill(
        &mut self,
        economy: &Economy,
        arm_economy: &ArmEconomy,
        play: &mut WindowPlay,
        talked: StateSet,
        delay: f64,
    ) {
        self.supplier_gain.fill(0.0);
        self.investment.fill(0.0);
        let kappa = arm_economy.rules.cross_border_data;
        (play.service).set_rules(economy, kappa, play.accord);
        for h in 0..economy.m {
            let mut played = AccountInputs {
                economy,
                arm_economy,
                play,
                talked,
                delay,
                h,
            };
            self.fill_hyperscaler(&mut played);
            self.fill_hosts(&mut played);
        }
    }

    /// v_h = f·[Π(S) − Π(S∖J)] + Π(S∖J) − Π(∅) − Σ_{i∈S} f_i·(g_ih + T_ih − loss_ih) − Σ_{i lost} Θ_ih, rivals at their final hosts.
    fn fill_hyperscaler(&mut self, played: &mut AccountInputs<'_>) {
        let hosts = played.hosts();
        let prompt = hosts & !played.talked;
        let all = played.worth(hosts);
        let undelayed = match prompt == hosts {
            true => all,
            false => played.worth(prompt),
        };
        let mut profit = played.delay * (all - undelayed) + undelayed;
        let mut capex = 0.0;
        for i in 0..played.economy.n {
            let p = played.pair(i);
            if hosts >> i & 1 == 1 {
                profit -= played.factor(i) * played.borne(i);
                capex += played.economy.size[p];
            } else {
                profit -= played.arm_economy.stranded[p];
            }
        }
        self.profit[played.h] = profit;
        self.compliance_cost[played.h] = played.regime(hosts);
        self.capex[played.h] = capex;
    }

    /// Y_i and investment: demand, cost and capital of h by the states from which it serves (34).
    fn fill_hosts(&mut self, played: &mut AccountInputs<'_>) {
        let (n, m) = (played.economy.n, played.economy.m);
        let hosts = played.hosts();
        let served = played.h * n * n..(played.h + 1) * n * n;
        if hosts == 0 {
            self.served[served].fill(0.0);
            return;
        }
        (played.play.service).shares(played.h, hosts, &mut self.served[served.clone()]);
        for (at, &outside) in played.economy.outside_lanes.iter().enumerate() {
            let with = played.play.signed.quality.lane(played.h, at);
            let market = played.play.signed.market(played.economy, played.h);
            let gains = market.capture(at, with, outside).to_array();
            let states = LANE * at..(LANE * (at + 1)).min(n);
            for (l, gain) in states.zip(gains) {
                let shares = &self.served[served.clone()][l * n..(l + 1) * n];
                played.write_portions(l, shares, &mut self.portions);
                let reached = played.invested_per_share(l);
                for i in members(hosts) {
                    let margin = self.portions[i] * gain;
                    let capital = match l == i {
                        true => 0.0,
                        false => played.charge(l) * shares[i],
                    };
                    self.supplier_gain[i] += played.factor(i) * (margin - capital);
                    self.investment[i] += shares[i] * reached;
                }
            }
        }
        let costs = &played.economy.compliance[played.h..];
        let sum: f64 = members(hosts).map(|j| costs[j * m]).sum();
        let regime = played.regime(hosts);
        for i in members(hosts) {
            let own_regime = if sum > 0.0 {
                regime * costs[i * m] / sum
            } else {
                0.0
            };
            let hosting = played.arm_economy.hosting_cost[played.pair(i)];
            self.supplier_gain[i] -= played.factor(i) * (hosting + own_regime + played.borne(i));
        }
    }
}

/// A play with what it was played on, the delay f of those who `talked`, and the hyperscaler whose accounts are filled.
struct AccountInputs<'a> {
    economy: &'a Economy,
    arm_economy: &'a ArmEconomy,
    play: &'a mut WindowPlay,
    talked: StateSet,
    delay: f64,
    h: usize,
}

impl AccountInputs<'_> {
    fn hosts(&self) -> StateSet {
        self.play.signed.hosts[self.h]
    }

    fn pair(&self, i: usize) -> usize {
        i * self.economy.m + self.h
    }

    fn factor(&self, i: usize) -> f64 {
        factor_of(self.talked, self.delay, i)
    }

    /// g_ih + T_ih − loss_ih.
    fn borne(&self, i: usize) -> f64 {
        let p = self.pair(i);
        self.play.cost[p] + self.play.transfer[p] - self.play.loss[p]
    }

    /// Π_h(hosts) − Π_h(∅).
    fn worth(&mut self, hosts: StateSet) -> f64 {
        let (economy, arm_economy, play) = (self.economy, self.arm_economy, &mut *self.play);
        let (service, network) = (&mut play.service, &play.signed);
        worth(
            economy,
            arm_economy,
            service,
            network,
            play.accord,
            self.h,
            hosts,
        )
    }

    /// comp_h (15) of a set of hosts.
    fn regime(&self, hosts: StateSet) -> f64 {
        regime(
            self.economy,
            self.arm_economy,
            self.play.accord,
            self.h,
            hosts,
        )
    }

    /// Writes a_lj, host by host: which part of the region's service of l is j's (34); `shares` is y_l·.
    fn write_portions(&self, l: usize, shares: &[f64], portions: &mut [f64]) {
        let hosts = self.hosts();
        if hosts >> l & 1 == 1 {
            members(hosts).for_each(|j| portions[j] = f64::from(u8::from(j == l)));
            return;
        }
        let mut sum = 0.0;
        for j in members(hosts) {
            portions[j] = if shares[j] > 0.0 {
                self.play.service.added(l, j) * shares[j]
            } else {
                0.0
            };
            sum += portions[j];
        }
        if sum > 0.0 {
            members(hosts).for_each(|j| portions[j] /= sum);
        }
    }

    /// Z_lh·ω_lh/ψ_lh, 0 where ψ_lh is 0: capital for demand of l per share of it that a host serves.
    fn invested_per_share(&self, l: usize) -> f64 {
        let psi = self.play.signed.quality.get(self.h, l);
        if psi == 0.0 {
            return 0.0;
        }
        let captured = self.play.signed.captured(self.economy, l, self.h);
        self.economy.size[self.pair(l)] * captured / psi
    }

    /// capital_charge·Z_lh.
    fn charge(&self, l: usize) -> f64 {
        self.economy.capital_charge * self.economy.size[self.pair(l)]
    }
}

/// f_i: f for those who talked, else 1.
pub fn factor_of(talked: StateSet, delay: f64, i: usize) -> f64 {
    if talked >> i & 1 == 1 { delay } else { 1.0 }
}

/// pos(X)/(pos(X) + pos(Y)), 0 where both are 0: the share of the gains from deals made in a state that stays there.
pub fn leverage(state_gain: f64, supplier_gain: f64) -> f64 {
    let (x, y) = (state_gain.max(0.0), supplier_gain.max(0.0));
    if x + y > 0.0 { x / (x + y) } else { 0.0 }
}

/// A sum of payoffs below this share of their sizes is what rounding leaves of nothing.
const ROUNDING: f64 = 1e-12;

/// Gini of payoff per head over states weighted by population, Σ_ij p_i p_j |y_i − y_j|/(2·ȳ·(Σp)²); NaN where ȳ <= 0, as where states only
/// pay one another.
pub fn gini(payoffs: impl Fn(usize) -> f64, population: &[f64]) -> f64 {
    let people: f64 = population.iter().sum();
    let total: f64 = (0..population.len()).map(&payoffs).sum();
    let sizes = (0..population.len()).map(|i| payoffs(i).abs());
    if total <= ROUNDING * sizes.sum::<f64>() {
        return f64::NAN;
    }
    let mut spread = 0.0;
    for (i, p) in population.iter().enumerate() {
        for (j, q) in population.iter().enumerate() {
            spread += p * q * (payoffs(i) / p - payoffs(j) / q).abs();
        }
    }
    spread / (2.0 * (total / people) * people * people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leverage_is_a_share_of_positive_parts() {
        assert_eq!(leverage(1.0, 3.0), 0.25);
        assert_eq!(leverage(-1.0, 3.0), 0.0);
        assert_eq!(leverage(1.0, -3.0), 1.0);
        assert_eq!(leverage(0.0, 0.0), 0.0);
    }

    #[test]
    fn gini_of_two_states_by_hand() {
        // 1 and 3 people with 1 and 0 per head: ȳ = ¼, spread = 2·1·3·1, Gini = 6/(2·¼·16) = ¾.
        assert_eq!(gini(|i| [1.0, 0.0][i], &[1.0, 3.0]), 0.75);
        assert_eq!(gini(|_| 2.0, &[1.0, 1.0]), 0.0);
        assert!(gini(|_| -1.0, &[1.0, 1.0]).is_nan());
        assert!(gini(|_| 0.0, &[1.0, 1.0]).is_nan());
        // Side payments: 0.1 + 0.2 − 0.3 leaves 5.6e-17.
        assert!(gini(|i| [0.1, 0.2, -0.3][i], &[1.0; 3]).is_nan());
    }
}
