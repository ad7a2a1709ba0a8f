//! The most that a state outside an accord can get is no less than what it gets there.

use crate::agreement::scenarios;
use crate::support::model;
use crate::support::scenarios::Corner;
use mufakat::engine::model::Model;
use mufakat::engine::model::arm::{Mode, StateSet, full_set, members};
use mufakat::engine::trial::{CoalitionWorld, Player};
use mufakat::scenario::from_text;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Payoffs are sums of some dozen terms.
const ROUNDING: f64 = 1e-9;

/// What a test saw, so that it does not hold for want of cases.
#[derive(Debug, Default)]
struct Seen {
    outsiders: usize,
    bounded: usize,
    /// Bounds that are off by a twentieth of V_i·(1 − compute_i) at the most.
    close: usize,
}

fn try_window(world: &mut CoalitionWorld, n: usize, generator: &mut ChaCha8Rng, seen: &mut Seen) {
    let coalition: StateSet = members(full_set(n))
        .filter(|_| generator.random::<f64>() < 0.6)
        .fold(0, |some, i| some | 1 << i);
    if coalition.count_ones() < 2 {
        return;
    }
    for i in members(full_set(n) & !coalition) {
        seen.outsiders += 1;
        let Some(most) = world.most_outside(coalition, i) else {
            continue;
        };
        seen.bounded += 1;
        let payoff = world.payoff(coalition, i);
        assert!(
            payoff <= most + ROUNDING * (1.0 + payoff.abs()),
            "S{i} gets {payoff} outside {coalition:b}, more than {most}"
        );
        seen.close += usize::from(most - payoff <= 0.05 * world.penalty_base(i));
    }
}

fn try_model(model: &Model, trials: u64, generator: &mut ChaCha8Rng, seen: &mut Seen) {
    let mut player = Player::new(model);
    let mut draws = vec![0.0; model.uncertain.len()];
    let n = model.states.len();
    for (arm, one) in model.arms.iter().enumerate() {
        if !matches!(one.mode, Mode::Framework | Mode::Bloc) {
            continue;
        }
        for (trial, window) in
            (0..trials).flat_map(|t| (0..model.horizon.windows).map(move |w| (t, w)))
        {
            player
                .coalitions(model, trial, arm, window, &mut draws, |world| {
                    try_window(world, n, generator, seen);
                })
                .expect("draws keep their ranges");
        }
    }
}

/// A scenario in which bounds are known: without cash, other solutions, other theories, peers and most-favoured clauses.
fn plain(text: &str) -> String {
    const OTHERS: [&str; 5] = ["transfers", "solution", "others", "peers", "most_favoured"];
    let kept = text.lines().filter(|line| {
        let key = line.split('=').next().unwrap_or_default().trim();
        !OTHERS.contains(&key)
    });
    kept.collect::<Vec<_>>().join("\n")
}

#[test]
fn nobody_gets_more_outside_than_the_most() {
    let mut seen = Seen::default();
    let mut generator = ChaCha8Rng::seed_from_u64(1);
    for seed in 4000..7000 {
        let text = match seed % 2 {
            0 => scenarios::text(seed),
            _ => scenarios::corner(seed, Corner::Blunt),
        };
        try_model(&model(&plain(&text)), 1, &mut generator, &mut seen);
    }
    assert!(seen.bounded > 3_000 && seen.close > 1_000, "{seen:?}");
}

#[test]
fn on_the_baseline_bounds_are_close() {
    const BASELINE: &str = include_str!("../../scenarios/asean-2027.toml");
    let mut seen = Seen::default();
    let mut generator = ChaCha8Rng::seed_from_u64(2);
    let baseline = from_text("asean-2027.toml", BASELINE).expect("the baseline is valid");
    try_model(&baseline, 12, &mut generator, &mut seen);
    assert_eq!(seen.bounded, seen.outsiders, "{seen:?}");
    assert!(2 * seen.close > seen.bounded, "{seen:?}");
}
