//! What is told from chance in so many rows, and how often chance is taken for more: on functions of which the answer is known.

use super::functions::*;
use crate::support::program::{check, check_in};
use mufakat::study::factors::{NoiseFloor, noise_floor};
use mufakat::theory::draws::rng::Stream;
use mufakat::theory::sensitivity::Bootstrap;
use mufakat::theory::sensitivity::given_data::evppi;
use mufakat::theory::sensitivity::independence::{
    FALSE_ALARMS, among_all, chance_alone, least_share, rows_for,
};
use mufakat::theory::sensitivity::moment_free::pawn;
use mufakat::theory::spelling::units::count;
use mufakat::theory::stats::special::normal_quantile;
use serde_json::Value;
use std::fs;

/// Uniforms, a column for each factor.
fn uniforms(seed: u64, columns: usize, rows: usize) -> Vec<Vec<f64>> {
    let stream = Stream::new(seed, "columns");
    let column = |k: usize| {
        let mut column = vec![0.0; rows];
        stream.fill(k as u64, &mut column);
        column
    };
    (0..columns).map(column).collect()
}

/// The output in each row, of the first `inputs` columns.
fn output(columns: &[Vec<f64>], inputs: usize, of: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let rows = 0..columns[0].len();
    rows.map(|k| {
        let point: Vec<f64> = columns[..inputs].iter().map(|column| column[k]).collect();
        of(&point)
    })
    .collect()
}

/// Which of the columns are told from chance.
fn told(columns: &[Vec<f64>], y: &[f64]) -> Vec<bool> {
    let each: Vec<Option<f64>> = columns.iter().map(|x| chance_alone(x, y)).collect();
    let all = among_all(&each);
    let is_told = |one: Option<f64>| one.is_some_and(|one| one < FALSE_ALARMS);
    all.into_iter().map(is_told).collect()
}

/// In how many of `studies` each of the columns is told, and in how many one of those past the first `inputs` is.
fn counted(
    studies: u64,
    size: (usize, usize),
    inputs: usize,
    of: impl Fn(&[f64]) -> f64,
) -> (Vec<u64>, u64) {
    let (columns, rows) = size;
    let (mut each, mut false_alarms) = (vec![0; columns], 0);
    for study in 0..studies {
        let x = uniforms(1000 + study, columns, rows);
        let told = told(&x, &output(&x, inputs, &of));
        for (count, is_told) in each.iter_mut().zip(&told) {
            *count += u64::from(*is_told);
        }
        false_alarms += u64::from(told[inputs..].contains(&true));
    }
    (each, false_alarms)
}

/// At most a twentieth of the studies and three standard errors more.
fn assert_few(alarms: u64, studies: u64) {
    let mean = FALSE_ALARMS * studies as f64;
    let most = mean + 3.0 * (mean * (1.0 - FALSE_ALARMS)).sqrt();
    assert!(
        alarms as f64 <= most,
        "{alarms} of {studies} studies name an inert factor, more than {most}"
    );
}

#[test]
fn inert_factors_are_named_in_one_study_of_twenty() {
    // Numbers, switches that are rarely on, kinds; results that are skewed, often zero, or yes and no.
    let shapes: [fn(f64) -> f64; 5] = [
        |u| u,
        |u| f64::from(u < 0.02),
        |u| f64::from(u < 0.5),
        |u| (3.0 * u).floor(),
        |u| (u - 0.9).max(0.0),
    ];
    let results: [fn(f64) -> f64; 4] = [
        |u| u,
        |u| normal_quantile(u).exp().powi(3),
        |u| (u - 0.8).max(0.0),
        |u| f64::from(u < 0.05),
    ];
    for (place, result) in results.iter().enumerate() {
        const STUDIES: u64 = 150;
        let mut alarms = 0;
        for study in 0..STUDIES {
            let mut columns = uniforms(1000 * place as u64 + study, 41, 200);
            let y: Vec<f64> = columns.pop().expect("41").into_iter().map(result).collect();
            for (k, column) in columns.iter_mut().enumerate() {
                let shape = shapes[k % shapes.len()];
                column.iter_mut().for_each(|u| *u = shape(*u));
            }
            alarms += u64::from(told(&columns, &y).contains(&true));
        }
        assert_few(alarms, STUDIES);
    }
    // As many as in the baseline: the tails are right far out.
    let (_, alarms) = counted(100, (323, 250), 0, |_| 0.0);
    assert_eq!(alarms, 0, "an output that does not vary has no driver");
    let mut alarms = 0;
    for study in 0..100 {
        let mut columns = uniforms(study, 323, 250);
        let y = columns.pop().expect("323");
        alarms += u64::from(told(&columns, &y).contains(&true));
    }
    assert_few(alarms, 100);
}

#[test]
fn factors_that_matter_are_named() {
    // Ishigami with 20 inert factors. The third has no share of the variance by itself: a regression never sees it, nor the second, which the result rises and
    // falls with.
    let (each, alarms) = counted(60, (23, 1000), 3, ishigami);
    assert_eq!(each[..3], [60, 60, 60]);
    assert_few(alarms, 60);
    let (each, _) = counted(60, (23, 500), 3, ishigami);
    assert!(each[0] == 60 && each[1] == 60 && each[2] >= 40, "{each:?}");
    // Bratley's function: indices 0.65, 0.16, 0.05, 0.01 and less.
    let (each, alarms) = counted(60, (23, 1000), 10, bratley);
    assert_eq!(each[..3], [60, 60, 60]);
    assert!(each[3] >= 15, "{each:?}");
    assert_few(alarms, 60);
    // Morris: the eighth to the tenth of twenty act by themselves, those past the tenth hardly.
    let (each, alarms) = counted(60, (23, 500), 20, morris);
    assert_eq!(each[7..10], [60, 60, 60]);
    assert!(each[6] >= 54, "{each:?}");
    assert_few(alarms, 60);
}

#[test]
fn the_number_of_rows_that_is_named_does() {
    // A normal result of which one of 322 factors explains a share: told in four studies of five at the number of rows that is said, by Holm's first step.
    for share in [0.05, 0.01] {
        let rows = rows_for(share, 322) as usize;
        assert!(least_share(rows as u64, 322) <= share);
        let told = |rows: usize, study: u64| {
            let columns = uniforms(study, 2, rows);
            let y = output(&columns, 2, |u| {
                share.sqrt() * normal_quantile(u[0]) + (1.0 - share).sqrt() * normal_quantile(u[1])
            });
            chance_alone(&columns[0], &y).is_some_and(|chance| 322.0 * chance < FALSE_ALARMS)
        };
        let studies = 200;
        let count = (0..studies).filter(|&study| told(rows, study)).count();
        assert!(
            count as u64 >= studies * 4 / 5,
            "{share}: {count} of {studies} at {rows}"
        );
        let count = (0..studies).filter(|&study| told(rows / 4, study)).count();
        assert!(
            (count as u64) < studies / 5,
            "{share}: {count} at a quarter"
        );
    }
}

#[test]
fn the_largest_inert_factor_stays_below_the_noise_floor() {
    const STUDIES: u64 = 80;
    const FACTORS: usize = 12;
    let stream = Stream::new(5, "resamples");
    let bootstrap = Bootstrap {
        resamples: 2,
        level: 0.95,
        stream: &stream,
    };
    let pawn_of = |x: &[f64], y: &[f64]| pawn(x, y, &bootstrap).expect("varies").median.value;
    let worth_of = |x: &[f64], y: &[f64]| {
        let zeros = vec![0.0; y.len()];
        let worth = evppi(x, &[&zeros, y], &bootstrap).expect("finite");
        worth.value
    };
    // A gain that is uneven, and of which the sign is in doubt.
    let gain = |u: f64| normal_quantile(u).exp() - 1.4;
    for estimate in [&pawn_of as &dyn Fn(&[f64], &[f64]) -> f64, &worth_of] {
        let mut alarms = 0;
        for study in 0..STUDIES {
            let mut columns = uniforms(study, FACTORS + NoiseFloor::DUMMIES + 1, 120);
            let y = columns.pop().expect("one more").into_iter().map(gain);
            let y: Vec<f64> = y.collect();
            let found: Vec<f64> = columns.iter().map(|x| estimate(x, &y)).collect();
            let (factors, dummies) = found.split_at(FACTORS);
            let floor = noise_floor(dummies, FACTORS).expect("many dummies").high;
            alarms += u64::from(factors.iter().any(|&one| one > floor));
        }
        assert_few(alarms, STUDIES);
    }
}

const TOTAL: &str = "bloc.total.payoff.difference";

/// What `sensitivity` says of the baseline in 500 worlds, and its document.
fn baseline(method: &[&str]) -> (String, Value) {
    let args = ["sensitivity", "asean-2027", "-n", "500", "--seed", "11"];
    let factors = ["--factors", "market.*", "--factors", "dynamics.*"];
    let args = [&args[..], &factors, &["--output", TOTAL, "-q"], method].concat();
    let (text, _) = check(&args, 0);
    let (json, _) = check(&[&args[..], &["--json"]].concat(), 0);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (text, serde_json::from_str(&json).expect("JSON"))
}

#[test]
fn the_baseline_names_its_drivers_without_a_method() {
    let (text, json) = baseline(&[]);
    // In 20,000 worlds 13%, 9%, 6%, 5% and 5% of the variance; the next has 2%.
    for name in [
        "market.contingent_share",
        "dynamics.lock_in",
        "dynamics.repricing",
        "market.outside_efficiency",
        "market.coverage_rate",
    ] {
        let chance = &json["outputs"][TOTAL]["factors"][name]["chance"];
        assert!(
            chance.as_f64().is_some_and(|p| p < FALSE_ALARMS),
            "{name}: {chance}"
        );
    }
    assert_eq!(
        (&json["method"], &json["chosen"]),
        (&"delta".into(), &true.into())
    );
    let factors = json["factors"].as_object().expect("a map").len();
    let told = &json["resolution"];
    let share = told["share"].as_f64().expect("a share");
    assert!((share - least_share(500, factors)).abs() < 1e-12, "{share}");
    let more = format!("{} worlds tell one of 1%", count(rows_for(0.01, factors)));
    for said in [
        "`bloc.total.payoff.difference` depends most on `",
        "No method was named: delta looks at the whole distribution",
        "delta and S1, the share of the variance, agree",
        &more,
    ] {
        assert!(text.contains(said), "no `{said}` in {text}");
    }
    // The same by name, but that it was not chosen.
    let (text, by_name) = baseline(&["--method", "delta"]);
    assert!(!text.contains("No method was named") && by_name["chosen"].is_null());
    assert_eq!(json["outputs"], by_name["outputs"]);
    assert_ne!(json["manifest"]["study"], by_name["manifest"]["study"]);
}

#[test]
fn a_plan_without_a_method_has_the_bytes_of_one_machine_and_can_be_replayed() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let asked = ["sensitivity", "asean-2027", "-n", "70", "-q"];
    let asked = [&asked[..], &["--factors", "market.d*", "--output", TOTAL]].concat();
    let run = |args: &[&str]| check_in(here.path(), args, 0).0;
    run(&[&asked[..], &["-o", "direct"]].concat());
    run(&[&["plan"], &asked[..], &["-o", "plan"]].concat());
    run(&["resume", "plan", "-q"]);
    run(&["merge", "plan", "-o", "merged", "-q"]);
    for file in ["results.json", "cells.csv"] {
        let read = |directory: &str| {
            let path = here.path().join(directory).join(file);
            fs::read(path).expect("it was written")
        };
        assert!(read("direct") == read("merged"), "{file}");
    }
    let said = run(&["replay", "direct"]);
    assert!(
        said.contains("all 70 worlds again, every byte of"),
        "{said}"
    );
}
