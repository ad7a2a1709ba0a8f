//! One case with the numbers that are said of it.

use crate::report::amounts::{MEDIAN_ERROR, NONE};
use crate::report::document::{Span, Text, text, words};
use crate::report::numbers::{Quote, ends, short, traced};
use crate::study::results::history::PlayedCase;
use crate::theory::spelling::units;

/// Digits of a figure on record.
const DIGITS: usize = 3;

/// The engine's numbers are said no finer than this share of the largest on record.
const FINEST_SHARE: f64 = 0.01;

/// A case, with its place in the document of results.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub at: usize,
    pub played: &'a PlayedCase,
}

/// Where what came lies among the engine's worlds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lies {
    Middle,
    Inside,
    Below,
    Above,
}

impl Case<'_> {
    /// Where a number of it stands.
    pub fn path(self, key: &str) -> String {
        format!("cases.{}.{key}", self.at)
    }

    fn observed_number(self, value: f64, key: &str) -> Span {
        traced(
            &short(value, DIGITS),
            value,
            &self.path(&format!("observed.{key}")),
        )
    }

    /// The observed value with its unit.
    pub fn observed(self) -> Text {
        let observed = &self.played.observed;
        text![
            self.observed_number(observed.value, "value"),
            unit(&observed.unit)
        ]
    }

    /// Between which numbers it lies.
    pub fn between(self) -> Text {
        let observed = &self.played.observed;
        text![
            self.observed_number(observed.low, "low"),
            " to ",
            self.observed_number(observed.high, "high")
        ]
    }

    fn engine(self) -> Quote {
        Quote::new(self.played.engine, self.path("engine")).no_finer(self.finest())
    }

    /// How finely the record lets the engine's numbers be said.
    fn finest(self) -> f64 {
        let observed = &self.played.observed;
        let ends = [observed.value, observed.low, observed.high];
        FINEST_SHARE * ends.into_iter().map(f64::abs).fold(0.0, f64::max)
    }

    /// The observed value; a percentage has its sign.
    pub fn came(self) -> Text {
        let observed = &self.played.observed;
        let sign = if observed.unit.starts_with('%') {
            "%"
        } else {
            ""
        };
        text![self.observed_number(observed.value, "value"), sign]
    }

    /// The engine's median.
    pub fn median(self) -> Span {
        self.engine().median()
    }

    /// The range of 90% of worlds; the median alone where there is one.
    pub fn ninety(self) -> Text {
        self.engine().range(" to ")
    }

    /// The range of the middle half of worlds.
    pub fn half(self) -> Text {
        let stat = self.played.engine.and_then(|stat| Some((stat, stat.se?)));
        stat.map_or_else(Text::new, |(stat, se)| {
            let written = units::range(
                stat.p25,
                stat.p75,
                Some((MEDIAN_ERROR * se).max(self.finest())),
            );
            let quote = self.engine();
            ends(
                &written,
                " to ",
                (stat.p25, quote.at("p25")),
                (stat.p75, quote.at("p75")),
            )
        })
    }

    /// Where what came lies; none where no world has a figure.
    pub fn lies(self) -> Option<Lies> {
        let stat = self.played.engine?;
        let value = self.played.observed.value;
        Some(match (self.played.inside_50, self.played.inside_90) {
            (Some(true), _) => Lies::Middle,
            (_, Some(true)) => Lies::Inside,
            _ if value < stat.p05 => Lies::Below,
            _ => Lies::Above,
        })
    }

    /// Whether the record and the engine differ in what is asked.
    pub fn is_missed(self) -> bool {
        let asked = [self.played.sign, self.played.winner, self.played.inside_90];
        asked.contains(&Some(false)) || self.played.engine.is_none()
    }
}

/// What follows a number: "%" at once, a word after a space.
pub(super) fn unit(unit: &str) -> String {
    match unit {
        "%" => "%".to_owned(),
        other => format!(" {other}"),
    }
}

/// A number that may be missing, to two decimals.
pub(super) fn decimals(value: Option<f64>, path: String, written: fn(f64) -> String) -> Span {
    value.map_or_else(
        || words(NONE),
        |value| traced(&written(value), value, &path),
    )
}
