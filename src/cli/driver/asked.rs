//! What a command adds to its study.

use crate::cli::args::common::Common;
use crate::cli::exit::Status;
use crate::cli::output;
#[cfg(feature = "html")]
use crate::cli::store::atomic::{write_out, write_whole};
use crate::cli::store::directory::SCENARIO;
use crate::engine::model::Model;
use crate::error::{Error, NOTHING_UNCERTAIN};
use crate::report::document::Document;
use crate::report::render::terminal::Rendered;
use crate::report::verdict::{FEW_WORLDS, few_worlds};
use crate::scenario::Loaded;
use crate::study::pieces::{Study, TableSet};
use crate::study::results::columns::Keep;
use crate::study::results::sheet::Format;
use crate::theory::spelling::units::count;
use std::path::Path;

/// What people read of results.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one of them, and it is printed at once"
)]
pub enum Shown {
    Document(Document),
    /// Lines that are laid out, with their numbers.
    Lines(Rendered),
}

/// The results of what is asked.
pub type ResultsOf<A> = <<A as Asked>::Study as Study>::Results;

/// A study with what people see of it.
pub trait Asked: Send + Sync + 'static {
    type Study: Study;

    fn study(&self) -> &Self::Study;

    /// Its scenario; the first, where there are several.
    fn loaded(&self) -> &Loaded;

    /// All of its scenarios.
    fn all_loaded(&self) -> Vec<&Loaded> {
        vec![self.loaded()]
    }

    fn model(&self) -> &Model {
        &self.loaded().model
    }

    /// The models of its scenarios, that one first.
    fn models(&self) -> Vec<&Model> {
        vec![self.model()]
    }

    /// The scenario in whose words results are told; none where each of several has its own.
    fn speaker(&self) -> Option<&Model> {
        Some(self.model())
    }

    /// Names of the files of its scenarios, each with the scenario after all its layers.
    fn scenarios(&self) -> Vec<(String, &str)> {
        vec![(SCENARIO.to_owned(), &self.loaded().resolved)]
    }

    /// Which of its tables it writes; none where it always writes all.
    fn keep(&self) -> Option<Keep> {
        None
    }

    /// The format of its tables, where it is said.
    fn format(&self) -> Option<Format> {
        None
    }

    /// Whether worlds differ by more than what chance decides in talks.
    fn is_uncertain(&self) -> bool {
        self.model().is_uncertain()
    }

    /// Fewer worlds than this are said before they are played.
    fn few(&self) -> u64 {
        FEW_WORLDS
    }

    /// Why it is of no use to play it, or to write it to a place.
    fn check(&self, _planned: bool, _out: Option<&Path>) -> Result<(), Error> {
        Ok(())
    }

    /// What would be played, besides how long it takes: its own text, if it has one.
    fn outline(&self, _writes: bool) -> Result<Option<String>, Error> {
        Ok(None)
    }

    /// A larger study of the same that must be played instead, if these results do not suffice.
    fn larger(&self, _: &ResultsOf<Self>) -> Result<Option<Self>, Error>
    where
        Self: Sized,
    {
        Ok(None)
    }

    /// What people read of it.
    fn shown(&self, results: &ResultsOf<Self>, width: usize) -> Shown;

    /// What is doubtful about results.
    fn warnings(&self, _: &ResultsOf<Self>) -> Vec<String> {
        Vec::new()
    }

    /// Its page: the name of it in a directory, and the file that it is asked for in besides; none where it has no page.
    #[cfg(feature = "html")]
    fn page_files(&self) -> Option<(&'static str, Option<&Path>)> {
        None
    }

    /// The page as HTML, of a study that has one.
    #[cfg(feature = "html")]
    fn page(&self, _: &ResultsOf<Self>) -> String {
        String::new()
    }

    /// What is done with results when they are printed, and how the command ends.
    fn ended(
        &self,
        _results: &ResultsOf<Self>,
        _out: Option<&Path>,
        _: &Common,
    ) -> Result<Status, Error> {
        #[cfg(feature = "html")]
        if let Some((_, Some(path))) = self.page_files() {
            write_out(path, self.page(_results).as_bytes())?;
        }
        Ok(Status::Done)
    }

    /// Files of pages, which hang on the version of the program and no study compares, by name.
    fn pages(&self, _results: &ResultsOf<Self>, _directory: &Path) -> Result<(), Error> {
        #[cfg(feature = "html")]
        if let Some((name, _)) = self.page_files() {
            write_whole(&_directory.join(name), self.page(_results).as_bytes())?;
        }
        Ok(())
    }
}

/// The tables that are asked for.
pub fn tables(asked: &impl Asked) -> TableSet {
    TableSet {
        keep: asked.keep().unwrap_or(Keep::Trials),
        format: asked.format().unwrap_or_default(),
        only: None,
    }
}

/// Says where there are too few worlds of a scenario in which worlds differ, or more than one where nothing is uncertain.
pub fn warn_few(asked: &impl Asked, common: &Common) {
    let trials = asked.model().simulation.trials;
    if asked.is_uncertain() {
        if let Some(text) = few_worlds(trials, asked.few()) {
            output::warning(common, &text);
        }
    } else if trials > 1 {
        let text = format!(
            "note: {NOTHING_UNCERTAIN}; its {} worlds differ by what chance decides in talks (orders, joining, votes), if at all: -n 1 plays one\n",
            count(trials)
        );
        output::note(common, &text);
    }
}
