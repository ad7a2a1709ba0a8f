//! What one world of the baseline must compute, arm by arm, beside what this machine can compute: how far the engine is from the floor.
//!
//! Counts are of floating-point operations that the equations ask for once everything is known that can be known (closed-form marginal
//! contributions, three looks at the frontier a bargain); rates are measured here, so that the shares hold for the machine that prints
//! them. Run it by itself on a quiet machine: `cargo bench --bench floor`.

#![allow(clippy::print_stdout, reason = "it prints what it measured")]

use mufakat::engine::model::Model;
use mufakat::engine::negotiation::tables::play::WorkCounts;
use mufakat::engine::trial::Player;
use mufakat::scenario::from_text;
use std::hint::black_box;
use std::time::Instant;
use wide::f64x4;

const BASELINE: &str = include_str!("../scenarios/asean-2027.toml");
const WORLDS: u64 = 300;
const STEPS: u32 = 4_000_000;
/// Each rate and each time is the best of so many.
const ROUNDS: usize = 5;

/// Looks at the frontier that a bargain takes at the least.
const LOOKS: f64 = 3.0;
/// Operations of one term at one point of the frontier: level, value, cost and both slopes (21) to (24).
const TERM: f64 = 30.0;
/// Operations of one captured margin (13), (14), and of one product of what rivals leave uncovered (16).
const CAPTURE: f64 = 11.0;
const PRODUCT: f64 = 1.0;
/// Operations of one uncertain quantity: a polynomial of 16 coefficients and the change of scale.
const DRAW: f64 = 34.0;

/// Floating-point operations of a world, from what was counted in [`WORLDS`] of them.
fn operations(model: &Model, tally: WorkCounts, arms: u64) -> f64 {
    let [n, m, k] = [
        model.states.len(),
        model.hyperscalers.len(),
        model.terms.len(),
    ]
    .map(|x| x as f64);
    // Two networks; a host is of use to itself and to few others.
    let pair_table = 2.0 * (2.0 * CAPTURE + m * PRODUCT + 12.0);
    let joint_table = 2.0 * n * (2.0 * CAPTURE + m * PRODUCT + 8.0);
    let bargain = LOOKS * k * TERM + 20.0;
    // Signed and expected networks, and what both are worth, once a play.
    let play = n * m * (2.0 * CAPTURE + 2.0 * PRODUCT + 6.0);
    // The expected network sheds about half of its pairs; each weighs the suppliers of one state again.
    let nets =
        model.horizon.windows as f64 * f64::from((arms.count_ones()).min(model.arms.len() as u32));
    let expected = nets * n * m / 2.0 * (m * (CAPTURE + 6.0) + n);
    let counted = [
        (tally.pair_tables, pair_table),
        (tally.joint_tables, joint_table),
        (tally.bargains, bargain),
        (tally.plays, play),
    ];
    let counted = counted
        .iter()
        .map(|&(count, each)| count as f64 / WORLDS as f64 * each);
    counted.sum::<f64>() + expected
}

/// Billions of additions and multiplications a second, one at a time in eight independent chains; two kinds of chain, so that no compiler
/// packs them into lanes.
fn scalar_rate() -> f64 {
    let seconds = best(|| {
        let (factor, addend) = black_box((0.999_999, 0.5));
        let [mut a, mut b, mut c, mut d] = black_box([1.0f64; 4]);
        let [mut e, mut f, mut g, mut h] = black_box([2.0f64; 4]);
        for _ in 0..STEPS {
            a = a * factor + addend;
            e = (e + addend) * factor;
            b = b * factor + addend;
            f = (f + addend) * factor;
            c = c * factor + addend;
            g = (g + addend) * factor;
            d = d * factor + addend;
            h = (h + addend) * factor;
        }
        black_box([a, b, c, d, e, f, g, h]);
    });
    f64::from(STEPS) * 16.0 / seconds / 1e9
}

/// The same in lanes of four, as the build lays them out.
fn vector_rate() -> f64 {
    let seconds = best(|| {
        let (factor, addend) = black_box((f64x4::splat(0.999_999), f64x4::splat(0.5)));
        let [mut a, mut b, mut c, mut d] = black_box([f64x4::ONE; 4]);
        for _ in 0..STEPS {
            a = a * factor + addend;
            b = b * factor + addend;
            c = c * factor + addend;
            d = d * factor + addend;
        }
        black_box([a, b, c, d]);
    });
    f64::from(STEPS) * 32.0 / seconds / 1e9
}

/// Seconds of the fastest of some rounds.
fn best(mut work: impl FnMut()) -> f64 {
    let rounds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    });
    rounds.fold(f64::INFINITY, f64::min)
}

/// Microseconds of a world with the `arms` (a bit each), what was computed in it.
fn measure(model: &Model, arms: u64) -> (f64, WorkCounts) {
    let len = model.outcome_layout().len() * model.arms.len();
    let (mut rows, mut draws) = (vec![0.0; len], vec![0.0; model.uncertain.len()]);
    let mut player = Player::new(model);
    let mut play = |player: &mut Player| {
        for trial in 0..WORLDS {
            let played = player.play_arms(model, trial, arms, &mut rows, &mut draws);
            played.expect("draws keep their ranges");
        }
    };
    play(&mut player);
    let once = player.tally();
    let seconds = best(|| play(&mut player));
    (seconds * 1e6 / WORLDS as f64, once)
}

fn main() {
    let model = from_text("asean-2027.toml", BASELINE).expect("the baseline is valid");
    let (scalar, vector) = (scalar_rate(), vector_rate());
    println!(
        "One thread: {scalar:.1} Gflop/s one at a time, {vector:.1} Gflop/s in lanes of four."
    );
    println!();
    println!(
        "| arm | worlds/s | plays | pair tables | joint tables | bargains | kflop | Gflop/s | share of scalar | share of lanes | floor, µs |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let names = model.arms.iter().map(|arm| arm.name.as_str());
    let single = names.enumerate().map(|(at, name)| (name, 1 << at));
    let (nobody, _) = measure(&model, 0);
    let draws = model.uncertain.len() as f64 * DRAW;
    for (name, arms) in single.chain([("all", u64::MAX)]) {
        let (micros, tally) = measure(&model, arms);
        let played = (micros - nobody).max(f64::MIN_POSITIVE);
        let flops = operations(&model, tally, arms);
        let rate = flops / played / 1e3;
        let per_world = |count: u64| count as f64 / WORLDS as f64;
        println!(
            "| {name} | {:.0} | {:.1} | {:.0} | {:.0} | {:.0} | {:.0} | {rate:.2} | {:.0}% | {:.0}% | {:.0} |",
            1e6 / micros,
            per_world(tally.plays),
            per_world(tally.pair_tables),
            per_world(tally.joint_tables),
            per_world(tally.bargains),
            (flops + draws) / 1e3,
            100.0 * rate / scalar,
            100.0 * rate / vector,
            (flops + draws) / vector / 1e3,
        );
    }
    println!();
    let bytes = 8 * (model.outcome_layout().len() * model.arms.len() + model.uncertain.len());
    println!(
        "Drawing a world takes {nobody:.0} µs, {:.0} kflop; its results take {bytes} bytes.",
        draws / 1e3
    );
}
