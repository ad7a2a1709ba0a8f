//! What stands in a window, given the accord of the window before: the same as in a run.

use crate::support::program::{UNCERTAIN, check};
use serde_json::Value;

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&check(&[args, &["--json", "-q"]].concat(), 0).0).expect("JSON")
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("no number: {value}"))
}

#[test]
fn members_of_a_window_are_those_of_a_run() {
    let run = json(&["run", UNCERTAIN, "-n", "60"]);
    for arm in ["framework", "bloc"] {
        let at = |window: &str| {
            let args = ["stability", UNCERTAIN, "-n", "60", "--arm", arm];
            json(&[&args[..], &["--window", window]].concat())
        };
        let windows = [at("0"), at("1")];
        for state in ["A", "B"] {
            let found = windows
                .iter()
                .map(|one| number(&one["states"][state]["member"]));
            let mean = found.sum::<f64>() / 2.0;
            let played = number(&run["arms"][arm]["accord"]["member"][state]);
            assert!(
                (mean - played).abs() < 1e-12,
                "{arm} {state}: {mean}, not {played}"
            );
        }
        let [first, second] = windows;
        assert_eq!(first["accords"]["before"], 0.0);
        assert_eq!(second["accords"]["before"], first["accords"]["formed"]);
        let unchanged = number(&second["accords"]["unchanged"]);
        assert!(unchanged > 0.0 && unchanged <= number(&second["accords"]["before"]));
        // Of two states there is one coalition.
        let pair = &second["coalitions"][0];
        assert_eq!(pair["accord"], second["accords"]["formed"]);
        assert_eq!(pair["before"], second["accords"]["before"]);
    }
}

#[test]
fn the_sentence_says_its_window_and_that_nothing_is_delayed_or_discounted() {
    let (text, _) = check(
        &[
            "stability",
            UNCERTAIN,
            "-n",
            "100",
            "--arm",
            "framework",
            "--window",
            "1",
        ],
        0,
    );
    for said in [
        "in window 1:",
        "In a run an accord is in force in this window",
        "that of the window before",
        "undelayed and undiscounted",
        "An accord stands from one window to the next",
    ] {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(one_line.contains(said), "no `{said}` in\n{text}");
    }
}

#[test]
fn a_mandate_binds_whoever_would_leave() {
    let args = [
        "stability",
        UNCERTAIN,
        "-n",
        "20",
        "--arm",
        "bloc",
        "-S",
        "arm.bloc.rule=mandate",
    ];
    let found = json(&args);
    assert_eq!(found["accords"]["formed"], 1.0);
    assert_eq!(found["states"]["A"]["member"], 1.0);
    assert!(found["states"]["A"]["pivotal"].is_null(), "nobody votes");
    let (text, _) = check(&args, 0);
    assert!(
        text.contains("A mandate makes all who are invited"),
        "{text}"
    );
}
