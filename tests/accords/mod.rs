//! Accords that are searched: what was found is what a run of it gives, whatever plays it, and what cannot be searched is said.

use crate::support::program::{check, check_in};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A quick search of two states.
const QUICK: [&str; 5] = ["accords", "two-states", "-q", "--plays", "2000"];

fn document(directory: &Path, args: &[&str]) -> Value {
    let (text, _) = check_in(directory, &[args, &["--json"]].concat(), 0);
    serde_json::from_str(&text).expect("a document")
}

fn number(value: &Value, path: &str) -> f64 {
    let value = path.split('.').fold(value, |value, key| &value[key]);
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{path} is a number"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("a list")
}

/// An arm less the reference.
fn against_bilateral<'a>(played: &'a Value, arm: &str) -> &'a Value {
    let mut compared = list(played, "comparisons").iter();
    let found = compared.find(|one| one["arm"] == arm && one["reference"] == "bilateral");
    found.expect("the arm is compared")
}

/// A search that is over at once.
const SMALL: &str = "\
[accords]
base = 'bloc'
choose = { binding = [0, 0.5, 1], harmonisation = [0, 0.4, 0.8], rule = ['consensus', 'qualified-majority'] }
cost = { harmonisation = 0.01 }
";

#[test]
fn what_was_found_is_what_a_run_of_it_gives() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let found = document(directory, &[&QUICK[..], &["-o", "found"]].concat());
    let played = document(
        directory,
        &["run", "two-states", "-f", "found/accords.toml", "-q"],
    );
    let front = list(&found, "front");
    assert!(front.len() >= 2, "{front:?}");
    for accord in front {
        let id = accord["id"].as_str().expect("an id");
        let compared = against_bilateral(&played, id);
        for path in ["mean", "se", "p05", "p95"] {
            let own = accord["gain"][path].as_f64();
            let total = &compared["totals"]["payoff"]["difference"][path];
            let near = (own.unwrap_or(0.0) - total.as_f64().unwrap_or(0.0)).abs();
            assert!(near < 1e-9, "{id} {path}: {own:?} {total}");
        }
        for (state, told) in accord["states"].as_object().expect("states") {
            let difference = &compared["states"][state]["payoff"]["difference"];
            let (own, run) = (number(told, "gain.mean"), number(difference, "mean"));
            assert!((own - run).abs() < 1e-9, "{id} {state}: {own} {run}");
        }
        let formed = number(&played["arms"][id], "accord.formed");
        assert!((formed - number(accord, "formed")).abs() < 1e-9);
    }
}

#[test]
fn nothing_on_the_front_is_dominated_by_anything_that_was_tried() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    fs::write(directory.join("over.toml"), SMALL).expect("it can be written");
    let args = [
        "accords",
        "two-states",
        "-f",
        "over.toml",
        "-q",
        "--plays",
        "2000",
    ];
    let found = document(directory, &args);
    assert_eq!(found["search"]["exhaustive"], true);
    // By brute force: each combination as an arm of its own, with nothing of the search.
    let mut best = f64::NEG_INFINITY;
    for binding in ["0", "0.5", "1"] {
        for harmonisation in ["0", "0.4", "0.8"] {
            for rule in ["consensus", "qualified-majority"] {
                let sets = [
                    format!("arm.bloc.binding={binding}"),
                    format!("arm.bloc.harmonisation={harmonisation}"),
                    format!("arm.bloc.rule={rule}"),
                ];
                let sets: Vec<&str> = sets.iter().flat_map(|set| ["-S", set]).collect();
                let played = document(
                    directory,
                    &[&["run", "two-states", "-q"], &sets[..]].concat(),
                );
                let bloc = against_bilateral(&played, "bloc");
                let price = if harmonisation == "0" { 0.0 } else { 0.01 };
                best = best.max(number(bloc, "totals.payoff.difference.mean") - price);
            }
        }
    }
    let front = list(&found, "front");
    let most = front
        .iter()
        .map(|one| number(one, "objectives.region.value"));
    let most = most.fold(f64::NEG_INFINITY, f64::max);
    // It is chosen in other worlds than those in which it is judged.
    assert!((most - best).abs() < 0.01 * best, "{most} {best}");
}

#[test]
fn same_bytes_on_any_number_of_threads_and_as_a_plan() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let with = |more: &[&str]| {
        let args = [
            &QUICK[..],
            &["-n", "100", "--path", "--theories", "--for", "S"],
            more,
        ]
        .concat();
        check_in(directory, &args, 0).0
    };
    let one = with(&["-j", "1", "--json"]);
    assert_eq!(one, with(&["-j", "3", "--json"]));
    with(&["-o", "whole", "-j", "2"]);
    let read = |path: &str| fs::read_to_string(directory.join(path)).expect("it is there");
    assert_eq!(read("whole/results.json"), one);
    check_in(
        directory,
        &[
            &["plan"],
            &QUICK[..],
            &[
                "-n",
                "100",
                "--path",
                "--theories",
                "--for",
                "S",
                "-o",
                "plan",
            ],
        ]
        .concat(),
        0,
    );
    check_in(directory, &["run", "plan", "--shard", "0/1", "-q"], 0);
    check_in(directory, &["merge", "plan", "-o", "merged", "-q"], 0);
    assert_eq!(read("merged/results.json"), one);
    assert_eq!(read("merged/accords.toml"), read("whole/accords.toml"));
    check_in(directory, &["replay", "whole", "-q"], 0);
}

#[test]
fn a_large_space_is_searched_and_what_it_finds_is_near_the_best() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let space = "\
[accords]
base = 'bloc'
choose = { binding = [0, 0.25, 0.5, 0.75, 1], harmonisation = [0, 0.2, 0.4, 0.6, 0.8, 1], recourse = [0, 0.5, 1], \
rule = ['consensus', 'qualified-majority'], pooling = [0, 0.25, 0.5, 0.75, 1], max_rounds = [1, 2, 3] }
";
    fs::write(directory.join("over.toml"), space).expect("it can be written");
    let args = ["accords", "two-states", "-f", "over.toml", "-q", "--plays"];
    let few = document(directory, &[&args[..], &["6000"]].concat());
    let all = document(directory, &[&args[..], &["80000"]].concat());
    assert_eq!(few["search"]["exhaustive"], false);
    assert_eq!(all["search"]["exhaustive"], true);
    let tried = |one: &Value| number(one, "search.tried");
    assert!(
        tried(&few) < 0.4 * tried(&all),
        "{} {}",
        tried(&few),
        tried(&all)
    );
    let most = |one: &Value| {
        let front = list(one, "front").iter();
        let regions = front.map(|one| number(one, "objectives.region.value"));
        regions.fold(f64::NEG_INFINITY, f64::max)
    };
    assert!(
        most(&few) >= 0.98 * most(&all),
        "{} {}",
        most(&few),
        most(&all)
    );
}

#[test]
fn what_cannot_be_searched_is_said() {
    let refused = |args: &[&str], code: i32| check(&[&["accords"], args].concat(), code).1;
    let text = refused(&["two-states", "--for", "X", "-q"], 2);
    assert!(text.contains("there is no state `X`"), "{text}");
    let text = refused(&["two-states", "-S", "accords.base=bilateral", "-q"], 3);
    assert!(text.contains("`accords.base` must be an accord"), "{text}");
    let text = refused(
        &[
            "two-states",
            "--reference",
            "framework",
            "-S",
            "accords.base=framework",
            "-q",
        ],
        2,
    );
    assert!(text.contains("name another --reference"), "{text}");
    let text = refused(&["two-states", "--plays", "0"], 2);
    assert!(text.contains("--plays"), "{text}");
    let text = refused(
        &[
            "two-states",
            "-S",
            "accords.choose={ lead = ['S'], rule = ['lead'], members = [['S','L']] }",
            "-S",
            "accords.choose.lead=['X']",
            "-q",
        ],
        3,
    );
    assert!(text.contains('X'), "{text}");
}

#[test]
fn a_world_in_which_nothing_is_uncertain_is_one_world() {
    let directory = tempfile::tempdir().expect("a directory");
    let found = document(
        directory.path(),
        &["accords", "two-states", "-n", "1", "-q", "--plays", "500"],
    );
    let front = list(&found, "front");
    assert!(!front.is_empty());
    let interval = &front[0]["objectives"]["region"];
    assert_eq!(interval["low"], interval["high"]);
}

#[test]
fn a_rule_that_is_moot_changes_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let played = |arm: &str, sets: &[&str]| {
        let sets: Vec<String> = sets.iter().map(|set| format!("arm.{arm}.{set}")).collect();
        let sets: Vec<&str> = sets.iter().flat_map(|set| ["-S", set]).collect();
        let args = ["run", "core-three", "-n", "4", "-q"];
        document(directory, &[&args[..], &sets[..]].concat())["arms"][arm].clone()
    };
    for (arm, others, moot) in [
        ("framework", &["rule=consensus"][..], "opt_outs=2"),
        ("framework", &["rule=consensus"], "quota=0.9"),
        ("framework", &["rule=minus-x"], "weights=gdp"),
        ("framework", &["binding=0"], "penalty=0.5"),
        ("framework", &["binding=0"], "recourse=1"),
        ("bloc", &["sharing=none"], "side_payments=0.7"),
        ("bloc", &["side_payments=0"], "sharing=equal"),
    ] {
        let plain = played(arm, others);
        let with = played(arm, &[others, &[moot]].concat());
        assert_eq!(plain, with, "{arm} {others:?} {moot}");
    }
}

#[test]
fn every_theory_is_played_as_a_run_plays_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let args = [&QUICK[..], &["--theories", "-o", "found"]].concat();
    let found = document(directory, &args);
    let theories = list(&found["theories"], "accords");
    let own = "as the scenario has it";
    let mut differ = 0;
    for (theory, sets) in [
        (own, &[][..]),
        ("without cash", &["-S", "bargaining.transfers=false"]),
        ("no foresight", &["-S", "bargaining.foresight=0"]),
    ] {
        let run = ["run", "two-states", "-f", "found/accords.toml", "-q"];
        let played = document(directory, &[&run[..], sets].concat());
        for accord in theories {
            let id = accord["accord"].as_str().expect("all are on the front");
            let told = |theory: &str| number(&accord["region"], &format!("{theory}.value"));
            let run = against_bilateral(&played, id);
            let run = number(run, "totals.payoff.difference.mean");
            // Other worlds, which differ by votes alone.
            assert!(
                (told(theory) - run).abs() < 0.01 * run.abs() + 1e-4,
                "{id} {theory}: {} {run}",
                told(theory)
            );
            differ += usize::from((told(theory) - told(own)).abs() > 1e-3);
        }
    }
    assert!(differ > 0, "theories change nothing");
}
