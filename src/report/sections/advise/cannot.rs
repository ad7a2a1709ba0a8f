//! What an advice cannot say: how much of it is judgement, and what the model leaves out.

use super::view::AdviceView;
use crate::report::document::{Block, Section, code, of_study, paragraph};
use crate::report::sections::run::pledged;
use crate::report::sentence::say;

pub(super) fn section(advice: &AdviceView<'_>) -> Section {
    let model = advice.model;
    let grade = |path: &str| {
        let input = advice
            .results
            .run
            .inputs
            .iter()
            .find(|one| one.path == path);
        input.and_then(|one| one.grade.clone())
    };
    let graded: Vec<Option<String>> = model.uncertain.iter().map(|one| grade(&one.path)).collect();
    let of = |named: &str| {
        graded
            .iter()
            .filter(|one| one.as_deref() == Some(named))
            .count()
    };
    let said = match graded.len() {
        0 => say!("Nothing is uncertain in this scenario: its answer is that of one world."),
        all => say!(
            "{} of {} uncertain quantities are judgements; {} are of grade A (a primary source that was read).",
            of("judgement").to_string(),
            all.to_string(),
            of("A").to_string()
        ),
    };
    let myopia = say!(
        "States and suppliers look at one window at a time: nobody waits for a better accord, or gives way now for what it brings later. How near such answers came to bargains on record says {}; a scenario, not a forecast.",
        code("mufakat history")
    );
    let mut blocks: Vec<Block> = vec![paragraph(said)];
    let misfit = pledged::sentence(&advice.facts).map(paragraph);
    blocks.extend(of_study("run", misfit.into_iter().collect()));
    blocks.push(paragraph(myopia));
    Section::new("cannot", "What this cannot say", blocks)
}
