//! Studies cut into shards: merged bytes are those of one machine, and whatever damages a shard is found and named.

#[cfg(target_os = "linux")]
mod cluster;
mod damage;
mod holes;
mod learning;
#[cfg(target_os = "linux")]
mod races;
#[cfg(target_os = "linux")]
mod recipes;
mod results;
#[cfg(target_os = "linux")]
mod slurm;

use crate::support::program::{TABLES, UNCERTAIN as SCENARIO, check, output, path, program, root};
use mufakat::cli::cluster::plan::Plan;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// Files of a directory but its manifest, which says when and how long.
fn files(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(directory).expect("a directory");
    let paths = entries.map(|entry| entry.expect("readable").path());
    let named = paths.filter(|path| path.is_file()).map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy();
        (name.into_owned(), fs::read(&path).expect("a file"))
    });
    named.filter(|(name, _)| name != "manifest.json").collect()
}

/// A temporary directory with places in it.
struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(TempDir::new().expect("a temporary directory"))
    }

    fn at(&self, name: &str) -> String {
        let path = self.0.path().join(name);
        path.to_str().expect("UTF-8").to_owned()
    }

    /// Plans a study and returns the directory of the plan.
    #[track_caller]
    fn planned(&self, study: &[&str]) -> String {
        let plan = self.at("plan");
        check(&[&["plan"], study, &["-q", "-o", &plan]].concat(), 0);
        plan
    }

    /// Plans a run of so many worlds, plays a shard of it and returns the plan.
    #[track_caller]
    fn played(&self, worlds: &str, shard: &str) -> Plan {
        let path = self.planned(&["run", SCENARIO, "-n", worlds]);
        play(&path, shard);
        Plan::load(Path::new(&path)).expect("a plan")
    }
}

#[track_caller]
fn play(plan: &str, shard: &str) -> String {
    check(&["run", plan, "--shard", shard], 0).1
}

/// One machine and shards in disorder: the same files and the same text.
#[track_caller]
fn same_bytes(study: &[&str], cuts: &[u64], code: i32, expected: &[&str]) {
    let place = Place::new();
    let whole = place.at("whole");
    let (text, _) = check(&[study, &["-q", "-o", &whole]].concat(), code);
    let names = files(Path::new(&whole)).into_keys();
    assert_eq!(names.collect::<Vec<_>>(), expected);
    for &of in cuts {
        let place = Place::new();
        let (plan, merged) = (place.planned(study), place.at("merged"));
        // Odd ones, then even ones: 1 3 5 0 2 4 6 for seven.
        let order = (0..of).filter(|index| index % 2 == 1);
        for index in order.chain((0..of).step_by(2)) {
            play(&plan, &format!("{index}/{of}"));
        }
        check(&["status", &plan], 0);
        let (of_merge, _) = check(&["merge", &plan, "-q", "-o", &merged], code);
        assert_eq!(of_merge, text, "{of} shards");
        assert_eq!(
            files(Path::new(&merged)),
            files(Path::new(&whole)),
            "{of} shards"
        );
        if code == 0 {
            check(&["replay", &merged], 0);
        }
    }
}

#[test]
fn a_run() {
    let mut files = [&TABLES[..], &["results.json", "scenario.resolved.toml"]].concat();
    files.sort_unstable();
    same_bytes(&["run", SCENARIO, "-n", "500"], &[1, 3, 7], 0, &files);
}

#[test]
fn a_run_of_a_design_that_keeps_little() {
    let study = [
        "run",
        SCENARIO,
        "-n",
        "256",
        "--keep",
        "summary",
        "-S",
        "simulation.sampler=sobol",
        "--reference",
        "bloc",
    ];
    let tables = ["draws.csv", "results.json", "scenario.resolved.toml"];
    same_bytes(&study, &[3], 0, &tables);
}

#[test]
fn a_sweep() {
    let study = [
        "sweep",
        SCENARIO,
        "-n",
        "40",
        "--vary",
        "market.diversion=0.2,0.4,0.5",
        "--vary",
        "bargaining.foresight=0,1",
    ];
    let tables = [
        "cells.csv",
        "map.csv",
        "results.json",
        "scenario.resolved.toml",
    ];
    same_bytes(&study, &[1, 3, 7], 0, &tables);
}

#[test]
fn a_sweep_that_keeps_its_worlds() {
    let study = [
        "sweep",
        SCENARIO,
        "-n",
        "40",
        "--vary",
        "market.diversion=0.2:0.5",
        "--latin",
        "3",
        "--keep",
        "trials",
    ];
    let tables = [
        "cells.csv",
        "results.json",
        "scenario.resolved.toml",
        "worlds.csv",
    ];
    same_bytes(&study, &[1, 2], 0, &tables);
}

#[test]
fn sensitivities() {
    let tables = ["cells.csv", "results.json", "scenario.resolved.toml"];
    let output = "bloc.total.payoff.difference";
    for (method, cuts) in [
        ("sobol", &[1, 3, 7][..]),
        ("tornado", &[3]),
        ("delta", &[3]),
    ] {
        let study = [
            "sensitivity",
            SCENARIO,
            "--method",
            method,
            "-n",
            "64",
            "--factors",
            "market.*",
            "--output",
            output,
        ];
        same_bytes(&study, cuts, 0, &tables);
    }
    let morris = ["sensitivity", SCENARIO, "--method", "morris"];
    same_bytes(&morris, &[3], 0, &tables);
    let groups = ["--group", "auto", "-n", "64", "--output", output];
    for (method, more) in [
        ("sobol", &[][..]),
        ("shapley", &[]),
        ("evppi", &["--group", "members=bloc.window.1.member.*"]),
    ] {
        let study = ["sensitivity", SCENARIO, "--method", method];
        same_bytes(&[&study[..], &groups, more].concat(), &[3], 0, &tables);
    }
}

#[test]
fn stabilities() {
    let study = ["stability", "core-three", "-n", "100", "--farsighted"];
    let tables = ["coalitions.csv", "results.json", "scenario.resolved.toml"];
    same_bytes(&study, &[1, 3, 7], 0, &tables);
}

#[test]
fn studies_without_tables() {
    let names = ["results.json", "scenario.resolved.toml"];
    let when = "bloc.total.payoff > 3";
    let discover = ["discover", SCENARIO, "-n", "200", "--when", when];
    same_bytes(&discover, &[1, 3], 0, &names);
    let theories = ["theories", SCENARIO, "-n", "10"];
    same_bytes(&theories, &[3], 0, &names);
    let equation = "bloc.total.payoff.difference = 0.5";
    let solve = ["--solve", "market.diversion", "--where", equation];
    let threshold = [&["threshold", SCENARIO, "-n", "40"], &solve[..]].concat();
    same_bytes(&threshold, &[1], 0, &names);
}

#[cfg(feature = "html")]
#[test]
fn comparisons() {
    let study = ["compare", SCENARIO, "two-states", "-n", "50"];
    let tables = [
        "report.html",
        "results.json",
        "scenario.resolved.toml",
        "two-states.resolved.toml",
    ];
    same_bytes(&study, &[1, 3], 0, &tables);
}

#[cfg(feature = "html")]
#[test]
fn pedigrees() {
    let study = ["pedigree", SCENARIO, "-n", "200"];
    let names = ["pedigree.html", "results.json", "scenario.resolved.toml"];
    same_bytes(&study, &[1, 3], 0, &names);
}

#[cfg(feature = "html")]
#[test]
fn accords() {
    let study = ["accords", SCENARIO, "-n", "40", "--plays", "1000"];
    let names = [
        "accords.html",
        "accords.toml",
        "results.json",
        "scenario.resolved.toml",
    ];
    same_bytes(&study, &[1], 0, &names);
}

#[cfg(feature = "html")]
#[test]
fn turns() {
    let study = ["turn", SCENARIO, "-n", "100", "--starts", "20"];
    let names = ["results.json", "scenario.resolved.toml", "turn.html"];
    same_bytes(&study, &[1], 0, &names);
}

#[cfg(feature = "html")]
#[test]
fn briefs() {
    let state = ["brief", SCENARIO, "--state", "A", "--with", "H", "-n", "40"];
    let bloc = [
        "brief", SCENARIO, "--accord", "bloc", "--with", "G", "-n", "40",
    ];
    let tables = ["brief.html", "results.json", "scenario.resolved.toml"];
    same_bytes(&state, &[1, 3], 0, &tables);
    same_bytes(&bloc, &[2], 0, &tables);
}

#[test]
fn a_world() {
    let study = ["explain", SCENARIO, "--trial", "3"];
    let tables = ["results.json", "scenario.resolved.toml"];
    same_bytes(&study, &[1], 0, &tables);
}

/// Cells that fail are told in every way as on one machine.
#[test]
fn a_sweep_with_a_cell_that_fails() {
    // With a standard deviation this large some draw of the second cell is below zero.
    let unsure = "{dist = 'normal', mean = 0.02, sd = 0.02}";
    let vary = format!("hyperscaler.H.entry_cost=0.02,{unsure},0.03");
    let study = ["sweep", SCENARIO, "-n", "50", "--vary", &vary];
    let tables = ["cells.csv", "results.json", "scenario.resolved.toml"];
    same_bytes(&study, &[3], 5, &tables);
}

/// A plan holds all that it needs, says the same wherever it is made, and does not take options of its own study twice.
#[test]
fn a_plan_stands_alone() {
    let place = Place::new();
    let (scenario, overlay) = (place.at("mine.toml"), place.at("more.toml"));
    fs::copy(SCENARIO, &scenario).expect("writable");
    fs::write(&overlay, "[market]\ndiversion = 0.3\n").expect("writable");
    let study = [
        "run",
        &scenario,
        "-f",
        &overlay,
        "-n",
        "130",
        "-S",
        "bargaining.foresight=0.5",
    ];
    let whole = place.at("whole");
    check(&[&study[..], &["-q", "-o", &whole]].concat(), 0);
    let plan = place.planned(&study);
    let text = fs::read(Path::new(&plan).join("plan.json")).expect("readable");
    let again = place.at("again");
    check(
        &[&["plan"], &study[..], &["-q", "-j", "1", "-o", &again]].concat(),
        0,
    );
    assert_eq!(
        fs::read(Path::new(&again).join("plan.json")).expect("readable"),
        text
    );
    check(&[&["plan"], &study[..], &["-q", "-o", &plan]].concat(), 0);
    fs::remove_file(&scenario).expect("it was there");
    fs::write(&overlay, "[market]\ndiversion = 0.9\n").expect("writable");
    let (_, err) = check(&["run", &plan, "-n", "5"], 2);
    assert!(
        err.contains("is a plan, which holds its own options: leave out -n"),
        "{err}"
    );
    let said = check(&["run", &plan], 0).1;
    assert!(said.contains("worlds 0 to 129 are in"), "{said}");
    let merged = place.at("merged");
    check(&["merge", &plan, "-q", "-o", &merged], 0);
    assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)));
    let (_, err) = check(&["merge", &plan, "-o", &merged], 4);
    assert!(err.contains("--resume"), "{err}");
    check(&["merge", &plan, "-q", "-o", &merged, "--force"], 0);
    assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)));
}

/// Shards of several cuts complete each other; what is left is played by `run` alone.
#[test]
fn any_cut_will_do() {
    let study = ["run", SCENARIO, "-n", "600"];
    let place = Place::new();
    let whole = place.at("whole");
    check(&[&study[..], &["-q", "-o", &whole]].concat(), 0);
    let plan = place.planned(&study);
    for shard in ["2/3", "1/7", "9/10", "999/1000"] {
        play(&plan, shard);
    }
    let (_, err) = check(&["run", &plan, "--shard", "3/3"], 2);
    assert!(err.contains("the shards of 3 are 0/3 to 2/3"), "{err}");
    // Blocks have 64 worlds: 1/7 is block 1, 2/3 are blocks 6 to 9, the others within.
    let (out, _) = check(&["status", &plan], 1);
    let first = "320 of 600 worlds are missing (0 to 63, 128 to 383).\n";
    assert_eq!(out, first);
    let (out, _) = check(&["status", &plan, "--missing", "--shards", "5"], 1);
    // Block 0 alone is no shard of five.
    assert_eq!(out, "0/10\n1/5\n2/5\n");
    let (out, _) = check(&["status", &plan, "--json", "--shards", "5"], 1);
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(json["shards"], 5);
    assert_eq!(
        json["missing_shards"],
        serde_json::json!(["0/10", "1/5", "2/5"])
    );
    let (_, err) = check(&["merge", &plan, "-o", &place.at("early")], 4);
    assert!(err.contains("320 of 600 worlds are missing"), "{err}");
    assert!(!Path::new(&place.at("early")).exists());
    check(&["resume", &plan, "-q"], 0);
    for command in ["run", "resume"] {
        let said = check(&[command, &plan], 0).1;
        assert!(said.contains("is complete: nothing to play"), "{said}");
    }
    let (out, _) = check(&["status", &plan, "--missing"], 0);
    assert_eq!(out, "");
    let merged = place.at("merged");
    check(&["merge", &plan, "-q", "-o", &merged], 0);
    assert_eq!(files(Path::new(&merged)), files(Path::new(&whole)));
}

/// A plan knows files by their names, in a document that is text.
#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_text() {
    use std::os::unix::ffi::OsStringExt;
    let place = Place::new();
    let mut name = place.at("more.toml").into_bytes();
    name.push(0xff);
    let name = std::ffi::OsString::from_vec(name);
    fs::write(&name, "[market]\ndiversion = 0.3\n").expect("writable");
    let mut command = program(root());
    let command = command.args(["plan", "run", SCENARIO, "-o", &place.at("plan"), "-f"]);
    let (code, _, err) = output(command.arg(&name));
    assert_eq!(code, 2, "{err}");
    assert!(
        err.contains("is not UTF-8") && err.contains("rename the file"),
        "{err}"
    );
}

#[test]
fn what_no_machine_can_play_is_not_planned() {
    let place = Place::new();
    let plan = place.at("plan");
    let most = u64::MAX.to_string();
    let bound = "from 1 to 1,000,000,000,000,000";
    let sobol = [
        "sensitivity",
        SCENARIO,
        "--method",
        "sobol",
        "--factors",
        "market.*",
    ];
    for (study, worlds, words) in [
        (&sobol[..], "600000", "-n 524288 at most"),
        (&sobol, &most, bound),
        (
            &["sweep", SCENARIO, "--vary", "market.diversion=0,1"],
            "1000000000000000",
            "of memory, of which there is",
        ),
        (&["run", SCENARIO], &most, bound),
    ] {
        let (_, err) = check(
            &[&["plan"], study, &["-n", worlds, "-o", &plan]].concat(),
            2,
        );
        assert!(err.contains(words), "{err}");
        assert!(!Path::new(&plan).exists());
    }
}

#[test]
fn what_a_plan_cannot_use_is_refused() {
    let place = Place::new();
    let plan = place.at("plan");
    let (_, err) = check(&["plan", "run", SCENARIO], 2);
    assert!(err.contains("--out <DIR>"), "{err}");
    let (_, err) = check(
        &["plan", "run", SCENARIO, "--precision", "1%", "-o", &plan],
        2,
    );
    let words = "it does not use --precision: a plan has a fixed number of worlds, which -n says";
    assert!(err.contains(words), "{err}");
    let (_, err) = check(&["sweep", SCENARIO, "--shard", "0/3"], 2);
    assert!(err.contains("`mufakat run PLAN --shard I/N`"), "{err}");
    let (_, err) = check(&["run", SCENARIO, "--shard", "0/1"], 4);
    assert!(err.contains("holds no plan"), "{err}");
    let study = ["sensitivity", SCENARIO, "--method", "delta", "-n", "50"];
    let run = place.at("run");
    check(&["run", SCENARIO, "-q", "-n", "50", "-o", &run], 0);
    let of_run = [
        "plan",
        "sensitivity",
        &run,
        "--method",
        "delta",
        "-o",
        &plan,
    ];
    let (_, err) = check(&of_run, 4);
    assert!(
        err.contains("is a finished run, of which nothing is left to play"),
        "{err}"
    );
    place.planned(&study);
    let (_, err) = check(&["sweep", &plan, "--vary", "market.diversion=0,1"], 4);
    assert!(
        err.contains("is the directory of a plan, of which `mufakat run"),
        "{err}"
    );
    let document = format!("{plan}/plan.json");
    for args in [&["run", &document][..], &["status", &document]] {
        let (_, err) = check(args, 4);
        let words = format!("is a file; name the directory of the plan, {plan}");
        assert!(err.contains(&words), "{err}");
    }
    let (_, err) = check(&["plan", "run", SCENARIO, "-n", "50", "-o", &plan], 4);
    assert!(
        err.contains("holds another plan; --force replaces it"),
        "{err}"
    );
    let (_, err) = check(&["plan", "run", SCENARIO, "-n", "50", "-o", &run], 4);
    assert!(err.contains("is not empty and holds no plan"), "{err}");
}

/// What the help of a plan shows it takes, and what it hides is refused with what does instead.
#[test]
fn the_help_of_a_plan_is_its_own() {
    let place = Place::new();
    let of_plan = |study: &str| check(&["plan", study, "--help"], 0).0;
    for (study, hidden) in [
        (
            "run",
            &[
                "--precision",
                "--fail-if",
                "--dry-run",
                "--json",
                "--resume",
                "--shard",
            ][..],
        ),
        ("sweep", &["--dry-run", "--json", "--resume"]),
        ("sensitivity", &["--json", "--resume"]),
        ("stability", &["--dry-run", "--json"]),
    ] {
        let help = of_plan(study);
        for option in hidden {
            let listed = |line: &str| line.trim_start().starts_with(option);
            assert!(!help.lines().any(listed), "{study} {option}\n{help}");
        }
        assert!(
            help.contains("--out <DIR>") && help.contains("Directory of the plan"),
            "{help}"
        );
        assert!(help.contains("Replace another plan there"), "{help}");
        // Its examples, small.
        let text = help.replace("\\\n", "");
        let examples = text
            .lines()
            .filter_map(|line| line.strip_prefix("  mufakat "));
        let examples: Vec<&str> = examples.collect();
        assert!(!examples.is_empty(), "{help}");
        for (number, example) in examples.into_iter().enumerate() {
            let words = example.replace('\'', "");
            let mut words: Vec<&str> = words.split_whitespace().collect();
            let out = place.at(&format!("{study}{number}"));
            *words.last_mut().expect("a directory") = &out;
            let worlds = words.iter().position(|word| *word == "-n");
            if let Some(at) = worlds {
                words[at + 1] = "16";
            } else {
                words.extend(["-n", "16"]);
            }
            check(&[&words[..], &["-q"]].concat(), 0);
        }
    }
    let (out, _) = check(
        &[
            "plan",
            "run",
            SCENARIO,
            "-n",
            "20",
            "-q",
            "-o",
            &place.at("quiet"),
        ],
        0,
    );
    assert_eq!(out, "");
}

/// Few worlds are said before they are played on many machines.
#[test]
fn few_worlds_are_said_when_they_are_planned() {
    for study in [
        &["run", SCENARIO, "-n", "64"][..],
        &["stability", SCENARIO, "-n", "64"],
        &[
            "sweep",
            SCENARIO,
            "-n",
            "20",
            "--vary",
            "market.diversion=0,1",
        ],
        &[
            "sensitivity",
            SCENARIO,
            "-n",
            "64",
            "--method",
            "sobol",
            "--factors",
            "market.*",
        ],
    ] {
        let place = Place::new();
        let (_, err) = check(&[&["plan"], study, &["-o", &place.at("plan")]].concat(), 0);
        assert!(err.contains("worlds are few"), "{study:?}: {err}");
    }
}

/// A document that is lost or altered is written again by the command that wrote it, and shards stay of use.
#[test]
fn a_lost_document_is_written_again() {
    let place = Place::new();
    let study = ["run", SCENARIO, "-n", "100"];
    let plan = place.planned(&study);
    play(&plan, "0/1");
    let document = Path::new(&plan).join("plan.json");
    let text = fs::read(&document).expect("readable");
    fs::remove_file(&document).expect("it was there");
    let (_, err) = check(&["status", &plan], 4);
    assert!(
        err.contains("has shards, but no plan.json: give the command"),
        "{err}"
    );
    place.planned(&study);
    check(&["status", &plan], 0);
    fs::write(&document, &text[..100]).expect("writable");
    let (_, err) = check(&["status", &plan], 4);
    assert!(err.contains("with --force and the same -o"), "{err}");
    let again = [&["plan"], &study[..], &["-q", "--force", "-o", &plan]].concat();
    check(&again, 0);
    check(&["status", &plan], 0);
    assert_eq!(fs::read(&document).expect("readable"), text);
}

/// Commands that are shown work as they stand, whatever a directory is called.
#[test]
fn commands_that_are_shown_can_be_given() {
    let place = Place::new();
    let plan = place.at("it's my plan");
    let typed = |command: &str| -> (i32, String) {
        let rest = command.strip_prefix("mufakat ").expect(command);
        let mut shell = Command::new("sh");
        let line = format!("cd \"$1\" && \"$0\" {rest}");
        shell.args(["-c", &line, &path(), &place.at(".")]);
        let (code, out, err) = output(&mut shell);
        (code, out + &err)
    };
    let (out, err) = check(&["plan", "run", SCENARIO, "-n", "64", "-o", &plan], 0);
    let said = out + &err;
    let lines = said.lines().filter_map(|line| line.strip_prefix("  "));
    let commands: Vec<&str> = lines.filter(|line| line.starts_with("mufakat ")).collect();
    let [shard, status, merge] = commands[..] else {
        panic!("three commands: {said}");
    };
    let between = |said: &str| -> String {
        let command = said.split('`').find(|part| part.starts_with("mufakat "));
        command.expect(said).to_owned()
    };
    // Before it is whole, merging says how to go on.
    let (code, said) = typed(merge);
    assert_ne!(code, 0, "{said}");
    let resume = between(&said);
    assert!(resume.starts_with("mufakat resume "), "{said}");
    assert_eq!(typed(shard).0, 0, "{shard}");
    assert_eq!(typed(&resume).0, 0, "{resume}");
    let (code, said) = typed(status);
    assert_eq!(code, 0, "{status}\n{said}");
    let merge_again = between(&said);
    assert_eq!(merge_again, merge);
    let (code, said) = typed(&format!("{merge} -q"));
    assert_eq!(code, 0, "{merge}\n{said}");
}
