//! Rows with one or several marks and their intervals: who gains and who loses, levels by arm.

use super::canvas::{Anchor, Canvas, TEXT, fitted, width};
use super::frame::{
    Chart, Data, FAINT, Head, RIGHT, WIDE, axis_below, cell, colour, foot, legend, legend_height,
};
use super::names::Names;
use super::scale::{Scale, extent};

/// Marks with intervals on a common axis, a row for each thing that is named.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Forest {
    pub head: Head,
    /// Names of the series; one alone has no legend.
    pub series: Vec<String>,
    pub rows: Vec<ForestRow>,
    /// Whether the axis begins at 0 and zero is drawn whatever the numbers are.
    pub from_zero: bool,
    /// The largest of so many inert factors; a vertical line.
    pub floor: Option<f64>,
    /// A series that is drawn thin: what the others stand beside.
    pub thin: Option<usize>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ForestRow {
    pub label: String,
    /// A mark of each series; none where there is no number.
    pub points: Vec<Option<Point>>,
    /// What stands at its right, for example a share; may be empty.
    pub note: String,
    /// Whether what it shows may be chance: it is grey.
    pub faint: bool,
}

/// A mark with its intervals; ends that are not finite are not drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Point {
    pub value: f64,
    pub outer: (f64, f64),
    pub inner: (f64, f64),
}

/// Height of a series within a row, and space between rows.
const LANE: f64 = 13.0;
const GAP: f64 = 11.0;

/// Radius of the ring of a thin series.
const RING: f64 = 2.4;

/// Most of the width that names may take.
const NAMES: f64 = 0.34;

impl Forest {
    pub fn chart(self) -> Chart {
        let lanes = self.series.len().max(1) as f64;
        let labels = self.rows.iter().map(|row| row.label.as_str());
        let names = Names::new(labels, NAMES * WIDE, fitted);
        let heights = names
            .heights()
            .map(|height| (lanes * LANE).max(height) + GAP);
        let heights: Vec<f64> = heights.collect();
        let top = legend_height(&self.series, WIDE);
        let bottom = top + heights.iter().sum::<f64>();
        let left = names.left();
        let notes = self.rows.iter().map(|row| width(&row.note));
        let notes = notes.fold(0.0, f64::max);
        let right = WIDE - RIGHT - if notes > 0.0 { notes + 4.0 } else { 0.0 };
        let scale = self.scale(left, right);
        let mut canvas = Canvas::new(WIDE, bottom + foot(&self.head.x, WIDE));
        legend(&mut canvas, &self.series, WIDE);
        axis_below(&mut canvas, &scale, (top, bottom), &self.head.x);
        if let Some(floor) = self.floor {
            canvas.line("level", (scale.at(floor), top), (scale.at(floor), bottom));
        }
        let mut y = top;
        for (k, (row, height)) in self.rows.iter().zip(&heights).enumerate() {
            let middle = y + 0.5 * height;
            names.write(&mut canvas, k, middle);
            for (series, point) in row.points.iter().enumerate() {
                let y = middle + (series as f64 - 0.5 * (lanes - 1.0)) * LANE;
                let colour = if row.faint {
                    FAINT.to_owned()
                } else {
                    colour(series)
                };
                if let Some(point) = point
                    && self.thin == Some(series)
                {
                    thin(&mut canvas, &scale, y, point);
                } else if let Some(point) = point {
                    interval(&mut canvas, &scale, (series, &colour), y, point);
                }
            }
            if !row.note.is_empty() {
                let at = (WIDE - 2.0, middle + 0.35 * TEXT);
                canvas.text("t", at, Anchor::End, &row.note);
            }
            y += height;
        }
        let data = self.data();
        Chart::new(self.head, canvas, data)
    }

    fn scale(&self, left: f64, right: f64) -> Scale {
        let points = self.rows.iter().flat_map(|row| row.points.iter().flatten());
        let numbers = points.flat_map(|point| [point.value, point.outer.0, point.outer.1]);
        let (mut low, mut high) = extent(numbers.chain(self.floor));
        if self.from_zero {
            (low, high) = (low.min(0.0), high.max(0.0));
        }
        Scale::within(low, high, (left, right), 6)
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["row", "series", "value", "p05", "p25", "p75", "p95", "note"]);
        for row in &self.rows {
            for (series, point) in row.points.iter().enumerate() {
                let Some(point) = point else { continue };
                let name = self.series.get(series).cloned().unwrap_or_default();
                let (outer, inner) = (point.outer, point.inner);
                let numbers = [point.value, outer.0, inner.0, inner.1, outer.1].map(cell);
                let start = [row.label.clone(), name].into_iter().chain(numbers);
                data.push(start.chain([row.note.clone()]).collect());
            }
        }
        data
    }
}

fn interval(
    canvas: &mut Canvas,
    scale: &Scale,
    (series, colour): (usize, &str),
    y: f64,
    point: &Point,
) {
    let mut between = |class: &str, (low, high): (f64, f64)| {
        if low.is_finite() && high.is_finite() {
            canvas.line(
                &format!("{class} {colour}"),
                (scale.at(low), y),
                (scale.at(high), y),
            );
        }
    };
    between("thin", point.outer);
    between("thick", point.inner);
    if point.value.is_finite() {
        canvas.mark_in(colour, series, (scale.at(point.value), y));
    }
}

/// A mark that others stand beside: a broken line and a ring.
fn thin(canvas: &mut Canvas, scale: &Scale, y: f64, point: &Point) {
    let (low, high) = point.outer;
    if low.is_finite() && high.is_finite() {
        canvas.line("base", (scale.at(low), y), (scale.at(high), y));
    }
    if point.value.is_finite() {
        canvas.disc("mark c6 open", (scale.at(point.value), y), RING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_drawn_and_kept() {
        let point = |value: f64| {
            Some(Point {
                value,
                outer: (value - 1.0, value + 1.0),
                inner: (f64::NAN, f64::NAN),
            })
        };
        let row = |label: &str, points| ForestRow {
            label: label.to_owned(),
            points,
            note: "78 of 100".to_owned(),
            faint: label == "Beta",
        };
        let rows = vec![
            row("Alpha", vec![point(1.0), point(2.0)]),
            row("Beta", vec![None, point(-1.0)]),
        ];
        let chart = Forest {
            head: Head {
                id: "x".to_owned(),
                x: "US$ bn of 2027".to_owned(),
                ..Head::default()
            },
            series: vec!["guide".to_owned(), "bloc".to_owned()],
            rows,
            from_zero: true,
            floor: Some(2.5),
            thin: None,
        }
        .chart();
        // A mark of each series and another in the legend; one that may be chance is grey, and what chance reaches is a line.
        assert_eq!(chart.svg.matches("mark c0").count(), 2, "{}", chart.svg);
        assert_eq!(chart.svg.matches("mark c1").count(), 2, "{}", chart.svg);
        assert_eq!(chart.svg.matches("mark faint").count(), 1, "{}", chart.svg);
        assert_eq!(chart.svg.matches("thin faint").count(), 1, "{}", chart.svg);
        assert_eq!(
            chart.svg.matches("class=\"level\"").count(),
            1,
            "{}",
            chart.svg
        );
        assert_eq!(chart.svg.matches("class=\"thin ").count(), 3);
        assert_eq!(chart.svg.matches("class=\"thick ").count(), 0);
        assert!(chart.svg.contains("US$ bn of 2027") && chart.svg.contains("class=\"zero\""));
        let csv = chart.data.to_csv();
        assert!(csv.contains("Alpha,guide,1,0,,,2,78 of 100\n"), "{csv}");
        assert_eq!(csv.lines().count(), 4);
    }
}
