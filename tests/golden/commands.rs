//! Every command on small scenarios: its text as at a terminal of 80 columns, then what it says besides on standard error. Documents that programs
//! read stand as hashes in one table.

use super::bytes::hash;
use crate::support::program::typed;
use std::path::Path;

/// A directory with a scenario in which something of each kind is uncertain.
pub fn directory() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let text = include_str!("../support/uncertain.toml");
    std::fs::write(directory.path().join("uncertain.toml"), text).expect("written");
    directory
}

/// A text without what depends on machine and place: names made of hashes, where files stand, and what stands in brackets after a time.
fn masked(text: &str) -> String {
    let is_hash = |word: &&str| word.len() >= 16 && word.chars().all(|c| c.is_ascii_hexdigit());
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let places = text.split('\'').filter(|part| part.starts_with('/'));
    let mut masked = text.to_owned();
    for varies in words.filter(is_hash).chain(places) {
        masked = masked.replace(varies, "…");
    }
    match masked.split_once("less than a second (") {
        Some((before, after)) => {
            let end = after.find(')').expect("the bracket ends");
            format!("{before}less than a second (…){}", &after[end + 1..])
        }
        None => masked,
    }
}

/// What a command line says, as a snapshot shows it.
fn said(directory: &Path, line: &str) -> String {
    let (code, out, err) = typed(directory, line);
    let mut said = format!("$ mufakat {line}\n{out}");
    if !err.is_empty() {
        said += &format!("--- standard error\n{err}");
    }
    if code != 0 {
        said += &format!("--- exit code {code}\n");
    }
    masked(&said)
}

/// Holds command lines, played one after the other in one directory, to what is stored under a name.
fn check(name: &str, lines: &[&str]) {
    let directory = directory();
    let said: Vec<String> = lines
        .iter()
        .map(|line| said(directory.path(), line))
        .collect();
    insta::assert_snapshot!(name, said.join("\n"));
}

#[test]
fn run() {
    check(
        "run",
        &[
            "run uncertain.toml -n 40 -o u",
            "run uncertain.toml -n 40 -o u --resume -q",
            "run uncertain.toml -n 300 --reference framework",
            "run textbook-substitutes -n 2",
            "run uncertain.toml --precision 40% -S simulation.sampler=sobol -q",
            "run uncertain.toml -n 40 -q --fail-if 'bloc.total.payoff.difference > 0'",
            "run uncertain.toml -n 40 --dry-run",
            "replay u",
            "replay u --json",
        ],
    );
}

#[test]
fn explain() {
    check(
        "explain",
        &[
            "explain two-states --arm bloc",
            "explain uncertain.toml --trial 3 --arm framework",
            "explain uncertain.toml --trial 1 --arm contest",
        ],
    );
}

#[test]
fn stability() {
    check(
        "stability",
        &[
            "stability two-states -n 20 --farsighted",
            "stability core-three -n 40 --farsighted",
            "stability uncertain.toml -n 20 --arm framework --window 1",
            "stability who-must-be-in -n 3 --arm shapley",
            "stability uncertain.toml -n 20 --dry-run",
        ],
    );
}

#[test]
fn compare() {
    check(
        "compare",
        &[
            "compare uncertain.toml two-states -n 20",
            "compare uncertain.toml uncertain.toml textbook-complements -n 200 -S bargaining.foresight=0",
        ],
    );
}

#[test]
fn brief() {
    check(
        "brief",
        &[
            "brief uncertain.toml --state A --with H -n 40",
            "brief uncertain.toml --accord bloc --with G -n 40 --offer training=0.6",
            "brief uncertain.toml --state B --with H --side hyperscaler --window 1 -n 40",
        ],
    );
}

#[test]
fn sweep() {
    check(
        "sweep",
        &[
            "sweep uncertain.toml --vary market.diversion=0.2:0.6:3 -n 20",
            "sweep uncertain.toml --vary market.diversion=0.2:0.6:3 --vary bargaining.foresight=0:1:3 -n 200",
            "sweep uncertain.toml --vary market.diversion=0.2,0.6 --vary bargaining.foresight=0,1 --one-at-a-time -n 20 -q --output bloc.total.profit",
            "sweep uncertain.toml --vary market.diversion=0.2:0.6:3 -n 20 --dry-run",
        ],
    );
}

#[test]
fn threshold() {
    check(
        "threshold",
        &[
            "threshold uncertain.toml --solve market.diversion --where 'bloc.total.payoff.difference = 0.02' -n 40 --points 5",
            "threshold uncertain.toml --solve state.*.bargaining_power --by state --where 'bloc.state.*.payoff.difference = 0' -n 40 --points 5",
        ],
    );
}

#[test]
fn theories() {
    check(
        "theories",
        &[
            "theories uncertain.toml -n 20",
            "theories two-states -n 2 --arm framework",
        ],
    );
}

#[test]
fn pedigree() {
    check(
        "pedigree",
        &[
            "pedigree uncertain.toml -n 100",
            "pedigree uncertain.toml -n 100 --output bloc.state.A.payoff.difference -q",
            "pedigree two-states",
        ],
    );
}

#[test]
fn accords() {
    check(
        "accords",
        &[
            "accords uncertain.toml -n 100 --plays 2000 --for A --path --theories",
            "accords uncertain.toml -n 100 --plays 2000 --all -q",
            "accords two-states",
        ],
    );
}

#[test]
fn turn() {
    check(
        "turn",
        &[
            "turn uncertain.toml -n 200 --starts 40",
            "turn uncertain.toml -n 200 --starts 40 --where 'framework.total.payoff.difference = 0.042' -q",
            "turn uncertain.toml -n 40 --arm bilateral -q",
            "turn two-states",
        ],
    );
}

#[test]
fn sensitivity() {
    check(
        "sensitivity",
        &[
            "sensitivity uncertain.toml --method tornado -n 40",
            "sensitivity uncertain.toml --method tornado --at-medians --factors market.* --group states=state.* -n 40 -q",
            "sensitivity uncertain.toml --method morris --trajectories 8",
            "sensitivity uncertain.toml --method sobol -n 64",
            "sensitivity uncertain.toml --method sobol --second-order --factors market.* -n 32 -q",
            "sensitivity uncertain.toml --method shapley -n 32",
            "sensitivity uncertain.toml --method pawn -n 100",
            "sensitivity uncertain.toml --method delta -n 100",
            "sensitivity uncertain.toml --method evppi -n 100",
        ],
    );
}

#[test]
fn discover() {
    check(
        "discover",
        &[
            "discover uncertain.toml --when 'bloc.total.payoff.difference < 0' -n 200 --robustness",
            "discover uncertain.toml --when 'bloc.total.payoff.difference < 1' -n 20",
        ],
    );
}

#[test]
fn plans() {
    check(
        "plans",
        &[
            "plan run uncertain.toml -n 100 -o p",
            "status p --shards 2",
            "run p --shard 0/2",
            "status p",
            "status p --missing --shards 2",
            "status p --json",
            "merge p -o p-whole",
            "resume p",
            "status p",
            "merge p -o p-whole",
            "submit p --engine slurm --dry-run",
            "plan sweep uncertain.toml --vary market.diversion=0.2,0.6 -n 20 -o w -q",
            "plan sensitivity uncertain.toml --method sobol -n 32 -o s -q",
            "plan stability uncertain.toml -n 20 -o st -q",
            "resume w -q",
            "resume s -q",
            "resume st -q",
            "merge w -o w-whole -q",
            "merge s -o s-whole -q",
            "merge st -o st-whole -q",
        ],
    );
}

#[test]
fn inspect() {
    check(
        "inspect",
        &[
            "check uncertain.toml",
            "check uncertain.toml -S market.diversion=2 -S state.A.talnt=0.3",
            "check uncertain.toml -S market.diversion=2 --json",
            "show two-states",
            "show two-states --origin -S market.diversion=0.5",
            "diff two-states textbook-complements",
            "diff uncertain.toml uncertain.toml -S market.diversion=0.5 --json",
            "list",
            "new mine",
            "check mine.toml",
            "new other --from core-three",
        ],
    );
}

#[test]
fn history() {
    let directory = crate::history::directory();
    let lines = [
        "history buyers.toml rail.toml rare.toml -n 64 --all",
        "history rail.toml -n 1 -q",
        "history buyers.toml -n 64 -q --paths",
        "check rare.toml",
    ];
    let said: Vec<String> = lines
        .iter()
        .map(|line| said(directory.path(), line))
        .collect();
    insta::assert_snapshot!("history", said.join("\n"));
}

#[test]
fn documents() {
    let directory = directory();
    let mut lines: Vec<String> = [
        "--help",
        "--version",
        "run uncertain.toml -n 40 --json -o u",
        "explain uncertain.toml --json",
        "stability uncertain.toml -n 20 --farsighted --json",
        "compare uncertain.toml two-states -n 20 --json",
        "brief uncertain.toml --accord bloc --with G -n 40 --offer training=0.6 --json",
        "sweep uncertain.toml --vary market.diversion=0.2,0.6 --vary bargaining.foresight=0,1 --one-at-a-time -n 20 --json",
        "threshold uncertain.toml --solve state.*.bargaining_power --by state --where 'bloc.state.*.payoff.difference = 0' -n 20 --json",
        "theories uncertain.toml -n 20 --json",
        "sensitivity u --method pawn --json",
        "sensitivity uncertain.toml --method sobol --second-order -n 32 --json",
        "discover u --when 'bloc.total.payoff.difference < 0' --robustness --json",
        "check uncertain.toml --json",
        "show uncertain.toml --json",
        "list --json",
        "new",
    ]
    .map(str::to_owned)
    .into();
    for document in [
        "scenario",
        "results",
        "sweep",
        "threshold",
        "discover",
        "sensitivity",
        "pedigree",
        "turn",
        "accords",
        "theories",
        "stability",
        "compare",
        "status",
        "explain",
        "replay",
        "check",
        "show",
        "diff",
        "list",
        "brief",
        "history",
    ] {
        lines.push(format!("schema {document}"));
    }
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        lines.push(format!("completions {shell}"));
    }
    for command in [
        "run",
        "explain",
        "compare",
        "sweep",
        "sensitivity",
        "pedigree",
        "discover",
        "threshold",
        "turn",
        "accords",
        "theories",
        "stability",
        "report",
        "serve",
        "page",
        "brief",
        "history",
        "plan",
        "resume",
        "status",
        "submit",
        "merge",
        "replay",
        "check",
        "show",
        "diff",
        "list",
        "new",
        "schema",
        "completions",
        "man",
    ] {
        lines.push(format!("{command} --help"));
        lines.push(format!("man {command}"));
    }
    let hashed = lines.iter().map(|line| {
        let (code, out, err) = typed(directory.path(), line);
        assert_eq!(code, 0, "{line}\n{err}");
        format!("{} {line}\n", hash(of_any_build(&out).as_bytes()))
    });
    insta::assert_snapshot!("documents", hashed.collect::<String>());
}

/// Help without what it offers only where Parquet is built in.
fn of_any_build(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("csv,") {
        let offered = after.trim_start().starts_with("or parquet");
        let (end, more) = match after.split_once("directory)") {
            Some((_, more)) if offered => ("csv", more),
            _ => ("csv,", after),
        };
        kept.extend([before, end]);
        rest = more;
    }
    kept += rest;
    kept
}
