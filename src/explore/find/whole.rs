//! A study from its first piece to its results.

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch};
use crate::explore::messages::Refusal;
use crate::explore::played::PlayedSetting;
use crate::explore::setting::{identified, load_text};
use crate::report::document::{Block, Document, Span, Text, note};
use crate::report::legend::with_titles;
use crate::report::roles::in_words_of;
use crate::report::sentence::capital;
use crate::scenario::Request;
use crate::study::pieces::{Part, Study, StudyError};
use crate::study::results::run::{AskedStudy, Manifest};
use crate::study::run::Run;

/// The scenario of a setting by itself, with at most so many worlds.
pub fn alone(played: &PlayedSetting, most: u64) -> Result<Run, Refusal> {
    let mut request = Request::new("scenario.toml", played.resolved());
    request.trials = Some(played.chosen.setting.worlds.min(most));
    load_text(&request).map(identified)
}

/// The identity of a study of a scenario.
pub fn identity(run: &Run, command: &str) -> Manifest {
    Manifest {
        study: Some(AskedStudy {
            command: command.to_owned(),
            settings: Vec::new(),
        }),
        ..run.identity.clone()
    }
}

/// Plays all pieces of a study and makes its results.
pub fn answered<S: Study>(study: &S, watch: Watch<'_>) -> Result<S::Results, Refusal> {
    let refused = |error: StudyError| Refusal::new(error.to_string());
    let mut assembler = study.assemble();
    let mut taken = Ok(());
    let mut push = |piece: &[u8]| {
        taken = assembler.take(piece);
        taken.is_ok()
    };
    let part = Part {
        pieces: 0..study.pieces().count,
        before: &[],
        watch,
    };
    let end = study.play(part, &mut push).map_err(refused)?;
    taken.map_err(refused)?;
    match end {
        End::Finished => assembler.results(watch.stop).map_err(refused),
        End::Stopped { .. } => Err(Refusal::new("it was ended")),
    }
}

/// A text in which what is typed stands in words.
pub fn in_words(text: Text, typed: &str, words: &str) -> Text {
    let spans = text.into_iter().map(|span| match span {
        Span::Code { text } if text == typed => Span::Words {
            text: words.to_owned(),
        },
        other => other,
    });
    let mut said: Text = spans.collect();
    if let Some(Span::Words { text }) = said.first_mut() {
        *text = capital(text);
    }
    said
}

/// A document as an answer and what it rests on, in the words of the scenario.
pub fn told(model: &Model, document: Document) -> (Text, Vec<Block>) {
    let document = in_words_of(model, with_titles(document, &[model]));
    let mut lead = document.lead.into_iter();
    let sentence = lead.next().unwrap_or_default();
    let lead = lead.map(|text| Block::Paragraph { text });
    let picture = document
        .picture
        .map(|figure| Block::Figure { figure: *figure });
    let sections = document.sections.into_iter().flat_map(|section| {
        let heading = Block::Heading {
            text: section.title,
        };
        [heading].into_iter().chain(section.blocks)
    });
    let blocks = lead
        .chain(picture)
        .chain(document.opening)
        .chain(sections)
        .chain(document.footer.into_iter().map(note));
    (sentence, blocks.collect())
}
