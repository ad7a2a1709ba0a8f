//! Sobol' indices with bootstrap intervals on one sample of the Ishigami function: the half of the comparison with SALib that is ours.
//!
//! `cargo bench --bench peer_sobol -- --out FILE` writes the outputs in the order that SALib reads, as little-endian numbers of 64 bits,
//! and prints the indices and the seconds of one analysis as JSON; `benches/peers/run.py` calls it between runs of SALib.
#![allow(
    clippy::print_stdout,
    reason = "a comparison of running times prints what it took"
)]

#[path = "../../tests/sensitivity/functions.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod functions;
#[path = "../../tests/sensitivity/sequence.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod sequence;

use functions::ishigami;
use mufakat::theory::draws::rng::Stream;
use mufakat::theory::sensitivity::Bootstrap;
use mufakat::theory::sensitivity::sobol::{SobolPlan, sobol_bootstrap};
use sequence::Sequence;
use std::hint::black_box;
use std::time::Instant;

const ROWS: usize = 1 << 14;
const FACTORS: usize = 3;
const RESAMPLES: usize = 100;

/// What the function gives at every point of the plan, matrix by matrix: A, B, A_B of each factor.
fn outputs(plan: &SobolPlan) -> Vec<f64> {
    let sequence = Sequence::new(1, ROWS, plan.columns());
    let mut point = [0.0; FACTORS];
    (0..plan.evaluations())
        .map(|k| {
            plan.point(k, |_, row, column| sequence.at(row, column), &mut point);
            ishigami(&point)
        })
        .collect()
}

/// The same in SALib's order: row by row A, A_B of each factor, B.
fn as_salib_reads(outputs: &[f64]) -> Vec<u8> {
    let matrices = [0, 2, 3, 4, 1];
    let one = |row: usize| matrices.map(|matrix| outputs[matrix * ROWS + row].to_le_bytes());
    (0..ROWS).flat_map(one).flatten().collect()
}

fn main() {
    let plan = SobolPlan::new(FACTORS, ROWS, 1).expect("a plan");
    let outputs = outputs(&plan);
    let mut arguments = std::env::args().skip_while(|argument| argument != "--out");
    if let Some(path) = arguments.nth(1) {
        std::fs::write(path, as_salib_reads(&outputs)).expect("a file that can be written");
    }
    let stream = Stream::new(1, "resamples");
    let bootstrap = Bootstrap {
        resamples: RESAMPLES,
        level: 0.95,
        stream: &stream,
    };
    let start = Instant::now();
    let indices = sobol_bootstrap(black_box(&plan.split(&outputs)[0]), &bootstrap);
    let seconds = start.elapsed().as_secs_f64();
    let indices = indices.expect("the function varies");
    let values = |of: &[mufakat::theory::sensitivity::Estimate]| {
        let values: Vec<f64> = of.iter().map(|estimate| estimate.value).collect();
        format!("{values:?}")
    };
    let (first, total) = (values(&indices.first), values(&indices.total));
    println!("{{\"seconds\": {seconds}, \"first\": {first}, \"total\": {total}}}");
}
