//! What a command writes is neither what it reads nor another thing that it writes; what it reads ends, and is no larger than can be read.

use crate::hostile::{place, write};
use crate::support::program::{check_in, output, program, root};
use std::fs;
use std::process::Stdio;

#[test]
fn nothing_that_is_read_is_written_over() {
    let (_place, path) = place();
    write(&path, "mine.toml", "extends = 'in.toml'\nschema = 1\n");
    write(&path, "over.toml", "[market]\ndiversion = 0.5\n");
    write(&path, "offer.toml", "[offer]\ntraining = 0.5\n");
    check_in(
        &path,
        &["run", "in.toml", "-n", "20", "-q", "-o", "run", "--report"],
        0,
    );
    let before = |name: &str| fs::read(path.join(name)).expect("it is there");
    let names = [
        "mine.toml",
        "in.toml",
        "over.toml",
        "offer.toml",
        "run/results.json",
        "run/report.html",
    ];
    let kept = names.map(before);
    let brief = "brief mine.toml --state A --with H -n 20 -f over.toml --offer offer.toml --html";
    for (line, said) in [
        (
            format!("{brief} mine.toml"),
            "a file that the command reads",
        ),
        (
            format!("{brief} ./in.toml"),
            "a file that the command reads",
        ),
        (
            format!("{brief} run/../over.toml"),
            "a file that the command reads",
        ),
        (
            format!("{brief} offer.toml"),
            "a file that the command reads",
        ),
        (format!("{brief} -"), "no room on standard output"),
        (format!("{brief} run"), "it is a directory"),
        (
            "advise in.toml -n 20 --html a.html --md ./a.html".to_owned(),
            "writes something else there",
        ),
        (
            "run mine.toml --design in.toml --force".to_owned(),
            "a file that the command reads",
        ),
        (
            "run run/scenario.resolved.toml -n 20 -o run --force".to_owned(),
            "--force would replace",
        ),
        (
            "report run --template run/report.html".to_owned(),
            "a file that the command reads",
        ),
        (
            "run in.toml -n 20 -o -".to_owned(),
            "and not to standard output",
        ),
        ("merge run -o -".to_owned(), "and not to standard output"),
    ] {
        let args: Vec<&str> = line.split(' ').collect();
        let (_, err) = check_in(&path, &args, 2);
        assert!(err.contains(said), "{line}: {err}");
    }
    assert!(names.map(before) == kept && !path.join("-").exists());
}

#[test]
fn scenarios_of_one_name_have_files_of_their_own() {
    let (_place, path) = place();
    let other = fs::read_to_string(path.join("in.toml")).expect("it is there");
    write(
        &path,
        "scenario.toml",
        &other.replace("windows = 2", "windows = 1"),
    );
    let long = format!("{}.toml", "a".repeat(240));
    fs::copy(path.join("in.toml"), path.join(&long)).expect("writable");
    let compared = [
        "compare",
        "in.toml",
        "scenario.toml",
        &long,
        "-n",
        "20",
        "-q",
        "-o",
        "two",
    ];
    check_in(&path, &compared, 0);
    let windows = |name: &str| {
        let text = fs::read_to_string(path.join("two").join(name)).expect("it is there");
        text.lines()
            .find(|line| line.starts_with("windows = "))
            .map(str::to_owned)
    };
    assert_eq!(
        windows("scenario.resolved.toml").as_deref(),
        Some("windows = 2")
    );
    assert_eq!(
        windows("scenario-2.resolved.toml").as_deref(),
        Some("windows = 1")
    );
    check_in(&path, &["replay", "two"], 0);
    // Pages of the longest names are written at the end, and are written.
    let page = format!("{}.html", "p".repeat(250));
    check_in(&path, &["page", "in.toml", "-o", &page], 0);
    let arm = "b".repeat(240);
    write(
        &path,
        "arm.toml",
        &other.replace("name = \"bloc\"", &format!("name = \"{arm}\"")),
    );
    check_in(
        &path,
        &["run", "arm.toml", "-n", "20", "-q", "-o", "arm", "--report"],
        0,
    );
}

#[test]
fn a_dash_is_standard_input() {
    let (_place, path) = place();
    let piped = |args: &[&str]| {
        let file = fs::File::open(path.join("in.toml")).expect("it is there");
        output(program(&path).args(args).stdin(Stdio::from(file)))
    };
    let (code, out, err) = piped(&["check", "-"]);
    assert_eq!((code, out.contains("is valid")), (0, true), "{err}");
    assert_eq!(piped(&["run", "-", "-n", "20", "-q", "-o", "run"]).0, 0);
    check_in(&path, &["replay", "run"], 0);
    let (code, _, err) = output(program(&path).args(["check", "-"]).stdin(Stdio::null()));
    assert!(code == 3 && err.contains("standard input"), "{err}");
}

#[cfg(unix)]
#[test]
fn what_may_never_end_is_not_waited_for() {
    let (_place, path) = place();
    let made = std::process::Command::new("mkfifo")
        .arg(path.join("pipe"))
        .status();
    assert!(made.expect("it starts").success());
    check_in(&path, &["run", "in.toml", "-n", "20", "-q", "-o", "run"], 0);
    for args in [
        &["check", "pipe"][..],
        &["run", "in.toml", "-f", "pipe"],
        &["report", "run", "--template", "pipe"],
        &[
            "brief", "in.toml", "--state", "A", "--with", "H", "--offer", "pipe",
        ],
        &["forecasts", "pipe"],
    ] {
        let (_, err) = check_in(&path, args, 4);
        assert!(
            err.contains("it is a pipe, which may never end"),
            "{args:?}: {err}"
        );
    }
    fs::remove_file(path.join("run/manifest.json")).expect("removable");
    fs::rename(path.join("pipe"), path.join("run/manifest.json")).expect("writable");
    check_in(&path, &["replay", "run"], 4);
}

#[test]
fn what_is_too_large_is_not_read() {
    let (_place, path) = place();
    check_in(&path, &["run", "in.toml", "-n", "20", "-q", "-o", "run"], 0);
    for (name, mib, args) in [
        (
            "page.html",
            17,
            &["report", "run", "--template", "page.html"][..],
        ),
        ("run/manifest.json", 65, &["replay", "run"]),
        ("forecasts.toml", 17, &["forecasts", "forecasts.toml"]),
    ] {
        let file = fs::File::create(path.join(name)).expect("writable");
        file.set_len(mib << 20).expect("it has holes");
        let (_, err) = check_in(&path, args, 4);
        assert!(err.contains("MiB, the most that is read"), "{name}: {err}");
    }
}

#[test]
fn long_conditions_and_chains_have_a_bound() {
    let (_place, path) = place();
    let terms = |count: usize| vec!["bloc.total.payoff < 1"; count].join(" and ");
    let discover = ["discover", "in.toml", "-n", "20", "-q", "--when"];
    let (_, err) = check_in(&path, &[&discover[..], &[&terms(4000)]].concat(), 2);
    assert!(err.contains("more than 1000 comparisons"), "{err}");
    let failing = ["run", "in.toml", "-n", "20", "-q", "--fail-if"];
    check_in(
        &path,
        &[&failing[..], &[&format!("not ({})", terms(900))]].concat(),
        1,
    );
    let own = fs::read_to_string(path.join("in.toml")).expect("it is there");
    write(&path, "x70.toml", &own);
    for k in 0..70 {
        write(
            &path,
            &format!("x{k}.toml"),
            &format!("extends = 'x{}.toml'\n", k + 1),
        );
    }
    let (_, err) = check_in(&path, &["check", "x0.toml"], 3);
    assert!(
        err.contains("more than 64 files extend each other"),
        "{err}"
    );
    check_in(&path, &["check", "x20.toml"], 0);
}

/// Programs that calculate take no name for a formula.
#[cfg(feature = "html")]
#[test]
fn no_cell_of_a_table_is_a_formula() {
    let (_place, path) = place();
    let own = fs::read_to_string(path.join("in.toml")).expect("it is there");
    let own = own
        .replace("\"Alpha\"", "\"=cmd|' /C calc'!A0\"")
        .replace("\"Host\"", "\"@SUM(1)\"");
    write(&path, "in.toml", &own);
    check_in(
        &path,
        &["run", "in.toml", "-n", "20", "-q", "-o", "run", "--report"],
        0,
    );
    let mut seen = 0;
    for folder in ["run", "run/report"] {
        for file in fs::read_dir(path.join(folder)).expect("it is there") {
            let file = file.expect("readable").path();
            if file.extension().is_none_or(|ending| ending != "csv") {
                continue;
            }
            let mut table = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_path(&file)
                .expect("a table");
            for cell in table.records().flat_map(|row| {
                row.expect("a row")
                    .iter()
                    .map(str::to_owned)
                    .collect::<Vec<_>>()
            }) {
                let is_formula =
                    cell.starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err();
                assert!(!is_formula, "{}: {cell}", file.display());
                seen += usize::from(cell.starts_with("'="));
            }
        }
    }
    assert!(seen > 0, "the name is somewhere");
}

/// Commands that are printed to be given again are read by a shell as they are meant.
#[test]
fn printed_commands_are_quoted() {
    let (_place, path) = place();
    let name = "it's my plan";
    let (out, _) = check_in(
        &path,
        &["plan", "run", "in.toml", "-n", "20", "-o", name],
        0,
    );
    assert!(
        out.contains(r"mufakat run 'it'\''s my plan' --shard 0/"),
        "{out}"
    );
    let (_, err) = check_in(&path, &["merge", name, "-o", "merged"], 4);
    assert!(err.contains(r"mufakat resume 'it'\''s my plan'"), "{err}");
    let (_, err) = check_in(&path, &["new", "my own"], 0);
    assert!(err.contains("mufakat check 'my own.toml'"), "{err}");
    fs::copy(
        root().join("tests/support/uncertain.toml"),
        path.join("a b.toml"),
    )
    .expect("writable");
    let (out, _) = check_in(&path, &["explain", "a b.toml"], 0);
    assert!(out.contains("mufakat explain 'a b.toml'"), "{out}");
}
