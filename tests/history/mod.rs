//! Bargains on record: how they are written, what is made of their numbers, and what the command says.

mod errors;

use crate::support::program::{check_in, typed};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

/// Invented cases by the names of their files, and the scenario that they extend.
const FILES: [(&str, &str); 4] = [
    ("uncertain.toml", include_str!("../support/uncertain.toml")),
    ("buyers.toml", include_str!("data/buyers.toml")),
    ("rail.toml", include_str!("data/rail.toml")),
    ("rare.toml", include_str!("data/rare.toml")),
];

const ALL: &str = "history buyers.toml rail.toml rare.toml -n 64 -q";

/// A directory with the cases.
pub fn directory() -> TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    for (name, text) in FILES {
        std::fs::write(directory.path().join(name), text).expect("written");
    }
    directory
}

/// The document of a command line.
#[track_caller]
fn document(directory: &Path, line: &str) -> Value {
    let (code, out, err) = typed(directory, line);
    assert_eq!(code, 0, "{line}\n{out}\n{err}");
    serde_json::from_str(&out).expect("nothing else is on standard output")
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value}"))
}

/// What each world of a run has in two columns of two arms.
fn payoffs(directory: &Path) -> Vec<[f64; 2]> {
    let text = std::fs::read_to_string(directory.join("run/arms.csv")).expect("a table");
    let mut lines = text
        .lines()
        .map(|line| line.split(',').collect::<Vec<&str>>());
    let header = lines.next().expect("a header");
    let at = |name: &str| {
        header
            .iter()
            .position(|one| *one == name)
            .expect("a column")
    };
    let (arm, payoff) = (at("arm"), at("payoff"));
    let mut of = [Vec::new(), Vec::new()];
    for row in lines {
        let value: f64 = row[payoff].parse().expect("a number");
        match row[arm] {
            "bilateral" => of[0].push(value),
            "bloc" => of[1].push(value),
            _ => {}
        }
    }
    let [alone, bloc] = of;
    alone.into_iter().zip(bloc).map(|(a, b)| [a, b]).collect()
}

#[test]
fn the_figure_is_made_of_each_world_as_the_case_says() {
    // Tables hold every digit; sums of 64 numbers are off by less.
    const TOLERANCE: f64 = 1e-9;
    let dir = directory();
    let found = document(dir.path(), &format!("{ALL} --json"));
    check_in(
        dir.path(),
        &["run", "buyers.toml", "-n", "64", "-q", "-o", "run"],
        0,
    );
    let figures = payoffs(dir.path());
    let figures: Vec<f64> = figures.iter().map(|[a, b]| 100.0 * (b - a) / a).collect();
    assert_eq!(figures.len(), 64);
    let case = &found["cases"][0];
    let mean = figures.iter().sum::<f64>() / 64.0;
    assert!((number(&case["engine"]["mean"]) - mean).abs() < TOLERANCE);
    let came = 5.0;
    let error = figures.iter().map(|x| (x - came).abs()).sum::<f64>() / 64.0;
    let pairs = figures
        .iter()
        .flat_map(|a| figures.iter().map(move |b| (a - b).abs()));
    let spread = pairs.sum::<f64>() / (2.0 * 64.0 * 63.0);
    assert!((number(&case["crps"]) - (error - spread)).abs() < TOLERANCE);
    let skill = 1.0 - number(&case["crps"]) / came;
    assert!((number(&case["skill_no_effect"]) - skill).abs() < TOLERANCE);
}

#[test]
fn what_is_right_follows_from_the_numbers() {
    let dir = directory();
    let found = document(dir.path(), &format!("{ALL} --json"));
    let cases = found["cases"].as_array().expect("a list");
    assert_eq!(cases.len(), 3);
    for case in cases {
        let observed = |key: &str| number(&case["observed"][key]);
        let engine = |key: &str| number(&case["engine"][key]);
        let value = observed("value");
        let lies = |low: &str, high: &str| (engine(low)..=engine(high)).contains(&value);
        assert_eq!(case["inside_90"], lies("p05", "p95"), "{case}");
        assert_eq!(case["inside_50"], lies("p25", "p75"), "{case}");
        let open = observed("low") < 0.0 && observed("high") > 0.0;
        match open {
            true => assert_eq!(case["sign"], Value::Null),
            false => assert_eq!(case["sign"], engine("p50") * value > 0.0),
        }
        let among = case["among"].as_array().expect("a list");
        let best = among
            .iter()
            .max_by(|a, b| number(&a["mean"]).total_cmp(&number(&b["mean"])));
        match best {
            None => assert_eq!(case["winner"], Value::Null),
            Some(best) => {
                assert_eq!(case["winner_engine"], best["who"]);
                assert_eq!(case["winner"], case["winner_observed"] == best["who"]);
            }
        }
    }
    // A record that leaves the sign open asks for none; worlds with nothing to divide by are counted.
    assert_eq!(cases[2]["sign"], Value::Null);
    let left_out = cases[2]["left_out"].as_u64().expect("a count");
    assert!((1..64).contains(&left_out), "{left_out}");
    assert_eq!(
        cases[2]["engine"]["count"].as_u64().unwrap_or(64) + left_out,
        64
    );
    assert_eq!(cases[0]["left_out"], 0);
    let score = &found["score"];
    for key in ["sign", "winner", "inside_90", "inside_50"] {
        let asked = cases.iter().filter(|case| !case[key].is_null()).count();
        let right = cases.iter().filter(|case| case[key] == true).count();
        assert_eq!(
            (&score[key]["of"], &score[key]["count"]),
            (&asked.into(), &right.into()),
            "{key}"
        );
    }
    // The other case in the same unit is oriented by its gain: 30 that went against those who joined.
    assert_eq!(cases[0]["crps_other_cases"], 35.0);
    assert_eq!(cases[1]["crps_other_cases"], 35.0);
    assert_eq!(cases[2]["crps_other_cases"], Value::Null);
    assert_eq!(cases[2]["skill_other_cases"], Value::Null);
}

#[test]
fn the_document_has_the_keys_of_its_schema() {
    let dir = directory();
    let found = document(dir.path(), &format!("{ALL} --json"));
    let schema = document(dir.path(), "schema history");
    let keys = |value: &Value| -> Vec<String> {
        let object = value.as_object().expect("an object");
        object.keys().cloned().collect()
    };
    assert_eq!(keys(&found), keys(&schema["properties"]));
    let case = &schema["$defs"]["PlayedCase"]["properties"];
    assert_eq!(keys(&found["cases"][0]), keys(case));
    let score = &schema["$defs"]["HistoryScore"]["properties"];
    assert_eq!(keys(&found["score"]), keys(score));
    for (key, one) in case.as_object().expect("an object") {
        assert!(one["description"].is_string(), "{key}");
    }
}

#[test]
fn shards_and_threads_give_the_bytes_of_one_machine_and_replay_finds_them_again() {
    let dir = directory();
    let said = |line: &str| {
        let (code, out, err) = typed(dir.path(), line);
        assert_eq!(code, 0, "{line}\n{out}\n{err}");
        out
    };
    let read = |name: &str| std::fs::read(dir.path().join(name)).expect(name);
    said(&format!("{ALL} -j 1 -o one"));
    said(&format!("plan {ALL} -o plan"));
    said("run plan --shard 1/2 -q -j 2");
    said("run plan --shard 0/2 -q");
    said("merge plan -o merged -q");
    assert_eq!(read("one/results.json"), read("merged/results.json"));
    assert_eq!(
        read("one/rail.resolved.toml"),
        read("merged/rail.resolved.toml")
    );
    assert!(said("replay one").contains("all 192 worlds again"));
    // What is finished is not played again.
    let again = typed(
        dir.path(),
        &format!("{} -o one --resume", ALL.replace(" -q", "")),
    );
    assert!(again.2.contains("nothing is left to do"), "{}", again.2);
    #[cfg(feature = "html")]
    {
        let page = String::from_utf8(read("one/history.html")).expect("UTF-8");
        said(&format!("{ALL} --html alone.html"));
        assert_eq!(page.as_bytes(), read("alone.html"));
        assert!(page.contains("<svg") && page.contains("on record") && page.contains("elections"));
        assert!(page.contains("data-path=\"cases.0.observed.value\""));
    }
}

#[test]
fn a_case_is_a_scenario_like_any_other() {
    let dir = directory();
    let (text, _) = check_in(dir.path(), &["run", "buyers.toml", "-n", "20", "-q"], 0);
    assert!(text.contains("Two buyers (`"), "{text}");
    // Texts say buyers where they would say states; paths and keys stay.
    assert!(text.contains("all buyers"), "{text}");
    for ours in ["all states", "each state", "hyperscaler"] {
        assert!(!text.contains(ours), "{ours}:\n{text}");
    }
    let found = document(dir.path(), "run buyers.toml -n 20 -q --json");
    assert_eq!(found["words"]["states"], "buyers");
    assert_eq!(found["words"]["currency"], "US$ bn");
    let plain = document(dir.path(), "run uncertain.toml -n 20 -q --json");
    assert_eq!(plain.get("words"), None);
    let (shown, _) = check_in(dir.path(), &["show", "buyers.toml"], 0);
    std::fs::write(dir.path().join("again.toml"), &shown).expect("written");
    let (again, _) = check_in(dir.path(), &["show", "again.toml"], 0);
    assert_eq!(shown, again);
    let cases = ["buyers.toml", "again.toml"].map(|file| {
        let found = document(dir.path(), &format!("history {file} -n 20 -q --json"));
        let mut case = found["cases"][0].clone();
        case["id"] = Value::Null;
        case
    });
    assert_eq!(cases[0], cases[1]);
    let (words, _) = check_in(
        dir.path(),
        &[
            "show",
            "buyers.toml",
            "--key",
            "words.*",
            "--key",
            "history.figure",
        ],
        0,
    );
    assert!(
        words.contains("words.state = \"buyer\"  # buyers.toml:"),
        "{words}"
    );
    assert!(words.contains("history.figure = { what = "), "{words}");
}

#[test]
fn every_case_on_record_is_shipped() {
    let directory = crate::support::program::root().join("scenarios/history");
    let files = std::fs::read_dir(directory).expect("there are cases");
    let names = files.map(|entry| entry.expect("readable").file_name());
    let mut names: Vec<String> = names
        .filter_map(|name| Some(format!("history/{}", name.to_str()?.strip_suffix(".toml")?)))
        .collect();
    names.sort();
    let mut shipped: Vec<&str> = mufakat::cli::shipped::CASES
        .iter()
        .map(|case| case.name)
        .collect();
    shipped.sort_unstable();
    assert_eq!(names, shipped);
    let dir = tempfile::tempdir().expect("a temporary directory");
    let (text, _) = check_in(dir.path(), &["check", "history/tuna"], 0);
    assert!(text.contains("is valid"), "{text}");
    let (_, problem) = check_in(dir.path(), &["history", "tunna"], 2);
    assert!(
        problem.contains("there is no case `tunna`; did you mean `tuna`?"),
        "{problem}"
    );
}
