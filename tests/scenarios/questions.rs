//! Every shipped scenario asks its question, and its first sentences answer that from all its options.

use crate::support::program::check;
use mufakat::cli::shipped::ALL;
use mufakat::engine::model::Model;
use mufakat::engine::model::question::View;
use serde_json::Value;
use std::fs;

/// Worlds that tell which option is best.
const WORLDS: &str = "100";

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
        let lines = check(&["run", name, "-n", "8", "-q"], 0).0;
        assert!(
            lines.lines().count() <= 40,
            "{name}: {} lines",
            lines.lines().count()
        );
    }
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
