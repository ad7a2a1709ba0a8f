//! Sobol' indices, Shapley effects and Morris screening against exact values.

use super::functions::*;
use super::sequence::Sequence;
use mufakat::theory::draws::rng::Stream;
use mufakat::theory::sensitivity::morris::{
    elementary_effects, morris_effects, optimised_trajectories, random_trajectories,
};
use mufakat::theory::sensitivity::shapley_effects::ShapleyPlan;
use mufakat::theory::sensitivity::sobol::{
    SobolIndices, SobolPlan, sobol_bootstrap, sobol_indices, sobol_replicated,
};
use mufakat::theory::sensitivity::{Bootstrap, Estimate};

/// Outputs of all evaluations of a plan, replicate r on the sequence of seed `seed` + r.
fn outputs(plan: &SobolPlan, seed: u64, rows: usize, f: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let factors = plan.columns() / 2;
    let replicates = plan.evaluations() / rows / (2 + plan.groups());
    let sequences: Vec<Sequence> = (0..replicates as u64)
        .map(|r| Sequence::new(seed + r, rows, plan.columns()))
        .collect();
    let mut point = vec![0.0; factors];
    (0..plan.evaluations())
        .map(|k| {
            plan.point(k, |r, row, column| sequences[r].at(row, column), &mut point);
            f(&point)
        })
        .collect()
}

fn largest_error(given: &[f64], exact: &[f64]) -> f64 {
    let errors = given.iter().zip(exact).map(|(x, y)| (x - y).abs());
    errors.fold(0.0, f64::max)
}

fn median_and_worst(mut errors: Vec<f64>) -> (f64, f64) {
    errors.sort_by(f64::total_cmp);
    let middle = errors.len() / 2;
    (
        0.5 * (errors[middle - 1] + errors[middle]),
        errors[errors.len() - 1],
    )
}

fn values(estimates: &[Estimate]) -> Vec<f64> {
    estimates.iter().map(|estimate| estimate.value).collect()
}

const ROWS: usize = 1 << 14;

/// Errors over seeds of one replicate of 2^14 rows: first order, total order.
///
/// Medians of 20 seeds vary by a third: over many seeds they are 3.1e-4 and 1.2e-4 for Ishigami, 2.9e-4 and 2.7e-4 for G.
fn errors_over_seeds(
    base: u64,
    seeds: u64,
    f: impl Fn(&[f64]) -> f64 + Copy,
    first: &[f64],
    total: &[f64],
) -> ((f64, f64), (f64, f64)) {
    let plan = SobolPlan::new(first.len(), ROWS, 1).expect("a plan");
    let each: Vec<SobolIndices<f64>> = (0..seeds)
        .map(|seed| {
            let outputs = outputs(&plan, base + seed, ROWS, f);
            sobol_indices(&plan.split(&outputs)[0]).expect("varies")
        })
        .collect();
    let errors =
        |of: &dyn Fn(&SobolIndices<f64>) -> f64| median_and_worst(each.iter().map(of).collect());
    (
        errors(&|indices| largest_error(&indices.first, first)),
        errors(&|indices| largest_error(&indices.total, total)),
    )
}

#[test]
fn ishigami_is_as_accurate_as_the_best_peers() {
    let (first, total) = errors_over_seeds(0, 20, ishigami, &ISHIGAMI_FIRST, &ISHIGAMI_TOTAL);
    assert!(first.0 <= 3.1e-4, "first order: median and worst {first:?}");
    assert!(total.0 <= 1.0e-4, "total order: median and worst {total:?}");
}

#[test]
fn g_with_twenty_inputs_is_as_accurate_as_the_best_peers() {
    let (each, whole) = g_variances();
    let first: Vec<f64> = each.iter().map(|v| v / whole).collect();
    let total: Vec<f64> = each
        .iter()
        .map(|v| v / whole * (1.0 + whole) / (1.0 + v))
        .collect();
    let (first, total) = errors_over_seeds(0, 20, g, &first, &total);
    assert!(first.0 <= 2.4e-4, "first order: median and worst {first:?}");
    assert!(total.0 <= 5.6e-4, "total order: median and worst {total:?}");
}

#[test]
fn pairs_and_groups_have_their_shares() {
    let product = |u: &[f64]| u[0] * u[1];
    let plan = SobolPlan::new(2, 1 << 10, 8).and_then(SobolPlan::with_second_order);
    let plan = plan.expect("a plan");
    let sequences: Vec<Sequence> = (0..8).map(|r| Sequence::new(50 + r, 1 << 10, 4)).collect();
    let mut point = [0.0; 2];
    let outputs: Vec<f64> = (0..plan.evaluations())
        .map(|k| {
            plan.point(k, |r, row, column| sequences[r].at(row, column), &mut point);
            product(&point)
        })
        .collect();
    let indices = sobol_replicated(&plan.split(&outputs), 0.95).expect("varies");
    let close = |estimate: &Estimate, exact: f64| {
        let error = (estimate.value - exact).abs();
        assert!(
            error < 5.0 * estimate.std_error && error < 2e-3,
            "{estimate:?} of {exact}"
        );
    };
    (indices.first.iter()).for_each(|first| close(first, 3.0 / 7.0));
    (indices.total.iter()).for_each(|total| close(total, 4.0 / 7.0));
    close(&indices.second[0].index, 1.0 / 7.0);

    // The group of inputs 0 and 1 of G explains V_0 + V_1 + V_0·V_1 by itself.
    let (each, whole) = g_variances();
    let rest: Vec<usize> = (2..20).collect();
    let plan = SobolPlan::of_groups(20, vec![vec![0, 1], rest], 1 << 12, 4).expect("a plan");
    let outputs = self::outputs(&plan, 7, 1 << 12, g);
    let indices = sobol_replicated(&plan.split(&outputs), 0.95).expect("varies");
    let alone = ((1.0 + each[0]) * (1.0 + each[1]) - 1.0) / whole;
    assert!((indices.first[0].value - alone).abs() < 2e-3);
    // What the rest does not do alone, the group does alone or with it.
    let sum = indices.first[1].value + indices.total[0].value;
    assert!(
        (sum - 1.0).abs() < 5.0 * indices.first[1].std_error,
        "{sum}"
    );
}

#[test]
fn replicates_are_honest_where_the_bootstrap_is_not() {
    let plan = SobolPlan::new(3, 1 << 11, 16).expect("a plan");
    let outputs = outputs(&plan, 300, 1 << 11, ishigami);
    let replicates = plan.split(&outputs);
    let indices = sobol_replicated(&replicates, 0.95).expect("varies");
    let estimates = indices.first.iter().chain(&indices.total);
    let exact = ISHIGAMI_FIRST.iter().chain(&ISHIGAMI_TOTAL);
    for (estimate, exact) in estimates.zip(exact) {
        assert!((estimate.value - exact).abs() < 4.0 * estimate.std_error);
    }
    // First orders leave room for interactions, and no total is below its first order.
    assert!(values(&indices.first).iter().sum::<f64>() < 1.0);
    for (first, total) in indices.first.iter().zip(&indices.total) {
        assert!(first.value <= total.value + 4.0 * first.std_error);
    }
    let stream = Stream::new(1, "bootstrap");
    let bootstrap = Bootstrap {
        resamples: 100,
        level: 0.95,
        stream: &stream,
    };
    let resampled = sobol_bootstrap(&replicates[0], &bootstrap).expect("varies");
    for (one, all) in resampled.total.iter().zip(&indices.total) {
        // A replicate's own error is √16 times that of the mean of 16.
        assert!(one.std_error > 2.0 * 4.0 * all.std_error, "{one:?} {all:?}");
    }
    assert_eq!(sobol_bootstrap(&replicates[0], &bootstrap), Some(resampled));
}

fn shapley(
    factors: usize,
    rows: usize,
    replicates: usize,
    f: impl Fn(&[f64]) -> f64,
) -> (Vec<f64>, Vec<Estimate>) {
    let stream = Stream::new(5, "orders");
    let plan = ShapleyPlan::new(factors, rows, replicates, stream.sequence(0, 0));
    let plan = plan.expect("a plan");
    let sequences: Vec<Sequence> = (0..replicates as u64)
        .map(|r| Sequence::new(r, rows, 2 * factors))
        .collect();
    let mut point = vec![0.0; factors];
    let outputs: Vec<f64> = (0..plan.evaluations())
        .map(|k| {
            plan.point(k, |r, row, column| sequences[r].at(row, column), &mut point);
            f(&point)
        })
        .collect();
    let sums = plan.effects(&outputs).into_iter().map(|effects| {
        let effects: f64 = effects.expect("varies").iter().sum();
        effects
    });
    let sums = sums.collect();
    (sums, plan.replicated(&outputs, 0.95).expect("varies"))
}

#[test]
fn shapley_effects_share_out_interactions_and_add_up_to_one() {
    // A fourth factor does nothing; half of what the first and the third do together goes to each.
    let with_dummy = |u: &[f64]| ishigami(&u[..3]);
    let (sums, effects) = shapley(4, 1 << 11, 16, with_dummy);
    assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-12), "{sums:?}");
    let half = ISHIGAMI_TOTAL[2] / 2.0;
    let exact = [ISHIGAMI_FIRST[0] + half, ISHIGAMI_FIRST[1], half, 0.0];
    for (effect, exact) in effects.iter().zip(exact) {
        let error = (effect.value - exact).abs();
        assert!(
            error <= 4.0 * effect.std_error && error < 4e-3,
            "{effect:?} of {exact}"
        );
    }
    assert_eq!(effects[3].value, 0.0);
    let (_, effects) = shapley(2, 1 << 10, 8, |u| u[0] * u[1]);
    assert!((effects[0].value - 0.5).abs() < 4.0 * effects[0].std_error);
}

#[test]
fn morris_on_g_has_its_exact_means_and_deviations() {
    let mu_star = [2.69708841, 1.54119338, 0.61647735, 0.34801141, 0.03584171];
    let sigma = [2.83014232, 1.73854260, 0.71856718, 0.40743620, 0.04204818];
    let stream = Stream::new(11, "walks");
    let walks = random_trajectories(20, 4, 4000, stream.sequence(0, 0)).expect("a plan");
    let points = walks.iter().flat_map(|walk| &walk.points);
    let outputs: Vec<f64> = points.map(|point| g(point)).collect();
    let bootstrap = Bootstrap {
        resamples: 50,
        level: 0.95,
        stream: &stream,
    };
    let effects = morris_effects(&walks, &outputs, &bootstrap).expect("finite");
    for (factor, effect) in effects.iter().enumerate() {
        let k = factor.min(4);
        let far = |estimate: Estimate, exact: f64| {
            (estimate.value - exact).abs() > 4.5 * estimate.std_error
        };
        assert!(
            !far(effect.mu_star, mu_star[k]),
            "μ* of {factor}: {effect:?}"
        );
        assert!(!far(effect.sigma, sigma[k]), "σ of {factor}: {effect:?}");
    }
    // A hundredth of the trajectories, well spread, still ranks the four that matter.
    let few = optimised_trajectories(&walks[..200], 20);
    let points = few.iter().flat_map(|walk| &walk.points);
    let outputs: Vec<f64> = points.map(|point| g(point)).collect();
    let sizes: Vec<f64> = elementary_effects(&few, &outputs)
        .iter()
        .map(|effects| effects.iter().map(|e| e.abs()).sum())
        .collect();
    assert!(
        sizes.windows(2).take(4).all(|pair| pair[0] > pair[1]),
        "{sizes:?}"
    );
}
