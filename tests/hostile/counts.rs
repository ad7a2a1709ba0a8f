//! Counts without measure are refused, with the most that is taken.

use crate::hostile::{place, write};
use crate::support::program::{check_in, program};
use std::thread::available_parallelism;

/// A study of each kind that has -n.
const STUDIES: [&[&str]; 13] = [
    &["sensitivity", "in.toml", "--method", "pawn"],
    &["sensitivity", "in.toml", "--method", "shapley"],
    &["sweep", "in.toml", "--vary", "market.diversion=0,1"],
    &["compare", "in.toml", "in.toml"],
    &["theories", "in.toml"],
    &["brief", "in.toml", "--state", "A", "--with", "H"],
    &[
        "threshold",
        "in.toml",
        "--solve",
        "arm.bloc.binding",
        "--where",
        "bloc.total.payoff = 1",
    ],
    &["discover", "in.toml", "--when", "bloc.total.payoff < 1"],
    &["pedigree", "in.toml"],
    &["stability", "in.toml", "--arm", "bloc"],
    &["turn", "in.toml"],
    &["advise", "in.toml"],
    &["accords", "in.toml"],
];

#[test]
fn worlds_that_no_memory_holds_are_refused_with_how_many_it_does() {
    let (_place, path) = place();
    for study in STUDIES {
        for many in ["1000000000000", "1000000000000000"] {
            let args = [study, &["-q", "-n", many]].concat();
            let (out, err) = check_in(&path, &args, 2);
            assert_eq!(out, "");
            assert!(err.contains(" at most"), "{args:?}: {err}");
            let planned = [&["plan"], &args[..], &["-o", "plan"]].concat();
            check_in(&path, &planned, 2);
        }
        let args = [study, &["-n", "18446744073709551615"]].concat();
        let (_, err) = check_in(&path, &args, 2);
        assert!(err.contains("from 1 to 1,000,000,000,000,000"), "{err}");
    }
    let (_, err) = check_in(&path, &["run", "in.toml", "-n", "1000000000000001"], 2);
    assert!(err.contains("from 1 to 1,000,000,000,000,000"), "{err}");
    let huge = "simulation.trials=18446744073709551615";
    let (_, err) = check_in(&path, &["check", "in.toml", "-S", huge], 3);
    assert!(err.contains("`simulation.trials` must be"), "{err}");
}

/// Sums alone are held of a run, so that it has no such bound: a plan of it is cut, looked through and refused to be merged.
#[test]
fn a_plan_of_ten_million_million_worlds_is_a_plan() {
    let (_place, path) = place();
    let plan = ["plan", "run", "in.toml", "-n", "10000000000000", "-o", "p"];
    let (out, _) = check_in(&path, &plan, 0);
    assert!(out.contains("10,000,000,000,000 worlds"), "{out}");
    let (out, _) = check_in(&path, &["status", "p"], 1);
    assert!(
        out.contains("10,000,000,000,000 worlds are missing"),
        "{out}"
    );
    check_in(&path, &["merge", "p", "-o", "merged"], 4);
}

#[test]
fn more_threads_than_processors_can_use_are_refused_with_the_most() {
    let (_place, path) = place();
    let most = 4 * available_parallelism().map_or(1, usize::from);
    let said = format!("a whole number from 1 to {most}, 4 for each processor");
    for many in ["20000", &(most + 1).to_string(), "0"] {
        let (_, err) = check_in(&path, &["run", "in.toml", "-j", many], 2);
        assert!(err.contains(&said), "{err}");
    }
    let mut command = program(&path);
    let command = command
        .args(["run", "in.toml"])
        .env("MUFAKAT_THREADS", "20000");
    let output = command.output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    let all = most.to_string();
    check_in(&path, &["run", "in.toml", "-n", "5", "-j", &all], 0);
}

#[test]
fn steps_of_an_axis_have_a_bound_in_every_place() {
    let (_place, path) = place();
    let steps =
        "\n[sweep]\naxis = [{ path = 'market.diversion', from = 0, to = 1, steps = 4294967295 }]\n";
    write(
        &path,
        "steps.toml",
        &("extends = 'in.toml'\nschema = 1\n".to_owned() + steps),
    );
    let (_, err) = check_in(&path, &["check", "steps.toml"], 3);
    assert!(
        err.contains("`sweep.axis.steps` must be an integer from 2 to 1000000"),
        "{err}"
    );
    let vary = [
        "sweep",
        "in.toml",
        "--vary",
        "market.diversion=0:1:4294967295",
    ];
    check_in(&path, &vary, 2);
}

/// Each entry of a list is looked at once, however many lack what they need; past the first no more is shown.
#[test]
fn lists_of_many_entries_are_checked() {
    let (_place, path) = place();
    let own = std::fs::read_to_string(path.join("in.toml")).expect("it is there");
    let many =
        |entry: &dyn Fn(u32) -> String| own.clone() + &(0..100_000).map(entry).collect::<String>();
    let link = |k: u32| format!("[[link]]\nbetween = ['S{k}', 'B']\nefficiency = 0.5\n");
    write(&path, "links.toml", &many(&link));
    let same = |_| "[[link]]\nbetween = ['A', 'B']\nefficiency = 0.5\n".to_owned();
    write(&path, "same.toml", &many(&same));
    let lacking = |k: u32| format!("[[event]]\nname = 'e{k}'\n");
    write(&path, "events.toml", &many(&lacking));
    for (name, said) in [
        ("links.toml", "more\n\n"),
        ("same.toml", "more\n\n"),
        (
            "events.toml",
            "100001 event entries: at most 1000 are allowed",
        ),
    ] {
        let (_, err) = check_in(&path, &["check", name], 3);
        assert!(err.contains(said), "{name}: {err}");
    }
    let empty: String = (0..100_000)
        .map(|k| format!("[[event]]\nname = 'f{k}'\n"))
        .collect();
    write(&path, "over.toml", &empty);
    check_in(&path, &["check", "events.toml", "-f", "over.toml"], 3);
}

#[test]
fn shapes_that_take_for_ever_are_refused_with_the_bound() {
    let (_place, path) = place();
    for (shape, said) in [
        (
            "dist='beta',alpha=1e16,beta=1e16",
            "alpha must be at most 1000000",
        ),
        (
            "dist='beta',alpha=2,beta=1e269",
            "beta must be at most 1000000",
        ),
        (
            "dist='pert',min=0,mode=1,max=2,shape=1e12",
            "shape must be at most 1000000",
        ),
        (
            "dist='pert',min=-1.7e308,mode=0,max=1.7e308",
            "further apart than 1e154",
        ),
        (
            "dist='uniform',min=-1.7e308,max=1.7e308",
            "further apart than 1e154",
        ),
    ] {
        let set = format!("state.A.gdp={{{shape}}}");
        let (_, err) = check_in(&path, &["check", "in.toml", "-S", &set], 3);
        assert!(err.contains(said), "{set}: {err}");
    }
    for shape in [
        "alpha=1e6,beta=1e6",
        "alpha=1e-300,beta=1e6",
        "alpha=1e-12,beta=1e-12",
    ] {
        let set = format!("state.A.gdp={{dist='beta',{shape},min=300,max=600}}");
        check_in(&path, &["run", "in.toml", "-q", "-n", "20", "-S", &set], 0);
    }
}
