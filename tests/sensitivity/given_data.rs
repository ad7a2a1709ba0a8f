//! Estimators that take finished runs, on functions of which the answer is known.

use super::functions::*;
use super::sequence::Sequence;
use mufakat::theory::draws::rng::Stream;
use mufakat::theory::sensitivity::Bootstrap;
use mufakat::theory::sensitivity::classes::dummy_factor;
use mufakat::theory::sensitivity::given_data::{evpi, evppi, given_first_order};
use mufakat::theory::sensitivity::moment_free::{borgonovo, pawn};
use mufakat::theory::stats::special::normal_quantile;

const ROWS: usize = 1 << 14;

fn with_bootstrap<T>(resamples: usize, check: impl FnOnce(&Bootstrap) -> T) -> T {
    let stream = Stream::new(9, "resamples");
    check(&Bootstrap {
        resamples,
        level: 0.95,
        stream: &stream,
    })
}

/// Three columns and what Ishigami makes of them, and a column that does nothing.
fn sample(seed: u64, rows: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
    let sequence = Sequence::new(seed, rows, 3);
    let mut columns: Vec<Vec<f64>> = (0..3).map(|i| sequence.column(i)).collect();
    let y = (0..rows)
        .map(|k| ishigami(&[columns[0][k], columns[1][k], columns[2][k]]))
        .collect();
    columns.push(dummy_factor(rows, &Stream::new(seed, "dummy")));
    (columns, y)
}

#[test]
fn first_orders_of_a_finished_run() {
    let (x, y) = sample(1, ROWS);
    let exact = [ISHIGAMI_FIRST[0], ISHIGAMI_FIRST[1], 0.0, 0.0];
    for (i, exact) in exact.into_iter().enumerate() {
        let share = with_bootstrap(50, |b| given_first_order(&x[i], &y, b)).expect("varies");
        let error = (share.value - exact).abs();
        assert!(
            error < 4.0 * share.std_error && error < 6e-3,
            "{i}: {share:?}"
        );
    }
    // Of independent normal inputs of a linear model, the squared coefficients.
    let sequence = Sequence::new(4, 1 << 12, 2);
    let normal: Vec<Vec<f64>> = (0..2)
        .map(|i| {
            sequence
                .column(i)
                .into_iter()
                .map(normal_quantile)
                .collect()
        })
        .collect();
    let y: Vec<f64> = (0..1 << 12)
        .map(|k| 2.0 * normal[0][k] - normal[1][k])
        .collect();
    for (column, exact) in normal.iter().zip([0.8, 0.2]) {
        let share = with_bootstrap(2, |b| given_first_order(column, &y, b)).expect("varies");
        assert!((share.value - exact).abs() < 0.01, "{share:?} of {exact}");
    }
}

#[test]
fn first_orders_of_an_inert_factor_are_nothing_on_average() {
    let errors: Vec<f64> = (0..40)
        .map(|seed| {
            let (x, y) = sample(seed, 256);
            with_bootstrap(2, |b| given_first_order(&x[3], &y, b))
                .expect("varies")
                .value
        })
        .collect();
    let mean = errors.iter().sum::<f64>() / 40.0;
    let squares: f64 = errors.iter().map(|e| (e - mean) * (e - mean)).sum();
    let std_error = (squares / 39.0 / 40.0).sqrt();
    assert!(mean.abs() < 3.5 * std_error, "{mean} ± {std_error}");
}

#[test]
fn pawn_and_delta_of_ishigami() {
    let (x, y) = sample(1, ROWS);
    let (medians, deltas) = ([0.221, 0.409, 0.082], [0.26, 0.425, 0.21]);
    with_bootstrap(20, |bootstrap| {
        for i in 0..3 {
            let pawn = pawn(&x[i], &y, bootstrap).expect("varies");
            let error = (pawn.median.value - medians[i]).abs();
            assert!(error < 0.01, "PAWN of {i}: {pawn:?}");
            assert!(pawn.max.value >= pawn.median.value && pawn.median.std_error < 0.01);
            let delta = borgonovo(&x[i], &y, bootstrap).expect("varies");
            // What cells smooth away, most of all of the second, which has four slopes.
            let error = (delta.value - deltas[i]).abs();
            assert!(error < [0.015, 0.03, 0.025][i], "δ of {i}: {delta:?}");
        }
        // The noise floor: well below the least of the three.
        let floor = pawn(&x[3], &y, bootstrap).expect("varies").median;
        assert!(floor.value < 0.04, "{floor:?}");
        let floor = borgonovo(&x[3], &y, bootstrap).expect("varies");
        assert!(floor.value < 0.03 && floor.low == 0.0, "{floor:?}");
    });
}

#[test]
fn delta_has_no_more_of_chance_in_few_rows() {
    // 40 samples of 1000 rows: what cells smooth away, and an inert factor that is at 0 as often as not.
    let mut sums = [0.0; 4];
    let mut zeros = 0;
    for seed in 0..40 {
        let (x, y) = sample(seed, 1000);
        with_bootstrap(2, |bootstrap| {
            for (sum, x) in sums.iter_mut().zip(&x) {
                let delta = borgonovo(x, &y, bootstrap).expect("varies").value;
                *sum += delta / 40.0;
                zeros += i32::from(delta == 0.0);
            }
        });
    }
    for (mean, (low, high)) in
        sums.into_iter()
            .zip([(0.22, 0.28), (0.33, 0.38), (0.16, 0.21), (0.01, 0.04)])
    {
        assert!((low..high).contains(&mean), "{sums:?}");
    }
    assert!((10..30).contains(&zeros), "{zeros}");
}

#[test]
fn factors_and_outputs_of_few_values_are_measured_exactly() {
    // A fair coin moves the output's two values from shares ½, ½ to ¼, ¾: δ = PAWN = ¼, S = ¼.
    let sequence = Sequence::new(2, 1 << 12, 2);
    let x: Vec<f64> = sequence.column(0).iter().map(|u| u.round()).collect();
    let y: Vec<f64> = (0..1 << 12)
        .map(|k| f64::from(sequence.at(k, 1) < 0.25 + 0.5 * x[k]))
        .collect();
    with_bootstrap(20, |bootstrap| {
        let delta = borgonovo(&x, &y, bootstrap).expect("varies");
        let pawn = pawn(&x, &y, bootstrap).expect("varies");
        let share = given_first_order(&x, &y, bootstrap).expect("varies");
        for estimate in [delta, pawn.median, pawn.max, share] {
            assert!((estimate.value - 0.25).abs() < 0.005, "{estimate:?}");
        }
    });
}

#[test]
fn information_on_a_normal_gain_has_its_closed_form() {
    // Arm 0 gives 0, arm 1 gives m + x + 2z: knowing x is worth E[max(0, m + x)] − max(0, m), all of it with √5 for the deviation.
    let sequence = Sequence::new(3, ROWS, 3);
    let normal: Vec<Vec<f64>> = (0..3)
        .map(|i| {
            sequence
                .column(i)
                .into_iter()
                .map(normal_quantile)
                .collect()
        })
        .collect();
    let zero = vec![0.0; ROWS];
    // φ(0) = 0.398942; E[max(0, ½ + x)] = ½·Φ(½) + φ(½) = 0.697797.
    for (m, exact) in [(0.0, 0.3989423), (0.5, 0.6977974 - 0.5)] {
        let arm: Vec<f64> = (0..ROWS)
            .map(|k| m + normal[0][k] + 2.0 * normal[1][k])
            .collect();
        with_bootstrap(50, |bootstrap| {
            let value = evppi(&normal[0], &[&zero, &arm], bootstrap).expect("finite");
            let error = (value.value - exact).abs();
            assert!(
                error < 3.0 * value.std_error && error < 0.03,
                "{value:?} of {exact}"
            );
            let floor = evppi(&normal[2], &[&zero, &arm], bootstrap).expect("finite");
            assert!(floor.value.abs() < 0.03, "{floor:?}");
            let all = evpi(&[&zero, &arm], bootstrap).expect("finite");
            assert!(all.value > value.value);
        });
    }
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let (x, y) = sample(1, 1 << 10);
    let all = || {
        with_bootstrap(10, |b| {
            (
                given_first_order(&x[0], &y, b),
                pawn(&x[0], &y, b),
                borgonovo(&x[0], &y, b),
                evppi(&x[0], &[&y, &x[1]], b),
            )
        })
    };
    assert_eq!(all(), all());
}
