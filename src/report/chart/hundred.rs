//! A hundred worlds in each row: in how many of them something goes one way, the other, or neither.

use super::canvas::{Anchor, Canvas, TEXT, fitted, width};
use super::frame::{Chart, Data, Head, RIGHT, WIDE};
use super::names::Names;

/// Rows of a hundred dots: first those of the first kind, then neither, then those of the second.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hundred {
    pub head: Head,
    /// Names of the three kinds.
    pub kinds: [String; 3],
    /// What the line in each row is; empty: there is none.
    pub line: String,
    pub rows: Vec<HundredRow>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct HundredRow {
    pub label: String,
    /// Dots of each kind; they add up to a hundred.
    pub dots: [usize; 3],
    /// After how many dots a line stands.
    pub line: Option<usize>,
    /// What stands at the right.
    pub note: String,
}

/// Dots of a row stand in two lanes, so that fifty are beside each other.
const LANES: usize = 2;
const LANE: f64 = 6.2;
const GAP: f64 = 9.0;
const RADIUS: f64 = 2.3;
const NAMES: f64 = 0.28;

/// Shares as dots that add up to a hundred: rounded down, the largest remainders up.
pub fn dots_of(shares: [f64; 3]) -> [usize; 3] {
    let sum: f64 = shares.iter().sum();
    if sum.is_nan() || sum <= 0.0 {
        return [0, 100, 0];
    }
    let parts = shares.map(|share| 100.0 * share / sum);
    let mut dots = parts.map(|part| libm::floor(part) as usize);
    let mut order = [0, 1, 2];
    let rest = |at: usize| parts[at] - libm::floor(parts[at]);
    order.sort_by(|&one, &other| rest(other).total_cmp(&rest(one)));
    let missing = 100 - dots.iter().sum::<usize>();
    for &at in order.iter().cycle().take(missing) {
        dots[at] += 1;
    }
    dots
}

impl Hundred {
    pub fn chart(self) -> Chart {
        let names = Names::new(
            self.rows.iter().map(|row| row.label.as_str()),
            NAMES * WIDE,
            fitted,
        );
        let notes = self.rows.iter().map(|row| width(&row.note));
        let right = WIDE - RIGHT - notes.fold(0.0, f64::max) - 4.0;
        let heights = names
            .heights()
            .map(|height| (LANES as f64 * LANE).max(height) + GAP);
        let heights: Vec<f64> = heights.collect();
        let top = 2.0 * TEXT;
        let bottom = top + heights.iter().sum::<f64>();
        let step = (right - names.left()) / (100 / LANES) as f64;
        let mut canvas = Canvas::new(WIDE, bottom + 4.0);
        self.legend(&mut canvas);
        let mut y = top;
        for (k, (row, height)) in self.rows.iter().zip(&heights).enumerate() {
            let middle = y + 0.5 * height;
            names.write(&mut canvas, k, middle);
            row.draw(&mut canvas, (names.left(), middle), step);
            let at = (WIDE - 2.0, middle + 0.35 * TEXT);
            canvas.text("t", at, Anchor::End, &row.note);
            y += height;
        }
        let data = self.data();
        Chart::new(self.head, canvas, data)
    }

    fn legend(&self, canvas: &mut Canvas) {
        let mut x = 2.0;
        for (kind, name) in self.kinds.iter().enumerate() {
            draw(canvas, kind, (x + 4.0, 0.65 * TEXT));
            canvas.text("t", (x + 11.0, TEXT), Anchor::Start, name);
            x += width(name) + 26.0;
        }
        if !self.line.is_empty() {
            canvas.line("base", (x + 4.0, 0.1 * TEXT), (x + 4.0, 1.2 * TEXT));
            canvas.text("t", (x + 11.0, TEXT), Anchor::Start, &self.line);
        }
    }

    fn data(&self) -> Data {
        let [first, neither, second] = self.kinds.each_ref().map(String::as_str);
        let mut data = Data::new(&["row", first, neither, second]);
        for row in &self.rows {
            let cells = row.dots.iter().map(usize::to_string);
            data.push([row.label.clone()].into_iter().chain(cells).collect());
        }
        data
    }
}

impl HundredRow {
    fn draw(&self, canvas: &mut Canvas, (left, middle): (f64, f64), step: f64) {
        let kinds = [0, 1, 2].into_iter();
        let kinds = kinds.flat_map(|kind| std::iter::repeat_n(kind, self.dots[kind]));
        for (at, kind) in kinds.enumerate() {
            let (column, lane) = (at / LANES, at % LANES);
            let x = left + step * (column as f64 + 0.5);
            let y = middle + (lane as f64 - 0.5 * (LANES - 1) as f64) * LANE;
            draw(canvas, kind, (x, y));
        }
        if let Some(after) = self.line {
            let x = left + step * (after as f64 / LANES as f64);
            let half = 0.5 * LANES as f64 * LANE + 2.0;
            canvas.line("base", (x, middle - half), (x, middle + half));
        }
    }
}

/// A dot of a kind, each with a shape of its own.
fn draw(canvas: &mut Canvas, kind: usize, (x, y): (f64, f64)) {
    match kind {
        0 => canvas.disc("mark c0", (x, y), RADIUS),
        1 => canvas.disc("mark c6 open", (x, y), RADIUS - 0.6),
        _ => {
            let arm = RADIUS - 0.4;
            canvas.line("mark c1 open", (x - arm, y - arm), (x + arm, y + arm));
            canvas.line("mark c1 open", (x - arm, y + arm), (x + arm, y - arm));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_add_up_to_a_hundred() {
        for (shares, dots) in [
            ([0.5, 0.25, 0.25], [50, 25, 25]),
            ([1.0, 1.0, 1.0], [34, 33, 33]),
            ([0.999, 0.0, 0.001], [100, 0, 0]),
            ([0.0, 0.0, 0.0], [0, 100, 0]),
            ([f64::NAN, 0.0, 0.0], [0, 100, 0]),
        ] {
            assert_eq!(dots_of(shares), dots, "{shares:?}");
        }
    }

    #[test]
    fn every_dot_is_drawn_in_its_shape() {
        let row = HundredRow {
            label: "Indonesia".to_owned(),
            dots: [70, 10, 20],
            line: Some(60),
            note: "70".to_owned(),
        };
        let chart = Hundred {
            head: Head::default(),
            kinds: ["gains", "the same", "loses"].map(str::to_owned),
            line: "before".to_owned(),
            rows: vec![row],
        }
        .chart();
        // One of each in the legend besides.
        let count = |what: &str| chart.svg.matches(what).count();
        assert_eq!(count("class=\"mark c0\""), 71);
        assert_eq!(count("class=\"mark c6 open\""), 11);
        assert_eq!(count("class=\"mark c1 open\""), 42, "two lines a cross");
        assert_eq!(chart.data.rows, [["Indonesia", "70", "10", "20"]]);
    }
}
