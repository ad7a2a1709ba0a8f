//! Forecasts on record: what was expected of public events before they were known, and how near it came.
//!
//! A file is read whole or not at all ([`ForecastFile::read`]); what came is entered later, on lines that its hash leaves out ([`hashed`]).

use crate::study::results::forecasts::{
    ForecastResults, ForecastRow, ForecastScore, Quantiles, ScoreBeside,
};
use crate::theory::stats::forecast_scores::{brier, pinball};
use serde::Deserialize;
use std::collections::BTreeSet;

/// Keys that are entered when it is known what came.
const ENTERED: [&str; 4] = ["outcome", "outcome_source", "outcome_date", "void"];

/// What a chance of one half scores whatever comes.
pub const HALF: f64 = 0.25;

/// A file of forecasts.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastFile {
    /// 1.
    pub schema: u32,
    /// What it is about.
    pub title: String,
    /// The day on which it was made.
    pub made: String,
    /// Version and scenarios behind the engine's own numbers.
    pub engine: String,
    /// The forecasts, in the order of the file.
    #[serde(default, rename = "forecast")]
    pub forecasts: Vec<ForecastEntry>,
}

/// A forecast of an event (`yes`, `probability`) or of a quantity (`unit`, `counts`, `quantiles`).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // named as in the file
pub struct ForecastEntry {
    pub id: String,
    pub question: String,
    /// The day on which it can be decided at the latest.
    pub decided: String,
    pub yes: Option<String>,
    pub probability: Option<f64>,
    /// A reference chance from earlier cases.
    pub base: Option<f64>,
    pub unit: Option<String>,
    pub counts: Option<String>,
    pub quantiles: Option<Quantiles>,
    /// The engine's own chance or median.
    pub engine: Option<f64>,
    pub command: Option<String>,
    pub how: String,
    pub source: String,
    pub grade: String,
    pub note: Option<String>,
    pub outcome: Option<ForecastOutcome>,
    pub outcome_source: Option<String>,
    pub outcome_date: Option<String>,
    /// Why it cannot be decided.
    pub void: Option<String>,
}

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum ForecastOutcome {
    /// Of an event.
    Came(bool),
    /// Of a quantity, in its unit.
    Amount(f64),
}

impl ForecastFile {
    /// A file from its text.
    ///
    /// # Errors
    /// What is wrong, with its line or the forecast that it is of, and what was expected.
    pub fn read(text: &str) -> Result<ForecastFile, String> {
        let file: ForecastFile = toml::from_str(text).map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start.min(text.len()));
            let line = 1 + text.as_bytes()[..at]
                .iter()
                .filter(|byte| **byte == b'\n')
                .count();
            format!("line {line}: {}", error.message())
        })?;
        if file.schema != 1 {
            return Err(format!("schema is {}; this program reads 1", file.schema));
        }
        day("made", &file.made)?;
        if file.forecasts.is_empty() {
            return Err("it has no [[forecast]]".to_owned());
        }
        let mut known = BTreeSet::new();
        for one in &file.forecasts {
            let refused = |reason: String| format!("forecast `{}`: {reason}", one.id);
            if !known.insert(one.id.as_str()) {
                return Err(refused("another one has this id".to_owned()));
            }
            one.check().map_err(refused)?;
        }
        Ok(file)
    }

    /// The forecasts as they are scored.
    pub fn results(&self, sha256: String, unchanged: Option<bool>) -> ForecastResults {
        let rows: Vec<ForecastRow> = self.forecasts.iter().map(ForecastEntry::row).collect();
        ForecastResults {
            title: self.title.clone(),
            made: self.made.clone(),
            engine: self.engine.clone(),
            sha256,
            unchanged,
            score: score(&rows),
            forecasts: rows,
        }
    }
}

impl ForecastEntry {
    fn check(&self) -> Result<(), String> {
        let id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.id.is_empty() || !self.id.chars().all(id) {
            return Err("an id has letters, digits, `-` and `_`".to_owned());
        }
        day("decided", &self.decided)?;
        let chance = |name: &str, p: Option<f64>| match p {
            Some(p) if !(0.0..=1.0).contains(&p) => {
                Err(format!("{name} is {p}; expected a number from 0 to 1"))
            }
            _ => Ok(()),
        };
        match (&self.quantiles, self.probability) {
            (Some(_), Some(_)) | (None, None) => {
                return Err(
                    "expected either `probability` (an event) or `quantiles` (a quantity)"
                        .to_owned(),
                );
            }
            (None, Some(p)) => {
                if self.yes.is_none() {
                    return Err("an event needs `yes`: what counts as yes".to_owned());
                }
                if self.unit.is_some() || self.counts.is_some() {
                    return Err("an event has no `unit` and no `counts`".to_owned());
                }
                chance("probability", Some(p))?;
                chance("base", self.base)?;
                chance("engine", self.engine)?;
            }
            (Some(quantiles), None) => {
                if self.unit.is_none() || self.counts.is_none() {
                    return Err("a quantity needs `unit` and `counts`: what is measured".to_owned());
                }
                if self.yes.is_some() || self.base.is_some() {
                    return Err("a quantity has no `yes` and no `base`".to_owned());
                }
                let values = quantiles.values();
                if !values.iter().all(|value| value.is_finite()) || !values.is_sorted() {
                    return Err("quantiles are numbers that do not fall from p05 to p95".to_owned());
                }
            }
        }
        self.check_outcome()
    }

    fn check_outcome(&self) -> Result<(), String> {
        match (self.outcome, &self.void) {
            (Some(_), Some(_)) => return Err("what is void has no outcome".to_owned()),
            (Some(ForecastOutcome::Came(_)), None) if self.quantiles.is_some() => {
                return Err("the outcome of a quantity is a number".to_owned());
            }
            (Some(ForecastOutcome::Amount(_)), None) if self.quantiles.is_none() => {
                return Err("the outcome of an event is true or false".to_owned());
            }
            (Some(ForecastOutcome::Amount(amount)), None) if !amount.is_finite() => {
                return Err("the outcome is no finite number".to_owned());
            }
            _ => {}
        }
        if self.outcome.is_some() && (self.outcome_source.is_none() || self.outcome_date.is_none())
        {
            return Err("an outcome needs `outcome_source` and `outcome_date`".to_owned());
        }
        match &self.outcome_date {
            Some(date) => day("outcome_date", date),
            None => Ok(()),
        }
    }

    fn row(&self) -> ForecastRow {
        let chance = |p: Option<f64>| match (p, self.outcome) {
            (Some(p), Some(ForecastOutcome::Came(came))) => Some(brier(p, came)),
            _ => None,
        };
        let amount = match self.outcome {
            Some(ForecastOutcome::Amount(amount)) => Some(amount),
            _ => None,
        };
        let quantiles = self.quantiles.as_ref();
        let lies = |low: fn(&Quantiles) -> f64, high: fn(&Quantiles) -> f64| {
            let (quantiles, amount) = (quantiles?, amount?);
            Some((low(quantiles)..=high(quantiles)).contains(&amount))
        };
        let apart = |own: f64| amount.map(|amount| f64::abs(amount - own));
        let of_quantiles = quantiles.zip(amount);
        let of_quantiles = of_quantiles.and_then(|(one, amount)| pinball(&one.levels(), amount));
        ForecastRow {
            id: self.id.clone(),
            question: self.question.clone(),
            decided: self.decided.clone(),
            probability: self.probability,
            base: self.base,
            engine: self.engine,
            unit: self.unit.clone(),
            quantiles: self.quantiles,
            source: self.source.clone(),
            grade: self.grade.clone(),
            came: match self.outcome {
                Some(ForecastOutcome::Came(came)) => Some(came),
                _ => None,
            },
            amount,
            void: self.void.clone(),
            score: chance(self.probability).or(of_quantiles),
            score_base: chance(self.base),
            score_engine: match self.quantiles {
                None => chance(self.engine),
                Some(_) => self.engine.and_then(apart),
            },
            inside_50: lies(|one| one.p25, |one| one.p75),
            inside_90: lies(|one| one.p05, |one| one.p95),
        }
    }
}

/// The score over all that is decided.
fn score(rows: &[ForecastRow]) -> ForecastScore {
    let events = || rows.iter().filter(|row| row.quantiles.is_none());
    let quantities = || rows.iter().filter(|row| row.quantiles.is_some());
    let beside = |other: fn(&ForecastRow) -> Option<f64>| {
        let both: Vec<(f64, f64)> = events()
            .filter_map(|row| row.score.zip(other(row)))
            .collect();
        let own = mean(both.iter().map(|(own, _)| *own))?;
        Some(ScoreBeside {
            forecasts: both.len() as u64,
            own,
            other: mean(both.iter().map(|(_, other)| *other))?,
        })
    };
    let relative = quantities().filter_map(|row| {
        let middle = row.quantiles?.p50;
        (middle != 0.0).then(|| Some(row.score? / middle.abs()))?
    });
    let count = |found: fn(&ForecastRow) -> Option<bool>, hit: Option<bool>| {
        let said = rows.iter().filter_map(found);
        said.filter(|one| hit.is_none_or(|hit| *one == hit)).count() as u64
    };
    ForecastScore {
        open: rows
            .iter()
            .filter(|row| row.score.is_none() && row.void.is_none())
            .count() as u64,
        void: rows.iter().filter(|row| row.void.is_some()).count() as u64,
        events: events().filter(|row| row.score.is_some()).count() as u64,
        quantities: quantities().filter(|row| row.score.is_some()).count() as u64,
        brier: mean(events().filter_map(|row| row.score)),
        base: beside(|row| row.score_base),
        engine: beside(|row| row.score_engine),
        pinball: mean(relative),
        inside_50: count(|row| row.inside_50, Some(true)),
        inside_90: count(|row| row.inside_90, Some(true)),
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// An error where a text is no day of the calendar as 2027-03-31.
fn day(name: &str, text: &str) -> Result<(), String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, digits: usize| {
        let plain = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|_| plain)
    };
    let found = match parts[..] {
        [year, month, day] => number(year, 4).zip(number(month, 2)).zip(number(day, 2)),
        _ => None,
    };
    match found {
        Some(((_, 1..=12), 1..=31)) => Ok(()),
        _ => Err(format!(
            "{name} is \"{text}\"; expected a day as 2027-03-31"
        )),
    }
}

/// A file without the lines on which it is entered what came: what its hash is of.
pub fn hashed(text: &str) -> String {
    let kept = text.split_inclusive('\n').filter(|line| {
        let key = line.split('=').next().unwrap_or_default();
        let is_entered = line.contains('=') && ENTERED.iter().any(|name| key.trim_end() == *name);
        !is_entered
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "schema = 1\ntitle = \"T\"\nmade = \"2026-11-30\"\nengine = \"E\"\n";

    fn event(rest: &str) -> String {
        format!(
            "{FILE}[[forecast]]\nid = \"a\"\nquestion = \"Q?\"\ndecided = \"2027-03-31\"\nyes = \"Y\"\nprobability = 0.8\nbase = 0.5\nengine = 0.1\nhow = \"H\"\nsource = \"S\"\ngrade = \"C\"\n{rest}"
        )
    }

    fn quantity(rest: &str) -> String {
        format!(
            "{FILE}[[forecast]]\nid = \"b\"\nquestion = \"Q?\"\ndecided = \"2027-03-31\"\nunit = \"MW\"\ncounts = \"C\"\nquantiles = {{ p05 = 1, p25 = 2, p50 = 4, p75 = 6, p95 = 9 }}\nengine = 3\nhow = \"H\"\nsource = \"S\"\ngrade = \"C\"\n{rest}"
        )
    }

    const CAME: &str = "outcome_source = \"S\"\noutcome_date = \"2027-02-01\"\n";

    #[test]
    fn what_came_is_scored_by_hand() {
        let open = ForecastFile::read(&event("")).expect("a file");
        let open = open.results(String::new(), None).score;
        assert_eq!((open.open, open.events, open.brier), (1, 0, None));

        let file = ForecastFile::read(&event(&format!("outcome = true\n{CAME}"))).expect("a file");
        let score = file.results(String::new(), None).score;
        assert!((score.brier.expect("a score") - 0.04).abs() < 1e-12);
        assert!((score.base.expect("a score").other - 0.25).abs() < 1e-12);
        assert!((score.engine.expect("a score").other - 0.81).abs() < 1e-12);

        let file =
            ForecastFile::read(&quantity(&format!("outcome = 7.0\n{CAME}"))).expect("a file");
        let results = file.results(String::new(), None);
        let row = &results.forecasts[0];
        // 2/5 of .05·6 + .25·5 + .5·3 + .75·1 + .05·2, over the median 4.
        let by_hand = 0.4 * (0.3 + 1.25 + 1.5 + 0.75 + 0.1);
        assert!((row.score.expect("a score") - by_hand).abs() < 1e-12);
        assert!((results.score.pinball.expect("a score") - by_hand / 4.0).abs() < 1e-12);
        assert_eq!(row.score_engine, Some(4.0));
        assert_eq!((row.inside_50, row.inside_90), (Some(false), Some(true)));
    }

    #[test]
    fn what_is_wrong_is_said_with_the_forecast() {
        for (text, said) in [
            (
                event("").replace("0.8", "1.8"),
                "forecast `a`: probability is 1.8",
            ),
            (
                event("").replace("2027-03-31", "soon"),
                "decided is \"soon\"",
            ),
            (event("outcome = 3\n"), "true or false"),
            (event("outcome = true\n"), "outcome_source"),
            (quantity("").replace("p25 = 2", "p25 = 5"), "do not fall"),
            (quantity("outcome = false\n"), "is a number"),
            (quantity("").replace("unit = \"MW\"\n", ""), "needs `unit`"),
            (event("yes_ = 1\n"), "line 16: unknown field `yes_`"),
            (
                event(&event("").replace(FILE, "")),
                "another one has this id",
            ),
            (FILE.to_owned(), "no [[forecast]]"),
        ] {
            let problem = ForecastFile::read(&text).expect_err(said);
            assert!(problem.contains(said), "{problem}");
        }
    }

    #[test]
    fn the_hash_is_of_what_stood_before_anything_came() {
        let entered = event(&format!("outcome = true\n{CAME}"));
        assert_eq!(hashed(&entered), hashed(&event("")));
        assert_ne!(hashed(&entered.replace("0.8", "0.9")), hashed(&event("")));
    }
}
