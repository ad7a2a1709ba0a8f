//! Bars of factors: from nothing, with what chance reaches.

use crate::support::program::check_in;
use std::fs;

/// What a study prints, asked for in some colours.
fn shown(method: &str, color: &str) -> String {
    let here = tempfile::tempdir().expect("a temporary directory");
    let text = include_str!("../support/uncertain.toml");
    fs::write(here.path().join("uncertain.toml"), text).expect("it is writable");
    let args = [
        "sensitivity",
        "uncertain.toml",
        "--method",
        method,
        "-n",
        "300",
        "-q",
    ];
    let of = match method {
        "evppi" => "bloc.state.A.payoff.difference",
        _ => "bloc.total.payoff.difference",
    };
    let output = ["--output", of, "--color", color];
    check_in(here.path(), &[&args[..], &output].concat(), 0).0
}

/// Rows of a table that name a factor, each with its estimate and its bar.
fn rows(text: &str) -> Vec<(&str, &str)> {
    let is_row = |line: &&str| {
        ["market.", "state.", "hyperscaler."]
            .iter()
            .any(|start| line.starts_with(start))
    };
    let table = text.split_once("Factors of").expect("a table").1;
    let rows = table.lines().filter(is_row);
    rows.map(|row| {
        let bar = row.find(['\u{2588}', '\u{2591}', '\u{250a}']);
        row.split_at(bar.unwrap_or(row.len()))
    })
    .collect()
}

#[test]
fn what_may_be_chance_is_of_another_shade() {
    for method in ["delta", "pawn", "evppi"] {
        let text = shown(method, "never");
        let floor = |bar: &str| bar.chars().position(|c| c == '\u{250a}').expect("the mark");
        let rows = rows(&text);
        assert_eq!(rows.len(), 8, "{text}");
        let column = |(row, bar): &(&str, &str)| row.chars().count() + floor(bar);
        let mut shades = [0, 0];
        for one in &rows {
            assert_eq!(
                column(one),
                column(&rows[0]),
                "the mark is where it is: {text}"
            );
            let (row, bar) = one;
            let drawn = bar.trim_end_matches('\u{250a}').trim_end();
            let is_beyond = bar.chars().count() > floor(bar) + 1;
            let is_told = match method {
                // By the probability in the last column.
                "delta" | "pawn" => !row.trim_end().ends_with("0%"),
                _ => is_beyond,
            };
            let shade = if is_told { '\u{2588}' } else { '\u{2591}' };
            assert!(
                drawn.chars().all(|c| c == shade || c == '\u{250a}'),
                "{method}: {row}{bar}"
            );
            assert!(is_told || !is_beyond, "{method}: {row}{bar}");
            shades[usize::from(is_told)] += usize::from(!drawn.is_empty());
        }
        assert!(shades[0] > 0 && shades[1] > 2, "{text}");
        let legend =
            "Bars of \u{2591} may be chance; \u{250a} is the largest of so many inert factors.";
        assert!(text.contains(legend), "{text}");
        assert!(!text.contains('\u{1b}'), "{text}");
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
        let coloured = shown(method, "always");
        assert!(coloured.contains("\u{1b}[2m\u{2591}"), "{coloured}");
        assert!(!coloured.contains("\u{1b}[2m\u{2588}"), "{coloured}");
        assert_eq!(
            coloured.replace("\u{1b}[2m", "").replace("\u{1b}[0m", ""),
            text
        );
    }
}

#[test]
fn what_is_zero_or_less_has_no_bar() {
    for method in ["shapley", "sobol"] {
        let text = shown(method, "never");
        let mut faint = 0;
        for (row, bar) in rows(&text) {
            // The measure that ranks is the last column, its estimate the first number of it.
            let interval = row.trim_end().rsplit_once(" (").expect("an interval");
            let estimate = interval.0.rsplit(' ').next().expect("an estimate");
            let is_none = estimate.starts_with('-') || estimate == "0%";
            // Less than a hundredth is shorter than a character.
            if estimate != "<1%" {
                assert_eq!(is_none, bar.is_empty(), "{method}: {row}{bar}");
            }
            let low = interval.1.split_once(" to ").expect("two ends").0;
            if low.starts_with('-') && !bar.is_empty() {
                assert!(bar.starts_with('\u{2591}'), "{method}: {row}{bar}");
                faint += 1;
            }
        }
        assert!(faint > 0, "{text}");
    }
}
