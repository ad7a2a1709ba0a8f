//! Rows and columns of dots: who gains by each of several choices, and about how much.

use super::canvas::{Anchor, Canvas, TEXT, broken, fitted, width};
use super::frame::{Chart, Data, Head, RIGHT, WIDE, cell};
use super::names::Names;
use crate::theory::spelling::units::number;

/// A row for each choice and a column for each party; the area of a dot is its amount.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dots {
    pub head: Head,
    pub columns: Vec<String>,
    pub rows: Vec<DotRow>,
    /// What stands at the right of rows.
    pub note: String,
    /// Unit of the amounts.
    pub unit: String,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct DotRow {
    pub label: String,
    /// A dot of each column; none where there is no number.
    pub cells: Vec<Option<DotCell>>,
    /// What stands at its right; may be empty.
    pub note: String,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DotCell {
    pub value: f64,
    pub sign: DotSign,
}

/// What is known of the sign of an amount, each with a shape of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DotSign {
    /// A disc.
    Gain,
    /// A cross.
    Loss,
    /// A ring: the amount may be either.
    Open,
}

const LANE: f64 = 24.0;

/// Most of the width that names of rows may take.
const NAMES: f64 = 0.34;

/// Radius of the largest dot and of the smallest.
const LARGEST: f64 = 10.5;
const SMALLEST: f64 = 3.6;

impl DotSign {
    const ALL: [DotSign; 3] = [DotSign::Gain, DotSign::Open, DotSign::Loss];

    /// Its name, which explains the figure and stands in its data.
    fn name(self) -> &'static str {
        match self {
            DotSign::Gain => "gains",
            DotSign::Open => "neither is told",
            DotSign::Loss => "loses",
        }
    }

    fn draw(self, canvas: &mut Canvas, at: (f64, f64), radius: f64) {
        let (x, y) = at;
        match self {
            DotSign::Gain => canvas.disc("mark c0", at, radius),
            DotSign::Open => canvas.disc("mark c6 open", at, radius),
            DotSign::Loss => {
                let arm = radius.max(3.0) * 0.8;
                canvas.line("mark c1 open", (x - arm, y - arm), (x + arm, y + arm));
                canvas.line("mark c1 open", (x - arm, y + arm), (x + arm, y - arm));
            }
        }
    }
}

impl Dots {
    pub fn chart(self) -> Chart {
        let labels = self.rows.iter().map(|row| row.label.as_str());
        let names = Names::new(labels, NAMES * WIDE, fitted);
        let notes = self.rows.iter().map(|row| width(&row.note));
        let notes = notes.fold(width(&self.note), f64::max);
        let (left, right) = (names.left(), WIDE - RIGHT - notes - 4.0);
        let top = 3.6 * TEXT;
        let heights: Vec<f64> = names
            .heights()
            .map(|height| LANE.max(height + 6.0))
            .collect();
        let bottom = top + heights.iter().sum::<f64>();
        let lane = (right - left) / self.columns.len().max(1) as f64;
        let most = self.most();
        let largest = LARGEST.min(0.5 * lane - 0.5).max(SMALLEST);
        let areas = self.areas(most, largest);
        let foot = (0.6 + 1.2 * areas.len() as f64) * TEXT;
        let mut canvas = Canvas::new(WIDE, bottom + foot);
        self.legend(&mut canvas);
        let at = |column: usize| left + lane * (column as f64 + 0.5);
        // Where names of columns would touch, every second or third is written.
        let widest = self
            .columns
            .iter()
            .map(|name| width(name) + 4.0)
            .fold(0.0, f64::max);
        let every = (libm::ceil(widest / lane.max(1.0)) as usize).max(1);
        for (column, name) in self.columns.iter().enumerate().step_by(every) {
            canvas.text("t", (at(column), top - 5.0), Anchor::Middle, name);
        }
        canvas.text("t", (WIDE - 2.0, top - 5.0), Anchor::End, &self.note);
        let mut y = top;
        for (k, (row, height)) in self.rows.iter().zip(&heights).enumerate() {
            let middle = y + 0.5 * height;
            canvas.line("grid", (left, middle), (right, middle));
            names.write(&mut canvas, k, middle);
            for (column, one) in row.cells.iter().enumerate() {
                let Some(one) = one.filter(|one| one.value.is_finite()) else {
                    continue;
                };
                let share = if most > 0.0 {
                    one.value.abs() / most
                } else {
                    0.0
                };
                let radius = SMALLEST.max(largest * libm::sqrt(share));
                one.sign.draw(&mut canvas, (at(column), middle), radius);
            }
            canvas.text(
                "t",
                (WIDE - 2.0, middle + 0.35 * TEXT),
                Anchor::End,
                &row.note,
            );
            y += height;
        }
        for (k, line) in areas.iter().enumerate() {
            let y = bottom + TEXT + 3.0 + 1.2 * TEXT * k as f64;
            canvas.text("t", (2.0, y), Anchor::Start, line);
        }
        let data = self.data();
        Chart::new(self.head, canvas, data)
    }

    fn most(&self) -> f64 {
        let cells = self.rows.iter().flat_map(|row| row.cells.iter().flatten());
        let sizes = cells
            .map(|one| one.value.abs())
            .filter(|size| size.is_finite());
        sizes.fold(0.0, f64::max)
    }

    /// What areas mean, in lines.
    fn areas(&self, most: f64, largest: f64) -> Vec<String> {
        let share = SMALLEST / largest;
        let least = most * share * share;
        let written = |amount: f64| number(amount, Some(0.03 * amount));
        let said = format!(
            "Areas are amounts, {} to {} {}; less is drawn as the least",
            written(least),
            written(most),
            self.unit
        );
        broken(&said, WIDE - 4.0)
    }

    fn legend(&self, canvas: &mut Canvas) {
        let mut x = 2.0;
        for sign in DotSign::ALL {
            let said = format!("{} on average", sign.name());
            let said = if sign == DotSign::Open {
                sign.name()
            } else {
                &said
            };
            sign.draw(canvas, (x + 6.0, 0.65 * TEXT), 4.5);
            canvas.text("t", (x + 15.0, TEXT), Anchor::Start, said);
            x += width(said) + 28.0;
        }
    }

    fn data(&self) -> Data {
        let mut data = Data::new(&["row", "column", "value", "sign"]);
        for row in &self.rows {
            for (name, one) in self.columns.iter().zip(&row.cells) {
                let Some(one) = one else { continue };
                data.push(vec![
                    row.label.clone(),
                    name.clone(),
                    cell(one.value),
                    one.sign.name().to_owned(),
                ]);
            }
        }
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_have_shapes_and_amounts_have_areas() {
        let one = |value: f64, sign: DotSign| Some(DotCell { value, sign });
        let chart = Dots {
            columns: ["A", "B", "C"].map(str::to_owned).to_vec(),
            rows: vec![DotRow {
                label: "bloc".to_owned(),
                cells: vec![one(4.0, DotSign::Gain), one(-1.0, DotSign::Loss), None],
                note: "+3.0".to_owned(),
            }],
            note: "region".to_owned(),
            unit: "US$ bn".to_owned(),
            ..Dots::default()
        }
        .chart();
        // One of each, and one that explains it.
        assert_eq!(
            chart.svg.matches("<circle class=\"mark c0\"").count(),
            2,
            "{}",
            chart.svg
        );
        assert_eq!(chart.svg.matches("<line class=\"mark c1 open\"").count(), 4);
        assert!(
            chart.svg.contains("r=\"10.5\"") && chart.svg.contains(">+3.0</text>"),
            "{}",
            chart.svg
        );
        assert_eq!(
            chart.data.rows,
            [["bloc", "A", "4", "gains"], ["bloc", "B", "-1", "loses"]]
        );
    }
}
