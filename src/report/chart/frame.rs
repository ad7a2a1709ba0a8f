//! What all figures share: what one says about itself, its data, axes and the names of series.

use super::canvas::{Anchor, Canvas, SERIES, TEXT, broken, width};
use super::scale::Scale;
use crate::study::results::sheet;

/// Width of a figure that stands alone.
pub const WIDE: f64 = 440.0;

/// Width of a figure that stands beside others of its kind.
pub const SMALL: f64 = 300.0;

/// What a figure says about itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Head {
    /// Its name within a page and of its file of data: letters, digits, `-` and `_`.
    pub id: String,
    /// What it shows, with unit and price year.
    pub title: String,
    /// The same for those who do not see it: what the marks are, and what they say.
    pub alternative: String,
    /// What the horizontal axis measures, with its unit.
    pub x: String,
    /// What the vertical axis measures, with its unit; empty where rows are named.
    pub y: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub head: Head,
    pub svg: String,
    pub data: Data,
}

impl Chart {
    pub(super) fn new(head: Head, canvas: Canvas, data: Data) -> Chart {
        Chart {
            svg: canvas.finish(&head.id, &head.title, &head.alternative),
            data,
            head,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Data {
    pub header: Vec<String>,
    /// Cells as text; empty where there is no number.
    pub rows: Vec<Vec<String>>,
}

impl Data {
    pub fn new<S: AsRef<str>>(header: &[S]) -> Data {
        Data {
            header: header.iter().map(|name| name.as_ref().to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    pub fn push(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub fn to_csv(&self) -> String {
        sheet::text(&self.header, &self.rows)
    }

    /// Several tables below each other, each row led by the name of its own: for figures that stand side by side.
    pub fn joined<'a>(column: &str, parts: impl IntoIterator<Item = (&'a str, &'a Data)>) -> Data {
        let mut all = Data::default();
        for (name, part) in parts {
            if all.header.is_empty() {
                all.header.push(column.to_owned());
                all.header.extend(part.header.iter().cloned());
            }
            let rows = part.rows.iter();
            all.rows.extend(rows.map(|row| {
                let cells = row.iter().cloned();
                [name.to_owned()].into_iter().chain(cells).collect()
            }));
        }
        all
    }
}

/// A number as a cell; empty if there is none.
pub fn cell(number: f64) -> String {
    if number.is_finite() {
        number.to_string()
    } else {
        String::new()
    }
}

/// Space at the right of a plot.
pub(super) const RIGHT: f64 = 14.0;

/// Space below a horizontal axis for its numbers and one line of its label.
const FOOT: f64 = 40.0;

/// Space for another line.
const LINE: f64 = 1.2 * TEXT;

/// Space below a horizontal axis with a label, in a figure of `total` width.
pub(super) fn foot(label: &str, total: f64) -> f64 {
    let more = lines_of(label, total).len().saturating_sub(1);
    FOOT + LINE * more as f64
}

/// The lines of the label of an axis.
fn lines_of(label: &str, total: f64) -> Vec<String> {
    broken(label, total - 4.0)
}

/// A horizontal axis below `bottom` with lines up to `top`.
pub(super) fn axis_below(
    canvas: &mut Canvas,
    scale: &Scale,
    (top, bottom): (f64, f64),
    label: &str,
) {
    let mut free = f64::NEG_INFINITY;
    for &tick in &scale.ticks {
        let (x, text) = (scale.at(tick), scale.label(tick));
        canvas.line(
            if tick == 0.0 { "zero" } else { "grid" },
            (x, top),
            (x, bottom),
        );
        let half = 0.5 * width(&text);
        if x - half >= free {
            let x = within(x, half, canvas);
            canvas.text("t", (x, bottom + TEXT + 3.0), Anchor::Middle, &text);
            free = x + half + 6.0;
        }
    }
    let (from, to) = scale.ends();
    let middle = 0.5 * (from + to);
    for (k, line) in lines_of(label, canvas.width()).iter().enumerate() {
        let x = within(middle, 0.5 * width(line), canvas);
        let y = bottom + 2.0 * TEXT + 10.0 + LINE * k as f64;
        canvas.text("t", (x, y), Anchor::Middle, line);
    }
}

/// Where the middle of a text stands so that the text stays within the figure.
fn within(middle: f64, half: f64, canvas: &Canvas) -> f64 {
    middle.min(canvas.width() - half - 2.0).max(half + 2.0)
}

/// A vertical axis at the left of a plot from `left` to `right`; its label stands above.
pub(super) fn axis_beside(
    canvas: &mut Canvas,
    scale: &Scale,
    (left, right): (f64, f64),
    top: f64,
    label: &str,
) {
    for &tick in &scale.ticks {
        let y = scale.at(tick);
        canvas.line(
            if tick == 0.0 { "zero" } else { "grid" },
            (left, y),
            (right, y),
        );
        canvas.text(
            "t",
            (left - 5.0, y + 0.35 * TEXT),
            Anchor::End,
            &scale.label(tick),
        );
    }
    canvas.text("t", (2.0, top), Anchor::Start, label);
}

/// Room for the labels of a vertical axis.
pub(super) fn label_width(scale: &Scale) -> f64 {
    let widths = scale.ticks.iter().map(|&tick| width(&scale.label(tick)));
    widths.fold(0.0, f64::max) + 9.0
}

/// Height that the names of series take above a figure of `total` width; none for a single one.
pub(super) fn legend_height(names: &[String], total: f64) -> f64 {
    if names.len() < 2 {
        return 4.0;
    }
    let (mut x, mut rows) = (0.0, 1.0);
    for name in names {
        let needed = width(name) + 28.0;
        if x + needed > total && x > 0.0 {
            (x, rows) = (0.0, rows + 1.0);
        }
        x += needed;
    }
    rows * 1.5 * TEXT + 6.0
}

/// The names of series with their marks.
pub(super) fn legend(canvas: &mut Canvas, names: &[String], total: f64) {
    let series: Vec<usize> = (0..names.len()).collect();
    legend_of(canvas, names, &series, total);
}

/// The names of these series with their marks.
pub(super) fn legend_of(canvas: &mut Canvas, names: &[String], series: &[usize], total: f64) {
    if names.len() < 2 {
        return;
    }
    let (mut x, mut y) = (0.0, TEXT);
    for (name, &series) in names.iter().zip(series) {
        let needed = width(name) + 28.0;
        if x + needed > total && x > 0.0 {
            (x, y) = (0.0, y + 1.5 * TEXT);
        }
        canvas.mark(series, (x + 7.0, y - 0.35 * TEXT));
        canvas.text("t", (x + 15.0, y), Anchor::Start, name);
        x += needed;
    }
}

/// The colour of what may be chance.
pub(super) const FAINT: &str = "faint";

pub(super) fn colour(series: usize) -> String {
    format!("c{}", series % SERIES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_takes_a_second_line_within_the_figure() {
        let label = "framework-mandate less bilateral, US$ bn of 2027";
        assert!(width(label) > SMALL);
        assert_eq!(foot(label, SMALL), FOOT + LINE);
        assert_eq!(foot("US$ bn", SMALL), FOOT);
        let mut canvas = Canvas::new(SMALL, 100.0);
        let scale = Scale::within(-0.002, 0.003, (0.0, SMALL), 4);
        axis_below(&mut canvas, &scale, (0.0, 40.0), label);
        let svg = canvas.finish("it", "It", "It");
        let texts = svg.split("<text ").skip(1).map(|text| {
            let x = text.split("x=\"").nth(1).and_then(|x| x.split('"').next());
            let said = text
                .split('>')
                .nth(1)
                .and_then(|said| said.split('<').next());
            (
                x.and_then(|x| x.parse::<f64>().ok()).expect("a place"),
                said.expect("words"),
            )
        });
        let texts: Vec<(f64, &str)> = texts.collect();
        for (x, said) in &texts {
            let half = 0.5 * width(said);
            assert!(*x >= half && *x <= SMALL - half, "{said} at {x}");
        }
        let lines = texts
            .iter()
            .filter(|(_, said)| said.contains(|c: char| c.is_alphabetic()));
        assert_eq!(lines.count(), 2, "{texts:?}");
    }
}
