//! How well inputs are known against what they decide: the weak ones on which the answer rests in a sentence, then a row per input, the weak and
//! decisive ones first, and the diagnostic diagram of both.

use super::study::{called, listed};
use crate::engine::model::Model;
use crate::report::amounts::{FINEST, NONE, counted, difference, millions, unit};
use crate::report::chart::{Chart, Head, Plane, PlaneKind};
use crate::report::document::{
    Block, Document, Figure, Heading, Rows, Section, Table, Text, code, note, text, words,
};
use crate::report::numbers::{known, short, traced};
use crate::study::results::pedigree::{JudgedInput, PedigreeResults, WEAK_BELOW, weight};
use crate::study::results::sensitivity::Interval;
use crate::theory::sensitivity::independence::FALSE_ALARMS;
use crate::theory::spelling::units::{number, percent, worlds};

/// Inputs that are shown; the rest is in the document.
const MOST: usize = 20;

/// Inputs of a sentence.
const NAMED: usize = 3;

/// Inputs whose marks in the diagram have names.
const LABELLED: usize = 6;

/// The results; the diagram is for pages alone.
pub fn document(model: &Model, results: &PedigreeResults) -> Document {
    let view = PedigreeView { model, results };
    let manifest = &results.manifest;
    Document {
        title: format!("{}: how well its inputs are known", manifest.scenario),
        generator: format!("{} {}", manifest.tool, manifest.version),
        lead: [Some(view.sentence()), view.against(), view.unmarked()]
            .into_iter()
            .flatten()
            .collect(),
        picture: view.chart().map(|chart| Box::new(Figure::whole(chart))),
        sections: match results.inputs.is_empty() {
            true => Vec::new(),
            false => vec![Section::new(
                "inputs",
                "Inputs, weak and decisive ones first",
                view.blocks(),
            )],
        },
        footer: vec![view.footer()],
        ..Document::default()
    }
}

struct PedigreeView<'a> {
    model: &'a Model,
    results: &'a PedigreeResults,
}

impl PedigreeView<'_> {
    /// Inputs that are told from chance, with their places.
    fn told(&self) -> Vec<(usize, &JudgedInput)> {
        let inputs = self.results.inputs.iter().enumerate();
        inputs.filter(|(_, one)| one.is_told()).collect()
    }

    fn sentence(&self) -> Text {
        let told = self.told();
        let weak: Vec<_> = told.iter().filter(|(_, one)| one.is_weak()).collect();
        let few = self.results.worlds;
        if self.results.inputs.is_empty() {
            return text!["Nothing is uncertain in this scenario: there is nothing to judge."];
        }
        if told.is_empty() {
            let more = worlds(self.results.resolution.worlds_for_5_percent);
            let rest = format!(
                "No input moves the answer by more than chance in {}; {more} would tell one that explains 5% of its variance.",
                worlds(few)
            );
            return text![rest];
        }
        let unmarked: Vec<_> = told.iter().filter(|(_, one)| one.marks.is_none()).collect();
        let (begins, shown, ends) = match (&weak[..], &unmarked[..]) {
            ([], []) => (
                "What the answer is told to rest on is not weak: ",
                told.iter().collect(),
                ["", ""],
            ),
            ([], _) => (
                "The answer rests on ",
                unmarked,
                [
                    ", of which no marks say how well it is known",
                    ", of which no marks say how well they are known",
                ],
            ),
            _ => (
                "The answer rests on ",
                weak,
                [
                    ", which is weak: fewer than half of the marks",
                    ", which are weak: fewer than half of the marks",
                ],
            ),
        };
        let mut names: Vec<Text> = shown
            .iter()
            .take(NAMED)
            .map(|one| self.named(one))
            .collect();
        let rest = shown.len() - names.len();
        if rest > 0 {
            names.push(text![counted(rest, "other")]);
        }
        let mut said = text![begins];
        said.extend(listed(&names, " and "));
        said.push(words(format!("{}.", ends[usize::from(shown.len() > 1)])));
        said
    }

    /// An input with its strength, if it has marks.
    fn named(&self, (at, one): &(usize, &JudgedInput)) -> Text {
        let Some(strength) = one.strength else {
            return called(&one.path);
        };
        let strength = traced(&short_2(strength), strength, &path(*at, "strength"));
        [called(&one.path), text![" (strength ", strength, ")"]].concat()
    }

    /// What inputs are set against.
    fn against(&self) -> Option<Text> {
        let results = self.results;
        let stat = results
            .result
            .as_ref()
            .filter(|_| !results.inputs.is_empty())?;
        let mean = traced(&difference(Some(stat)), stat.mean, "result.mean");
        let told = self.told().len();
        let mut said = text![
            "The answer is ",
            code(&results.output),
            ", on average ",
            mean,
            format!(" ({}): ", unit(&self.model.horizon)),
            format!(
                "{told} of {} are told from chance, at {} false alarms a study.",
                counted(results.inputs.len(), "uncertain input"),
                percent(FALSE_ALARMS)
            )
        ];
        if let Some(all) = &results.evpi {
            said.push(words(
                " To know everything before the choice among the options would be worth US$ ",
            ));
            said.push(traced(&money(all), all.value, "evpi.value"));
            said.push(words(match self.is_none_worth() && all.value >= FINEST {
                true => " bn; none of the first inputs below, by itself, is worth a million.",
                false => " bn.",
            }));
        }
        Some(said)
    }

    /// Whether no input by itself is worth knowing.
    fn is_none_worth(&self) -> bool {
        let worth = self.results.inputs.iter().filter_map(|one| one.evppi);
        worth.map(|one| one.value).all(|worth| worth < FINEST)
    }

    /// How many inputs have no marks, and which of them are told from chance.
    fn unmarked(&self) -> Option<Text> {
        let without = self.results.inputs.iter().filter(|one| one.marks.is_none());
        let count = without.clone().count();
        if count == 0 {
            return None;
        }
        let told: Vec<Text> = without
            .filter(|one| one.is_told())
            .take(NAMED)
            .map(|one| called(&one.path))
            .collect();
        let all = match count == self.results.inputs.len() {
            true => "No input has marks".to_owned(),
            false => format!(
                "{} no marks",
                match count {
                    1 => "1 input has".to_owned(),
                    _ => format!("{count} inputs have"),
                }
            ),
        };
        let mut said = text![format!(
            "{all} in `[[pedigree]]`, so that nothing says how well they are known"
        )];
        let is_weak = |one: &&JudgedInput| one.is_told() && one.is_weak();
        let has_weak = self.results.inputs.iter().any(|one| is_weak(&one));
        if !told.is_empty() && has_weak {
            said.push(words("; told from chance among them: "));
            said.extend(listed(&told, " and "));
        }
        said.push(words("."));
        Some(said)
    }

    fn blocks(&self) -> Vec<Block> {
        let inputs = &self.results.inputs;
        let mut blocks: Vec<Block> = vec![self.table().into()];
        if inputs.len() > MOST {
            blocks.push(note(format!(
                "... and {} more inputs: see --json",
                inputs.len() - MOST
            )));
        }
        let told = self.told().len();
        if told > 0 && told < inputs.len() {
            let first = match told {
                1 => "first".to_owned(),
                told => format!("first {told}"),
            };
            blocks.push(note(format!(
                "What stands behind the {first} may be chance, and so may its order."
            )));
        }
        blocks.push(note(
            "grade: A a primary source, B a secondary report, C an analyst's figure, S stated in the debate, J a judgement. marks: proxy, basis, method, validation, 0 to 4 each, as the scenario gives them with a reason. strength: their mean over 4. delta: how far the \
             whole distribution of the answer hangs on the input (Borgonovo's \u{3b4}); S1: its share of the variance. chance: the probability that of so \
             many inputs without effect one goes together with the answer as much, by ranks. weight: delta times one less strength, which orders the rows; \
             those told from chance come first. worth: knowing it before the choice among the options, US$ bn.",
        ));
        blocks
    }

    fn table(&self) -> Table {
        let shown = self.results.inputs.iter().enumerate().take(MOST);
        let shown: Vec<(usize, &JudgedInput)> = shown.collect();
        let told: Vec<bool> = shown.iter().map(|(_, one)| one.is_told()).collect();
        let mut table = Rows::of(shown)
            .column(Heading::words("input"), |(_, one)| called(&one.path))
            .column(Heading::words("grade"), |(_, one)| text![grade(one)])
            .column(Heading::number("marks"), |(_, one)| {
                text![one.marks.as_ref().map_or_else(
                    || "none".to_owned(),
                    |marks| format!(
                        "{} {} {} {}",
                        marks.proxy, marks.basis, marks.method, marks.validation
                    )
                )]
            })
            .column(Heading::number("strength").goes(2), |(at, one)| {
                text![known(one.strength, short_2, &path(*at, "strength"))]
            })
            .column(Heading::number("delta"), |(at, one)| {
                estimate(one.delta.as_ref(), number, *at, "delta")
            })
            .column(Heading::number("S1").goes(1), |(at, one)| {
                estimate(one.first.as_ref(), |x, _| share(x), *at, "S1")
            })
            .column(Heading::number("chance"), |(at, one)| {
                text![known(one.chance, percent, &path(*at, "chance"))]
            })
            .column(Heading::number("weight").goes(3), |(at, one)| {
                // To the digits that its effect supports.
                let error = one.delta.as_ref().and_then(error);
                let error = error.map(|error| weight(error, one.strength));
                text![known(
                    one.weight,
                    |x| number(x, error.filter(|error| *error > 0.0)),
                    &path(*at, "weight")
                )]
            })
            .column(Heading::number("worth"), |(at, one)| {
                one.evppi.as_ref().map_or_else(Text::new, |worth| {
                    text![traced(
                        &money(worth),
                        worth.value,
                        &path(*at, "evppi.value")
                    )]
                })
            })
            .table("inputs", text!["Inputs of ", code(&self.results.output)]);
        // What may be chance is grey on a page.
        let faint = table.rows.iter_mut().zip(told).filter(|(_, told)| !told);
        for cell in faint.flat_map(|(row, _)| row) {
            "open".clone_into(&mut cell.class);
        }
        table
    }

    /// The diagnostic diagram: strength against effect, the dangerous corner at the left above.
    fn chart(&self) -> Option<Chart> {
        let inputs = &self.results.inputs;
        let at = |one: &JudgedInput| Some((one.strength?, one.delta?.value));
        let points: Vec<(f64, f64)> = inputs.iter().filter_map(at).collect();
        if points.len() < 2 {
            return None;
        }
        let chance = inputs.iter().filter(|one| !one.is_told());
        let kind = |name: &str, of: &dyn Fn(&JudgedInput) -> bool| PlaneKind {
            name: name.to_owned(),
            marks: (inputs.iter().enumerate())
                .filter(|(_, one)| one.is_told() && of(one))
                .filter_map(|(place, one)| {
                    let (x, y) = at(one)?;
                    let label = if place < LABELLED {
                        one.path.clone()
                    } else {
                        String::new()
                    };
                    Some((x, y, label))
                })
                .collect(),
        };
        let highest = points.iter().map(|point| point.1).fold(0.0, f64::max);
        let plane = Plane {
            head: Head {
                id: "pedigree-plane".to_owned(),
                title: format!(
                    "Strength of each input against what it decides of {}",
                    self.results.output
                ),
                alternative: "A mark for each input; those at the left above decide much and are badly known. The numbers stand in the table.".to_owned(),
                x: "strength, mean mark over 4".to_owned(),
                y: "delta".to_owned(),
            },
            dots: ("may be chance".to_owned(), chance.filter_map(at).collect()),
            kinds: vec![
                kind("told from chance, weak", &JudgedInput::is_weak),
                kind("told from chance", &|one| !one.is_weak()),
            ],
            x_ends: (0.0, 1.0),
            y_ends: (0.0, highest.max(f64::MIN_POSITIVE)),
            ..Plane::default()
        };
        Some(plane.chart())
    }

    fn footer(&self) -> Text {
        let results = self.results;
        let best = match &results.best {
            Some(best) => text!["the best option is ", code(best), ", "],
            None => Text::new(),
        };
        let mut said = text![format!(
            "{}, 95% intervals in --json; ",
            worlds(results.worlds)
        )];
        said.extend(best);
        said.extend(text![
            "the reference ",
            code(&results.reference),
            format!(
                "; weak is a strength below {WEAK_BELOW}; seed {}.",
                results.manifest.seed
            )
        ]);
        said
    }
}

/// Where a number of an input stands.
fn path(at: usize, what: &str) -> String {
    format!("inputs.{at}.{what}")
}

/// A grade as a letter.
fn grade(one: &JudgedInput) -> String {
    match one.grade.as_deref() {
        None => NONE.to_owned(),
        Some("judgement") => "J".to_owned(),
        Some(letter) => letter.to_owned(),
    }
}

fn short_2(x: f64) -> String {
    short(x, 2)
}

/// A share that error may carry below zero.
fn share(x: f64) -> String {
    percent(x.clamp(0.0, 1.0))
}

/// About the standard error of an estimate with a 95% interval.
fn error(one: &Interval) -> Option<f64> {
    Some((one.high? - one.low?) / 4.0).filter(|error| *error > 0.0)
}

fn estimate(
    one: Option<&Interval>,
    written: impl Fn(f64, Option<f64>) -> String,
    at: usize,
    what: &str,
) -> Text {
    match one {
        None => text![NONE],
        Some(one) => text![traced(
            &written(one.value, error(one)),
            one.value,
            &path(at, &format!("{what}.value"))
        )],
    }
}

/// What knowing is worth, US$ bn.
fn money(worth: &Interval) -> String {
    millions(worth.value, error(worth))
}
