//! `forecasts`: what comes with the program is unchanged, and a file is scored or refused.

use crate::support::program::{check, check_in};
use serde_json::Value;
use std::fs;

#[test]
fn what_comes_with_the_program_is_what_was_put_on_record() {
    let (text, _) = check(&["forecasts", "--json"], 0);
    let found: Value = serde_json::from_str(&text).expect("a document");
    assert_eq!(found["unchanged"], true, "{}", found["sha256"]);
    let known = found["forecasts"].as_array().expect("a list");
    assert!(known.len() >= 10, "{}", known.len());
    let (text, _) = check(&["forecasts", "--all"], 0);
    for row in known {
        let id = row["id"].as_str().expect("an id");
        assert!(text.contains(&format!("{id}: ")), "{id}: {text}");
    }
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
}

#[test]
fn a_changed_file_is_told_and_an_outcome_is_no_change() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/forecasts/2026-12");
    let read = |end: &str| fs::read_to_string(format!("{root}.{end}")).expect("a file");
    let write =
        |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("it is written");
    let text = read("toml");
    write("f.sha256", &read("sha256"));
    let first = text.find("probability = ").expect("an event");
    let line = first + text[first..].find('\n').expect("a line") + 1;
    let came = "outcome = true\noutcome_source = \"S\"\noutcome_date = \"2027-01-20\"\n";
    write(
        "f.toml",
        &format!("{}{came}{}", &text[..line], &text[line..]),
    );
    let (json, _) = check_in(folder.path(), &["forecasts", "f.toml", "--json"], 0);
    let found: Value = serde_json::from_str(&json).expect("a document");
    assert_eq!(found["unchanged"], true);
    assert_eq!(found["score"]["events"], 1);
    let p = found["forecasts"][0]["probability"]
        .as_f64()
        .expect("a chance");
    let brier = found["score"]["brier"].as_f64().expect("a score");
    assert!((brier - (1.0 - p) * (1.0 - p)).abs() < 1e-12);

    write(
        "f.toml",
        &text.replacen("probability = 0.", "probability = 0.0", 1),
    );
    let (said, _) = check_in(folder.path(), &["forecasts", "f.toml"], 1);
    assert!(said.contains("not the forecasts on record"), "{said}");
    write(
        "f.toml",
        &text.replacen("probability = ", "probability = 1", 1),
    );
    let (_, problem) = check_in(folder.path(), &["forecasts", "f.toml"], 4);
    assert!(
        problem.contains("f.toml") && problem.contains("from 0 to 1"),
        "{problem}"
    );
}
