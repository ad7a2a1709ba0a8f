//! Where a deal lies, and the deal that solutions of bargaining predict there.

use crate::report::amounts::NONE;
use crate::report::document::{Heading, Rows, Section, Text, code, paragraph, plain, text};
use crate::report::sections::brief::amounts::{MedianAmount, medians};
use crate::report::sections::brief::view::{BriefView, capital};

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
    Section::new("zone", "Zone of agreement", vec![table])
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
    let table = match view.whole {
        true => rows.each(others, |rows, id| {
            rows.column(Heading::number(id), |(_, key)| of(id, key).median())
        }),
        false => rows.column(Heading::number("all solutions"), |(_, key)| {
            let all = part.solutions.keys().map(|id| of(id, key)).collect();
            over(all, &of(&part.solution, key))
        }),
    };
    let caption = text![
        "By ",
        code(&part.solution),
        format!(
            " in worlds with a deal; beside it the medians under all {} solutions",
            part.solutions.len()
        )
    ];
    let table = table.table("predicted-table", caption).into();
    Section::new("predicted", "Predicted deal", vec![table])
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
