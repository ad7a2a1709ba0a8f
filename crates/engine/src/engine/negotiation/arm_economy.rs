//! What an arm's window is played on: the economy, the standing that earlier windows left, and the arm's rules in numbers: V (7), β (9),
//! hosting cost (5), switching cost (20), what is stranded (45) and what repricing takes (39).
//!
//! Not here: how a standing evolves, which is in `dynamics`, and anything that talks change (`play`).

use crate::engine::model::arm::{Arm, StateSet};
use crate::engine::model::keys::ArmKey;
use crate::engine::model::lanes::LANE;
use crate::engine::model::layout::{NO_FLOOR, Slot};
use crate::engine::model::valuation::Economy;
use crate::engine::model::{Model, Others, Solution};
use crate::engine::negotiation::cache::frontiers::FrontierCache;
use crate::engine::negotiation::standing::Standing;
use crate::theory::bargaining::Gains;
use libm::pow;

/// The numbers of an arm in one window.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rules {
    /// Whether the arm's accord is in force at all in this window.
    pub active: bool,
    /// The probability of joining that the arm gives; none where the states' own count, by the arm's `joining`.
    pub join: Option<f64>,
    /// most_favoured of (41).
    pub most_favoured: f64,
    /// binding.
    pub binding: f64,
    /// η.
    pub harmonisation: f64,
    /// κ.
    pub cross_border_data: f64,
    /// recourse.
    pub recourse: f64,
    /// penalty.
    pub penalty: f64,
    /// quota.
    pub quota: f64,
    /// round_years of talks.
    pub round_years: f64,
    /// interim.
    pub interim: f64,
    /// political_noise.
    pub political_noise: f64,
    /// pooling.
    pub pooling: f64,
    /// ς.
    pub side_payments: f64,
}

impl Rules {
    /// The rules of arm `index` from the values of a window.
    pub fn read(model: &Model, values: &[f64], index: usize) -> Rules {
        let at = |key| values[model.layout.index(Slot::Arm(index, key))];
        Rules {
            active: at(ArmKey::Active) != 0.0,
            join: Some(at(ArmKey::Join)).filter(|join| !join.is_nan()),
            most_favoured: at(ArmKey::MostFavoured),
            binding: at(ArmKey::Binding),
            harmonisation: at(ArmKey::Harmonisation),
            cross_border_data: at(ArmKey::CrossBorderData),
            recourse: at(ArmKey::Recourse),
            penalty: at(ArmKey::Penalty),
            quota: at(ArmKey::Quota),
            round_years: at(ArmKey::RoundYears),
            interim: at(ArmKey::Interim),
            political_noise: at(ArmKey::PoliticalNoise),
            pooling: at(ArmKey::Pooling),
            side_payments: at(ArmKey::SidePayments),
        }
    }
}

/// The quantities of a window that hang on the standing or on who is inside an accord. Pairs lie at i·m + h.
#[derive(Debug, Clone)]
pub struct ArmEconomy {
    /// The numbers of the arm's accord.
    pub rules: Rules,
    /// V_i with M = ∅ (7).
    pub value_out: Vec<f64>,
    /// V_i inside an accord, where cross-border data rules undo some of the drag.
    pub value_in: Vec<f64>,
    /// V_i with talent_i(0) and M = ∅, that of U⁰_i.
    pub first_value: Vec<f64>,
    /// β_i (9).
    pub bargaining_power: Vec<f64>,
    /// F_ih (5).
    pub hosting_cost: Vec<f64>,
    /// v*_ih of (17), floors not applied.
    pub term_surplus: Vec<f64>,
    /// lock_in·dependency_ih·(1−compute_i)·q_ih·had_ih: Λ_ih (20) per unit of V_i, recourse aside.
    pub lock_in_base: Vec<f64>,
    /// Θ_ih (45), USD bn.
    pub stranded: Vec<f64>,
    /// B_ih (39) per unit of V_i, recourse aside.
    pub repricing_base: Vec<f64>,
    /// What a deal of the pair brings each side whatever others do, where its state is outside and inside: Λ − φ·B, and Θ − F + φ·B.
    own_gains: [Vec<Gains>; 2],
    /// min_k raised to the accord's floors.
    pub floored_min: Vec<f64>,
    /// How every bargain of the window is settled.
    pub solution: Solution,
    /// Whether cash moves besides the terms.
    pub transfers: bool,
    /// On which other deals a deal counts.
    pub others: Others,
}

impl ArmEconomy {
    /// Room for n states, m hyperscalers and K terms.
    pub fn new(model: &Model) -> ArmEconomy {
        let (n, m, k) = (
            model.states.len(),
            model.hyperscalers.len(),
            model.terms.len(),
        );
        ArmEconomy {
            rules: Rules::default(),
            value_out: vec![0.0; n],
            value_in: vec![0.0; n],
            first_value: vec![0.0; n],
            bargaining_power: vec![0.0; n],
            hosting_cost: vec![0.0; n * m],
            term_surplus: vec![0.0; n * m],
            lock_in_base: vec![0.0; n * m],
            stranded: vec![0.0; n * m],
            repricing_base: vec![0.0; n * m],
            own_gains: [(); 2].map(|()| vec![Gains::NONE; n * m]),
            floored_min: vec![0.0; k.next_multiple_of(LANE)],
            solution: model.solution,
            transfers: model.transfers,
            others: model.others,
        }
    }

    /// Fills the quantities of an arm (index `index`) in a window with the given values; `points` are those of the terms without floors,
    /// `first_power` is talent_i(0)^α.
    pub fn fill(
        &mut self,
        model: &Model,
        values: &[f64],
        index: usize,
        economy: &Economy,
        standing: &Standing,
        points: &FrontierCache,
        first_power: &[f64],
    ) {
        self.rules = Rules::read(model, values, index);
        let kappa = self.rules.cross_border_data;
        let (n, m) = (economy.n, economy.m);
        for i in 0..n {
            let power = if standing.talent[i] == standing.first_talent[i] {
                first_power[i]
            } else {
                pow(standing.talent[i], economy.talent_elasticity)
            };
            let skilled = economy.value_base[i] * power;
            let first = economy.value_base[i] * first_power[i];
            self.value_out[i] = skilled * (1.0 - economy.drag[i]);
            self.value_in[i] = skilled * (1.0 - economy.drag[i] * (1.0 - kappa));
            self.first_value[i] = first * (1.0 - economy.drag[i]);
            let gained = standing.talent[i] - standing.first_talent[i];
            self.bargaining_power[i] =
                (economy.bargaining_power[i] + economy.power_gain * gained).clamp(0.02, 0.98);
            for h in 0..m {
                self.fill_pair(economy, standing, i, h);
                let point = points.middle(economy, i, h);
                self.term_surplus[i * m + h] = point.value - point.cost;
            }
        }
        for k in 0..economy.k {
            let own = values[model.layout.index(Slot::Floor(index, k))];
            let floor = if own == NO_FLOOR {
                economy.floor[k]
            } else {
                own
            };
            self.floored_min[k] = economy.min[k].max(floor);
        }
    }

    fn fill_pair(&mut self, economy: &Economy, standing: &Standing, i: usize, h: usize) {
        let p = i * economy.m + h;
        let had = if standing.had[h] >> i & 1 == 1 {
            1.0
        } else {
            0.0
        };
        self.hosting_cost[p] = economy.entry_cost[h] * (1.0 - economy.sunk * had)
            + economy.capital_charge * economy.size[p];
        self.lock_in_base[p] = economy.lock_in
            * standing.dependency[p]
            * (1.0 - standing.compute[i])
            * economy.coverage[p]
            * had;
        self.stranded[p] = economy.stranded * standing.asset[p] * had;
        let dependency = standing.dependency[p];
        let grown = dependency + economy.dependency_rate * (1.0 - dependency);
        self.repricing_base[p] = economy.repricing
            * economy.lock_in
            * grown
            * (1.0 - standing.compute[i])
            * economy.coverage[p];
        for (inside, accord) in [0, 1 << i].into_iter().enumerate() {
            let foreseen = self.foreseen_repricing(economy, i, h, accord);
            self.own_gains[inside][p] = Gains {
                state: self.switching_cost(economy, i, h, accord) - foreseen,
                hyperscaler: self.stranded[p] - self.hosting_cost[p] + foreseen,
            };
        }
    }

    /// What a deal of (i, h) brings each side with M = `accord` whatever others do: Λ (20) and Θ (45), hosting costs (5), and the repricing that
    /// is foreseen (40); USD bn.
    #[inline]
    pub fn own_gains(&self, economy: &Economy, i: usize, h: usize, accord: StateSet) -> Gains {
        self.own_gains[(accord >> i & 1) as usize][i * economy.m + h]
    }

    /// The lowest levels at a table of i with M = `accord`: with the accord's floors inside.
    pub fn least_levels<'a>(
        &'a self,
        economy: &'a Economy,
        i: usize,
        accord: StateSet,
    ) -> &'a [f64] {
        match accord >> i & 1 == 1 {
            true => &self.floored_min,
            false => &economy.min,
        }
    }

    /// V_i with M = `accord`.
    pub fn value(&self, i: usize, accord: StateSet) -> f64 {
        if accord >> i & 1 == 1 {
            self.value_in[i]
        } else {
            self.value_out[i]
        }
    }

    /// Λ_ih (20) with M = `accord`, USD bn.
    pub fn switching_cost(&self, economy: &Economy, i: usize, h: usize, accord: StateSet) -> f64 {
        self.lock_in_base[i * economy.m + h] * self.value(i, accord) * self.relief(i, accord)
    }

    /// B_ih (39) with M = `accord`: what h takes by repricing where no term protects, USD bn.
    pub fn repriced(&self, economy: &Economy, i: usize, h: usize, accord: StateSet) -> f64 {
        self.repricing_base[i * economy.m + h] * self.value(i, accord) * self.relief(i, accord)
    }

    /// φ·B_ih (39), (40).
    pub fn foreseen_repricing(
        &self,
        economy: &Economy,
        i: usize,
        h: usize,
        accord: StateSet,
    ) -> f64 {
        match economy.repricing > 0.0 {
            true => economy.repricing_foresight * self.repriced(economy, i, h, accord),
            false => 0.0,
        }
    }

    /// 1 − recourse·binding·1\[i ∈ M\].
    fn relief(&self, i: usize, accord: StateSet) -> f64 {
        if accord >> i & 1 == 1 {
            1.0 - self.rules.recourse * self.rules.binding
        } else {
            1.0
        }
    }

    /// Whether an arm's rules can bind anyone in this window.
    pub fn has_accord(&self, arm: &Arm) -> bool {
        arm.is_accord() && self.rules.active
    }
}
