//! What every study says in the same order: by itself on a terminal, or as a part of the page of a run of the same scenario.

use crate::engine::model::{Model, event_of_draw};
use crate::report::amounts::unit;
use crate::report::chart::{Chart, Head, Line, Lines};
use crate::report::document::{
    Block, Document, Figure, Files, Text, code, heading, marked, note, paragraph, text, words,
};
use crate::study::results::run::Manifest;

#[derive(Debug, Clone, Default)]
pub struct StudyText {
    /// Its heading on a page.
    pub title: String,
    pub answer: Text,
    /// Drawn for pages.
    pub chart: Option<Chart>,
    /// What the answer rests on.
    pub blocks: Vec<Block>,
    /// How it was played.
    pub footer: Text,
}

/// Where on a page it stands.
#[derive(Debug, Clone, Copy)]
pub struct PlaceOnPage<'a> {
    pub model: &'a Model,
    /// The result that the headline of the run is about.
    pub headline: Option<&'a str>,
    /// Begins the ids of its figures and tables.
    pub name: &'a str,
}

impl From<StudyText> for Document {
    fn from(study: StudyText) -> Document {
        Document {
            lead: vec![study.answer],
            opening: study.blocks,
            footer: vec![study.footer],
            ..Document::default()
        }
    }
}

impl StudyText {
    pub fn part(self, files: &mut Files) -> Vec<Block> {
        let mut blocks = vec![heading(self.title), paragraph(self.answer)];
        blocks.extend(self.chart.map(|chart| Figure::alone(chart, files)));
        blocks.extend(self.blocks);
        blocks.push(note(self.footer));
        blocks
    }
}

impl PlaceOnPage<'_> {
    /// What a figure says about itself; `what` ends its id.
    pub fn head(&self, what: &str, title: String, alternative: &str, [x, y]: [&str; 2]) -> Head {
        Head {
            id: format!("{}-{what}", self.name),
            title,
            alternative: format!("{alternative} Its numbers stand in the table."),
            x: x.to_owned(),
            y: y.to_owned(),
        }
    }

    /// Curves of a result by one number of the scenario, and the level that they may cross.
    pub fn curves(
        &self,
        what: &str,
        [path, result]: [&str; 2],
        lines: Vec<Line>,
        level: f64,
    ) -> Option<Chart> {
        let level = Some(level).filter(|level| level.is_finite());
        let dashed = level.map_or_else(String::new, |at| format!("; the dashed line is {at}"));
        let title = format!("{result} by {path}: mean over worlds with its 90% interval{dashed}");
        let chart = Lines {
            head: self.head(what, title, "Lines from left to right.", [path, result]),
            lines: lines
                .into_iter()
                .filter(|line| line.points.len() > 1)
                .collect(),
            level,
            from_zero: false,
        };
        (!chart.lines.is_empty()).then(|| chart.chart())
    }

    pub fn unit(&self) -> String {
        unit(&self.model.horizon)
    }
}

/// How a study was played, what its differences are to and its seed.
pub fn footer(played: String, reference: &str, manifest: &Manifest) -> Text {
    let seed = manifest.seed;
    marked(&format!(
        "{played}; differences are to `{reference}`; seed {seed}."
    ))
}

/// The result that the headline of the run is about, else the first.
pub fn preferred<S: AsRef<str>>(outputs: &[S], place: Option<PlaceOnPage<'_>>) -> usize {
    let headline = place.and_then(|place| place.headline);
    let mut outputs = outputs.iter();
    let own = outputs.position(|one| Some(one.as_ref()) == headline);
    own.unwrap_or(0)
}

/// Several things, "a, b or c" if `between` is " or ".
pub fn listed(things: &[Text], between: &str) -> Text {
    match things.split_last() {
        None => Text::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => [rest.join(&words(", ")), last.clone()].join(&words(between)),
    }
}

/// A quantity by its path, an event by its name.
pub fn called(name: &str) -> Text {
    match event_of_draw(name) {
        Some(event) => text!["event ", code(event)],
        None => text![code(name)],
    }
}
