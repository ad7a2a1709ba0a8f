//! Plays one arm of the baseline in a few worlds, for those who count the instructions of `Player::play_only` (`benches/instructions.py`).
//!
//! `world ARM FIRST COUNT`: the worlds FIRST to FIRST + COUNT. What is found once for all worlds is found before, on the first arm.

#![allow(clippy::print_stderr, reason = "it says how it is called")]

use mufakat_engine::engine::trial::Player;
use mufakat_engine::scenario::from_text;
use std::hint::black_box;

const BASELINE: &str = include_str!("../../../scenarios/asean-2027.toml");

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [arm, numbers @ ..] = &arguments[..] else {
        return;
    };
    if arm.starts_with("--") {
        // `cargo bench` asks for nothing.
        return;
    }
    let numbers: Vec<u64> = numbers.iter().filter_map(|one| one.parse().ok()).collect();
    let model = from_text("asean-2027.toml", BASELINE).expect("the baseline is valid");
    let index = model.arms.iter().position(|one| one.name == *arm);
    let (Some(index), [first, count]) = (index, &numbers[..]) else {
        eprintln!("usage: world ARM FIRST COUNT");
        return;
    };
    let mut player = Player::new(&model);
    let mut rows = vec![0.0; model.outcome_layout().len() * model.arms.len()];
    let mut draws = vec![0.0; model.uncertain.len()];
    for trial in *first..first + count {
        let played = player.play_arms(&model, trial, 1, &mut rows, &mut draws);
        played.expect("draws keep their ranges");
    }
    let row = &mut rows[..model.outcome_layout().len()];
    for trial in *first..first + count {
        let played = player.play_only(&model, trial, index, row, &mut draws);
        played.expect("draws keep their ranges");
        black_box(&*row);
    }
}
