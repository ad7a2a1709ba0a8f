//! Where a deal lies, and the deal that solutions of bargaining predict there.

use crate::report::amounts::NONE;
use crate::report::document::{
    Block, Cell, Heading, Rows, Section, Table, Text, code, note, paragraph, plain, text,
};
use crate::report::sections::brief::amounts::{MedianAmount, medians};
use crate::report::sections::brief::view::BriefView;
use crate::report::sentence::{capital, say};

pub fn zone(view: &BriefView) -> Section {
    let rows = Rows::of(view.sides).column(Heading::default(), |side| capital(side.name));
    let table = ["least", "most"].iter().fold(rows, |rows, end| {
        medians(rows, end, |side| {
            view.amount(format!("zone.{}.{end}", side.key))
        })
    });
    let caption = format!(
        "The least and the most that each side can gain where a deal exists, {}",
        view.money()
    );
    let table = table.table("zone-table", caption).into();
    let mut blocks = vec![table];
    blocks.extend(reserve(view).map(note));
    Section::new("zone", "Zone of agreement", blocks)
}

/// What the states are promised by those who are not on their short list.
fn reserve(view: &BriefView) -> Option<Text> {
    view.results.zone.reserve?;
    let reserve = view.amount("zone.reserve".to_owned());
    Some(say!(
        "{} refuses all who are not on its short list: the best bid of those, US$ {} bn in the median, is what {} has to match.",
        capital(view.states),
        reserve.median(),
        view.hyperscaler.to_owned()
    ))
}

/// Each term and gain under the solution of the scenario, and its median under all.
pub fn predicted(view: &BriefView) -> Section {
    let part = &view.results.predicted;
    let outcome = &part.solutions[&part.solution];
    if outcome.state.is_none() {
        let none = paragraph("No deal is predicted: none exists in any world.");
        return Section::new("predicted", "Predicted deal", vec![none]);
    }
    let terms = outcome.terms.keys();
    let terms = terms.map(|id| (view.term_name(id).to_owned(), format!("terms.{id}")));
    let cash = outcome.cash.iter().map(|_| {
        let name = format!("cash to {}, US$ bn", view.states);
        (name, "cash".to_owned())
    });
    let gains = view.sides.map(|side| {
        let name = format!("gain of {}, US$ bn", side.name);
        (name, side.key.to_owned())
    });
    let of = |id: &str, key: &str| view.amount(format!("predicted.solutions.{id}.{key}"));
    let others = part.solutions.keys().filter(|id| **id != part.solution);
    let rows = Rows::of(terms.chain(cash).chain(gains))
        .column(Heading::default(), |(name, _)| name.clone());
    let rows = medians(rows, "median", |(_, key)| of(&part.solution, key));
    let all = format!("medians by all {} solutions", part.solutions.len());
    let table = match view.whole {
        true => rows.each(others, |rows, id| {
            rows.column(Heading::number(id), |(_, key)| of(id, key).median())
        }),
        false => rows.column(Heading::number(all).goes(1), |(_, key)| {
            let all = part.solutions.keys().map(|id| of(id, key)).collect();
            over(all, &of(&part.solution, key))
        }),
    };
    let table = table.column(Heading::words("that is"), |(_, key)| {
        let id = key.strip_prefix("terms.").unwrap_or_default();
        let median = format!("predicted.solutions.{}.{key}.p50", part.solution);
        Cell::words(view.real(id, &median))
    });
    let caption = text![
        "By ",
        code(&part.solution),
        " in worlds with a deal; terms as levels from 0 to 1"
    ];
    let table = table.table("predicted-table", caption).into();
    let mut blocks = vec![table];
    blocks.extend(annexes(view).map(Block::from));
    blocks.extend(repricing(view).map(note));
    blocks.extend(clause(view).map(note));
    Section::new("predicted", "Predicted deal", blocks)
}

/// The levels of each member where each has its annex.
fn annexes(view: &BriefView) -> Option<Table> {
    let part = &view.results.predicted;
    if part.annexes.is_empty() {
        return None;
    }
    let terms = view.model.terms.iter();
    let table = Rows::of(part.annexes.keys())
        .column(Heading::words("member"), |id| {
            view.state_name(id).to_owned()
        })
        .each(terms, |rows, term| {
            rows.column(Heading::number(term.name.clone()), |id| {
                view.amount(format!("predicted.annexes.{id}.{}", term.id))
                    .level()
            })
        });
    let caption = "The annex of each member under the same solution: median level of each term; above are their means, and an offer is one bundle for all";
    Some(table.table("annexes-table", caption))
}

/// What the terms save of what could be taken after signing.
fn repricing(view: &BriefView) -> Option<Text> {
    let part = &view.results.predicted;
    part.repricing.filter(|stat| stat.max > 0.0)?;
    let at = |key: &str| view.amount(format!("predicted.{key}")).median();
    Some(say!(
        "After signing {} could take US$ {} bn from {} by repricing; the terms above leave it {} and save {}, which both sides count where they foresee it (medians).",
        view.hyperscaler.to_owned(),
        at("repricing"),
        view.states.to_owned(),
        at("loss"),
        at("averted")
    ))
}

/// That others may claim what is given up here.
fn clause(view: &BriefView) -> Option<Text> {
    view.results.predicted.most_favoured?;
    let share = view.amount("predicted.most_favoured".to_owned());
    Some(say!(
        "As a member {} may claim {} of what {} gave another at a table before, and those after it may claim the same of this deal, which {} foresees.",
        view.states.to_owned(),
        share.percent(),
        view.hyperscaler.to_owned(),
        view.hyperscaler.to_owned()
    ))
}

/// From the smallest to the largest of some medians, with the error of one.
fn over(mut all: Vec<MedianAmount>, like: &MedianAmount) -> Text {
    all.retain(|one| one.stat.is_some());
    let median = |one: &MedianAmount| one.stat.map_or(f64::NAN, |stat| stat.p50);
    all.sort_by(|one, other| median(one).total_cmp(&median(other)));
    let range = all.first().zip(all.last());
    let range = range.and_then(|(low, high)| low.to(high, like));
    range.unwrap_or_else(|| plain(NONE))
}
