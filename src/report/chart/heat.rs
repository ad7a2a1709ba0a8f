//! A map of cells: break-even over two inputs, stability over coalitions.

use super::canvas::{Anchor, Canvas, TEXT, fitted, width};
use super::frame::{Chart, Data, Head, RIGHT, WIDE, cell};

/// Cells with colours that diverge from zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Heat {
    pub head: Head,
    pub columns: Vec<String>,
    pub rows: Vec<String>,
    /// Cells by row; none where there is no number.
    pub cells: Vec<Vec<Option<HeatCell>>>,
    /// What colours run to on both sides of zero; the largest number if it is 0.
    pub most: f64,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct HeatCell {
    /// Its number: the colour.
    pub value: f64,
    /// What is written in it.
    pub text: String,
    /// Whether its sign is open: it is hatched.
    pub open: bool,
    /// Whether it is the scenario as it is: it has a frame.
    pub own: bool,
}

const LANE: f64 = 28.0;

/// Most of the width that names of rows may take.
const NAMES: f64 = 0.42;

/// Steps of colour on each side of zero.
const SHADES: f64 = 4.0;

impl Heat {
    pub fn chart(self) -> Chart {
        let names: Vec<Vec<String>> = (self.rows.iter())
            .map(|name| fitted(name, NAMES * WIDE))
            .collect();
        let widths = names.iter().flatten().map(|line| width(line));
        let left = widths.fold(0.0, f64::max) + 8.0;
        let top = 1.8 * TEXT;
        let bottom = top + LANE * self.rows.len() as f64;
        let lane = (WIDE - RIGHT - left) / self.columns.len().max(1) as f64;
        let numbers = || {
            self.cells
                .iter()
                .flatten()
                .flatten()
                .map(|one| one.value.abs())
        };
        let most = match self.most > 0.0 {
            true => self.most,
            false => numbers().filter(|x| x.is_finite()).fold(0.0, f64::max),
        };
        let mut canvas = Canvas::new(WIDE, bottom + 3.6 * TEXT);
        canvas.text("t", (2.0, TEXT), Anchor::Start, &self.head.y);
        for (row, lines) in names.iter().enumerate() {
            let middle = top + LANE * (row as f64 + 0.5) + 0.35 * TEXT;
            let above = 0.5 * (lines.len() as f64 - 1.0) * 1.05 * TEXT;
            for (k, line) in lines.iter().enumerate() {
                let y = middle - above + k as f64 * 1.05 * TEXT;
                canvas.text("t", (left - 8.0, y), Anchor::End, line);
            }
        }
        // Where names of columns would touch, every second or third is written.
        let widest = self
            .columns
            .iter()
            .map(|name| width(name) + 6.0)
            .fold(0.0, f64::max);
        let every = (libm::ceil(widest / lane) as usize).max(1);
        for (column, name) in self.columns.iter().enumerate().step_by(every) {
            let x = left + lane * (column as f64 + 0.5);
            canvas.text("t", (x, bottom + TEXT + 3.0), Anchor::Middle, name);
        }
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, one) in cells.iter().enumerate() {
                let corner = (left + lane * column as f64, top + LANE * row as f64);
                if let Some(one) = one {
                    draw(&mut canvas, corner, lane, most, one);
                }
            }
        }
        let middle = 0.5 * (left + WIDE - RIGHT);
        canvas.text(
            "t",
            (middle, bottom + 2.0 * TEXT + 10.0),
            Anchor::Middle,
            &self.head.x,
        );
        let data = self.data();
        Chart::new(self.head, canvas, data)
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["row", "column", "value", "open"]);
        for (row, cells) in self.cells.iter().enumerate() {
            for (column, one) in cells.iter().enumerate() {
                let Some(one) = one else { continue };
                let names = [self.rows[row].clone(), self.columns[column].clone()];
                let rest = [cell(one.value), one.open.to_string()];
                data.push(names.into_iter().chain(rest).collect());
            }
        }
        data
    }
}

fn draw(canvas: &mut Canvas, (x, y): (f64, f64), lane: f64, most: f64, one: &HeatCell) {
    let share = if most > 0.0 { one.value / most } else { 0.0 };
    let shade = libm::round(SHADES * share.clamp(-1.0, 1.0)) as i32;
    let class = match shade {
        0 => "h0".to_owned(),
        more if more > 0 => format!("hp{more}"),
        less => format!("hm{}", -less),
    };
    let (from, to) = ((x + 1.0, y + 1.0), (x + lane - 1.0, y + LANE - 1.0));
    canvas.rect(&class, from, to);
    if one.open {
        for k in 1..=3 {
            let shift = 0.25 * f64::from(k) * (lane - 2.0);
            let half = 0.5 * (LANE - 2.0);
            let (left, right) = (
                from.0.max(from.0 + shift - half),
                to.0.min(from.0 + shift + half),
            );
            canvas.line("hatch", (left, to.1), (right, from.1));
        }
    }
    if one.own {
        canvas.rect("own", from, to);
    }
    if width(&one.text) <= lane - 4.0 {
        let class = if shade.abs() >= 3 { "t strong" } else { "t" };
        canvas.text(
            class,
            (x + 0.5 * lane, y + 0.5 * LANE + 0.35 * TEXT),
            Anchor::Middle,
            &one.text,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_follow_sign_and_size() {
        let one = |value: f64, open: bool| {
            Some(HeatCell {
                value,
                text: value.to_string(),
                open,
                own: false,
            })
        };
        let chart = Heat {
            columns: ["0", "1"].map(str::to_owned).to_vec(),
            rows: vec!["a".to_owned()],
            cells: vec![vec![one(-2.0, false), one(1.0, true)]],
            ..Heat::default()
        }
        .chart();
        assert!(chart.svg.contains("class=\"hm4\"") && chart.svg.contains("class=\"hp2\""));
        assert_eq!(chart.svg.matches("class=\"hatch\"").count(), 3);
        assert_eq!(
            chart.data.rows,
            [["a", "0", "-2", "false"], ["a", "1", "1", "true"]]
        );
    }
}
