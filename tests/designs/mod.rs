//! Designs and correlation from the file to the results: fewer worlds for the same error, and an error that can be trusted.

mod given;

use crate::support::model;
use mufakat::engine::model::{Model, dimension_paths};
use mufakat::engine::simulate::{Trial, Watch, on_threads, simulate};
use mufakat::engine::trial::Player;
use mufakat::scenario::{Loaded, Request, load};
use mufakat::study::results::assemble::{manifest, results};
use mufakat::study::results::collect::Collector;
use mufakat::study::results::json;
use mufakat::theory::draws::design::{Design, Sampler};
use mufakat::theory::stats::special::normal_quantile;
use mufakat::theory::stats::summary::{Stat, Streamed};
use std::convert::Infallible;
use std::sync::atomic::AtomicBool;

const SCENARIO: &str = include_str!("../support/uncertain.toml");

/// Two of the uncertain quantities tied to each other, and a third to both.
const CORRELATION: &str = "
[[correlation]]
between = ['state.A.gdp', 'state.B.gdp', 'market.diversion']
rho = 0.7
";

fn loaded(text: &str, sets: &[&str]) -> Loaded {
    let mut request = Request::new("uncertain.toml", text);
    request.sets = sets.iter().map(|&set| set.to_owned()).collect();
    load(&request, &mut |_| unreachable!("it extends nothing")).expect("valid")
}

fn tied(sampler: Sampler, trials: u64) -> Model {
    let sets = [
        format!("simulation.sampler={}", sampler.name()),
        format!("simulation.trials={trials}"),
    ];
    loaded(
        &format!("{SCENARIO}{CORRELATION}"),
        &sets.each_ref().map(String::as_str),
    )
    .model
}

fn watch(stop: &AtomicBool) -> Watch<'_> {
    Watch {
        stop,
        on_trial: &|| {},
    }
}

/// The results document of a run on so many threads.
fn document(model: &Model, threads: usize) -> String {
    let stop = AtomicBool::new(false);
    let trials = model.simulation.trials;
    let mut collector = Collector::new(model, trials);
    let push = |trial: Trial<'_>| collector.push(trial);
    on_threads(Some(threads), || {
        simulate(model, 0..trials, watch(&stop), push)
    })
    .expect("threads start")
    .expect("finite numbers");
    let identity = manifest(model, "0".repeat(64), Vec::new());
    json::document(&results(&collector, identity).expect("finite"))
}

/// The draws of every trial, by trial.
fn draws(model: &Model) -> Vec<Vec<f64>> {
    let stop = AtomicBool::new(false);
    let mut draws = Vec::new();
    let push = |trial: Trial<'_>| {
        draws.push(trial.draws.to_vec());
        Ok::<(), Infallible>(())
    };
    simulate(model, 0..model.simulation.trials, watch(&stop), push).expect("no failure");
    draws
}

fn column(model: &Model, draws: &[Vec<f64>], path: &str) -> Vec<f64> {
    let place = model.uncertain.iter().position(|one| one.path == path);
    let place = place.expect("an uncertain path");
    draws.iter().map(|draw| draw[place]).collect()
}

#[test]
fn same_bytes_on_any_number_of_threads() {
    for sampler in Sampler::ALL {
        let model = tied(sampler, 150);
        let one = document(&model, 1);
        assert!(
            one == document(&model, 2) && one == document(&model, 16),
            "{sampler:?}"
        );
        assert!(one.contains(&format!("\"sampler\": \"{}\"", sampler.name())));
        let says = one.contains("\"replicates\": 16");
        assert_eq!(says, !sampler.is_extensible());
    }
}

/// A player draws any world alone, and at uniforms that are given it.
#[test]
fn a_world_is_the_same_alone_and_at_its_uniforms() {
    for sampler in Sampler::ALL {
        let model = tied(sampler, 100);
        let all = draws(&model);
        let design = model.design();
        let mut uniforms = vec![0.0; design.dimensions()];
        let mut rows = vec![0.0; model.outcome_layout().len() * model.arms.len()];
        let mut same = rows.clone();
        let mut drawn = vec![0.0; model.draws_len()];
        for trial in [99, 3, 42] {
            let mut player = Player::new(&model);
            player
                .play(&model, trial, &mut rows, &mut drawn)
                .expect("fine");
            assert_eq!(drawn, all[trial as usize]);
            design.fill(trial, &mut uniforms);
            model.correlation.apply(trial, &mut uniforms);
            player
                .play_at(&model, trial, &uniforms, u64::MAX, &mut same, &mut drawn)
                .expect("fine");
            let bits = |rows: &[f64]| rows.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            assert_eq!(bits(&rows), bits(&same));
            assert_eq!(drawn, all[trial as usize]);
        }
    }
}

#[test]
fn each_quantity_is_drawn_at_the_uniform_it_is_given() {
    let model = model(SCENARIO);
    let mut rows = vec![0.0; model.outcome_layout().len() * model.arms.len()];
    let mut drawn = vec![0.0; model.uncertain.len()];
    let mut uniforms = vec![0.5; model.uncertain.len()];
    uniforms[2] = 0.9;
    let mut player = Player::new(&model);
    player
        .play_at(&model, 0, &uniforms, u64::MAX, &mut rows, &mut drawn)
        .expect("fine");
    for (k, uncertain) in model.uncertain.iter().enumerate() {
        assert_eq!(drawn[k], uncertain.distribution.quantile(uniforms[k]));
    }
}

#[test]
fn correlation_ties_what_it_names_and_nothing_else() {
    for sampler in Sampler::ALL {
        let model = tied(sampler, 1024);
        let free = loaded(
            SCENARIO,
            &[
                &format!("simulation.sampler={}", sampler.name()),
                "simulation.trials=1024",
            ],
        )
        .model;
        let (with, without) = (draws(&model), draws(&free));
        let named = ["state.A.gdp", "state.B.gdp", "market.diversion"];
        for uncertain in &model.uncertain {
            let path = uncertain.path.as_str();
            let same = column(&model, &with, path) == column(&free, &without, path);
            assert_eq!(same, !named.contains(&path), "{sampler:?} {path}");
        }
        // Normal scores by rank have the correlation that was asked for, within four standard errors.
        let scores = |path| {
            let values = column(&model, &with, path);
            let rank = |x: f64| values.iter().filter(|&&y| y < x).count() as f64 + 0.5;
            let score = |&x: &f64| normal_quantile(rank(x) / values.len() as f64);
            values.iter().map(score).collect::<Vec<f64>>()
        };
        let [a, b, c] = named.map(scores);
        for (one, other) in [(&a, &b), (&a, &c), (&b, &c)] {
            let products = one.iter().zip(other).map(|(x, y)| x * y);
            let rho = products.sum::<f64>() / one.len() as f64;
            assert!((rho - 0.7).abs() < 4.0 * 0.51 / 32.0, "{sampler:?}: {rho}");
        }
    }
}

/// A layer that fixes a correlated quantity leaves the draws of the others, in the run and in the resolved scenario.
#[test]
fn fixing_a_correlated_quantity_leaves_the_others() {
    let text = format!("{SCENARIO}{CORRELATION}");
    for sampler in Sampler::ALL {
        let sampler = format!("simulation.sampler={}", sampler.name());
        let free = loaded(&text, &[&sampler]).model;
        let fixed = loaded(&text, &[&sampler, "market.diversion=0.4"]);
        let again = loaded(&fixed.resolved, &[]);
        assert!(fixed.resolved.contains("fixed = [\"market.diversion\"]"));
        assert_eq!(again.resolved, fixed.resolved);
        let before = draws(&free);
        for model in [&fixed.model, &again.model] {
            assert_eq!(model.uncertain.len() + 1, free.uncertain.len());
            let after = draws(model);
            for uncertain in &model.uncertain {
                let path = &uncertain.path;
                assert!(
                    column(model, &after, path) == column(&free, &before, path),
                    "{path}"
                );
            }
        }
    }
}

/// Scenarios with different uncertain paths share the draws of those they have in common, once numbered together.
#[test]
fn compared_scenarios_share_their_draws() {
    let more = SCENARIO.replace(
        "capital_charge = 0.1",
        "capital_charge = { dist = \"uniform\", min = 0.05, max = 0.15 }",
    );
    for sampler in Sampler::ALL {
        let sampler = format!("simulation.sampler={}", sampler.name());
        let mut one = loaded(SCENARIO, &[&sampler]).model;
        let mut other = loaded(&more, &[&sampler]).model;
        let paths = dimension_paths([&one, &other]);
        one.number_dimensions(&paths);
        other.number_dimensions(&paths);
        let (first, second) = (draws(&one), draws(&other));
        for uncertain in &one.uncertain {
            let path = &uncertain.path;
            assert!(
                column(&one, &first, path) == column(&other, &second, path),
                "{path}"
            );
        }
    }
}

#[test]
fn sobol_points_that_leave_gaps_are_said() {
    let warnings = |sets: &[&str]| loaded(SCENARIO, sets).warnings;
    let sobol = "simulation.sampler=sobol";
    let found = warnings(&[sobol]);
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "200 trials leave gaps among Sobol' points"
    );
    assert!(found[0].labels[0].text.ends_with(": 256"));
    assert!(warnings(&[sobol, "simulation.trials=256"]).is_empty());
    assert!(warnings(&["simulation.sampler=antithetic"]).is_empty());
}

const DIMENSIONS: usize = 6;

/// Mean and standard error of a function of six uniforms over a design.
fn estimate(sampler: Sampler, seed: u64, trials: u64, f: impl Fn(&[f64]) -> f64) -> Stat {
    let names = ["a", "b", "c", "d", "e", "f"];
    let design = Design::new(sampler, seed, trials, names.into_iter().zip(0..));
    let mut streamed = Streamed::new(design.groups());
    let mut point = [0.0; DIMENSIONS];
    for trial in 0..trials {
        design.fill(trial, &mut point);
        streamed.push(f(&point));
    }
    streamed.stat(|_| Some(0.0)).expect("values")
}

/// Root of the mean square error over seeds.
fn error(sampler: Sampler, trials: u64, exact: f64, f: impl Fn(&[f64]) -> f64) -> f64 {
    const SEEDS: u64 = 40;
    let squares = (0..SEEDS).map(|seed| {
        let error = estimate(sampler, seed, trials, &f).mean - exact;
        error * error
    });
    (squares.sum::<f64>() / SEEDS as f64).sqrt()
}

/// A sum of functions of one variable each, of different shapes; its mean is 6/3 + 21/2.
fn additive(point: &[f64]) -> f64 {
    let terms = point.iter().zip(1..).map(|(u, k)| u * u + f64::from(k) * u);
    terms.sum()
}

/// Smooth, with interactions of every order: ∏ (1 + (u − ½)/k), of mean 1.
fn product(point: &[f64]) -> f64 {
    let factors = point
        .iter()
        .zip(1..)
        .map(|(u, k)| 1.0 + (u - 0.5) / f64::from(k));
    factors.product()
}

/// A share of worlds: a kinked, thresholded sum, as results of the model are. P(u_1 + u_2 < 0.8) = 0.32.
fn threshold(point: &[f64]) -> f64 {
    f64::from(u8::from(point[0] + point[1] < 0.8))
}

#[test]
fn designs_err_less_than_independent_trials() {
    let random = error(Sampler::Random, 1024, 12.5, additive);
    // 16 replicates of 64 points: each term of an additive function errs 64 times less, in the standard deviation.
    let latin = error(Sampler::LatinHypercube, 1024, 12.5, additive);
    assert!(latin < random / 30.0, "{latin} of {random}");
    // Only what is even about the middle is left.
    let antithetic = error(Sampler::Antithetic, 1024, 12.5, additive);
    assert!(antithetic < random / 10.0, "{antithetic} of {random}");
    let random = error(Sampler::Random, 1 << 12, 1.0, product);
    let sobol = error(Sampler::Sobol, 1 << 12, 1.0, product);
    assert!(sobol < random / 50.0, "{sobol} of {random}");
    let random = error(Sampler::Random, 1 << 12, 0.32, threshold);
    let sobol = error(Sampler::Sobol, 1 << 12, 0.32, threshold);
    assert!(sobol < random / 3.0, "{sobol} of {random}");
}

/// The interval of Student's t with as many degrees of freedom as the design has groups, less one, covers the mean in 95 of 100
/// runs: of 200, between 90% and 99% (three standard deviations are 4.6 points).
#[test]
fn standard_errors_are_honest() {
    type Case = (&'static str, f64, fn(&[f64]) -> f64);
    let cases: [Case; 3] = [
        ("additive", 12.5, additive),
        ("product", 1.0, product),
        ("threshold", 0.32, threshold),
    ];
    for sampler in Sampler::ALL {
        let point = match sampler {
            Sampler::Random | Sampler::Antithetic => 1.96,
            // 15 degrees of freedom.
            Sampler::LatinHypercube | Sampler::Sobol => 2.1314,
        };
        for (name, exact, f) in cases {
            let covered = (0..200).filter(|&seed| {
                let stat = estimate(sampler, 1000 + seed, 512, f);
                (stat.mean - exact).abs() <= point * stat.se.expect("several groups")
            });
            let covered = covered.count();
            assert!(
                (180..=198).contains(&covered),
                "{sampler:?} {name}: {covered} of 200"
            );
        }
    }
}
