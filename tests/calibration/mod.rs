//! Sampled worlds against the means of a second, independent implementation of the model.
//!
//! Under `data`: the baseline's inputs as they stood when the second implementation played 300 worlds of them
//! (`asean-2027-before.toml`), the arms that it played (`calibration.toml`, an overlay), and what came out (`calibration.csv`: per arm the
//! payoff of all states, its difference to bilateral talks in the same world, its causes (43), the suppliers' profit, members by window and
//! the payoff of each state, each with its standard error).
//!
//! Draws are not the same, so a figure of ours may be off by chance. Measured with 300 worlds of ours: all 210 figures lie within four
//! standard errors (the root of the sum of both squared), 206 within two; the largest is 2.32, members of `bloc` in the third window, 7.17
//! where the second implementation has 6.91. With 3000 worlds of ours all lie within two, the largest at 1.86, the same figure at 7.07.

use mufakat::engine::model::Model;
use mufakat::engine::model::words::Vocabulary;
use mufakat::engine::outcome::{
    CauseMetric, HyperscalerMetric, OutcomeLayout, StateMetric, TotalMetric, WindowMetric,
};
use mufakat::engine::simulate::{Watch, simulate};
use mufakat::scenario::{Request, Source, load};
use mufakat::theory::stats::summary::{Stat, summarise};
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// What the suite has time for.
const WORLDS: u64 = 100;
/// With 210 figures, many of them of the same worlds, chance alone takes one over four in a run of a hundred.
const STANDARD_ERRORS: f64 = 4.0;

fn data(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/calibration/data")
        .join(file)
}

fn calibrated() -> Model {
    let text = |file| std::fs::read_to_string(data(file)).expect("part of the project");
    let mut request = Request::new("asean-2027-before.toml", text("asean-2027-before.toml"));
    request.overlays = vec![Source {
        name: "calibration.toml".to_owned(),
        text: text("calibration.toml"),
    }];
    let none = &mut |name: &str| Err(format!("{name} is not needed"));
    load(&request, none).expect("both are valid").model
}

/// One figure of `calibration.csv`, and ours.
struct Figure {
    arm: usize,
    quantity: String,
    mean: f64,
    std_error: f64,
    ours: Vec<f64>,
}

impl Figure {
    fn all(model: &Model) -> Vec<Figure> {
        let mut reader = csv::Reader::from_path(data("calibration.csv")).expect("readable");
        let figure = |row: csv::StringRecord| {
            let arm = model.arms.iter().position(|arm| arm.name == row[0]);
            Figure {
                arm: arm.unwrap_or_else(|| panic!("no arm {}", &row[0])),
                quantity: row[1].to_owned(),
                mean: row[2].parse().expect("a number"),
                std_error: row[3].parse().expect("a number"),
                ours: Vec::new(),
            }
        };
        let rows = reader.records().map(|row| row.expect("well-formed CSV"));
        rows.map(figure).collect()
    }

    /// The figure in one world: `rows` has a row per arm, bilateral talks first.
    fn in_world(&self, model: &Model, layout: &OutcomeLayout, rows: &[f64]) -> f64 {
        let row = &rows[self.arm * layout.len()..][..layout.len()];
        let payoff = layout.total(TotalMetric::Payoff);
        match self.quantity.split_once('.') {
            None if self.quantity == "payoff" => row[payoff],
            None if self.quantity == "profit" => (0..layout.hyperscalers)
                .map(|h| row[layout.hyperscaler(h, HyperscalerMetric::Profit)])
                .sum(),
            Some(("payoff", "difference")) => row[payoff] - rows[payoff],
            Some(("causes", key)) => {
                let cause = CauseMetric::from_key(key).expect("a cause");
                row[layout.total_cause(cause)]
            }
            Some(("size", window)) => {
                let window = window.parse().expect("a number");
                row[layout.window(window, WindowMetric::AccordSize)]
            }
            Some(("state", id)) => {
                let i = model.states.iter().position(|state| state.id == id);
                row[layout.state(i.expect("a state"), StateMetric::Payoff)]
            }
            _ => panic!("{} is no figure", self.quantity),
        }
    }

    /// By how many standard errors ours is off; figures that do not vary are equal or not.
    fn deviation(&self, ours: &Stat) -> f64 {
        let off = (ours.mean - self.mean).abs();
        let error = ours.se.expect("several worlds").hypot(self.std_error);
        if off == 0.0 { 0.0 } else { off / error }
    }
}

#[test]
fn sampled_worlds_agree_with_the_second_implementation() {
    let model = calibrated();
    let layout = model.outcome_layout();
    let mut figures = Figure::all(&model);
    assert_eq!(figures.len(), 210);
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let played = simulate(&model, 0..WORLDS, watch, |trial| {
        for figure in &mut figures {
            let value = figure.in_world(&model, &layout, trial.rows);
            figure.ours.push(value);
        }
        Ok::<(), Infallible>(())
    });
    played.expect("draws keep their ranges");
    let mut far = Vec::new();
    for figure in &figures {
        let ours = summarise(figure.ours.iter().copied()).expect("several worlds");
        let deviation = figure.deviation(&ours);
        if deviation > STANDARD_ERRORS {
            let arm = &model.arms[figure.arm].name;
            let (quantity, mean) = (&figure.quantity, figure.mean);
            far.push(format!(
                "{arm} {quantity}: {} instead of {mean}, {deviation:.2} standard errors",
                ours.mean
            ));
        }
    }
    assert!(far.is_empty(), "{}", far.join("\n"));
}
