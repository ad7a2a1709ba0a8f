//! The frontier drawn: both sides' gains on the average table, whole, and around the offer.

use crate::report::brief::page::Sheet;
use crate::report::brief::text::capital;
use crate::report::chart::{Chart, Head, Plane, PlaneKind, around};
use crate::report::document::{Block, Figure, plain};
use crate::study::results::brief::{FrontierPart, PicturePoint};

/// Improvements that are marked.
const MARKED: usize = 5;

/// Room around what is shown.
const ROOM: f64 = 0.2;

impl Sheet<'_> {
    pub(super) fn frontier(&self) -> Vec<Block> {
        let part = &self.results.frontier;
        let mut blocks = vec![figure(self.whole(part))];
        if self.marked() > 0 {
            blocks.push(figure(self.around_offer(part)));
        }
        blocks.push(Block::Note {
            text: plain(
                "The average table: every gain is the mean over the worlds with talks, so that it is a table itself. The predicted deal stands at its median \
                 levels; in a single world it lies on that world's own frontier. The points are in the document (--json) under frontier.",
            ),
        });
        blocks
    }

    /// How many improvements are marked.
    fn marked(&self) -> usize {
        let offer = self.results.offer.as_ref();
        offer.map_or(0, |offer| offer.worthwhile().count().min(MARKED))
    }

    fn whole(&self, part: &FrontierPart) -> Chart {
        let given = part.offer.iter().chain(&part.predicted);
        let given = given.chain([&part.counter_offer]);
        let mut shown: Vec<(f64, f64)> = given.map(|one| at(*one)).collect();
        shown.extend(part.arc.iter().map(|one| at(*one)));
        shown.push((0.0, 0.0));
        let kinds = vec![
            kind("predicted deal", part.predicted.iter()),
            kind("offer", part.offer.iter()),
            kind(
                "better for both",
                part.improvements.iter().take(self.marked()),
            ),
            kind("counter-offer", [part.counter_offer].iter()),
        ];
        let zone = match part.arc.is_empty() {
            true => "On average there is no zone of agreement.".to_owned(),
            false => format!(
                "On the arc of agreement {} gains between {} and {}.",
                self.view.states_short(),
                ends(&part.arc).0,
                ends(&part.arc).1
            ),
        };
        let predicted = part.predicted.map_or_else(String::new, |one| {
            format!(
                " The predicted deal leaves {:.2} and {:.2}.",
                one.state, one.hyperscaler
            )
        });
        let head = self.head(
            "frontier",
            "What each side gains, bundle by bundle",
            format!(
                "{zone}{predicted} Bundles below the frontier leave less to both than one on it."
            ),
        );
        let (x_ends, y_ends) = around(&shown, ROOM);
        plane(head, part, kinds, (x_ends, y_ends))
    }

    /// The offer and its improvements from near, each with what it adds to both.
    fn around_offer(&self, part: &FrontierPart) -> Chart {
        let rows = self
            .results
            .offer
            .iter()
            .flat_map(|offer| &offer.improvements);
        let marks: Vec<(f64, f64, String)> = part
            .improvements
            .iter()
            .zip(rows)
            .take(self.marked())
            .enumerate()
            .map(|(k, (point, row))| {
                let (x, y) = at(*point);
                (x, y, format!("{} {:+.3}", k + 1, row.adds))
            })
            .collect();
        let mut shown: Vec<(f64, f64)> = part.offer.iter().map(|one| at(*one)).collect();
        shown.extend(marks.iter().map(|mark| (mark.0, mark.1)));
        let said = marks.iter().map(|mark| mark.2.as_str()).collect::<Vec<_>>();
        let head = self.head(
            "around-the-offer",
            "The offer and what is better for both",
            format!(
                "Changes by number, with what each adds to both sides: {}.",
                said.join(", ")
            ),
        );
        let kinds = vec![
            PlaneKind::default(),
            kind("offer", part.offer.iter()),
            PlaneKind {
                name: "better for both, by number".to_owned(),
                marks,
            },
        ];
        let ends = around(&shown, 2.0 * ROOM);
        plane(head, part, kinds, ends)
    }

    fn head(&self, id: &str, title: &str, alternative: String) -> Head {
        let year = self.results.table.price_year;
        Head {
            id: id.to_owned(),
            title: format!("{title}, average table, US$ bn of {year}"),
            alternative,
            x: format!("gain of {}, US$ bn of {year}", self.view.states_short()),
            y: format!("gain of {}, US$ bn of {year}", self.view.hyperscaler()),
        }
    }
}

fn plane(
    head: Head,
    part: &FrontierPart,
    kinds: Vec<PlaneKind>,
    (x_ends, y_ends): ((f64, f64), (f64, f64)),
) -> Chart {
    let points = |all: &[PicturePoint]| all.iter().map(|one| at(*one)).collect::<Vec<_>>();
    Plane {
        head,
        dots: ("dominated".to_owned(), points(&part.dominated)),
        curve: ("frontier".to_owned(), points(&part.curve)),
        arc: ("arc of agreement".to_owned(), points(&part.arc)),
        kinds,
        x_ends,
        y_ends,
    }
    .chart()
}

fn kind<'a>(name: &str, points: impl Iterator<Item = &'a PicturePoint>) -> PlaneKind {
    let marks = points.map(|one| (one.state, one.hyperscaler, String::new()));
    PlaneKind {
        name: name.to_owned(),
        marks: marks.collect(),
    }
}

fn at(point: PicturePoint) -> (f64, f64) {
    (point.state, point.hyperscaler)
}

/// The state's gain at both ends of the arc, in words.
fn ends(arc: &[PicturePoint]) -> (String, String) {
    let of = |point: Option<&PicturePoint>| {
        point.map_or_else(String::new, |one| format!("{:.2}", one.state))
    };
    (of(arc.first()), of(arc.last()))
}

/// A figure whose data are in the document.
fn figure(chart: Chart) -> Block {
    Block::Figure {
        figure: Figure {
            marks: None,
            id: chart.head.id,
            title: capital(&chart.head.title),
            svg: chart.svg,
            csv: String::new(),
        },
    }
}
