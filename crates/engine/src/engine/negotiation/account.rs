//! The accounts of a window once its accord is settled: what each hyperscaler and each host gained (33), (34).
//!
//! Not here: the states' payoffs (32), which are in `payoff` and `coalitions`, and sums over windows, which are in `ledger`.

use crate::engine::model::arm::{StateSet, members};
use crate::engine::model::lanes::{LANE, sum};
use crate::engine::model::service::compliance;
use crate::engine::model::valuation::Economy;
use crate::engine::negotiation::arm_economy::ArmEconomy;
use crate::engine::negotiation::payoff::host_of;
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
    /// From which state h serves l, n × m; none from outside.
    pub served_from: Vec<Option<usize>>,
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
            served_from: vec![None; n * m],
        }
    }

    /// Fills the accounts of a play; `delay` is f of those who `talked`.
    pub fn fill(
        &mut self,
        economy: &Economy,
        arm_economy: &ArmEconomy,
        play: &WindowPlay,
        talked: StateSet,
        delay: f64,
    ) {
        self.supplier_gain.fill(0.0);
        self.investment.fill(0.0);
        let played = AccountInputs {
            economy,
            arm_economy,
            play,
            talked,
            delay,
        };
        for h in 0..economy.m {
            self.fill_hyperscaler(played, h);
            self.fill_hosts(played, h);
        }
    }

    /// v_h = f·[Π(S) − Π(S∖J)] + Π(S∖J) − Π(∅) − Σ_{i∈S} f_i(g_ih + T_ih), rivals at their final hosts.
    fn fill_hyperscaler(&mut self, played: AccountInputs<'_>, h: usize) {
        let (economy, arm_economy, play) = (played.economy, played.arm_economy, played.play);
        let hosts = play.signed.hosts[h];
        let regime = |set: StateSet| played.compliance(set, h);
        let prompt = hosts & !played.talked;
        let mut delayed_part = regime(prompt) - regime(hosts);
        let mut prompt_part = -regime(prompt);
        let market = play.signed.market(economy, h);
        for (at, &outside) in economy.outside_lanes.iter().enumerate() {
            if play.service.serving(at) & hosts == 0 {
                continue;
            }
            let with = play.signed.quality.lane(h, at);
            let without = play.service.best(at, outside, prompt);
            delayed_part += sum(market.capture(at, with, without));
            prompt_part += sum(market.capture(at, without, outside));
        }
        let mut capex = 0.0;
        for i in members(hosts) {
            let p = i * economy.m + h;
            let factor = played.factor(i);
            if played.talked >> i & 1 == 1 {
                delayed_part -= arm_economy.hosting_cost[p];
            } else {
                prompt_part -= arm_economy.hosting_cost[p];
            }
            prompt_part -= factor * (play.cost[p] + play.transfer[p]);
            capex += economy.size[p];
        }
        self.profit[h] = played.delay * delayed_part + prompt_part;
        self.compliance_cost[h] = regime(hosts);
        self.capex[h] = capex;
    }

    /// Y_i and investment: demand, cost and capital of h by the state from which it serves (34).
    fn fill_hosts(&mut self, played: AccountInputs<'_>, h: usize) {
        let (economy, arm_economy, play) = (played.economy, played.arm_economy, played.play);
        let hosts = play.signed.hosts[h];
        let market = play.signed.market(economy, h);
        for (at, &outside) in economy.outside_lanes.iter().enumerate() {
            let states = LANE * at..(LANE * (at + 1)).min(economy.n);
            if play.service.serving(at) & hosts == 0 {
                states.for_each(|l| self.served_from[l * economy.m + h] = None);
                continue;
            }
            let with = play.signed.quality.lane(h, at);
            let gains = market.capture(at, with, outside).to_array();
            for (l, gain) in states.zip(gains) {
                let p = l * economy.m + h;
                let host = host_of(economy, &play.service, l, hosts);
                self.served_from[p] = host;
                if let Some(i) = host {
                    self.supplier_gain[i] += played.factor(i) * gain;
                    self.investment[i] += economy.size[p] * play.signed.captured(economy, l, h);
                }
            }
        }
        let costs = &economy.compliance[h..];
        let sum: f64 = members(hosts).map(|j| costs[j * economy.m]).sum();
        let regime = played.compliance(hosts, h);
        for i in members(hosts) {
            let p = i * economy.m + h;
            let own_regime = if sum > 0.0 {
                regime * costs[i * economy.m] / sum
            } else {
                0.0
            };
            self.supplier_gain[i] -= played.factor(i)
                * (arm_economy.hosting_cost[p] + own_regime + play.cost[p] + play.transfer[p]);
        }
    }
}

/// A play with what it was played on, and the delay f of those who `talked`.
#[derive(Clone, Copy)]
struct AccountInputs<'a> {
    economy: &'a Economy,
    arm_economy: &'a ArmEconomy,
    play: &'a WindowPlay,
    talked: StateSet,
    delay: f64,
}

impl AccountInputs<'_> {
    fn factor(&self, i: usize) -> f64 {
        factor_of(self.talked, self.delay, i)
    }

    /// comp_h (15) of a set of hosts.
    fn compliance(&self, hosts: StateSet, h: usize) -> f64 {
        compliance(
            hosts,
            self.play.accord,
            self.arm_economy.rules.harmonisation,
            &self.economy.compliance[h..],
            self.economy.m,
        )
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

/// Gini of payoff per head over states weighted by population, Σ_ij p_i p_j |y_i − y_j|/(2·ȳ·(Σp)²); NaN where ȳ <= 0.
pub fn gini(payoffs: impl Fn(usize) -> f64, population: &[f64]) -> f64 {
    let people: f64 = population.iter().sum();
    let total: f64 = (0..population.len()).map(&payoffs).sum();
    if total <= 0.0 {
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
    }
}
