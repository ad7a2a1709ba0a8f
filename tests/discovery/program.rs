//! The same as a user sees it: scenarios in which an event decides, which is not among the factors unless it is named.

use crate::support::program::{UNCERTAIN, check, ran};
use serde_json::Value;
use std::path::Path;

/// Only the event `ban` decides whether L is served.
const EVENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/discovery/event.toml");
const UNSERVED: &str = "bilateral.state.L.payoff = 0";

/// Text without its line breaks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn json(args: &[&str]) -> Value {
    let (out, _) = check(&[args, &["--json"]].concat(), 0);
    serde_json::from_str(&out).expect("a document")
}

#[test]
fn an_event_that_is_no_factor_has_no_cause_among_the_factors() {
    // One of twenty seeds may err; four would be a chance of 1.6%.
    let told = (1..=20).filter(|seed| {
        let seed = seed.to_string();
        let args = ["discover", EVENT, "-n", "300", "--when", UNSERVED, "-q"];
        let (out, _) = check(&[&args[..], &["--seed", &seed]].concat(), 0);
        let out = flat(&out);
        let tells = !out.contains("nothing tells them apart by more than chance");
        assert!(
            tells || out.contains("May be chance: the best box"),
            "{out}"
        );
        assert!(out.contains("Not searched: event `ban`"), "{out}");
        tells
    });
    assert!(told.count() < 4);
}

#[test]
fn an_event_that_is_named_is_the_cause() {
    let args = ["discover", EVENT, "-n", "300", "--when", UNSERVED];
    let found = json(&[&args[..], &["--factors", "*", "--factors", "event.*"]].concat());
    let first = &found["boxes"][0];
    assert_eq!(
        (&first["coverage"], &first["density"]),
        (&1.0.into(), &1.0.into())
    );
    assert_eq!(first["values"]["event.ban.came"][0], 1.0);
    assert_eq!(first["limits"].as_object().expect("limits").len(), 1);
    assert_eq!(found["tree"]["boxes"][0]["coverage"], 1.0);
    assert_eq!(found["events"], Value::Null);
}

#[test]
fn who_is_in_and_how_they_vote_are_factors_if_they_are_named() {
    let when = "framework.window.1.accord.size < 2";
    let noise = "arm.framework.political_noise=0.3";
    let args = [
        "discover", UNCERTAIN, "-n", "200", "-S", noise, "--when", when,
    ];
    let named = [
        "--factors",
        "framework.window.1.member.*",
        "--factors",
        "market.*",
    ];
    let found = json(&[&args[..], &named].concat());
    let first = &found["boxes"][0];
    assert_eq!(
        (&first["coverage"], &first["density"]),
        (&1.0.into(), &1.0.into())
    );
    let values = first["values"].as_object().expect("values");
    let (path, values) = values.iter().next().expect("a member");
    assert!(path.starts_with("framework.window.1.member."), "{path}");
    assert_eq!(values, &Value::from(vec![0.0]));
    for (factors, words) in [
        (
            "framework.window.9.member.*",
            "no uncertain quantity matches",
        ),
        ("bloc.total.payoff.p05", "leave out the statistic"),
    ] {
        let args = [&args[..], &["--factors", factors]].concat();
        let (code, _, err) = ran(Path::new("."), &args);
        assert!(code == 2 && err.contains(words), "{err}");
    }
}

/// The shares of two states in what is invested are 2/3 and 1/3 in every world, but for the last digit.
#[test]
fn rounding_decides_no_condition() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let text = "extends = 'two-states'\n[market]\n\
                capex_intensity = { dist = 'uniform', min = 0.01, max = 0.6 }\n\
                capital_charge = { dist = 'uniform', min = 0.03, max = 0.05 }\n";
    std::fs::write(here.path().join("same.toml"), text).expect("it is writable");
    let nothing = "worlds, in all of which bilateral.total.herfindahl is the same but for rounding: there is nothing to tell apart";
    for condition in [
        "bilateral.total.herfindahl > 0.5555555555555556",
        "not bilateral.total.herfindahl <= 0.5555555555555555",
        "0.5555555555555556 > bilateral.total.herfindahl",
    ] {
        let args = ["discover", "same.toml", "-n", "200", "-q", "--when"];
        let (code, out, err) = ran(here.path(), &[&args[..], &[condition]].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{condition}: {err}");
        assert!(err.contains(nothing), "{condition}: {err}");
    }
}

#[test]
fn one_world_of_its_kind_is_too_few() {
    let args = ["discover", EVENT, "-n", "40", "-q", "--seed", "1"];
    let event = ["-S", "event.ban.probability=0.02", "--when", UNSERVED];
    let (out, _) = check(&[&args[..], &event].concat(), 0);
    let words = "1 world in which it holds is too few to tell from the rest by more than chance";
    assert!(flat(&out).contains(words), "{out}");
}

#[cfg(feature = "html")]
#[test]
fn a_page_says_what_the_terminal_says() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let here = |args: &[&str]| {
        let (code, out, err) = ran(folder.path(), args);
        assert_eq!(code, 0, "{err}");
        out
    };
    here(&["run", EVENT, "-n", "300", "--seed", "1", "-o", "run", "-q"]);
    here(&["discover", "run", "--when", UNSERVED, "-o", "found", "-q"]);
    here(&["report", "run", "--with", "found", "-q"]);
    let page = std::fs::read_to_string(folder.path().join("run/report.html")).expect("a page");
    let part = page.split("In which worlds: ").nth(1).expect("the study");
    for words in [
        "nothing tells them apart by more than chance",
        "May be chance: the best box",
        "Second opinion: a classification tree finds no split",
        "Not searched: ",
    ] {
        assert!(part.contains(words), "{words}");
    }
}
