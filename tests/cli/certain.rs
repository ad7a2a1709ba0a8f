//! A scenario of which nothing is uncertain: every study says so in the same words.

use crate::support::program::{UNCERTAIN, check, check_in};
use std::fs;

const CERTAIN: &str = "two-states";

const SENTENCE: &str = "nothing is uncertain in this scenario: no quantity has a distribution, and no event comes in some worlds alone";

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn questions_that_need_worlds_which_differ_are_refused() {
    let when = "bloc.total.payoff > 0";
    let methods = [
        "tornado", "morris", "sobol", "pawn", "delta", "shapley", "evppi",
    ];
    let mut questions: Vec<Vec<&str>> = Vec::new();
    questions.extend(methods.map(|method| vec!["sensitivity", CERTAIN, "--method", method]));
    questions.push(vec![
        "sensitivity",
        CERTAIN,
        "--method",
        "pawn",
        "--factors",
        "market.*",
    ]);
    questions.push(vec!["discover", CERTAIN, "--when", when]);
    questions.push(vec!["run", CERTAIN, "--design", "never.csv"]);
    for question in questions {
        let (out, err) = check(&question, 2);
        assert_eq!(plain(&err), format!("error: {SENTENCE}"), "{question:?}");
        assert_eq!(out, "");
    }
}

/// Others are answered, and say of many worlds that they are one.
#[test]
fn questions_that_one_world_answers_are() {
    let arm = ["--arm", "bloc"];
    let vary = ["--vary", "market.diversion=0,0.2"];
    let solve = [
        "--solve",
        "market.diversion",
        "--where",
        "bloc.total.payoff.difference = 0.2",
    ];
    let with = ["--state", "L", "--with", "H"];
    let studies: [(&str, &[&str]); 8] = [
        ("run", &[]),
        ("sweep", &vary),
        ("threshold", &solve),
        ("turn", &[]),
        ("theories", &[]),
        ("stability", &arm),
        ("brief", &with),
        ("compare", &["textbook-complements"]),
    ];
    for (study, more) in studies {
        let args = [&[study, CERTAIN][..], more].concat();
        let (_, err) = check(&args, 0);
        assert!(!err.contains("uncertain"), "{study}: {err}");
        let (_, err) = check(&[&args[..], &["-n", "12"]].concat(), 0);
        let said = format!(
            "note: {SENTENCE}; its 12 worlds differ by what chance decides in talks (orders, joining, votes), if at all: -n 1 plays one"
        );
        assert!(plain(&err).contains(&said), "{study}: {err}");
        assert!(!err.contains("few"), "{study}: {err}");
    }
    // What a cell makes uncertain is.
    let unsure = "market.diversion={dist = 'uniform', min = 0, max = 0.2},0";
    let (_, err) = check(&["sweep", CERTAIN, "-n", "12", "--vary", unsure], 0);
    assert!(!err.contains("uncertain"), "{err}");
}

#[test]
fn events_make_worlds_differ() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let event = |p: f64, set: &str| {
        let text = format!(
            "extends = \"{CERTAIN}\"\n[[event]]\nname = \"e\"\nyear = 2027\nprobability = {p}\nset = {{ {set} }}\n"
        );
        fs::write(here.path().join("e.toml"), text).expect("writable");
        check_in(here.path(), &["run", "e.toml", "-n", "60"], 0).1
    };
    let number = "\"market.diversion\" = 0.1";
    assert!(event(1.0, number).contains("nothing is uncertain"));
    assert!(!event(0.5, number).contains("nothing is uncertain"));
    let draw = "\"market.diversion\" = { dist = \"uniform\", min = 0, max = 0.1 }";
    assert!(!event(1.0, draw).contains("nothing is uncertain"));
    event(0.5, number);
    // The event is the factor then, as if it had been named.
    let args = ["sensitivity", "e.toml", "-n", "60", "--method"];
    for method in ["pawn", "sobol"] {
        let of = |more: &[&str]| {
            let args = [&args[..], &[method, "--json"], more].concat();
            check_in(here.path(), &args, 0).0
        };
        assert_eq!(of(&[]), of(&["--factors", "event.*"]), "{method}");
        assert!(of(&[]).contains("event.e.came"), "{method}");
    }
    // What an event draws is nobody's factor.
    event(1.0, draw);
    let (_, err) = check_in(here.path(), &[&args[..], &["pawn"]].concat(), 2);
    assert!(err.contains("nothing can be a factor"), "{err}");
    let (_, err) = check(&["run", UNCERTAIN, "-n", "60", "-q"], 0);
    assert_eq!(err, "");
}
