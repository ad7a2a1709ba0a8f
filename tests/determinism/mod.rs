//! The same bytes on any number of threads, and a trial that does not depend on how many there are.

use mufakat::engine::model::Model;
use mufakat::engine::simulate::{End, SimulateError, Trial, Watch, on_threads, simulate};
use mufakat::engine::trial::TrialError;
use mufakat::scenario::{Request, load};
use mufakat::study::results::assemble::{manifest, results};
use mufakat::study::results::collect::Collector;
use mufakat::study::results::json;
use std::collections::HashSet;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

const SCENARIO: &str = include_str!("../support/uncertain.toml");

/// Ways to bargain and for each the BLAKE3 of all rows and draws of the first 64 trials: the same on any 64-bit machine. A
/// change of the model changes them; the failing test prints the new ones.
const STORED_HASHES: [(&[&str], &str); 6] = [
    (
        &[],
        "4d3d60a45247facaed87cdd1d11f9c4273914b7bacb5cf6343550834129b37f8",
    ),
    (
        &["bargaining.solution=kalai-smorodinsky"],
        "085aea5a88fdf9ac831a6987def73c5619751f98e1d039e400dff944f1c5fe6b",
    ),
    (
        &["bargaining.solution=egalitarian"],
        "ee1b8567760aa05b964ecc004755fcb7aa46bc40fb27daac3841eb7cb16c00b5",
    ),
    (
        &["bargaining.solution=rubinstein"],
        "155230899f04cdc848e05abea64aafc3933462fe74df61c9eb00502cbcb4fb26",
    ),
    (
        &["bargaining.transfers=true"],
        "e605cd9f13259157d785e4763fbb8f05269f713507ba09a9abb368998540acbf",
    ),
    (
        &[
            "bargaining.transfers=true",
            "bargaining.solution=rubinstein",
        ],
        "d62ef49d3cd4452f4bd0480c35444c9ddcc870a5fdc78adf9f2eaec8d198d7a6",
    ),
];

fn model(text: &str) -> Model {
    crate::support::model(text)
}

/// Bits of rows and draws of `trials`, in order.
fn play(model: &Model, trials: Range<u64>, threads: usize) -> Vec<u64> {
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let mut bits = Vec::new();
    let mut next = trials.start;
    let sink = |trial: Trial<'_>| {
        assert_eq!(trial.index, next, "trials come in order");
        next += 1;
        let numbers = trial.rows.iter().chain(trial.draws);
        bits.extend(numbers.map(|number| number.to_bits()));
        Ok::<(), Infallible>(())
    };
    let end = on_threads(Some(threads), || {
        simulate(model, trials.clone(), watch, sink)
    });
    assert_eq!(
        end.expect("threads start").expect("no failure"),
        End::Finished
    );
    assert_eq!(next, trials.end);
    bits
}

fn document(model: &Model, threads: usize) -> String {
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let trials = model.simulation.trials;
    let mut collector = Collector::new(model, trials);
    on_threads(Some(threads), || {
        simulate(model, 0..trials, watch, |trial| collector.push(trial))
    })
    .expect("threads start")
    .expect("finite numbers");
    let identity = manifest(model, "0".repeat(64), Vec::new());
    json::document(&results(&collector, identity).expect("finite"))
}

#[test]
fn same_bytes_on_one_two_and_sixteen_threads() {
    let model = model(SCENARIO);
    let one = play(&model, 0..200, 1);
    assert!(one == play(&model, 0..200, 2) && one == play(&model, 0..200, 16));
    let one = document(&model, 1);
    assert!(one == document(&model, 2) && one == document(&model, 16));
    assert!(!one.contains("NaN") && !one.contains("inf"));
}

#[test]
fn a_trial_is_the_same_among_few_and_many() {
    let model = model(SCENARIO);
    let many = play(&model, 0..1500, 2);
    let width = many.len() / 1500;
    assert!(many[..10 * width] == play(&model, 0..10, 2));
    assert!(many[1029 * width..1033 * width] == play(&model, 1029..1033, 2));
}

#[test]
fn stored_hashes_hold_on_any_machine() {
    let hashes = STORED_HASHES.map(|(sets, _)| {
        let mut request = Request::new("uncertain.toml", SCENARIO);
        request.sets = sets.iter().map(|&set| set.to_owned()).collect();
        let loaded = load(&request, &mut |_| unreachable!("it extends nothing")).expect("valid");
        let bits = play(&loaded.model, 0..64, 2);
        let bytes: Vec<u8> = bits.iter().flat_map(|bits| bits.to_le_bytes()).collect();
        (sets, blake3::hash(&bytes).to_hex().to_string())
    });
    let stored = STORED_HASHES.map(|(sets, hash)| (sets, hash.to_owned()));
    assert_eq!(hashes, stored);
    let distinct: HashSet<&str> = hashes.iter().map(|(_, hash)| hash.as_str()).collect();
    assert_eq!(
        distinct.len(),
        hashes.len(),
        "every way gives other numbers"
    );
}

#[test]
fn a_stop_ends_soon_and_keeps_what_came_before() {
    let model = model(SCENARIO);
    let (stop, played) = (AtomicBool::new(false), AtomicU64::new(0));
    let on_trial = || {
        if played.fetch_add(1, Ordering::Relaxed) == 100 {
            stop.store(true, Ordering::Relaxed);
        }
    };
    let watch = Watch {
        stop: &stop,
        on_trial: &on_trial,
    };
    let mut next = 0;
    let end = simulate(&model, 0..100_000, watch, |trial| {
        assert_eq!(trial.index, next);
        next += 1;
        Ok::<(), Infallible>(())
    });
    assert_eq!(end.expect("no failure"), End::Stopped { next });
    assert!(next <= played.into_inner());
}

#[test]
fn the_lowest_failing_trial_is_named() {
    let wide = SCENARIO.replace(
        "remote_value = 0.4",
        "remote_value = { dist = \"normal\", mean = 0.5, sd = 0.2 }",
    );
    let model = model(&wide);
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let mut failures = Vec::new();
    for threads in [1, 2, 16] {
        let mut handed_on = 0;
        let end = on_threads(Some(threads), || {
            simulate(&model, 0..1000, watch, |_| {
                handed_on += 1;
                Ok::<(), Infallible>(())
            })
        });
        match end.expect("threads start") {
            Err(SimulateError::Trial {
                error: TrialError::Draw(error),
                ..
            }) => {
                assert_eq!(error.path, "market.remote_value");
                assert_eq!(handed_on, error.trial, "all before it were handed on");
                failures.push(error);
            }
            other => panic!("expected a failing draw, got {other:?}"),
        }
    }
    assert!(failures[0] == failures[1] && failures[1] == failures[2]);
}
