//! A quantity over time with bands that widen: one panel, meant to stand beside others on the same scale.

use super::canvas::{Anchor, Canvas, TEXT};
use super::frame::{Chart, Data, Head, RIGHT, SMALL, axis_beside, cell, label_width};
use super::scale::{Scale, extent};

/// Bands of 90% and 50% around a median, over points of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fan {
    pub head: Head,
    /// From the first point of time to the last; at least one.
    pub points: Vec<FanPoint>,
    /// Medians of what it is compared with, a thin line; none without.
    pub baseline: Vec<f64>,
    /// What the vertical axis must hold besides, so that panels share a scale.
    pub range: Option<(f64, f64)>,
}

/// A distribution at a point of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FanPoint {
    /// What is written below it.
    pub label: String,
    /// 5%, 25%, 50%, 75% and 95% points.
    pub quantiles: [f64; 5],
}

const HEIGHT: f64 = 190.0;

impl Fan {
    /// The range of all numbers of some fans, for [`Fan::range`].
    pub fn range_of<'a>(fans: impl IntoIterator<Item = &'a Fan>) -> (f64, f64) {
        let points = fans.into_iter().flat_map(|fan| {
            let quantiles = fan.points.iter().flat_map(|point| point.quantiles);
            quantiles.chain(fan.baseline.iter().copied())
        });
        extent(points)
    }

    pub fn chart(self) -> Chart {
        let (top, bottom) = (1.9 * TEXT, HEIGHT - 2.9 * TEXT);
        let own = Fan::range_of([&self]);
        let (low, high) = self.range.unwrap_or(own);
        let scale = Scale::new(low, high, (bottom, top), 4);
        let (left, right) = (label_width(&scale), SMALL - RIGHT);
        let mut canvas = Canvas::new(SMALL, HEIGHT);
        axis_beside(&mut canvas, &scale, (left, right), TEXT, &self.head.y);
        let at = |k: usize| {
            let count = self.points.len().max(1) as f64;
            left + (right - left) * (k as f64 + 0.5) / count
        };
        for (low, high, class) in [(0, 4, "band90 c0"), (1, 3, "band50 c0")] {
            self.band(&mut canvas, &scale, (low, high), class, &at);
        }
        let line = |numbers: &mut dyn Iterator<Item = f64>| -> Vec<(f64, f64)> {
            let numbered = numbers.enumerate().filter(|(_, y)| y.is_finite());
            numbered.map(|(k, y)| (at(k), scale.at(y))).collect()
        };
        let medians = line(&mut self.points.iter().map(|point| point.quantiles[2]));
        canvas.path("base", &line(&mut self.baseline.iter().copied()), false);
        canvas.path("line c0", &medians, false);
        for point in medians {
            canvas.mark(0, point);
        }
        for (k, point) in self.points.iter().enumerate() {
            canvas.text(
                "t",
                (at(k), bottom + TEXT + 3.0),
                Anchor::Middle,
                &point.label,
            );
        }
        let middle = 0.5 * (left + right);
        canvas.text("t", (middle, HEIGHT - 4.0), Anchor::Middle, &self.head.x);
        let data = self.data();
        Chart::new(self.head, canvas, data)
    }

    /// The band between two quantiles: a shape, or a bar where there is a single point of time.
    fn band(
        &self,
        canvas: &mut Canvas,
        scale: &Scale,
        (low, high): (usize, usize),
        class: &str,
        at: &dyn Fn(usize) -> f64,
    ) {
        let known = self.points.iter().enumerate();
        let known = known.filter(|(_, point)| point.quantiles.iter().all(|x| x.is_finite()));
        let known: Vec<(usize, &FanPoint)> = known.collect();
        let corner = |k: usize, x: f64| (at(k), scale.at(x));
        if let [(k, point)] = known[..] {
            let (x, from) = corner(k, point.quantiles[low]);
            let (_, to) = corner(k, point.quantiles[high]);
            canvas.rect(class, (x - 8.0, from), (x + 8.0, to));
            return;
        }
        let upper = known
            .iter()
            .map(|(k, point)| corner(*k, point.quantiles[high]));
        let lower = known
            .iter()
            .rev()
            .map(|(k, point)| corner(*k, point.quantiles[low]));
        canvas.path(class, &upper.chain(lower).collect::<Vec<_>>(), true);
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["at", "p05", "p25", "p50", "p75", "p95", "baseline_p50"]);
        for (k, point) in self.points.iter().enumerate() {
            let baseline = self.baseline.get(k).copied().unwrap_or(f64::NAN);
            let numbers = point.quantiles.iter().copied().chain([baseline]).map(cell);
            data.push([point.label.clone()].into_iter().chain(numbers).collect());
        }
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fan(labels: &[&str]) -> Fan {
        let point = |(k, label): (usize, &&str)| FanPoint {
            label: (*label).to_owned(),
            quantiles: [0.0, 1.0, 2.0, 3.0, 4.0].map(|x| x + k as f64),
        };
        Fan {
            points: labels.iter().enumerate().map(point).collect(),
            ..Fan::default()
        }
    }

    #[test]
    fn bands_are_shapes_or_bars() {
        let many = fan(&["2027", "2030"]);
        assert_eq!(Fan::range_of([&many]), (0.0, 5.0));
        let svg = many.chart().svg;
        assert!(
            svg.contains("<path class=\"band90 c0\"") && svg.contains("<path class=\"band50 c0\""),
            "{svg}"
        );
        let one = fan(&["2027"]).chart();
        assert!(one.svg.contains("<rect class=\"band90 c0\""), "{}", one.svg);
        assert_eq!(one.data.rows[0], ["2027", "0", "1", "2", "3", "4", ""]);
    }
}
