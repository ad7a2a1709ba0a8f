//! All that can be done with a study, without knowing which it is.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::driver::asked::{Asked, ResultsOf, warn_few};
use crate::cli::driver::fits;
use crate::cli::driver::fold::{Ended, Into, PieceSource, Play, chain, in_pool};
use crate::cli::driver::held::{Held, HeldStudy};
use crate::cli::driver::held_pieces::{HeldPieces, HeldRest};
use crate::cli::driver::probe::{Probe, measured, outlined};
use crate::cli::driver::replay::{Replay, replayed};
use crate::cli::driver::told::lines;
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::places;
use crate::cli::store::directory::Existing;
use crate::error::Error;
use crate::study::pieces::{Pieces, Study, StudyError};
use crate::study::results::run::Manifest;
use serde_json::Value;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What a plan needs to know of a study.
#[derive(Debug, Clone)]
pub struct Survey {
    pub identity: Manifest,
    pub pieces: Pieces,
    pub probe: Probe,
}

/// Takes in the bytes of the next piece.
pub type Taker<'a> = dyn FnMut(&[u8]) -> Result<(), Error> + Send + 'a;

/// A study that is asked for.
pub trait Job {
    fn identity(&self) -> &Manifest;

    /// Files that its scenarios were read from.
    fn read(&self) -> Vec<PathBuf>;

    /// Plays it, or makes of all shards of a plan what one machine writes, and prints what came out; into a directory, if one is asked for.
    /// `arguments` are it with its options, for the manifest.
    fn answer(
        &self,
        source: PieceSource<'_>,
        out: &OutArgs,
        arguments: &Value,
        common: &Common,
    ) -> Result<Status, Error>;

    /// What a plan needs to know of it, which takes a short probe.
    fn survey(&self, common: &Common) -> Result<Survey, Error>;

    /// Plays some pieces of a plan.
    fn play(
        &self,
        range: Range<u64>,
        stop: &Arc<AtomicBool>,
        kept: &str,
        take: &mut Taker<'_>,
        common: &Common,
    ) -> Result<(), Error>;

    /// Plays it and holds what came of it, into a directory or in memory; with `keep`, with what its tables are made of.
    fn hold(
        self: Box<Self>,
        out: &OutArgs,
        keep: bool,
        arguments: Value,
        common: &Common,
    ) -> Result<Box<dyn Held>, Error>;

    /// Holds it with the document of its results that were played before, and where the rest of them is.
    fn restore(
        self: Box<Self>,
        document: &str,
        rest: HeldRest,
        arguments: Value,
    ) -> Result<Box<dyn Held>, Error>;

    /// Plays it again and compares it with the files of a directory; without `all`, only with those that are there.
    fn replay(&self, directory: &Path, all: bool, common: &Common) -> Result<Replay, Error>;
}

impl<A: Asked> Job for A {
    fn identity(&self) -> &Manifest {
        self.study().identity()
    }

    fn read(&self) -> Vec<PathBuf> {
        let sources = self.all_loaded().into_iter().flat_map(|one| &one.sources);
        sources.map(|source| PathBuf::from(&source.name)).collect()
    }

    fn answer(
        &self,
        source: PieceSource<'_>,
        out: &OutArgs,
        arguments: &Value,
        common: &Common,
    ) -> Result<Status, Error> {
        if let PieceSource::Here = source {
            let path = out.out.as_deref();
            self.check(false, path)?;
            if let Some(path) = path.filter(|_| out.force) {
                places::check_replaced(path, &self.read())?;
            }
            if out.dry_run {
                let text = in_pool(common, || outlined(self, path.is_some()))?;
                output::result(&text)?;
                return Ok(Status::Done);
            }
            fits::check(self.study())?;
            warn_few(self, common);
        }
        done(self, source, out, arguments, common)
    }

    fn survey(&self, common: &Common) -> Result<Survey, Error> {
        self.check(true, None)?;
        fits::check(self.study())?;
        warn_few(self, common);
        let study = self.study();
        Ok(Survey {
            identity: study.identity().clone(),
            pieces: study.pieces(),
            probe: in_pool(common, || measured(study))?,
        })
    }

    fn play(
        &self,
        range: Range<u64>,
        stop: &Arc<AtomicBool>,
        kept: &str,
        take: &mut Taker<'_>,
        common: &Common,
    ) -> Result<(), Error> {
        let play = Play {
            stop: Arc::clone(stop),
            common,
        };
        let study = self.study();
        let kept = |_| kept.to_owned();
        in_pool(common, || match study.pieces().chained {
            true => take(&chain(&play, study, kept)?),
            false => play.pieces(study, range, &[], kept, take),
        })
    }

    fn hold(
        self: Box<Self>,
        out: &OutArgs,
        keep: bool,
        arguments: Value,
        common: &Common,
    ) -> Result<Box<dyn Held>, Error> {
        let path = out.out.as_deref();
        self.check(false, path)?;
        fits::check(self.study())?;
        warn_few(&*self, common);
        let mut pieces = (keep && path.is_none()).then(HeldPieces::default);
        let source = PieceSource::Here;
        let (larger, results) = folded(&*self, source, out, &arguments, common, &mut pieces)?;
        let asked = larger.unwrap_or(*self);
        for text in asked.warnings(&results) {
            output::warning(common, &text);
        }
        let status = asked.ended(&results, path, common)?;
        let rest = match (path, pieces) {
            (Some(path), _) => HeldRest::Directory(path.to_owned()),
            (None, Some(pieces)) => HeldRest::Pieces(pieces),
            (None, None) => HeldRest::Nothing,
        };
        Ok(Box::new(HeldStudy {
            asked,
            results,
            rest,
            arguments,
            status,
        }))
    }

    fn restore(
        self: Box<Self>,
        document: &str,
        rest: HeldRest,
        arguments: Value,
    ) -> Result<Box<dyn Held>, Error> {
        let results = serde_json::from_str(document).map_err(|_| StudyError::Foreign)?;
        Ok(Box::new(HeldStudy {
            asked: *self,
            results,
            rest,
            arguments,
            status: Status::Done,
        }))
    }

    fn replay(&self, directory: &Path, all: bool, common: &Common) -> Result<Replay, Error> {
        let play = Play {
            stop: interrupt::stop_of(common),
            common,
        };
        in_pool(common, || replayed(self, directory, all, &play))
    }
}

/// Makes results, prints them and says how it ended.
fn done<A: Asked>(
    asked: &A,
    source: PieceSource<'_>,
    out: &OutArgs,
    arguments: &Value,
    common: &Common,
) -> Result<Status, Error> {
    let (larger, results) = folded(asked, source, out, arguments, common, &mut None)?;
    let asked = larger.as_ref().unwrap_or(asked);
    told(asked, &results, out, arguments, common)
}

/// Makes results; plays larger studies of the same until one suffices, which comes with them. What pieces say that are played in memory is
/// held, if there is something to hold it.
fn folded<A: Asked>(
    asked: &A,
    source: PieceSource<'_>,
    out: &OutArgs,
    arguments: &Value,
    common: &Common,
    held: &mut Option<HeldPieces>,
) -> Result<(Option<A>, ResultsOf<A>), Error> {
    let play = Play {
        stop: interrupt::stop_of(common),
        common,
    };
    let mut folded = |asked: &A, existing: Existing| {
        in_pool(common, || match &out.out {
            None => {
                if let Some(held) = held.as_mut() {
                    *held = HeldPieces::default();
                }
                let results = play.in_memory(asked.study(), held.as_ref())?;
                Ok(match asked.larger(&results)? {
                    Some(larger) => Ended::Larger(larger),
                    None => Ended::Results(results),
                })
            }
            Some(path) => Into {
                asked,
                path,
                source,
                arguments,
                play: &play,
            }
            .directory(existing),
        })
    };
    let mut larger: Option<A> = None;
    let mut existing = out.existing();
    loop {
        let current = larger.as_ref().unwrap_or(asked);
        match folded(current, existing)? {
            Ended::Results(results) => return Ok((larger, results)),
            Ended::Larger(next) => larger = Some(next),
        }
        existing = Existing::Advance;
    }
}

/// Prints results as document or text, with what is doubtful about them.
fn told<A: Asked>(
    asked: &A,
    results: &ResultsOf<A>,
    out: &OutArgs,
    arguments: &Value,
    common: &Common,
) -> Result<Status, Error> {
    let width = output::width();
    output::result(&match out.json {
        true => asked.study().document(results),
        false => {
            let lines = lines(asked, results, arguments, width);
            match common.paths {
                true => lines.with_paths(),
                false => lines.text,
            }
        }
    })?;
    for text in asked.warnings(results) {
        output::warning(common, &text);
    }
    asked.ended(results, out.out.as_deref(), common)
}
