//! Searching 10,000 worlds of ten factors for boxes; and of 276 with all that tells a box from chance.
//!
//! On such data (two of ten factors of few values, 5% of the labels wrong) EMA Workbench 2.5.3 needed 0.85 s and 0.64 s for one PRIM trajectory of peels
//! of 5%, on the machine on which `prim` took 24 ms and 10 ms for three and `trade_off` 60 ms and 45 ms. At the coverage of each of its 53 and 50 boxes
//! the line through the boxes of the trade-off was at least as dense.
#![allow(
    missing_docs,
    reason = "the bench harness generates undocumented items"
)]

use criterion::{Criterion, criterion_group, criterion_main};
use mufakat::study::search::{Wanted, search};
use mufakat::theory::discovery::Cases;
use mufakat::theory::discovery::cart::{CartOptions, cart};
use mufakat::theory::discovery::prim::{PrimOptions, prim};
use mufakat::theory::discovery::trade_off::trade_off;
use mufakat::theory::draws::rng::Stream;
use std::hint::black_box;
use std::sync::atomic::AtomicBool;

const WORLDS: u64 = 10_000;

fn discovery(c: &mut Criterion) {
    let stream = Stream::new(42, "worlds");
    let column = |factor: u64| -> Vec<f64> {
        let uniforms = (0..WORLDS).map(|world| stream.uniform(world, factor));
        match factor {
            8 => uniforms.map(|u| (4.0 * u).floor()).collect(),
            9 => uniforms.map(|u| f64::from(u < 0.4)).collect(),
            _ => uniforms.collect(),
        }
    };
    let x: Vec<Vec<f64>> = (0..10).map(column).collect();
    let hits: Vec<bool> = (0..WORLDS as usize)
        .map(|k| {
            let both = 0.3 * x[9][k] * f64::from(x[3][k] > 0.5);
            let sum = x[0][k] + 0.8 * x[1][k] * x[1][k] - 0.5 * x[2][k] + both;
            (sum < 0.35 && x[4][k] < 0.9) != (stream.uniform(k as u64, 10) < 0.05)
        })
        .collect();
    let columns: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
    let cases = Cases::new(&columns, &hits).expect("both kinds");
    let options = PrimOptions::default();
    let mut group = c.benchmark_group("discovery");
    group.sample_size(10);
    group.bench_function("prim", |b| b.iter(|| prim(black_box(&cases), &options)));
    group.bench_function("trade-off", |b| {
        b.iter(|| trade_off(black_box(&cases), &options))
    });
    group.bench_function("cart", |b| {
        b.iter(|| cart(black_box(&cases), &CartOptions::default()))
    });
    group.finish();
}

/// A whole search, with its held-out halves and shuffles, of as many factors as the baseline has uncertain numbers.
fn calibrated(c: &mut Criterion) {
    let stream = Stream::new(7, "worlds");
    let column = |factor: u64| -> Vec<f64> {
        let uniforms = (0..WORLDS).map(|world| stream.uniform(world, factor));
        uniforms.collect()
    };
    let x: Vec<Vec<f64>> = (0..276).map(column).collect();
    let hits: Vec<bool> = (0..WORLDS as usize)
        .map(|k| {
            let p = if x[3][k] < 0.4 && x[90][k] > 0.5 {
                0.5
            } else {
                0.2
            };
            stream.uniform(k as u64, 276) < p
        })
        .collect();
    let columns: Vec<&[f64]> = x.iter().map(Vec::as_slice).collect();
    let cases = Cases::new(&columns, &hits).expect("both kinds");
    let wanted = Wanted {
        restrictions: 4,
        density: None,
        seed: 1,
    };
    let go_on = AtomicBool::new(false);
    let mut group = c.benchmark_group("discovery");
    group.sample_size(10);
    group.bench_function("calibrated search of 276 factors", |b| {
        b.iter(|| search(black_box(&cases), wanted, &go_on))
    });
    group.finish();
}

criterion_group!(benches, discovery, calibrated);
criterion_main!(benches);
