//! Names at the left of rows, on as many lines as they need.

use super::canvas::{Anchor, Canvas, TEXT, width};

/// Distance of two lines of a name.
const LINE: f64 = 1.15 * TEXT;

/// The names of all rows of a figure.
pub(super) struct Names(Vec<Vec<String>>);

impl Names {
    /// Names of rows, cut into lines of at most `room` by `cut`.
    pub fn new<'a>(
        labels: impl Iterator<Item = &'a str>,
        room: f64,
        cut: fn(&str, f64) -> Vec<String>,
    ) -> Names {
        Names(labels.map(|label| cut(label, room)).collect())
    }

    /// Where the plot begins at the right of them.
    pub fn left(&self) -> f64 {
        let widths = self.0.iter().flatten().map(|line| width(line));
        widths.fold(0.0, f64::max) + 8.0
    }

    /// Height of each name.
    pub fn heights(&self) -> impl Iterator<Item = f64> {
        self.0.iter().map(|lines| lines.len() as f64 * LINE)
    }

    /// Writes the name of row `row` around the height `middle`.
    pub fn write(&self, canvas: &mut Canvas, row: usize, middle: f64) {
        let lines = &self.0[row];
        let above = 0.5 * (lines.len() as f64 - 1.0) * LINE;
        for (k, line) in lines.iter().enumerate() {
            let y = middle - above + k as f64 * LINE + 0.35 * TEXT;
            canvas.text("t", (self.left() - 8.0, y), Anchor::End, line);
        }
    }
}
