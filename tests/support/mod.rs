//! What the tests share: scenarios as text, and plays of them, with the slow reference beside them.

pub mod browser;
pub mod program;
pub mod scenarios;

pub use scenarios::{Scenarios, Shape};

use crate::reference::given::Given;
use crate::reference::{drawn, network};
use std::fmt::Write as _;

use mufakat::engine::model::Model;
use mufakat::engine::model::arm::StateSet;
use mufakat::engine::model::valuation::Economy;
use mufakat::engine::negotiation::accord::formation::Formed;
use mufakat::engine::negotiation::arm_economy::ArmEconomy;
use mufakat::engine::negotiation::payoff::PayoffParts;
use mufakat::engine::negotiation::standing::Standing;
use mufakat::engine::negotiation::tables::play::WindowPlay;
use mufakat::engine::negotiation::tables::record::TableRecord;
use mufakat::engine::outcome::{HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric};
use mufakat::engine::trial::Player;
use proptest::test_runner::{Config, RngSeed};

/// The same random cases in every run; PROPTEST_RNG_SEED asks for others.
pub fn property_cases(cases: u32) -> Config {
    let asked = Config::default();
    Config {
        cases,
        failure_persistence: None,
        rng_seed: match asked.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            fixed @ RngSeed::Fixed(_) => fixed,
        },
        ..asked
    }
}

/// Loads a scenario that must be valid.
pub fn model(text: &str) -> Model {
    match mufakat::scenario::from_text("test.toml", text) {
        Ok(model) => model,
        Err(problems) => panic!("{problems:?}\n{text}"),
    }
}

/// One arm of a deterministic scenario.
pub struct Outcome {
    pub layout: OutcomeLayout,
    pub row: Vec<f64>,
}

impl Outcome {
    pub fn state(&self, i: usize, metric: StateMetric) -> f64 {
        self.row[self.layout.state(i, metric)]
    }

    pub fn payoff(&self, i: usize) -> f64 {
        self.state(i, StateMetric::Payoff)
    }

    pub fn total(&self) -> f64 {
        self.row[self.layout.total(TotalMetric::Payoff)]
    }

    pub fn leverage(&self, i: usize) -> f64 {
        self.state(i, StateMetric::Leverage)
    }

    pub fn profit(&self, h: usize) -> f64 {
        self.row[self.layout.hyperscaler(h, HyperscalerMetric::Profit)]
    }
}

/// Plays trial 0 of every arm.
pub fn play(text: &str) -> Vec<Outcome> {
    play_trial(&model(text), 0)
}

pub fn play_trial(model: &Model, trial: u64) -> Vec<Outcome> {
    let layout = model.outcome_layout();
    let mut rows = vec![0.0; layout.len() * model.arms.len()];
    let mut draws = vec![0.0; model.uncertain.len()];
    Player::new(model)
        .play(model, trial, &mut rows, &mut draws)
        .expect("draws keep their ranges");
    rows.chunks(layout.len())
        .map(|row| Outcome {
            layout,
            row: row.to_vec(),
        })
        .collect()
}

/// A window of an arm, kept for inspection.
pub struct Window {
    pub arm: usize,
    pub index: usize,
    pub economy: Economy,
    pub arm_economy: ArmEconomy,
    pub standing: Standing,
    pub play: WindowPlay,
    pub expected: Vec<StateSet>,
    pub formed: Formed,
    pub parts: Vec<PayoffParts>,
    pub side_payments: Vec<f64>,
    pub profit: Vec<f64>,
    pub records: Vec<TableRecord>,
}

/// Follows one arm of trial 0.
pub fn follow(model: &Model, arm: usize) -> Vec<Window> {
    let mut row = vec![0.0; model.outcome_layout().len()];
    let mut draws = vec![0.0; model.uncertain.len()];
    let mut windows = Vec::new();
    Player::new(model)
        .follow(model, 0, arm, &mut row, &mut draws, &mut |played| {
            windows.push(Window {
                arm,
                index: played.window,
                economy: played.economy.clone(),
                arm_economy: played.scratch.arm_economy.clone(),
                standing: played.scratch.standing.clone(),
                play: played.scratch.play.clone(),
                expected: played.scratch.play.expected.hosts.clone(),
                formed: played.formed,
                parts: played.scratch.parts.clone(),
                side_payments: played.scratch.side_payments.clone(),
                profit: played.scratch.accounts.profit.clone(),
                records: played.scratch.play.records.clone(),
            });
        })
        .expect("draws keep their ranges");
    windows
}

/// The slow reference at the standing of a window as the engine played it: nothing of what follows is the engine's.
pub struct Reference {
    given: Given,
    standing: network::Standing,
    window: usize,
    arm: usize,
    accord: StateSet,
}

impl Reference {
    /// Under the accord that held in the window.
    pub fn of(model: &Model, window: &Window) -> Reference {
        let (n, m) = (window.economy.n, window.economy.m);
        let standing = &window.standing;
        let by_pair = |values: &[f64]| values.chunks(m).map(<[f64]>::to_vec).collect();
        Reference {
            given: drawn::draw(model, 0),
            standing: network::Standing {
                talent: standing.talent.clone(),
                compute: standing.compute.clone(),
                dependency: by_pair(&standing.dependency),
                asset: by_pair(&standing.asset),
                had: (0..n)
                    .map(|i| standing.had.iter().map(|had| had >> i & 1 == 1).collect())
                    .collect(),
            },
            window: window.index,
            arm: window.arm,
            accord: window.formed.accord,
        }
    }

    pub fn economy(&self) -> network::Economy<'_> {
        self.economy_under(self.accord)
    }

    pub fn economy_under(&self, accord: StateSet) -> network::Economy<'_> {
        network::Economy::new(&self.given, self.window, self.arm, &self.standing, accord)
    }
}

/// Π_h (14), all hosts as in `all`.
pub fn profit(economy: &network::Economy, h: usize, all: &[StateSet]) -> f64 {
    economy.profit(h, all[h], &economy.rivals(h, all))
}

/// `all` with h at `hosts`.
pub fn with_hosts(all: &[StateSet], h: usize, hosts: StateSet) -> Vec<StateSet> {
    let mut changed = all.to_vec();
    changed[h] = hosts;
    changed
}

/// The symmetric setting of the textbook: n states, D = 1 each, V = 0, cash, one window, no discounting.
#[derive(Clone)]
pub struct Symmetric {
    pub hyperscalers: usize,
    pub efficiency: f64,
    pub outside: f64,
    pub entry_cost: f64,
    pub compliance_cost: f64,
    pub power: f64,
    pub foresight: f64,
    pub demands: Vec<f64>,
    pub arms: String,
    pub extra_market: String,
}

impl Symmetric {
    pub fn new(n: usize) -> Symmetric {
        Symmetric {
            hyperscalers: 1,
            efficiency: 0.8,
            outside: 0.4,
            entry_cost: 0.05,
            compliance_cost: 0.0,
            power: 0.5,
            foresight: 1.0,
            demands: vec![1.0; n],
            arms: String::new(),
            extra_market: String::new(),
        }
    }

    pub fn text(&self) -> String {
        let mut text = format!(
            "schema = 1\n[simulation]\ntrials = 1\n[horizon]\nstart_year = 2027\nwindows = 1\nwindow_years = 1\n[market]\nregion_efficiency = {}\n\
             outside_efficiency = {}\ncapex_intensity = 0\ncapital_charge = 0\ncoverage_rate = 0\ncontingent_share = 0\ntalent_elasticity = 0.5\n\
             ramp_years = 0\n{}\n[bargaining]\ntransfers = true\nforesight = {}\norder = \"listed\"\n",
            self.efficiency, self.outside, self.extra_market, self.foresight
        );
        for (i, demand) in self.demands.iter().enumerate() {
            write!(
                text,
                "[[state]]\nid = \"S{i}\"\ngdp = 1\ndigital_gmv = {demand}\nai_spend_share = 1\nai_uplift = 0\ntalent = 0.5\n\
                 infrastructure = 0.5\ncompute = 0\nbargaining_power = {}\ndiscount_rate = 0\n",
                self.power
            )
            .expect("a string takes all");
        }
        for h in 0..self.hyperscalers {
            let share = 1.0 / self.hyperscalers as f64;
            write!(
                text,
                "[[hyperscaler]]\nid = \"H{h}\"\nmarket_share = {share}\noperating_margin = 1\ndiscount_rate = 0\nentry_cost = {}\n\
                 compliance_cost = {}\n",
                self.entry_cost, self.compliance_cost
            )
            .expect("a string takes all");
        }
        text + &self.arms
    }
}
