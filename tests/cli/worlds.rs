//! `run --worlds` and `run --design`: worlds from outside, and ours to the outside.

use crate::support::program::{TABLES, UNCERTAIN as SCENARIO, check, output, path};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;
use std::process::Command;
use tempfile::TempDir;

struct Place(TempDir);

impl Place {
    fn new() -> Place {
        Place(tempfile::tempdir().expect("a temporary directory"))
    }

    fn at(&self, name: &str) -> String {
        self.0.path().join(name).to_str().expect("UTF-8").to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.0.path().join(name)).expect(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.0.path().join(name), text).expect("writable");
        self.at(name)
    }

    /// The results document of a directory without its manifest, and the manifest.
    fn results(&self, directory: &str) -> (Value, Value) {
        let text = self.read(&format!("{directory}/results.json"));
        let mut document: Value = serde_json::from_str(&text).expect("JSON");
        let manifest = document["manifest"].take();
        (document, manifest)
    }
}

/// The design of a scenario, played, is the run that drew it: under every sampler, correlated or not, on any number of threads.
#[test]
fn a_design_that_is_played_is_the_run_that_drew_it() {
    let tied = "[[correlation]]\nbetween = ['state.A.gdp', 'state.B.gdp']\nrho = 0.7\n";
    // What an event draws hangs on the uniforms of quantities that are columns then, and of constants.
    let set = "'state.A.gdp' = { dist = 'uniform', min = 200, max = 900 }, \
               'market.capital_charge' = { dist = 'uniform', min = 0.05, max = 0.15 }, \
               'event.later.probability' = 0.9";
    let events = format!(
        "[[event]]\nname = 'draws'\nyear = 2027\nprobability = 0.5\nset = {{ {set} }}\n\
         [[event]]\nname = 'later'\nyear = 2030\nprobability = 0.1\nset = {{ 'market.diversion' = 0.5 }}\n"
    );
    let tied_events = tied.to_owned() + &events;
    for (sampler, more) in [
        ("random", tied_events.as_str()),
        ("antithetic", ""),
        ("latin-hypercube", &events),
        ("sobol", &tied_events),
    ] {
        let place = Place::new();
        let sampler = format!("simulation.sampler={sampler}");
        let overlay = place.write("tied.toml", more);
        let base = ["run", SCENARIO, "-q", "-S", &sampler, "-f", &overlay];
        let worlds = place.at("worlds.csv");
        let run = |more: &[&str]| check(&[&base[..], more].concat(), 0);
        run(&["-n", "70", "-o", &place.at("drawn"), "-j", "1"]);
        run(&["-n", "70", "--design", &worlds]);
        run(&["--worlds", &worlds, "-o", &place.at("given"), "-j", "2"]);
        assert_eq!(
            place.results("given").0,
            place.results("drawn").0,
            "{sampler}"
        );
        for table in TABLES {
            let [drawn, given] = ["drawn", "given"].map(|of| place.read(&format!("{of}/{table}")));
            assert_eq!(drawn, given, "{sampler} {table}");
        }
    }
}

/// The command that a design prints plays its worlds as they are, whatever lies over the scenario and however things are called.
#[test]
fn the_command_that_plays_a_design_is_whole() {
    let place = Place::new();
    let overlay = place.write(
        "it's an overlay.toml",
        "[[correlation]]\nbetween = ['state.A.gdp', 'state.B.gdp']\nrho = 0.7\n",
    );
    let scenario = place.write(
        "my scenario.toml",
        &fs::read_to_string(SCENARIO).expect("it"),
    );
    for (sampler, out) in [("random", "r"), ("sobol", "s"), ("latin-hypercube", "l")] {
        let drawn = place.at(&format!("{out} drawn"));
        let base = [
            "run",
            &scenario,
            "-f",
            &overlay,
            "-S",
            &format!("simulation.sampler={sampler}"),
            "-S",
            "market.diversion={ dist = 'uniform', min = 0.2, max = 0.4 }",
            "-S",
            "state.*.talent=0.45",
            "--seed",
            "17",
            "-n",
            "30",
        ];
        check(&[&base[..], &["-q", "-o", &drawn]].concat(), 0);
        let worlds = place.at("the worlds.csv");
        let (_, said) = check(&[&base[..], &["--design", &worlds, "--force"]].concat(), 0);
        let command = said.split('`').nth(1).expect("a command");
        let (program, rest) = command.split_once(' ').expect("words");
        assert_eq!(program, "mufakat");
        let given = place.at("given");
        let line = format!("\"$0\" {rest} -q -o \"$1\"");
        let mut shell = Command::new("sh");
        shell.args(["-c", &line, &path(), &given]);
        let (code, _, err) = output(&mut shell);
        assert_eq!(code, 0, "{command}\n{err}");
        let read = |directory: &str| {
            let (document, _) = place.results(directory);
            (document, place.read(&format!("{directory}/draws.csv")))
        };
        assert_eq!(read("given"), read(&format!("{out} drawn")), "{command}");
        fs::remove_dir_all(given).expect("it is there");
    }
}

/// An event comes where its column says so and nowhere else, whatever its probability and those that others set; what else is drawn is not touched.
#[test]
fn an_event_comes_as_given() {
    let place = Place::new();
    let cells: Vec<&str> = (0..40)
        .map(|k| if k % 3 == 0 { "1" } else { "0" })
        .collect();
    let column = "event.export controls.came";
    let worlds = place.write("w.csv", &format!("{column}\n{}\n", cells.join("\n")));
    let run = |worlds: &str, more: &[&str], out: &str| {
        let out = place.at(out);
        let args = ["run", SCENARIO, "-q", "--worlds", worlds, "-o", &out];
        check(&[&args[..], more].concat(), 0);
    };
    run(&worlds, &[], "given");
    let given = columns(&place.read("given/draws.csv"));
    check(
        &["run", SCENARIO, "-q", "-n", "40", "-o", &place.at("drawn")],
        0,
    );
    for (name, values) in columns(&place.read("drawn/draws.csv")) {
        let found = given
            .iter()
            .find(|(known, _)| *known == name)
            .expect("there");
        match name == column {
            true => assert_eq!(found.1, cells),
            false => assert_eq!(found.1, values, "{name}"),
        }
    }
    // World by world it is the run in which the event comes always, or never.
    let arms = |out: &str| -> Vec<String> {
        let text = place.read(&format!("{out}/arms.csv"));
        text.lines().skip(1).map(str::to_owned).collect()
    };
    let args = ["run", SCENARIO, "-q", "-n", "40", "-S"];
    for (p, out) in [("0", "never"), ("1", "always")] {
        let set = format!("event.export controls.probability={p}");
        check(&[&args[..], &[&set, "-o", &place.at(out)]].concat(), 0);
    }
    let (always, never) = (arms("always"), arms("never"));
    assert_ne!(always, never);
    let lines = always.len() / 40;
    for (at, line) in arms("given").iter().enumerate() {
        let expected = if (at / lines) % 3 == 0 {
            &always
        } else {
            &never
        };
        assert_eq!(line, &expected[at], "line {at}");
    }
    // The resolved scenario needs the table no more, and a probability that is set takes its place.
    let resolved = place.at("given/scenario.resolved.toml");
    check(&["run", &resolved, "-q", "-o", &place.at("again")], 0);
    assert_eq!(arms("again"), arms("given"));
    check(&["replay", &place.at("given")], 0);
    run(
        &worlds,
        &["-S", "event.export controls.probability=0"],
        "set",
    );
    assert_eq!(arms("set"), never);
}

/// A table that cannot be played says so itself; the scenario is not at fault.
#[test]
fn a_wrong_table_is_not_a_wrong_scenario() {
    let place = Place::new();
    for (text, message) in [
        (
            "event.export controls.came\n1\n0.5\n",
            "row 2, column `event.export controls.came` of w.csv: expected 0 or 1",
        ),
        (
            "event.export control.came\n1\n",
            "did you mean `export controls`?",
        ),
        (
            "state.A.gdp\nmany\n",
            "row 1, column `state.A.gdp` of w.csv: expected a finite number",
        ),
        ("state.A.gdpp\n1\n", "did you mean `state.A.gdp`?"),
    ] {
        let worlds = place.write("w.csv", text);
        let (_, err) = check(&["run", SCENARIO, "--worlds", &worlds], 3);
        assert!(err.contains(message), "{err}");
        assert!(!err.contains("not a valid scenario"), "{err}");
        assert_eq!(err.matches("error:").count(), 1, "{err}");
    }
    // With a mistake in the scenario too, all is said.
    let worlds = place.write("w.csv", "state.A.gdp\nmany\n");
    let args = [
        "run",
        SCENARIO,
        "--worlds",
        &worlds,
        "-S",
        "market.diversion=7",
    ];
    let (_, err) = check(&args, 3);
    assert!(err.contains("not a valid scenario: 2 errors"), "{err}");
}

/// A quantity that is given without what it is tied to loses the tie, which is said once and in full; with all of them nothing is said.
#[test]
fn a_tie_that_a_column_ends_is_said() {
    let place = Place::new();
    let rows = |names: &str, row: &str| format!("{names}\n{row}\n{row}\n");
    place.write("d.csv", &rows("t,c,r", "0.4,0.1,0.2"));
    let row =
        |column: &str| format!("{{ dist = 'empirical', file = 'd.csv', column = '{column}' }}");
    let tied = format!(
        "[[correlation]]\nbetween = ['state.A.gdp', 'state.B.gdp']\nrho = 0.7\n\
         [[correlation]]\nbetween = ['state.A.gdp', 'market.diversion']\nrho = 0\n\
         [[correlation]]\nbetween = ['state.B.gdp', 'market.coverage_rate']\nrho = 0.2\n\
         [[state]]\nid = 'A'\ntalent = {}\ncompute = {}\nresidency = {}\n",
        row("t"),
        row("c"),
        row("r")
    );
    let overlay = place.write("tied.toml", &tied);
    let said = |names: &str, row: &str, more: &[&str]| {
        let worlds = place.write("w.csv", &rows(names, row));
        let args = ["run", SCENARIO, "-f", &overlay, "--worlds", &worlds];
        let (_, err) = check(&[&args[..], more].concat(), 0);
        let ties = err.lines().filter(|line| line.contains(" is tied to "));
        ties.map(str::to_owned).collect::<Vec<String>>()
    };
    let alone = "which is drawn as if independent of this column";
    assert_eq!(
        said("state.A.gdp", "500", &[]),
        [format!(
            "warning: `state.A.gdp` is tied to `state.B.gdp`, {alone}"
        )]
    );
    assert_eq!(
        said("state.A.talent,state.A.compute", "0.5,0.2", &[]),
        ["talent", "compute"]
            .map(|key| format!("warning: `state.A.{key}` is tied to `state.A.residency`, {alone}"))
    );
    let both =
        "`market.coverage_rate`, `state.A.gdp`, which are drawn as if independent of this column";
    assert_eq!(
        said("state.B.gdp", "200", &[]),
        [format!("warning: `state.B.gdp` is tied to {both}")]
    );
    // Nothing is lost where the other is given too, or fixed on purpose, or where a stronger layer takes the place of the column.
    let none: [String; 0] = [];
    let whole = "state.A.gdp,state.B.gdp,market.coverage_rate";
    assert_eq!(said(whole, "500,200,1", &[]), none);
    assert_eq!(said("state.A.gdp", "500", &["-S", "state.B.gdp=200"]), none);
    assert_eq!(said("state.A.gdp", "500", &["-S", "state.A.gdp=200"]), none);
    let rest = ["-S", "state.A.residency=0.1", "-S", "state.A.compute=0.1"];
    assert_eq!(said("state.A.talent", "0.5", &rest), none);
}

/// A cell that cannot be is said where it stands, and not that its quantity could not be correlated.
#[test]
fn a_wrong_cell_of_what_is_correlated_is_said_alone() {
    let place = Place::new();
    let tied = "[[correlation]]\nbetween = ['state.A.gdp', 'state.B.gdp']\nrho = 0.7\n";
    let overlay = place.write("tied.toml", tied);
    let worlds = place.write("w.csv", "state.A.gdp,state.B.gdp\n500,200\n400,-3\n");
    let args = ["run", SCENARIO, "-f", &overlay, "--worlds", &worlds];
    let (_, err) = check(&args, 3);
    assert_eq!(err.matches("error:").count(), 1, "{err}");
    let cell = "row 2, column `state.B.gdp` of w.csv";
    assert!(err.contains(cell), "{err}");
    assert!(!err.contains("correlate"), "{err}");
    assert!(!err.contains("not a valid scenario"), "{err}");
}

/// What is no column is drawn as ever, whether the column was uncertain before or not.
#[test]
fn what_is_no_column_is_drawn_as_ever() {
    for sampler in ["random", "latin-hypercube", "sobol"] {
        let place = Place::new();
        let sampler = format!("simulation.sampler={sampler}");
        let base = ["run", SCENARIO, "-q", "-S", &sampler];
        check(
            &[&base[..], &["-n", "40", "-o", &place.at("drawn")]].concat(),
            0,
        );
        let rows: String = (0..40).map(|k| format!("{},0.{k:02}\n", 500 + k)).collect();
        let text = format!("state.A.gdp,market.capital_charge\n{rows}");
        let worlds = place.write("w.csv", &text);
        check(
            &[&base[..], &["--worlds", &worlds, "-o", &place.at("given")]].concat(),
            0,
        );
        let [drawn, given] =
            ["drawn", "given"].map(|of| columns(&place.read(&format!("{of}/draws.csv"))));
        let mut compared = 0;
        for (name, values) in &given {
            let expected: Vec<String> = match name.as_str() {
                "state.A.gdp" => (0..40).map(|k| format!("{}", 500 + k)).collect(),
                "market.capital_charge" => (0..40)
                    .map(|k| format!("{}", f64::from(k) / 100.0))
                    .collect(),
                _ => {
                    compared += 1;
                    let known = drawn.iter().find(|(known, _)| known == name);
                    known.expect("drawn before").1.clone()
                }
            };
            assert_eq!(*values, expected, "{sampler} {name}");
        }
        assert!(compared > 3, "{compared}");
    }
}

/// A table by its columns.
fn columns(text: &str) -> Vec<(String, Vec<String>)> {
    let mut rows = text.lines().map(|line| line.split(','));
    let names = rows.next().expect("a header").map(str::to_owned);
    let mut columns: Vec<(String, Vec<String>)> = names.map(|name| (name, Vec::new())).collect();
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.1.push(cell.to_owned());
        }
    }
    columns
}

/// The manifest names the file by its hash; the directory needs it no more, and another file there is another run.
#[test]
fn worlds_are_of_the_runs_identity() {
    let place = Place::new();
    let text = "state.A.gdp\n700\n800\n900\n650\n";
    let worlds = place.write("w.csv", text);
    let out = place.at("run");
    let args = ["run", SCENARIO, "-q", "--worlds", &worlds, "-o", &out];
    check(&args, 0);
    let (_, manifest) = place.results("run");
    let hash: String = Sha256::digest(text)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let said = format!("--worlds {worlds} (SHA-256 {hash})");
    assert_eq!(manifest["overrides"], serde_json::json!([said]));
    assert_eq!(manifest["trials"], 4);
    fs::remove_file(place.at("run/arms.csv")).expect("it is there");
    check(&[&args[..], &["--resume"]].concat(), 0);
    place.write("w.csv", "state.A.gdp\n701\n800\n900\n650\n");
    let (_, err) = check(&[&args[..], &["--resume"]].concat(), 4);
    assert!(err.contains("another"), "{err}");
    fs::remove_file(&worlds).expect("it is there");
    let (said, _) = check(&["replay", &out], 0);
    assert!(said.contains("every byte"), "{said}");
    let (_, err) = check(&args, 4);
    assert!(err.contains("there is no such file"), "{err}");
    // Methods that judge worlds as they are take the run.
    check(&["sensitivity", &out, "--method", "delta", "-q"], 0);
}

#[test]
fn a_plan_holds_its_worlds() {
    let place = Place::new();
    let rows: String = (0..150).map(|k| format!("{}\n", 500 + k)).collect();
    let worlds = place.write("w.csv", &format!("state.A.gdp\n{rows}"));
    let (plan, whole) = (place.at("plan"), place.at("whole"));
    check(
        &["run", SCENARIO, "-q", "--worlds", &worlds, "-o", &whole],
        0,
    );
    check(
        &[
            "plan", "run", SCENARIO, "-q", "--worlds", &worlds, "-o", &plan,
        ],
        0,
    );
    fs::remove_file(&worlds).expect("it is there");
    for shard in ["0/2", "1/2"] {
        check(&["run", &plan, "-q", "--shard", shard], 0);
    }
    check(&["merge", &plan, "-q", "-o", &place.at("merged")], 0);
    for file in [
        "results.json",
        "trials.csv",
        "draws.csv",
        "scenario.resolved.toml",
    ] {
        let [one, other] = ["whole", "merged"].map(|of| place.read(&format!("{of}/{file}")));
        assert_eq!(one, other, "{file}");
    }
}

#[test]
fn a_set_number_is_no_column_any_more() {
    let place = Place::new();
    let worlds = place.write("w.csv", "trial,state.A.gdp\n0,700\n1,800\n");
    let out = place.at("run");
    check(
        &[
            "run",
            SCENARIO,
            "-q",
            "--worlds",
            &worlds,
            "-S",
            "state.A.gdp=650",
            "-o",
            &out,
        ],
        0,
    );
    let draws = columns(&place.read("run/draws.csv"));
    assert!(draws.iter().all(|(name, _)| name != "state.A.gdp"));
    assert_eq!(draws[0].1.len(), 2);
}

#[test]
fn what_cannot_be_is_refused() {
    let place = Place::new();
    let worlds = place.write("w.csv", "state.A.gdp\n700\n800\n");
    let (_, err) = check(&["run", SCENARIO, "--worlds", &worlds, "-n", "3"], 3);
    assert!(
        err.contains("3 worlds are more than the 2 rows of w.csv"),
        "{err}"
    );
    let (_, err) = check(
        &["run", SCENARIO, "--worlds", &worlds, "--precision", "1%"],
        2,
    );
    assert!(err.contains("--precision"), "{err}");
    let (_, err) = check(&["run", SCENARIO, "--design", "x.csv", "--json"], 2);
    assert!(err.contains("--design"), "{err}");
    let (_, err) = check(
        &[
            "run",
            "textbook-substitutes",
            "-q",
            "--design",
            &place.at("x.csv"),
        ],
        2,
    );
    assert!(err.contains("nothing is uncertain"), "{err}");
    let (_, err) = check(
        &[
            "plan",
            "run",
            SCENARIO,
            "--design",
            "x.csv",
            "-o",
            &place.at("plan"),
        ],
        2,
    );
    assert!(err.contains("--design"), "{err}");
}

/// A design takes the place of no file unless that is asked for: not of the scenario, not of the worlds that it reads.
#[test]
fn a_design_replaces_a_file_with_force_alone() {
    let place = Place::new();
    let text = fs::read_to_string(SCENARIO).expect("it is there");
    let scenario = place.write("s.toml", &text);
    let worlds = place.write("w.csv", "market.capital_charge\n0.1\n0.11\n");
    let refused = |more: &[&str], file: &str, before: &str| {
        let args = ["run", &scenario, "-q", "-n", "2", "--design", file];
        let (_, err) = check(&[&args[..], more].concat(), 4);
        let said = format!(
            "cannot write {file}: it is there already; name another file, or replace it with --force"
        );
        assert!(err.contains(&said), "{err}");
        assert_eq!(fs::read_to_string(file).expect("it is there"), before);
    };
    refused(&[], &scenario, &text);
    let before = place.read("w.csv");
    refused(&["--worlds", &worlds], &worlds, &before);
    let args = ["run", &scenario, "-q", "--worlds", &worlds];
    check(&[&args[..], &["--design", &worlds, "--force"]].concat(), 0);
    assert_eq!(place.read("w.csv").lines().count(), 3);
    assert_ne!(place.read("w.csv"), before);
    let (_, err) = check(&["run", &scenario, "--force"], 2);
    assert!(err.contains("--out") && err.contains("--design"), "{err}");
}

/// What is set takes the place of a column, and that is said.
#[test]
fn what_is_set_over_a_column_is_said() {
    let place = Place::new();
    let event = "event.export controls";
    let worlds = place.write(
        "w.csv",
        &format!("market.capital_charge,{event}.came\n0.1,1\n0.11,0\n"),
    );
    let with = |set: &str| {
        let set = format!("{set}=0.1");
        let args = ["run", SCENARIO, "-n", "2", "--worlds", &worlds, "-S"];
        check(&[&args[..], &[&set]].concat(), 0).1
    };
    for (set, column) in [
        ("market.capital_charge", "market.capital_charge".to_owned()),
        (&format!("{event}.probability"), format!("{event}.came")),
    ] {
        let err = with(set);
        let written = |path: &str| path.replace("export controls", "\"export controls\"");
        let (set, column) = (written(set), written(&column));
        let said = format!("`--set {set}` takes the place of the column `{column}` of --worlds");
        assert!(err.contains(&said), "{err}");
        assert_eq!(err.matches("takes the place").count(), 1, "{err}");
    }
    let other = with("market.diversion");
    assert!(!other.contains("takes the place"), "{other}");
}

/// What an event draws at the rank of a row, a table of values cannot give again.
#[test]
fn a_design_of_what_hangs_on_the_rank_of_a_row_is_refused() {
    let place = Place::new();
    place.write("rows.csv", "a\n0.3\n0.4\n0.6\n");
    let scenario = |to: &str| {
        let text = format!(
            "extends = 'two-states'\n[market]\n\
             outside_efficiency = {{ dist = 'empirical', file = 'rows.csv', column = 'a' }}\n\
             [[event]]\nname = 'e'\nyear = 2027\nprobability = 0.5\n\
             set = {{ 'market.outside_efficiency' = {to} }}\n"
        );
        place.write("rows.toml", &text)
    };
    let worlds = place.at("w.csv");
    let design = |scenario: &str, code: i32| {
        let args = ["run", scenario, "-q", "-n", "40", "--design", &worlds];
        check(&args, code).1
    };
    let err = design(&scenario("{ dist = 'uniform', min = 0.1, max = 0.5 }"), 2);
    let said = "is drawn at the rank of market.outside_efficiency among rows of a file, which a table of worlds does not hold; let the event set a number";
    assert!(err.contains(said), "{err}");
    assert!(!std::path::Path::new(&worlds).exists());
    let scenario = scenario("0.2");
    design(&scenario, 0);
    let run = |more: &[&str], out: &str| {
        let out = place.at(out);
        let args = ["run", &scenario, "-q", "-n", "40", "-o", &out];
        check(&[&args[..], more].concat(), 0);
    };
    run(&[], "drawn");
    run(&["--worlds", &worlds], "given");
    assert_eq!(place.results("given").0, place.results("drawn").0);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_says_how_it_is_built_in() {
    let place = Place::new();
    let worlds = place.write("w.parquet", "PAR1");
    for args in [["--worlds", &worlds], ["--design", &place.at("x.parquet")]] {
        let (_, err) = check(&[&["run", SCENARIO, "-q"], &args[..]].concat(), 2);
        assert!(err.contains("built without Parquet"), "{err}");
    }
}

#[cfg(feature = "parquet")]
#[test]
fn worlds_in_parquet_are_those_in_csv() {
    let place = Place::new();
    let [csv, parquet] = ["w.csv", "w.parquet"].map(|name| place.at(name));
    for (file, out) in [(&csv, "csv"), (&parquet, "parquet")] {
        check(&["run", SCENARIO, "-q", "-n", "30", "--design", file], 0);
        let out = place.at(out);
        check(
            &[
                "run", SCENARIO, "-q", "--worlds", file, "--format", "csv", "-o", &out,
            ],
            0,
        );
    }
    assert_eq!(place.results("csv").0, place.results("parquet").0);
    let bytes = fs::read(&parquet).expect("written");
    let hash: String = Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let (_, manifest) = place.results("parquet");
    assert_eq!(
        manifest["overrides"][0],
        format!("--worlds {parquet} (SHA-256 {hash})")
    );
}
