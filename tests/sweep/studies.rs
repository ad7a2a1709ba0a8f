//! `threshold` and `theories`.

use super::{SCENARIO, json};
use crate::support::program::{check, check_in};
use serde_json::Value;
use std::fs;

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

/// In few worlds what an event does to a mean moves in steps: up to the first it is what it is without the event, and that is said as a stretch.
#[test]
fn a_stretch_on_the_level_is_said_from_end_to_end() {
    let probability = "event.export controls.probability";
    let payoff = |p: f64| {
        let set = format!("{probability}={p}");
        let run = json(&["run", SCENARIO, "-n", "3", "--json", "-S", &set]);
        let mean = &run["arms"]["bilateral"]["totals"]["payoff"]["mean"];
        mean.as_f64().expect("a number")
    };
    let without = payoff(0.0);
    let question = format!("bilateral.total.payoff = {without}");
    let args = ["-n", "3", "--solve", probability, "--where", &question];
    let found = solve(&args);
    let solution = &found["solutions"][0];
    let stretches = solution["on_level"].as_array().expect("a stretch");
    assert_eq!(
        (stretches.len(), &stretches[0]["from"]),
        (1, &Value::from(0.0))
    );
    let last = stretches[0]["to"].as_f64().expect("a number");
    assert!((payoff(last) - without).abs() < 1e-9, "{last}");
    // To a ten-thousandth of the range.
    assert!((payoff(last + 1.5e-4) - without).abs() > 1e-6, "{last}");
    let (text, _) = check(&[&["threshold", SCENARIO, "-q"], &args[..]].concat(), 0);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = format!("{last:.3}");
    assert!(
        text.contains(&format!(" = 0 to {end} (on it throughout), ")),
        "{text}"
    );
    assert!(
        text.contains(&format!("it is on it from 0 to {end} and ")),
        "{text}"
    );
}

/// What lies over both leaves nothing to compare, which is said with commands that do compare.
#[test]
fn a_scenario_is_not_compared_with_itself_unsaid() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let (name, set) = ("my scenario.toml", "market.diversion=0.5");
    fs::copy(SCENARIO, here.path().join(name)).expect("readable");
    let args = ["compare", name, name, "-n", "20", "-S", set];
    let (_, said) = check_in(here.path(), &args, 0);
    let warning =
        "warning: my scenario is compared with itself: my scenario-2 is the same scenario";
    assert!(said.contains(warning), "{said}");
    let commands: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    assert_eq!(
        commands,
        [
            "mufakat show 'my scenario.toml' -S market.diversion=0.5 > changed.toml",
            "mufakat compare 'my scenario.toml' changed.toml"
        ]
    );
    let (shown, _) = check_in(here.path(), &["show", name, "-S", set], 0);
    fs::write(here.path().join("changed.toml"), shown).expect("writable");
    let args = ["compare", name, "changed.toml", "-n", "20"];
    let (out, said) = check_in(here.path(), &args, 0);
    assert!(!said.contains("itself"), "{said}");
    assert!(out.contains("changed"), "{out}");
    let (_, said) = check_in(here.path(), &["compare", name, name, "-n", "20"], 0);
    assert!(
        said.contains(warning) && !said.contains("changed.toml"),
        "{said}"
    );
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
fn a_theory_changes_one_thing_of_the_scenario() {
    let found = json(&["theories", SCENARIO, "-n", "30", "--json"]);
    let theories = found["theories"].as_array().expect("theories");
    let of = |path: &str, value: Value| {
        let mut theories = theories.iter();
        let found = theories.find(|one| one["path"] == path && one["value"] == value);
        found.unwrap_or_else(|| panic!("{path} = {value}"))
    };
    assert!(
        theories[0]["path"].is_null(),
        "the first is the scenario's own"
    );
    for (theory, sets) in [
        (&theories[0], vec![]),
        (
            of("bargaining.solution", "egalitarian".into()),
            vec!["bargaining.solution=egalitarian"],
        ),
        (
            of("bargaining.foresight", 0.0.into()),
            vec!["bargaining.foresight=0"],
        ),
        (
            of("bargaining.others", "random-order".into()),
            vec!["bargaining.others=random-order"],
        ),
        (of("arm.*.turn", "last".into()), vec!["arm.bloc.turn=last"]),
        (
            of("arm.*.join", "goodwill".into()),
            vec!["arm.bloc.join=goodwill"],
        ),
        (of("arm.*.join", 1.0.into()), vec!["arm.bloc.join=1"]),
        (of("state.*.hub", 1.0.into()), vec!["state.*.hub=1"]),
        (of("market.peers", 0.2.into()), vec!["market.peers=0.2"]),
    ] {
        let sets = sets.iter().flat_map(|&set| ["-S", set]);
        let args = ["run", SCENARIO, "-n", "30", "--json"].into_iter();
        let run = json(&args.chain(sets).collect::<Vec<&str>>());
        let mut comparisons = run["comparisons"].as_array().expect("a list").iter();
        let bloc = comparisons.find(|one| one["arm"] == "bloc" && one["reference"] == "bilateral");
        let expected = &bloc.expect("compared")["totals"]["payoff"];
        let gain = &theory["arms"]["bloc"]["total"];
        for key in ["difference", "better", "same", "worse"] {
            assert_eq!(gain[key], expected[key], "{}: {key}", theory["name"]);
        }
    }
    // A turn is a bloc's alone; every arm with an accord is judged.
    let turn = of("arm.*.turn", "first".into());
    assert!(turn["arms"]["framework"].is_null() && !theories[0]["arms"]["framework"].is_null());
    assert!(theories[0]["arms"]["bilateral"].is_null());
    let least = &found["headlines"]["bloc"]["total"]["least"];
    let theory = least["theory"].as_u64().expect("a theory") as usize;
    assert_eq!(
        theories[theory]["arms"]["bloc"]["total"]["better"],
        least["better"]
    );
    let (text, _) = check(&["theories", SCENARIO, "-n", "30", "--arm", "framework"], 0);
    assert!(
        text.contains("of 30 worlds") && !text.contains("`bloc`"),
        "{text}"
    );
    let (_, err) = check(&["theories", SCENARIO, "--arm", "bilateral"], 2);
    assert!(err.contains("both judged and compared with"), "{err}");
}

#[test]
fn a_theory_that_cannot_be_played_says_why() {
    let many: String = (0..14)
        .map(|k| format!("\n[[state]]\nid = \"S{k}\"\n{STATE}"))
        .collect();
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("many.toml");
    fs::write(&file, format!("{MANY}{many}")).expect("written");
    let file = file.to_str().expect("UTF-8");
    let found = json(&["theories", file, "-n", "1", "--json"]);
    let theories = found["theories"].as_array().expect("theories");
    let mut failed = theories.iter().filter(|one| one["status"] == "failed");
    let failed = failed.next().expect("random order of fourteen states");
    assert_eq!(failed["value"], "random-order");
    assert!(
        failed["reason"]
            .as_str()
            .is_some_and(|why| why.contains("13 other parties")),
        "{failed}"
    );
    assert_eq!(
        theories
            .iter()
            .filter(|one| one["status"] == "failed")
            .count(),
        1
    );
    let cash = theories
        .iter()
        .find(|one| one["path"] == "bargaining.transfers");
    assert_eq!(
        cash.expect("with cash")["besides"][0],
        "arm.framework.most_favoured=0"
    );
    let (text, _) = check(&["theories", file, "-n", "1"], 0);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in ["cannot be played", "there is no most-favoured clause"] {
        assert!(text.contains(said), "{text}");
    }
}

/// Fourteen equal states under a framework with a most-favoured clause.
const MANY: &str = r#"
schema = 1
[horizon]
start_year = 2027
windows = 1
window_years = 5
[market]
region_efficiency = 0.6
outside_efficiency = 0.1
capex_intensity = 0.3
capital_charge = 0.1
coverage_rate = 4
contingent_share = 0.5
talent_elasticity = 0.5
ramp_years = 10
[bargaining]
foresight = 1
[[hyperscaler]]
id = "H"
market_share = 0.5
operating_margin = 0.3
discount_rate = 0.1
[[term]]
id = "skills"
state_value = 0.2
cost = 0.1
cost_curvature = 0.2
[[arm]]
name = "bilateral"
mode = "bilateral"
[[arm]]
name = "framework"
mode = "framework"
join = 1
most_favoured = 0.5
"#;

/// What each of them has.
const STATE: &str = "\
gdp = 100
digital_gmv = 10
ai_spend_share = 0.05
ai_uplift = 0.01
talent = 0.5
infrastructure = 0.5
compute = 0.1
bargaining_power = 0.5
discount_rate = 0.05
";

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
