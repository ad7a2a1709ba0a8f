//! The engine held against bargains that are on record: how often it is right, case by case, calibration, score, and what it misses.

mod account;
mod case;
mod picture;
mod score;
mod table;

use crate::report::document::{
    Block, Document, Figure, Files, Section, Text, heading, note, plain, text,
};
use crate::report::numbers::traced;
use crate::report::sentence::say;
use crate::study::results::history::{CaseTally, HistoryResults};
use crate::theory::spelling::units::{count, worlds};
use account::{account, misses};
use case::Case;
use picture::picture;
use score::{calibration, scores, skills};
use table::table;

/// The document of a terminal; `all` adds what is said of every case.
pub fn text(results: &HistoryResults, all: bool) -> Document {
    let mut files = Files::new();
    let mut document = frame(results);
    let sections = sections(results, &mut files).into_iter();
    let accounts = all.then(|| account(&cases(results)));
    let blocks = sections.chain(accounts).flat_map(|section| {
        let headed = matches!(section.blocks.first(), Some(Block::List { .. }));
        let title = headed.then(|| heading(section.title));
        title.into_iter().chain(section.blocks)
    });
    document.opening = blocks.collect();
    document
}

/// The page, which stands alone.
pub fn page(results: &HistoryResults) -> Document {
    let mut sections = sections(results, &mut Files::new());
    sections.push(account(&cases(results)));
    Document {
        sections,
        ..frame(results)
    }
}

fn cases(results: &HistoryResults) -> Vec<Case<'_>> {
    let cases = results.cases.iter().enumerate();
    cases.map(|(at, played)| Case { at, played }).collect()
}

fn frame(results: &HistoryResults) -> Document {
    let manifest = &results.manifest;
    let number = cases_of(results.cases.len());
    Document {
        title: "The engine against history".to_owned(),
        generator: format!("{} {}", manifest.tool, manifest.version),
        kicker: plain(format!(
            "{number} on record, each played from what stood before it in {}",
            worlds(manifest.trials)
        )),
        lead: [Some(sentence(results)), skills(results)]
            .into_iter()
            .flatten()
            .collect(),
        footer: vec![plain(format!(
            "{number}, {} each; seed {}, {} {}.",
            worlds(manifest.trials),
            manifest.seed,
            manifest.tool,
            manifest.version
        ))],
        ..Document::default()
    }
}

fn cases_of(number: usize) -> String {
    match number {
        1 => "1 case".to_owned(),
        more => format!("{} cases", count(more as u64)),
    }
}

/// How often it is right.
fn sentence(results: &HistoryResults) -> Text {
    let score = &results.score;
    let mut said: Vec<Text> = Vec::new();
    if score.sign.of > 0 {
        said.push(say!("the sign is right in {}", of(&score.sign, "sign")));
    }
    if score.winner.of > 0 {
        let often = of(&score.winner, "winner");
        said.push(say!("who gains most in {}", often));
    }
    let inside = of(&score.inside_90, "inside_90");
    said.push(say!("what came lies in 90% of worlds in {}", inside));
    let last = said.pop().unwrap_or_default();
    let said = match said.is_empty() {
        true => last,
        false => {
            let before = crate::report::document::joined(said, ", ");
            say!("{}, and {}", before, last)
        }
    };
    say!("{}: {}.", cases_of(results.cases.len()), said)
}

/// "3 of 4", with where it stands.
fn of(tally: &CaseTally, name: &str) -> Text {
    let number = |value: u64, key: &str| {
        let path = format!("score.{name}.{key}");
        traced(&count(value), value as f64, &path)
    };
    text![number(tally.count, "count"), " of ", number(tally.of, "of")]
}

fn sections(results: &HistoryResults, files: &mut Files) -> Vec<Section> {
    let cases = cases(results);
    let mut first: Vec<Block> = vec![table(&cases).into(), note(table::LEGEND)];
    first.extend(table::left_out(&cases, results.manifest.trials).map(note));
    if let Some((chart, marks)) = picture(&cases) {
        first.push(Figure::marked(chart, Some(marks), files));
    }
    let second = vec![calibration(&results.score).into()];
    let third = vec![scores(&cases).into(), note(score::LEGEND)];
    let sections = [
        Some(Section::new("cases", "Case by case", first)),
        misses(&cases),
        Some(Section::new(
            "calibration",
            "How often what came lies where it should",
            second,
        )),
        Some(Section::new("score", "How close it comes", third)),
    ];
    sections.into_iter().flatten().collect()
}
