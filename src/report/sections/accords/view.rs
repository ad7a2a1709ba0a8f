//! What every part of the document starts from: accords with where they stand, and their intervals as they are written.

use super::change::{RuleChange, listed, phrases};
use super::whom::invited_by;
use crate::engine::model::Model;
use crate::report::amounts::FINEST;
use crate::report::document::{IntoText, Span, Text, code, text};
use crate::report::numbers::{Quote, ends, frequency, tally, traced};
use crate::report::sentence::say;
use crate::study::results::accords::{AccordReading, AccordsResults, FoundAccord};
use crate::study::results::sensitivity::Interval;
use crate::theory::spelling::units::{count, number, range, signed};
use crate::theory::stats::interval::Z90;
use crate::theory::stats::summary::Stat;
use indexmap::IndexMap;
use serde_json::Value;

pub(super) struct AccordsView<'a> {
    pub model: &'a Model,
    pub results: &'a AccordsResults,
    /// Whether every table is shown.
    pub all: bool,
    /// Whom the base invites.
    invited: Value,
}

/// An accord with where it stands in the document.
#[derive(Debug, Clone)]
pub(super) struct AccordPlace<'a> {
    pub one: &'a FoundAccord,
    path: String,
}

/// An estimate with its interval of 90% and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Ranged<'a> {
    pub interval: &'a Interval,
    path: String,
}

impl<'a> AccordsView<'a> {
    pub fn new(model: &'a Model, results: &'a AccordsResults, all: bool) -> AccordsView<'a> {
        AccordsView {
            all,
            invited: invited_by(model, &results.base),
            model,
            results,
        }
    }

    /// Worlds in which accords are judged.
    pub fn trials(&self) -> u64 {
        self.results.manifest.trials
    }

    /// The front.
    pub fn front(&self) -> Vec<AccordPlace<'a>> {
        places(&self.results.front, "front")
    }

    /// What the scenario names, but for the base where the front has it.
    pub fn named(&self) -> Vec<AccordPlace<'a>> {
        let is_there = self.results.front.iter().any(|one| one.changes.is_empty());
        let named = places(&self.results.named, "named").into_iter();
        named
            .filter(|place| !(is_there && place.one.id == self.results.base))
            .collect()
    }

    /// The accord of a reading.
    pub fn of_reading(&self, reading: &AccordReading) -> Option<AccordPlace<'a>> {
        self.front()
            .into_iter()
            .find(|place| place.one.id == reading.accord)
    }

    /// A rule as it is in the base.
    pub fn base_of(&self, key: &str) -> &Value {
        let rule = self.results.rules.iter().find(|rule| rule.key == key);
        match rule {
            Some(rule) => &rule.base,
            None if key == "members" => &self.invited,
            None => &Value::Null,
        }
    }

    /// What an accord is: the base with its changes in words.
    pub fn described(&self, accord: &FoundAccord) -> Text {
        self.changed(&accord.changes)
    }

    /// The base with changes in words.
    pub fn changed(&self, changes: &IndexMap<String, Value>) -> Text {
        if changes.is_empty() {
            return say!("{} as it is", code(self.results.base.as_str()));
        }
        let changes = changes.iter().map(|(key, value)| RuleChange {
            key,
            base: self.base_of(key),
            value,
        });
        let changes: Vec<RuleChange<'_>> = changes.collect();
        text![listed(&phrases(self.model, &changes))]
    }

    pub fn state_name(&self, id: &'a str) -> &'a str {
        let state = self.model.states.iter().find(|one| one.id == id);
        state.map_or(id, |one| &one.name)
    }

    pub fn hyperscaler_name(&self, id: &'a str) -> &'a str {
        let found = self.model.hyperscalers.iter().find(|one| one.id == id);
        found.map_or(id, |one| &one.name)
    }

    /// Whether a reading chose an accord.
    pub fn is_chosen(&self, id: &str) -> bool {
        self.results.readings.iter().any(|one| one.accord == id)
    }

    /// In how many worlds something is so: "72 of 100 worlds", "this world".
    pub fn often(&self, share: f64, path: String) -> Text {
        often(share, self.trials(), path)
    }

    /// Among how many accords the best was looked for: "of the 156 that can be made of these rules".
    pub fn among(&self) -> String {
        let search = &self.results.search;
        let tried = count(search.tried);
        match (search.exhaustive, search.tried) {
            (true, 1) => "of the only one that can be made of these rules".to_owned(),
            (true, _) => format!("of the {tried} that can be made of these rules"),
            (false, _) => format!("of the {tried} that were tried"),
        }
    }
}

/// In how many of so many worlds something is so.
pub(super) fn often(share: f64, trials: u64, path: String) -> Text {
    let said = frequency(share, trials, path);
    match trials {
        1 => text![said],
        _ => say!("{} worlds", said),
    }
}

fn places<'a>(accords: &'a [FoundAccord], list: &str) -> Vec<AccordPlace<'a>> {
    let place = |(at, one)| AccordPlace {
        one,
        path: format!("{list}.{at}"),
    };
    accords.iter().enumerate().map(place).collect()
}

impl<'a> AccordPlace<'a> {
    /// Its name as it is typed.
    pub fn name(&self) -> Span {
        code(self.one.id.as_str())
    }

    /// Where something of it stands.
    pub fn at(&self, what: &str) -> String {
        format!("{}.{what}", self.path)
    }

    /// An objective.
    pub fn objective(&self, key: &str) -> Option<Ranged<'a>> {
        let interval = self.one.objectives.get(key)?;
        Some(Ranged::new(interval, self.at(&format!("objectives.{key}"))))
    }

    /// An objective; NaN where there is none.
    pub fn value(&self, key: &str) -> f64 {
        self.one
            .objectives
            .get(key)
            .map_or(f64::NAN, |one| one.value)
    }

    /// What it adds to the payoff of a state, as finely as beside an interval.
    pub fn gain_of(&self, id: &str) -> Quote {
        let stat = self.one.states.get(id).and_then(|state| state.gain);
        quote(stat, self.at(&format!("states.{id}.gain")))
    }

    /// What it adds to the profit of a hyperscaler.
    pub fn profit_of(&self, id: &str) -> Quote {
        let stat = self.one.hyperscalers.get(id).copied().flatten();
        quote(stat, self.at(&format!("hyperscalers.{id}")))
    }

    /// What it brings the region: "US$ 0.72 bn (0.64 to 0.80)".
    pub fn region(&self) -> Text {
        self.objective("region").map_or_else(Text::new, |one| {
            say!("US$ {} bn{}", one.amount(), one.in_brackets())
        })
    }

    /// In how many worlds every member gains.
    pub fn all_gain(&self, view: &AccordsView<'_>) -> Text {
        view.often(self.value("all_gain"), self.at("objectives.all_gain.value"))
    }

    /// Whether a state gains on average (1), loses (-1), or neither is told (0): the interval of 90% of the mean spans zero.
    pub fn sign_of(&self, id: &str) -> i32 {
        let Some(stat) = self.one.states.get(id).and_then(|state| state.gain) else {
            return 0;
        };
        let margin = (Z90 * stat.se.unwrap_or(0.0)).max(1e-9);
        i32::from(stat.mean > margin) - i32::from(stat.mean < -margin)
    }
}

/// Digits that a number beside its interval has: so many standard errors are one of the last.
pub(super) const LAST: f64 = 1.0 / 3.0;

/// An average, known to a million at best.
fn quote(stat: Option<Stat>, path: String) -> Quote {
    let fine = stat.map(|stat| Stat {
        se: stat.se.map(|se| LAST * se),
        ..stat
    });
    Quote::new(fine, path).known_to(Some(FINEST))
}

impl<'a> Ranged<'a> {
    pub fn new(interval: &'a Interval, path: String) -> Ranged<'a> {
        Ranged { interval, path }
    }

    /// The standard error that the interval shows; none without one.
    pub fn error(&self) -> Option<f64> {
        let width = self.interval.high? - self.interval.low?;
        Some(width / (2.0 * Z90)).filter(|error| *error > 1e-12)
    }

    /// Whether it is told from zero.
    pub fn is_told(&self) -> bool {
        let margin = Z90 * self.error().unwrap_or(0.0);
        self.interval.value.abs() > margin.max(1e-9)
    }

    /// What the last digit that is written is as large as, of amounts; `scale` 100 and a finest of 1 of worlds.
    pub fn last(&self, scale: f64, finest: f64) -> Option<f64> {
        Some((LAST * scale * self.error().unwrap_or(0.0)).max(finest))
    }

    fn number(&self, written: &str) -> Span {
        traced(
            written,
            self.interval.value,
            &format!("{}.value", self.path),
        )
    }

    /// An amount, US$ bn.
    pub fn amount(&self) -> Span {
        self.number(&number(self.interval.value, self.last(1.0, FINEST)))
    }

    /// The same with a plus where it is positive.
    pub fn change(&self) -> Span {
        self.number(&signed(self.interval.value, self.last(1.0, FINEST)))
    }

    /// Worlds of 100 as a bare number.
    pub fn worlds(&self, trials: u64) -> Span {
        tally(self.interval.value, trials, format!("{}.value", self.path))
    }

    /// A difference of shares as worlds of 100, with a plus where it is positive.
    pub fn worlds_more(&self) -> Span {
        self.number(&signed(100.0 * self.interval.value, self.last(100.0, 1.0)))
    }

    /// The ends of the interval, "0.64 to 0.80"; nothing without one.
    pub fn range(&self) -> Text {
        let ends_of = self.interval.low.zip(self.interval.high);
        let Some((low, high)) = ends_of.filter(|_| self.error().is_some()) else {
            return Text::new();
        };
        let written = range(low, high, self.last(1.0, FINEST));
        let path = |end: &str| format!("{}.{end}", self.path);
        ends(&written, " to ", (low, path("low")), (high, path("high")))
    }

    /// The same behind a number, in brackets.
    pub fn in_brackets(&self) -> Text {
        let range = self.range();
        match range.is_empty() {
            true => range,
            false => say!(" ({})", range),
        }
    }

    /// Half of the interval, "±0.08", of an amount or, `scale` 100, of worlds; nothing without one.
    pub fn half(&self, scale: f64) -> Text {
        let Some(high) = self.interval.high.filter(|_| self.error().is_some()) else {
            return Text::new();
        };
        let finest = if scale == 1.0 { FINEST } else { 1.0 };
        let half = high - self.interval.value;
        let written = number(scale * half, self.last(scale, finest));
        let path = format!("{0}.high - {0}.value", self.path);
        say!("\u{b1}{}", traced(&written, half, &path))
    }

    /// A difference with half of its interval: "+0.63 ±0.08".
    pub fn with_half(&self) -> Text {
        beside(self.change(), self.half(1.0))
    }

    /// The same of shares of worlds: "-24 ±2".
    pub fn worlds_with_half(&self) -> Text {
        beside(self.worlds_more(), self.half(100.0))
    }
}

fn beside(number: Span, half: Text) -> Text {
    let mut said = number.into_text();
    if !half.is_empty() {
        said.extend(text![" "]);
        said.extend(half);
    }
    said
}
