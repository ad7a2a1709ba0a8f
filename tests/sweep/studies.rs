//! `threshold` and `theories`.

use super::{SCENARIO, json};
use crate::support::program::check;
use serde_json::Value;

fn solve(args: &[&str]) -> Value {
    json(&[&["threshold", SCENARIO, "--json"], args].concat())
}

#[test]
fn a_threshold_lies_where_the_run_has_the_level() {
    let found = solve(&[
        "-n",
        "80",
        "--solve",
        "hyperscaler.H.entry_cost",
        "--from",
        "0",
        "--to",
        "0.5",
        "--where",
        "bilateral.total.payoff = 1.2",
    ]);
    let solution = &found["solutions"][0];
    assert_eq!(solution["for"], "all");
    let status = solution["status"].as_str().expect("a status");
    let curve = solution["curve"].as_array().expect("a curve");
    let results = curve
        .iter()
        .map(|point| point["result"].as_f64().expect("a number") - 1.2);
    let signs: Vec<bool> = results.map(|result| result > 0.0).collect();
    let crossings = signs.windows(2).filter(|pair| pair[0] != pair[1]).count();
    let values = solution["values"].as_array().expect("crossings");
    assert_eq!(values.len(), crossings, "{solution}");
    assert_eq!(status == "none", crossings == 0);
    // The value of the curve at a point is that of a run with the assignment.
    let x = curve[4]["x"].as_f64().expect("a number");
    let set = format!("hyperscaler.H.entry_cost={x}");
    let run = json(&["run", SCENARIO, "-n", "80", "--json", "-S", &set]);
    let expected = run["arms"]["bilateral"]["totals"]["payoff"]["mean"].as_f64();
    let result = curve[4]["result"].as_f64().expect("a number");
    assert!((result - expected.expect("a number")).abs() < 1e-12);
}

#[test]
fn a_threshold_by_state_solves_each_on_shared_draws() {
    let question = "bilateral.total.payoff = 0.5";
    let args = [
        "-n",
        "40",
        "--solve",
        "market.contingent_share",
        "--where",
        question,
    ];
    let found = solve(&[&args[..], &["--by", "state", "--points", "4"]].concat());
    let solutions = found["solutions"].as_array().expect("solutions");
    let of: Vec<&Value> = solutions.iter().map(|one| &one["for"]).collect();
    assert_eq!(of, ["A", "B"]);
    assert_eq!(solutions[1]["where"], "bilateral.state.B.payoff = 0.5");
    let own = "state.*.talent";
    let args = [
        "-n",
        "20",
        "--solve",
        own,
        "--where",
        "bloc.state.*.payoff.difference = 0",
    ];
    let found = solve(&[&args[..], &["--by", "state", "--points", "3"]].concat());
    assert_eq!(found["solutions"].as_array().map(Vec::len), Some(2));
}

#[test]
fn thresholds_refuse_what_they_cannot_solve() {
    let cases: [(&[&str], &str); 5] = [
        (
            &[
                "--solve",
                "bargaining.solution",
                "--where",
                "bloc.total.payoff = 0",
            ],
            "no such number",
        ),
        (
            &["--solve", "state.A.gdp", "--where", "bloc.total.payoff = 0"],
            "--from and --to",
        ),
        (
            &[
                "--solve",
                "market.diversion",
                "--where",
                "bloc.total.payoff > 0",
            ],
            "RESULT = VALUE",
        ),
        (
            &[
                "--solve",
                "market.diversion",
                "--where",
                "bloc.total.payof = 0",
            ],
            "did you mean `payoff`?",
        ),
        (
            &[
                "--solve",
                "market.diversion",
                "--where",
                "bloc.total.payoff.se = 0",
            ],
            "standard error",
        ),
    ];
    for (more, message) in cases {
        let (_, err) = check(&[&["threshold", SCENARIO], more].concat(), 2);
        assert!(err.contains(message), "{more:?}: {err}");
    }
}

#[test]
fn every_theory_is_a_run_of_its_own() {
    let args = ["theories", SCENARIO, "-n", "30", "--json"];
    let found = json(&args);
    let theories = found["theories"].as_array().expect("theories");
    assert_eq!(theories.len(), 72);
    let chosen = |theory: &Value| {
        let values = &theory["values"];
        values["bargaining.solution"] == "egalitarian"
            && values["bargaining.transfers"] == true
            && values["bargaining.foresight"] == "drawn"
            && values["arm.bloc.turn"] == "last"
    };
    let theory = theories.iter().find(|one| chosen(one)).expect("one of all");
    let sets = [
        "bargaining.solution=egalitarian",
        "bargaining.transfers=true",
        "arm.bloc.turn=last",
    ];
    let sets = sets.iter().flat_map(|&set| ["-S", set]);
    let args: Vec<&str> = ["run", SCENARIO, "-n", "30", "--json"]
        .into_iter()
        .chain(sets)
        .collect();
    let run = json(&args);
    let mut comparisons = run["comparisons"].as_array().expect("a list").iter();
    let bloc = comparisons.find(|one| one["arm"] == "bloc" && one["reference"] == "bilateral");
    let expected = &bloc.expect("compared")["totals"]["payoff"]["difference"];
    assert_eq!(&theory["results"]["bloc.total.payoff.difference"], expected);
    let headline = &found["headlines"][0];
    let count = |key: &str| headline[key].as_u64().expect("a count");
    assert_eq!(count("above") + count("below") + count("open"), 72);
    let (text, _) = check(&["theories", SCENARIO, "-n", "30", "--arm", "framework"], 0);
    assert!(
        text.contains("of 24 theories") || text.contains("all 24 theories"),
        "{text}"
    );
    let (_, err) = check(&["theories", SCENARIO, "--arm", "bilateral"], 2);
    assert!(err.contains("both judged and compared with"), "{err}");
}

#[test]
fn one_world_has_a_threshold_without_an_interval() {
    let scenario = "two-states";
    let args = [
        "threshold",
        scenario,
        "--json",
        "--solve",
        "market.diversion",
    ];
    let question = [
        "--where",
        "bloc.total.payoff.difference = 0.25",
        "--points",
        "5",
    ];
    let found = json(&[&args[..], &question[..]].concat());
    let solution = &found["solutions"][0];
    assert_eq!(solution["status"], "one", "{solution}");
    assert!(solution["values"][0]["low"].is_null());
    let x = solution["values"][0]["value"].as_f64().expect("a number");
    let set = format!("market.diversion={x}");
    let run = json(&["run", scenario, "--json", "-S", &set]);
    let mut comparisons = run["comparisons"].as_array().expect("a list").iter();
    let bloc = comparisons.find(|one| one["arm"] == "bloc" && one["reference"] == "bilateral");
    let gain = bloc.expect("compared")["totals"]["payoff"]["difference"]["mean"].as_f64();
    assert!(
        (gain.expect("a number") - 0.25).abs() < 1e-3,
        "{gain:?} at {x}"
    );
}

#[test]
fn cells_have_the_standard_error_of_their_design() {
    for sampler in ["antithetic", "sobol"] {
        let sampler = format!("simulation.sampler={sampler}");
        let common = [SCENARIO, "-n", "128", "--json", "-S", &sampler];
        let vary = [
            "--vary",
            "bargaining.order=random",
            "--output",
            "bilateral.total.payoff",
        ];
        let sweep = json(&[&["sweep"], &common[..], &vary[..]].concat());
        let run = json(&[&["run"], &common[..]].concat());
        let expected = &run["arms"]["bilateral"]["totals"]["payoff"];
        assert_eq!(
            &sweep["cells"][0]["results"]["bilateral.total.payoff"],
            expected
        );
    }
}
