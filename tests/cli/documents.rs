//! `--json`: each document says what the text says, with the keys of its schema.

use crate::support::program::check_in;
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

fn empty() -> TempDir {
    TempDir::new().expect("a temporary directory")
}

/// The document of a command line that ends with `code`, with its top level checked against the schema of `name`.
#[track_caller]
fn document(directory: &TempDir, name: &str, arguments: &[&str], code: i32) -> Value {
    let (out, _) = check_in(directory.path(), arguments, code);
    let value: Value = serde_json::from_str(&out).expect("nothing else is on standard output");
    let (schema, _) = check_in(directory.path(), &["schema", name], 0);
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let described = schema["properties"].as_object().expect("an object");
    let keys: Vec<&String> = value.as_object().expect("an object").keys().collect();
    // Words that a scenario does not say are left out.
    let expected = described
        .keys()
        .filter(|key| *key != "words" || keys.contains(key));
    assert_eq!(keys, expected.collect::<Vec<_>>());
    for (key, one) in described {
        let reference = one.get("$ref").or(one.get("anyOf"));
        assert!(
            reference.is_some() || one["description"].is_string(),
            "{key}"
        );
    }
    value
}

#[test]
fn a_world_explained_has_the_numbers_of_its_run() {
    let dir = empty();
    let world = ["asean-2027", "-q", "--json", "--seed", "3"];
    let explained = [&["explain"], &world[..], &["--trial", "0"]].concat();
    let explained = document(&dir, "explain", &explained, 0);
    let run = [&["run"], &world[..], &["-n", "1"]].concat();
    let run = document(&dir, "results", &run, 0);
    let arms = explained["arms"].as_object().expect("an object");
    assert_eq!(arms.len(), 8);
    for (name, arm) in arms {
        let of_run = &run["arms"][name];
        for (id, metrics) in arm["states"].as_object().expect("an object") {
            for metric in ["payoff", "access", "terms", "cash", "sharing"] {
                assert_eq!(
                    metrics[metric], of_run["states"][id][metric]["mean"],
                    "{name} {id} {metric}"
                );
            }
        }
        let payoff = |state: &Value| -> f64 {
            let at = |key: &str| state[key].as_f64().expect("a number");
            let gross = at("access") + at("terms") + at("cash") + at("repricing");
            at("delay") * gross + at("own") + at("switching") + at("sharing")
        };
        for window in arm["windows"].as_array().expect("a list") {
            for (id, state) in window["states"].as_object().expect("an object") {
                let error = payoff(state) - state["payoff"].as_f64().expect("a number");
                assert!(error.abs() < 1e-12, "{name} {id}: (32) is off by {error}");
            }
            let hosts = window["hyperscalers"].as_object().expect("an object");
            let hosted: usize = hosts
                .values()
                .map(|one| one["hosts"].as_array().map_or(0, Vec::len))
                .sum();
            let agreed = window["tables"].as_array().expect("a list").iter();
            let agreed = agreed.filter(|table| table["ended"] == "agreed");
            let placed: usize = agreed
                .map(|table| table["placed"].as_array().map_or(0, Vec::len))
                .sum();
            assert_eq!(hosted, placed, "{name}: what was agreed is what stands");
        }
    }
}

#[test]
fn findings_say_where_they_are() {
    let dir = empty();
    let text = super::super::scenario_errors::SMALL.replace("talent = ", "talent = 1");
    fs::write(dir.path().join("a.toml"), &text).expect("it is writable");
    let checked = document(&dir, "check", &["check", "a.toml", "--json"], 3);
    assert_eq!(checked["valid"], false);
    assert_eq!(checked["holds"], Value::Null);
    let finding = &checked["findings"][0];
    assert_eq!(
        (&finding["severity"], &finding["file"]),
        (&"error".into(), &"a.toml".into())
    );
    let line = finding["line"].as_u64().expect("a number") as usize;
    let column = finding["column"].as_u64().expect("a number") as usize;
    let shown = text.lines().nth(line - 1).expect("it is in the file");
    assert!(shown[column - 1..].starts_with('1'), "{shown} at {column}");
    let valid = document(&dir, "check", &["check", "two-states", "--json"], 0);
    assert_eq!(
        (&valid["holds"]["states"], &valid["holds"]["uncertain"]),
        (&2.into(), &0.into())
    );
}

#[test]
fn keys_differences_and_names_are_documents() {
    let dir = empty();
    let shown = document(
        &dir,
        "show",
        &[
            "show",
            "two-states",
            "--json",
            "-S",
            "market.diversion=0.25",
        ],
        0,
    );
    let keys = shown["keys"].as_array().expect("a list");
    let key = |path: &str| {
        keys.iter()
            .find(|one| one["path"] == path)
            .expect("it is shown")
    };
    assert_eq!(key("market.diversion")["value"], 0.25);
    assert!(
        key("market.diversion")["file"]
            .as_str()
            .is_some_and(|file| file.contains("command line"))
    );
    let diff = [
        "diff",
        "two-states",
        "two-states",
        "-S",
        "market.diversion=0.25",
        "--json",
    ];
    let diff = document(&dir, "diff", &diff, 0);
    let differences = diff["differences"].as_array().expect("a list");
    assert_eq!(differences.len(), 1);
    assert_eq!(differences[0]["second"], "0.25");
    let listed = document(&dir, "list", &["list", "--json"], 0);
    assert_eq!(listed["scenarios"][0]["name"], "asean-2027");
}

#[test]
fn a_replay_says_what_differs() {
    let dir = empty();
    let run = ["run", "two-states", "-q", "-n", "3", "--out", "a"];
    check_in(dir.path(), &run, 0);
    let same = document(&dir, "replay", &["replay", "a", "--json"], 0);
    assert_eq!(
        (&same["worlds"], &same["differences"]),
        (&3.into(), &Value::Array(Vec::new()))
    );
    let trials = dir.path().join("a/trials.csv");
    let text = fs::read_to_string(&trials)
        .expect("readable")
        .replacen("0.", "1.", 1);
    fs::write(&trials, text).expect("writable");
    let other = document(&dir, "replay", &["replay", "a", "--json"], 1);
    assert!(
        other["differences"][0]
            .as_str()
            .is_some_and(|one| one.contains("trials.csv"))
    );
}
