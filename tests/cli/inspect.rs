//! `check`, `show`, `diff`, `new`, `list`, `schema`, `completions`, `man`.

use crate::scenario_errors::SMALL;
use crate::support::program::{output, program, ran};
use insta::assert_snapshot;
use std::fs;
use tempfile::TempDir;

/// A directory with the small scenario as a.toml.
fn directory() -> TempDir {
    let directory = TempDir::new().expect("a temporary directory");
    fs::write(directory.path().join("a.toml"), SMALL).expect("it is writable");
    directory
}

#[test]
fn check_says_that_a_scenario_is_valid() {
    let (code, out, err) = ran(directory().path(), &["check", "a.toml"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out, @r#"
a.toml is valid: 1 state, 1 hyperscaler, 0 terms, 2 arms, 0 events, 2 windows, 0
uncertain numbers
"#);
}

#[test]
fn check_shows_what_is_wrong() {
    let (code, out, err) = ran(
        directory().path(),
        &["check", "a.toml", "-S", "state.SG.talent=7"],
    );
    assert_eq!((code, out.as_str()), (3, ""));
    assert_snapshot!(err, @r#"
error: `state.SG.talent` must be a number in [0, 1]
 --> command line:1:23
  |
1 | --set state.SG.talent=7
  |                       ^ out of range

error: a.toml is not a valid scenario: 1 error
"#);
}

#[test]
fn warnings_go_to_standard_error_unless_quiet() {
    let dir = directory();
    let set = "state.SG.talent={dist='normal',mean=0.5,sd=0.1}";
    let (code, out, err) = ran(dir.path(), &["check", "a.toml", "-S", set]);
    assert_eq!(code, 0);
    assert!(out.ends_with(" 1\nuncertain number\n"), "{out}");
    assert_snapshot!(err, @r#"
warning: draws of `state.SG.talent` may leave its range: it must be a number in [0, 1]
 --> command line:1:23
  |
1 | --set state.SG.talent={dist='normal',mean=0.5,sd=0.1}
  |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a normal distribution has no end there
  |
  = help: a draw outside stops the run: add `min` and `max`
"#);
    let (code, _, err) = ran(dir.path(), &["check", "-q", "a.toml", "-S", set]);
    assert_eq!((code, err.as_str()), (0, ""));
}

#[test]
fn files_that_cannot_be_read_are_explained() {
    let dir = directory();
    fs::write(dir.path().join("latin.toml"), b"name = '\xe9'").expect("it is writable");
    fs::write(dir.path().join("b.toml"), "extends = 'c.toml'").expect("it is writable");
    let large = fs::File::create(dir.path().join("large.toml")).expect("it is writable");
    large.set_len(129 * 1024 * 1024).expect("a sparse file");
    let cases = [
        (
            "missing.toml",
            "error: cannot read missing.toml: there is no such file, and no shipped scenario has this name; known: `asean-2027`, ",
        ),
        (
            "two-state",
            "did you mean the shipped scenario `two-states`?",
        ),
        (".", "it is a directory"),
        ("latin.toml", "not text in UTF-8 (byte 8 is not)"),
        ("large.toml", "larger than 128 MiB"),
        (
            "b.toml",
            "cannot read c.toml: there is no such file (named by `extends` in b.toml)",
        ),
    ];
    for (name, expected) in cases {
        let (code, out, err) = ran(dir.path(), &["check", name]);
        assert_eq!((code, out.as_str()), (4, ""), "{name}: {err}");
        assert!(err.contains(expected), "{name}: {err}");
        assert_eq!(err.lines().count(), 1, "{err}");
    }
    let (code, _, err) = ran(dir.path(), &["check", "a.toml", "-f", "no.toml"]);
    assert_eq!(code, 4);
    assert!(err.contains("cannot read no.toml"), "{err}");
}

#[test]
fn show_prints_a_scenario_that_runs_by_itself() {
    let dir = directory();
    let base = "extends = 'a.toml'\n[[state]]\nid = 'SG'\ntalent = { p05 = 0.2, p95 = 0.4, source = 'x' }\n";
    fs::write(dir.path().join("b.toml"), base).expect("it is writable");
    let arguments = [
        "show",
        "b.toml",
        "-S",
        "market.diversion=0.5",
        "-n",
        "7",
        "--seed",
        "3",
        "-q",
    ];
    let (code, out, _) = ran(dir.path(), &arguments);
    assert_eq!(code, 0);
    for line in [
        "talent = { p05 = 0.2, p95 = 0.4, source = \"x\" }",
        "diversion = 0.5",
        "trials = 7",
        "seed = 3",
    ] {
        assert!(out.lines().any(|other| other == line), "{line} in {out}");
    }
    assert!(!out.contains("extends"));
    fs::write(dir.path().join("resolved.toml"), &out).expect("it is writable");
    let (code, again, _) = ran(dir.path(), &["show", "resolved.toml", "-q"]);
    assert_eq!((code, again), (0, out));
}

#[test]
fn show_names_the_origin_of_each_key() {
    let dir = directory();
    fs::write(
        dir.path().join("o.toml"),
        "# an overlay\n[market]\ndata_drag = 0.25\n",
    )
    .expect("it is writable");
    let arguments = [
        "show",
        "a.toml",
        "--origin",
        "-f",
        "o.toml",
        "-S",
        "state.SG.values={}",
        "-S",
        "state.SG.hub=1",
    ];
    let (code, out, _) = ran(dir.path(), &arguments);
    assert_eq!(code, 0);
    for line in [
        "state.SG.talent = 0.5  # a.toml:23",
        "market.data_drag = 0.25  # o.toml:3",
        "state.SG.hub = 1  # command line:1",
        "arm.bloc.mode = \"bloc\"  # built-in arms:7",
    ] {
        assert!(out.lines().any(|other| other == line), "{line} in {out}");
    }
}

#[test]
fn diff_prints_what_differs() {
    let dir = directory();
    let other = SMALL
        .replace("talent = 0.5", "talent = 0.6")
        .replace("gdp = 500", "gdp = 500.0");
    fs::write(
        dir.path().join("b.toml"),
        other + "[dynamics]\nsunk = 0.5\n[[pair]]\nstate = 'SG'\nhyperscaler = 'H'\nfit = 2\n",
    )
    .expect("it is writable");
    let (code, out, err) = ran(dir.path(), &["diff", "a.toml", "b.toml"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_snapshot!(out, @r#"
state.SG.talent: 0.5 -> 0.6
dynamics.sunk: absent -> 0.5
pair.SG.H.fit: absent -> 2
"#);
    let (code, out, err) = ran(dir.path(), &["diff", "a.toml", "a.toml"]);
    assert_eq!(
        (code, out.as_str(), err.as_str()),
        (0, "", "no difference\n")
    );
}

#[test]
fn layers_of_diff_change_the_second_alone() {
    let dir = directory();
    let flags = ["-S", "state.SG.talent=0.7", "-n", "9"];
    let (_, out, _) = ran(
        dir.path(),
        &[&["diff", "a.toml", "a.toml"], &flags[..]].concat(),
    );
    assert_snapshot!(out, @r#"
state.SG.talent: 0.5 -> 0.7
simulation.trials: absent -> 9
"#);
}

#[test]
fn a_shipped_scenario_is_a_base() {
    let dir = directory();
    let text = "extends = 'two-states'\n[[state]]\nid = 'L'\ntalent = 0.9\n";
    fs::write(dir.path().join("b.toml"), text).expect("it is writable");
    let (_, out, err) = ran(dir.path(), &["diff", "two-states", "b.toml"]);
    assert!(
        out.starts_with("state.L.talent: ") && out.lines().count() == 1,
        "{out}{err}"
    );
    let text = "extends = 'two-state'\n";
    fs::write(dir.path().join("b.toml"), text).expect("it is writable");
    let (code, _, err) = ran(dir.path(), &["check", "b.toml"]);
    assert!(
        code == 4 && err.contains("did you mean the shipped scenario `two-states`?"),
        "{err}"
    );
}

#[test]
fn results_that_no_terminal_shows_fit_eighty_columns() {
    let dir = directory();
    for arguments in [
        &["list"][..],
        &["check", "asean-2027"],
        &["run", "asean-2027", "-n", "20", "-q"],
        &["explain", "asean-2027", "--arm", "bloc"],
    ] {
        let (code, out, err) = ran(dir.path(), arguments);
        assert_eq!(code, 0, "{err}");
        for line in out.lines() {
            assert!(line.chars().count() <= 80, "{arguments:?}: {line}");
        }
    }
}

#[test]
fn colour_only_where_wanted() {
    let dir = directory();
    let bad = ["check", "a.toml", "-S", "state.SG.talent=7"];
    let colours = |extra: &[&str], variable: Option<(&str, &str)>| {
        let mut command = program(dir.path());
        command.args(bad).args(extra);
        if let Some((name, value)) = variable {
            command.env(name, value);
        }
        output(&mut command).2.contains('\u{1b}')
    };
    assert!(!colours(&[], None), "a pipe gets none");
    assert!(colours(&["--color", "always"], None));
    assert!(!colours(
        &["--color", "never"],
        Some(("CLICOLOR_FORCE", "1"))
    ));
    assert!(colours(&[], Some(("CLICOLOR_FORCE", "1"))));
    assert!(!colours(&[], Some(("NO_COLOR", "1"))));
}

#[test]
fn list_gives_names_and_questions() {
    let (code, out, err) = ran(directory().path(), &["list"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for name in [
        "asean-2027",
        "two-states",
        "textbook-substitutes",
        "textbook-complements",
    ] {
        assert!(out.lines().any(|line| line == name), "{name} in {out}");
    }
    assert!(out.matches('?').count() >= 4, "{out}");
}

#[test]
fn shipped_scenarios_load_by_name() {
    let dir = directory();
    for name in [
        "asean-2027",
        "two-states",
        "textbook-substitutes.toml",
        "textbook-complements",
    ] {
        let (code, _, err) = ran(dir.path(), &["check", name]);
        assert_eq!(code, 0, "{name}: {err}");
    }
}

#[test]
fn new_starts_a_scenario_and_overwrites_nothing() {
    let dir = directory();
    let (code, out, err) = ran(dir.path(), &["new", "mine"]);
    assert_eq!((code, out.as_str()), (0, ""));
    assert!(err.contains("wrote mine.toml"), "{err}");
    assert_eq!(ran(dir.path(), &["check", "mine.toml"]).0, 0);
    let (code, _, err) = ran(dir.path(), &["new", "mine"]);
    assert_eq!(code, 4);
    assert_eq!(err, "error: cannot write mine.toml: it exists already\n");
    let (code, _, _) = ran(dir.path(), &["new", "copy.toml", "--from", "two-states"]);
    assert_eq!(code, 0);
    assert_eq!(
        ran(dir.path(), &["diff", "copy.toml", "two-states", "-q"]),
        (0, String::new(), String::new())
    );
    let (code, _, err) = ran(dir.path(), &["new", "sub/mine"]);
    let expected =
        "error: cannot write sub/mine.toml: there is no directory sub, or it takes no files\n";
    assert_eq!((code, err.as_str()), (4, expected));
    let (code, _, err) = ran(dir.path(), &["new", "x", "--from", "two-stats"]);
    assert_eq!(
        (code, err.as_str()),
        (
            2,
            "error: there is no shipped scenario `two-stats`; did you mean `two-states`?\n"
        )
    );
    let (code, out, _) = ran(dir.path(), &["new"]);
    assert_eq!((code, out.contains("[[state]]")), (0, true));
}

#[test]
fn texts_are_generated() {
    let dir = directory();
    let (code, out, _) = ran(dir.path(), &["schema"]);
    assert_eq!(code, 0);
    let schema: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(schema["properties"]["state"]["items"]["required"][0], "id");
    assert_eq!(ran(dir.path(), &["schema", "SCENARIO"]).1, out);
    let (code, out, _) = ran(dir.path(), &["schema", "results"]);
    let schema: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let arm = &schema["$defs"]["ArmResult"]["properties"];
    let described = |key: &str| arm[key]["description"].as_str().unwrap_or_default();
    for metric in mufakat::engine::outcome::StateMetric::ALL {
        assert!(
            described("states").contains(metric.name()),
            "{}",
            metric.name()
        );
    }
    for metric in mufakat::engine::outcome::TotalMetric::ALL {
        assert!(
            described("totals").contains(metric.name()),
            "{}",
            metric.name()
        );
    }
    let files = schema["description"].as_str().unwrap_or_default();
    for file in mufakat::study::results::columns::FILES {
        assert!(files.contains(file), "{file}");
    }
    assert_eq!(code, 0);
    let (code, out, _) = ran(dir.path(), &["completions", "bash"]);
    assert!(code == 0 && out.contains("mufakat"), "{out}");
    let (code, out, _) = ran(dir.path(), &["man"]);
    assert!(code == 0 && out.contains(".TH"), "{out}");
    let (code, out, _) = ran(dir.path(), &["man", "check"]);
    assert!(code == 0 && out.contains("mufakat"), "{out}");
    let (code, _, err) = ran(dir.path(), &["man", "chek"]);
    assert_eq!(
        (code, err.as_str()),
        (
            2,
            "error: there is no command `chek`; did you mean `check`?\n"
        )
    );
}

#[test]
fn bad_usage_is_two() {
    let dir = directory();
    for arguments in [
        &["chek"][..],
        &["check"],
        &["check", "a.toml", "-n", "x"],
        &["check", "a.toml", "-n", "0"],
        &["check", "a.toml", "-n", "-1"],
        &["check", "a.toml", "--seed", "-1"],
        &["check", "a.toml", "-S", "state.SG.talent"],
        &["check", "a.toml", "-S", "state.SG.talent="],
        &["check", "a.toml", "-S", "state.SG.talent=[0"],
        &[],
        &["check", "a.toml", "-j", "0"],
    ] {
        let (code, out, err) = ran(dir.path(), arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?}");
        assert!(!err.contains("not a valid scenario"), "{err}");
        if arguments.len() == 4 {
            assert!(
                err.contains("expected") && err.contains("for example"),
                "{err}"
            );
        }
    }
    let (code, out, _) = ran(dir.path(), &["show", "--help"]);
    assert_eq!(code, 0);
    assert!(out.find("Examples:") < out.find("Usage:"), "{out}");
    assert_eq!(ran(dir.path(), &["--version"]).0, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_not() {
    let dir = directory();
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let show = |to: std::process::Stdio| {
        let mut command = program(dir.path());
        output(command.args(["show", "asean-2027"]).stdout(to))
    };
    let (code, _, err) = show(full.into());
    assert_eq!(code, 4);
    assert_eq!(
        err,
        "error: cannot write standard output: no space left on device\n"
    );
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    assert_eq!(show(writer.into()), (0, String::new(), String::new()));
}
