//! How often 95% intervals hold the exact indices of Ishigami over 200 seeds, how accurate the indices are, and how long they take.
#![allow(
    clippy::print_stdout,
    missing_docs,
    reason = "a bench prints, and its harness generates undocumented items"
)]

#[path = "../tests/sensitivity/functions.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod functions;
#[path = "../tests/sensitivity/sequence.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod sequence;

use criterion::{Criterion, criterion_group, criterion_main};
use functions::{ISHIGAMI_FIRST, ISHIGAMI_TOTAL, ishigami};
use mufakat::theory::draws::rng::Stream;
use mufakat::theory::sensitivity::given_data::given_first_order;
use mufakat::theory::sensitivity::moment_free::{borgonovo, pawn};
use mufakat::theory::sensitivity::shapley_effects::ShapleyPlan;
use mufakat::theory::sensitivity::sobol::{
    SobolPlan, sobol_bootstrap, sobol_indices, sobol_replicated,
};
use mufakat::theory::sensitivity::{Bootstrap, Estimate};
use sequence::Sequence;
use std::hint::black_box;

const SEEDS: u64 = 200;
const LEVEL: f64 = 0.95;

fn outputs(plan: &SobolPlan, seed: u64, rows: usize, replicates: usize) -> Vec<f64> {
    let sequences: Vec<Sequence> = (0..replicates as u64)
        .map(|r| Sequence::new(1000 * seed + r, rows, 6))
        .collect();
    let mut point = [0.0; 3];
    (0..plan.evaluations())
        .map(|k| {
            plan.point(k, |r, row, column| sequences[r].at(row, column), &mut point);
            ishigami(&point)
        })
        .collect()
}

fn sample(seed: u64, rows: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
    let stream = Stream::new(seed, "rows");
    let row = |k: u64| [0, 1, 2].map(|i| stream.uniform(k, i));
    let rows: Vec<[f64; 3]> = (0..rows as u64).map(row).collect();
    let column = |i: usize| rows.iter().map(|row| row[i]).collect();
    (
        (0..3).map(column).collect(),
        rows.iter().map(|row| ishigami(row)).collect(),
    )
}

/// Counts, index by index, how many of the estimates hold the exact value.
fn covered(counts: &mut [usize], estimates: impl IntoIterator<Item = Estimate>, exact: &[f64]) {
    for ((count, estimate), &exact) in counts.iter_mut().zip(estimates).zip(exact) {
        *count += usize::from(estimate.covers(exact));
    }
}

fn show(what: &str, counts: &[usize]) {
    let shares = counts
        .iter()
        .map(|&count| format!("{:5.1}%", 100.0 * count as f64 / SEEDS as f64));
    println!("{what:<52} {}", shares.collect::<Vec<_>>().join(" "));
}

fn print_coverage() {
    let exact: Vec<f64> = ISHIGAMI_FIRST
        .iter()
        .chain(&ISHIGAMI_TOTAL)
        .copied()
        .collect();
    println!("share of {SEEDS} seeds in which the 95% interval holds the exact value, Ishigami");
    println!(
        "{:<52}     S1     S2     S3     T1     T2     T3",
        "indices"
    );
    for (rows, replicates) in [(256, 16), (1024, 16), (1024, 32)] {
        let plan = SobolPlan::new(3, rows, replicates).expect("a plan");
        let mut counts = [0; 6];
        for seed in 0..SEEDS {
            let outputs = outputs(&plan, seed, rows, replicates);
            let indices = sobol_replicated(&plan.split(&outputs), LEVEL).expect("varies");
            covered(
                &mut counts,
                indices.first.into_iter().chain(indices.total),
                &exact,
            );
        }
        show(&format!("{replicates} replicates of {rows} rows"), &counts);
    }
    let plan = SobolPlan::new(3, 1024, 1).expect("a plan");
    let mut counts = [0; 6];
    for seed in 0..SEEDS {
        let stream = Stream::new(seed, "resamples");
        let bootstrap = Bootstrap {
            resamples: 100,
            level: LEVEL,
            stream: &stream,
        };
        let outputs = outputs(&plan, seed, 1024, 1);
        let indices = sobol_bootstrap(&plan.split(&outputs)[0], &bootstrap).expect("varies");
        covered(
            &mut counts,
            indices.first.into_iter().chain(indices.total),
            &exact,
        );
    }
    show("bootstrap of 1024 rows of one replicate", &counts);
    let mut counts = [0; 3];
    for seed in 0..SEEDS {
        let stream = Stream::new(seed, "resamples");
        let bootstrap = Bootstrap {
            resamples: 100,
            level: LEVEL,
            stream: &stream,
        };
        let (x, y) = sample(seed, 1 << 12);
        let shares = x
            .iter()
            .map(|x| given_first_order(x, &y, &bootstrap).expect("varies"));
        covered(&mut counts, shares, &ISHIGAMI_FIRST);
    }
    show("given data, bootstrap of 4096 independent rows", &counts);
    let half = ISHIGAMI_TOTAL[2] / 2.0;
    let exact = [ISHIGAMI_FIRST[0] + half, ISHIGAMI_FIRST[1], half];
    let mut counts = [0; 3];
    for seed in 0..SEEDS {
        let stream = Stream::new(seed, "orders");
        let plan = ShapleyPlan::new(3, 256, 16, stream.sequence(0, 0)).expect("a plan");
        let sequences: Vec<Sequence> = (0..16)
            .map(|r| Sequence::new(1000 * seed + r, 256, 6))
            .collect();
        let mut point = [0.0; 3];
        let outputs: Vec<f64> = (0..plan.evaluations())
            .map(|k| {
                plan.point(k, |r, row, column| sequences[r].at(row, column), &mut point);
                ishigami(&point)
            })
            .collect();
        covered(
            &mut counts,
            plan.replicated(&outputs, LEVEL).expect("varies"),
            &exact,
        );
    }
    show("Shapley effects, 16 replicates of 256 walks", &counts);
}

fn print_accuracy() {
    let plan = SobolPlan::new(3, 1 << 14, 1).expect("a plan");
    let mut errors = [Vec::new(), Vec::new()];
    for seed in 0..100 {
        let outputs = outputs(&plan, seed, 1 << 14, 1);
        let indices = sobol_indices(&plan.split(&outputs)[0]).expect("varies");
        for (errors, (given, exact)) in errors.iter_mut().zip([
            (&indices.first, &ISHIGAMI_FIRST),
            (&indices.total, &ISHIGAMI_TOTAL),
        ]) {
            let each = given.iter().zip(exact).map(|(x, y)| (x - y).abs());
            errors.push(each.fold(0.0, f64::max));
        }
    }
    for (what, errors) in ["first", "total"].iter().zip(&mut errors) {
        errors.sort_by(f64::total_cmp);
        let (median, worst) = (0.5 * (errors[49] + errors[50]), errors[99]);
        println!(
            "largest error of {what} orders at 2^14 rows over 100 seeds: median {median:.1e}, worst {worst:.1e}"
        );
    }
}

fn sensitivity(c: &mut Criterion) {
    print_coverage();
    print_accuracy();
    let rows = 1 << 14;
    let plan = SobolPlan::new(3, rows, 1).expect("a plan");
    let sobol = outputs(&plan, 1, rows, 1);
    let (x, y) = sample(1, rows);
    let stream = Stream::new(1, "resamples");
    let bootstrap = Bootstrap {
        resamples: 100,
        level: LEVEL,
        stream: &stream,
    };
    let mut group = c.benchmark_group("sensitivity at 2^14 rows");
    group.sample_size(10);
    group.bench_function("sobol indices of three factors", |b| {
        b.iter(|| sobol_indices(black_box(&plan.split(&sobol)[0])))
    });
    group.bench_function("first order of one factor, 100 resamples", |b| {
        b.iter(|| given_first_order(black_box(&x[0]), &y, &bootstrap))
    });
    group.bench_function("pawn of one factor, 100 resamples", |b| {
        b.iter(|| pawn(black_box(&x[0]), &y, &bootstrap))
    });
    group.bench_function("delta of one factor, 100 resamples", |b| {
        b.iter(|| borgonovo(black_box(&x[0]), &y, &bootstrap))
    });
    group.finish();
}

criterion_group!(benches, sensitivity);
criterion_main!(benches);
