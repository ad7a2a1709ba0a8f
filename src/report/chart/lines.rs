//! Curves: densities with zero marked, and lines with intervals.

use super::canvas::{Anchor, Canvas, TEXT};
use super::frame::{
    Chart, Data, Head, RIGHT, SMALL, WIDE, axis_below, axis_beside, cell, colour, foot,
    label_width, legend, legend_height,
};
use super::scale::{Scale, extent};

/// The density of a difference, zero marked, with what lies on each side of it: one panel of several.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Density {
    pub head: Head,
    /// Rising numbers with the density there.
    pub points: Vec<(f64, f64)>,
    /// What stands left of zero, and right of it.
    pub sides: (String, String),
}

const DENSITY: f64 = 150.0;

impl Density {
    pub fn chart(self) -> Chart {
        let (top, bottom) = (3.2 * TEXT, DENSITY - foot(&self.head.x, SMALL));
        let (left, right) = (RIGHT, SMALL - RIGHT);
        let (low, high) = extent(self.points.iter().map(|point| point.0).chain([0.0]));
        let scale = Scale::within(low, high, (left, right), 4);
        let highest = self
            .points
            .iter()
            .fold(0.0, |most: f64, point| most.max(point.1));
        let up = |density: f64| match highest > 0.0 {
            true => bottom - (bottom - top) * density / highest,
            false => bottom,
        };
        let mut canvas = Canvas::new(SMALL, DENSITY);
        axis_below(&mut canvas, &scale, (top, bottom), &self.head.x);
        for (class, side) in [("loss", -1.0), ("gain", 1.0)] {
            let kept = part(&self.points, side);
            let mut shape: Vec<(f64, f64)> = kept
                .iter()
                .map(|point| (scale.at(point.0), up(point.1)))
                .collect();
            if let (Some(first), Some(last)) = (shape.first().copied(), shape.last().copied()) {
                shape.insert(0, (first.0, bottom));
                shape.push((last.0, bottom));
                canvas.path(class, &shape, true);
            }
        }
        let zero = scale.at(0.0);
        canvas.line("zero", (zero, top - 6.0), (zero, bottom));
        canvas.text("t loss-text", (left, TEXT), Anchor::Start, &self.sides.0);
        canvas.text(
            "t gain-text",
            (right, 2.3 * TEXT),
            Anchor::End,
            &self.sides.1,
        );
        let mut data = Data::new(&["difference", "density"]);
        for point in &self.points {
            data.push(vec![cell(point.0), cell(point.1)]);
        }
        Chart::new(self.head, canvas, data)
    }
}

/// The part of a curve on one side of zero, cut there between its points.
fn part(points: &[(f64, f64)], side: f64) -> Vec<(f64, f64)> {
    let mut kept = Vec::new();
    for (k, point) in points.iter().enumerate() {
        if k > 0 {
            let before = points[k - 1];
            if before.0 * point.0 < 0.0 {
                let share = before.0 / (before.0 - point.0);
                kept.push((0.0, before.1 + share * (point.1 - before.1)));
            }
        }
        if point.0 * side >= 0.0 {
            kept.push(*point);
        }
    }
    kept
}

/// Lines through points with intervals.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lines {
    pub head: Head,
    /// Each with a colour, a mark and a kind of line of its own.
    pub lines: Vec<Line>,
    /// A level that is marked.
    pub level: Option<f64>,
    /// Whether the vertical axis begins at 0.
    pub from_zero: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Line {
    pub name: String,
    /// From left to right.
    pub points: Vec<LinePoint>,
}

/// A point of a line; ends that are not finite are not drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LinePoint {
    pub x: f64,
    pub y: f64,
    /// Ends of its interval.
    pub ends: (f64, f64),
}

const HEIGHT: f64 = 270.0;

/// Where there are no more positions than this, each has a tick.
const MOST_TICKS: usize = 12;

impl Lines {
    pub fn chart(self) -> Chart {
        let names: Vec<String> = self.lines.iter().map(|line| line.name.clone()).collect();
        let start = legend_height(&names, WIDE);
        let (top, bottom) = (
            start + 1.8 * TEXT,
            start + HEIGHT - foot(&self.head.x, WIDE),
        );
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let ends = points().flat_map(|point| [point.y, point.ends.0, point.ends.1]);
        let (mut low, high) = extent(ends.chain(self.level));
        if self.from_zero {
            low = low.min(0.0);
        }
        let y = Scale::new(low, high, (bottom, top), 5);
        let (left, right) = (label_width(&y), WIDE - RIGHT);
        let (first, last) = extent(points().map(|point| point.x));
        let x = match distinct(points().map(|point| point.x).collect()) {
            few if (2..=MOST_TICKS).contains(&few.len()) => {
                Scale::through(&few, (left + 8.0, right))
            }
            _ => Scale::new(first, last, (left, right), 8),
        };
        let mut canvas = Canvas::new(WIDE, start + HEIGHT);
        legend(&mut canvas, &names, WIDE);
        axis_beside(&mut canvas, &y, (left, right), start + TEXT, &self.head.y);
        axis_below(&mut canvas, &x, (bottom, bottom + 3.0), &self.head.x);
        if let Some(level) = self.level {
            canvas.line("level", (left, y.at(level)), (right, y.at(level)));
        }
        for (series, line) in self.lines.iter().enumerate() {
            draw(&mut canvas, (&x, &y), series, line);
        }
        let data = self.data();
        Chart::new(self.head, canvas, data)
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["series", "x", "y", "low", "high"]);
        for line in &self.lines {
            for point in &line.points {
                let numbers = [point.x, point.y, point.ends.0, point.ends.1].map(cell);
                data.push([line.name.clone()].into_iter().chain(numbers).collect());
            }
        }
        data
    }
}

/// Numbers in rising order, each once.
fn distinct(mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.retain(|x| x.is_finite());
    numbers.sort_by(f64::total_cmp);
    numbers.dedup();
    numbers
}

fn draw(canvas: &mut Canvas, (x, y): (&Scale, &Scale), series: usize, line: &Line) {
    let known: Vec<&LinePoint> = line
        .points
        .iter()
        .filter(|point| point.y.is_finite())
        .collect();
    let at = |point: &LinePoint| (x.at(point.x), y.at(point.y));
    let colour = colour(series);
    for point in &known {
        let (low, high) = point.ends;
        if low.is_finite() && high.is_finite() {
            let place = x.at(point.x);
            canvas.line(
                &format!("thin {colour}"),
                (place, y.at(low)),
                (place, y.at(high)),
            );
        }
    }
    let path: Vec<(f64, f64)> = known.iter().map(|point| at(point)).collect();
    canvas.path(&format!("line {colour} d{}", series % 4), &path, false);
    for point in known {
        canvas.mark(series, at(point));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_density_is_cut_at_zero() {
        let points = [(-1.0, 0.0), (1.0, 2.0), (3.0, 0.0)];
        assert_eq!(part(&points, -1.0), [(-1.0, 0.0), (0.0, 1.0)]);
        assert_eq!(part(&points, 1.0), [(0.0, 1.0), (1.0, 2.0), (3.0, 0.0)]);
        let density = |points: &[(f64, f64)]| Density {
            points: points.to_vec(),
            sides: (
                "worse in 22 of 100".to_owned(),
                "better in 78 of 100".to_owned(),
            ),
            ..Density::default()
        };
        let svg = density(&points).chart().svg;
        assert!(
            svg.contains("class=\"loss\"") && svg.contains("class=\"gain\""),
            "{svg}"
        );
        assert!(
            svg.contains("worse in 22") && svg.contains("better in 78"),
            "{svg}"
        );
        let svg = density(&points[1..]).chart().svg;
        assert!(!svg.contains("class=\"loss\""), "{svg}");
    }

    #[test]
    fn lines_leave_out_what_is_no_number() {
        let point = |x: f64, y: f64| LinePoint {
            x,
            y,
            ends: (y - 0.1, y + 0.1),
        };
        let chart = Lines {
            lines: vec![Line {
                name: "bloc".to_owned(),
                points: vec![point(0.0, 0.5), point(1.0, f64::NAN), point(2.0, 0.4)],
            }],
            level: Some(0.45),
            ..Lines::default()
        }
        .chart();
        assert_eq!(chart.svg.matches("mark c0").count(), 2, "{}", chart.svg);
        assert!(chart.svg.contains("class=\"level\""));
        assert_eq!(chart.data.rows[1], ["bloc", "1", "", "", ""]);
    }
}
