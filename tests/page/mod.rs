//! The page of a run as a reader meets it: its numbers, its words, its figures, in a browser.

mod advise;
mod browser;
mod causes;
mod compared;
mod explorer;
pub mod html;
mod numbers;
mod readings;

use crate::support::program::check;
use html::{Html, enclosed, resolve};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The baseline with its page, run once for all tests.
pub fn baseline() -> &'static Path {
    static RUN: OnceLock<tempfile::TempDir> = OnceLock::new();
    let directory = RUN.get_or_init(|| {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let out = path(directory.path(), "run");
        check(
            &[
                "run",
                "asean-2027",
                "-n",
                "100",
                "-q",
                "--out",
                &out,
                "--report",
            ],
            0,
        );
        directory
    });
    let path: &'static Path = Box::leak(directory.path().join("run").into_boxed_path());
    path
}

pub fn path(directory: &Path, name: &str) -> String {
    directory.join(name).to_string_lossy().into_owned()
}

pub fn page(run: &Path) -> String {
    std::fs::read_to_string(run.join("report.html")).expect("a page")
}

pub fn results(run: &Path) -> Value {
    let text = std::fs::read_to_string(run.join("results.json")).expect("results");
    serde_json::from_str(&text).expect("JSON")
}

/// A run of `arguments` with its page, in a directory of its own.
fn run_of(arguments: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let out = directory.path().join("run");
    let all = [
        arguments,
        &["-q", "--report", "--out", out.to_str().expect("UTF-8")],
    ]
    .concat();
    check(&all, 0);
    (directory, out)
}

/// What a page has that asks for something.
const OUTSIDE: [&str; 9] = [
    "src=",
    "url(",
    "@import",
    "<iframe",
    "<img",
    "http-equiv=\"refresh",
    "href=\"http",
    "href=\"//",
    "onclick",
];

#[test]
fn the_page_asks_for_nothing_and_opens_anywhere() {
    let text = page(baseline());
    assert!(text.len() < 3_000_000, "{} bytes", text.len());
    for outside in OUTSIDE.into_iter().chain(["<script"]) {
        assert!(!text.contains(outside), "{outside}");
    }
    assert!(
        text.contains("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    );
    assert_eq!(
        text.matches("<link ").count(),
        1,
        "the icon alone, which is empty"
    );
    for needed in [
        "prefers-color-scheme: dark",
        "@media print",
        "lang=\"en\"",
        "name=\"viewport\"",
    ] {
        assert!(text.contains(needed), "{needed}");
    }
}

#[test]
fn elements_are_nested_and_names_are_unique() {
    let text = page(baseline());
    let html = Html::parse(&text);
    let ids = html.attributes("id");
    let unique: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    for target in html
        .attributes("href")
        .iter()
        .filter_map(|href| href.strip_prefix('#'))
    {
        assert!(ids.iter().any(|id| id == target), "#{target}");
    }
    for names in html.attributes("aria-labelledby") {
        for name in names.split(' ') {
            assert!(ids.iter().any(|id| id == name), "{name}");
        }
    }
    // One title, then sections, then their parts: no level is left out.
    let levels = html.headings();
    assert_eq!(levels.iter().filter(|&&level| level == 1).count(), 1);
    assert!(
        levels.windows(2).all(|pair| pair[1] <= pair[0] + 1),
        "{levels:?}"
    );
    assert_eq!(
        text.matches("<table").count(),
        text.matches("<caption>").count()
    );
    assert!(text.matches("<th scope=\"row\">").count() > 100);
}

#[test]
fn every_figure_has_words_and_data() {
    let run = baseline();
    let text = page(run);
    let figures: Vec<&str> = text.split("<figure ").skip(1).collect();
    assert!(figures.len() > 100, "{}", figures.len());
    for figure in &figures {
        let figure = figure.split("</figure>").next().expect("its end");
        let between = |from: &str, to: &str| {
            figure
                .split(from)
                .nth(1)
                .and_then(|rest| rest.split(to).next())
                .unwrap_or_default()
        };
        let title = between("<title", "</title>")
            .split('>')
            .nth(1)
            .unwrap_or_default();
        let words = between("<desc", "</desc>")
            .split('>')
            .nth(1)
            .unwrap_or_default();
        assert!(!title.is_empty() && words.len() > 20, "{title}: {words}");
        assert!(
            figure.contains("role=\"img\"") && figure.contains("<figcaption>"),
            "{title}"
        );
        assert!(
            !words.contains("NaN") && !figure.contains("NaN") && !figure.contains("inf"),
            "{title}: {words}"
        );
    }
    // Figures that stand alone have their data each, those side by side together; whoever gets the page alone has them all, and the
    // files beside it say the same.
    let alone = figures
        .iter()
        .filter(|one| {
            one.split("</figure>")
                .next()
                .is_some_and(|one| one.contains("data:text/csv"))
        })
        .count();
    let panels = text.matches("<div class=\"panels\">").count();
    let enclosed = enclosed(&text);
    assert_eq!(enclosed.len(), alone + panels);
    for (name, table) in &enclosed {
        assert!(
            table.lines().count() > 1
                && table.lines().next().is_some_and(|line| line.contains(',')),
            "{name}"
        );
        let beside = std::fs::read_to_string(run.join("report").join(name));
        assert_eq!(*table, beside.expect("the data of a figure"), "{name}");
    }
    let kept = std::fs::read_dir(run.join("report")).expect("data").count();
    assert_eq!(kept, enclosed.len(), "no file that the page does not name");
}

#[test]
fn areas_of_densities_are_the_shares_written_beside_them() {
    let run = baseline();
    let results = results(run);
    let text = std::fs::read_to_string(run.join("report/density-bloc.csv")).expect("densities");
    let mut points: Vec<(f64, f64)> = Vec::new();
    for line in text.lines().filter(|line| line.starts_with("Philippines,")) {
        let numbers: Vec<f64> = line
            .split(',')
            .skip(1)
            .map(|cell| cell.parse().expect("a number"))
            .collect();
        points.push((numbers[0], numbers[1]));
    }
    assert!(points.len() > 50);
    let right = points
        .windows(2)
        .filter(|pair| pair[0].0 >= 0.0)
        .map(|pair| 0.5 * (pair[1].0 - pair[0].0) * (pair[0].1 + pair[1].1));
    let comparisons = results["comparisons"].as_array().expect("comparisons");
    let of = comparisons
        .iter()
        .find(|one| one["arm"] == "bloc" && one["reference"] == "bilateral")
        .expect("it is there");
    let better = of["states"]["PH"]["payoff"]["better"]
        .as_f64()
        .expect("a share");
    // A hundredth of all worlds at each end is left out of the figure.
    assert!((right.sum::<f64>() - better).abs() < 0.03, "{better}");
}

#[test]
fn few_worlds_and_one_world_are_said() {
    let (_kept, run) = run_of(&["run", "core-three", "-n", "20"]);
    let text = page(&run);
    assert!(text.contains("20 worlds are too few to tell whether the states together get more as"));
    for word in [
        "\">gains on average",
        "\">loses on average",
        "\">gains</td>",
        "higher on average",
        "better off on average",
    ] {
        assert!(!text.contains(word), "{word}");
    }
    let (_kept, run) = run_of(&["run", "textbook-complements"]);
    let text = page(&run);
    assert!(text.contains("In this one world the states together get US$ "));
    assert!(
        text.contains(" bn less as ") && !text.contains("sampled worlds"),
        "one world is no sample"
    );
}

#[test]
fn a_run_without_tables_says_what_it_lacks() {
    let (_kept, run) = run_of(&["run", "core-three", "-n", "100", "--keep", "summary"]);
    let text = page(&run);
    assert_eq!(
        text.matches("This run was kept without its tables of worlds")
            .count(),
        2
    );
    assert!(
        text.contains("id=\"window-payoff-TH-bloc\""),
        "states by window come from the results"
    );
    Html::parse(&text);
}

#[test]
fn studies_of_the_same_scenario_are_taken_and_others_refused() {
    let (kept, run) = run_of(&["run", "core-three", "-n", "100"]);
    let at = |name: &str| path(kept.path(), name);
    let study = |arguments: &[&str], name: &str| {
        let out = at(name);
        check(&[arguments, &["-q", "--out", &out]].concat(), 0);
        out
    };
    let stability = study(&["stability", "core-three", "-n", "30"], "stability");
    let theories = study(&["theories", "core-three", "-n", "2"], "theories");
    let grid = [
        "--vary",
        "market.diversion=0,1",
        "--vary",
        "arm.bloc.binding=0,1",
    ];
    let sweep = study(
        &[&["sweep", "core-three", "-n", "4"], &grid[..]].concat(),
        "sweep",
    );
    let when = "bloc.total.payoff.difference < 0";
    let discover = study(
        &["discover", "core-three", "-n", "200", "--when", when],
        "discover",
    );
    let delta = study(
        &[
            "sensitivity",
            "core-three",
            "-n",
            "200",
            "--method",
            "delta",
        ],
        "delta",
    );
    let solve = [
        "--solve",
        "arm.bloc.binding",
        "--where",
        "bloc.total.payoff.difference = 0.1",
    ];
    let threshold = study(
        &[&["threshold", "core-three", "-n", "4"], &solve[..]].concat(),
        "threshold",
    );
    let mut arguments = vec!["report", run.to_str().expect("UTF-8")];
    let studies =
        [&stability, &theories, &sweep, &discover, &delta, &threshold].map(String::as_str);
    for one in studies {
        arguments.extend(["--with", one]);
    }
    check(&arguments, 0);
    let text = page(&run);
    for id in [
        "stability-1",
        "study-1-states",
        "study-2-theories",
        "study-3-map",
        "study-4-may-be-chance",
        "study-5-factors",
        "study-6-threshold",
    ] {
        assert!(text.contains(&format!("id=\"{id}\"")), "{id}");
    }
    Html::parse(&text);
    numbers::assert_traced_with(&run, &studies);
    let other = study(
        &[
            "stability",
            "core-three",
            "-n",
            "30",
            "-S",
            "arm.bloc.binding=1",
        ],
        "other",
    );
    let (_, error) = check(
        &["report", run.to_str().expect("UTF-8"), "--with", &other],
        4,
    );
    assert!(
        error.contains("is of another scenario: its arm.bloc.binding is "),
        "{error}"
    );
    let (_, error) = check(
        &[
            "report",
            run.to_str().expect("UTF-8"),
            "--with",
            run.to_str().expect("UTF-8"),
        ],
        4,
    );
    assert!(
        error.contains("is of `run`; --with takes sensitivity, "),
        "{error}"
    );
    let (_, error) = check(&["report", &stability], 4);
    assert!(
        error.contains("holds the results of `stability`, not of `run`"),
        "{error}"
    );
}

#[test]
fn templates_are_the_users_and_their_mistakes_are_shown() {
    let (kept, run) = run_of(&["run", "two-states"]);
    let template = kept.path().join("mine.html");
    let arguments = [
        "report",
        run.to_str().expect("UTF-8"),
        "--template",
        template.to_str().expect("UTF-8"),
    ];
    std::fs::write(
        &template,
        "<h1>{{ page.title }}</h1>{% for one in page.sections %}\n{{ one.id }}{% endfor %}",
    )
    .expect("written");
    check(&arguments, 0);
    let text = page(&run);
    assert!(
        text.starts_with("<h1>") && text.contains("\nwinners\n") && text.contains("\nscenario"),
        "{text}"
    );
    std::fs::write(&template, "<h1>\n{{ page.title </h1>").expect("written");
    let (_, error) = check(&arguments, 4);
    assert!(error.contains("mine.html: line 2: "), "{error}");
    assert_eq!(page(&run), text, "the page that was there stays");
}

#[test]
fn force_takes_the_page_away_and_leaves_what_is_not_ours() {
    let (_kept, run) = run_of(&["run", "two-states"]);
    std::fs::write(run.join("report/notes.txt"), "mine").expect("written");
    let out = run.to_str().expect("UTF-8");
    check(&["run", "two-states", "--out", out, "--force"], 0);
    assert!(!run.join("report.html").exists());
    let left: Vec<_> = std::fs::read_dir(run.join("report"))
        .expect("the directory")
        .flatten()
        .map(|one| one.file_name())
        .collect();
    assert_eq!(left, ["notes.txt"]);
    check(&["replay", out], 0);
}
