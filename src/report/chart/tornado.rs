//! A tornado: how far a result moves with each input.

use super::canvas::{Anchor, Canvas, TEXT, fitted, width};
use super::frame::{Chart, Data, FAINT, Head, RIGHT, WIDE, axis_below, cell, foot};
use super::names::Names;
use super::scale::{Scale, extent};

/// A bar for each input from its result at one end to that at the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tornado {
    pub head: Head,
    /// The result with every input as it is; a vertical line.
    pub base: Option<f64>,
    /// From the top, the widest first.
    pub rows: Vec<TornadoRow>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct TornadoRow {
    pub label: String,
    /// The result where it is low, and where it is high.
    pub ends: (f64, f64),
    /// What it is there, as words.
    pub inputs: (String, String),
    /// Whether what it shows may be chance: it is grey.
    pub faint: bool,
}

const LANE: f64 = 24.0;
const NAMES: f64 = 0.42;

impl Tornado {
    pub fn chart(self) -> Chart {
        let labels = self.rows.iter().map(|row| row.label.as_str());
        let names = Names::new(labels, NAMES * WIDE, fitted);
        let heights = names.heights().map(|height| LANE.max(height + 6.0));
        let heights: Vec<f64> = heights.collect();
        let left = names.left();
        let sides = self
            .rows
            .iter()
            .flat_map(|row| [&row.inputs.0, &row.inputs.1]);
        let room = sides.map(|text| width(text)).fold(0.0, f64::max) + 5.0;
        let ends = self.rows.iter().flat_map(|row| [row.ends.0, row.ends.1]);
        let (low, high) = extent(ends.chain(self.base));
        let scale = Scale::within(low, high, (left + room, WIDE - RIGHT - room), 4);
        let (top, bottom) = (1.6 * TEXT, 1.6 * TEXT + heights.iter().sum::<f64>());
        let mut canvas = Canvas::new(WIDE, bottom + foot(&self.head.x, WIDE));
        canvas.text("t", (left, TEXT), Anchor::Start, "\u{25a0} where it is low");
        canvas.text(
            "t",
            (WIDE - RIGHT, TEXT),
            Anchor::End,
            "\u{25a1} where it is high",
        );
        axis_below(&mut canvas, &scale, (top, bottom), &self.head.x);
        let base = self.base.unwrap_or(f64::NAN);
        let mut y = top;
        for (k, (row, height)) in self.rows.iter().zip(&heights).enumerate() {
            let middle = y + 0.5 * height;
            names.write(&mut canvas, k, middle);
            bar(&mut canvas, &scale, middle, base, row);
            y += height;
        }
        if base.is_finite() {
            canvas.line("level", (scale.at(base), top), (scale.at(base), bottom));
        }
        let mut data = Data::new(&[
            "input",
            "low_input",
            "high_input",
            "at_low",
            "at_high",
            "base",
        ]);
        for row in &self.rows {
            let words = [&row.label, &row.inputs.0, &row.inputs.1].map(String::clone);
            let numbers = [row.ends.0, row.ends.1, base].map(cell);
            data.push(words.into_iter().chain(numbers).collect());
        }
        Chart::new(self.head, canvas, data)
    }
}

/// The bar of an input: filled towards its low end, outlined towards its high end.
fn bar(canvas: &mut Canvas, scale: &Scale, middle: f64, base: f64, row: &TornadoRow) {
    let (low, high) = row.ends;
    let centre = if base.is_finite() {
        base
    } else {
        0.5 * (low + high)
    };
    for (end, class, text) in [
        (low, ("step", "c0"), &row.inputs.0),
        (high, ("step open", "c1"), &row.inputs.1),
    ] {
        if !end.is_finite() {
            continue;
        }
        let colour = if row.faint { FAINT } else { class.1 };
        let class = format!("{} {colour}", class.0);
        canvas.rect(
            &class,
            (scale.at(centre), middle - 6.0),
            (scale.at(end), middle + 6.0),
        );
        let other = if end == low { high } else { low };
        let at_left = end < other;
        let (x, anchor) = match at_left {
            true => (scale.at(end.min(centre)) - 3.0, Anchor::End),
            false => (scale.at(end.max(centre)) + 3.0, Anchor::Start),
        };
        canvas.text("t", (x, middle + 0.35 * TEXT), anchor, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_carry_their_inputs() {
        let chart = Tornado {
            base: Some(1.0),
            rows: vec![TornadoRow {
                label: "market.diversion".to_owned(),
                ends: (2.0, 0.5),
                inputs: ("0.1".to_owned(), "0.8".to_owned()),
                faint: false,
            }],
            ..Tornado::default()
        }
        .chart();
        assert!(chart.svg.contains(">0.1</text>") && chart.svg.contains(">0.8</text>"));
        assert_eq!(
            chart.data.rows[0],
            ["market.diversion", "0.1", "0.8", "2", "0.5", "1"]
        );
    }
}
