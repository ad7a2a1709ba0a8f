//! What is said of a case that is written wrongly: where, what is allowed, what was meant.

use super::directory;
use crate::support::program::check_in;

/// What `check` says of a case in which something is written otherwise.
#[track_caller]
fn said(old: &str, new: &str) -> String {
    let dir = directory();
    let path = dir.path().join("buyers.toml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    assert!(text.contains(old), "{old}");
    std::fs::write(&path, text.replacen(old, new, 1)).expect("written");
    let (_, problem) = check_in(dir.path(), &["check", "buyers.toml"], 3);
    // A case that is not valid is not played either.
    check_in(dir.path(), &["history", "buyers.toml", "-q"], 3);
    problem
}

/// The message with the line and what stands below it.
#[track_caller]
fn holds(old: &str, new: &str, expected: &[&str]) {
    let problem = said(old, new);
    for part in expected {
        assert!(problem.contains(part), "no `{part}` in\n{problem}");
    }
}

#[test]
fn a_path_that_names_no_result() {
    holds(
        "result = \"bloc.total.payoff\"",
        "result = \"blok.total.payoff\"",
        &[
            "error: there is no result `blok.total.payoff` in each world",
            "result = \"blok.total.payoff\"\n   |           ^^^^ unknown arm `blok`; did you mean `bloc`?",
        ],
    );
    // Of a list within a table, too.
    holds(
        "bilateral.state.B.payoff",
        "bilateral.state.C.payoff",
        &["^ unknown state `C`; known: `A`, `B`"],
    );
}

#[test]
fn a_statistic_where_each_world_is_asked() {
    holds(
        "less = \"bilateral.total.payoff\"",
        "less = \"bilateral.total.payoff.p50\"",
        &["leave out the statistic"],
    );
}

#[test]
fn a_value_outside_its_range() {
    holds(
        "value = 5",
        "value = 12",
        &[
            "error: `history.observed.value` must lie between `low` and `high`, ends included",
            "value = 12\n   |         ^^ not from 3 to 9",
        ],
    );
}

#[test]
fn what_a_record_needs() {
    let cases = [
        (
            "grade = \"judgement\"\n",
            "",
            "`history.observed` needs the key `grade`",
        ),
        (
            "grade = \"judgement\"",
            "grade = \"Z\"",
            "`history.observed.grade` must be \"A\" or",
        ),
        (
            "outcome = \"2012\"\n",
            "",
            "`history` needs the key `outcome`",
        ),
        ("unit = \"%\"", "unitt = \"%\"", "did you mean `unit`?"),
        (
            "times = 100",
            "gain = 2",
            "`history.figure.gain` must be 1 or -1",
        ),
        (
            "value = 5",
            "value = \"5\"",
            "`history.observed.value` must be",
        ),
        (
            "observed = \"the small buyer\"",
            "observed = \"the smal buyer\"",
            "did you mean `the small buyer`?",
        ),
        (
            "who = \"the large buyer\"",
            "who = \"the small buyer\"",
            "names `the small buyer` twice",
        ),
        (
            "missing = [\"the price of steel\", \"elections\"]",
            "missing = \"steel\"",
            "`history.missing` must be a list of strings",
        ),
        (
            "[history.winner]\nobserved",
            "[history]\nwinner = 3\nobserved",
            "not valid TOML",
        ),
    ];
    for (old, new, expected) in cases {
        holds(old, new, &[expected]);
    }
}

#[test]
fn a_winner_needs_somebody_to_win_against() {
    let dir = directory();
    let path = dir.path().join("rail.toml");
    let text = std::fs::read_to_string(&path).expect("it is there");
    let alone = text.replace(
        "  { who = \"Beta\", result = \"bloc.state.B.payoff\" },\n",
        "",
    );
    std::fs::write(&path, alone).expect("written");
    let (_, problem) = check_in(dir.path(), &["check", "rail.toml"], 3);
    assert!(
        problem.contains("`history.winner.among` must name at least two"),
        "{problem}"
    );
}

#[test]
fn words_stand_on_one_line_and_are_short() {
    holds(
        "state = \"buyer\"",
        "state = \"a\\tb\"",
        &[
            "`words.state` must be 1 to 40 characters on one line",
            "this has the control character \\t",
        ],
    );
    let long = format!("states = \"{}\"", "x".repeat(41));
    holds("states = \"buyers\"", &long, &["this has 41 characters"]);
    holds("states = \"buyers\"", "states = \" \"", &["this is empty"]);
    holds(
        "region = \"the pool\"",
        "regions = \"the pool\"",
        &["did you mean `region`?"],
    );
}

#[test]
fn a_scenario_without_a_record_is_no_case() {
    let dir = directory();
    let (_, problem) = check_in(dir.path(), &["history", "uncertain.toml", "-q"], 2);
    assert!(
        problem.contains("uncertain.toml has no [history]"),
        "{problem}"
    );
}
