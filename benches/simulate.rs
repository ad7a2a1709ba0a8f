//! The baseline: one window of bilateral talks, one trial of each arm, and worlds per second with all arms on one and two
//! threads; all coalitions of ten states.
#![allow(
    missing_docs,
    reason = "the bench harness generates undocumented items"
)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mufakat::engine::model::Model;
use mufakat::engine::simulate::{Watch, map_trials, on_threads};
use mufakat::engine::trial::Player;
use mufakat::scenario::{Request, from_text, load};
use mufakat::study::stability::{StabilityQuestion, judge_worlds};
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

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

/// All ten states join a bloc that shares by Shapley value: every coalition of every window is played.
fn coalitions(c: &mut Criterion) {
    const WORLDS: u64 = 16;
    let mut request = Request::new("asean-2027.toml", BASELINE);
    let sets = ["state.*.will=1", "arm.bloc-paid.sharing=shapley"];
    request.sets = sets.map(str::to_owned).to_vec();
    let loaded = load(&request, &mut |_| Err("it extends nothing".to_owned()));
    let model = loaded.expect("the baseline is valid").model;
    let arm = (model.arms.iter().position(|arm| arm.name == "bloc-paid")).expect("an arm");
    let mut group = c.benchmark_group("coalitions, Shapley shares, four windows");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(WORLDS));
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_trial: &|| {},
    };
    let worker = || {
        let len = model.outcome_layout().len();
        (
            Player::new(&model),
            vec![0.0; len],
            vec![0.0; model.uncertain.len()],
        )
    };
    group.bench_function("a bloc of ten, 2 threads", |b| {
        b.iter(|| {
            on_threads(Some(2), || {
                map_trials(
                    0..WORLDS,
                    WORLDS as usize,
                    watch,
                    worker,
                    |(player, row, draws), trial, _: &mut ()| {
                        player.play_only(&model, trial, arm, row, draws)
                    },
                    |_, _| {},
                )
            })
            .expect("threads")
            .expect("draws keep their ranges")
        });
    });
    let question = StabilityQuestion {
        arm,
        window: 0,
        secure: 0.8,
        farsighted: false,
    };
    group.bench_function("stability of one window, 2 threads", |b| {
        b.iter(|| {
            on_threads(Some(2), || judge_worlds(&model, question, 0..WORLDS, watch))
                .expect("threads")
                .expect("draws keep their ranges")
        });
    });
    group.finish();
}

criterion_group!(benches, trials, worlds, coalitions);
criterion_main!(benches);
