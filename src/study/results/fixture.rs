//! A small scenario and hand-made rows, for tests of reports.

use crate::engine::model::arm::{Arm, Mode};
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::{Layout, Slot};
use crate::engine::model::question::{Question, View};
use crate::engine::model::role_words::RoleWords;
use crate::engine::model::{
    Correlation, Horizon, Identity, Model, Order, Others, Provenance, Sampler, Simulation,
    Solution, Uplift,
};
use crate::engine::outcome::{
    CauseMetric, HyperscalerMetric, StateMetric, TotalMetric, WindowMetric, WindowStateMetric,
};
use crate::engine::simulate::Trial;
use crate::study::results::assemble;
use crate::study::results::collect::Collector;
use crate::study::results::run::Results;
use crate::theory::stats::summary::Stat;

/// A distribution with a mean, its standard error if there are several worlds (a hundred), and the ends of 90% of them.
pub(crate) fn stat(mean: f64, se: Option<f64>, (p05, p95): (f64, f64)) -> Stat {
    Stat {
        mean,
        sd: se.map(|se| 10.0 * se),
        se,
        p05,
        p25: p05,
        p50: mean,
        p75: p95,
        p95,
        min: p05,
        max: p95,
        count: None,
    }
}

fn identity(id: &str, name: &str) -> Identity {
    Identity {
        id: id.to_owned(),
        name: name.to_owned(),
        home: String::new(),
    }
}

/// Two states, one hyperscaler, one term, two windows; the arms bilateral, framework and bloc.
pub(crate) fn model() -> Model {
    let layout = Layout {
        states: 2,
        hyperscalers: 1,
        terms: 1,
        arms: 3,
    };
    let arms = [
        ("bilateral", Mode::Bilateral),
        ("framework", Mode::Framework),
        ("bloc", Mode::Bloc),
    ];
    let mut base = vec![0.0; layout.len()];
    for arm in 0..layout.arms {
        base[layout.index(Slot::Arm(arm, ArmKey::Active))] = 1.0;
    }
    Model {
        name: "pair".to_owned(),
        description: String::new(),
        question: Question {
            text: String::new(),
            options: vec![0, 1, 2],
            view: View::Region,
        },
        words: RoleWords::default(),
        history: None,
        states: vec![identity("A", "Alpha"), identity("B", "Beta")],
        hyperscalers: vec![identity("H", "Host & Co")],
        terms: vec![identity("tax", "Tax incentive")],
        measures: vec![None],
        hosted: vec![0],
        arms: arms.map(|(name, mode)| Arm::new(name, mode, 2)).to_vec(),
        horizon: Horizon {
            start_year: 2027.0,
            windows: 2,
            window_years: 3.0,
            price_year: 2025.0,
        },
        uplift: Uplift::Growth,
        solution: Solution::Nash,
        transfers: false,
        order: Order::Random,
        others: Others::NashInNash,
        simulation: Simulation {
            trials: 4,
            seed: 1,
            sampler: Sampler::Random,
        },
        base,
        layout,
        uncertain: Vec::new(),
        pedigree: Vec::new(),
        correlation: Correlation::default(),
        shadows: Vec::new(),
        events: Vec::new(),
        provenance: vec![Provenance {
            path: "state.A.gdp".to_owned(),
            source: Some("imf-weo".to_owned()),
            grade: Some("A".to_owned()),
            ..Provenance::default()
        }],
    }
}

/// Rows of one trial in which A gets `payoffs[arm][0]`, B gets `payoffs[arm][1]`, and the rest follows simply: every arm but the first has an
/// accord of both, which whoever gets 1.5 or more votes for, whose rules bring what the second arm adds and whose joint table the rest; the
/// hyperscaler gains what the states together lack to 3 and serves B from A; trials without deals (payoffs of 0) have no term level.
pub(crate) fn rows(model: &Model, payoffs: &[[f64; 2]]) -> Vec<f64> {
    let layout = model.outcome_layout();
    let mut rows = vec![0.0; layout.len() * payoffs.len()];
    for (a, (row, payoff)) in rows.chunks_mut(layout.len()).zip(payoffs).enumerate() {
        let total = payoff[0] + payoff[1];
        let accord = f64::from(u8::from(a > 0));
        for i in 0..2 {
            row[layout.state(i, StateMetric::Payoff)] = payoff[i];
            let apart = payoffs[a.min(1)][i];
            for (cause, value) in [
                (CauseMetric::Alone, payoffs[0][i]),
                (CauseMetric::Rules, apart - payoffs[0][i]),
                (CauseMetric::Table, payoff[i] - apart),
                (CauseMetric::RulesSwapped, apart - payoffs[0][i]),
                (CauseMetric::TableSwapped, payoff[i] - apart),
            ] {
                row[layout.cause(i, cause)] = value;
                row[layout.total_cause(cause)] += value;
            }
            row[layout.state(i, StateMetric::Leverage)] = 0.25 + 0.25 * accord;
            row[layout.member(i)] = accord;
            row[layout.erosion_pressure(i)] = f64::NAN;
            row[layout.signed(i, 0)] = 0.5;
            for w in 0..2 {
                row[layout.window_state(w, i, WindowStateMetric::Payoff)] = payoff[i] / 2.0;
                row[layout.window_state(w, i, WindowStateMetric::Member)] = accord;
                row[layout.window_state(w, i, WindowStateMetric::Joined)] = accord;
                let agrees = f64::from(u8::from(payoff[i] >= 1.5));
                row[layout.window_state(w, i, WindowStateMetric::Yes)] = accord * agrees;
            }
            row[layout.served_from(i, 0)] = 0.5;
        }
        row[layout.hyperscaler(0, HyperscalerMetric::Profit)] = 3.0 - total;
        row[layout.total(TotalMetric::Payoff)] = total;
        row[layout.total(TotalMetric::Profit)] = 3.0 - total;
        row[layout.total(TotalMetric::Leverage)] = 0.25 + 0.25 * accord;
        row[layout.total(TotalMetric::Deals)] = 2.0;
        row[layout.total(TotalMetric::Gini)] = if total > 0.0 { 0.1 } else { f64::NAN };
        row[layout.term(0)] = if total == 0.0 { f64::NAN } else { 0.5 };
        row[layout.formed()] = accord;
        row[layout.size()] = 2.0 * accord;
        row[layout.rounds()] = accord;
        row[layout.erosion_tables(0)] = 4.0;
        row[layout.erosion_pressure(0)] = 0.6;
        for w in 0..2 {
            row[layout.window(w, WindowMetric::Deals)] = 1.0;
            row[layout.window(w, WindowMetric::Rounds)] = accord;
            row[layout.window(w, WindowMetric::Gini)] = f64::NAN;
        }
    }
    rows
}

/// Payoffs of A and B in the three arms over four trials.
pub(crate) const PAYOFFS: [[[f64; 2]; 3]; 4] = [
    [[1.0, 1.0], [1.5, 1.0], [2.0, 1.5]],
    [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
    [[2.0, 1.0], [2.0, 1.5], [1.0, 1.5]],
    [[1.0, 2.0], [1.0, 2.5], [2.0, 3.0]],
];

/// The results of trials with these payoffs.
pub(crate) fn results(model: &Model, trials: &[[[f64; 2]; 3]]) -> Results {
    let mut model = model.clone();
    model.simulation.trials = trials.len() as u64;
    let mut collector = Collector::new(&model, model.simulation.trials);
    for (index, payoffs) in trials.iter().enumerate() {
        let rows = rows(&model, payoffs);
        let trial = Trial {
            index: index as u64,
            rows: &rows,
            draws: &[],
        };
        collector.push(trial).expect("finite rows");
    }
    let manifest = assemble::manifest(&model, "0".repeat(64), Vec::new());
    assemble::results(&collector, manifest).expect("finite results")
}
