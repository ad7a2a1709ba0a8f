//! One bargain under every protocol, on a frontier of six terms with interior and bounded levels.
#![allow(
    missing_docs,
    reason = "the bench harness generates undocumented items"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use mufakat::theory::bargaining::{Frontier, Gains, Protocol, solve, solve_with_cash};
use std::hint::black_box;

const FRONTIER: Frontier = Frontier {
    a: &[0.4, 0.5, 0.3, 0.6, 0.35, -0.3],
    b: &[0.2, 0.1, 0.3, 0.0, 0.25, 0.1],
    c: &[0.3, 0.35, 0.2, 0.5, 0.3, -0.4],
    d: &[0.3, 0.2, 0.4, 0.1, 0.35, 0.2],
    min: &[0.0; 6],
    max: &[1.0; 6],
    scale: 2.0,
    foreseen: None,
};
const GAINS: Gains = Gains {
    state: 0.3,
    hyperscaler: 0.9,
};

fn bargain(c: &mut Criterion) {
    let mut group = c.benchmark_group("bargain");
    for (name, protocol) in [
        (
            "nash",
            Protocol::Nash {
                bargaining_power: 0.35,
            },
        ),
        ("kalai-smorodinsky", Protocol::KalaiSmorodinsky),
        ("egalitarian", Protocol::Egalitarian),
        (
            "rubinstein",
            Protocol::Rubinstein {
                state_impatience: 0.02,
                hyperscaler_impatience: 0.025,
            },
        ),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| solve(black_box(&FRONTIER), black_box(GAINS), protocol))
        });
    }
    let nash = Protocol::Nash {
        bargaining_power: 0.35,
    };
    group.bench_function("nash with cash", |b| {
        b.iter(|| solve_with_cash(black_box(&FRONTIER), black_box(GAINS), nash))
    });
    group.finish();
}

criterion_group!(benches, bargain);
criterion_main!(benches);
