//! What the program writes, against what is stored: every shipped scenario run small, every command on small scenarios as text and as page, and
//! hashes of the documents and tables of every study of every shipped scenario. `INSTA_UPDATE=always cargo test --test main golden` writes all of it
//! anew, and `git diff` then shows what a change brought; with MUFAKAT_PROGRAM it is what an earlier program wrote.

mod bytes;
mod commands;
#[cfg(feature = "html")]
mod pages;

use crate::scenarios;
use crate::support::program::{check, root};

/// The shipped scenarios by the names of their files, in order.
fn shipped() -> Vec<String> {
    let directory = root().join("scenarios");
    let files = std::fs::read_dir(directory).expect("scenarios are shipped");
    let names = files.map(|entry| entry.expect("readable").file_name());
    let mut names: Vec<String> = names
        .filter_map(|name| Some(name.to_str()?.strip_suffix(".toml")?.to_owned()))
        .collect();
    assert!(names.len() >= 5, "scenarios and a template");
    names.sort();
    names
}

/// Where the file of a shipped scenario stands.
fn file(name: &str) -> String {
    format!("scenarios/{name}.toml")
}

#[test]
fn reports_of_shipped_scenarios() {
    let pack = scenarios::pack();
    for name in shipped() {
        let trials = if pack.contains(&name) { "16" } else { "30" };
        let (report, _) = check(&["run", &file(&name), "-n", trials, "--quiet"], 0);
        insta::assert_snapshot!(name, report);
    }
}

#[test]
fn every_uncertain_quantity_and_table_of_the_baseline_is_explained() {
    let explain = ["explain", "asean-2027", "--trial", "3", "--arm", "bloc"];
    let (text, _) = check(&explain, 0);
    for needle in [
        "market.region_efficiency = ",
        "Window 3 of `bloc`",
        "step 2, round 1: poll of",
        "step 3 (31)",
        "λ ",
        "(34)",
    ] {
        assert!(text.contains(needle), "no `{needle}` in\n{text}");
    }
    let (_, problem) = check(&["explain", "two-states", "--arm", "blocc"], 2);
    assert!(problem.contains("did you mean `bloc`?"), "{problem}");
}
