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
        "d4724e17164f7108a5107b9cb728b5d1b4634ef83795815477bb66fc8302f4ca",
    ),
    (
        &["bargaining.solution=kalai-smorodinsky"],
        "11318f2937988c66681eeca5ec87751234b5d6e0b9bc6ef3b422294dfc356a0d",
    ),
    (
        &["bargaining.solution=egalitarian"],
        "de3a905b5f77443493ff6d4692099a4a458453b693bfcaa46568aedbc4206b9e",
    ),
    (
        &["bargaining.solution=rubinstein"],
        "bc884b5b34429863fc3a5184d41bfc0aeab4649d12f24fe29aa18bffdc707815",
    ),
    (
        &["bargaining.transfers=true"],
        "f076bf4db2334da3287081234328aeb4d709437901694aae7a69a649c1da170f",
    ),
    (
        &[
            "bargaining.transfers=true",
            "bargaining.solution=rubinstein",
        ],
        "27a30008a8b12dd8f7552d086914555420af6e07e407d9a60948d859ca8bb0d2",
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
