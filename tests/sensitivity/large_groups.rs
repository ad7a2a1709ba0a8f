//! Groups of more factors than a Sobol' sequence has dimensions for, against exact values.

use mufakat::theory::draws::matrices::Matrices;
use mufakat::theory::draws::rng::Stream;
use mufakat::theory::sensitivity::Estimate;
use mufakat::theory::sensitivity::shapley_effects::ShapleyPlan;
use mufakat::theory::sensitivity::sobol::{SobolPlan, sobol_replicated};

const ROWS: usize = 256;
const REPLICATES: usize = 8;
/// Factors of the three groups, and one by itself behind them.
const SIZES: [usize; 3] = [40, 150, 110];
const FACTORS: usize = 301;

/// y = s1 + s2·s3 + x, each s the sum over a group of independent factors, scaled to variance 1; x to variance 1 too.
///
/// V = 3: the first group and x make a third each by themselves, the second and the third a third together.
fn y(point: &[f64]) -> f64 {
    let centred = |x: &f64| x - 0.5;
    let scaled = |part: &[f64]| {
        let sum: f64 = part.iter().map(centred).sum();
        sum * (12.0 / part.len() as f64).sqrt()
    };
    let (first, rest) = point.split_at(SIZES[0]);
    let (second, rest) = rest.split_at(SIZES[1]);
    let (third, single) = rest.split_at(SIZES[2]);
    scaled(first) + scaled(second) * scaled(third) + scaled(single)
}

fn groups() -> Vec<Vec<usize>> {
    let mut next = 0;
    let sizes = SIZES.into_iter().chain([1]);
    sizes
        .map(|size| {
            next += size;
            (next - size..next).collect()
        })
        .collect()
}

fn matrices(seed: u64) -> Vec<Matrices> {
    let first: Vec<bool> = (0..FACTORS).map(|factor| factor == FACTORS - 1).collect();
    (0..REPLICATES as u64)
        .map(|replicate| Matrices::new(1000 * seed + replicate, ROWS, &first))
        .collect()
}

/// Each estimate within four standard errors, and those small.
#[track_caller]
fn assert_near(found: &[Estimate], exact: [f64; 4], largest: f64) {
    for (one, exact) in found.iter().zip(exact) {
        let off = (one.value - exact).abs();
        assert!(off < 4.0 * one.std_error + 1e-9, "{one:?} {exact}");
        assert!(one.std_error < largest, "{one:?}");
    }
}

#[test]
fn groups_beyond_the_sequence_have_their_shares() {
    let third = 1.0 / 3.0;
    let plan = SobolPlan::of_groups(FACTORS, groups(), ROWS, REPLICATES).expect("a plan");
    let uniforms = matrices(1);
    let mut point = vec![0.0; FACTORS];
    let outputs: Vec<f64> = (0..plan.evaluations())
        .map(|k| {
            plan.point(k, |r, row, column| uniforms[r].at(row, column), &mut point);
            y(&point)
        })
        .collect();
    let found = sobol_replicated(&plan.split(&outputs), 0.95).expect("it varies");
    assert_near(&found.first, [third, 0.0, 0.0, third], 0.04);
    assert_near(&found.total, [third, third, third, third], 0.04);

    let walks = Stream::new(1, "walks").sequence(0, 0);
    let plan = ShapleyPlan::of_groups(FACTORS, groups(), ROWS, REPLICATES, walks).expect("a plan");
    let uniforms = matrices(2);
    let outputs: Vec<f64> = (0..plan.evaluations())
        .map(|k| {
            plan.point(k, |r, row, column| uniforms[r].at(row, column), &mut point);
            y(&point)
        })
        .collect();
    let found = plan.replicated(&outputs, 0.95).expect("it varies");
    let half = 0.5 * third;
    assert_near(&found, [third, half, half, third], 0.04);
}
