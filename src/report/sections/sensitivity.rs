//! Which factor decides a result: the largest in a sentence, then a row per factor, then the other results.

use super::study::{PlaceOnPage, StudyText, footer, preferred};
use crate::report::amounts::{NONE, counted};
use crate::report::chart::{Chart, Forest, ForestRow, Point, Tornado, TornadoRow};
use crate::report::document::{
    Block, Heading, Rows, Span, Table, Text, code, joined, note, paragraph, plain, text, words,
};
use crate::report::numbers::{short, traced};
use crate::study::results::sensitivity::{
    FactorResult, Interval, OutputResult, SensitivityResults,
};
use crate::study::sensitivity::Method;
use crate::study::sensitivity::method::Description;
use crate::theory::spelling::units::{number, percent, worlds};

/// Factors that are shown; the rest is in the document.
const MOST: usize = 20;

/// Factors of a sentence.
const NAMED: usize = 3;

/// Results smaller than this are what rounding leaves of zero: money below a dollar.
const DUST: f64 = 1e-9;

/// How a method is read.
fn reading(method: &str) -> &'static Description {
    Method::named(method)
        .unwrap_or(Method::Tornado)
        .description()
}

pub fn text(results: &SensitivityResults, place: Option<PlaceOnPage<'_>>) -> StudyText {
    let names: Vec<&String> = results.outputs.keys().collect();
    let Some(&first) = names.get(preferred(&names, place)) else {
        return StudyText::default();
    };
    let of = |name| OutputText {
        name,
        output: results.outputs[name].as_ref(),
        reading: reading(&results.method),
        worlds: results.worlds,
        place,
    };
    let mut blocks = of(first).blocks();
    let others = names.into_iter().filter(|&name| name != first);
    blocks.extend(others.map(|name| paragraph(of(name).sentence())));
    let held = match results.held {
        0 => String::new(),
        1 => ", the one other uncertain number at its median".to_owned(),
        held => format!(", the {held} other uncertain numbers at their medians"),
    };
    let factors = counted(results.factors.len(), "factor");
    StudyText {
        title: format!("Sensitivity ({})", results.method),
        answer: of(first).sentence(),
        chart: place.and_then(|place| of(first).chart(place)),
        blocks,
        footer: footer(
            format!("{}, {factors}{held}, 95% intervals", worlds(results.worlds)),
            &results.reference,
            &results.manifest,
        ),
    }
}

/// A result whose factors are shown.
struct OutputText<'a> {
    name: &'a str,
    output: Option<&'a OutputResult>,
    reading: &'static Description,
    worlds: u64,
    place: Option<PlaceOnPage<'a>>,
}

/// A factor with its measures.
type RankedFactor<'a> = (&'a str, FactorResult);

impl<'a> OutputText<'a> {
    fn ranked(&self) -> Vec<RankedFactor<'a>> {
        let output = self.output.iter();
        let ranked = output.flat_map(|one| one.ranked(self.reading.ranked_by));
        ranked.take(MOST).collect()
    }

    /// A measure of a factor by which factors are ranked.
    fn by(&self, one: &FactorResult) -> Option<Interval> {
        one.measure(self.reading.ranked_by)
    }

    /// Where a measure of a factor stands.
    fn path(&self, factor: &str, measure: &str) -> String {
        format!("outputs.{}.factors.{factor}.{measure}", self.name)
    }

    fn sentence(&self) -> Text {
        let Some(output) = self.output else {
            let why = " does not vary, or some world lacks it: nothing to attribute.";
            return text![code(self.name), why];
        };
        if self.are_too_few() {
            let (few, least) = (worlds(self.worlds), self.reading.least);
            let rest = format!(
                "{few} are too few for {} to tell what moves ",
                self.reading.name
            );
            return text![rest, code(self.name), format!(": it takes {least}.")];
        }
        if let Some(note) = &output.note {
            return text!["By ", code(self.name), format!(" {note}.")];
        }
        let by = self.reading.ranked_by;
        let floor = output.noise_floor.and_then(|floor| floor.high);
        let is_told = |one: &Interval| {
            let told =
                one.low.is_none_or(|low| low > 0.0) || one.high.is_some_and(|high| high < 0.0);
            told && size(by, one) > floor.map_or(DUST, |floor| floor.max(DUST))
        };
        let ranked = self.ranked().into_iter();
        let ranked = ranked.filter_map(|(factor, one)| Some((factor, self.by(&one)?)));
        let above = ranked.filter(|(_, interval)| is_told(interval)).take(NAMED);
        let above = above.map(|(factor, interval)| {
            let value = value(by, &interval, error(&interval), &self.path(factor, by));
            text![code(factor), " (", value, ")"]
        });
        let above = joined(above, ", then ");
        // A result may move and the choice by it stay the same.
        let of_choice = self.reading.of_differences;
        if above.is_empty() {
            let (moves, rest) = match of_choice {
                true => ("No factor changes the choice by ", " by more than chance."),
                false => ("No factor moves ", " by more than chance."),
            };
            return text![moves, code(self.name), rest];
        }
        let the = if of_choice { "The choice by " } else { "" };
        let mut text = text![the, code(self.name), " depends most on "];
        text.extend(above);
        text.push(words(format!(", by {by}.")));
        text
    }

    /// Whether so few worlds were played that the method tells nothing.
    fn are_too_few(&self) -> bool {
        self.worlds < self.reading.least
    }

    fn blocks(&self) -> Vec<Block> {
        let Some(output) = self.output.filter(|_| !self.are_too_few()) else {
            return Vec::new();
        };
        let mut blocks: Vec<Block> = vec![self.table().into()];
        if output.factors.len() > MOST {
            let more = output.factors.len() - MOST;
            let rest = match self.place {
                None => format!("... and {more} more factors: see --json"),
                Some(_) => format!("{more} more factors stand in the results of this study."),
            };
            blocks.push(note(rest));
        }
        let floor = output.noise_floor.filter(|_| output.note.is_none());
        if let Some(high) = floor.and_then(|floor| floor.high) {
            let path = format!("outputs.{}.noise_floor.high", self.name);
            let floor = traced(&written(self.reading.ranked_by, high, None), high, &path);
            let rest = ": factors below it have shown nothing, with so many of them chance alone reaches as high.";
            blocks.push(note(text!["Noise floor ", floor, rest]));
        }
        if let Some(evpi) = &output.evpi {
            let path = format!("outputs.{}.evpi", self.name);
            let mut text = text!["Knowing everything before the choice would be worth US$ "];
            text.extend(with_interval("evppi", evpi, &path));
            text.push(words(" bn."));
            blocks.push(note(text));
        }
        let together = output.second.iter().filter(|(_, one)| one.low > Some(0.0));
        let together = together.map(|(pair, index)| {
            let mut text = text![format!("Together beyond both: {pair} ")];
            let path = format!("outputs.{}.S2.{pair}", self.name);
            text.extend(with_interval("S1", index, &path));
            note(text)
        });
        let together: Vec<Block> = together.collect();
        if together.is_empty() && !output.second.is_empty() {
            let all = match self.place {
                None => "all indices of pairs are in --json",
                Some(_) => "the results of this study have all indices of pairs",
            };
            blocks.push(note(format!(
                "No pair of factors does together what neither does by itself; {all}."
            )));
        }
        blocks.extend(together);
        blocks.push(note(self.reading.meaning));
        blocks
    }

    /// A row per factor, the largest first.
    fn table(&self) -> Table {
        let (by, shown) = (self.reading.ranked_by, self.reading.shown);
        let ranked = self.ranked();
        let bars = self.bars(&ranked);
        let cell = |(factor, result): &RankedFactor<'_>, measure: &str| -> Text {
            let path = self.path(factor, measure);
            match result.measure(measure) {
                None => plain(NONE),
                Some(one) if measure == by => with_interval(measure, &one, &path),
                Some(one) => {
                    // The ends of a tornado: to the digits of their difference.
                    let swing = self.by(result).filter(|_| measure.starts_with("at_"));
                    let error = swing.as_ref().and_then(error).or(error(&one));
                    text![value(measure, &one, error, &path)]
                }
            }
        };
        let table = Rows::of(ranked)
            .column(Heading::words("factor"), |(factor, one)| {
                let mark = if one.interacts == Some(true) {
                    " *"
                } else {
                    ""
                };
                text![code(*factor), mark]
            })
            .each(shown, |rows, &measure| {
                rows.column(Heading::number(measure), |row| cell(row, measure))
            })
            .table("factors", text!["Factors of ", code(self.name)]);
        Table { bars, ..table }
    }

    /// Where bars begin and end: at the ends of a tornado; else from the left, as long as they are large.
    fn bars(&self, ranked: &[RankedFactor<'_>]) -> Vec<(f64, f64)> {
        let by = self.reading.ranked_by;
        let bars = ranked
            .iter()
            .map(|(_, one)| match (one.at_low, one.at_high) {
                (Some(low), Some(high)) => (low.value.min(high.value), low.value.max(high.value)),
                _ => (0.0, self.by(one).map_or(0.0, |one| size(by, &one))),
            });
        let least = bars.clone().map(|bar| bar.0).fold(f64::INFINITY, f64::min);
        let most = bars
            .clone()
            .map(|bar| bar.1)
            .fold(f64::NEG_INFINITY, f64::max);
        if most - least <= DUST {
            return Vec::new();
        }
        let share = |x: f64| (x - least) / (most - least);
        bars.map(|(from, to)| (share(from), share(to))).collect()
    }

    fn chart(&self, place: PlaceOnPage<'_>) -> Option<Chart> {
        let by = self.reading.ranked_by;
        let ranked = self.ranked();
        let words = "A row per factor, the largest first.";
        let is_told = self.output.is_some_and(|output| output.note.is_none());
        if ranked.is_empty() || !is_told {
            return None;
        }
        if by == "swing" {
            let title = "mean result with each factor at its 5% and its 95% point";
            let title = format!("{}: {title}", self.name);
            let x = format!("{}, {}", self.name, place.unit());
            let chart = Tornado {
                head: place.head("tornado", title, words, [&x, ""]),
                base: None,
                rows: ranked.iter().filter_map(|one| bar(one, place)).collect(),
            };
            return Some(chart.chart());
        }
        let rows = ranked.iter().map(|(factor, result)| ForestRow {
            label: (*factor).to_owned(),
            points: vec![self.by(result).map(|one| Point {
                value: one.value,
                outer: (one.low.unwrap_or(f64::NAN), one.high.unwrap_or(f64::NAN)),
                inner: (f64::NAN, f64::NAN),
            })],
            note: String::new(),
        });
        let floor = self
            .output
            .and_then(|output| output.noise_floor.as_ref()?.high);
        let chance = floor.map_or_else(String::new, |high| {
            format!(". Chance alone gives up to {}", written(by, high, None))
        });
        let title = format!(
            "{}: {by} of each factor with its 95% interval{chance}",
            self.name
        );
        let chart = Forest {
            head: place.head("factors", title, words, [by, ""]),
            series: vec![by.to_owned()],
            rows: rows.collect(),
            from_zero: true,
        };
        Some(chart.chart())
    }
}

/// The bar of a factor; none if the method does not move it between its ends.
fn bar((path, factor): &RankedFactor<'_>, place: PlaceOnPage<'_>) -> Option<TornadoRow> {
    let uncertain = place.model.uncertain.iter().find(|one| one.path == *path);
    let input = |p: f64| match uncertain {
        None => percent(p),
        Some(one) => short(one.distribution.quantile(p), 4),
    };
    Some(TornadoRow {
        label: (*path).to_owned(),
        ends: (factor.at_low?.value, factor.at_high?.value),
        inputs: (input(0.05), input(0.95)),
    })
}

/// How large a measure is: those of sign count by their size, others are not below zero but by error.
fn size(measure: &str, interval: &Interval) -> f64 {
    match ["swing", "mu"].contains(&measure) {
        true => interval.value.abs(),
        false => interval.value,
    }
}

/// About the standard error of an estimate with a 95% interval.
fn error(one: &Interval) -> Option<f64> {
    Some((one.high? - one.low?) / 4.0)
}

fn written(measure: &str, x: f64, error: Option<f64>) -> String {
    if ["S1", "ST", "shapley"].contains(&measure) {
        return match (0.0..=1.0).contains(&x) {
            true => percent(x),
            false => format!("{:.0}%", 100.0 * x).replace("-0%", "0%"),
        };
    }
    let x = if x.abs() < DUST { 0.0 } else { x };
    number(x, error.filter(|error| *error > DUST))
}

fn value(measure: &str, one: &Interval, error: Option<f64>, path: &str) -> Span {
    let path = format!("{path}.value");
    traced(&written(measure, one.value, error), one.value, &path)
}

fn with_interval(measure: &str, one: &Interval, path: &str) -> Text {
    let value = value(measure, one, error(one), path);
    match (one.low, one.high) {
        (Some(low), Some(high)) if high - low > DUST => {
            let end = |x: f64, name: &str| {
                traced(
                    &written(measure, x, error(one)),
                    x,
                    &format!("{path}.{name}"),
                )
            };
            text![value, " (", end(low, "low"), " to ", end(high, "high"), ")"]
        }
        _ => text![value],
    }
}
