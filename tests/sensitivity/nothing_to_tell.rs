//! Results of which no method can tell a driver: they differ by rounding alone, or in too few worlds.

use crate::support::program::check_in;
use serde_json::Value;
use std::fs;

/// The shares of two states in what is invested are 2/3 and 1/3 in every world, but for the last digit: 5/9.
const CONSTANT: &str = r#"
extends = "two-states"
[market]
capex_intensity = { dist = "uniform", min = 0.01, max = 0.6 }
capital_charge = { dist = "uniform", min = 0.03, max = 0.05 }
[[state]]
id = "L"
gdp = { dist = "uniform", min = 900, max = 1100 }
"#;

#[test]
fn what_differs_by_rounding_alone_has_no_driver() {
    let here = tempfile::tempdir().expect("a temporary directory");
    fs::write(here.path().join("constant.toml"), CONSTANT).expect("it is writable");
    let output = ["--output", "bilateral.total.herfindahl", "-q"];
    for method in ["pawn", "delta", "sobol", "shapley", "tornado", "morris"] {
        let worlds = match method {
            "morris" => &[][..],
            _ => &["-n", "256"],
        };
        let args = ["sensitivity", "constant.toml", "--method", method];
        let (out, _) = check_in(here.path(), &[&args[..], worlds, &output].concat(), 0);
        let said = "`bilateral.total.herfindahl` does not vary, or some world lacks it: nothing to attribute.";
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(out.starts_with(said), "{method}: {out}");
    }
}

/// What happens in one world of 25 has a bar all the same.
#[test]
fn a_tornado_sees_what_happens_in_few_worlds() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let rare =
        "extends = 'two-states'\n[market]\noutside_efficiency = { dist = 'bernoulli', p = 0.04 }\n";
    fs::write(here.path().join("rare.toml"), rare).expect("it is writable");
    let args = ["sensitivity", "rare.toml", "--method", "tornado", "-q"];
    for at in [&["-n", "64"][..], &["--at-medians"]] {
        let output = ["--output", "bilateral.total.payoff"];
        let (out, _) = check_in(here.path(), &[&args[..], at, &output].concat(), 0);
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = "`bilateral.total.payoff` depends most on `market.outside_efficiency`";
        assert!(out.starts_with(said), "{out}");
        let meaning = "or at its first and its last value where both points are the same";
        assert!(out.contains(meaning), "{out}");
    }
}

/// Where something happens in so few worlds that most replicates of a design never see it, those that do agree that it did, and on no share.
#[test]
fn a_design_that_varies_in_few_replicates_is_too_small() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let rare = "extends = 'two-states'\n[market]\noutside_efficiency = { dist = 'bernoulli', p = 0.002 }\n";
    fs::write(here.path().join("rare.toml"), rare).expect("it is writable");
    for method in ["sobol", "shapley"] {
        let of = |more: &[&str]| {
            let args = ["sensitivity", "rare.toml", "--method", method, "-q"];
            let output = ["--output", "bilateral.total.payoff", "-n", "512"];
            check_in(here.path(), &[&args[..], &output, more].concat(), 0).0
        };
        let results: Value = serde_json::from_str(&of(&["--json"])).expect("JSON");
        let output = &results["outputs"]["bilateral.total.payoff"];
        let number = |name: &str| output["too_few"][name].as_u64().expect("a number");
        let (varying, enough) = (number("varying"), number("enough"));
        assert!(
            (1..4).contains(&varying) && number("replicates") == 8,
            "{output}"
        );
        assert!(enough > 512 && enough.is_power_of_two(), "{output}");
        assert_eq!(output["factors"], serde_json::json!({}), "{method}");
        let out = of(&[]);
        let out = out.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = format!(
            "are too few for {method} to tell what moves `bilateral.total.payoff`: it is moved in {varying} of 8 replicates of the design alone; about -n"
        );
        assert!(out.contains(&said), "{out}");
        assert!(
            !out.contains("Factors of") && !out.contains("depends most"),
            "{out}"
        );
    }
}

/// What is never chosen otherwise is worth nothing, of a group too, with no interval below that.
#[test]
fn no_value_of_knowing_a_group_is_below_nothing() {
    let here = tempfile::tempdir().expect("a temporary directory");
    fs::write(here.path().join("event.toml"), EVENT).expect("it is writable");
    let open = include_str!("../support/uncertain.toml");
    fs::write(here.path().join("open.toml"), open).expect("it is writable");
    for (scenario, of, groups, is_open) in [
        (
            "event.toml",
            "bloc.total.payoff.difference",
            ["L=state.L.*", "S=state.S.*"],
            false,
        ),
        (
            "open.toml",
            "bloc.state.A.payoff.difference",
            ["S=state.*", "M=market.*"],
            true,
        ),
    ] {
        let args = ["sensitivity", scenario, "--method", "evppi", "-q"];
        let groups = groups.map(|group| ["--group", group]).concat();
        let asked = ["--output", of, "-n", "200", "--seed", "1", "--json"];
        let (out, _) = check_in(here.path(), &[&args[..], &groups, &asked].concat(), 0);
        let results: Value = serde_json::from_str(&out).expect("JSON");
        let output = &results["outputs"][of];
        let all = output["evpi"]["value"].as_f64().expect("a number");
        assert_eq!(all > 0.0, is_open, "{output}");
        for (factor, one) in output["factors"].as_object().expect("groups") {
            for end in ["value", "low", "high"] {
                let x = one["evppi"][end].as_f64().expect("a number");
                assert!(x >= 0.0 && (is_open || x == 0.0), "{factor} {end}: {x}");
            }
        }
    }
}

/// Deals with Large vary with a ban alone, which is no factor; the table of both states gives the same under either arm, but for the last digits.
const EVENT: &str = r#"
extends = "two-states"
[[state]]
id = "L"
gdp = { dist = "uniform", min = 900, max = 1100 }
talent = { dist = "uniform", min = 0.4, max = 0.6 }
infrastructure = { dist = "uniform", min = 0.4, max = 0.6 }
compute = { dist = "uniform", min = 0.0, max = 0.6 }
[[state]]
id = "S"
gdp = { dist = "uniform", min = 900, max = 1100 }
talent = { dist = "uniform", min = 0.4, max = 0.6 }
infrastructure = { dist = "uniform", min = 0.4, max = 0.6 }
compute = { dist = "uniform", min = 0.0, max = 0.6 }
[[event]]
name = "ban"
year = 2027
probability = 0.3
set = { "pair.L.H.feasible" = false }
"#;

#[test]
fn what_only_an_event_moves_is_moved_by_no_factor() {
    let here = tempfile::tempdir().expect("a temporary directory");
    fs::write(here.path().join("event.toml"), EVENT).expect("it is writable");
    let rare = EVENT.replace("probability = 0.3", "probability = 0.01");
    fs::write(here.path().join("rare.toml"), rare).expect("it is writable");
    for scenario in ["event.toml", "rare.toml"] {
        for method in ["shapley", "sobol", "morris", "tornado"] {
            let worlds = match method {
                "morris" => ["--trajectories", "300"],
                _ => ["-n", "512"],
            };
            let args = ["sensitivity", scenario, "--method", method, "--seed", "1"];
            let output = ["--output", "bilateral.state.L.payoff", "-q"];
            let (out, _) = check_in(here.path(), &[&args[..], &worlds, &output].concat(), 0);
            let said = "No factor moves `bilateral.state.L.payoff` by more than chance.";
            assert!(out.starts_with(said), "{scenario} by {method}: {out}");
        }
    }
}

#[test]
fn where_the_choice_is_always_the_same_nothing_is_worth_knowing() {
    let here = tempfile::tempdir().expect("a temporary directory");
    fs::write(here.path().join("event.toml"), EVENT).expect("it is writable");
    let of = |more: &[&str]| {
        let args = [
            "sensitivity",
            "event.toml",
            "--method",
            "evppi",
            "-n",
            "512",
            "-q",
        ];
        let output = ["--output", "bloc.total.payoff.difference", "--seed", "1"];
        check_in(here.path(), &[&args[..], &output, more].concat(), 0).0
    };
    let results: Value = serde_json::from_str(&of(&["--json"])).expect("JSON");
    let output = &results["outputs"]["bloc.total.payoff.difference"];
    let note =
        "no factor changes the choice: one arm gives at least as much as the other in every world";
    assert_eq!(output["note"], note);
    assert_eq!(output["evpi"]["value"], 0.0);
    for (factor, one) in output["factors"].as_object().expect("factors") {
        for end in ["value", "low", "high"] {
            assert_eq!(one["evppi"][end], 0.0, "{factor}");
        }
    }
    let text = of(&[]);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = format!("By `bloc.total.payoff.difference` {note}.");
    assert!(words.starts_with(&said), "{text}");
    assert!(
        !text.contains('\u{2588}') && !text.contains("Noise floor"),
        "{text}"
    );
    assert!(!words.contains("moves"), "the result does move: {text}");
}

#[test]
fn too_few_worlds_are_said_as_that() {
    let here = tempfile::tempdir().expect("a temporary directory");
    fs::write(here.path().join("few.toml"), CONSTANT).expect("it is writable");
    for method in ["pawn", "delta"] {
        let of = |worlds| {
            let args = ["sensitivity", "few.toml", "--method", method, "-n", worlds];
            let args = [&args[..], &["--output", "bilateral.total.payoff", "-q"]].concat();
            let (out, _) = check_in(here.path(), &args, 0);
            out.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let few = of("9");
        let said = format!(
            "9 worlds are too few for {method} to tell what moves `bilateral.total.payoff`: it takes 10."
        );
        assert!(few.starts_with(&said), "{few}");
        assert!(!few.contains("Factors of"), "{few}");
        let enough = of("10");
        assert!(
            enough.contains("Factors of") && !enough.contains("too few"),
            "{enough}"
        );
    }
}
