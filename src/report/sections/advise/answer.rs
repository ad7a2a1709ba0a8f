//! The answer: the best option for whoever decides and for the region, what it brings and how much that is, and every option beside it.

use super::view::AdviceView;
use crate::engine::model::question::View;
use crate::report::document::{Block, Heading, Rows, Section, Text, of_study, paragraph, text};
use crate::report::sections::run::answer::{answer_beside_options, best_for_region};

/// The answer for whoever decides, and that for the region where another decides.
pub(super) fn said(advice: &AdviceView<'_>) -> Vec<Text> {
    let mut said = answer_beside_options(&advice.facts, advice.view);
    said.extend(rule(advice));
    if advice.view != View::Region {
        said.extend(best_for_region(&advice.facts, advice.view));
    }
    let mut blocks = of_study("run", said.into_iter().map(paragraph).collect());
    let texts = blocks.iter_mut().filter_map(|block| match block {
        Block::Paragraph { text } => Some(std::mem::take(text)),
        _ => None,
    });
    texts.collect()
}

/// What the best option is, as the scenario says it.
fn rule(advice: &AdviceView<'_>) -> Option<Text> {
    let best = advice.facts.ranked_options(advice.view).first().copied()?;
    let arm = &advice.facts.model.arms[best];
    (!arm.what.is_empty()).then(|| text![format!("{}: {}", arm.title, arm.what)])
}

/// Every option against the reference, the best first; none where there are two.
pub(super) fn options(advice: &AdviceView<'_>) -> Option<Section> {
    let facts = &advice.facts;
    let others = advice.ranked.iter().copied();
    let others: Vec<usize> = others.filter(|&arm| arm != facts.reference).collect();
    if others.len() < 2 || facts.is_single() {
        return None;
    }
    let pair = |arm: usize| facts.party_pair(arm, facts.reference, advice.view);
    let title = |arm: usize| facts.model.arms[arm].title.as_str();
    let is_region = advice.view == View::Region;
    let table = Rows::of(others)
        .column(Heading::words("option"), |&arm| title(arm))
        .column(Heading::number("US$ bn"), |&arm| {
            text![pair(arm).difference().difference()]
        })
        .column(Heading::number("90% of worlds"), |&arm| {
            pair(arm).difference().range(" to ")
        })
        .column(Heading::number("better in"), |&arm| {
            text![pair(arm).better()]
        })
        .column(Heading::number("best of all in").goes(1), |&arm| {
            facts
                .best_often(arm, advice.view)
                .map_or_else(Text::new, |often| text![often])
        })
        .if_so(!is_region, |rows| {
            rows.column(Heading::number("region"), |&arm| {
                let pair = facts.party_pair(arm, facts.reference, View::Region);
                text![pair.difference().difference()]
            })
        })
        .table(
            "options",
            format!("More than as {}, {}", title(facts.reference), facts.unit()),
        );
    let blocks = of_study("run", vec![table.into()]);
    let whom = format!("What each option brings {}", facts.party(advice.view));
    Some(Section::new("options", whom, blocks))
}
