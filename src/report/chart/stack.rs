//! Rows of steps that add up: waterfalls laid beside each other.

use super::canvas::{Canvas, broken};
use super::frame::{
    Chart, Data, Head, RIGHT, WIDE, axis_below, cell, colour, foot, legend_height, legend_of,
};
use super::names::Names;
use super::scale::{Scale, extent};

/// A waterfall in each row: every step begins where the one before ended, a mark stands at the sum.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stack {
    pub head: Head,
    /// Names of the steps, then that of the sum.
    pub steps: Vec<String>,
    /// Which series each of them is: its colour and mark, the same in every figure.
    pub series: Vec<usize>,
    pub rows: Vec<StackRow>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct StackRow {
    pub label: String,
    pub steps: Vec<f64>,
    /// Ends of the interval of each step, from where it begins; not drawn where there are none or they are not finite.
    pub spans: Vec<(f64, f64)>,
    /// Ends of the interval of the sum; not drawn where they are not finite.
    pub ends: (f64, f64),
}

const LANE: f64 = 9.0;
const GAP: f64 = 11.0;
const NAMES: f64 = 0.34;

impl StackRow {
    /// Where each step begins and ends.
    fn corners(&self) -> Vec<(f64, f64)> {
        let mut sum = 0.0;
        let steps = self.steps.iter().map(|step| {
            let from = sum;
            sum += step;
            (from, sum)
        });
        steps.collect()
    }

    /// The intervals of steps that are drawn, each from where its step begins.
    fn drawn(&self) -> Vec<(usize, (f64, f64))> {
        let corners = self.corners().into_iter().zip(&self.spans).enumerate();
        let spans =
            corners.map(|(step, ((from, _), (low, high)))| (step, (from + low, from + high)));
        let finite = |&(_, (low, high)): &(usize, (f64, f64))| low.is_finite() && high.is_finite();
        spans.filter(finite).collect()
    }

    fn sum(&self) -> f64 {
        self.steps.iter().sum()
    }
}

impl Stack {
    pub fn chart(self) -> Chart {
        let labels = self.rows.iter().map(|row| row.label.as_str());
        let names = Names::new(labels, NAMES * WIDE, broken);
        let lanes = self.steps.len() as f64;
        let height = lanes * LANE + GAP;
        let top = legend_height(&self.steps, WIDE);
        let bottom = top + height * self.rows.len() as f64;
        let left = names.left();
        let numbers = self.rows.iter().flat_map(|row| {
            let corners = row.corners().into_iter().flat_map(|(from, to)| [from, to]);
            let spans = row
                .drawn()
                .into_iter()
                .flat_map(|(_, (low, high))| [low, high]);
            let ends = [row.ends.0, row.ends.1].into_iter();
            corners.chain(spans).chain(ends).collect::<Vec<_>>()
        });
        let (low, high) = extent(numbers.chain([0.0]));
        let scale = Scale::within(low, high, (left, WIDE - RIGHT), 6);
        let mut canvas = Canvas::new(WIDE, bottom + foot(&self.head.x, WIDE));
        legend_of(&mut canvas, &self.steps, &self.series, WIDE);
        axis_below(&mut canvas, &scale, (top, bottom), &self.head.x);
        for (k, row) in self.rows.iter().enumerate() {
            let y = top + height * k as f64;
            names.write(&mut canvas, k, y + 0.5 * height);
            draw(&mut canvas, &scale, y + 0.5 * GAP, &self.series, row);
        }
        let data = self.data();
        Chart::new(self.head, canvas, data)
    }

    fn data(&self) -> Data {
        let mut header = vec!["row".to_owned()];
        header.extend(self.steps.iter().cloned());
        header.extend(["p05".to_owned(), "p95".to_owned()]);
        let spans = self.rows.iter().any(|row| !row.spans.is_empty());
        let spans: &[String] = if spans {
            &self.steps[..self.steps.len() - 1]
        } else {
            &[]
        };
        header.extend(
            spans
                .iter()
                .flat_map(|name| ["p05", "p95"].map(|end| format!("{name} {end}"))),
        );
        let mut data = Data::new(&header);
        for row in &self.rows {
            let numbers = row.steps.iter().copied();
            let spans = row.spans.iter().flat_map(|(low, high)| [*low, *high]);
            let numbers = numbers.chain([row.sum(), row.ends.0, row.ends.1]);
            let numbers = numbers.chain(spans).map(cell);
            data.push([row.label.clone()].into_iter().chain(numbers).collect());
        }
        data
    }
}

/// The steps of a row below each other, joined by lines, and its sum.
fn draw(canvas: &mut Canvas, scale: &Scale, y: f64, series: &[usize], row: &StackRow) {
    let lane = |step: usize| y + step as f64 * LANE;
    for (step, (from, to)) in row.corners().into_iter().enumerate() {
        let class = format!("step {}", colour(series[step]));
        let (top, bottom) = (lane(step) + 1.0, lane(step) + LANE - 1.0);
        canvas.rect(&class, (scale.at(from), top), (scale.at(to), bottom));
        canvas.line("join", (scale.at(to), bottom), (scale.at(to), bottom + 2.0));
    }
    for (step, (low, high)) in row.drawn() {
        let y = lane(step) + 0.5 * LANE;
        canvas.line("span", (scale.at(low), y), (scale.at(high), y));
    }
    let y = lane(row.steps.len()) + 0.5 * LANE;
    let series = series[row.steps.len()];
    if row.ends.0.is_finite() && row.ends.1.is_finite() {
        let class = format!("thin {}", colour(series));
        canvas.line(&class, (scale.at(row.ends.0), y), (scale.at(row.ends.1), y));
    }
    canvas.mark(series, (scale.at(row.sum()), y));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_add_up() {
        let row = StackRow {
            label: "Alpha".to_owned(),
            steps: vec![2.0, -0.5],
            spans: vec![(1.0, 3.0), (-1.0, f64::NAN)],
            ends: (0.5, 2.5),
        };
        assert_eq!(row.corners(), [(0.0, 2.0), (2.0, 1.5)]);
        let chart = Stack {
            steps: ["rules", "joint table", "both"].map(str::to_owned).to_vec(),
            series: vec![0, 4, 6],
            rows: vec![row],
            ..Stack::default()
        }
        .chart();
        assert_eq!(
            chart.data.rows[0],
            [
                "Alpha", "2", "-0.5", "1.5", "0.5", "2.5", "1", "3", "-1", ""
            ]
        );
        assert_eq!(
            chart.data.header[6..],
            [
                "rules p05",
                "rules p95",
                "joint table p05",
                "joint table p95"
            ]
        );
        assert_eq!(chart.svg.matches("class=\"span\"").count(), 1);
        assert_eq!(
            chart.svg.matches("class=\"step ").count(),
            2,
            "{}",
            chart.svg
        );
    }
}
