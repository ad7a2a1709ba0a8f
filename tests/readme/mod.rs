//! The README says what the program does: its commands run, and what it quotes is what the program prints.

use crate::support::program::{check, ran, root, words};
use serde_json::Value;

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("a README")
}

/// Every line of the excerpt number `place` is printed by a command line; what stands in brackets is left out.
fn assert_quoted(place: usize, args: &[&str]) {
    let readme = readme();
    let quoted = readme
        .split("```text\n")
        .nth(place)
        .and_then(|rest| rest.split("```").next())
        .expect("an excerpt");
    let (printed, _) = check(args, 0);
    for line in quoted
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('['))
    {
        assert!(
            printed.contains(line),
            "the README quotes a line that is not printed:\n{line}\n\n{printed}"
        );
    }
}

#[test]
fn quoted_lines_are_printed_by_the_main_job() {
    assert_quoted(1, &["run", "scenarios/asean-2027.toml"]);
}

#[test]
fn quoted_lines_are_printed_by_stability() {
    assert_quoted(2, &["stability", "core-three"]);
}

/// The numbers of "a (b to c)" as they are written.
fn written(cell: &str) -> Vec<&str> {
    let numbers = cell.split([' ', '(', ')']);
    numbers.filter(|word| word.parse::<f64>().is_ok()).collect()
}

/// Whether a number is what is written, to the digits that are.
fn is_written(value: f64, text: &str) -> bool {
    let decimals = text.split_once('.').map_or(0, |(_, rest)| rest.len()) as i32;
    let written: f64 = text.parse().expect("a number");
    (value - written).abs() <= 0.5000001 * 10f64.powi(-decimals)
}

#[test]
fn the_table_of_history_is_what_history_says() {
    let (text, _) = check(&["history", "--json", "-q"], 0);
    let found: Value = serde_json::from_str(&text).expect("a document");
    let cases = found["cases"].as_array().expect("cases");
    let readme = readme();
    let (_, section) = readme
        .split_once("## Held against history")
        .expect("a section");
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    let rows: Vec<Vec<&str>> = rows
        .take(cases.len())
        .map(|row| row.split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), cases.len());
    for (row, case) in rows.iter().zip(cases) {
        let id = case["id"].as_str().expect("an id");
        assert_eq!(row[1], format!("`{id}`"));
        let of =
            |keys: [&str; 3], value: &Value| keys.map(|key| value[key].as_f64().expect("a number"));
        let on_record = of(["value", "low", "high"], &case["observed"]);
        let engine = of(["p50", "p05", "p95"], &case["engine"]);
        for (values, cell) in [(on_record, row[2]), (engine, row[3])] {
            let texts = written(cell);
            // Where all three are nothing, one says so.
            for (value, text) in values.into_iter().zip(texts) {
                assert!(is_written(value, text), "{id}: {cell}, {values:?}");
            }
        }
        for (said, key, none) in [(row[4], "sign", "not asked"), (row[5], "winner", "")] {
            match case[key].as_bool() {
                Some(true) => assert!(said.starts_with("right"), "{id}: {said}"),
                Some(false) => assert!(said.starts_with("wrong"), "{id}: {said}"),
                None => assert!(said.is_empty() || said == none, "{id}: {said}"),
            }
        }
        assert_eq!(row[6] == "yes", case["inside_90"] == true, "{id}");
    }
}

#[test]
fn quoted_commands_run() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    // What a command printed is no example of one.
    let readme = readme();
    let printed = readme.split("```text\n").skip(1);
    let after = printed.filter_map(|rest| rest.split_once("```").map(|(_, after)| after));
    let told = readme.split("```text\n").take(1).chain(after);
    let told = told.collect::<Vec<&str>>().join("\n");
    let mut commands: Vec<Vec<String>> = told
        .split('`')
        .filter(|code| code.starts_with("mufakat ") && !code.contains('\n'))
        .map(words)
        .collect();
    assert!(commands.len() >= 10, "{commands:?}");
    // What a command reads must have been written by an earlier one.
    commands.sort();
    commands.dedup();
    commands.sort_by_key(|words| match words[1].as_str() {
        "new" | "plan" => 0,
        "run" | "resume" => 1,
        _ => 2,
    });
    for mut words in commands {
        let plays = [
            "plan",
            "advise",
            "run",
            "stability",
            "compare",
            "brief",
            "sweep",
            "threshold",
            "theories",
            "sensitivity",
            "discover",
            "page",
        ];
        let of_run = words.get(2).is_some_and(|word| word.starts_with("runs/"));
        let of_plan = words.iter().any(|word| word == "--shard");
        // On the baseline it plays tens of thousands of worlds.
        if ["submit", "turn", "accords"].contains(&words[1].as_str()) {
            words.push("--dry-run".to_owned());
        }
        if plays.contains(&words[1].as_str()) && !of_run && !of_plan {
            // A flag that is there already gives way: it may stand only once.
            if let Some(at) = words.iter().position(|word| word == "-n") {
                words.drain(at..at + 2);
            }
            words.extend(["-n", "20"].map(str::to_owned));
            // Few worlds are as precise as this.
            if let Some(at) = words.iter().position(|word| word == "--precision") {
                words[at + 1] = "60%".to_owned();
            }
        }
        // It would wait for a reader; tests/serve asks it.
        if words[1] == "serve" {
            words.push("--help".to_owned());
        }
        let args: Vec<&str> = words[1..].iter().map(String::as_str).collect();
        let (code, _, err) = ran(directory.path(), &args);
        let judged = args.contains(&"--fail-if") && code == 1;
        assert!(code == 0 || judged, "{args:?}: {err}");
    }
}

/// The events that are shown can be laid over the baseline.
#[test]
fn the_events_that_are_shown_are_valid() {
    let readme = readme();
    let shown = readme
        .split("```toml\n")
        .find(|block| block.starts_with("[[event]]"));
    let shown = shown
        .and_then(|rest| rest.split("```").next())
        .expect("events");
    let place = tempfile::tempdir().expect("a temporary directory");
    let file = place.path().join("events.toml");
    std::fs::write(&file, shown).expect("writable");
    let file = file.to_str().expect("UTF-8");
    let (_, said) = check(&["run", "asean-2027", "-f", file, "--dry-run"], 0);
    assert!(!said.contains("warning"), "{said}");
}
