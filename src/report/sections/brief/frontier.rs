//! The frontier drawn: both sides' gains on the average table, whole, and around the offer.

use crate::report::chart::{Head, Plane, PlaneKind, around};
use crate::report::document::{Block, Figure, Section, note};
use crate::report::sections::brief::view::BriefView;
use crate::report::sentence::capital;
use crate::study::results::brief::PicturePoint;

/// Improvements that are marked.
const MARKED: usize = 5;

/// Room around what is shown.
const ROOM: f64 = 0.2;

pub fn section(view: &BriefView) -> Section {
    let offer = view.results.offer.as_ref();
    let marked = offer.map_or(0, |offer| offer.worthwhile().count().min(MARKED));
    let mut blocks = vec![whole(view, marked)];
    if marked > 0 {
        blocks.push(around_offer(view, marked));
    }
    blocks.push(note(
        "The average table: every gain is the mean over the worlds with talks, so that it is a table itself. The predicted deal stands at its median \
         levels; in a single world it lies on that world's own frontier. The points are in the document (--json) under frontier.",
    ));
    Section::new("frontier", "The frontier", blocks)
}

fn whole(view: &BriefView, marked: usize) -> Block {
    let part = &view.results.frontier;
    let zone = match (part.arc.first(), part.arc.last()) {
        (Some(first), Some(last)) => format!(
            "On the arc of agreement {} gains between {:.2} and {:.2}.",
            view.states, first.state, last.state
        ),
        _ => "On average there is no zone of agreement.".to_owned(),
    };
    let predicted = part.predicted.map_or_else(String::new, |one| {
        format!(
            " The predicted deal leaves {:.2} and {:.2}.",
            one.state, one.hyperscaler
        )
    });
    let kinds = vec![
        kind("predicted deal", &part.predicted),
        kind("offer", &part.offer),
        kind("better for both", part.improvements.iter().take(marked)),
        kind("counter-offer", [&part.counter_offer]),
    ];
    let shown = part.offer.iter().chain(&part.predicted);
    let shown = shown.chain([&part.counter_offer]).chain(&part.arc);
    let shown: Vec<_> = shown.map(at).chain([(0.0, 0.0)]).collect();
    plane(
        view,
        ("frontier", "What each side gains, bundle by bundle"),
        format!("{zone}{predicted} Bundles below the frontier leave less to both than one on it."),
        kinds,
        around(&shown, ROOM),
    )
}

/// The offer and its improvements from near, each with what it adds to both.
fn around_offer(view: &BriefView, marked: usize) -> Block {
    let part = &view.results.frontier;
    let offer = view.results.offer.iter();
    let rows = offer.flat_map(|offer| &offer.improvements);
    let marks = part.improvements.iter().zip(rows).take(marked).enumerate();
    let marks = marks.map(|(k, (point, row))| {
        let name = format!("{} {:+.3}", k + 1, row.adds);
        (point.state, point.hyperscaler, name)
    });
    let marks: Vec<(f64, f64, String)> = marks.collect();
    let shown = part.offer.iter().map(at);
    let shown: Vec<_> = shown
        .chain(marks.iter().map(|one| (one.0, one.1)))
        .collect();
    let said: Vec<&str> = marks.iter().map(|mark| mark.2.as_str()).collect();
    let said = said.join(", ");
    let better = PlaneKind {
        name: "better for both, by number".to_owned(),
        marks,
    };
    plane(
        view,
        ("around-the-offer", "The offer and what is better for both"),
        format!("Changes by number, with what each adds to both sides: {said}."),
        vec![PlaneKind::default(), kind("offer", &part.offer), better],
        around(&shown, 2.0 * ROOM),
    )
}

/// A figure whose data are in the document.
fn plane(
    view: &BriefView,
    (id, title): (&str, &str),
    alternative: String,
    kinds: Vec<PlaneKind>,
    (x_ends, y_ends): ((f64, f64), (f64, f64)),
) -> Block {
    let (part, money) = (&view.results.frontier, view.money());
    let points = |all: &[PicturePoint]| all.iter().map(at).collect();
    let plane = Plane {
        head: Head {
            id: id.to_owned(),
            title: format!("{title}, average table, {money}"),
            alternative,
            x: format!("gain of {}, {money}", view.states),
            y: format!("gain of {}, {money}", view.hyperscaler),
        },
        dots: ("dominated".to_owned(), points(&part.dominated)),
        curve: ("frontier".to_owned(), points(&part.curve)),
        arc: ("arc of agreement".to_owned(), points(&part.arc)),
        kinds,
        x_ends,
        y_ends,
    };
    let chart = plane.chart();
    let title = capital(&chart.head.title);
    let figure = Figure {
        title,
        ..Figure::whole(chart)
    };
    Block::Figure { figure }
}

fn kind<'a>(name: &str, points: impl IntoIterator<Item = &'a PicturePoint>) -> PlaneKind {
    let marks = points.into_iter();
    let marks = marks.map(|one| (one.state, one.hyperscaler, String::new()));
    PlaneKind {
        name: name.to_owned(),
        marks: marks.collect(),
    }
}

fn at(point: &PicturePoint) -> (f64, f64) {
    (point.state, point.hyperscaler)
}
