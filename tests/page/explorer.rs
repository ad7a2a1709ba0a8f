//! The explorer as one file: all inside, nothing asked for, the same bytes each time.

use super::{OUTSIDE, path, run_of};
use crate::support::program::{check, check_in, root};
use std::path::Path;

/// Most bytes of the file.
const MOST: usize = 3_000_000;

fn written(directory: &Path, name: &str, args: &[&str]) -> String {
    let out = path(directory, name);
    check(&[&["page"], args, &["-o", &out]].concat(), 0);
    std::fs::read_to_string(out).expect("a page")
}

/// The text of the only script that runs.
fn script(page: &str) -> &str {
    let (_, rest) = page.split_once("\n<script>\n").expect("a script");
    rest.split_once("</script>").expect("it ends").0
}

#[test]
fn the_file_has_all_inside_and_the_same_bytes_each_time() {
    let directory = tempfile::tempdir().expect("a directory");
    let first = written(directory.path(), "first.html", &["asean-2027"]);
    assert!(first.len() <= MOST, "{} bytes", first.len());
    let again = written(directory.path(), "again.html", &["asean-2027", "-j", "1"]);
    assert!(first == again, "the bytes differ");
    for outside in OUTSIDE.into_iter().chain(["{{"]) {
        assert!(
            !first.replace(script(&first), "").contains(outside),
            "{outside}"
        );
    }
    let policy = "content=\"default-src 'none'; script-src 'sha256-";
    assert!(first.contains(policy) && first.contains("connect-src 'none'"));
    // The names of drawings are addresses that nobody asks.
    let named = script(&first).replace("http://www.w3.org/2000/svg", "");
    assert!(!named.contains("http://") && !named.contains("https://"));
    // Readers without scripts get the answer.
    let (_, fixed) = first.split_once("<noscript>").expect("a report");
    let (fixed, _) = fixed.split_once("</noscript>").expect("it ends");
    assert!(fixed.contains("<div class=\"lead\">") && fixed.contains("200 worlds"));
    assert!(!fixed.contains(&root().to_string_lossy().into_owned()));
}

#[test]
fn the_file_has_the_scenario_as_it_was_asked_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let file = path(directory.path(), "mine.toml");
    let (text, _) = check(&["show", "two-states", "-q"], 0);
    std::fs::write(&file, text).expect("writable");
    let args = [
        file.as_str(),
        "-S",
        "market.diversion=0.125",
        "-n",
        "30",
        "--seed",
        "5",
    ];
    let page = written(directory.path(), "mine.html", &args);
    assert!(page.contains("diversion = 0.125") && page.contains(r#""name":"mine""#));
    assert!(page.contains("seed = 5") && page.contains("trials = 30"));
    let folder = directory.path().to_string_lossy().into_owned();
    assert!(!page.contains(&folder), "it says where it was made");
}

#[test]
fn the_order_that_comes_with_the_program_is_of_what_is_uncertain() {
    let text = std::fs::read_to_string(root().join("explorer/ranked/asean-2027.txt"));
    let text = text.expect("an order");
    let mut lines = text.lines();
    let command = lines.next().expect("a command");
    assert!(
        command.starts_with("mufakat sensitivity asean-2027"),
        "{command}"
    );
    let scenario = mufakat::scenario::from_text(
        "asean-2027.toml",
        &check(&["show", "asean-2027", "-q"], 0).0,
    );
    let uncertain = scenario.expect("a scenario").uncertain;
    let mut paths: Vec<&str> = lines.collect();
    for path in &paths {
        assert!(uncertain.iter().any(|one| one.path == *path), "{path}");
    }
    let count = paths.len();
    paths.sort_unstable();
    paths.dedup();
    assert!(count >= 10 && paths.len() == count);
    let directory = tempfile::tempdir().expect("a directory");
    let page = written(directory.path(), "page.html", &["asean-2027", "-n", "5"]);
    assert!(page.contains(&format!("\"by\":\"{command}\"")));
}

#[test]
fn a_study_of_sensitivity_orders_what_is_uncertain() {
    let scenario = crate::support::program::UNCERTAIN;
    let directory = tempfile::tempdir().expect("a directory");
    let here = |args: &[&str], code: i32| check_in(directory.path(), args, code);
    here(
        &[
            "sensitivity",
            scenario,
            "--method",
            "pawn",
            "-n",
            "200",
            "-q",
            "--out",
            "found",
        ],
        0,
    );
    here(
        &[
            "page",
            scenario,
            "--with",
            "found",
            "-n",
            "20",
            "-o",
            "page.html",
        ],
        0,
    );
    let page = std::fs::read_to_string(directory.path().join("page.html")).expect("a page");
    assert!(page.contains(r#""by":"mufakat sensitivity --method pawn -n 200""#));
    here(
        &["stability", scenario, "-n", "5", "-q", "--out", "other"],
        0,
    );
    let (_, err) = here(&["page", scenario, "--with", "other", "-o", "page.html"], 4);
    assert!(err.contains("other"), "{err}");
}

#[test]
fn a_run_has_such_a_page_beside_its_report() {
    let (_directory, run) = run_of(&["run", "two-states", "-n", "20"]);
    let run = run.to_string_lossy().into_owned();
    let (said, _) = check(&["report", &run, "--explore"], 0);
    assert!(
        said.contains("report.html") && said.contains("explore.html"),
        "{said}"
    );
    let page = std::fs::read_to_string(Path::new(&run).join("explore.html")).expect("a page");
    assert!(page.contains("<noscript><div class=\"page\">"));
    check(
        &[
            "run",
            "two-states",
            "-n",
            "10",
            "-q",
            "--force",
            "--out",
            &run,
        ],
        0,
    );
    assert!(!Path::new(&run).join("explore.html").exists());
}

#[test]
fn a_page_takes_the_place_of_nothing_that_it_is_made_of() {
    let directory = tempfile::tempdir().expect("a directory");
    let mine = path(directory.path(), "mine.toml");
    std::fs::copy(root().join("scenarios/two-states.toml"), &mine).expect("a copy");
    let before = std::fs::read(&mine).expect("it is there");
    let beside = path(directory.path(), "./mine.toml");
    for (out, says) in [
        (mine.as_str(), "it is a file that the page is made of"),
        (beside.as_str(), "it is a file that the page is made of"),
        ("-", "it has no room on standard output"),
        (
            directory.path().to_str().expect("a name"),
            "what is there is no file",
        ),
    ] {
        let (_, said) = check(&["page", &mine, "-o", out], 2);
        assert!(said.contains(says), "{out}: {said}");
    }
    assert_eq!(std::fs::read(&mine).expect("it is there"), before);
}
