//! Where a result crosses a level: in a sentence, then the curve or a row per state.

use super::study::{PlaceOnPage, StudyText, footer};
use crate::engine::model::Model;
use crate::report::chart::{Chart, Line, LinePoint};
use crate::report::document::{
    Heading, Rows, Span, Table, Text, code, joined, marked, plain, text, words,
};
use crate::report::numbers::{known, traced};
use crate::study::results::condition::Condition;
use crate::study::results::threshold::{
    CurvePoint, SolutionResult, SolutionStatus, ThresholdResults,
};
use crate::theory::spelling::units::{error, number, worlds};
use crate::theory::stats::interval::Z90;
use indexmap::IndexMap;

/// Rows of the curve that is shown, at most: points nearer to each other are left to the document.
const MOST_ROWS: f64 = 40.0;

/// Curves of a figure, at most.
const MOST_CURVES: usize = 8;

const JUMPS: &str = "; it jumps over the level there)";

const TURNS: &str = ", but the curve turns on the way, by more than its error";

/// `model` is that of the scenario.
pub fn text(
    model: &Model,
    results: &ThresholdResults,
    place: Option<PlaceOnPage<'_>>,
) -> StudyText {
    let read = |one: &SolutionResult| Condition::parse(&one.equation, model).ok()?.equation();
    let equation = results.solutions.first().and_then(read);
    let view = ThresholdView {
        results,
        level: equation.map_or(f64::NAN, |(_, level)| level),
    };
    let is_by_state = results.solutions.len() > 1 || results.solutions[0].of != "all";
    let (answer, table) = match is_by_state {
        true => (view.summary(), view.states()),
        false => (view.sentence(&results.solutions[0]), view.curve()),
    };
    StudyText {
        title: format!("Where a level is crossed: {}", results.path),
        chart: place.and_then(|place| view.chart(place)),
        answer,
        blocks: vec![table.into()],
        footer: footer(
            format!(
                "{} at each value, the same draws at all",
                worlds(results.manifest.trials)
            ),
            &results.reference,
            &results.manifest,
        ),
    }
}

struct ThresholdView<'a> {
    results: &'a ThresholdResults,
    /// What is crossed; nothing is above or below it where it cannot be read.
    level: f64,
}

impl ThresholdView<'_> {
    fn side(&self, point: &CurvePoint) -> &'static str {
        match point.result {
            Some(result) if result > self.level => "above",
            Some(result) if result < self.level => "below",
            Some(_) => "on it",
            None => "without a value",
        }
    }

    fn range(&self) -> String {
        format!(" from {} to {}", self.results.from, self.results.to)
    }

    fn sentence(&self, solution: &SolutionResult) -> Text {
        let (path, equation) = (code(&self.results.path), code(&solution.equation));
        let range = self.range();
        let is_on_it = |point| self.side(point) == "on it";
        if solution.curve.iter().all(is_on_it) {
            return text![equation, " everywhere with ", path, range, "."];
        }
        let mut text = match self.crossings(0) {
            None => text![equation, " nowhere with ", path, range, ": "],
            Some(crossings) => {
                let turns = match solution.status {
                    SolutionStatus::NonMonotone => TURNS,
                    _ => "",
                };
                let place = text![equation, " where ", path, " = "];
                [place, crossings, text![turns, "; "]].concat()
            }
        };
        if let Some((first, last)) = solution.ends() {
            let at = |point: &CurvePoint| {
                let mut stretches = solution.on_level.iter();
                let stretch = stretches.find(|one| one.from == point.x || one.to == point.x);
                match stretch {
                    Some(one) => {
                        let ends = [one.from, one.to].map(|x| self.place(x));
                        format!("on it from {} to {}", ends[0], ends[1])
                    }
                    None => format!("{} at {}", self.side(point), point.x),
                }
            };
            text.push(words(format!("it is {} and {}.", at(&first), at(&last))));
        }
        text
    }

    /// A place in the range, to a thousandth of it; its ends as they are.
    fn place(&self, x: f64) -> String {
        let ThresholdResults { from, to, .. } = self.results;
        match x == *from || x == *to {
            true => x.to_string(),
            false => number(x, Some(1e-3 * (to - from).abs())),
        }
    }

    /// Where a solution is on its level: its crossings with their intervals, which end where the search did, and stretches in place of their ends;
    /// none if it is nowhere.
    fn crossings(&self, at: usize) -> Option<Text> {
        let (from, to) = (self.results.from, self.results.to);
        let (lowest, highest) = (from.min(to), from.max(to));
        let solution = &self.results.solutions[at];
        let is_end = |x: f64| {
            let mut stretches = solution.on_level.iter();
            stretches.any(|one| one.from == x || one.to == x)
        };
        let values = solution.values.iter().enumerate();
        let values = values.filter(|(_, one)| !is_end(one.value));
        let crossings = values.map(|(k, one)| {
            let width = one.low.zip(one.high).map(|(low, high)| 0.3 * (high - low));
            let error = Some(width.unwrap_or(0.0).max(1e-3 * (to - from).abs()));
            let path = format!("solutions.{at}.values.{k}");
            let end = |x: f64, name: &str| -> Span {
                let within = x.clamp(lowest, highest);
                let text = number(within, error);
                match within == x {
                    true => traced(&text, x, &format!("{path}.{name}")),
                    false => words(text),
                }
            };
            let value = end(one.value, "value");
            let jump = if one.jump { JUMPS } else { ")" };
            let Some((low, high)) = one.low.zip(one.high) else {
                let text = text![value, " (too few worlds for an interval", jump];
                return (one.value, text);
            };
            let (low, high) = (end(low, "low"), end(high, "high"));
            let text = text![value, " (90% interval ", low, " to ", high, jump];
            (one.value, text)
        });
        let stretches = solution.on_level.iter().enumerate().map(|(k, one)| {
            let path = format!("solutions.{at}.on_level.{k}");
            let end = |x: f64, name: &str| -> Text {
                let place = traced(&self.place(x), x, &format!("{path}.{name}"));
                let known = solution.values.iter().find(|one| one.value == x);
                let interval = known.and_then(|one| one.low.zip(one.high));
                let interval = interval
                    .map(|(low, high)| [low, high].map(|x| self.place(x.clamp(lowest, highest))));
                // Of an end that is where it is in all worlds alike there is nothing to say.
                match interval.filter(|ends| ends[0] != ends[1]) {
                    Some([low, high]) => text![place, format!(" (90% interval {low} to {high})")],
                    None => text![place],
                }
            };
            let (first, last) = (end(one.from, "from"), end(one.to, "to"));
            let text = [first, text![" to "], last, text![" (on it throughout)"]].concat();
            (one.from, text)
        });
        let mut places: Vec<(f64, Text)> = crossings.chain(stretches).collect();
        places.sort_by(|one, other| one.0.total_cmp(&other.0));
        let places = places.into_iter().map(|(_, text)| text);
        let places = joined(places, ", ");
        (!places.is_empty()).then_some(places)
    }

    /// How many states cross the level, and on which side the others stay.
    fn summary(&self) -> Text {
        let mut groups: IndexMap<String, Vec<&str>> = IndexMap::new();
        for one in &self.results.solutions {
            let what = match (one.status, one.ends()) {
                (SolutionStatus::One | SolutionStatus::Several, _) if !one.on_level.is_empty() => {
                    "over a stretch of values".to_owned()
                }
                (SolutionStatus::One, _) => "at one value each".to_owned(),
                (SolutionStatus::Several, _) => "at several values".to_owned(),
                (SolutionStatus::NonMonotone, _) => "at one value of a curve that turns".to_owned(),
                (SolutionStatus::None, Some((first, _))) => {
                    format!("{} throughout", self.side(&first))
                }
                (SolutionStatus::None, None) => continue,
            };
            groups.entry(what).or_default().push(&one.of);
        }
        let groups = groups.iter();
        let groups = groups.map(|(what, of)| format!("{} {what} ({})", of.len(), of.join(", ")));
        let groups: Vec<String> = groups.collect();
        marked(&format!(
            "Of {} states, with `{}`{}: {}.",
            self.results.solutions.len(),
            self.results.path,
            self.range(),
            groups.join("; ")
        ))
    }

    /// A row per state: where it crosses the level, and the results at the ends.
    fn states(&self) -> Table {
        let ThresholdResults {
            solutions,
            from,
            to,
            ..
        } = self.results;
        let last = |at: usize| solutions[at].curve.len().saturating_sub(1);
        let equation = solutions[0].equation.replacen(&solutions[0].of, "*", 1);
        let first_end = Heading::number(format!("result at {from}"));
        let last_end = Heading::number(format!("at {to}"));
        Rows::of(0..solutions.len())
            .column(Heading::words("state"), |&at| solutions[at].of.as_str())
            .column(Heading::words(&self.results.path), |&at| {
                self.crossings(at).unwrap_or_else(|| plain("nowhere"))
            })
            .column(first_end, |&at| self.result(at, 0))
            .column(last_end, |&at| self.result(at, last(at)))
            .table("solutions", text!["Where ", code(equation)])
    }

    /// The result at a point of a curve.
    fn result(&self, at: usize, point: usize) -> Span {
        let one = self.results.solutions[at].curve.get(point);
        let path = format!("solutions.{at}.curve.{point}.result");
        let written = |x| number(x, one.and_then(|one| one.se));
        known(one.and_then(|one| one.result), written, &path)
    }

    /// The curve of the only solution.
    fn curve(&self) -> Table {
        let SolutionResult {
            equation, curve, ..
        } = &self.results.solutions[0];
        let range = (self.results.to - self.results.from).abs();
        let mut last = f64::NEG_INFINITY;
        let points = curve.iter().enumerate().filter(|(_, point)| {
            let far = point.x - last >= range / MOST_ROWS;
            last = if far { point.x } else { last };
            far
        });
        let path = |point: usize, name: &str| format!("solutions.0.curve.{point}.{name}");
        let what = equation.rsplit_once('=').map_or(&equation[..], |one| one.0);
        let caption = text!["What comes of each value: ", code(what.trim())];
        let value = |x| number(x, Some(1e-4 * range));
        Rows::of(points)
            .column(Heading::number(&self.results.path), |&(k, point)| {
                known(Some(point.x), value, &path(k, "x"))
            })
            .column(Heading::number("result"), |&(k, _)| self.result(0, k))
            .column(Heading::number("se"), |&(k, point)| {
                known(point.se, error, &path(k, "se"))
            })
            .table("curve", caption)
    }

    fn chart(&self, place: PlaceOnPage<'_>) -> Option<Chart> {
        let results = self.results;
        let lines = results.solutions.iter().take(MOST_CURVES).map(|one| {
            let points = one.curve.iter().filter_map(|point| {
                let y = point.result?;
                let half = Z90 * point.se.unwrap_or(f64::NAN);
                Some(LinePoint {
                    x: point.x,
                    y,
                    ends: (y - half, y + half),
                })
            });
            Line {
                name: one.of.clone(),
                points: points.collect(),
            }
        });
        let equation = results.solutions.first()?.equation.as_str();
        let what = equation.rsplit_once('=').map_or(equation, |(what, _)| what);
        let names = [results.path.as_str(), what.trim()];
        place.curves("threshold", names, lines.collect(), self.level)
    }
}
