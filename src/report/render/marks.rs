//! A figure of characters: a row for each name with its mark, the line over 90% of worlds, and zero.

use crate::report::document::Marks;
use crate::theory::spelling::units::range;
use textwrap::core::display_width;

/// Columns of names, at most.
const NAMES: usize = 26;

/// A row for each name, and the ends of the axis below; none where all is zero. Lines whose ends are not finite are not drawn.
pub(crate) fn figure(marks: &Marks, width: usize) -> Option<String> {
    let Marks { rows, observed, .. } = marks;
    let ends = rows
        .iter()
        .flat_map(|(_, point)| [point.outer.0, point.outer.1, point.value])
        .chain(observed.iter().copied());
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), x| {
        (low.min(x), high.max(x))
    });
    if high - low <= 0.0 {
        return None;
    }
    let names = rows
        .iter()
        .map(|(name, _)| display_width(name))
        .max()?
        .min(NAMES);
    let columns = width.saturating_sub(names + 2).max(20);
    let at = |x: f64| libm::round((x - low) / (high - low) * (columns - 1) as f64) as usize;
    let zero = at(0.0);
    let mut text = String::new();
    for (row, (name, point)) in rows.iter().enumerate() {
        let mut cells = vec![' '; columns];
        let mut line = |(from, to): (f64, f64), with: char| {
            if from.is_finite() && to.is_finite() {
                cells[at(from)..=at(to)].fill(with);
            }
        };
        line(point.outer, '\u{2500}');
        if !observed.is_empty() {
            line(point.inner, '\u{2501}');
        }
        cells[zero] = if cells[zero] == ' ' {
            '\u{2502}'
        } else {
            '\u{253c}'
        };
        cells[at(point.value)] = '\u{25cf}';
        if let Some(observed) = observed.get(row) {
            cells[at(*observed)] = '\u{25c6}';
        }
        let name: String = name.chars().take(names).collect();
        let row: String = cells.into_iter().collect();
        text += &format!("{name:<names$}  {}\n", row.trim_end());
    }
    Some(text + &axis((low, high), zero, names, columns))
}

/// The ends of the axis and zero, written where they are; an end that would touch zero is left out.
fn axis((low, high): (f64, f64), zero: usize, names: usize, columns: usize) -> String {
    let written = range(low, high, Some(0.01 * (high - low)));
    let (low, high) = written.split_once(" to ").unwrap_or_default();
    let mut cells = vec![' '; columns];
    let mut put = |from: usize, text: &str| {
        for (cell, c) in cells[from..].iter_mut().zip(text.chars()) {
            *cell = c;
        }
    };
    let (left, right) = (display_width(low), display_width(high));
    put(zero.min(columns - 1), "0");
    if left < zero {
        put(0, low);
    }
    if zero + 1 + right < columns {
        put(columns - right, high);
    }
    let axis: String = cells.into_iter().collect();
    format!("{}  {}\n", " ".repeat(names), axis.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Point;

    fn marks(rows: &[(String, Point)]) -> Marks {
        Marks {
            rows: rows.to_vec(),
            ..Marks::default()
        }
    }

    fn point(value: f64, outer: (f64, f64)) -> Point {
        Point {
            value,
            outer,
            inner: outer,
        }
    }

    #[test]
    fn intervals_lie_on_one_axis_with_zero() {
        let rows = [
            ("Alpha (A)".to_owned(), point(1.0, (-1.0, 3.0))),
            ("B".to_owned(), point(2.0, (1.0, 3.0))),
        ];
        // Names take 9 columns and a space of 2: 41 columns from -1 to 3, ten each.
        let text = figure(&marks(&rows), 52).expect("there is a difference");
        let lines: Vec<&str> = text.lines().collect();
        let expected = format!(
            "Alpha (A)  {}\u{253c}{}\u{25cf}{}",
            "\u{2500}".repeat(10),
            "\u{2500}".repeat(9),
            "\u{2500}".repeat(20)
        );
        assert_eq!(lines[0], expected);
        let expected = format!(
            "B{}\u{2502}{}{}\u{25cf}{}",
            " ".repeat(20),
            " ".repeat(9),
            "\u{2500}".repeat(10),
            "\u{2500}".repeat(10)
        );
        assert_eq!(lines[1], expected);
        assert_eq!(
            lines[2],
            format!("{}-1.0      0{}3.0", " ".repeat(11), " ".repeat(27))
        );
        assert_eq!(
            figure(&marks(&[("A".to_owned(), point(0.0, (0.0, 0.0)))]), 60),
            None
        );
    }

    #[test]
    fn a_mark_without_ends_has_no_line() {
        let alone = point(0.0, (f64::NAN, f64::NAN));
        let rows = [
            ("A".to_owned(), point(2.0, (1.0, 3.0))),
            ("B".to_owned(), alone),
        ];
        let text = figure(&marks(&rows), 40).expect("a figure");
        assert_eq!(text.lines().nth(1), Some("B  \u{25cf}"), "{text}");
    }

    #[test]
    fn what_was_observed_stands_on_its_row_and_the_middle_half_is_thick() {
        let drawn = Point {
            value: 2.0,
            outer: (1.0, 4.0),
            inner: (2.0, 3.0),
        };
        let marks = Marks {
            rows: vec![("A".to_owned(), drawn)],
            observed: vec![4.0],
            ..Marks::default()
        };
        // 41 columns from 0 to 4, ten each.
        let text = figure(&marks, 44).expect("a figure");
        let expected = format!(
            "A  \u{2502}{}{}\u{25cf}{}{}\u{25c6}",
            " ".repeat(9),
            "\u{2500}".repeat(10),
            "\u{2501}".repeat(10),
            "\u{2500}".repeat(9)
        );
        assert_eq!(text.lines().next(), Some(&*expected), "{text}");
    }

    #[test]
    fn it_fits_where_all_lie_on_one_side() {
        let text =
            figure(&marks(&[("A".to_owned(), point(2.0, (1.0, 3.0)))]), 60).expect("a figure");
        assert!(
            text.lines().all(|line| line.chars().count() <= 60),
            "{text}"
        );
        assert!(
            text.lines()
                .last()
                .is_some_and(|line| line.trim_start().starts_with('0')),
            "{text}"
        );
    }
}
