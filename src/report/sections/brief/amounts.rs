//! Amounts of a brief, each with its path: medians over worlds and where 90% of worlds lie; levels of terms have two digits.

use crate::report::amounts::{FINEST, MEDIAN_ERROR, NONE, TAIL_ERROR};
use crate::report::document::{Heading, Number, Rows, Span, Text, text, words};
use crate::theory::spelling::units::{number, percent, range, signed};
use crate::theory::stats::summary::Stat;

/// A distribution over worlds with where it stands, none where no world has it.
#[derive(Clone)]
pub struct MedianAmount {
    pub stat: Option<Stat>,
    pub path: String,
}

impl MedianAmount {
    fn span(&self, written: impl Fn(&Stat) -> String) -> Span {
        let path = format!("{}.p50", self.path);
        let number = |stat: &Stat| Number::new(&written(stat), stat.p50, &path).into();
        self.stat.as_ref().map_or_else(|| words(NONE), number)
    }

    pub fn is_level(&self) -> bool {
        self.path.contains(".terms.")
    }

    pub fn median(&self) -> Span {
        self.span(|stat| match self.is_level() {
            true => digits(stat.p50),
            false => number(stat.p50, error(stat, MEDIAN_ERROR)),
        })
    }

    /// The median as the level of a term.
    pub fn level(&self) -> Span {
        self.span(|stat| digits(stat.p50))
    }

    /// The median of what is added.
    pub fn added(&self) -> Span {
        self.span(|stat| signed(stat.p50, error(stat, MEDIAN_ERROR)))
    }

    pub fn percent(&self) -> Span {
        self.span(|stat| percent(stat.p50))
    }

    /// Between which amounts 90% of worlds lie; nothing where they read alike.
    pub fn range(&self) -> Text {
        let Some(stat) = &self.stat else {
            return Text::new();
        };
        let written = range(stat.p05, stat.p95, error(stat, TAIL_ERROR));
        let (low, high) = match written.split_once(" to ") {
            Some((low, high)) if low != high => (low.to_owned(), high.to_owned()),
            _ => return Text::new(),
        };
        let (low, high) = match self.is_level() {
            true => (digits(stat.p05), digits(stat.p95)),
            false => (low, high),
        };
        let at = |key: &str| format!("{}.{key}", self.path);
        let low = Number::new(&low, stat.p05, &at("p05"));
        text![low, " to ", Number::new(&high, stat.p95, &at("p95"))]
    }

    /// From this median to another; both have the error of a third.
    pub fn to(&self, other: &MedianAmount, like: &MedianAmount) -> Option<Text> {
        let (low, high) = (self.stat?.p50, other.stat?.p50);
        let error = like.stat.and_then(|stat| stat.se).unwrap_or(0.0);
        let written = match self.is_level() {
            true => format!("{} to {}", digits(low), digits(high)),
            false => range(low, high, Some(error.max(FINEST))),
        };
        let (from, to) = written.split_once(" to ")?;
        Some(text![
            self.span(|_| from.to_owned()),
            " to ",
            other.span(|_| to.to_owned())
        ])
    }

    /// Whether it is zero in every world.
    pub fn is_nothing(&self) -> bool {
        let zero = |stat: Stat| stat.min == 0.0 && stat.max == 0.0;
        self.stat.is_none_or(zero)
    }
}

fn error(stat: &Stat, times: f64) -> Option<f64> {
    Some((times * stat.se.unwrap_or(0.0)).max(FINEST))
}

/// The digits of a level.
pub fn digits(value: f64) -> String {
    let text = format!("{value:.2}");
    match text.as_str() {
        "-0.00" => "0.00".to_owned(),
        _ => text,
    }
}

/// Two columns: medians and where 90% of worlds lie.
pub fn medians<R>(rows: Rows<R>, name: &str, of: impl Fn(&R) -> MedianAmount) -> Rows<R> {
    rows.column(Heading::number(name), |row| of(row).median())
        .column(Heading::number("90% of worlds"), |row| of(row).range())
}
