//! Why: the causes as a waterfall, and two worlds told.

use super::view::AdviceView;
use crate::engine::model::question::View;
use crate::report::document::{Block, Section, Table, heading, of_study, paragraph, text};
use crate::report::sections::causes::Splits;
use crate::report::sections::story::story;
use crate::report::sentence::{capital, say};

pub(super) fn section(advice: &AdviceView<'_>) -> Section {
    let mut blocks = Vec::new();
    let own = match advice.view {
        View::State(i) => Some(i),
        _ => None,
    };
    let whose = [None].into_iter().chain(own.map(Some));
    let tables: Vec<Block> = whose
        .filter_map(|state| waterfall(advice, state))
        .map(Block::from)
        .collect();
    match tables.is_empty() {
        true => blocks.push(paragraph(
            "There is no accord between the two, whose causes could be told apart.",
        )),
        false => blocks.extend(of_study("run", tables)),
    }
    for (at, told) in advice.results.worlds.iter().enumerate() {
        blocks.push(heading(format!(
            "{}: world {}",
            capital(&format!(
                "the {} world for {}",
                told.which,
                advice.facts.party(advice.view)
            )),
            told.world.trial
        )));
        let arms = [Some(advice.facts.reference), advice.best_other()];
        let arms = arms.map(|arm| arm.map(|arm| advice.facts.name(arm)));
        let place = format!("worlds.{at}.world");
        let lines = story(advice.model, &told.world, advice.view, arms, &place);
        blocks.push(Block::List { items: lines });
    }
    Section::new("why", "Why", blocks)
}

/// The best option less the reference, by its causes.
fn waterfall(advice: &AdviceView<'_>, state: Option<usize>) -> Option<Table> {
    let facts = &advice.facts;
    let arm = advice.best_other()?;
    let split = facts.split(arm, facts.reference, state, text![facts.arm(arm)]);
    let splits = Splits::of_arms(vec![split]);
    let row = splits.rows.first().filter(|_| splits.is_of_accord())?;
    let (id, who) = match state {
        None => ("why-region".to_owned(), "all states".to_owned()),
        Some(i) => (
            format!("why-{}", facts.state(i).id),
            facts.state(i).name.clone(),
        ),
    };
    let caption = say!(
        "Payoff of {} as {} less {}, by its causes; {}",
        who,
        facts.arm(arm),
        facts.arm(facts.reference),
        facts.unit()
    );
    Some(splits.waterfall(row, (&id, caption)))
}
