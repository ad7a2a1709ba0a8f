//! What to ask for: the walk-away, the bundle that is predicted, and the counter-offer that the other side still accepts.

use super::view::AdviceView;
use crate::engine::model::question::View;
use crate::report::document::{Block, Section, Text, code, note, of_study, paragraph};
use crate::report::sections::brief::offers::asked_for;
use crate::report::sections::brief::view::BriefView;
use crate::report::sentence::{capital, say};
use crate::study::results::brief::BriefResults;

pub(super) fn section(advice: &AdviceView<'_>) -> Section {
    let blocks = match &advice.results.brief {
        None => vec![paragraph(nothing(advice))],
        Some(brief) => asked(&BriefView::new(advice.model, brief, false), brief),
    };
    Section::new("ask", "What to ask for", of_study("brief", blocks))
}

/// Why there is no table to prepare.
fn nothing(advice: &AdviceView<'_>) -> Text {
    match advice.view {
        View::Region => say!(
            "Each state asks at a table of its own: {} names one.",
            code("--for ID")
        ),
        View::State(i) => say!(
            "{} meets no supplier at a table of its own that could be prepared.",
            advice.facts.state(i).name.as_str()
        ),
        View::Hyperscaler(_) => say!(
            "A supplier's table: {}.",
            code("mufakat brief --side hyperscaler")
        ),
    }
}

fn asked(view: &BriefView<'_>, brief: &BriefResults) -> Vec<Block> {
    let walk_away = say!(
        "At the table with {} as {}, from {} on, US$ bn of the window in prices of {}: without a deal {} has {} and {} {}; the predicted deal adds {} and {} (medians).",
        view.hyperscaler,
        code(brief.table.arm.as_str()),
        brief.table.year.to_string(),
        brief.table.price_year.to_string(),
        capital(view.states),
        view.amount("walk_away.state.total".to_owned()).median(),
        view.hyperscaler,
        view.amount("walk_away.hyperscaler.total".to_owned())
            .median(),
        view.amount(format!(
            "predicted.solutions.{}.state",
            brief.predicted.solution
        ))
        .median(),
        view.amount(format!(
            "predicted.solutions.{}.hyperscaler",
            brief.predicted.solution
        ))
        .median()
    );
    let part = &brief.counter_offer;
    let accepted = view.often("counter_offer.accepted");
    let said = match part.enough {
        true => say!(
            "Ask for what the table says: {} would still accept it in {} worlds.",
            view.other,
            accepted
        ),
        false => say!(
            "No bundle is accepted by {} in {} of worlds; that of the table is accepted most often, in {} worlds.",
            view.other,
            view.share("counter_offer.asked"),
            accepted
        ),
    };
    let mut blocks = vec![
        paragraph(walk_away),
        paragraph(said),
        asked_for(view).into(),
    ];
    blocks.extend(view.others().map(note));
    let worth = view.amount("counter_offer.worth.state".to_owned());
    let range = worth.range();
    let range = match range.is_empty() {
        true => range,
        false => say!("; 90% of worlds {}", range),
    };
    blocks.push(note(say!(
        "In place of the predicted deal the counter-offer is worth US$ {} bn to {} (median{}).",
        worth.median(),
        view.states,
        range
    )));
    blocks
}
