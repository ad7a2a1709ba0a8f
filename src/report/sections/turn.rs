//! The smallest joint change of inputs that turns a result: what would have to be true together, what each input would have to be, the same with fewer
//! inputs, and what was searched.

use super::study::{called, footer, listed};
use crate::engine::model::Model;
use crate::report::amounts::{NONE, counted, difference, unit};
use crate::report::assumption::meaning;
use crate::report::document::{
    Block, Document, Heading, Rows, Section, Table, Text, code, note, paragraph, text, words,
};
use crate::report::numbers::traced;
use crate::study::results::turn::{
    ChangedInput, JointChange, PointResult, TurnResults, TurnStatus,
};
use crate::theory::spelling::units::{count, number, percent, signed, worlds};
use crate::theory::stats::interval::Z90;

/// Inputs of the table; the rest is in the document.
const MOST: usize = 15;

/// Inputs of a sentence.
const NAMED: usize = 4;

/// Of the largest score, a smaller one is not named in a sentence.
const SMALL: f64 = 0.25;

/// The results.
pub fn document(model: &Model, results: &TurnResults) -> Document {
    let view = TurnView { model, results };
    let manifest = &results.manifest;
    Document {
        title: format!("{}: what would turn the answer", manifest.scenario),
        generator: format!("{} {}", manifest.tool, manifest.version),
        lead: [Some(view.sentence()), view.means(), view.size()]
            .into_iter()
            .flatten()
            .collect(),
        sections: view.sections(),
        footer: vec![view.footer()],
        ..Document::default()
    }
}

struct TurnView<'a> {
    model: &'a Model,
    results: &'a TurnResults,
}

impl TurnView<'_> {
    /// Whether the result lies above its level as worlds are drawn.
    fn is_above(&self) -> bool {
        let mean = self.results.headline.map_or(0.0, |stat| stat.mean);
        mean >= self.results.level
    }

    /// Whose result it is.
    fn subject(&self) -> Text {
        let arms = &self.model.arms;
        match &self.results.arm {
            None => text![code(&self.results.output)],
            Some(name) => match arms.iter().find(|arm| arm.name == *name) {
                Some(arm) if arm.title != *name => {
                    text![format!("{} (", arm.title), code(name), ")"]
                }
                _ => text![code(name)],
            },
        }
    }

    /// What it does if it turns.
    fn turning(&self) -> String {
        match (&self.results.arm, self.is_above()) {
            (Some(_), true) => " stops paying".to_owned(),
            (Some(_), false) => " begins to pay".to_owned(),
            (None, true) => format!(" falls below {}", self.results.level),
            (None, false) => format!(" rises above {}", self.results.level),
        }
    }

    fn sentence(&self) -> Text {
        let results = self.results;
        match (results.status, &results.change) {
            (TurnStatus::Certain, _) => {
                text!["Nothing is uncertain in this scenario: there is no input to change."]
            }
            (TurnStatus::Open, _) | (_, None) if results.status != TurnStatus::OpenAtMedians => {
                text![
                    "There is nothing to turn: ",
                    code(&results.output),
                    format!(
                        " is not told from {} over the worlds as they are drawn.",
                        results.level
                    )
                ]
            }
            (TurnStatus::OpenAtMedians, _) | (_, None) => text![
                "No change is needed: with every input at its median ",
                code(&results.output),
                format!(
                    " is not told from {}, or lies on its other side; it is the rest of the ranges that carries the mean over worlds.",
                    results.level
                )
            ],
            (TurnStatus::Turns, Some(change)) => {
                let start = text![self.turning(), " if at once "];
                [self.subject(), start, self.together(change)].concat()
            }
            (_, Some(change)) => {
                let start = text![format!(
                    "No joint change within {} standard deviations was found that turns it: ",
                    results.limit
                )];
                let result = &change.result;
                let is_open = (result.low..=result.high).contains(&results.level);
                let holds = match (&results.arm, self.is_above()) {
                    _ if is_open => format!(" is not told from {}", results.level),
                    (Some(_), true) => " still pays".to_owned(),
                    (Some(_), false) => " still does not pay".to_owned(),
                    (None, true) => format!(" stays above {}", results.level),
                    (None, false) => format!(" stays below {}", results.level),
                };
                let mean = self.mean(&change.result, "change.result");
                let holds = text![holds, ", at "];
                let near = [holds, mean, text![", if at once "]].concat();
                [start, self.subject(), near, self.together(change)].concat()
            }
        }
    }

    /// What would have to be true together.
    fn together(&self, change: &JointChange) -> Text {
        let inputs = &change.inputs;
        let least = inputs.first().map_or(0.0, |one| SMALL * one.score.abs());
        let large = inputs.iter().take_while(|one| one.score.abs() >= least);
        let named = large.count().min(NAMED);
        let mut said: Vec<Text> = (0..named)
            .map(|at| self.needed(&inputs[at], &format!("change.inputs.{at}")))
            .collect();
        if inputs.len() > named {
            let rest = counted(inputs.len() - named, "other");
            said.push(text![format!("{rest} move by less (table below)")]);
        }
        let mut said = listed(&said, " and ");
        said.push(words("."));
        said
    }

    /// "`path` is 0.08 instead of 0.19 (J)".
    fn needed(&self, one: &ChangedInput, path: &str) -> Text {
        let [from, to] = values(one);
        let mut said = called(&one.path);
        said.extend(text![
            " is ",
            traced(&to, one.to, &format!("{path}.to")),
            " instead of ",
            traced(&from, one.from, &format!("{path}.from")),
            format!(" ({})", behind(one))
        ]);
        said
    }

    /// A mean where inputs are fixed, with its interval.
    fn mean(&self, one: &PointResult, path: &str) -> Text {
        let error = (one.high - one.low) / (2.0 * Z90);
        // What rounding leaves is no error.
        let error = Some(error).filter(|error| *error > 1e-9 * one.mean.abs());
        let written = |x: f64| match self.results.output.ends_with(".difference") {
            true => signed(x, error),
            false => number(x, error),
        };
        let mut said = text![traced(
            &written(one.mean),
            one.mean,
            &format!("{path}.mean")
        )];
        if error.is_some() {
            said.extend(text![
                " (",
                traced(&written(one.low), one.low, &format!("{path}.low")),
                " to ",
                traced(&written(one.high), one.high, &format!("{path}.high")),
                ")"
            ]);
        }
        said
    }

    /// The result as worlds are drawn, at the medians and where it turns.
    fn means(&self) -> Option<Text> {
        let results = self.results;
        let stat = results.headline.as_ref()?;
        let money = match &results.arm {
            Some(_) => format!(" ({})", unit(&self.model.horizon)),
            None => String::new(),
        };
        let written = match results.output.ends_with(".difference") {
            true => difference(Some(stat)),
            false => number(stat.mean, stat.se),
        };
        let mut said = text![
            code(&results.output),
            " is ",
            traced(&written, stat.mean, "headline.mean"),
            format!("{money} on average over the worlds as they are drawn")
        ];
        if let Some(medians) = &results.at_medians {
            said.push(words(", and with every input at its median "));
            said.extend(self.mean(medians, "at_medians"));
        }
        if let Some(change) = results
            .change
            .as_ref()
            .filter(|_| results.status == TurnStatus::Turns)
        {
            said.push(words("; with the change it is "));
            said.extend(self.mean(&change.result, "change.result"));
        }
        said.push(words("."));
        Some(said)
    }

    /// How large the change is, and what that does not say.
    fn size(&self) -> Option<Text> {
        let change = self.results.change.as_ref()?;
        let size = traced(&number(change.size, Some(0.01)), change.size, "change.size");
        Some(text![
            "The change has a size of ",
            size,
            format!(
                ": of {}, each counted in standard deviations of its normal score from its median, the root of the sum of squares. \
                 It is a distance and no probability: none is claimed for it.",
                counted(change.inputs.len(), "input")
            )
        ])
    }

    fn sections(&self) -> Vec<Section> {
        let results = self.results;
        let Some(change) = &results.change else {
            return Vec::new();
        };
        let mut blocks: Vec<Block> = vec![self.table(change).into()];
        if change.inputs.len() > MOST {
            blocks.push(note(format!(
                "... and {} more inputs, each by less: see --json",
                change.inputs.len() - MOST
            )));
        }
        let named = change.inputs.iter().take(NAMED);
        let items = named.map(|one| {
            let mut said = called(&one.path);
            said.push(words(format!(": {}.", meaning(self.model, &one.path))));
            said
        });
        blocks.push(Block::List {
            items: items.collect(),
        });
        blocks.push(note(
            "lies: where the input would lie in its own range, as worlds of 100 in which it is lower. behind it: its grade (A a primary source, B a \
             secondary report, C an analyst's figure, S stated in the debate, J a judgement) and its source.",
        ));
        vec![
            Section::new("change", "What would have to be true together", blocks),
            Section::new(
                "fewer",
                "With fewer inputs",
                vec![
                    self.fewer().into(),
                    note(
                        "Inputs that are correlated count as one. The result is the mean there, with its 90% interval.",
                    ),
                ],
            ),
            Section::new("searched", "What was searched", self.searched()),
        ]
    }

    fn table(&self, change: &JointChange) -> Table {
        let shown = change.inputs.iter().enumerate().take(MOST);
        let path = |at: usize, what: &str| format!("change.inputs.{at}.{what}");
        Rows::of(shown)
            .column(Heading::words("input"), |(_, one)| called(&one.path))
            .column(Heading::number("median"), |(at, one)| {
                text![traced(&values(one)[0], one.from, &path(*at, "from"))]
            })
            .column(Heading::number("needed"), |(at, one)| {
                text![traced(&values(one)[1], one.to, &path(*at, "to"))]
            })
            .column(Heading::words("unit").goes(1), |(_, one)| {
                text![one.unit.clone().unwrap_or_default()]
            })
            .column(Heading::number("lies"), |(at, one)| {
                let place = path(*at, "quantile");
                text![traced(&hundred(one.quantile), one.quantile, &place)]
            })
            .column(Heading::number("score").goes(2), |(at, one)| {
                let score = signed(one.score, Some(0.01));
                text![traced(&score, one.score, &path(*at, "score"))]
            })
            .column(Heading::words("behind it"), |(_, one)| text![behind(one)])
            .table("inputs", text!["Inputs that change, the largest first"])
    }

    /// The same with one, two and three inputs.
    fn fewer(&self) -> Table {
        let turning = |one: &JointChange| match one.turns {
            true => "turns",
            false => "does not turn",
        };
        Rows::of(self.results.fewer.iter().enumerate())
            .column(Heading::words("inputs"), |(_, one)| {
                one.at_most
                    .map_or_else(|| NONE.to_owned(), |most| most.to_string())
            })
            .column(Heading::words(""), |(_, one)| text![turning(one)])
            .column(Heading::number("size"), |(at, one)| {
                let size = number(one.size, Some(0.01));
                text![traced(&size, one.size, &format!("fewer.{at}.size"))]
            })
            .column(Heading::words("result"), |(at, one)| {
                self.mean(&one.result, &format!("fewer.{at}.result"))
            })
            .column(Heading::words("what changes"), |(at, one)| {
                let each = one.inputs.iter().enumerate().map(|(k, input)| {
                    let path = format!("fewer.{at}.inputs.{k}.to");
                    let [from, to] = values(input);
                    let to = traced(&to, input.to, &path);
                    [
                        called(&input.path),
                        text![" ", to, format!(" instead of {from}")],
                    ]
                    .concat()
                });
                listed(&each.collect::<Vec<_>>(), " and ")
            })
            .table("fewer", text!["The smallest change of so many inputs"])
            .of_words()
    }

    fn searched(&self) -> Vec<Block> {
        let results = self.results;
        let mut blocks = Vec::new();
        if let Some(fit) = &results.surrogate {
            let zeros = match fit.size {
                None => "it has no zero".to_owned(),
                Some(size) => format!(
                    "from {} starts it has {} (the nearest at {})",
                    count(fit.starts),
                    counted(fit.zeros as usize, "nearest zero"),
                    number(size, Some(0.01))
                ),
            };
            blocks.push(paragraph(format!(
                "The search began from a polynomial in {} of {}, fitted to {}: it explains {} of the variance in worlds it has not seen; {zeros}. \
                 From there every step was played.",
                fit.inputs,
                counted(results.inputs as usize, "input"),
                worlds(fit.worlds),
                percent(fit.explained.max(0.0)),
            )));
        }
        if let Some(search) = &results.search {
            let nearest = match search.nearest {
                Some(nearest) if nearest < 0.0 => {
                    "; one of them turns the result, but steps from there led to nothing smaller that holds".to_owned()
                }
                Some(nearest) => format!(
                    "; none turns the result, the nearest leaves {} to the level",
                    number(nearest, Some(nearest.abs() / 20.0))
                ),
                None => String::new(),
            };
            let again = match search.rounds {
                0 | 1 => String::new(),
                rounds => format!(
                    ", after {} in which something smaller was found and taken",
                    counted(rounds as usize - 1, "round")
                ),
            };
            blocks.push(paragraph(format!(
                "{} other directions were played at a size of {}{again}{nearest}. That is a search and no proof: something smaller may have been missed.",
                count(search.directions),
                number(search.size, Some(0.01)),
            )));
            blocks.push(note(format!(
                "{} with fixed inputs were played in all; the means above come from those that the search did not see.",
                worlds(search.worlds)
            )));
        }
        if results.left_to_worlds > 0 {
            blocks.push(note(format!(
                "No inputs, but left to the worlds as they are drawn: {} (events, and quantities that rows of data give).",
                counted(results.left_to_worlds as usize, "uncertain number")
            )));
        }
        blocks
    }

    fn footer(&self) -> Text {
        let results = self.results;
        footer(
            format!("{} as they are drawn", worlds(results.manifest.trials)),
            &results.reference,
            &results.manifest,
        )
    }
}

/// The median of an input and what it becomes, to the digits that tell them apart.
fn values(one: &ChangedInput) -> [String; 2] {
    let apart = Some((one.to - one.from).abs() / 20.0).filter(|apart| *apart > 0.0);
    [one.from, one.to].map(|x| number(x, apart))
}

/// What stands behind an input: its grade and its source.
fn behind(one: &ChangedInput) -> String {
    let grade = match one.grade.as_deref() {
        None => "no grade",
        Some("judgement") => "J",
        Some(letter) => letter,
    };
    match &one.source {
        None => grade.to_owned(),
        Some(source) => format!("{grade} {source}"),
    }
}

/// How many of 100 worlds lie below.
fn hundred(quantile: f64) -> String {
    match libm::round(100.0 * quantile) {
        0.0 => "<1".to_owned(),
        100.0 => ">99".to_owned(),
        worlds => worlds.to_string(),
    }
}
