//! What is on the table: the offer and what both would rather have, the counter-offer.

use crate::report::document::{
    Block, Heading, Number, Rows, Section, Span, Table, Text, joined, note, paragraph, text, words,
};
use crate::report::sections::brief::amounts::medians;
use crate::report::sections::brief::view::BriefView;
use crate::report::sentence::say;
use crate::study::results::brief::{Bundle, OfferPart};

/// Improvements that are shown where not all are.
const SHOWN: usize = 5;

pub fn offer(view: &BriefView) -> Option<Section> {
    let offer = view.results.offer.as_ref()?;
    let mut said = typed(view, &offer.bundle, "offer.bundle", &offer.unnamed);
    if !offer.unnamed.is_empty() {
        let unnamed = offer.unnamed.join(", ");
        said.push(words(format!(
            " Not named, so at the lowest level: {unnamed}."
        )));
    }
    let mut blocks = vec![
        paragraph(said),
        worth(view, "offer-table", "offer.worth"),
        note(room(view, offer)),
    ];
    blocks.extend(improvements(view, offer));
    Some(Section::new("offer", "The offer", blocks))
}

/// A bundle that stands at a path as it is typed, without the terms that are left out.
fn typed(view: &BriefView, bundle: &Bundle, path: &str, without: &[String]) -> Text {
    let levels = bundle.terms.keys().filter(|id| !without.contains(id));
    let levels = levels.map(|id| {
        let level = view.level(&format!("{path}.terms.{id}"));
        text![format!("{id}="), level]
    });
    let cash = bundle.cash.map(|cash| {
        let text = format!("{cash:.4}");
        let number = Number::new(&text, cash, &format!("{path}.cash"));
        // What is typed has a hyphen for its sign.
        text!["cash=", Number { text, ..number }]
    });
    let parts = joined(levels.chain(cash), ", ");
    let parts = [text!["--offer '"], parts, text!["'"]].concat();
    text![Span::Typed { parts }, "."]
}

/// What a bundle gives each side, and how often each accepts it.
fn worth(view: &BriefView, id: &str, path: &str) -> Block {
    let rows =
        Rows::of(view.sides).column(Heading::default(), |side| format!("gain of {}", side.name));
    let rows = medians(rows, "median", |side| {
        view.amount(format!("{path}.{}", side.key))
    });
    let rows = rows.column(Heading::number("accepts in"), |side| {
        view.often(&format!("{path}.{}_accepts", side.key))
    });
    let caption = format!("What it is worth, {}", view.money());
    rows.table(id, caption).into()
}

/// What both accept, and what the frontier holds beyond the offer.
fn room(view: &BriefView, offer: &OfferPart) -> Text {
    let room = view.amount("offer.room".to_owned());
    let [own, other] = view.sides.map(|side| {
        let room = view.amount(format!("offer.room_of_{}", side.key));
        room.median()
    });
    let mut said = text![
        "Both accept in ",
        view.often("offer.worth.both_accept"),
        " worlds. On the frontier both could gain ",
        room.median(),
        " more at once (median"
    ];
    let range = room.range();
    if !range.is_empty() {
        said.push(words("; 90% of worlds "));
        said.extend(range);
    }
    said.extend(text![
        format!("), or {} ", view.own),
        own,
        format!(" more if {0} kept its gain, {0} ", view.other),
        other,
        format!(" more if {} kept its own.", view.own)
    ]);
    if offer.held > 0.0 {
        said.extend(text![
            " In ",
            view.often("offer.held"),
            " worlds a level is outside the bounds of that world and held to them."
        ]);
    }
    said
}

fn improvements(view: &BriefView, offer: &OfferPart) -> Vec<Block> {
    let count = offer.worthwhile().count();
    if count == 0 {
        return vec![note(
            "No change of one term and no swap of two adds half a million dollars to both on average.",
        )];
    }
    let shown = if view.whole { count } else { count.min(SHOWN) };
    let path = |at: &usize, key: &str| format!("offer.improvements.{at}.{key}");
    let rows = Rows::of(0..shown)
        .column(Heading::default(), |&at| changes(view, offer, at))
        .column(Heading::number("adds to both"), |at| {
            view.number(&path(at, "adds"), |adds| format!("{adds:+.3}"))
        })
        .each(view.sides, |rows, side| {
            let heading = Heading::number(format!("adds to {}", side.name));
            rows.column(heading, |at| view.amount(path(at, side.key)).added())
        })
        .column(Heading::number("both gain in"), |at| {
            view.often(&path(at, "both"))
        });
    let caption = format!(
        "Better for both: single changes and swaps of two terms, by what they add to the smaller gain on the average table; medians of what they \
         add to each, {}",
        view.money()
    );
    let mut blocks = vec![rows.table("improvements-table", caption).into()];
    if count > shown {
        blocks.push(note("The others are in the document (--json)."));
    }
    blocks
}

/// An improvement by its number: each term and its levels before and after, each on a line of its own.
fn changes(view: &BriefView, offer: &OfferPart, at: usize) -> Text {
    let (row, path) = (&offer.improvements[at], format!("offer.improvements.{at}"));
    let levels = row.terms.keys().map(|id| {
        text![
            format!("{id} "),
            view.level(&format!("offer.bundle.terms.{id}")),
            " to ",
            view.level(&format!("{path}.terms.{id}"))
        ]
    });
    let cash = row.cash.map(|_| {
        let cash = view.number(&format!("{path}.cash"), |cash| format!("{cash:+.3}"));
        text!["cash ", cash]
    });
    let mut said = text![format!("{} ", at + 1)];
    for (k, part) in levels.chain(cash).enumerate() {
        said.extend((k > 0).then(|| words(",\n")));
        said.extend(part);
    }
    said
}

pub fn counter_offer(view: &BriefView) -> Section {
    let part = &view.results.counter_offer;
    let accepted = view.often("counter_offer.accepted");
    let asked = view.often("counter_offer.asked");
    let said = match part.enough {
        true => say!(
            "The best for {} on the frontier that {} would still accept in {} worlds is in the table.",
            view.own,
            view.other,
            accepted
        ),
        false => say!(
            "No bundle of the frontier is accepted by {} in {} worlds. The nearest, accepted in {} worlds, is in the table.",
            view.other,
            asked,
            accepted
        ),
    };
    let bundle = typed(view, &part.bundle, "counter_offer.bundle", &[]);
    let mut blocks = vec![paragraph(said), asked_for(view).into()];
    blocks.extend(view.others().map(note));
    blocks.extend([
        worth(view, "counter-table", "counter_offer.worth"),
        note(say!("As it is typed: {}", bundle)),
    ]);
    Section::new("counter-offer", "Counter-offer", blocks)
}

/// The counter-offer term by term, beside what is predicted.
pub fn asked_for(view: &BriefView) -> Table {
    let part = &view.results.predicted;
    let of = |id: &str| format!("predicted.solutions.{}.terms.{id}", part.solution);
    let ask = |id: &str| format!("counter_offer.bundle.terms.{id}");
    let terms = view.results.counter_offer.bundle.terms.keys();
    Rows::of(terms)
        .column(Heading::words("term"), |id| view.term_name(id))
        .column(Heading::number("predicted"), |id| {
            view.amount(of(id)).median()
        })
        .column(Heading::number("ask for"), |id| view.level(&ask(id)))
        .column(Heading::words("that is"), |id| view.real(id, &ask(id)))
        .table("ask-terms", "Terms, as levels from 0 to 1 (medians)")
}
