//! Every shipped scenario asks its question, and its first sentences answer that from all its options.

use crate::support::program::check;
use mufakat::cli::shipped::ALL;
use mufakat::engine::model::Model;
use mufakat::engine::model::question::View;
use serde_json::Value;
use std::fs;

/// Worlds that tell which option is best.
const WORLDS: &str = "100";

/// Lines of a first screen.
const LINES: usize = 40;

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a party gets in an arm, on average, as the document of results has it.
fn gets(results: &Value, model: &Model, arm: usize) -> f64 {
    let arm = &results["arms"][&model.arms[arm].name];
    let stat = match model.question.view {
        View::Region => &arm["totals"]["payoff"],
        View::State(i) => &arm["states"][&model.states[i].id]["payoff"],
        View::Hyperscaler(h) => &arm["hyperscalers"][&model.hyperscalers[h].id]["profit"],
    };
    stat["mean"].as_f64().expect("a mean")
}

#[test]
fn the_first_sentence_answers_the_question_from_its_options() {
    for shipped in ALL {
        let (model, name) = (shipped.model(), shipped.name);
        let question = &model.question;
        assert!(question.text.ends_with('?'), "{name}");
        assert!(question.options.len() > 1, "{name}");
        let folder = tempfile::tempdir().expect("a temporary directory");
        let out = folder.path().join("run");
        let out = out.to_str().expect("UTF-8");
        let run = [
            "run", name, "-n", WORLDS, "-q", "--keep", "summary", "-o", out,
        ];
        let (text, _) = check(&run, 0);
        assert_fits(name, &text);
        let text = flat(&text);
        let rest = text.strip_prefix(&flat(&question.text));
        let rest = rest
            .unwrap_or_else(|| panic!("{name}: {text}"))
            .trim_start();
        let results = fs::read_to_string(folder.path().join("run/results.json")).expect("results");
        let results: Value = serde_json::from_str(&results).expect("a document");
        let most = question.options.iter().copied().reduce(|most, arm| {
            if gets(&results, &model, arm) > gets(&results, &model, most) {
                arm
            } else {
                most
            }
        });
        let best = &model.arms[most.expect("an option")];
        let answer = &rest[..rest.find(" 90% of worlds").unwrap_or(rest.len())];
        let named = answer.contains(&format!("`{}`", best.name));
        assert!(named, "{name}: {} is best: {answer}", best.name);
        let begins = [
            "Best for ",
            "For ",
            "In this one world ",
            "In every sampled world ",
        ];
        assert!(
            begins.iter().any(|begin| answer.starts_with(begin)),
            "{name}: {answer}"
        );
        // With few worlds other things are said; with its own number all digits are there, where these are played soon enough.
        assert_fits(name, &check(&["run", name, "-n", "8", "-q"], 0).0);
        if model.simulation.trials < 100 {
            assert_fits(name, &check(&["run", name, "-q"], 0).0);
        }
    }
}

/// A first screen has so many lines at most.
fn assert_fits(name: &str, screen: &str) {
    let lines = screen.lines().count();
    assert!(lines <= LINES, "{name}: {lines} lines\n{screen}");
}

/// The rows of the table of states by name, each with its numbers.
fn rows(screen: &str) -> Vec<(String, Vec<f64>)> {
    let table = screen.split('\u{2500}').next_back().expect("a table");
    let lines = table.lines().skip(1).take_while(|line| !line.is_empty());
    let row = |line: &str| {
        let (name, rest) = line.split_once("  ").expect("columns");
        let numbers = rest.split_whitespace();
        let numbers = numbers.filter_map(|word| word.parse().ok());
        (name.to_owned(), numbers.collect())
    };
    lines.map(row).collect()
}

/// However long the question is, the answer stays on the screen: the smallest states share a row, whose numbers are the sums of theirs.
#[test]
fn a_long_question_folds_the_smallest_states() {
    let question =
        "May states that have signed with the same few suppliers for years still gain from rules? ";
    let long = format!("question.text=\"{}\"", question.repeat(13).trim_end());
    let run = |with: &[&str]| {
        let all = [&["run", "timor-leste-joins", "-n", "1", "-q"], with].concat();
        check(&all, 0).0
    };
    let (whole, folded) = (rows(&run(&[])), run(&["-S", &long]));
    assert_fits("long", &folded);
    let folded = rows(&folded);
    let others = folded
        .iter()
        .find(|(name, _)| name.ends_with("states") && name != "all states");
    let (name, shown) = others.expect("a shared row");
    let own = |name: &String| folded.iter().any(|(own, _)| own == name);
    let small: Vec<_> = whole.iter().filter(|(name, _)| !own(name)).collect();
    assert_eq!(name, &format!("{} other states", small.len()));
    // Whoever chooses has a row of its own, small as it is.
    assert!(own(&"Timor-Leste".to_owned()), "{folded:?}");
    for (column, shown) in shown.iter().enumerate() {
        let sum: f64 = small.iter().map(|(_, numbers)| numbers[column]).sum();
        // Each is written to four digits.
        assert!((shown - sum).abs() <= 2e-3 * sum.abs(), "{shown} {sum}");
    }
    assert_eq!(shown.len(), 2);
}

#[test]
fn every_option_has_a_title_that_is_no_name() {
    for shipped in ALL {
        let model = shipped.model();
        for arm in &model.arms {
            assert_ne!(arm.title, arm.name, "{}", shipped.name);
            assert!(
                arm.title.chars().count() <= 48,
                "{}: {}",
                shipped.name,
                arm.title
            );
            assert!(arm.what.ends_with('.'), "{}: {}", shipped.name, arm.what);
        }
    }
}
