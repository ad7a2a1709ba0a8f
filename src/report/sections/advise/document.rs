//! The note on a terminal, as Markdown and as a page: the same parts.

use super::view::AdviceView;
use super::{answer, ask, cannot, turns, whom, why};
use crate::engine::model::Model;
use crate::engine::model::question::View;
use crate::report::document::{
    Block, Document, Figure, Section, Text, code, joined, of_study, paragraph, text,
};
use crate::report::sections::run::answer::{in_short, made, question};
use crate::report::sections::run::picture::picture;
use crate::report::sections::run::{investor, vendor};
use crate::report::sentence::say;
use crate::study::results::advise::AdviceResults;
use crate::theory::spelling::shell::word;
use crate::theory::spelling::units::count;

/// Someone who decides nothing at the tables, but on what comes out of them; the advice is the region's, with a reading of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteReader {
    /// Who puts capital into suppliers.
    Investor,
    /// Who sells enterprise software in the states.
    Vendor,
}

impl NoteReader {
    /// Both.
    pub const ALL: [NoteReader; 2] = [NoteReader::Investor, NoteReader::Vendor];

    /// The word that names one.
    pub fn word(self) -> &'static str {
        match self {
            NoteReader::Investor => "investor",
            NoteReader::Vendor => "vendor",
        }
    }

    /// The same in a sentence.
    fn title(self) -> &'static str {
        match self {
            NoteReader::Investor => "an investor",
            NoteReader::Vendor => "a vendor of enterprise software",
        }
    }

    /// The part of the note that is theirs.
    fn section(self, advice: &AdviceView<'_>) -> Section {
        let reading = match self {
            NoteReader::Investor => investor::reading(&advice.facts),
            NoteReader::Vendor => vendor::reading(&advice.facts),
        };
        Section::new(&reading.id, reading.title, of_study("run", reading.blocks))
    }
}

/// How much of what stands behind the note is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// Nothing: the note is one page.
    Left,
    /// All, to be opened.
    Folded,
    /// All.
    Open,
}

/// The note for whoever decides, of the scenario that was typed as `typed`; with a reader's own part first, if it is for one.
pub fn document(
    model: &Model,
    results: &AdviceResults,
    (view, reader): (View, Option<NoteReader>),
    (typed, behind): (&str, Behind),
) -> Document {
    let advice = AdviceView::new(model, results, view);
    let parts = [
        // Where there is a picture, the table is behind the note.
        answer::options(&advice).filter(|_| behind != Behind::Folded),
        reader.map(|one| one.section(&advice)),
        whom::section(&advice),
        Some(why::section(&advice)),
        Some(ask::section(&advice)),
        turns::section(&advice),
        Some(cannot::section(&advice)),
    ];
    let manifest = &results.manifest;
    let drawn = picture(&advice.facts, view).filter(|_| behind == Behind::Folded);
    Document {
        title: format!(
            "{}: advice for {}",
            manifest.scenario,
            match reader {
                Some(one) => one.title(),
                None => advice.facts.party(view),
            }
        ),
        generator: format!("{} {}", manifest.tool, manifest.version),
        kicker: made_of(&advice),
        question: question(&advice.facts).unwrap_or_default(),
        lead: answer::said(&advice),
        picture: drawn.map(|(chart, marks)| {
            Box::new(Figure {
                marks: Some(marks),
                ..Figure::whole(chart)
            })
        }),
        sections: parts
            .into_iter()
            .flatten()
            .chain(annex(&advice, behind))
            .collect(),
        footer: footer(&advice, (typed, behind)),
        note: true,
        ..Document::default()
    }
}

/// The tables and stories behind the note.
fn annex(advice: &AdviceView<'_>, shown: Behind) -> Vec<Section> {
    if shown == Behind::Left {
        return Vec::new();
    }
    let others = circumstances(advice).map(|said| {
        let blocks = of_study("run", vec![paragraph(said)]);
        Section::new("behind-others", "Not among the options", blocks)
    });
    let parts = [
        answer::options(advice).filter(|_| shown == Behind::Folded),
        others,
        whom::behind(advice),
        Some(why::behind(advice)),
        ask::behind(advice),
        turns::behind(advice),
    ];
    let parts = parts.into_iter().flatten();
    if shown == Behind::Open {
        return parts.collect();
    }
    let blocks = parts.map(|part| Block::Details {
        summary: part.title,
        blocks: part.blocks,
    });
    let blocks: Vec<Block> = blocks.collect();
    vec![Section::new("behind", "Behind this note", blocks)]
}

/// What arms bring that are no options: circumstances, told so that nobody looks for them among the options.
fn circumstances(advice: &AdviceView<'_>) -> Option<Text> {
    let facts = &advice.facts;
    let others = facts
        .others()
        .into_iter()
        .filter(|arm| !advice.ranked.contains(arm));
    let said = others.map(|arm| {
        let pair = facts.party_pair(arm, facts.reference, advice.view);
        say!("{} {}", facts.titled(arm), pair.difference().difference())
    });
    let said = joined(said, "; ");
    (!said.is_empty()).then(|| {
        say!(
            "Not among the options, US$ bn more than {} on average: {}.",
            facts.arm(facts.reference),
            said
        )
    })
}

fn made_of(advice: &AdviceView<'_>) -> Text {
    let part = advice
        .results
        .theories
        .as_ref()
        .map(|one| one.manifest.trials);
    let of_parts = part.map_or(String::new(), |worlds| {
        let worlds = count(worlds);
        format!(" Coalitions, the table, where it turns and theories rest on the first {worlds} of them.")
    });
    let mut said = made(&advice.facts);
    said.extend(text![of_parts]);
    said
}

fn footer(advice: &AdviceView<'_>, (typed, behind): (&str, Behind)) -> Vec<Text> {
    let mut footer = vec![made_of(advice)];
    let name = word(typed);
    let page = code(format!("mufakat advise {name} --html note.html"));
    footer.push(match behind {
        Behind::Left => say!(
            "Next: {} for what stands behind this note; {} for a page to hand on.",
            code("--all"),
            page
        ),
        _ => say!(
            "Next: {} for every table of the run; {} for a page to hand on.",
            code(format!("mufakat run {name} --all")),
            page
        ),
    });
    footer.extend(in_short(&advice.facts, advice.view));
    footer
}
