//! Pages as a reader reads them: headings, sentences, tables and what figures show, one line each, without the markup.

use super::commands::directory;
use crate::page::html::reads;
use crate::support::program::typed;

/// Holds the page that the last of some command lines writes to what is stored under a name.
fn check(name: &str, lines: &[&str], page: &str) {
    let directory = directory();
    for line in lines {
        let (code, out, err) = typed(directory.path(), line);
        assert_eq!(code, 0, "{line}\n{out}{err}");
    }
    let page = std::fs::read_to_string(directory.path().join(page)).expect("a page");
    let page = reads(&page);
    // When, how long and where it was played.
    let varies = ["started |", "took |", "threads |", "machine |"];
    let lines = page
        .lines()
        .filter(|line| !varies.iter().any(|start| line.starts_with(start)));
    insta::assert_snapshot!(name, lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_run_alone() {
    let run = "run uncertain.toml -n 60 -o u --report";
    check("page-run", &[run], "u/report.html");
}

#[test]
fn a_run_with_every_study() {
    check(
        "page-studies",
        &[
            "run uncertain.toml -n 100 -o u",
            "stability uncertain.toml -n 40 --farsighted -o stability",
            "sensitivity uncertain.toml --method tornado -n 40 -o tornado",
            "sensitivity uncertain.toml --method sobol -n 32 -o sobol",
            "sensitivity u --method delta -o delta",
            "sweep uncertain.toml --vary market.diversion=0.2,0.6 --vary bargaining.foresight=0,1 -n 40 -o sweep",
            "threshold uncertain.toml --solve market.diversion --where 'bloc.total.payoff.difference = 0.02' -n 40 --points 5 -o threshold",
            "theories uncertain.toml -n 20 -o theories",
            "discover u --when 'bloc.total.payoff.difference < 0' --robustness -o discover",
            "report u --with stability --with tornado --with sobol --with delta --with sweep --with threshold --with theories --with discover",
        ],
        "u/report.html",
    );
}

#[test]
fn a_comparison() {
    let compare = "compare uncertain.toml two-states -n 20 -o c";
    check("page-compare", &[compare], "c/report.html");
}

#[test]
fn a_brief() {
    let brief = "brief uncertain.toml --state A --with H -n 40 --html b.html";
    check("page-brief", &[brief], "b.html");
}

#[test]
fn a_brief_of_a_bloc_with_an_offer() {
    let brief =
        "brief uncertain.toml --accord bloc --with G -n 40 --offer training=0.6 --html b.html";
    check("page-brief-bloc", &[brief], "b.html");
}
