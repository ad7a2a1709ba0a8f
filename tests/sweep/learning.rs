//! `sensitivity` and `discover`: from scenarios and from finished runs, against what must come out.

use super::{SCENARIO, json};
use crate::support::program::check;
use serde_json::Value;
use std::path::Path;

fn value(found: &Value, output: &str, factor: &str, measure: &str) -> f64 {
    let one = &found["outputs"][output]["factors"][factor][measure]["value"];
    one.as_f64()
        .unwrap_or_else(|| panic!("{output} {factor} {measure}: {found}"))
}

const OUTPUT: &str = "bilateral.total.payoff";

#[test]
fn shares_of_variance_agree_between_methods() {
    let common = ["sensitivity", SCENARIO, "--output", OUTPUT, "--json"];
    let factors = [
        "--factors",
        "state.A.gdp",
        "--factors",
        "market.contingent_share",
    ];
    let with = |more: &[&str]| json(&[&common[..], &factors[..], more].concat());
    let sobol = with(&["--method", "sobol", "-n", "512"]);
    let shapley = with(&["--method", "shapley", "-n", "512"]);
    let (gdp, share) = ("state.A.gdp", "market.contingent_share");
    let first = |factor| value(&sobol, OUTPUT, factor, "S1");
    let total = |factor| value(&sobol, OUTPUT, factor, "ST");
    let fair = |factor| value(&shapley, OUTPUT, factor, "shapley");
    for factor in [gdp, share] {
        assert!(total(factor) > first(factor) - 0.03, "{sobol}");
        assert!(fair(factor) > first(factor) - 0.05 && fair(factor) < total(factor) + 0.05);
    }
    assert!((fair(gdp) + fair(share) - 1.0).abs() < 1e-9, "{shapley}");
    assert!(first(share) > 0.5 && first(gdp) > 0.05, "{sobol}");
    let group = ["--group", "both=*a*", "--method", "sobol", "-n", "1024"];
    let grouped = json(&[&common[..], &group[..]].concat());
    // All that matters is in the group, up to noise and quantities without an a in their path.
    assert!(value(&grouped, OUTPUT, "both", "ST") > 0.9, "{grouped}");
}

#[test]
fn a_tornado_and_a_screening_point_the_same_way() {
    let common = [
        "sensitivity",
        SCENARIO,
        "--output",
        OUTPUT,
        "--json",
        "--factors",
        "*",
    ];
    let with = |more: &[&str]| json(&[&common[..], more].concat());
    let tornado = with(&["--method", "tornado", "-n", "20"]);
    let morris = with(&["--method", "morris", "--trajectories", "12"]);
    for factor in ["market.contingent_share", "state.A.gdp"] {
        let swing = value(&tornado, OUTPUT, factor, "swing");
        let mu = value(&morris, OUTPUT, factor, "mu");
        assert!(swing > 0.0 && mu > 0.0, "{factor}: {swing} {mu}");
        assert!(value(&morris, OUTPUT, factor, "mu_star") >= mu - 1e-12);
    }
    let at_medians = with(&["--method", "tornado", "--at-medians"]);
    assert_eq!(
        at_medians["worlds"],
        2 * at_medians["factors"].as_object().expect("a map").len()
    );
}

#[test]
fn a_finished_run_gives_what_its_scenario_gives() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let at = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let (csv, parquet) = (at("csv"), at("parquet"));
    let run = ["run", SCENARIO, "-n", "200", "-q", "-o"];
    check(&[&run[..], &[&csv]].concat(), 0);
    if cfg!(feature = "parquet") {
        check(&[&run[..], &[&parquet, "--format", "parquet"]].concat(), 0);
    }
    let condition = "bloc.state.A.payoff.difference < 0.02 or bilateral.hyperscaler.H.profit < 0.5";
    let questions: [&[&str]; 3] = [
        &["sensitivity", "--method", "delta"],
        &[
            "sensitivity",
            "--method",
            "evppi",
            "--output",
            "bloc.total.payoff.difference",
        ],
        &["discover", "--when", condition],
    ];
    for question in questions {
        let (first, rest) = (question[0], &question[1..]);
        let of =
            |source: &str, more: &[&str]| json(&[&[first, source, "--json"], rest, more].concat());
        let mut found = vec![of(SCENARIO, &["-n", "200"]), of(&csv, &[])];
        if cfg!(feature = "parquet") {
            found.push(of(&parquet, &[]));
        }
        // What was laid over the scenario is part of a run's scenario.
        for one in &mut found {
            one["manifest"]["overrides"] = Value::Null;
            one["manifest"]["scenario_sha256"] = Value::Null;
        }
        for other in &found[1..] {
            assert_eq!(&found[0], other, "{question:?}");
        }
    }
    let trials = Path::new(&csv).join("trials.csv");
    let text = std::fs::read_to_string(&trials).expect("a table");
    let cut = text.lines().take(300).collect::<Vec<_>>().join("\n");
    std::fs::write(&trials, cut).expect("writable");
    let (_, err) = check(&["discover", &csv, "--when", condition], 4);
    assert!(err.contains("of 200 worlds"), "{err}");
    let (_, err) = check(&["sensitivity", &csv, "--method", "sobol"], 2);
    assert!(err.contains("give the scenario"), "{err}");
    let (_, err) = check(&["discover", &csv, "--when", condition, "-n", "5"], 4);
    assert!(err.contains("cannot be changed"), "{err}");
}

#[test]
fn a_box_names_what_makes_the_condition_true() {
    let args = ["discover", SCENARIO, "-n", "600", "--json"];
    let condition = [
        "--when",
        "bilateral.total.payoff > 1.3",
        "--restrictions",
        "2",
    ];
    let found = json(&[&args[..], &condition[..]].concat());
    let first = &found["boxes"][0];
    let (coverage, density) = (first["coverage"].as_f64(), first["density"].as_f64());
    let share = found["share"].as_f64().expect("a share");
    assert!(share > 0.02 && share < 0.98, "{share}");
    assert!(
        density.expect("a density") > 1.2 * share.min(0.5),
        "{found}"
    );
    assert!(coverage.expect("a coverage") > 0.2, "{found}");
    let limits = first["limits"].as_object().expect("limits");
    assert!(!limits.is_empty() && limits.len() <= 2, "{first}");
    for (path, qp) in first["qp"].as_object().expect("quasi-p-values") {
        let qp = qp.as_f64().expect("a number");
        assert!(
            (0.0..=1.0).contains(&qp) && limits.contains_key(path),
            "{path}"
        );
    }
    let (text, _) = check(&[&args[..4], &condition[..], &["--robustness"]].concat(), 0);
    assert!(
        text.contains("of its worlds") && text.contains("mean regret"),
        "{text}"
    );
}

#[test]
fn questions_that_have_no_answer() {
    let sensitivity = |more: &[&'static str]| [&["sensitivity", SCENARIO], more].concat();
    let discover = |more: &[&'static str]| [&["discover", SCENARIO, "-n", "20"], more].concat();
    let cases = [
        (
            sensitivity(&["--method", "sobol", "--factors", "no.*"]),
            "no uncertain quantity matches",
        ),
        (
            sensitivity(&["--method", "delta", "--group", "all=*"]),
            "single quantities",
        ),
        (
            sensitivity(&["--method", "sobol", "--group", "all"]),
            "NAME=GLOB",
        ),
        (
            sensitivity(&[
                "--method",
                "sobol",
                "--group",
                "a=*",
                "--group",
                "b=state.*",
            ]),
            "another group",
        ),
        (
            sensitivity(&["--method", "evppi", "--output", OUTPUT]),
            "differences",
        ),
        (
            sensitivity(&["--method", "pawn", "--output", "bloc.total.payoff.p05"]),
            "leave out the statistic",
        ),
        (
            sensitivity(&["--method", "delta", "--output", OUTPUT, "--output", OUTPUT]),
            "asked for twice",
        ),
        (
            sensitivity(&["--method", "sobol", "-n", "600000", "--factors", "market.*"]),
            "a Sobol' sequence has 65536 points",
        ),
        (
            sensitivity(&["--method", "delta", "--second-order"]),
            "does not use --second-order",
        ),
        (
            sensitivity(&["--method", "sobol", "--trajectories", "9"]),
            "does not use --trajectories",
        ),
        (
            sensitivity(&["--method", "morris", "-n", "9"]),
            "use --trajectories N instead",
        ),
        (
            discover(&["--when", "bloc.total.payof > 0"]),
            "did you mean `payoff`?",
        ),
        (
            discover(&["--when", "bloc.total.payoff > -1e9"]),
            "nothing to tell apart",
        ),
        (
            discover(&["--when", "bloc.total.payoff > 3", "--density", "2"]),
            "a share above 0 and up to 1",
        ),
    ];
    for (args, message) in cases {
        let (_, err) = check(&args, 2);
        assert!(err.contains(message), "{args:?}: {err}");
    }
}
