//! Values of games in which neighbours gain together, by number of players.
#![allow(
    missing_docs,
    reason = "the bench harness generates undocumented items"
)]

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use mufakat::theory::coalition::{
    Game, bloc_partition, least_core, monotone_cover, nucleolus, owen_value, players_of,
    shapley_value,
};
use std::hint::black_box;

/// A shared gain that differs from coalition to coalition, under its monotone cover: what a bloc divides.
fn shared_gain(n: usize) -> Game {
    let size = |i: usize| 0.2 + (i * 7 % 11) as f64 / 11.0;
    let noise = |mask: u64| (mask.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as f64 / 16_777_216.0;
    let game = Game::from_fn(n, |mask| {
        let sum: f64 = players_of(mask).map(size).sum();
        let gain = sum * sum / n as f64 + 0.5 * noise(mask) - 0.3;
        if mask.count_ones() < 2 { 0.0 } else { gain }
    });
    game.expect("finite").monotone_cover()
}

fn coalition(c: &mut Criterion) {
    let mut group = c.benchmark_group("coalition");
    group.sample_size(10);
    for n in [8, 10, 12, 16] {
        let game = shared_gain(n);
        let mut out = vec![0.0; n];
        let mut cover = game.values().to_vec();
        let blocs = bloc_partition(n, 0b111110).expect("a bloc of five");
        group.bench_function(BenchmarkId::new("monotone cover", n), |b| {
            b.iter(|| monotone_cover(black_box(&mut cover)))
        });
        group.bench_function(BenchmarkId::new("shapley", n), |b| {
            b.iter(|| shapley_value(black_box(game.values()), n, &mut out))
        });
        group.bench_function(BenchmarkId::new("owen", n), |b| {
            b.iter(|| owen_value(black_box(game.values()), n, &blocs))
        });
        group.bench_function(BenchmarkId::new("least core", n), |b| {
            b.iter(|| least_core(black_box(&game)))
        });
        group.bench_function(BenchmarkId::new("nucleolus", n), |b| {
            b.iter(|| nucleolus(black_box(&game)))
        });
    }
    group.finish();
}

criterion_group!(benches, coalition);
criterion_main!(benches);
