//! The main difference of a run as a figure of characters: a row per state with its average, the range of 90% of worlds, and zero.

use crate::report::headline::headline_arm;
use crate::report::tables::{View, label};
use crate::theory::spelling::units::range;
use crate::theory::stats::summary::Stat;
use textwrap::core::display_width;

/// Columns of the figure, at most: those of a page.
const PAGE: usize = 80;

/// Columns of names, at most.
const NAMES: usize = 26;

/// The figure with its title; none where there is one world or one arm, or no state has a difference.
pub(crate) fn forest(view: &View<'_>) -> Option<(String, String)> {
    let arm = headline_arm(view).filter(|_| !view.is_single())?;
    let states = view.model.states.iter().enumerate();
    let rows = states.filter_map(|(i, state)| {
        let difference = view.payoff(arm, view.reference, i).difference?;
        Some((label(state), difference))
    });
    let mut rows: Vec<(String, Stat)> = rows.collect();
    rows.sort_by(|one, other| other.1.mean.total_cmp(&one.1.mean));
    let title = format!(
        "What `{}` brings each state against `{}`, US$ bn: average (\u{25cf}), 90% of worlds (\u{2500}), zero (\u{2502})",
        view.name(arm),
        view.name(view.reference)
    );
    Some((title, figure(&rows, view.width.min(PAGE))?))
}

/// A row for each name, and the ends of the axis below; none where all is zero.
fn figure(rows: &[(String, Stat)], width: usize) -> Option<String> {
    let ends = rows
        .iter()
        .flat_map(|(_, stat)| [stat.p05, stat.p95, stat.mean]);
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
    for (name, stat) in rows {
        let mut cells = vec![' '; columns];
        cells[at(stat.p05)..=at(stat.p95)].fill('\u{2500}');
        cells[zero] = if cells[zero] == ' ' {
            '\u{2502}'
        } else {
            '\u{253c}'
        };
        cells[at(stat.mean)] = '\u{25cf}';
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
    let (left, right) = (display_width(&low), display_width(&high));
    put(zero.min(columns - 1), "0");
    if left < zero {
        put(0, low);
    }
    if zero + 1 < columns - right {
        put(columns - right, high);
    }
    let axis: String = cells.into_iter().collect();
    format!("{}  {}\n", " ".repeat(names), axis.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::results::fixture::stat;

    #[test]
    fn intervals_lie_on_one_axis_with_zero() {
        let rows = [
            ("Alpha (A)".to_owned(), stat(1.0, None, (-1.0, 3.0))),
            ("B".to_owned(), stat(2.0, None, (1.0, 3.0))),
        ];
        // Names take 9 columns and a space of 2: 41 columns from -1 to 3, ten each.
        let text = figure(&rows, 52).expect("there is a difference");
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
            figure(&[("A".to_owned(), stat(0.0, None, (0.0, 0.0)))], 60),
            None
        );
    }

    #[test]
    fn it_fits_where_all_lie_on_one_side() {
        let text = figure(&[("A".to_owned(), stat(2.0, None, (1.0, 3.0)))], 60).expect("a figure");
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
