//! Which rules and members all would sign.
//!
//! - `answer`: what was found in a few sentences; `change`: rules that change, in words; `whom`: whom they are about.
//! - `front`: the accords of which none is better in everything, as a table and drawn.
//! - `readings`: the best of them, what each clause is worth, what would break it; `payments`: what would have to be paid.
//! - `steps`: how it comes about; `theories`: what stands under other theories; `method`: how accords were found.

mod answer;
mod change;
mod front;
mod method;
mod payments;
mod readings;
#[cfg(test)]
mod sample;
mod steps;
mod theories;
mod view;
mod whom;

use self::view::AccordsView;
use crate::engine::model::Model;
use crate::report::document::{Document, Figure};
use crate::study::results::accords::AccordsResults;

/// The results; all tables of them, or what a screen has room for.
pub fn document(model: &Model, results: &AccordsResults, all: bool) -> Document {
    let view = AccordsView::new(model, results, all);
    let manifest = &results.manifest;
    let mut sections = vec![front::section(&view)];
    sections.extend(readings::sections(&view));
    sections.extend(theories::section(&view));
    sections.extend(steps::section(&view));
    sections.push(method::section(&view));
    Document {
        title: format!(
            "{}: which rules and members all would sign",
            manifest.scenario
        ),
        generator: format!("{} {}", manifest.tool, manifest.version),
        lead: answer::said(&view),
        picture: Some(Box::new(Figure::whole(front::who_gains(&view)))),
        sections,
        footer: vec![method::footer(&view)],
        ..Document::default()
    }
}

#[cfg(test)]
mod tests {
    use super::sample::{accord, interval, results, with_reading};
    use super::*;
    use crate::report::render::terminal::render;
    use crate::study::results::accords::{AccordTheories, PaymentPlan, ReadingKind, TestedAccord};
    use crate::study::results::fixture::model;
    use serde_json::json;

    fn told(results: &AccordsResults) -> String {
        let text = render(&document(&model(), results, true), 80).text;
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_clause_that_does_nothing_alone_is_told_with_its_other() {
        let text = told(&results());
        for expected in [
            "Every member gains, most for the region: accord-1",
            "one table instead of separate ones +1.50 ±0.10",
            "half of the gains shared by GDP +0.40 ±0.10",
            "Alpha leaves in 10 of 100 worlds; no state loses on average, Beta gets least, US$ +0.10 bn; Host & Co loses US$ 2.0 bn; the region gains in 90 of 100 worlds.",
            "By cause, US$ bn: one table 1.8, common rules 0.2.",
            "`accord-2`: `framework` as it is",
            "All 12 accords that can be made of them (32 combinations, of which some are the same) were tried, 5 dropped as surely worse than another; 2 were played to the end in 256 worlds. The numbers above are of 1,000 others, in which nobody searched.",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        // The base is on the front, and not told again as what the scenario names.
        assert!(!text.contains("below it what the scenario names"), "{text}");
    }

    /// The number at a path, or a difference of two.
    fn at(results: &serde_json::Value, path: &str) -> Option<f64> {
        if let Some((one, other)) = path.split_once(" - ") {
            return Some(at(results, one)? - at(results, other)?);
        }
        if let Some(path) = path.strip_prefix('-') {
            return Some(-at(results, path)?);
        }
        let pointer = format!("/{}", path.replace('.', "/"));
        results.pointer(&pointer)?.as_f64()
    }

    #[test]
    fn every_number_has_its_place() {
        let mut all = results();
        all.front[0].price = 0.5;
        all.named = vec![accord("bloc", 5.0, 0.9)];
        all.readings[1].payments = Some(PaymentPlan {
            payments: [("A".to_owned(), -0.5)].into_iter().collect(),
            from_outside: 0.25,
            before: interval(0.76, 0.02),
            after: interval(0.89, 0.02),
            together: interval(0.97, 0.01),
        });
        let values = serde_json::to_value(&all).expect("plain data");
        let numbers = render(&document(&model(), &all, true), 200).numbers;
        assert!(numbers.len() > 40, "{}", numbers.len());
        for number in numbers {
            let value = at(&values, &number.path);
            let value = value.unwrap_or_else(|| panic!("{} is nowhere", number.path));
            let said: f64 = number.value.parse().expect("a number");
            assert!(
                (said - value).abs() < 1e-9,
                "{}: {said} {value}",
                number.path
            );
        }
    }

    #[test]
    fn payments_say_how_far_they_go() {
        let mut paid = with_reading(ReadingKind::AllGain, "accord-2", false);
        paid.readings[0].payments = Some(PaymentPlan {
            payments: [("A".to_owned(), -0.5), ("B".to_owned(), 0.75)]
                .into_iter()
                .collect(),
            from_outside: 0.25,
            before: interval(0.76, 0.02),
            after: interval(0.89, 0.02),
            together: interval(0.97, 0.01),
        });
        let text = told(&paid);
        for expected in [
            "Nearest to a gain of every member: accord-2",
            "every member gains in 89 (87 to 91) of 100 worlds, without them in 76 (74 to 78); made to measure in each world they would do in 97 (96 to 98). No member can give all of it and still gain that often: US$ 0.25 bn would have to come from outside.",
            "gets -0.50 0.75",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }

    #[test]
    fn payments_that_change_nothing_are_not_listed() {
        let mut paid = results();
        paid.front[0].formed = 0.34;
        paid.readings[0].payments = Some(PaymentPlan {
            payments: [("A".to_owned(), 0.001)].into_iter().collect(),
            from_outside: 0.0,
            before: interval(0.34, 0.02),
            after: interval(0.34, 0.02),
            together: interval(0.34, 0.02),
        });
        let text = told(&paid);
        for expected in [
            "What would break it: it forms in 34 of 100 worlds;",
            "Payments that are fixed beforehand do not help: every member gains in 34 (32 to 36) of 100 worlds with them or without; made to measure in each world they would do in 34 (32 to 36).",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert!(!text.contains("Payments with"), "{text}");
    }

    #[test]
    fn one_accord_is_a_front() {
        let mut one = with_reading(ReadingKind::AllGain, "accord-2", true);
        one.readings[1].accord = "accord-2".to_owned();
        one.readings[1].clauses.clear();
        one.front.remove(0);
        one.named.clear();
        one.search.tried = 1;
        one.search.not_valid = 2;
        one.search.not_valid_because = Some("nobody is invited".to_owned());
        let text = told(&one);
        for expected in [
            "The front is one accord: it is best in everything, as finely as it is told",
            "There is no other accord to choose.",
            "2 of them are not valid, the first because: nobody is invited.",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
        assert!(!text.contains("What each clause adds"), "{text}");
    }

    #[test]
    fn a_loss_everywhere_and_a_long_front_are_told() {
        let mut long = results();
        for at in 3..24 {
            long.front.push(accord(&format!("accord-{at}"), 0.1, 0.5));
        }
        for one in &mut long.front {
            let gain = one.states["B"].gain.as_mut().expect("there");
            gain.mean = -1.0;
        }
        let text = told(&long);
        assert!(text.contains("... and 7 more: see --json"), "{text}");
        assert!(
            text.contains("Beta loses most, US$ 1.00 bn on average"),
            "{text}"
        );
        assert!(text.contains("accord-1 \u{25cf} \u{d7}"), "{text}");
    }

    #[test]
    fn theories_say_what_stands() {
        let mut with = results();
        let tested = |id: Option<&str>, value: f64, falls: &[&str]| TestedAccord {
            accord: id.map(str::to_owned),
            changes: [("mode".to_owned(), json!("bloc"))].into_iter().collect(),
            region: [("Kalai-Smorodinsky".to_owned(), Some(interval(value, 0.1)))]
                .into_iter()
                .collect(),
            falls: falls
                .iter()
                .map(|&who| ("Kalai-Smorodinsky".to_owned(), vec![who.to_owned()]))
                .collect(),
        };
        with.theories = Some(AccordTheories {
            worlds: 200,
            theories: vec!["Kalai-Smorodinsky".to_owned()],
            accords: vec![
                tested(Some("accord-1"), 0.5, &[]),
                tested(None, 0.05, &["B"]),
            ],
        });
        let text = told(&with);
        assert!(
            text.contains("1 of 2 accords that were found stands under the one theory that was tried; the other is left out above."),
            "{text}"
        );
        assert!(
            text.contains("Kalai-Smorodinsky +0.50 falls (+0.05)"),
            "{text}"
        );
        assert!(
            text.contains(
                "B, one table instead of separate ones, falls under Kalai-Smorodinsky: Beta loses."
            ),
            "{text}"
        );
    }
}
