//! Hashes of the documents and tables that every study of every shipped scenario writes: numbers stay the same bytes. A study that a scenario
//! refuses is listed with the reason.

use super::{file, shipped};
use crate::support::program::{check, ran, root};
use rayon::prelude::*;
use serde_json::Value;
use std::path::Path;

/// How a hash is written.
pub fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..16].to_owned()
}

/// Files of results below a directory with their hashes, by name. A manifest holds the clock, and pages may say the same in better words.
fn files(directory: &Path, below: &str, found: &mut Vec<String>) {
    let entries = std::fs::read_dir(directory.join(below)).expect("readable");
    for entry in entries.map(|entry| entry.expect("readable").path()) {
        let name = entry.strip_prefix(directory).expect("below").to_str();
        let name = name.expect("a name of ours");
        if entry.is_dir() {
            files(directory, name, found);
        } else if name != "manifest.json" && !name.ends_with(".html") {
            let bytes = std::fs::read(&entry).expect("readable");
            found.push(format!("{name} {}", hash(&bytes)));
        }
    }
    found.sort();
}

/// The studies of a scenario as command lines without `--out`.
fn studies(name: &str) -> Vec<Vec<String>> {
    let run = ["run", &file(name), "-n", "4", "--json", "-q"];
    let results: Value = serde_json::from_str(&check(&run, 0).0).expect("a document");
    let arm = &results["comparisons"].as_array().expect("comparisons");
    let arm = arm.last().expect("another arm");
    let of_arm = arm["arm"].as_str().expect("a name");
    let median = &arm["totals"]["payoff"]["difference"]["p50"];
    let first = |kind: &str| {
        let all = results["arms"][of_arm][kind]
            .as_object()
            .expect("of an arm");
        all.keys().next().expect("one at least").clone()
    };
    let line = |words: &str, last: &[String]| -> Vec<String> {
        let words = words.split(' ').map(str::to_owned);
        let mut words: Vec<String> = words.chain(last.iter().cloned()).collect();
        words.insert(1, file(name));
        words
    };
    let difference = format!("{of_arm}.total.payoff.difference");
    let sides = [
        "--state".to_owned(),
        first("states"),
        "--with".to_owned(),
        first("hyperscalers"),
    ];
    let mut lines = vec![
        line("run -n 4", &[]),
        line("explain", &[]),
        line("stability -n 2 --farsighted", &[]),
        line(&format!("compare {} -n 2", file("two-states")), &[]),
        line("brief -n 2", &sides),
        line(
            "sweep -n 2 --vary market.diversion=0.2,0.6 --vary bargaining.foresight=0,1",
            &[],
        ),
        line(
            "threshold -n 2 --points 3 --solve market.diversion --where",
            &[format!("{difference} = 0")],
        ),
        line("theories -n 1", &[]),
        line(
            "discover -n 64 --when",
            &[format!("{difference} < {median}")],
        ),
    ];
    for (method, worlds) in [
        ("tornado", "-n 2"),
        ("morris", "--trajectories 2"),
        ("sobol", "-n 8"),
        ("shapley", "-n 8"),
        ("pawn", "-n 16"),
        ("delta", "-n 16"),
        ("evppi", "-n 16"),
    ] {
        lines.push(line(
            &format!("sensitivity {worlds} --factors market.* --method {method}"),
            &[],
        ));
    }
    lines
}

/// What a command line writes; the document of a study is what `--json` prints.
fn written(line: &[String]) -> String {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let out = directory.path().join("out");
    let mut args: Vec<&str> = line.iter().map(String::as_str).collect();
    args.extend(["-q", "-j", "1", "--json"]);
    if args[0] != "explain" {
        args.extend(["-o", out.to_str().expect("UTF-8")]);
    }
    let (code, document, error) = ran(root(), &args);
    let mut found = vec![format!("--json {}", hash(document.as_bytes()))];
    if code == 0 && out.exists() {
        let results = std::fs::read_to_string(out.join("results.json")).expect("results");
        assert_eq!(results, document, "{line:?}");
        found.clear();
        files(&out, "", &mut found);
    } else if code != 0 {
        let reason = error.lines().next().unwrap_or_default();
        found = vec![format!("exit code {code}: {reason}")];
    }
    format!("{}\n    {}\n", line.join(" "), found.join(", "))
}

#[test]
fn results_and_tables_of_every_study_of_every_shipped_scenario() {
    let lines: Vec<Vec<String>> = shipped().iter().flat_map(|name| studies(name)).collect();
    let all: Vec<String> = lines.par_iter().map(|line| written(line)).collect();
    insta::assert_snapshot!("hashes", all.concat());
}
