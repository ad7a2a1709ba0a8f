//! Quantities of a window that no accord and no negotiation changes (model, section 2): (1)-(6), (8) and the fixed part of (7).
//!
//! An [`Economy`] is filled once per trial and window and shared by all arms. Pairs are indexed state by state: (i, h) lies at i·m + h.

use crate::engine::model::arm::StateSet;
use crate::engine::model::keys::{
    BargainingKey, DynamicsKey, HyperscalerKey, MarketKey, PairKey, StateKey, TermKey,
};
use crate::engine::model::lanes::{LANE, LaneColumns, set_lane};
use crate::engine::model::layout::Slot;
use crate::engine::model::words::{TermEffect, Vocabulary};
use crate::engine::model::{Model, Uplift};
use libm::{exp, expm1, log1p, pow};
use wide::f64x4;

/// (1): (1 − (1+r)^−L)/r, L if r = 0; the present value of 1 per year over L years at rate r >= 0.
pub fn annuity(rate: f64, years: f64) -> f64 {
    if rate == 0.0 {
        years
    } else {
        -expm1(-years * log1p(rate)) / rate
    }
}

/// The ramp of (7) at the middle of a window, τ = t + L/2, with R = `ramp_years`.
///
/// Growth: τ²/(2R) if τ < R, else τ − R/2 (years of full growth accumulated). Level: min(1, τ/R), 1 if R = 0.
pub fn ramp(uplift: Uplift, tau: f64, ramp_years: f64) -> f64 {
    match uplift {
        Uplift::Growth if tau < ramp_years => tau * tau / (2.0 * ramp_years),
        Uplift::Growth => tau - ramp_years / 2.0,
        Uplift::Level if ramp_years == 0.0 => 1.0,
        Uplift::Level => (tau / ramp_years).min(1.0),
    }
}

/// ⟨r⟩ = 1 − (1−r)^L: a yearly rate in \[0, 1\] turned to a window of L years.
pub fn window_rate(rate: f64, years: f64) -> f64 {
    1.0 - pow(1.0 - rate, years)
}

/// How the levels of each state have grown since the start, as factors.
#[derive(Debug, Clone, Default)]
pub struct Growth {
    /// Of gdp, by state.
    pub gdp: Vec<f64>,
    /// Of digital_gmv, by state.
    pub gmv: Vec<f64>,
    /// Of both over one window.
    step: Vec<[f64; 2]>,
}

impl Growth {
    /// None yet, of n states.
    pub fn new(n: usize) -> Growth {
        Growth {
            gdp: vec![1.0; n],
            gmv: vec![1.0; n],
            step: vec![[1.0; 2]; n],
        }
    }

    /// Back to the start of the horizon, where all factors are 1.
    pub fn restart(&mut self) {
        self.gdp.fill(1.0);
        self.gmv.fill(1.0);
    }

    /// Another window with these values; `changed` says whether they differ from those of the window before.
    pub fn advance(&mut self, model: &Model, values: &[f64], changed: bool) {
        let years = model.horizon.window_years;
        for (i, step) in self.step.iter_mut().enumerate() {
            if changed {
                let rates = [StateKey::GdpGrowth, StateKey::GmvGrowth];
                *step = rates.map(|key| pow(1.0 + values[model.layout.state(i, key)], years));
            }
            self.gdp[i] *= step[0];
            self.gmv[i] *= step[1];
        }
    }
}

/// The numbers of one window in one world.
#[derive(Debug, Clone, Default)]
pub struct Economy {
    /// n, the number of states.
    pub n: usize,
    /// m, the number of hyperscalers.
    pub m: usize,
    /// K, the number of terms.
    pub k: usize,
    /// The first window with the same values.
    pub since: usize,
    /// Levels of gdp carried by growth up to this window, USD bn.
    pub gdp: Vec<f64>,
    /// Population by state, million.
    pub population: Vec<f64>,
    /// market_i (2), USD bn per year.
    pub market: Vec<f64>,
    /// Annuity of i over a window (1), years.
    state_annuity: Vec<f64>,
    /// infrastructure_i^(1−α).
    infrastructure_power: Vec<f64>,
    /// ln(1 + discount rate) of each state, per year.
    pub state_log_rate: Vec<f64>,
    /// ln(1 + discount rate) of each hyperscaler, per year.
    pub hyperscaler_log_rate: Vec<f64>,
    /// (1+r_i)^−t.
    pub state_discount: Vec<f64>,
    /// (1+r_h)^−t.
    pub hyperscaler_discount: Vec<f64>,
    /// fit_ih.
    pub fit: Vec<f64>,
    /// market_share_h.
    pub market_share: Vec<f64>,
    /// operating_margin_h.
    pub operating_margin: Vec<f64>,
    /// m_ih.
    pub share: Vec<f64>,
    /// Σ_h m_ih.
    pub share_sum: Vec<f64>,
    /// D_ih (3), USD bn.
    pub margin: Vec<f64>,
    /// Z_ih (4), USD bn of capital.
    pub size: Vec<f64>,
    /// C_ih (6), USD bn.
    pub compliance: Vec<f64>,
    /// q_ih (8).
    pub coverage: Vec<f64>,
    /// Annuity of h over a window (1), years.
    pub hyperscaler_annuity: Vec<f64>,
    /// Entry cost of h, USD bn.
    pub entry_cost: Vec<f64>,
    /// Cost of hosting per USD of capital (5).
    pub capital_charge: f64,
    /// capex_intensity·L.
    pub capex_per_market: f64,
    /// capex_budget_h of the window, infinite if absent.
    pub budget: Vec<f64>,
    /// P_h: the states that h may deal with.
    pub feasible: Vec<StateSet>,
    /// V_i of (7) without talent^α and without the factor of data rules.
    pub value_base: Vec<f64>,
    /// α.
    pub talent_elasticity: f64,
    /// data_drag·residency_i.
    pub drag: Vec<f64>,
    /// residency_i.
    pub residency: Vec<f64>,
    /// e_ij, n × n, i served from j; 1 on the diagonal (10).
    pub efficiency: Vec<f64>,
    /// hub_j: share of the region's demand that j could serve, its own included.
    pub hub: Vec<f64>,
    /// σ_i0 (11).
    pub outside: Vec<f64>,
    /// σ_·0 in lanes.
    pub outside_lanes: Vec<f64x4>,
    /// ∏_h (1 − remote_value·σ_i0·q_ih): what is uncovered where nobody hosts anybody (16).
    pub uncovered_outside: Vec<f64>,
    /// (1 − δ)·Σ_h m_ih, in lanes.
    pub slack: Vec<f64x4>,
    /// δ·m_ih, a column per hyperscaler.
    pub pull: LaneColumns,
    /// D_ih·Σ_g m_ig, a column per hyperscaler.
    pub stake: LaneColumns,
    /// q_ih (8) again, a column per hyperscaler.
    pub covered: LaneColumns,
    /// δ of (13).
    pub diversion: f64,
    /// remote_value of (16).
    pub remote_value: f64,
    /// peers of (16).
    pub peers: f64,
    /// peers_inside of (16).
    pub peers_inside: f64,
    /// bargaining_power_i.
    pub bargaining_power: Vec<f64>,
    /// power_gain of (9).
    pub power_gain: f64,
    /// ρ of (18).
    pub foresight: f64,
    /// round_years of (28).
    pub round_years: f64,
    /// lock_in of (20).
    pub lock_in: f64,
    /// sunk of (5).
    pub sunk: f64,
    /// r of (39).
    pub repricing: f64,
    /// φ of (40).
    pub repricing_foresight: f64,
    /// stranded of (45).
    pub stranded: f64,
    /// ⟨talent_rate⟩ of (35).
    pub talent_rate: f64,
    /// ⟨compute_rate⟩ of (36).
    pub compute_rate: f64,
    /// ⟨dependency_rate⟩ of (37) and (39).
    pub dependency_rate: f64,
    /// ⟨asset_decay⟩ of (46).
    pub asset_decay: f64,
    /// Numbers from one row of `a` or `c` to the next: K in whole lanes; behind K stand zeros, as in `b`, `min`, `max` and `price_effect`,
    /// and ones in `d`.
    pub stride: usize,
    /// a_ik, n × stride.
    pub a: Vec<f64>,
    /// b_k.
    pub b: Vec<f64>,
    /// c_hk, m × stride.
    pub c: Vec<f64>,
    /// d_k.
    pub d: Vec<f64>,
    /// min_k.
    pub min: Vec<f64>,
    /// max_k.
    pub max: Vec<f64>,
    /// floor_k of the term, minus infinity if absent.
    pub floor: Vec<f64>,
    /// price_effect_k of (40).
    pub price_effect: Vec<f64>,
    /// Of each effect its size by term, per unit of level.
    pub effects: [Vec<f64>; TermEffect::ALL.len()],
    /// will_i.
    pub will: Vec<f64>,
    /// goodwill_i.
    pub goodwill: Vec<f64>,
}

impl Economy {
    /// An economy with room for everything, so that filling it never allocates.
    pub fn new(n: usize, m: usize, k: usize) -> Economy {
        let state = || vec![0.0; n];
        let hyperscaler = || vec![0.0; m];
        let pair = || vec![0.0; n * m];
        let term = || vec![0.0; k];
        let stride = k.next_multiple_of(LANE);
        let padded = || vec![0.0; stride];
        let lanes = || vec![f64x4::ZERO; n.div_ceil(LANE)];
        let columns = || LaneColumns::new(n, m);
        Economy {
            n,
            m,
            k,
            gdp: state(),
            population: state(),
            market: state(),
            state_annuity: state(),
            infrastructure_power: state(),
            state_log_rate: state(),
            hyperscaler_log_rate: hyperscaler(),
            state_discount: state(),
            hyperscaler_discount: hyperscaler(),
            fit: pair(),
            market_share: hyperscaler(),
            operating_margin: hyperscaler(),
            share: pair(),
            share_sum: state(),
            margin: pair(),
            size: pair(),
            compliance: pair(),
            coverage: pair(),
            hyperscaler_annuity: hyperscaler(),
            entry_cost: hyperscaler(),
            budget: hyperscaler(),
            feasible: vec![0; m],
            value_base: state(),
            drag: state(),
            residency: state(),
            efficiency: vec![0.0; n * n],
            hub: state(),
            outside: state(),
            outside_lanes: lanes(),
            uncovered_outside: state(),
            slack: lanes(),
            pull: columns(),
            stake: columns(),
            covered: columns(),
            bargaining_power: state(),
            stride,
            a: vec![0.0; n * stride],
            b: padded(),
            c: vec![0.0; m * stride],
            d: vec![1.0; stride],
            min: padded(),
            max: padded(),
            floor: term(),
            price_effect: padded(),
            effects: std::array::from_fn(|_| term()),
            will: state(),
            goodwill: state(),
            ..Economy::default()
        }
    }

    /// σ_ij with M = ∅ (10): how well i is served from j, 1 at home.
    pub fn remote_quality(&self, i: usize, j: usize) -> f64 {
        let open = if i == j { 1.0 } else { 1.0 - self.residency[i] };
        self.efficiency[i * self.n + j] * open
    }

    /// Fills the economy of window `w` from the window's values; `growth` is that of the levels since the start. `before` is an economy
    /// filled from the same values, if there is one: its powers and logarithms are taken over.
    pub fn fill(
        &mut self,
        model: &Model,
        values: &[f64],
        w: usize,
        growth: &Growth,
        before: Option<&Economy>,
    ) {
        let years = model.horizon.window_years;
        let start = w as f64 * years;
        let view = WindowValues { model, values };
        match before {
            Some(before) => self.copy_powers(before),
            None => self.fill_powers(&view, years),
        }
        self.since = before.map_or(w, |before| before.since);
        self.fill_shared(&view, years);
        self.fill_hyperscalers(&view, start);
        self.fill_states(&view, start, growth);
        self.fill_pairs(&view);
        self.fill_terms(&view);
    }

    /// Whatever takes a power or a logarithm of the window's values alone.
    fn fill_powers(&mut self, view: &WindowValues, years: f64) {
        for h in 0..self.m {
            let rate = view.hyperscaler(h, HyperscalerKey::DiscountRate);
            self.hyperscaler_annuity[h] = annuity(rate, years);
            self.hyperscaler_log_rate[h] = log1p(rate);
        }
        let alpha = view.market(MarketKey::TalentElasticity);
        let coverage_rate = view.market(MarketKey::CoverageRate);
        for i in 0..self.n {
            let rate = view.state(i, StateKey::DiscountRate);
            self.state_annuity[i] = annuity(rate, years);
            self.state_log_rate[i] = log1p(rate);
            self.infrastructure_power[i] =
                pow(view.state(i, StateKey::Infrastructure), 1.0 - alpha);
            for h in 0..self.m {
                let coverage = -expm1(-coverage_rate * view.share(i, h));
                self.coverage[i * self.m + h] = coverage;
                self.covered.set(h, i, coverage);
            }
        }
        self.talent_rate = window_rate(view.dynamics(DynamicsKey::TalentRate), years);
        self.compute_rate = window_rate(view.dynamics(DynamicsKey::ComputeRate), years);
        self.dependency_rate = window_rate(view.dynamics(DynamicsKey::DependencyRate), years);
        self.asset_decay = window_rate(view.dynamics(DynamicsKey::AssetDecay), years);
    }

    fn copy_powers(&mut self, before: &Economy) {
        self.hyperscaler_annuity
            .copy_from_slice(&before.hyperscaler_annuity);
        self.hyperscaler_log_rate
            .copy_from_slice(&before.hyperscaler_log_rate);
        self.state_annuity.copy_from_slice(&before.state_annuity);
        self.state_log_rate.copy_from_slice(&before.state_log_rate);
        self.infrastructure_power
            .copy_from_slice(&before.infrastructure_power);
        self.coverage.copy_from_slice(&before.coverage);
        self.covered.copy_from(&before.covered);
        self.talent_rate = before.talent_rate;
        self.compute_rate = before.compute_rate;
        self.dependency_rate = before.dependency_rate;
        self.asset_decay = before.asset_decay;
    }

    fn fill_shared(&mut self, view: &WindowValues, years: f64) {
        self.capital_charge = view.market(MarketKey::CapitalCharge);
        self.capex_per_market = view.market(MarketKey::CapexIntensity) * years;
        self.talent_elasticity = view.market(MarketKey::TalentElasticity);
        self.diversion = view.market(MarketKey::Diversion);
        self.remote_value = view.market(MarketKey::RemoteValue);
        self.peers = view.market(MarketKey::Peers);
        self.peers_inside = view.market(MarketKey::PeersInside);
        self.foresight = view.at(Slot::Bargaining(BargainingKey::Foresight));
        self.round_years = view.at(Slot::Bargaining(BargainingKey::RoundYears));
        self.lock_in = view.dynamics(DynamicsKey::LockIn);
        self.sunk = view.dynamics(DynamicsKey::Sunk);
        self.power_gain = view.dynamics(DynamicsKey::PowerGain);
        self.repricing = view.dynamics(DynamicsKey::Repricing);
        self.repricing_foresight = view.dynamics(DynamicsKey::RepricingForesight);
        self.stranded = view.dynamics(DynamicsKey::Stranded);
    }

    fn fill_hyperscalers(&mut self, view: &WindowValues, start: f64) {
        for h in 0..self.m {
            self.hyperscaler_discount[h] = exp(-start * self.hyperscaler_log_rate[h]);
            self.entry_cost[h] = view.hyperscaler(h, HyperscalerKey::EntryCost);
            self.market_share[h] = view.hyperscaler(h, HyperscalerKey::MarketShare);
            self.operating_margin[h] = view.hyperscaler(h, HyperscalerKey::OperatingMargin);
            self.budget[h] = view.hyperscaler(h, HyperscalerKey::CapexBudget);
        }
    }

    fn fill_states(&mut self, view: &WindowValues, start: f64, growth: &Growth) {
        let years = view.model.horizon.window_years;
        let ramp = ramp(
            view.model.uplift,
            start + years / 2.0,
            view.market(MarketKey::RampYears),
        );
        let data_drag = view.market(MarketKey::DataDrag);
        for i in 0..self.n {
            self.state_discount[i] = exp(-start * self.state_log_rate[i]);
            self.gdp[i] = view.state(i, StateKey::Gdp) * growth.gdp[i];
            self.population[i] = view.state(i, StateKey::Population);
            self.market[i] = view.state(i, StateKey::DigitalGmv)
                * growth.gmv[i]
                * view.state(i, StateKey::AiSpendShare);
            self.residency[i] = view.state(i, StateKey::Residency);
            self.drag[i] = data_drag * self.residency[i];
            self.outside[i] = view.market(MarketKey::OutsideEfficiency) * (1.0 - self.residency[i]);
            set_lane(&mut self.outside_lanes, i, self.outside[i]);
            self.value_base[i] = self.gdp[i]
                * view.state(i, StateKey::AiUplift)
                * ramp
                * view.market(MarketKey::ContingentShare)
                * self.infrastructure_power[i]
                * self.state_annuity[i];
            self.bargaining_power[i] = view.state(i, StateKey::BargainingPower);
            self.will[i] = view.state(i, StateKey::Will);
            self.goodwill[i] = view.state(i, StateKey::Goodwill);
            self.hub[i] = view.state(i, StateKey::Hub);
            for j in 0..self.n {
                let own = i == j;
                self.efficiency[i * self.n + j] = if own { 1.0 } else { view.efficiency(i, j) };
            }
        }
    }

    fn fill_pairs(&mut self, view: &WindowValues) {
        self.feasible.fill(0);
        for i in 0..self.n {
            self.share_sum[i] = 0.0;
            for h in 0..self.m {
                let p = i * self.m + h;
                let share = view.share(i, h);
                let annuity = self.hyperscaler_annuity[h];
                self.share[p] = share;
                self.fit[p] = view.at(Slot::Pair(i, h, PairKey::Fit));
                self.share_sum[i] += share;
                self.margin[p] = self.market[i]
                    * share
                    * view.hyperscaler(h, HyperscalerKey::OperatingMargin)
                    * annuity;
                self.size[p] = self.capex_per_market * self.market[i] * share;
                self.compliance[p] = view.hyperscaler(h, HyperscalerKey::ComplianceCost)
                    * view.state(i, StateKey::Strictness)
                    * annuity;
                self.pull.set(h, i, self.diversion * share);
                if view.at(Slot::Pair(i, h, PairKey::Feasible)) != 0.0 {
                    self.feasible[h] |= 1 << i;
                }
            }
            self.fill_sums(i);
        }
    }

    /// What hangs on all shares of state i.
    fn fill_sums(&mut self, i: usize) {
        let sum = self.share_sum[i];
        set_lane(&mut self.slack, i, (1.0 - self.diversion) * sum);
        let remote = self.remote_value * self.outside[i];
        let mut uncovered = 1.0;
        for h in 0..self.m {
            let p = i * self.m + h;
            let stake = self.margin[p] * sum;
            self.stake.set(h, i, stake);
            uncovered *= 1.0 - remote * self.coverage[p];
        }
        self.uncovered_outside[i] = uncovered;
    }

    fn fill_terms(&mut self, view: &WindowValues) {
        for k in 0..self.k {
            let term = |key| view.at(Slot::Term(k, key));
            self.b[k] = term(TermKey::StateCurvature);
            self.d[k] = term(TermKey::CostCurvature);
            self.min[k] = term(TermKey::Min);
            self.max[k] = term(TermKey::Max);
            self.floor[k] = term(TermKey::Floor);
            self.price_effect[k] = term(TermKey::PriceEffect);
            for &effect in TermEffect::ALL {
                self.effects[effect as usize][k] = view.at(Slot::Effect(k, effect));
            }
            for i in 0..self.n {
                self.a[i * self.stride + k] =
                    term(TermKey::StateValue) * view.at(Slot::Value(i, k));
            }
            for h in 0..self.m {
                self.c[h * self.stride + k] = term(TermKey::Cost) * view.at(Slot::Cost(h, k));
            }
        }
    }
}

/// The values of one window, by name.
struct WindowValues<'a> {
    model: &'a Model,
    values: &'a [f64],
}

impl WindowValues<'_> {
    fn at(&self, slot: Slot) -> f64 {
        self.values[self.model.layout.index(slot)]
    }

    fn market(&self, key: MarketKey) -> f64 {
        self.at(Slot::Market(key))
    }

    fn dynamics(&self, key: DynamicsKey) -> f64 {
        self.at(Slot::Dynamics(key))
    }

    fn state(&self, i: usize, key: StateKey) -> f64 {
        self.values[self.model.layout.state(i, key)]
    }

    fn hyperscaler(&self, h: usize, key: HyperscalerKey) -> f64 {
        self.values[self.model.layout.hyperscaler(h, key)]
    }

    /// m_ih.
    fn share(&self, i: usize, h: usize) -> f64 {
        self.hyperscaler(h, HyperscalerKey::MarketShare) * self.at(Slot::Pair(i, h, PairKey::Fit))
    }

    /// e_ij: the link's efficiency, or the region's where no link names the pair (the slot is `UNLINKED`, a NaN).
    fn efficiency(&self, i: usize, j: usize) -> f64 {
        let linked = self.at(Slot::Link(i, j));
        if linked.is_nan() {
            self.market(MarketKey::RegionEfficiency)
        } else {
            linked
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annuity_matches_its_sum_and_its_limit() {
        assert_eq!(annuity(0.0, 3.0), 3.0);
        let expected: f64 = (1..=3).map(|year| 1.08f64.powi(-year)).sum();
        assert!((annuity(0.08, 3.0) - expected).abs() < 1e-14);
        assert!((annuity(1e-14, 3.0) - 3.0).abs() < 1e-12);
    }

    #[test]
    fn ramps_are_continuous_and_flat_after_their_years() {
        assert_eq!(ramp(Uplift::Growth, 2.0, 4.0), 0.5);
        assert_eq!(ramp(Uplift::Growth, 4.0, 4.0), 2.0);
        assert_eq!(ramp(Uplift::Growth, 6.0, 4.0), 4.0);
        assert_eq!(ramp(Uplift::Growth, 1.5, 0.0), 1.5);
        assert_eq!(ramp(Uplift::Level, 2.0, 4.0), 0.5);
        assert_eq!(ramp(Uplift::Level, 9.0, 4.0), 1.0);
        assert_eq!(ramp(Uplift::Level, 1.0, 0.0), 1.0);
    }

    #[test]
    fn yearly_rates_compound_over_a_window() {
        assert!((window_rate(0.1, 3.0) - (1.0 - 0.9f64.powi(3))).abs() < 1e-15);
        assert_eq!(window_rate(1.0, 2.5), 1.0);
        assert_eq!(window_rate(0.0, 2.5), 0.0);
    }
}
