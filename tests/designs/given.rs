//! Worlds that are given, with the chance of trials of other numbers.

use super::SCENARIO;
use mufakat::engine::simulate::Watch;
use mufakat::scenario::{Loaded, Request, Source, load};
use mufakat::study::given_worlds::read_in_trials;
use mufakat::study::outputs::outputs;
use mufakat::study::readings::{Output, read};
use std::sync::atomic::AtomicBool;

/// An event, so that one may be given and drawn.
const EVENT: &str = "
[[event]]
name = 'boom'
year = 2027
probability = 0.5
set = { 'market.capex_intensity' = 0.6 }
";

/// Three worlds: what is no column is drawn.
const ROWS: [&str; 3] = ["0.3,1", "0.7,0", "0.5,1"];

fn given(rows: &[&str], sampler: &str) -> Loaded {
    let mut request = Request::new("uncertain.toml", format!("{SCENARIO}{EVENT}"));
    request.sets = vec![format!("simulation.sampler={sampler}")];
    if !rows.is_empty() {
        let text = format!("market.diversion,event.boom.came\n{}\n", rows.join("\n"));
        request.worlds = Some(Source {
            name: "worlds".to_owned(),
            text,
        });
    }
    load(&request, &mut |_| unreachable!("it extends nothing")).expect("valid")
}

fn read_outputs(loaded: &Loaded) -> Vec<Output> {
    let names = ["bilateral.total.payoff", "bloc.total.payoff"];
    outputs(&names.map(str::to_owned), &loaded.model, 0).expect("results")
}

fn values(loaded: &Loaded, trials: Option<&[u64]>) -> Vec<Vec<f64>> {
    let stop = AtomicBool::new(false);
    let watch = Watch {
        stop: &stop,
        on_trial: &|| {},
    };
    let (model, outputs) = (&loaded.model, read_outputs(loaded));
    let values = match trials {
        None => read(model, &outputs, watch),
        Some(trials) => read_in_trials(model, &outputs, trials, watch),
    };
    values.expect("finite").expect("not stopped")
}

#[test]
fn a_row_in_a_trial_is_as_if_it_were_the_row_of_that_trial() {
    let three = given(&ROWS, "random");
    assert_eq!(values(&three, Some(&[0, 1, 2])), values(&three, None));
    // The first row at every place of a longer table, so that it is played in the chance of each trial.
    let long = values(&given(&[ROWS[0]; 9], "random"), None);
    let found = values(&given(&[ROWS[0]; 3], "random"), Some(&[8, 4, 4]));
    for (all, some) in long.iter().zip(&found) {
        assert_eq!([all[8], all[4], all[4]], some[..]);
        assert_ne!(all[8], all[4]);
    }
}

#[test]
fn an_event_that_is_given_comes_whatever_the_trial() {
    let [with, without] = ["0.3,1", "0.3,0"].map(|row| given(&[row; 4], "random"));
    let trials = Some(&[6, 6, 6, 6][..]);
    let (with, without) = (values(&with, trials), values(&without, trials));
    assert_ne!(with, without);
    for values in with.iter().chain(&without) {
        assert!(values.iter().all(|value| *value == values[0]), "{values:?}");
    }
}

#[test]
fn without_rows_a_trial_is_that_of_a_run() {
    for sampler in ["random", "antithetic", "latin-hypercube", "sobol"] {
        let loaded = given(&[], sampler);
        let all = values(&loaded, None);
        let trials = loaded.model.simulation.trials;
        // The last trial says how many a design that depends on it has.
        let found = values(&loaded, Some(&[3, 17, 3, trials - 1]));
        for (all, some) in all.iter().zip(&found) {
            let last = all.len() - 1;
            assert_eq!([all[3], all[17], all[3], all[last]], some[..], "{sampler}");
        }
    }
}
