//! How well inputs are known against what they decide: by hand where one input decides everything, and of what is shipped.

use crate::support::program::{check, check_in, root};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Two states whose payoffs hang on the spending of one alone, with an input that nothing hangs on, and marks of both.
const OVER: &str = "\
[simulation]
trials = 300
[[state]]
id = 'L'
digital_gmv = { dist = 'uniform', min = 50, max = 150, grade = 'B' }
[market]
ramp_years = { dist = 'uniform', min = 3, max = 8, grade = 'judgement' }
[[pedigree]]
of = 'market.ramp_years'
proxy = 4
basis = 4
method = 4
validation = 4
reason = 'known'
[[pedigree]]
of = 'state.*.digital_gmv'
proxy = 1
basis = 0
method = 1
validation = 0
reason = 'a guess'
";

fn overlaid(directory: &Path, text: &str, more: &[&str]) -> Value {
    fs::write(directory.join("over.toml"), text).expect("it can be written");
    let args = ["pedigree", "two-states", "-f", "over.toml", "--json", "-q"];
    let (text, _) = check_in(directory, &[&args, more].concat(), 0);
    serde_json::from_str(&text).expect("a document")
}

fn number(value: &Value, path: &str) -> f64 {
    let value = path.split('.').fold(value, |value, key| &value[key]);
    value.as_f64().expect("a number")
}

#[test]
fn one_input_that_decides_everything_by_hand() {
    let directory = tempfile::tempdir().expect("a directory");
    let found = overlaid(directory.path(), OVER, &[]);
    assert_eq!(found["output"], "bloc.total.payoff.difference");
    assert_eq!(found["best"], "bloc");
    let inputs = found["inputs"].as_array().expect("inputs");
    assert_eq!(inputs.len(), 2);
    let (first, second) = (&inputs[0], &inputs[1]);
    // What decides comes first although it is the only one with an effect; it is weak: (1 + 0 + 1 + 0)/16.
    assert_eq!(first["path"], "state.L.digital_gmv");
    assert_eq!(first["grade"], "B");
    assert_eq!(first["strength"], 0.125);
    assert_eq!(first["marks"]["method"], 1);
    assert!(number(first, "chance") < 0.001, "{first}");
    // The difference is linear in the spending: it explains all of the variance.
    assert!((number(first, "S1.value") - 1.0).abs() < 0.05, "{first}");
    let expected = number(first, "delta.value") * 0.875;
    assert!((number(first, "weight") - expected).abs() < 1e-12);
    // Nothing hangs on the other, and it has all marks.
    assert_eq!(second["strength"], 1.0);
    assert_eq!(second["weight"], 0.0);
    assert!(number(second, "chance") > 0.05, "{second}");
    // One table is best in every world, so that nothing is worth knowing before the choice.
    assert_eq!(number(&found, "evpi.value"), 0.0);
    assert_eq!(number(first, "evppi.value"), 0.0);
}

#[test]
fn inputs_without_marks_are_said_as_such() {
    let directory = tempfile::tempdir().expect("a directory");
    let (bare, _) = OVER.split_once("[[pedigree]]").expect("there are marks");
    let found = overlaid(directory.path(), bare, &[]);
    let first = &found["inputs"][0];
    assert_eq!(
        (&first["marks"], &first["strength"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(first["weight"], first["delta"]["value"]);
    let args = ["pedigree", "two-states", "-f", "over.toml", "-q"];
    let (said, _) = check_in(directory.path(), &args, 0);
    assert!(said.contains("No input has marks"), "{said}");
    let rests = "The answer rests on `state.L.digital_gmv`, of which no marks say how well it";
    assert!(said.contains(rests), "{said}");
}

#[test]
fn another_result_and_another_reference_can_be_asked_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let asked = ["--output", "bloc.state.S.payoff"];
    let found = overlaid(directory.path(), OVER, &asked);
    assert_eq!(found["output"], "bloc.state.S.payoff");
    let found = overlaid(directory.path(), OVER, &["--reference", "bloc"]);
    assert_eq!(found["best"], "framework");
    let args = ["pedigree", "two-states", "--output", "bloc.total.pay"];
    let (_, err) = check(&args, 2);
    assert!(err.contains("--output bloc.total.pay"), "{err}");
}

#[test]
fn nothing_uncertain_is_nothing_to_judge() {
    let (said, _) = check(&["pedigree", "two-states"], 0);
    assert!(said.contains("Nothing is uncertain"), "{said}");
}

/// Judgements that no source supports say so in their marks: a basis of 1 at most and a proxy of 2 at most.
#[test]
fn every_uncertain_input_of_the_baseline_has_honest_marks() {
    let text = fs::read_to_string(root().join("scenarios/asean-2027.toml")).expect("it is there");
    let model = mufakat::scenario::from_text("asean-2027", &text).expect("valid");
    let mut without = Vec::new();
    for (one, pedigree) in model.uncertain.iter().zip(&model.pedigree) {
        let Some(pedigree) = pedigree else {
            without.push(&one.path);
            continue;
        };
        let origin = model
            .provenance
            .iter()
            .find(|origin| origin.path == one.path);
        let origin = origin.expect("every number of the baseline says where it comes from");
        let note = origin.note.as_deref().unwrap_or_default();
        // A name such as asean_aec2025 in a note is a row of data, which is a source.
        let leans = note.contains('_');
        if origin.grade.as_deref() == Some("judgement") && !leans {
            let [proxy, basis, ..] = pedigree.marks;
            assert!(
                proxy <= 2 && basis <= 1,
                "{}: {:?}",
                one.path,
                pedigree.marks
            );
        }
        let is_read = matches!(origin.grade.as_deref(), Some("A" | "B"));
        assert!(is_read || pedigree.marks[1] <= 3, "{}", one.path);
    }
    assert!(without.is_empty(), "{without:?}");
}
