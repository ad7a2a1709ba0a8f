//! A study that was played, in memory: for programs that hold this one.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::driver::asked::{Asked, ResultsOf, Shown};
#[cfg(feature = "parquet")]
use crate::cli::driver::batches::HeldTable;
use crate::cli::driver::fold::{Into, PieceSource, Play, in_pool};
use crate::cli::driver::held_pieces::HeldRest;
#[cfg(feature = "parquet")]
use crate::cli::driver::held_table;
use crate::cli::driver::told::{lines, titled};
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::error::Error;
use crate::report::document::Document;
use crate::study::pieces::Study;
use serde_json::Value;

/// A study that was played.
pub struct HeldStudy<A: Asked> {
    pub asked: A,
    pub results: ResultsOf<A>,
    pub rest: HeldRest,
    /// It with its options.
    pub arguments: Value,
    pub status: Status,
}

/// A study that was played, without knowing which it is.
pub trait Held: Send + Sync {
    /// The name of its command.
    fn command(&self) -> &str;

    /// How it ended.
    fn status(&self) -> Status;

    /// Its document, as `results.json` has it.
    fn document(&self) -> String;

    /// What people read of it, in so many columns.
    fn text(&self, width: usize) -> String;

    /// The same as a document; none where it is but lines.
    fn shown(&self) -> Option<Document>;

    /// Its page, if it has one of its own.
    fn page(&self) -> Option<String>;

    /// The resolved scenarios of what was asked, by the names of their files.
    fn scenarios(&self) -> Vec<(String, String)>;

    /// Where the rest is.
    fn rest(&self) -> &HeldRest;

    /// Writes what one machine writes into a directory.
    fn save(&self, out: &OutArgs, common: &Common) -> Result<(), Error>;

    /// The names of its tables.
    #[cfg(feature = "parquet")]
    fn tables(&self) -> Vec<String>;

    /// A table by its name.
    #[cfg(feature = "parquet")]
    fn table(&self, name: &str) -> Result<HeldTable, Error>;
}

impl<A: Asked> Held for HeldStudy<A> {
    fn command(&self) -> &str {
        let study = self.asked.study().identity().study.as_ref();
        study.map_or("run", |study| &study.command)
    }

    fn status(&self) -> Status {
        self.status
    }

    fn document(&self) -> String {
        self.asked.study().document(&self.results)
    }

    fn text(&self, width: usize) -> String {
        lines(&self.asked, &self.results, &self.arguments, width).text
    }

    fn shown(&self) -> Option<Document> {
        match self.asked.shown(&self.results, 0) {
            Shown::Document(document) => Some(titled(&self.asked, document, None)),
            Shown::Lines(_) => None,
        }
    }

    fn page(&self) -> Option<String> {
        #[cfg(feature = "html")]
        if self.asked.page_files().is_some() {
            return Some(self.asked.page(&self.results));
        }
        None
    }

    fn scenarios(&self) -> Vec<(String, String)> {
        let scenarios = self.asked.scenarios().into_iter();
        scenarios
            .map(|(name, text)| (name, text.to_owned()))
            .collect()
    }

    fn rest(&self) -> &HeldRest {
        &self.rest
    }

    fn save(&self, out: &OutArgs, common: &Common) -> Result<(), Error> {
        let (HeldRest::Pieces(pieces), Some(path)) = (&self.rest, &out.out) else {
            return Err(Error::NotHeld {
                what: "the directory",
            });
        };
        let play = Play {
            stop: interrupt::stop_of(common),
            common,
        };
        let into = Into {
            asked: &self.asked,
            path,
            source: PieceSource::Held(pieces),
            arguments: &self.arguments,
            play: &play,
        };
        in_pool(common, || into.directory(out.existing()))?;
        Ok(())
    }

    #[cfg(feature = "parquet")]
    fn tables(&self) -> Vec<String> {
        held_table::names(&self.asked, &self.results, &self.rest)
    }

    #[cfg(feature = "parquet")]
    fn table(&self, name: &str) -> Result<HeldTable, Error> {
        held_table::table(&self.asked, &self.results, &self.rest, name)
    }
}
