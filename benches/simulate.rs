//! The baseline: one window of bilateral talks, one trial of each arm, and worlds per second with all arms on one and two threads.
#![allow(
    missing_docs,
    reason = "the bench harness generates undocumented items"
)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mufakat::model::Model;
use mufakat::scenario::from_text;
use mufakat::trial::Player;
use rayon::prelude::*;

const BASELINE: &str = include_str!("../scenarios/asean-2027.toml");

fn baseline() -> Model {
    from_text("asean-2027.toml", BASELINE).expect("the baseline is valid")
}

fn trials(c: &mut Criterion) {
    let mut group = c.benchmark_group("trial");
    group.sample_size(20);
    let names: Vec<String> = baseline().arms.iter().map(|arm| arm.name.clone()).collect();
    let mut measure = |name: &str, index: usize, windows: usize| {
        let mut model = baseline();
        model.horizon.windows = windows;
        let mut player = Player::new(&model);
        let mut row = vec![0.0; model.outcome_layout().len()];
        let mut draws = vec![0.0; model.uncertain.len()];
        let mut trial = 0;
        group.bench_function(name, |b| {
            b.iter(|| {
                trial += 1;
                player
                    .play_only(&model, trial, index, &mut row, &mut draws)
                    .expect("draws keep their ranges")
            });
        });
    };
    measure("one window, bilateral", 0, 1);
    for (index, name) in names.iter().enumerate() {
        measure(name, index, baseline().horizon.windows);
    }
    group.finish();
}

fn worlds(c: &mut Criterion) {
    const WORLDS: u32 = 64;
    let model = baseline();
    let len = model.outcome_layout().len() * model.arms.len();
    let mut group = c.benchmark_group("worlds, all arms");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(u64::from(WORLDS)));
    for threads in [1, 2] {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("threads");
        group.bench_function(format!("{threads} threads"), |b| {
            b.iter(|| {
                pool.install(|| {
                    (0..WORLDS).into_par_iter().with_max_len(8).for_each_init(
                        || {
                            (
                                Player::new(&model),
                                vec![0.0; len],
                                vec![0.0; model.uncertain.len()],
                            )
                        },
                        |(player, rows, draws), trial| {
                            player
                                .play(&model, trial.into(), rows, draws)
                                .expect("draws keep their ranges");
                        },
                    );
                });
            });
        });
    }
    group.finish();
}

criterion_group!(benches, trials, worlds);
criterion_main!(benches);
