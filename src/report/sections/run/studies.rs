//! Section 8: what decides the answer, from finished studies of the same scenario.

use super::facts::{Facts, StudyResults};
use crate::report::document::{Files, Section, marked, note, of_study, paragraph};
use crate::report::sections::study::PlaceOnPage;
use crate::report::sections::{discover, sensitivity, sweep, theories, threshold};

pub(super) fn section(facts: &Facts<'_>, files: &mut Files) -> Section {
    let headline = facts.headline();
    let headline = headline.map(|arm| format!("{}.total.payoff.difference", facts.name(arm)));
    let mut blocks = Vec::new();
    for (at, study) in facts.studies.iter().enumerate() {
        let name = format!("study-{}", at + 1);
        let place = PlaceOnPage {
            model: facts.model,
            headline: headline.as_deref(),
            name: &name,
        };
        let text = match study {
            StudyResults::Sensitivity(results) => sensitivity::text(results, Some(place)),
            StudyResults::Discover(results) => discover::text(results),
            StudyResults::Sweep(results) => sweep::text(results, place),
            StudyResults::Threshold(results) => threshold::text(facts.model, results, Some(place)),
            StudyResults::Theories(results) => theories::text(facts.model, results),
            StudyResults::Stability(_) => continue,
        };
        blocks.extend(of_study(&name, text.part(files)));
    }
    if blocks.is_empty() {
        blocks.push(paragraph(marked(
            "Nothing was given. Finished directories of `sensitivity`, `discover`, `sweep`, `threshold` and `theories` of this scenario \
             appear here with `mufakat report RUN --with DIR`.",
        )));
    } else {
        blocks.insert(0, note(
            "These come from studies of the same scenario, with their own worlds and numbers of them; their numbers stand in the results.json of each study.",
        ));
    }
    Section::new("drivers", "What decides the answer", blocks)
}
