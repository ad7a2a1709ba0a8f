//! Which of the own circumstances are worth changing before the talks.

use crate::report::document::{Block, Heading, Rows, Section, Text, code, joined, note, text};
use crate::report::sections::brief::view::BriefView;
use crate::report::sentence::say;
use crate::study::results::brief::{KindName, PreparationRow};
use crate::theory::stats::summary::Stat;

/// A change that moves less is none, USD bn: a thousandth of a dollar.
const IDLE: f64 = 1e-12;

pub fn section(view: &BriefView) -> Option<Section> {
    let all = &view.results.preparation;
    let (shown, idle) = telling(view);
    let left = all.len() - shown.len() - idle.len();
    let (own, other) = (view.own, view.other);
    let measures = [
        (own, "without", "walk_away"),
        (other, "without", "other_walk_away"),
        (own, "with", "with_deal"),
    ];
    let table = Rows::of(shown.iter().enumerate())
        .column(Heading::default(), |(k, (_, row))| {
            format!("{} {}", k + 1, row.what)
        })
        .each(measures, |rows, (who, when, key)| {
            let of = |at: &usize| view.amount(format!("preparation.{at}.{key}"));
            let heading = Heading::number(format!("{who} has {when}"));
            rows.column(heading, |(_, (at, _))| of(at).added())
                .column(Heading::number("90% of worlds").below(), |(_, (at, _))| {
                    of(at).range()
                })
        });
    let caption = format!(
        "What a plausible change of the own circumstances before the talks adds, {}, medians and 90% of worlds; ranked by the walk-away of {own}",
        view.money()
    );
    let mut blocks = vec![table.table("preparation-table", caption).into()];
    blocks.extend(assignments(&shown, view.whole));
    let mut meaning = "An uncertain number is moved to its 95% point (5% where less is better), a constant by a tenth of itself; accords stay as \
                       they formed."
        .to_owned();
    if !idle.is_empty() {
        meaning += &format!(" No effect: {}.", idle.join(", "));
    }
    if left > 0 {
        meaning += &format!(" {left} more are in the document (--json).");
    }
    blocks.push(note(meaning));
    (!all.is_empty()).then(|| Section::new("preparation", "Preparation", blocks))
}

/// The changes that are shown by their index, and those that move nothing; of many suppliers or hosts the best is enough.
fn telling<'a>(view: &BriefView<'a>) -> (Vec<(usize, &'a PreparationRow)>, Vec<&'a str>) {
    let mut seen = Vec::new();
    let (mut shown, mut idle) = (Vec::new(), Vec::new());
    for (at, row) in view.results.preparation.iter().enumerate() {
        let one_of_many = matches!(row.kind, KindName::SecondSupplier | KindName::SecondHost);
        let is_again = one_of_many && seen.contains(&row.kind);
        seen.push(row.kind);
        match view.whole {
            false if is_again => {}
            false if is_idle(row) => idle.push(row.what.as_str()),
            _ => shown.push((at, row)),
        }
    }
    (shown, idle)
}

/// Whether a change moves nothing in any world.
fn is_idle(row: &PreparationRow) -> bool {
    let small = |stat: &Stat| stat.min.abs() < IDLE && stat.max.abs() < IDLE;
    let parts = [&row.walk_away, &row.other_walk_away, &row.with_deal];
    parts
        .into_iter()
        .all(|stat| stat.as_ref().is_none_or(small))
}

/// How the changes of a table, by number, are repeated: on a page a list with all that each sets, else a note with the first.
fn assignments(rows: &[(usize, &PreparationRow)], whole: bool) -> Vec<Block> {
    let numbered = rows.iter().enumerate();
    let numbered = numbered.filter(|(_, (_, row))| !row.set.is_empty());
    let sets = numbered.map(|(k, (_, row))| {
        let number = format!("{} ", k + 1);
        if whole {
            let all = joined(row.set.iter().map(|one| text![code(one)]), ", ");
            return [text![number], all].concat();
        }
        let more = match row.set.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        text![format!("{number}{}{more}", row.set[0])]
    });
    let sets: Vec<Text> = sets.collect();
    match (sets.is_empty(), whole) {
        (true, _) => Vec::new(),
        (false, true) => vec![note("By number, with --set:"), Block::List { items: sets }],
        (false, false) => vec![note(say!("By --set: {}.", joined(sets, "; ")))],
    }
}
