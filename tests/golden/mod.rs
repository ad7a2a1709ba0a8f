//! Every shipped scenario, run small, against its stored report. `INSTA_UPDATE=always cargo test golden` writes the reports anew.

use crate::scenarios;
use std::path::{Path, PathBuf};
use std::process::Command;

fn shipped() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("scenarios are shipped")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect();
    files.sort();
    files
}

fn stdout(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_mufakat"))
        .args(args)
        .output()
        .expect("the program starts");
    assert!(
        output.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn reports_of_shipped_scenarios() {
    let (files, pack) = (shipped(), scenarios::pack());
    assert!(files.len() >= 5, "scenarios and a template");
    for file in files {
        let name = file
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let path = file.to_string_lossy().into_owned();
        let trials = if pack.contains(&name) { "16" } else { "30" };
        let report = stdout(&["run", &path, "-n", trials, "--quiet"]);
        insta::assert_snapshot!(name, report);
    }
}

#[test]
fn coalitions_that_hold() {
    for name in ["two-states", "core-three"] {
        let question = ["stability", name, "-n", "200", "--farsighted", "--quiet"];
        insta::assert_snapshot!(format!("stability-{name}"), stdout(&question));
    }
}

#[test]
fn a_world_explained() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/two-states.toml");
    insta::assert_snapshot!(stdout(&[
        "explain",
        &path.to_string_lossy(),
        "--arm",
        "bloc"
    ]));
}

#[test]
fn every_uncertain_quantity_and_table_of_the_baseline_is_explained() {
    let text = stdout(&["explain", "asean-2027", "--trial", "3", "--arm", "bloc"]);
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
    let missing = Command::new(env!("CARGO_BIN_EXE_mufakat"))
        .args(["explain", "two-states", "--arm", "blocc"])
        .output();
    let missing = missing.expect("the program starts");
    assert_eq!(missing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("did you mean `bloc`?"));
}
