//! What a refusal would cost the hyperscaler, by the time of the talks.

use crate::report::document::{Heading, Rows, Section, note};
use crate::report::sections::brief::view::BriefView;
use crate::study::results::brief::LeverageRow;

/// How positions after a state begin.
const AFTER: &str = "after ";

/// How joint tables begin.
const JOINT: &str = "joint table";

/// Margins at risk this close are alike.
const ALIKE: f64 = 0.005;

pub fn section(view: &BriefView) -> Section {
    let (alike, shown) = telling(view);
    let table = Rows::of(shown)
        .column(Heading::default(), |(_, row)| position(view, row))
        .column(Heading::number("margin at risk"), |(at, _)| {
            view.share(&format!("leverage.{at}.margin_at_risk"))
        })
        .each(view.sides, |rows, side| {
            let heading = Heading::number(format!("gain of {}", side.name));
            rows.column(heading, |(at, _)| {
                view.amount(format!("leverage.{at}.{}", side.key)).median()
            })
        })
        .column(Heading::number("leverage"), |(at, _)| {
            view.amount(format!("leverage.{at}.leverage")).percent()
        });
    let caption = format!(
        "Margin at risk: what a refusal would cost {} of its margin at this table. Median gains at the table, {}. Leverage of {} in the window, \
         median",
        view.hyperscaler,
        view.money(),
        view.states
    );
    let blocks = vec![
        table.table("leverage-table", caption).into(),
        note(meaning(view, &alike)),
    ];
    Section::new("leverage", "Leverage by the time of the talks", blocks)
}

/// What the rows mean; after which states the table is as if it met first.
fn meaning(view: &BriefView, alike: &[&str]) -> String {
    let mut said = match view.results.table.state {
        Some(_) => {
            "First: before every other table. After a state: it alone has met the hyperscaler before. Last: after all others."
        }
        None => {
            "First, last: before or after all tables of outsiders. Each alone: the members' own tables, without the accord."
        }
    }
    .to_owned();
    if !alike.is_empty() {
        said += &format!(" After others ({}) as first.", alike.join(", "));
    }
    let mut rows = view.results.leverage.iter();
    if rows.any(|row| row.position.starts_with(JOINT)) {
        said += " Gains at the joint table are those of all its members.";
    }
    said + " With foresight 1 the time makes no difference."
}

/// The states after which the table is as if it met first, and the other rows by their index.
fn telling<'a>(view: &BriefView<'a>) -> (Vec<&'a str>, Vec<(usize, &'a LeverageRow)>) {
    let rows = view.results.leverage.iter();
    let first = rows.clone().find(|row| row.position == "first");
    let first = first.and_then(|row| row.margin_at_risk);
    let is_alike = |row: &LeverageRow| {
        let apart = row.margin_at_risk.zip(first);
        let apart = apart.map(|(one, first)| (one - first).abs());
        row.position.starts_with(AFTER) && apart.is_none_or(|apart| apart < ALIKE)
    };
    let (alike, shown): (Vec<_>, Vec<_>) = rows
        .enumerate()
        .partition(|(_, row)| !view.whole && is_alike(row));
    let ids = alike.iter();
    let ids = ids.map(|(_, row)| row.position.trim_start_matches(AFTER));
    (ids.collect(), shown)
}

fn position<'a>(view: &BriefView<'a>, row: &'a LeverageRow) -> String {
    match (row.position.as_str(), row.position.strip_prefix(AFTER)) {
        ("drawn", _) => "as the scenario has it".to_owned(),
        (_, Some(id)) => format!("after {}", view.state_name(id)),
        (other, None) => other.to_owned(),
    }
}
