//! The front: what each accord is, what it is judged by, who gains by it.

use super::answer::and_more;
use super::view::{AccordPlace, AccordsView, Ranged};
use crate::report::amounts::{FINEST, millions, unit};
use crate::report::chart::{Chart, DotCell, DotRow, DotSign, Dots, Head, Plane, PlaneKind, around};
use crate::report::document::{
    Block, Cell, Figure, Heading, IntoText, Rows, Section, Table, Text, code, minus, note,
    paragraph, text,
};
use crate::report::numbers::traced;
use crate::report::sentence::say;
use crate::report::verdict::hundred;
use crate::theory::spelling::units::signed;

/// Accords that are shown.
const MOST: usize = 16;

/// Accords that a screen has room for.
const FIRST: usize = 6;

/// Marks of states that gain, lose or neither is told.
const MARKS: [&str; 3] = ["\u{d7}", "\u{25cb}", "\u{25cf}"];

/// The part of the document.
pub(super) fn section(view: &AccordsView<'_>) -> Section {
    let front = view.front();
    let title = match front.len() {
        1 => {
            "The front is one accord: it is best in everything, as finely as it is told".to_owned()
        }
        _ => "The front: no accord is better in everything than one of these".to_owned(),
    };
    let most = if view.all { MOST } else { FIRST };
    let shown = &front[..front.len().min(most)];
    // What readings chose is described above.
    let described = shown
        .iter()
        .filter(|place| view.all || !view.is_chosen(&place.one.id));
    let each = described.map(|place| {
        say!(
            "{}: {}{}",
            place.name(),
            view.described(place.one),
            price(place)
        )
    });
    let items: Vec<_> = each.collect();
    let mut blocks: Vec<Block> = Vec::new();
    if !items.is_empty() {
        blocks.push(paragraph(say!(
            "What each changes of {}:",
            code(view.results.base.as_str())
        )));
        blocks.push(Block::List { items });
    }
    blocks.push(table(view, shown).into());
    blocks.extend(and_more(front.len() - shown.len()).map(note));
    if view.all {
        blocks.push(who(view, shown).into());
    }
    blocks.extend(plane(view).map(|chart| Block::Figure {
        figure: Figure::whole(chart),
    }));
    Section::new("front", title, blocks)
}

/// What its changes cost, where they do.
fn price(place: &AccordPlace<'_>) -> Text {
    match place.one.price {
        0.0 => Text::new(),
        price => {
            let amount = traced(&millions(price, None), price, &place.at("price"));
            say!(
                " (its changes cost the region US$ {} bn, taken off)",
                amount
            )
        }
    }
}

/// What every accord is judged by; below the front what the scenario names.
fn table(view: &AccordsView<'_>, shown: &[AccordPlace<'_>]) -> Table {
    let trials = view.trials();
    let rows: Vec<AccordPlace<'_>> = shown.iter().cloned().chain(view.named()).collect();
    let has_named = rows.len() > shown.len();
    let of = |place: &AccordPlace<'_>, key: &str, written: &dyn Fn(Ranged<'_>) -> Text| {
        place.objective(key).map_or_else(Text::new, written)
    };
    let amount = |one: Ranged<'_>| text![one.amount()];
    let worlds = |one: Ranged<'_>| text![one.worlds(trials)];
    let shares = hundred(trials);
    let below = match has_named {
        true => ", below it what the scenario names",
        false => "",
    };
    Rows::of(rows)
        .column(Heading::words("accord"), |place| place.name().into_text())
        .column(Heading::number("region"), |place| of(place, "region", &amount))
        .column(Heading::number("\u{b1}").goes(3), |place| of(place, "region", &|one| one.half(1.0)))
        .column(Heading::number("least for a state"), |place| {
            of(place, "worst", &|one| say!("{} {}", one.amount(), place.one.worst_state.as_str()))
        })
        .column(Heading::number("in worst tenth"), |place| of(place, "tail", &amount))
        .column(Heading::number("all gain"), |place| of(place, "all_gain", &worlds))
        .column(Heading::number("nobody leaves"), |place| of(place, "holds", &worlds))
        .column(Heading::number("suppliers").goes(2), |place| of(place, "suppliers", &amount))
        .column(Heading::number("new rules").goes(1), |place| match place.one.searched {
            None => Text::new(),
            Some(_) => of(place, "simplicity", &|one| {
                let changed = (-one.interval.value).max(0.0);
                text![traced(&changed.to_string(), changed, &format!("-{}", place.at("objectives.simplicity.value")))]
            }),
        })
        .table(
            "front",
            say!(
                "The front by what it brings the region{}; {} more than {}, gains and departures in how many of {}",
                below,
                unit(&view.model.horizon),
                code(view.results.reference.as_str()),
                shares
            ),
        )
}

/// Who gains by each accord on average.
fn who(view: &AccordsView<'_>, shown: &[AccordPlace<'_>]) -> Table {
    let table = Rows::of(shown.iter().cloned())
        .column(Heading::words("accord"), |place| place.name().into_text())
        .each(&view.model.states, |rows, state| {
            rows.column(
                Heading::number(state.id.as_str()),
                |place: &AccordPlace<'_>| {
                    let sign = place.sign_of(&state.id);
                    let mark = MARKS[(sign + 1) as usize];
                    Cell::of(text![mark], ["loss", "open", "gain"][(sign + 1) as usize])
                },
            )
        })
        .table(
            "who-gains",
            format!(
                "Who gains on average: {} gains, {} loses, {} neither is told",
                MARKS[2], MARKS[0], MARKS[1]
            ),
        );
    Table {
        repeated: 1,
        ..table
    }
}

/// Who gains by each accord, drawn: those of the front and those that the scenario names.
pub(super) fn who_gains(view: &AccordsView<'_>) -> Chart {
    let rows = drawn(view).into_iter().map(|place| {
        let cells = view.model.states.iter().map(|state| {
            let stat = place.one.states.get(&state.id)?.gain?;
            let sign = match place.sign_of(&state.id) {
                1 => DotSign::Gain,
                -1 => DotSign::Loss,
                _ => DotSign::Open,
            };
            Some(DotCell {
                value: stat.mean,
                sign,
            })
        });
        let region = place.objective("region");
        let region = region.map_or_else(String::new, |one| {
            minus(&signed(one.interval.value, one.last(1.0, FINEST)))
        });
        DotRow {
            label: place.one.id.clone(),
            cells: cells.collect(),
            note: region,
        }
    });
    let unit = unit(&view.model.horizon);
    Dots {
        head: Head {
            id: "who-gains-figure".to_owned(),
            title: format!("Who gains by each accord, on average, more than {}", view.results.reference),
            alternative: "A row for each accord, a column for each state: a full disc gains, a cross loses, of a ring neither is told; the larger, the more. At the right what the region gets. The numbers are in the file below the figure.".to_owned(),
            x: String::new(),
            y: "accord".to_owned(),
        },
        columns: view.model.states.iter().map(|state| state.id.clone()).collect(),
        note: "region".to_owned(),
        unit,
        rows: rows.collect(),
    }
    .chart()
}

fn drawn<'a>(view: &AccordsView<'a>) -> Vec<AccordPlace<'a>> {
    let front = view.front().into_iter().take(MOST);
    front.chain(view.named()).collect()
}

/// What each accord brings the region against in how many worlds every member gains; none of one accord.
fn plane(view: &AccordsView<'_>) -> Option<Chart> {
    let marks = |places: Vec<AccordPlace<'_>>| -> Vec<(f64, f64, String)> {
        let mark = |place: AccordPlace<'_>| {
            let at = (100.0 * place.value("all_gain"), place.value("region"));
            (at.0, at.1, place.one.id.clone())
        };
        let marks = places.into_iter().map(mark);
        marks
            .filter(|mark| mark.0.is_finite() && mark.1.is_finite())
            .collect()
    };
    let kinds = [
        (
            "on the front",
            marks(view.front().into_iter().take(MOST).collect()),
        ),
        ("of the scenario", marks(view.named())),
    ];
    let points: Vec<(f64, f64)> = kinds
        .iter()
        .flat_map(|(_, marks)| marks)
        .map(|mark| (mark.0, mark.1))
        .collect();
    // Marks below each other say no more than the table.
    let shares = points.iter().map(|point| point.0);
    let ends = shares.fold((100.0_f64, 0.0_f64), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    if points.len() < 2 || ends.1 - ends.0 < 1.0 {
        return None;
    }
    let (x_ends, y_ends) = around(&points, 0.05);
    let x_ends = (x_ends.0.max(0.0), x_ends.1.min(100.0));
    let plane = Plane {
        head: Head {
            id: "accords-plane".to_owned(),
            title: "What each accord brings the region, and in how many of 100 worlds every member gains".to_owned(),
            alternative: "A mark for each accord; further up brings the region more, further right leaves every member better off more often. The numbers stand in the table.".to_owned(),
            x: "worlds of 100 in which every member gains".to_owned(),
            y: format!("region, {}", unit(&view.model.horizon)),
        },
        kinds: kinds.map(|(name, marks)| PlaneKind { name: name.to_owned(), marks }).to_vec(),
        x_ends,
        y_ends,
        ..Plane::default()
    };
    Some(plane.chart())
}
