//! How the best accord comes about: small accords that grow, each step a gain for those who take it.

use super::change::{RuleChange, phrases};
use super::view::{AccordsView, Ranged};
use crate::report::amounts::millions;
use crate::report::document::{Block, Section, Text, code, joined, note, paragraph, text};
use crate::report::numbers::traced;
use crate::report::sentence::{capital, say};
use crate::report::verdict::and;
use crate::study::results::accords::AccordPath;
use crate::theory::spelling::units::{count, worlds};
use indexmap::IndexMap;
use serde_json::Value;

/// The part of the document; none where it was not asked.
pub(super) fn section(view: &AccordsView<'_>) -> Option<Section> {
    let path = view.results.path.as_ref()?;
    let steps = path.steps.len();
    let to = code(path.to.as_str());
    let said: Text = match (path.arrives, steps) {
        (true, 0) => say!("{} needs no step: it is there from the start.", to),
        (true, 1) => say!(
            "{} comes about in one step that is a gain on average for all who are in after it.",
            to
        ),
        (true, _) => say!(
            "{} comes about in {} steps, each a gain on average for all who are in after it.",
            to,
            steps.to_string()
        ),
        (false, 0) => say!(
            "No step leads towards {}: somebody loses by each that might begin it.",
            to
        ),
        (false, _) => say!(
            "No such steps lead to {}: after {} somebody loses by each that is left.",
            to,
            step_count(steps)
        ),
    };
    let mut blocks = vec![paragraph(said)];
    blocks.extend(told(view, path).into_iter().map(paragraph));
    let barred = barred(view, path);
    if !barred.is_empty() {
        blocks.push(paragraph("What bars the way:"));
        blocks.push(Block::List { items: barred });
    }
    blocks.push(note(format!(
        "Here whoever is named joins with certainty, under the rules of `{}` and those that were changed so far, so that these numbers are not those above. Gains of a step are over the step before, US$ bn on average with 90% intervals, in {}, where the search saw others; less than a million counts as nothing. {} accords were played on the way.",
        view.results.base,
        worlds(path.worlds),
        count(path.tried)
    )));
    Some(Section::new("steps", "Step by step", blocks))
}

fn step_count(steps: usize) -> String {
    match steps {
        1 => "one step".to_owned(),
        _ => format!("{steps} steps"),
    }
}

/// Each step in a sentence or two.
fn told(view: &AccordsView<'_>, path: &AccordPath) -> Vec<Text> {
    let mut now: IndexMap<&str, &Value> = IndexMap::new();
    let mut has_members = false;
    let mut said = Vec::new();
    for (at, step) in path.steps.iter().enumerate() {
        let does = does(view, (&step.joins, &step.rules), &now, has_members);
        now.extend(step.rules.iter().map(|(key, value)| (key.as_str(), value)));
        has_members |= !step.joins.is_empty();
        let place = |what: &str| format!("path.steps.{at}.{what}");
        let gains = step.gains.iter().map(|(id, interval)| {
            let gain = Ranged::new(interval, place(&format!("gains.{id}")));
            say!("{} {}{}", id.as_str(), gain.change(), gain.in_brackets())
        });
        let region = Ranged::new(&step.region, place("region"));
        said.push(say!(
            "{}. {}: {}. The region then has US$ {} bn{} more than {}.",
            (at + 1).to_string(),
            capital(&does),
            joined(gains, ", "),
            region.amount(),
            region.in_brackets(),
            code(view.results.reference.as_str())
        ));
    }
    said
}

/// What a step does: who founds the accord or joins it, and which rules change.
fn does(
    view: &AccordsView<'_>,
    (joins, rules): (&[String], &IndexMap<String, Value>),
    now: &IndexMap<&str, &Value>,
    has_members: bool,
) -> String {
    let names: Vec<String> = joins
        .iter()
        .map(|id| view.state_name(id).to_owned())
        .collect();
    let verb = match (has_members, names.len()) {
        (false, 1) => "founds it",
        (false, _) => "found it",
        (true, 1) => "joins",
        (true, _) => "join",
    };
    let changes = rules.iter().map(|(key, value)| RuleChange {
        key,
        base: now
            .get(key.as_str())
            .copied()
            .unwrap_or_else(|| view.base_of(key)),
        value,
    });
    let changes: Vec<RuleChange<'_>> = changes.collect();
    let rules = phrases(view.model, &changes).join(", ");
    match (names.is_empty(), rules.is_empty()) {
        (true, true) => "nothing changes".to_owned(),
        (true, false) => rules,
        (false, true) => format!("{} {verb}", and(&names)),
        (false, false) => format!("{} {verb}, with {rules}", and(&names)),
    }
}

/// Who loses by each step that is left.
fn barred(view: &AccordsView<'_>, path: &AccordPath) -> Vec<Text> {
    let mut now: IndexMap<&str, &Value> = IndexMap::new();
    for step in &path.steps {
        now.extend(step.rules.iter().map(|(key, value)| (key.as_str(), value)));
    }
    let has_members = path.steps.iter().any(|step| !step.joins.is_empty());
    let each = path.barred.iter().enumerate().map(|(at, step)| {
        let does = does(view, (&step.joins, &step.rules), &now, has_members);
        let losers = step.losers.iter().map(|(id, &loss)| {
            let place = format!("path.barred.{at}.losers.{id}");
            let size = Some(0.03 * loss.abs());
            say!(
                "{} ({})",
                view.state_name(id),
                traced(&millions(loss, size), loss, &place)
            )
        });
        let losers = joined(losers, ", ");
        let losers = if losers.is_empty() {
            text!["nobody gains by it"]
        } else {
            say!("barred by {}", losers)
        };
        say!("{}: {}", capital(&does), losers)
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample::results;
    use super::*;
    use crate::report::document::written;
    use crate::study::results::accords::{BarredStep, PathStep};
    use crate::study::results::fixture::model;
    use crate::study::results::sensitivity::Interval;
    use serde_json::json;

    fn interval(value: f64) -> Interval {
        Interval {
            value,
            low: Some(value - 0.05),
            high: Some(value + 0.05),
        }
    }

    fn step(joins: &[&str], rules: &[(&str, Value)]) -> PathStep {
        PathStep {
            joins: joins.iter().map(|id| (*id).to_owned()).collect(),
            rules: rules
                .iter()
                .map(|(key, value)| ((*key).to_owned(), value.clone()))
                .collect(),
            gains: [("A".to_owned(), interval(0.12))].into_iter().collect(),
            region: interval(0.3),
        }
    }

    fn told_of(path: AccordPath) -> Vec<String> {
        let (model, mut results) = (model(), results());
        results.path = Some(path);
        let view = AccordsView::new(&model, &results, true);
        let section = section(&view).expect("there is a path");
        let texts = section.blocks.iter().flat_map(|block| match block {
            Block::Paragraph { text } | Block::Note { text } => vec![written(text)],
            Block::List { items } => items.iter().map(|item| written(item)).collect(),
            other => panic!("{other:?}"),
        });
        texts.collect()
    }

    #[test]
    fn steps_are_numbered_and_rules_move_from_where_they_are() {
        let said = told_of(AccordPath {
            to: "accord-1".to_owned(),
            arrives: true,
            steps: vec![
                step(&["A", "B"], &[("binding", json!(0.5))]),
                step(&[], &[("binding", json!(0.8)), ("annexes", json!(true))]),
            ],
            barred: Vec::new(),
            worlds: 200,
            tried: 14,
        });
        assert_eq!(
            said[0],
            "accord-1 comes about in 2 steps, each a gain on average for all who are in after it."
        );
        assert!(said[1].starts_with("1. Alpha and Beta found it, with binding 0.5 instead of 0: A +0.12 (0.07 to 0.17). The region then has US$ 0.30 bn (0.25 to 0.35) more than bilateral."), "{}", said[1]);
        assert!(
            said[2].starts_with(
                "2. Binding 0.8 instead of 0.5, a schedule of terms for each member: "
            ),
            "{}",
            said[2]
        );
        assert_eq!(said.len(), 4);
    }

    #[test]
    fn who_bars_the_way_is_named() {
        let said = told_of(AccordPath {
            to: "accord-1".to_owned(),
            arrives: false,
            steps: vec![step(&["A"], &[])],
            barred: vec![BarredStep {
                joins: vec!["B".to_owned()],
                rules: IndexMap::new(),
                losers: [("B".to_owned(), -0.3)].into_iter().collect(),
            }],
            worlds: 200,
            tried: 3,
        });
        assert_eq!(
            said[0],
            "No such steps lead to accord-1: after one step somebody loses by each that is left."
        );
        assert!(said[1].starts_with("1. Alpha founds it: "), "{}", said[1]);
        assert_eq!(said[3], "Beta joins: barred by Beta (\u{2212}0.30)");
    }
}
