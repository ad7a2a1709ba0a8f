//! Axes that move together, in equal ratios, or as a Latin hypercube.

use super::{SCENARIO, json};
use crate::support::program::{check, check_in, words};
use serde_json::{Value, json};
use std::fs;

fn values(sweep: &Value, path: &str) -> Vec<f64> {
    let cells = sweep["cells"].as_array().expect("cells").iter();
    let values = cells.map(|cell| cell["values"][path].as_f64());
    values.map(|value| value.expect("a number")).collect()
}

#[test]
fn axes_that_move_together_are_the_cells_of_a_diagonal() {
    let vary = [
        "--vary",
        "market.diversion=0.2,0.4,0.6",
        "--vary",
        "dynamics.lock_in=0.1:0.4:3:log",
    ];
    let args = ["sweep", SCENARIO, "-n", "20", "--json"];
    let zipped = json(&[&args[..], &vary, &["--zip"]].concat());
    assert_eq!(zipped["design"], "zip");
    assert_eq!(values(&zipped, "market.diversion"), [0.2, 0.4, 0.6]);
    assert_eq!(values(&zipped, "dynamics.lock_in"), [0.1, 0.2, 0.4]);
    let crossed = json(&[&args[..], &vary].concat());
    assert_eq!(crossed["cells"].as_array().map(Vec::len), Some(9));
    for diagonal in 0..3 {
        assert_eq!(zipped["cells"][diagonal], crossed["cells"][4 * diagonal]);
    }
    let text = check(&[&args[..4], &vary, &["--zip"]].concat(), 0).0;
    assert!(text.contains("of 3 cells"), "{text}");
}

#[test]
fn a_latin_hypercube_lies_over_the_ranges() {
    let vary = [
        "--vary",
        "market.diversion=0.1:0.5",
        "--vary",
        "dynamics.lock_in=0.01:1:log",
        "--latin",
        "8",
    ];
    let args = ["sweep", SCENARIO, "-n", "20", "--json"];
    let sweep = json(&[&args[..], &vary].concat());
    assert_eq!(sweep["design"], "latin-hypercube");
    let strata = |path: &str, share: &dyn Fn(f64) -> f64| {
        let strata = values(&sweep, path).into_iter();
        let mut strata: Vec<u64> = strata.map(|x| (8.0 * share(x)) as u64).collect();
        strata.sort_unstable();
        strata
    };
    let all: Vec<u64> = (0..8).collect();
    assert_eq!(strata("market.diversion", &|x| (x - 0.1) / 0.4), all);
    assert_eq!(strata("dynamics.lock_in", &|x| x.log10() / 2.0 + 1.0), all);
    // A cell is the scenario with its values, on the same worlds.
    let [x, y] = ["market.diversion", "dynamics.lock_in"].map(|path| values(&sweep, path)[3]);
    let sets = [
        format!("market.diversion={x}"),
        format!("dynamics.lock_in={y}"),
    ];
    let set = [
        "-S",
        &sets[0],
        "-S",
        &sets[1],
        "--vary",
        "bargaining.foresight=0.8",
    ];
    let alone = json(&[&args[..], &set].concat());
    assert_eq!(sweep["cells"][3]["results"], alone["cells"][0]["results"]);
    let other = json(&[&args[..], &vary, &["--seed", "8"]].concat());
    assert_ne!(
        values(&other, "market.diversion"),
        values(&sweep, "market.diversion")
    );
}

#[test]
fn a_file_says_its_design() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let path = folder.path().join("design.toml");
    let name = path.to_str().expect("UTF-8");
    let write = |sweep: &str| {
        let text = fs::read_to_string(SCENARIO).expect("a file") + "\n" + sweep;
        fs::write(&path, text).expect("writable");
    };
    let axes = "[[sweep.axis]]\npath = 'market.diversion'\nfrom = 0.1\nto = 0.5\n";
    write(&format!(
        "[sweep]\ndesign = 'latin-hypercube'\ncells = 8\n{axes}"
    ));
    let of_file = json(&["sweep", name, "-n", "20", "--json"]);
    let range = ["--vary", "market.diversion=0.1:0.5", "--latin", "8"];
    let of_flags = json(&[&["sweep", SCENARIO, "-n", "20", "--json"], &range[..]].concat());
    assert_eq!(of_file["cells"], of_flags["cells"]);
    // The option takes the place of the design of the file, of whose ranges it needs no steps.
    let more = json(&["sweep", name, "-n", "20", "--json", "--latin", "3"]);
    assert_eq!(more["cells"].as_array().map(Vec::len), Some(3));
    let (_, err) = check(&["sweep", name, "--zip"], 2);
    assert!(err.contains("STEPS"), "{err}");
    let two = "[[sweep.axis]]\npath = 'dynamics.lock_in'\nvalues = [0.1, 0.2]\n\
               [[sweep.axis]]\npath = 'bargaining.foresight'\nfrom = 0.2\nto = 0.8\nsteps = 2\nscale = 'log'\n";
    write(&format!("[sweep]\ndesign = 'zip'\n{two}"));
    let zipped = json(&["sweep", name, "-n", "20", "--json"]);
    assert_eq!(
        zipped["cells"][1]["values"],
        json!({"dynamics.lock_in": 0.2, "bargaining.foresight": 0.8})
    );
    let cases = [
        (
            format!("[sweep]\ndesign = 'latin-hypercube'\n{axes}"),
            "needs `cells`",
        ),
        (
            format!("[sweep]\ncells = 8\n{axes}steps = 3\n"),
            "`cells` is for a sweep of design",
        ),
        (
            format!("[sweep]\ndesign = 'latin-hypercube'\ncells = 8\n{two}"),
            "an axis needs `from` and `to`",
        ),
        (
            format!("[sweep]\n{axes}"),
            "an axis needs `values`, or `from`, `to` and `steps`",
        ),
    ];
    for (sweep, message) in cases {
        write(&sweep);
        let (_, err) = check(&["check", name], 3);
        assert!(err.contains(message), "{sweep}\n{err}");
    }
}

#[test]
fn designs_that_cannot_be_say_why() {
    let cases: [(&[&str], &str); 10] = [
        (
            &[
                "--zip",
                "--vary",
                "market.diversion=0.1,0.2,0.3",
                "--vary",
                "dynamics.lock_in=0,1",
            ],
            "need as many values each, but `market.diversion` has 3 and `dynamics.lock_in` has 2",
        ),
        (
            &["--vary", "dynamics.lock_in=0:1:3:log"],
            "`0:1:3:log`: values in equal ratios need FROM and TO above 0",
        ),
        (
            &["--vary", "dynamics.lock_in=1:2:3:lag"],
            "FROM and TO must be numbers",
        ),
        (
            &["--latin", "5", "--vary", "dynamics.lock_in=0.1,0.2"],
            "`dynamics.lock_in` lists its values",
        ),
        (
            &["--latin", "3", "--vary", "dynamics.lock_in=0.1:0.5:7"],
            "says how many values it has: those of a Latin hypercube are as many as its cells; write PATH=FROM:TO",
        ),
        (
            &["--latin", "0", "--vary", "dynamics.lock_in=0:1"],
            "0 is not in 1..=1000000",
        ),
        (
            &["--latin", "5", "--zip", "--vary", "dynamics.lock_in=0:1"],
            "cannot be used with",
        ),
        (
            &["--vary", "dynamics.lock_in=0.2:0.6"],
            "`dynamics.lock_in=0.2:0.6` does not say how many values: add STEPS",
        ),
        (
            &["--latin", "5", "--vary", "arm.bloc.max_rounds=1:6"],
            "`arm.bloc.max_rounds` is a whole-number axis",
        ),
        (
            &["--latin", "5", "--vary", "arm.bloc.max_rounds=1.5:6"],
            "`arm.bloc.max_rounds` is a whole-number axis",
        ),
    ];
    for (more, message) in cases {
        let (_, err) = check(&[&["sweep", SCENARIO], more].concat(), 2);
        assert!(err.contains(message), "{more:?}: {err}");
    }
    let outside = [
        "sweep",
        SCENARIO,
        "--latin",
        "5",
        "--vary",
        "market.diversion=0:2",
    ];
    let (_, err) = check(&outside, 3);
    assert!(err.contains("a number in [0, 1]"), "{err}");
    let came = "event.export controls.came=0,1";
    let (_, err) = check(&["sweep", SCENARIO, "--vary", came], 3);
    let help = "`event.export controls.probability=0` for none, `event.export controls.probability=1` for every one";
    assert!(err.contains(help), "{err}");
    let vary = "event.export controls.probability=0,1";
    check(&["sweep", SCENARIO, "-n", "5", "--vary", vary], 0);
}

/// What varies may be a draw in the scenario that leaves its range: no cell and no point draws it, a probe neither.
#[test]
fn a_probe_plays_what_the_study_plays() {
    let here = tempfile::tempdir().expect("a temporary directory");
    let text = "extends = 'two-states'\n[simulation]\ntrials = 20\n[market]\n\
                outside_efficiency = { dist = 'normal', mean = 0.5, sd = 0.5 }\n";
    fs::write(here.path().join("wide.toml"), text).expect("it is writable");
    let ran = |line: &str, code| {
        let args = words(line);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        check_in(here.path(), &args, code)
    };
    ran("run wide.toml", 5);
    let sweep = "sweep wide.toml --vary market.outside_efficiency=0.2:0.4:2";
    let threshold = "threshold wide.toml --solve market.outside_efficiency --from 0.2 --to 0.4 \
                     --where 'bloc.total.payoff = 0.5'";
    for (study, directory) in [(sweep, "s"), (threshold, "t")] {
        ran(&format!("{study} --dry-run"), 0);
        ran(&format!("plan {study} -o {directory}"), 0);
    }
    // A cell that leaves the scenario as it is fails, and others do not.
    ran(&format!("{sweep} --one-at-a-time --dry-run"), 0);
}
