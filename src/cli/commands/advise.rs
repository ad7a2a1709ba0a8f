//! `mufakat advise`: a note that a minister can act on.

use crate::cli::args::advise::AdviseArgs;
use crate::cli::args::common::Common;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::exit::Status;
use crate::cli::identity::{arm_index, identity};
#[cfg(feature = "html")]
use crate::cli::pages;
use crate::cli::source;
use crate::cli::store::atomic::write_out;
#[cfg(feature = "html")]
use crate::cli::store::manifest::ADVICE;
use crate::engine::model::Model;
use crate::engine::model::question::{REGION, View};
use crate::error::Error;
use crate::report::document::Document;
use crate::report::render::markdown;
use crate::report::roles::in_words_of;
use crate::report::sections::advise::document::{Behind, NoteReader, document};
use crate::scenario::Loaded;
use crate::study::advise::{AdviceQuestion, Advise};
use crate::study::results::advise::AdviceResults;
use crate::study::results::choice::{default_reference, view_name};
use std::path::Path;

/// An advice that is asked for.
pub struct AskedAdvice {
    study: Advise,
    reader: Option<NoteReader>,
    args: AdviseArgs,
}

/// The advice that is asked for.
pub fn ask(args: &AdviseArgs, common: &Common) -> Result<AskedAdvice, Error> {
    let (base, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let (view, reader) = match &args.view {
        Some(word) => view(word, model)?,
        None => (model.question.view, None),
    };
    let supplier = args.hyperscaler.as_ref().map(|id| {
        let ids: Vec<&str> = model
            .hyperscalers
            .iter()
            .map(|one| one.id.as_str())
            .collect();
        let found = ids.iter().position(|one| one == id);
        found.ok_or_else(|| Error::unknown("hyperscaler", id, &ids))
    });
    let question = AdviceQuestion {
        view,
        supplier: supplier.transpose()?,
        reference: match &args.reference {
            Some(name) => arm_index(model, name)?,
            None => default_reference(model),
        },
    };
    let mut settings = vec![
        format!("for {}", view_name(view, model)),
        format!("reference {}", model.arms[question.reference].name),
    ];
    settings.extend(
        question
            .supplier
            .map(|h| format!("with {}", model.hyperscalers[h].id)),
    );
    Ok(AskedAdvice {
        study: Advise {
            identity: identity(&loaded, &args.scenario.layers, "advise", settings),
            base,
            question,
            loaded,
        },
        reader,
        args: args.clone(),
    })
}

/// Whose view a word names, and whose reading; the id of a party counts before the word for a reader.
fn view(word: &str, model: &Model) -> Result<(View, Option<NoteReader>), Error> {
    let state = || {
        model
            .states
            .iter()
            .position(|one| one.id == word)
            .map(View::State)
    };
    let hyperscaler = || {
        let found = model.hyperscalers.iter().position(|one| one.id == word);
        found.map(View::Hyperscaler)
    };
    let found = match word {
        REGION => Some(View::Region),
        _ => state().or_else(hyperscaler),
    };
    let reader = NoteReader::ALL.into_iter().find(|one| one.word() == word);
    let found = found.map(|view| (view, None));
    let found = found.or_else(|| reader.map(|one| (View::Region, Some(one))));
    found.ok_or_else(|| {
        let parties = model.states.iter().chain(&model.hyperscalers);
        let ids = parties.map(|one| one.id.as_str());
        let readers = NoteReader::ALL.map(NoteReader::word);
        let known: Vec<&str> = [REGION].into_iter().chain(readers).chain(ids).collect();
        Error::unknown("reader", word, &known)
    })
}

impl AskedAdvice {
    fn document(&self, results: &AdviceResults, behind: Behind) -> Document {
        let typed = &self.args.scenario.scenario;
        let whose = (self.study.question.view, self.reader);
        document(self.model(), results, whose, (typed, behind))
    }

    /// The note as HTML.
    #[cfg(feature = "html")]
    fn html(&self, results: &AdviceResults) -> String {
        pages::html(self.model(), self.document(results, Behind::Folded))
    }
}

impl Asked for AskedAdvice {
    type Study = Advise;

    fn study(&self) -> &Advise {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn shown(&self, results: &AdviceResults, _: usize) -> Shown {
        Shown::Document(self.document(
            results,
            match self.args.all {
                true => Behind::Open,
                false => Behind::Left,
            },
        ))
    }

    fn ended(
        &self,
        results: &AdviceResults,
        _: Option<&Path>,
        _: &Common,
    ) -> Result<Status, Error> {
        #[cfg(feature = "html")]
        if let Some(path) = &self.args.html {
            write_out(path, self.html(results).as_bytes())?;
        }
        if let Some(path) = &self.args.md {
            let note = in_words_of(self.model(), self.document(results, Behind::Open));
            let note = markdown::render(&note);
            write_out(path, note.as_bytes())?;
        }
        Ok(Status::Done)
    }

    #[cfg(feature = "html")]
    fn page_files(&self) -> Option<(&'static str, Option<&Path>)> {
        Some((ADVICE, self.args.html.as_deref()))
    }

    #[cfg(feature = "html")]
    fn page(&self, results: &AdviceResults) -> String {
        self.html(results)
    }
}
