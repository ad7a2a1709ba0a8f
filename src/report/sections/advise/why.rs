//! Why: the causes in a sentence, as a waterfall behind it, and two worlds told.

use super::view::AdviceView;
use crate::engine::model::question::View;
use crate::report::document::{
    Block, Section, Table, Text, heading, joined, of_study, paragraph, text,
};
use crate::report::numbers::traced;
use crate::report::sections::causes::Splits;
use crate::report::sections::story::story;
use crate::report::sentence::{capital, say};
use crate::theory::spelling::units::signed;

/// The part of the note.
pub(super) fn section(advice: &AdviceView<'_>) -> Section {
    let said: Vec<Block> = whose(advice)
        .filter_map(|state| causes(advice, state))
        .map(paragraph)
        .collect();
    let mut blocks = match said.is_empty() {
        true => vec![paragraph(NO_ACCORD)],
        false => of_study("run", said),
    };
    blocks.extend(told(advice).map(paragraph));
    Section::new("why", "Why", blocks)
}

/// What stands where no causes can be told.
const NO_ACCORD: &str = "There is no accord between the two, whose causes could be told apart.";

/// All states and, where a state decides, that one.
fn whose(advice: &AdviceView<'_>) -> impl Iterator<Item = Option<usize>> + use<> {
    let own = match advice.view {
        View::State(i) => Some(Some(i)),
        _ => None,
    };
    own.into_iter().chain([None])
}

/// The waterfalls behind it, and two worlds told.
pub(super) fn behind(advice: &AdviceView<'_>) -> Section {
    let tables = whose(advice).filter_map(|state| waterfall(advice, state));
    let mut blocks = of_study("run", tables.map(Block::from).collect());
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
    Section::new("behind-why", "Causes, and two worlds told", blocks)
}

/// Which worlds are told behind the note, and what the best option brings there.
fn told(advice: &AdviceView<'_>) -> Option<Text> {
    let worlds = advice.results.worlds.iter().enumerate().map(|(at, told)| {
        let change = signed(
            told.difference,
            Some(FINEST.max(0.01 * told.difference.abs())),
        );
        say!(
            "the {} world is {} ({})",
            told.which.as_str(),
            told.world.trial.to_string(),
            traced(&change, told.difference, &format!("worlds.{at}.difference"))
        )
    });
    let worlds = joined(worlds, ", ");
    (!worlds.is_empty()).then(|| {
        say!(
            "By that difference {}; both are told behind this note.",
            worlds
        )
    })
}

/// Amounts of one world are told to this, US$ bn, or to a hundredth of themselves.
const FINEST: f64 = 0.001;

/// The causes in a sentence.
fn causes(advice: &AdviceView<'_>, state: Option<usize>) -> Option<Text> {
    let facts = &advice.facts;
    let arm = advice.best_other()?;
    let split = facts.split(arm, facts.reference, state, text![facts.arm(arm)]);
    let splits = Splits::of_arms(vec![split]);
    let who = state.map_or("all states", |i| facts.state(i).name.as_str());
    let of = say!(
        " ({}, {} less {})",
        who,
        facts.arm(arm),
        facts.arm(facts.reference)
    );
    splits
        .is_of_accord()
        .then(|| splits.sentence(&of, facts.trials()))
        .flatten()
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
