//! Statements of the public debate, as the README's table reports them: the sign of each, in few worlds.

use crate::support::program::check;
use serde_json::Value;

/// Enough for the sign of every mean below: each lies more than three standard errors from zero.
const WORLDS: &str = "40";

fn json(args: &[&str]) -> Value {
    let args = [args, &["-n", WORLDS, "--json", "--quiet"]].concat();
    serde_json::from_str(&check(&args, 0).0).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

/// Mean paired difference of a total between two arms of a run.
fn difference(run: &Value, arm: &str, reference: &str, metric: &str) -> f64 {
    let pairs = run["comparisons"].as_array().expect("a list");
    let pair = pairs
        .iter()
        .find(|pair| pair["arm"] == arm && pair["reference"] == reference);
    let pair = pair.unwrap_or_else(|| panic!("no {arm} against {reference}"));
    number(&pair["totals"][metric]["difference"]["mean"])
}

/// Means of a result over the cells of a sweep, in order.
fn cells(sweep: &Value, result: &str) -> Vec<f64> {
    let cells = sweep["cells"].as_array().expect("cells").iter();
    cells
        .map(|cell| number(&cell["results"][result]["mean"]))
        .collect()
}

/// Compliance cost of all hyperscalers in an arm.
fn compliance(run: &Value, arm: &str) -> f64 {
    let all = run["arms"][arm]["hyperscalers"].as_object().expect("a map");
    all.values()
        .map(|one| number(&one["compliance_cost"]["mean"]))
        .sum()
}

/// A voluntary guide brings something, a binding framework much more; deals signed alone take margin off the table, and yet leverage
/// grows from window to window and payoffs per head converge; one standard costs hyperscalers less than ten.
#[test]
fn the_baseline() {
    let run = json(&["run", "asean-2027"]);
    let guide = difference(&run, "guide", "bilateral", "payoff");
    let more = difference(&run, "framework", "guide", "payoff");
    assert!(guide > 0.0 && more > 10.0 * guide, "{guide} {more}");

    let alone = &run["arms"]["bilateral"];
    let erosion = alone["erosion"].as_array().expect("a list");
    let at_risk = |hosts: usize| number(&erosion[hosts]["pressure"]["mean"]);
    assert!(at_risk(5) < at_risk(0), "{} {}", at_risk(5), at_risk(0));

    let windows = alone["windows"].as_array().expect("a list");
    let (first, last) = (&windows[0], windows.last().expect("a window"));
    for state in ["ID", "MY", "PH", "SG", "TH", "VN"] {
        let leverage = |window: &Value| number(&window["leverage"][state]["mean"]);
        assert!(leverage(last) > leverage(first), "{state}");
    }
    let gini = |window: &Value| number(&window["gini"]["mean"]);
    assert!(gini(last) < gini(first));

    let states = alone["states"].as_object().expect("a map");
    let investment = |id: &str| number(&states[id]["investment"]["mean"]);
    assert!(states.keys().all(|id| investment(id) <= investment("SG")));

    assert!(compliance(&run, "framework") < 0.9 * compliance(&run, "bilateral"));
}

#[test]
fn waiting_costs_windows() {
    let run = json(&["run", "leverage-lost", "-S", "arm.*.interim=1"]);
    let steps = ["held-2030", "held-2033", "held-2036"]
        .map(|arm| difference(&run, arm, "held-2027", "payoff"));
    assert!(
        steps[2] < steps[1] && steps[1] < steps[0] && steps[0] < 0.0,
        "{steps:?}"
    );
    // What is lost for good shows in the last window, where all blocs sit at the table; it is small beside the windows that passed.
    let last = |arm: &str| {
        let window = &run["arms"][arm]["windows"][3]["payoff"];
        let states = window.as_object().expect("a map").values();
        states.map(|one| number(&one["mean"])).sum::<f64>()
    };
    let lost = last("held-2027") - last("held-2036");
    assert!(lost > 0.0 && lost < 0.02 * last("held-2027"), "{lost}");
}

#[test]
fn data_arrangements_need_a_table() {
    let run = json(&["run", "adgmin"]);
    assert!(difference(&run, "testing", "bilateral", "payoff") > 0.0);
    assert!(difference(&run, "data", "bilateral", "payoff") < 0.0);
    assert!(difference(&run, "testing-and-data", "testing", "payoff") < 0.0);
    assert!(difference(&run, "data-table", "data", "payoff") > 0.0);
    let pairs = run["comparisons"].as_array().expect("a list");
    let pair = pairs
        .iter()
        .find(|pair| pair["arm"] == "data" && pair["reference"] == "bilateral");
    let terms = &pair.expect("a pair")["states"]["ID"]["concessions"];
    assert!(number(&terms["worse"]) > number(&terms["better"]));
}

#[test]
fn terms_get_worse_as_windows_pass_while_the_share_of_gains_rises() {
    let results = [
        "bilateral.state.ID.concessions",
        "framework.state.ID.concessions",
        "bilateral.total.leverage",
        "bilateral.total.herfindahl",
        "bilateral.total.gini",
    ];
    let mut args = vec!["sweep", "asean-2027", "--vary", "horizon.windows=1,4"];
    args.extend(results.iter().flat_map(|&result| ["--output", result]));
    let sweep = json(&args);
    let of = |result: usize| cells(&sweep, results[result]);
    let (alone, rules, leverage) = (of(0), of(1), of(2));
    assert!(
        alone[1] < rules[1] && rules[1] < alone[0],
        "{alone:?} {rules:?}"
    );
    assert!(leverage[1] > leverage[0], "{leverage:?}");
    // Neither concentration nor divergence grows.
    let falls = |result: usize| of(result)[1] < of(result)[0];
    assert!(falls(3) && falls(4));
}

#[test]
fn refusing_suppliers_costs_and_recourse_pays() {
    let run = json(&["run", "tender"]);
    assert!(difference(&run, "tender-3", "ten", "payoff") < 0.0);
    let run = json(&["run", "hold-up"]);
    let recourse = difference(&run, "recourse", "bilateral", "payoff");
    assert!(recourse > 0.0 && recourse > difference(&run, "price-floor", "bilateral", "payoff"));
}

#[test]
fn own_compute_improves_terms_and_shrinks_what_is_shared() {
    let results = [
        "bilateral.state.ID.concessions",
        "bilateral.state.VN.concessions",
        "bilateral.total.leverage",
    ];
    let vary = "state.*.compute=0,0.1,0.3,0.6";
    let mut args = vec!["sweep", "asean-2027", "--vary", vary];
    args.extend(results.iter().flat_map(|&result| ["--output", result]));
    let sweep = json(&args);
    for (result, sign) in results.into_iter().zip([1.0, 1.0, -1.0]) {
        let cells = cells(&sweep, result);
        let rises = cells
            .windows(2)
            .all(|pair| sign * (pair[1] - pair[0]) > 0.0);
        assert!(rises, "{result}: {cells:?}");
    }
}

#[test]
fn skills_and_infrastructure_need_each_other() {
    let output = "bilateral.total.payoff";
    let sweep = json(&["sweep", "skills-first", "--output", output]);
    let cells = cells(&sweep, output);
    let [neither, infrastructure, skills, both] = cells[..] else {
        panic!("{cells:?}");
    };
    assert!(skills > neither && infrastructure > neither);
    assert!(both - neither > (skills - neither) + (infrastructure - neither));
    let neither = [
        "-S",
        "event.skills.probability=0",
        "-S",
        "event.infrastructure.probability=0",
    ];
    let run = json(&[&["run", "skills-first"], &neither[..]].concat());
    assert!(difference(&run, "training", "no-training", "payoff") > 0.0);
}

#[test]
fn ten_laws_cost_more_than_one() {
    let run = json(&["run", "eu-style-act"]);
    assert!(compliance(&run, "act") < 0.9 * compliance(&run, "patchwork"));
    assert!(difference(&run, "act", "patchwork", "payoff") > 0.0);
    assert!(difference(&run, "act", "guide", "profit") < 0.0);
}
