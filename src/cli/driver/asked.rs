//! What a command adds to its study.

use crate::cli::args::common::Common;
use crate::cli::exit::Status;
use crate::cli::output;
use crate::cli::store::directory::SCENARIO;
use crate::engine::model::{Event, Model};
use crate::error::Error;
use crate::report::document::Document;
use crate::report::render::terminal::Rendered;
use crate::scenario::Loaded;
use crate::study::pieces::{Study, TableSet};
use crate::study::results::columns::Keep;
use crate::study::results::sheet::Format;
use std::path::Path;

pub use crate::report::verdict::FEW_WORLDS;

/// What people read of results.
pub enum Shown {
    Document(Document),
    /// Lines that are laid out, with their numbers.
    Lines(Rendered),
}

/// The results of what is asked.
pub type ResultsOf<A> = <<A as Asked>::Study as Study>::Results;

/// A study with what people see of it.
pub trait Asked: Send + Sync {
    type Study: Study;

    fn study(&self) -> &Self::Study;

    /// Its scenario; the first, where there are several.
    fn loaded(&self) -> &Loaded;

    fn model(&self) -> &Model {
        &self.loaded().model
    }

    /// Names of the files of its scenarios, each with the scenario after all its layers.
    fn scenarios(&self) -> Vec<(String, &str)> {
        vec![(SCENARIO.to_owned(), &self.loaded().resolved)]
    }

    /// Which of its tables it writes; none where it always writes all.
    fn keep(&self) -> Option<Keep> {
        None
    }

    /// The format of its tables.
    fn format(&self) -> Format {
        Format::Csv
    }

    /// Fewer worlds than this are said before they are played.
    fn few(&self) -> u64 {
        FEW_WORLDS
    }

    /// Whether its text says by itself where worlds are few.
    fn tells_few(&self) -> bool {
        false
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

    /// What is done with results when they are printed, and how the command ends.
    fn ended(&self, _: &ResultsOf<Self>, _out: Option<&Path>, _: &Common) -> Result<Status, Error> {
        Ok(Status::Done)
    }

    /// Files of pages, which hang on the version of the program and no study compares, by name.
    fn pages(&self, _: &ResultsOf<Self>, _: &Path) -> Result<(), Error> {
        Ok(())
    }
}

/// The tables that are asked for.
pub fn tables(asked: &impl Asked) -> TableSet {
    TableSet {
        keep: asked.keep().unwrap_or(Keep::Trials),
        format: asked.format(),
    }
}

/// Says where there are fewer worlds than `least` of a scenario in which worlds differ.
pub fn warn_below(least: u64, model: &Model, common: &Common) {
    let worlds = model.simulation.trials;
    let by_chance = |event: &Event| event.probability > 0.0 && event.probability < 1.0;
    let differ = !model.uncertain.is_empty() || model.events.iter().any(by_chance);
    if differ && worlds < least {
        let only = match worlds {
            1 => "one world says nothing of others".to_owned(),
            _ => format!("{worlds} worlds are few: averages, shares and their intervals are rough"),
        };
        let enough = (2 * least).max(1000);
        output::warning(common, &format!("{only}; use -n {enough} or more"));
    }
}
