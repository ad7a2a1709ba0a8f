//! How far each term can move, and its price in every other.

use crate::report::amounts::NONE;
use crate::report::document::{Block, Cell, Heading, Rows, Section, Text, paragraph, plain, text};
use crate::report::sections::brief::amounts::digits;
use crate::report::sections::brief::view::BriefView;
use crate::report::sentence::say;
use crate::report::verdict::and;
use crate::study::brief::red_lines::RedLine;

/// Terms beyond so many make the table of prices too wide for a terminal.
const PRICED: usize = 8;

pub fn section(view: &BriefView) -> Option<Section> {
    let count = view.results.red_lines.terms.len();
    let (own, other) = (view.own, view.other);
    let mut blocks = lines(view);
    let step = view.results.red_lines.step;
    let of_row = format!("{step} of the term of a row");
    let how_far = "the term of a column (by number) must move so far to make up for it";
    if count > 1 && (view.whole || count <= PRICED) {
        let given = format!("Where {own} gives up {of_row}, {how_far}");
        blocks.push(prices(view, "makes-up-table", "makes_up", &given));
    }
    if count > 1 && view.whole {
        let taken = format!("Where {own} takes {of_row}, {how_far} to {other}");
        blocks.push(prices(view, "pays-for-table", "pays_for", &taken));
    }
    (count > 0).then(|| Section::new("red-lines", format!("Red lines of {own}"), blocks))
}

/// Whether a term can move to its worst level in every world.
fn is_free(row: &RedLine) -> bool {
    let limits = [
        row.half_below,
        row.half_above,
        row.none_below,
        row.none_above,
    ];
    row.gains_at_worst >= 1.0 && limits.iter().all(Option::is_none)
}

/// How far each term can move; those that can move all the way are said in one sentence.
fn lines(view: &BriefView) -> Vec<Block> {
    let part = &view.results.red_lines;
    let free = part.terms.iter().filter(|(_, row)| is_free(row));
    let free: Vec<String> = free.map(|(id, _)| view.term_name(id).to_owned()).collect();
    let mut blocks = Vec::new();
    if !free.is_empty() {
        let which = match free.len() == part.terms.len() {
            true => "No term is a red line: each".to_owned(),
            false => format!("No red lines are {}: each", and(&free)),
        };
        blocks.push(paragraph(say!(
            "{} could move to its worst level alone, and {} would still gain in every world.",
            which,
            view.own
        )));
    }
    if free.len() < part.terms.len() {
        blocks.push(limits(view));
    }
    blocks
}

fn limits(view: &BriefView) -> Block {
    let part = &view.results.red_lines;
    let path = |id: &str, key: &str| format!("red_lines.terms.{id}.{key}");
    let bound = part
        .terms
        .iter()
        .enumerate()
        .filter(|(_, (_, row))| !is_free(row));
    let table = Rows::of(bound)
        .column(Heading::default(), |(k, (id, _))| {
            format!("{} {}", k + 1, view.term_name(id))
        })
        .column(Heading::number("now"), |(_, (id, _))| {
            view.level(&format!("red_lines.at.terms.{id}"))
        })
        .column(Heading::number("worst"), |(_, (id, row))| {
            let worst = if row.wants_more { "min" } else { "max" };
            view.level(&path(id, worst))
        })
        .column(Heading::number("still gains in"), |(_, (id, _))| {
            view.often(&path(id, "gains_at_worst"))
        })
        .column(Heading::number("fewer than half"), |(_, (id, row))| {
            let limits = (row.half_below, row.half_above);
            beyond(view, limits, &path(id, "half"))
        })
        .column(Heading::number("none"), |(_, (id, row))| {
            let limits = (row.none_below, row.none_above);
            beyond(view, limits, &path(id, "none"))
        });
    let at = match part.is_offer {
        true => "the offer",
        false => "the predicted deal (medians)",
    };
    let caption = format!(
        "How far one term can move, the others as in {at}: the level that is worst for {}, in how many worlds it still gains there, and beyond which \
         level it gains in fewer than half of worlds and in none",
        view.own
    );
    table.table("red-table", caption).into()
}

/// Beyond which levels, whose paths begin alike.
fn beyond(view: &BriefView, limits: (Option<f64>, Option<f64>), path: &str) -> Text {
    let low = || view.level(&format!("{path}_below"));
    let high = || view.level(&format!("{path}_above"));
    match limits {
        (None, None) => plain(NONE),
        (Some(_), None) => text!["below ", low()],
        (None, Some(_)) => text!["above ", high()],
        (Some(below), Some(above)) if below >= above => plain("anywhere"),
        (Some(_), Some(_)) => text!["outside ", low(), " to ", high()],
    }
}

/// What each other term must give for a step of one.
fn prices(view: &BriefView, table: &str, key: &str, what: &str) -> Block {
    let part = &view.results.red_lines;
    let signed = |by: f64| match digits(by) {
        text if by > 0.0 && text != "0.00" => format!("+{text}"),
        text => text,
    };
    let rows = Rows::of(part.terms.keys().enumerate())
        .column(Heading::default(), |(k, id)| {
            format!("{} {}", k + 1, view.term_name(id))
        })
        .each(part.terms.keys().enumerate(), |rows, (k, other)| {
            rows.column(Heading::number((k + 1).to_string()), |(_, id)| {
                let path = format!("red_lines.terms.{id}.{key}.{other}");
                match view.at(&path) {
                    None => Cell::default(),
                    Some(_) => view.number(&path, signed).into(),
                }
            })
        });
    let caption = format!("{what}; {NONE} where it cannot");
    rows.table(table, caption).into()
}
