//! What a reader sees: one sentence, then panels.

use crate::engine::model::question::View;
use crate::engine::outcome::TotalMetric;
use crate::report::document::{
    Block, Document, Reading, Section, Text, code, note, paragraph, text,
};
use crate::report::legend::with_titles;
use crate::report::numbers::Pair;
use crate::report::roles::in_words_of;
use crate::report::sections::run::answer::{lead, question};
use crate::report::sections::run::beside::figure::{self, FigureChoice};
use crate::report::sections::run::beside::reader::{BEFORE, ExploreReader, WorldDifferences};
use crate::report::sections::run::beside::states;
use crate::report::sections::run::causes;
use crate::report::sections::run::facts::Facts;
use crate::report::sections::run::{adviser, investor, vendor};
use crate::report::sections::story::story;
use crate::report::sentence::say;
use crate::study::results::world::ExplainedWorld;
use crate::theory::spelling::units::count;
use serde::Serialize;

/// A run beside another.
pub struct Beside<'a> {
    pub own: Facts<'a>,
    /// The same arms of the scenario as it was; none where nothing was moved.
    pub base: Option<Facts<'a>>,
    pub differences: Option<WorldDifferences>,
    /// The world that is told, and its number.
    pub told: Option<(u64, ExplainedWorld)>,
    pub reader: ExploreReader,
    /// Which further figure is drawn.
    pub figure: Option<String>,
}

/// What a reader sees.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Frame {
    /// How many worlds it rests on,
    pub worlds: u64,
    /// of how many.
    pub of: u64,
    pub finished: bool,
    /// The answer.
    pub sentence: Text,
    /// What else is said of it.
    pub lead: Vec<Text>,
    pub panels: Vec<Section>,
    /// The further figures that there are to choose from.
    pub figures: Vec<FigureChoice>,
    pub headline: Option<Headline>,
}

/// The answer in numbers: what the arm brings whoever is looked at more than the reference, US$ bn.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Headline {
    pub mean: f64,
    /// Standard error of the mean; none of one world.
    pub std_error: Option<f64>,
    pub p05: f64,
    pub p95: f64,
    /// Share of worlds with more.
    pub better: Option<f64>,
    /// The mean in the scenario as it was.
    pub base: Option<f64>,
}

impl Beside<'_> {
    /// All of it, of so many worlds that are to be played.
    pub fn frame(&self, of: u64) -> Frame {
        let worlds = self.own.trials();
        let document = self.document();
        let mut lead = document.lead.into_iter();
        Frame {
            worlds,
            of,
            finished: worlds >= of,
            sentence: lead.next().unwrap_or_default(),
            lead: lead.collect(),
            panels: document.sections,
            figures: figure::choices(&self.own),
            headline: self.headline(),
        }
    }

    /// The same as a document: the sentence, and a section for each panel.
    pub fn document(&self) -> Document {
        let facts = &self.own;
        let mut said = lead(facts);
        if let Some(moved) = self.moved() {
            said.insert(1.min(said.len()), moved);
        }
        let mut sections = Vec::new();
        if facts.headline().is_some() {
            sections.push(self.states());
            sections.extend(self.causes());
        }
        sections.extend(figure::chosen(facts, self.figure.as_deref()));
        let reading = self.reading();
        sections.push(Section::new("reading", reading.title, reading.blocks));
        sections.extend(self.world());
        let document = Document {
            title: facts.results.manifest.scenario.clone(),
            question: question(facts).unwrap_or_default(),
            lead: said,
            sections,
            ..Document::default()
        };
        in_words_of(facts.model, with_titles(document, &[facts.model]))
    }

    /// What the change does to the answer; none where nothing was moved.
    fn moved(&self) -> Option<Text> {
        let before = pair(self.base.as_ref()?)?;
        let after = pair(&self.own)?;
        Some(say!(
            "With what is changed here it is US$ {} bn; as the scenario has it, {}.",
            after.difference().difference(),
            before.difference().difference()
        ))
    }

    fn causes(&self) -> Option<Section> {
        let facts = &self.own;
        let table = causes::region(facts)?;
        let base = self.base.as_ref().map(|base| (base, BEFORE));
        let figure = causes::waterfall(facts, base);
        let mut blocks: Vec<Block> = figure.into_iter().collect();
        blocks.push(table.into());
        if let Some(base) = &self.base
            && let Some(before) = causes::sentences(base).into_iter().next()
        {
            blocks.push(note(say!("As the scenario has it: {}", before)));
        }
        Some(Section::new("causes", "What makes the difference", blocks))
    }

    fn states(&self) -> Section {
        let blocks = states::blocks(&self.own, self.base.as_ref(), self.differences.as_ref());
        Section::new("states", "Who gains and who loses", blocks)
    }

    fn reading(&self) -> Reading {
        match self.reader {
            ExploreReader::Adviser => adviser::reading(&self.own),
            ExploreReader::Investor => investor::reading(&self.own),
            ExploreReader::Vendor => vendor::reading(&self.own),
        }
    }

    /// One world, told.
    fn world(&self) -> Option<Section> {
        let facts = &self.own;
        let (trial, world) = self.told.as_ref()?;
        let reference = facts.name(facts.reference);
        let arms = match facts.headline() {
            Some(arm) => [Some(reference), Some(facts.name(arm))],
            None => [Some(reference), None],
        };
        let items = story(facts.model, world, facts.view(), arms, "");
        let number = text![code(count(*trial)), "."];
        let blocks: Vec<Block> = vec![paragraph(say!("World {}", number)), Block::List { items }];
        Some(Section::new("world", "One world", blocks))
    }

    fn headline(&self) -> Option<Headline> {
        let paired = pair(&self.own)?.paired;
        let stat = paired.difference?;
        Some(Headline {
            mean: stat.mean,
            std_error: stat.se,
            p05: stat.p05,
            p95: stat.p95,
            better: paired.better,
            base: self.base.as_ref().and_then(pair).map(|pair| pair.value()),
        })
    }
}

/// What the headline brings whoever is looked at.
fn pair(facts: &Facts<'_>) -> Option<Pair> {
    let arm = facts.headline()?;
    Some(match facts.view() {
        View::State(i) => facts.state_pair(arm, facts.reference, i, "payoff"),
        View::Region | View::Hyperscaler(_) => {
            facts.total_pair(arm, facts.reference, TotalMetric::Payoff)
        }
    })
}
