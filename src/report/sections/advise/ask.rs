//! What to ask for: the walk-away, the counter-offer that the other side still accepts with the order in which to give it up, and what others got.

use super::view::AdviceView;
use crate::engine::model::question::View;
use crate::report::comparables::figures_of;
use crate::report::document::{
    Block, Heading, Rows, Section, Table, Text, code, joined, note, of_study, paragraph, text,
};
use crate::report::measure::figure;
use crate::report::numbers::short;
use crate::report::sections::brief::view::BriefView;
use crate::report::sentence::say;
use crate::study::results::brief::BriefResults;
use serde_json::Value;

/// The part of the note.
pub(super) fn section(advice: &AdviceView<'_>) -> Section {
    let blocks = match &advice.results.brief {
        None => vec![paragraph(nothing(advice))],
        Some(brief) => asked(advice, &BriefView::new(advice.model, brief, false), brief),
    };
    Section::new("ask", "What to ask for", of_study("brief", blocks))
}

/// What others got for each term, with what has to be known to read it.
pub(super) fn behind(advice: &AdviceView<'_>) -> Option<Section> {
    let brief = advice.results.brief.as_ref()?;
    let view = BriefView::new(advice.model, brief, false);
    let others = view.others()?;
    Some(Section::new(
        "behind-ask",
        "What others got",
        of_study("brief", vec![paragraph(others)]),
    ))
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

fn asked(advice: &AdviceView<'_>, view: &BriefView<'_>, brief: &BriefResults) -> Vec<Block> {
    let mut blocks = vec![
        paragraph(walk_away(advice, view, brief)),
        paragraph(accepted(view, brief)),
        bundle(view, brief).into(),
    ];
    blocks.extend(others(advice).map(note));
    blocks
}

/// What both sides have without a deal, and what the predicted one adds.
fn walk_away(advice: &AdviceView<'_>, view: &BriefView<'_>, brief: &BriefResults) -> Text {
    let median = |path: &str| view.amount(path.to_owned()).median();
    let predicted = |side: &str| {
        let path = format!("predicted.solutions.{}.{side}", brief.predicted.solution);
        view.amount(path).median()
    };
    let why = match advice.results.supplier_named {
        true => Text::new(),
        false => say!(", whose market in the state is the largest"),
    };
    let why = match &brief.table.state {
        Some(_) => why,
        None => Text::new(),
    };
    say!(
        "At the table with {}{}, as {} from {} on, over the {} years of the window: without a deal {} has US$ {} bn and {} {}; the predicted deal adds {} and {} (medians, prices of {}).",
        view.hyperscaler,
        why,
        code(brief.table.arm.as_str()),
        brief.table.year.to_string(),
        short(advice.model.horizon.window_years, 2),
        view.states,
        median("walk_away.state.total"),
        view.hyperscaler,
        median("walk_away.hyperscaler.total"),
        predicted("state"),
        predicted("hyperscaler"),
        brief.table.price_year.to_string()
    )
}

/// How often the other side accepts what is asked for, and what that is worth.
fn accepted(view: &BriefView<'_>, brief: &BriefResults) -> Text {
    let often = view.often("counter_offer.accepted");
    let said = match brief.counter_offer.enough {
        true => say!(
            "Ask for what the table says: {} would still accept it in {} worlds",
            view.other,
            often
        ),
        false => say!(
            "No bundle is accepted by {} in {} of worlds; that of the table is accepted most often, in {} worlds",
            view.other,
            view.share("counter_offer.asked"),
            often
        ),
    };
    let worth = view.amount("counter_offer.worth.state".to_owned());
    let range = worth.range();
    let range = match range.is_empty() {
        true => range,
        false => say!(" (median; 90% of worlds {})", range),
    };
    let order = match brief.counter_offer.concessions.is_empty() {
        true => "",
        false => {
            " The table begins with what to give up first: what brings the other side most for each dollar that it costs."
        }
    };
    say!(
        "{}. Instead of the predicted {} it adds US$ {} bn for {}{}, and leaves {} {} of {}.{}",
        said,
        view.amount(format!(
            "predicted.solutions.{}.state",
            brief.predicted.solution
        ))
        .median(),
        worth.median(),
        view.states,
        range,
        view.hyperscaler,
        view.amount("counter_offer.worth.hyperscaler".to_owned())
            .median(),
        view.amount(format!(
            "predicted.solutions.{}.hyperscaler",
            brief.predicted.solution
        ))
        .median(),
        order
    )
}

/// The counter-offer term by term, in the order in which to give it up, with what giving up a term means to both.
fn bundle(view: &BriefView<'_>, brief: &BriefResults) -> Table {
    let given = &brief.counter_offer.concessions;
    let place = |id: &str| given.iter().position(|row| row.term == id);
    let mut terms: Vec<&String> = brief.counter_offer.bundle.terms.keys().collect();
    terms.sort_by_key(|id| place(id).unwrap_or(given.len()));
    let asked = |id: &str| format!("counter_offer.bundle.terms.{id}");
    let predicted = |id: &str| {
        let solution = &brief.predicted.solution;
        format!("predicted.solutions.{solution}.terms.{id}")
    };
    let change = |id: &str, side: &str| {
        place(id).map_or_else(Text::new, |at| {
            text![
                view.amount(format!("counter_offer.concessions.{at}.{side}"))
                    .added()
            ]
        })
    };
    let [own, other] = view.sides.map(|side| side.key);
    Rows::of(terms)
        .column(Heading::words("ask for"), |id| {
            let real = view.real(id, &asked(id));
            match real.is_empty() {
                true => say!("{} {}", view.term_name(id), view.level(&asked(id))),
                false => real,
            }
        })
        .column(Heading::number("predicted"), |id| {
            let level = view.at(&format!("{}.p50", predicted(id)));
            let level = level.and_then(Value::as_f64);
            let figure = level.and_then(|level| figure(view.model, id, level));
            figure.map_or_else(
                || text![view.amount(predicted(id)).level()],
                |figure| text![figure],
            )
        })
        .column(Heading::number("for you"), |id| change(id, own))
        .column(Heading::number("for them"), |id| change(id, other))
        .table(
            "ask-terms",
            format!(
                "Ask, and predicted deal; what moving a row from the one to the other means for each side, {} (medians)",
                view.money()
            ),
        )
}

/// What others got, for terms that deals put in numbers.
fn others(advice: &AdviceView<'_>) -> Option<Text> {
    let said = advice.model.terms.iter().filter_map(|term| {
        let figures = figures_of(&term.id)?;
        Some(text![format!("{}: {figures}", term.name)])
    });
    let said = joined(said, "; ");
    (!said.is_empty()).then(|| say!("What others got. {}.", said))
}
