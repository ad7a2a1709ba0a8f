//! Two quantities against each other: points, a curve with a part of it that counts, marks with names.

use super::canvas::{Anchor, Canvas, TEXT, width};
use super::frame::{
    Chart, Data, Head, RIGHT, WIDE, axis_below, axis_beside, cell, foot, label_width,
};
use super::scale::{Scale, extent};

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plane {
    pub head: Head,
    /// Points in the background, with what they are.
    pub dots: (String, Vec<(f64, f64)>),
    /// A curve, with what it is.
    pub curve: (String, Vec<(f64, f64)>),
    /// The part of it that counts, with what it is; empty where none does.
    pub arc: (String, Vec<(f64, f64)>),
    /// Marks, each of a kind of its own.
    pub kinds: Vec<PlaneKind>,
    /// Ends of the two axes; what lies outside is not drawn.
    pub x_ends: (f64, f64),
    /// Ends of the vertical one.
    pub y_ends: (f64, f64),
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct PlaneKind {
    pub name: String,
    /// Where its marks are, each with a label that is written beside the plot, or none.
    pub marks: Vec<(f64, f64, String)>,
}

const HEIGHT: f64 = 330.0;

/// Least distance of two labels.
const APART: f64 = 1.25 * TEXT;

/// Pieces of a curve between two of its points.
const PIECES: usize = 12;

/// Length of the samples of lines that explain the figure.
const SAMPLE: f64 = 18.0;

impl Plane {
    pub fn chart(self) -> Chart {
        let start = self.legend_rows() * 1.5 * TEXT + 8.0;
        let (top, bottom) = (
            start + 1.8 * TEXT,
            start + HEIGHT - foot(&self.head.x, WIDE),
        );
        let y = Scale::new(self.y_ends.0, self.y_ends.1, (bottom, top), 5);
        let (left, right) = (label_width(&y), WIDE - RIGHT - self.label_room());
        let x = Scale::new(self.x_ends.0, self.x_ends.1, (left, right), 4);
        let mut canvas = Canvas::new(WIDE, start + HEIGHT);
        self.legend(&mut canvas);
        axis_beside(&mut canvas, &y, (left, right), start + TEXT, &self.head.y);
        axis_below(&mut canvas, &x, (top, bottom), &self.head.x);
        let holds = |(a, b): (f64, f64)| x.holds(a) && y.holds(b);
        let at = |(a, b): (f64, f64)| (x.at(a), y.at(b));
        for dot in self.dots.1.iter().copied().filter(|dot| holds(*dot)) {
            canvas.dot("dot", at(dot));
        }
        for (class, line) in [("line c6", &self.curve.1), ("thick c0", &self.arc.1)] {
            let seen = refined(line).into_iter().filter(|point| holds(*point));
            let seen: Vec<_> = seen.map(at).collect();
            canvas.path(&format!("{class} hollow"), &seen, false);
        }
        self.labels(&mut canvas, (&x, &y), right);
        // Earlier kinds lie above later ones.
        for (series, kind) in self.kinds.iter().enumerate().rev() {
            for &(a, b, _) in kind.marks.iter().filter(|(a, b, _)| holds((*a, *b))) {
                canvas.mark(series, at((a, b)));
            }
        }
        let data = self.data();
        Chart::new(self.head, canvas, data)
    }

    /// Labels at the right, each on the height of its mark or as near as others leave room, tied to it by a line.
    fn labels(&self, canvas: &mut Canvas, (x, y): (&Scale, &Scale), right: f64) {
        let marks = self.kinds.iter().flat_map(|kind| &kind.marks);
        let mut labelled: Vec<&(f64, f64, String)> = marks
            .filter(|(a, b, text)| !text.is_empty() && x.holds(*a) && y.holds(*b))
            .collect();
        labelled.sort_by(|one, other| other.1.total_cmp(&one.1));
        let heights: Vec<f64> = labelled.iter().map(|mark| y.at(mark.1)).collect();
        for (mark, place) in labelled.iter().zip(apart(&heights)) {
            canvas.line("join", (x.at(mark.0), y.at(mark.1)), (right + 4.0, place));
            canvas.text(
                "t",
                (right + 7.0, place + 0.35 * TEXT),
                Anchor::Start,
                &mark.2,
            );
        }
    }

    fn label_room(&self) -> f64 {
        let marks = self.kinds.iter().flat_map(|kind| &kind.marks);
        let widest = marks.map(|mark| width(&mark.2)).fold(0.0, f64::max);
        if widest > 0.0 { widest + 4.0 } else { 0.0 }
    }

    /// What is explained: the points, the lines, the kinds of marks.
    fn entries(&self) -> Vec<&str> {
        let shown = [&self.dots, &self.curve, &self.arc];
        let shown = shown.into_iter().filter(|(_, points)| !points.is_empty());
        let kinds = self.kinds.iter().filter(|kind| !kind.marks.is_empty());
        let kinds = kinds.map(|kind| kind.name.as_str());
        shown.map(|(name, _)| name.as_str()).chain(kinds).collect()
    }

    fn legend_rows(&self) -> f64 {
        places(&self.entries())
            .last()
            .map_or(0.0, |place| place.1 + 1.0)
    }

    fn legend(&self, canvas: &mut Canvas) {
        let entries = self.entries();
        for (name, (x, row)) in entries.iter().zip(places(&entries)) {
            let y = TEXT + row * 1.5 * TEXT;
            let middle = (x + 0.5 * SAMPLE, y - 0.35 * TEXT);
            let ends = [(x, middle.1), (x + SAMPLE - 2.0, middle.1)];
            let series = self.kinds.iter().position(|kind| kind.name == *name);
            match series {
                Some(series) => canvas.mark(series, middle),
                None if *name == self.dots.0 => canvas.dot("dot", middle),
                None if *name == self.arc.0 => canvas.path("thick c0 hollow", &ends, false),
                None => canvas.path("line c6 hollow", &ends, false),
            }
            canvas.text("t", (x + SAMPLE + 3.0, y), Anchor::Start, name);
        }
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["what", "x", "y"]);
        for (name, points) in [&self.dots, &self.curve, &self.arc] {
            for &(a, b) in points {
                data.push(vec![name.clone(), cell(a), cell(b)]);
            }
        }
        for kind in &self.kinds {
            for (a, b, _) in &kind.marks {
                data.push(vec![kind.name.clone(), cell(*a), cell(*b)]);
            }
        }
        data
    }
}

/// A curve with points between its own, so that it is seen up to the edge of the plot.
fn refined(curve: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(curve.len() * PIECES);
    for pair in curve.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        points.extend((0..PIECES).map(|piece| {
            let share = piece as f64 / PIECES as f64;
            (
                from.0 + share * (to.0 - from.0),
                from.1 + share * (to.1 - from.1),
            )
        }));
    }
    points.extend(curve.last());
    points
}

/// Where each entry of a legend begins, and in which row.
fn places(entries: &[&str]) -> Vec<(f64, f64)> {
    let (mut x, mut row) = (0.0, 0.0);
    let place = |name: &&str| {
        let needed = SAMPLE + width(name) + 15.0;
        if x + needed > WIDE && x > 0.0 {
            (x, row) = (0.0, row + 1.0);
        }
        let here = (x, row);
        x += needed;
        here
    };
    entries.iter().map(place).collect()
}

/// Rising heights moved as little downwards as keeps them apart, then up again as far as the last has to stay in the figure.
fn apart(heights: &[f64]) -> Vec<f64> {
    let mut placed: Vec<f64> = Vec::with_capacity(heights.len());
    for &height in heights {
        let least = placed.last().map_or(f64::NEG_INFINITY, |last| last + APART);
        placed.push(height.max(least));
    }
    let shift = 0.5
        * placed
            .last()
            .zip(heights.last())
            .map_or(0.0, |(one, other)| one - other);
    placed.iter().map(|place| place - shift).collect()
}

/// The ends of both axes around some points, with a share of their extent as room.
pub fn around(points: &[(f64, f64)], room: f64) -> ((f64, f64), (f64, f64)) {
    let ends = |values: Vec<f64>| {
        let (low, high) = extent(values);
        let more = room * (high - low).max(1e-9);
        (low - more, high + more)
    };
    (
        ends(points.iter().map(|point| point.0).collect()),
        ends(points.iter().map(|point| point.1).collect()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_apart() {
        let placed = apart(&[10.0, 11.0, 12.0, 100.0]);
        assert!(
            placed
                .windows(2)
                .all(|pair| pair[1] - pair[0] >= APART - 1e-9),
            "{placed:?}"
        );
        assert_eq!(apart(&[5.0, 60.0]), [5.0, 60.0]);
    }

    #[test]
    fn what_lies_outside_is_not_drawn() {
        let plane = Plane {
            dots: ("others".to_owned(), vec![(0.5, 0.5), (9.0, 0.5)]),
            curve: (
                "frontier".to_owned(),
                vec![(0.0, 1.0), (1.0, 0.0), (9.0, -9.0)],
            ),
            kinds: vec![PlaneKind {
                name: "offer".to_owned(),
                marks: vec![(0.4, 0.4, "+0.1".to_owned())],
            }],
            x_ends: (0.0, 1.0),
            y_ends: (0.0, 1.0),
            ..Plane::default()
        };
        let chart = plane.chart();
        assert_eq!(
            chart.svg.matches("class=\"dot\"").count(),
            2,
            "one, and one that explains it"
        );
        assert!(
            chart.svg.contains(">+0.1</text>") && !chart.svg.contains("thick"),
            "{}",
            chart.svg
        );
        assert_eq!(chart.data.rows.len(), 6);
    }
}
