//! What each side has without the deal, and who and what else would serve.

use crate::report::document::{Cell, Heading, Rows, Section, Text, joined, note, text, words};
use crate::report::sections::brief::amounts::medians;
use crate::report::sections::brief::view::{BriefView, name};
use crate::report::sentence::capital;

/// Other places or suppliers that are named.
const NAMED: usize = 6;

/// A share below this is not named.
const HARDLY: f64 = 0.005;

/// Sets in what a total is made of.
const PART: &str = "\u{a0}\u{a0}";

/// What the total of the states is made of, by key; `*` is the other side.
const STATES: [(&str, &str); 6] = [
    ("own", "own compute"),
    ("other_suppliers", "service of the other suppliers"),
    ("elsewhere", "service of * from elsewhere"),
    ("other_deals", "terms and cash of its other deals"),
    ("behind", "falling behind others with *"),
    ("switching", "cost of leaving *"),
];

const HYPERSCALER: [(&str, &str); 6] = [
    ("home_margin", "margin on *, from elsewhere"),
    ("other_margin", "margin on all other demand"),
    ("hosting", "cost of its other hosts"),
    ("compliance", "compliance there"),
    ("stranded", "what it built with * and loses"),
    ("other_deals", "terms and cash of its other deals"),
];

pub fn section(view: &BriefView) -> Section {
    let rows = view.sides.into_iter().flat_map(|side| {
        let (parts, other) = match side.key {
            "state" => (STATES, view.hyperscaler),
            _ => (HYPERSCALER, view.states),
        };
        let amount = |key: &str| view.amount(format!("walk_away.{}.{key}", side.key));
        let total = (format!("{} has", capital(side.name)), amount("total"));
        let parts = parts.map(|(key, what)| {
            let name = format!("{PART}{}", what.replace('*', other));
            (name, amount(key))
        });
        let parts = parts.into_iter().filter(|(_, part)| !part.is_nothing());
        [total].into_iter().chain(parts).collect::<Vec<_>>()
    });
    let rows = Rows::of(rows).column(Heading::default(), |(name, _)| {
        let class = if name.starts_with(PART) { "part" } else { "" };
        Cell::of(text![name.as_str()], class)
    });
    let caption = format!(
        "What each side has without this deal, {} over the window; each total is the sum of the parts below it in every world",
        view.money()
    );
    let rows = medians(rows, "median", |row| row.1.clone());
    let mut blocks = vec![rows.table("walk-away-table", caption).into()];
    blocks.extend(served_from(view).map(note));
    blocks.push(note(other_suppliers(view)));
    Section::new("walk-away", "Walk-away", blocks)
}

/// From where the hyperscaler would serve the demand instead.
fn served_from(view: &BriefView) -> Option<Text> {
    let places = &view.results.walk_away.served_from;
    let named = places.iter().filter(|(_, place)| place.share >= HARDLY);
    let named = joined(
        named.take(NAMED).map(|(id, place)| {
            let name = match id.as_str() {
                "outside" => "outside the region",
                id => view.state_name(id),
            };
            let path = format!("walk_away.served_from.{id}");
            let mut said = text![
                view.share(&format!("{path}.share")),
                format!(" from {name}")
            ];
            if place.quality.is_some() {
                let quality = view.level(&format!("{path}.quality.p50"));
                said.extend(text![" (", quality, ")"]);
            }
            said
        }),
        ", ",
    );
    let start = format!(
        "Of the demand of {}, {} would then serve ",
        view.states, view.hyperscaler
    );
    let end = " (in brackets the median quality, 1 being service from inside).";
    (!named.is_empty()).then(|| [text![start], named, text![end]].concat())
}

fn other_suppliers(view: &BriefView) -> Text {
    let others = view.results.walk_away.other_suppliers.iter();
    let mut others: Vec<_> = others.filter(|(_, share)| **share >= HARDLY).collect();
    if others.is_empty() {
        let nobody = format!("No other supplier is hosted in {} then.", view.states);
        return text![nobody];
    }
    others.sort_by(|one, other| other.1.total_cmp(one.1));
    let named = others.into_iter().take(NAMED).map(|(id, _)| {
        let path = format!("walk_away.other_suppliers.{id}");
        let often = match view.results.table.state {
            Some(_) => view.often(&path),
            None => view.share(&path),
        };
        text![format!("{} ", name(&view.model.hyperscalers, id)), often]
    });
    let what = match view.results.table.state {
        Some(_) => "of worlds",
        None => "of members",
    };
    let start = format!("Also hosted, or counted on, in {} ({what}): ", view.states);
    [text![start], joined(named, ", "), text![words(".")]].concat()
}
