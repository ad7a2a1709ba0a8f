//! Which factor decides a result: the largest in a sentence, then a row per factor, then the other results.

mod agreement;
mod figures;

use super::study::{PlaceOnPage, StudyText, called, footer, listed, preferred};
use crate::engine::model::event_of_draw;
use crate::report::amounts::{NONE, counted};
use crate::report::document::{
    Block, Heading, Rows, Span, Table, Text, code, joined, note, paragraph, plain, text, words,
};
use crate::report::numbers::{short, traced};
use crate::study::results::sensitivity::{
    FactorResult, Interval, OutputResult, Resolution, SensitivityResults, TooFewVary,
};
use crate::study::sensitivity::Method;
use crate::study::sensitivity::method::{CHANCE, Description};
use crate::theory::sensitivity::independence::FALSE_ALARMS;
use crate::theory::spelling::units::{count, number, percent, worlds};

/// Factors that are shown; the rest is in the document.
const MOST: usize = 20;

/// Factors of a sentence.
const NAMED: usize = 3;

/// Results smaller than this are what rounding leaves of zero: money below a dollar.
const DUST: f64 = 1e-9;

/// Decimals of a US$ million in US$ bn: the value of information says no less.
const MILLION: usize = 3;

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
        resolution: results.resolution,
        place,
    };
    let mut blocks = of(first).blocks();
    if results.chosen {
        blocks.insert(0, paragraph(why_chosen(results)));
    }
    let mut members = results.factors.values().flatten();
    let has_events = members.any(|one| event_of_draw(one).is_some());
    let has_ends = ["swing", "mu_star"].contains(&reading(&results.method).ranked_by);
    if has_events && has_ends && !blocks.is_empty() {
        blocks.push(note(
            "The ends of an event: it does not come, and it comes.",
        ));
    }
    blocks.extend(other_events(results).map(note));
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

/// Events that are no factors, and what takes them as such.
fn other_events(results: &SensitivityResults) -> Option<Text> {
    if results.events.is_empty() {
        return None;
    }
    let mut members = results.factors.iter();
    let are_groups = members.any(|(name, members)| members.iter().any(|one| one != name));
    let flag = match are_groups {
        true => "--factors 'event.*'",
        false => "--factors '*' --factors 'event.*'",
    };
    let names: Vec<Text> = results.events.iter().map(|name| called(name)).collect();
    let mut text = text!["Not among the factors: "];
    text.extend(listed(&names, " and "));
    text.extend(text!["; take events as factors with ", code(flag), "."]);
    Some(text)
}

/// Why this method, where none was named.
fn why_chosen(results: &SensitivityResults) -> Text {
    let about = reading(&results.method);
    if about.takes_groups {
        let why = match about.of_differences {
            true => {
                "takes groups in worlds as they are, at no further worlds, and the results are differences of two arms to choose from"
            }
            false => "takes groups for any result; it plays worlds of its own",
        };
        return text![format!(
            "No method was named and delta takes no groups: {} {why}.",
            about.name
        )];
    }
    let factors = counted(results.factors.len(), "factor");
    let beside = about.beside.map_or_else(String::new, |(beside, _)| {
        format!(", and {beside} beside it at the mean; neither costs further worlds")
    });
    text![format!(
        "No method was named: {} looks at the whole distribution in worlds as they are, {factors} that may be tied{beside}.",
        about.name
    )]
}

/// A result whose factors are shown.
struct OutputText<'a> {
    name: &'a str,
    output: Option<&'a OutputResult>,
    reading: &'static Description,
    worlds: u64,
    resolution: Option<Resolution>,
    place: Option<PlaceOnPage<'a>>,
}

/// A factor with its measures.
type RankedFactor<'a> = (&'a str, FactorResult);

impl<'a> OutputText<'a> {
    /// Factors by falling size; where each is told from chance by itself, those that are come first, but for what is written as zero.
    fn ranked(&self) -> Vec<RankedFactor<'a>> {
        let output = self.output.iter();
        let ranked = output.flat_map(|one| one.ranked(self.reading.ranked_by));
        let mut ranked: Vec<RankedFactor<'a>> = ranked.collect();
        ranked.sort_by_key(|(_, one)| {
            let is_chance = one.chance.is_some_and(|chance| chance >= FALSE_ALARMS);
            is_chance || one.chance.is_some() && self.is_nothing(one)
        });
        ranked.truncate(MOST);
        ranked
    }

    /// Whether a factor does more than chance.
    fn is_told(&self, one: &FactorResult) -> bool {
        let by = self.reading.ranked_by;
        let Some(interval) = self.by(one) else {
            return false;
        };
        if self.reading.told_by_ranks {
            return one.chance.is_some_and(|chance| chance < FALSE_ALARMS);
        }
        let floor = self.most_by_chance();
        let is_apart = interval.low.is_none_or(|low| low > 0.0)
            || interval.high.is_some_and(|high| high < 0.0);
        is_apart && size(by, &interval) > floor.map_or(DUST, |floor| floor.max(DUST))
    }

    /// What the largest of as many inert factors reaches, if the method finds it.
    fn most_by_chance(&self) -> Option<f64> {
        self.output?.noise_floor?.high
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
        if let Some(few) = output.too_few {
            return self.few_vary(few);
        }
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
        let ranked = self.ranked().into_iter();
        let told = ranked.filter(|(_, one)| self.is_told(one));
        let told = told.filter_map(|(factor, one)| Some((factor, self.by(&one)?)));
        let above = told.take(NAMED);
        let above = above.map(|(factor, interval)| {
            let path = self.path(factor, by);
            match interval.high.filter(|_| interval.low == Some(0.0)) {
                // There is an effect, but it may be as small as that of chance.
                Some(high) => {
                    let high = traced(&short(high, 2), high, &format!("{path}.high"));
                    text![code(factor), " (at most ", high, ")"]
                }
                None => {
                    let value = value(by, &interval, error(&interval), &path);
                    text![code(factor), " (", value, ")"]
                }
            }
        });
        let above = joined(above, ", then ");
        // A result may move and the choice by it stay the same.
        let of_choice = self.reading.of_differences;
        if above.is_empty() {
            let moves = match of_choice {
                true => "No factor changes the choice by ",
                false => "No factor moves ",
            };
            let rest = format!(" by more than chance{}.", self.what_would_do());
            return text![moves, code(self.name), rest];
        }
        let the = if of_choice { "The choice by " } else { "" };
        let mut text = text![the, code(self.name), " depends most on "];
        text.extend(above);
        text.push(words(format!(", by {by}.")));
        text
    }

    /// How many worlds would tell what these cannot; nothing if they can tell a hundredth.
    fn what_would_do(&self) -> String {
        let Some(told) = self.resolution.filter(|told| told.share > 0.01) else {
            return String::new();
        };
        let (more, share) = match told.share > 0.05 {
            true => (told.worlds_for_5_percent, "5%"),
            false => (told.worlds_for_1_percent, "1%"),
        };
        let (these, more) = (worlds(self.worlds), worlds(more));
        format!(" in {these}; {more} would tell one that explains {share} of its variance")
    }

    /// What these worlds can tell from chance, and how many tell more.
    fn what_is_told(&self) -> Option<Text> {
        let told = self.resolution?;
        let count = self.output.map_or(0, |output| output.factors.len());
        let begin = format!(
            "In {} one of {} is told from chance, four times in five, if it alone explains ",
            worlds(self.worlds),
            counted(count, "factor"),
        );
        if told.share > 1.0 {
            let least = worlds(told.worlds_for_5_percent);
            return Some(text![format!(
                "{} tell none of {} from chance; {least} tell one that explains 5% of the variance.",
                worlds(self.worlds),
                counted(count, "factor"),
            )]);
        }
        let share = format!("{}%", short(100.0 * told.share, 2));
        let share = traced(&share, told.share, "resolution.share");
        let end = match told.share {
            share if share > 0.05 => format!(
                " of the variance; {} tell one of 5%, {} one of 1%.",
                worlds(told.worlds_for_5_percent),
                worlds(told.worlds_for_1_percent)
            ),
            share if share > 0.01 => {
                let more = worlds(told.worlds_for_1_percent);
                format!(" of the variance; {more} tell one of 1%.")
            }
            _ => " of the variance.".to_owned(),
        };
        Some(text![begin, share, end])
    }

    /// That a result varies in too few replicates, and how many worlds would do.
    fn few_vary(&self, few: TooFewVary) -> Text {
        let path = |number: &str| format!("outputs.{}.too_few.{number}", self.name);
        let number = |x: u64, name: &str| traced(&count(x), x as f64, &path(name));
        text![
            format!(
                "{} are too few for {} to tell what moves ",
                worlds(self.worlds),
                self.reading.name
            ),
            code(self.name),
            ": it is moved in ",
            number(few.varying, "varying"),
            " of ",
            number(few.replicates, "replicates"),
            " replicates of the design alone; about -n ",
            number(few.enough, "enough"),
            " would do."
        ]
    }

    /// Whether so few worlds were played that the method tells nothing.
    fn are_too_few(&self) -> bool {
        let few_vary = self.output.is_some_and(|output| output.too_few.is_some());
        self.worlds < self.reading.least || few_vary
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
        blocks.extend(self.agreement().map(paragraph));
        blocks.extend(self.floor().map(note));
        blocks.extend(self.what_is_told().map(note));
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
        let meaning = self.reading.meaning;
        blocks.push(note(match self.reading.told_by_ranks {
            true => format!("{meaning} {CHANCE}"),
            false => meaning.to_owned(),
        }));
        blocks
    }

    /// What inert factors get.
    fn floor(&self) -> Option<Text> {
        let output = self.output.filter(|output| output.note.is_none())?;
        let floor = output.noise_floor?;
        let high = floor.high?;
        let named = |written: &str, x: f64, end: &str| {
            let path = format!("outputs.{}.noise_floor.{end}", self.name);
            traced(written, x, &path)
        };
        Some(match self.reading.told_by_ranks {
            false => text![
                "Noise floor ",
                named(&written(self.reading.ranked_by, high, None), high, "high"),
                ": factors below it have shown nothing, with so many of them chance alone reaches as high."
            ],
            true => text![
                format!(
                    "By chance alone a factor gets a {} of ",
                    self.reading.ranked_by
                ),
                named(&short(floor.value, 2), floor.value, "value"),
                ", the largest of so many up to ",
                named(&short(high, 2), high, "high"),
                "; one below that can be told from chance by its ranks."
            ],
        })
    }

    /// A row per factor, the largest first.
    fn table(&self) -> Table {
        let (by, shown) = (self.reading.ranked_by, self.reading.shown);
        let ranked = self.ranked();
        let (bars, floor) = self.bars(&ranked);
        let told: Vec<bool> = ranked.iter().map(|(_, one)| self.is_told(one)).collect();
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
        let mut table = Rows::of(ranked)
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
            .each(self.reading.told_by_ranks.then_some(()), |rows, ()| {
                rows.column(Heading::number("chance"), |row| self.chance(row))
            })
            .table("factors", text!["Factors of ", code(self.name)]);
        // What may be chance is grey on a page.
        let faint = table.rows.iter_mut().zip(told).filter(|(_, told)| !told);
        for cell in faint.flat_map(|(row, _)| row) {
            "open".clone_into(&mut cell.class);
        }
        Table {
            bars,
            floor,
            ..table
        }
    }

    fn chance(&self, (factor, one): &RankedFactor<'_>) -> Text {
        match one.chance {
            None => plain(NONE),
            Some(chance) => text![traced(
                &percent(chance),
                chance,
                &self.path(factor, "chance")
            )],
        }
    }
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
    let number = number(x, error.filter(|error| *error > DUST));
    let decimals = number.split_once('.').map_or(0, |(_, places)| places.len());
    match measure == "evppi" && decimals > MILLION {
        true => format!("{x:.MILLION$}").replace("-0.000", "0.000"),
        false => number,
    }
}

fn value(measure: &str, one: &Interval, error: Option<f64>, path: &str) -> Span {
    let path = format!("{path}.value");
    traced(&written(measure, one.value, error), one.value, &path)
}

fn with_interval(measure: &str, one: &Interval, path: &str) -> Text {
    let value = value(measure, one, error(one), path);
    // An interval narrower than the digits that are said says nothing.
    let said = |x: f64| written(measure, x, error(one));
    let is_seen = |low: f64, high: f64| high - low > DUST && said(low) != said(high);
    match (one.low, one.high) {
        (Some(low), Some(high)) if is_seen(low, high) => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn told_factors_come_first_but_for_those_written_as_zero() {
        let one = |value: f64, chance: f64| FactorResult {
            delta: Some(Interval {
                value,
                low: Some(value - 0.02),
                high: Some(value + 0.02),
            }),
            chance: Some(chance),
            ..FactorResult::default()
        };
        let factors = [
            ("large by chance", one(0.15, 0.4)),
            ("zero", one(0.001, 0.01)),
            ("told", one(0.12, 0.01)),
            ("small", one(0.04, 0.4)),
        ];
        let factors = factors.map(|(name, one)| (name.to_owned(), one));
        let output = OutputResult {
            factors: factors.into_iter().collect(),
            ..OutputResult::default()
        };
        let text = OutputText {
            name: "x",
            output: Some(&output),
            reading: Method::Delta.description(),
            worlds: 500,
            resolution: None,
            place: None,
        };
        let ranked = text.ranked();
        let names: Vec<&str> = ranked.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["told", "large by chance", "small", "zero"]);
    }

    #[test]
    fn the_value_of_information_is_said_to_a_million_at_best() {
        for (x, error, expected) in [
            (0.00001664, None, "0.000"),
            (-0.00002, Some(0.00001), "0.000"),
            (0.0123456, Some(0.0001), "0.012"),
            (1.25, Some(0.1), "1.2"),
        ] {
            assert_eq!(written("evppi", x, error), expected, "{x}");
        }
        assert_eq!(written("swing", 0.00002, Some(0.00001)), "0.00002");
    }
}
