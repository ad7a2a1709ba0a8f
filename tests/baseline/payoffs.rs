//! What each state gets in a thousand worlds of the baseline, as the engine gave it before anyone made it fast: speed changes nothing.
//!
//! `payoffs.bin` holds the numbers one after the other as 64-bit floats, little-endian: worlds, in each the arms, in each the states. Where
//! the model or the baseline itself changes, write it anew with
//! `MUFAKAT_STORE_PAYOFFS=1 cargo test --release --test main -- baseline::payoffs`.

use mufakat::engine::outcome::StateMetric;
use mufakat::engine::simulate::{End, Watch, map_trials};
use mufakat::engine::trial::Player;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

const WORLDS: u64 = 1000;
const RELATIVE: f64 = 1e-9;
const ABSOLUTE: f64 = 1e-12;

fn stored_at() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/baseline/payoffs.bin")
}

/// Names of arms and of states, and the payoffs of the worlds: worlds, in each the arms, in each the states.
fn played() -> (Vec<String>, Vec<String>, Vec<f64>) {
    let model = super::loaded(&[]).model;
    assert_eq!(model.simulation.trials, WORLDS, "designs hang on it");
    let layout = model.outcome_layout();
    let (len, states) = (layout.len(), model.states.len());
    let worker = || {
        let rows = vec![0.0; len * model.arms.len()];
        (Player::new(&model), rows, vec![0.0; model.uncertain.len()])
    };
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let mut payoffs = Vec::new();
    let end = map_trials(
        0..WORLDS,
        64,
        watch,
        worker,
        |(player, rows, draws), k, payoffs: &mut Vec<f64>| {
            player.play(&model, k, rows, draws)?;
            payoffs.clear();
            for row in rows.chunks_exact(len) {
                payoffs.extend((0..states).map(|i| row[layout.state(i, StateMetric::Payoff)]));
            }
            Ok::<(), mufakat::engine::trial::TrialError>(())
        },
        |_, of_world| payoffs.extend(of_world),
    );
    assert_eq!(end.expect("draws keep their ranges"), End::Finished);
    let arms = model.arms.iter().map(|arm| arm.name.clone());
    let ids = model.states.iter().map(|state| state.id.clone());
    (arms.collect(), ids.collect(), payoffs)
}

#[test]
fn payoffs_of_the_baseline_are_those_stored() {
    if std::env::var_os("MUFAKAT_STORE_PAYOFFS").is_some() {
        let (_, _, payoffs) = played();
        let bytes: Vec<u8> = payoffs.iter().flat_map(|one| one.to_le_bytes()).collect();
        std::fs::write(stored_at(), bytes).expect("the repository can be written");
    }
    let bytes = std::fs::read(stored_at()).expect("payoffs are stored");
    let number = |bytes: &[u8]| f64::from_le_bytes(bytes.try_into().expect("eight bytes"));
    let stored: Vec<f64> = bytes.chunks_exact(8).map(number).collect();
    let (arms, states, payoffs) = played();
    let width = arms.len() * states.len();
    assert_eq!(stored.len(), WORLDS as usize * width);
    for (k, payoff) in payoffs.iter().enumerate() {
        let (world, place) = (k / width, k % width);
        let expected = stored[world * width + place];
        assert!(
            (payoff - expected).abs() <= RELATIVE * expected.abs() + ABSOLUTE,
            "world {world}, {}, {}: {payoff} instead of {expected}",
            arms[place / states.len()],
            states[place % states.len()],
        );
    }
}
