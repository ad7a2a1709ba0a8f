//! What learns from worlds, changes the theory or looks for a level, cut and merged as a user does.

use super::{Place, SCENARIO, files, play, same_bytes};
use crate::support::program::{check, root, started};
use std::fs;
use std::path::Path;
use std::time::Duration;

const NAMES: [&str; 2] = ["results.json", "scenario.resolved.toml"];

const BY_STATE: [&str; 10] = [
    "threshold",
    SCENARIO,
    "-n",
    "30",
    "--solve",
    "state.*.bargaining_power",
    "--by",
    "state",
    "--where",
    "bilateral.state.*.payoff = 0.3",
];

/// Factors of every kind, regrets, one arm, a level for each state.
#[test]
fn options_of_what_learns() {
    let when = "bilateral.window.1.total.deals < 4";
    let discover = ["discover", SCENARIO, "-n", "300", "--when", when];
    let factors = ["event.*", "market.*", "bloc.window.1.member.*"];
    let factors = factors.iter().flat_map(|one| ["--factors", one]);
    let robust: Vec<&str> = discover
        .into_iter()
        .chain(factors)
        .chain(["--robustness"])
        .collect();
    same_bytes(&robust, &[4], 0, &NAMES);
    let theories = ["theories", SCENARIO, "-n", "10", "--arm", "bloc"];
    same_bytes(&theories, &[5], 0, &NAMES);
    same_bytes(&BY_STATE, &[1, 2], 0, &NAMES);
}

/// A shard that was killed leaves nothing that counts; what is missing is played, and the bytes are those of one machine.
#[test]
fn a_killed_shard_of_each() {
    let worlds =
        |n: &'static str, study: &[&'static str]| [&study[..2], &["-n", n], &study[2..]].concat();
    let when = ["discover", SCENARIO, "--when", "bloc.total.payoff > 3"];
    let studies = [
        worlds("12000", &when),
        worlds("400", &["theories", SCENARIO]),
        worlds(
            "800",
            &[
                "threshold",
                SCENARIO,
                "--solve",
                "market.diversion",
                "--where",
                "bloc.total.payoff.difference = 0.05",
            ],
        ),
    ];
    for study in studies {
        let place = Place::new();
        let (plan, whole, merged) = (place.planned(&study), place.at("whole"), place.at("merged"));
        let mut child = started(root(), &["run", &plan, "--shard", "0/1"]);
        let begun = || {
            fs::read_dir(Path::new(&plan).join("shards")).is_ok_and(|mut all| all.next().is_some())
        };
        while !begun() && child.try_wait().expect("a child").is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("SIGKILL");
        child.wait().expect("it ends");
        let (out, _) = check(&["status", &plan], 1);
        assert!(out.contains("missing"), "{study:?}: {out}");
        check(&["merge", &plan, "-o", &merged], 4);
        check(&["resume", &plan, "-q"], 0);
        check(&["status", &plan], 0);
        let (of_merge, _) = check(&["merge", &plan, "-q", "-o", &merged], 0);
        let (text, _) = check(&[&study[..], &["-q", "-o", &whole]].concat(), 0);
        assert_eq!(of_merge, text);
        assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)));
    }
}

/// Points that hang on each other are one shard, and no message counts them.
#[test]
fn a_threshold_is_one_shard() {
    let place = Place::new();
    let path = place.at("plan");
    let (out, _) = check(&[&["plan"], &BY_STATE[..], &["-o", &path]].concat(), 0);
    let said = out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("Its points hang on each other, so that one shard plays them all:"),
        "{out}"
    );
    assert!(!said.contains("Any number"), "{out}");
    let (out, _) = check(&["status", &path], 1);
    assert_eq!(out, "All points are missing.\n");
    let (_, err) = check(&["merge", &path, "-o", &place.at("merged")], 4);
    assert!(
        err.contains("is not complete: all points are missing"),
        "{err}"
    );
    let said = ["0/3", "1/3", "2/3"].map(|shard| play(&path, shard));
    assert_eq!(
        said.iter()
            .filter(|one| one.contains("all points are in"))
            .count(),
        1
    );
    assert_eq!(
        said.iter()
            .filter(|one| one.contains("nothing to play"))
            .count(),
        2
    );
    let (out, _) = check(&["status", &path], 0);
    assert!(
        out.starts_with("All points are there: `mufakat merge"),
        "{out}"
    );
}

/// A finished run is read where its worlds suffice, and has nothing to plan; others are told where its scenario lies.
#[test]
fn of_a_finished_run() {
    let place = Place::new();
    let (run, plan) = (place.at("run"), place.at("plan"));
    check(&["run", SCENARIO, "-q", "-n", "200", "-o", &run], 0);
    let when = ["discover", run.as_str(), "--when", "bloc.total.payoff > 3"];
    check(&[&when[..], &["-q"]].concat(), 0);
    let (_, err) = check(&[&["plan"], &when[..], &["-o", &plan]].concat(), 4);
    assert!(
        err.contains("nothing is left to play: leave out `plan`"),
        "{err}"
    );
    let resolved = Path::new(&run).join("scenario.resolved.toml");
    let solve = [
        "--solve",
        "market.diversion",
        "--where",
        "bloc.total.payoff = 3",
    ];
    for study in [
        &["theories", &run][..],
        &[&["threshold", run.as_str()], &solve[..]].concat(),
    ] {
        let (_, err) = check(&[&["plan"], study, &["-o", &plan]].concat(), 4);
        let words = format!("whose scenario is {}", resolved.display());
        assert!(err.contains(&words), "{err}");
    }
    let theories = ["theories", resolved.to_str().expect("UTF-8"), "-n", "10"];
    same_bytes(&theories, &[2], 0, &NAMES);
}
