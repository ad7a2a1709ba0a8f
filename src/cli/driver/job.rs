//! All that can be done with a study, without knowing which it is.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::driver::asked::{Asked, ResultsOf, Shown, warn_few};
use crate::cli::driver::fold::{Ended, Into, PieceSource, Play, chain, in_pool};
use crate::cli::driver::probe::{Probe, measured, outlined};
use crate::cli::driver::replay::{Replay, replayed};
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::store::directory::Existing;
use crate::error::Error;
use crate::report::document::Text;
use crate::report::legend::with_titles;
use crate::report::next::next;
use crate::report::render::terminal;
use crate::report::roles::in_words_of;
use crate::study::pieces::{Pieces, Study};
use crate::study::results::run::Manifest;
use serde_json::Value;
use std::ops::Range;
use std::path::Path;
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

    /// Plays it again and compares it with the files of a directory; without `all`, only with those that are there.
    fn replay(&self, directory: &Path, all: bool, common: &Common) -> Result<Replay, Error>;
}

impl<A: Asked> Job for A {
    fn identity(&self) -> &Manifest {
        self.study().identity()
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
            if out.dry_run {
                let text = in_pool(common, || outlined(self, path.is_some()))?;
                output::result(&text)?;
                return Ok(Status::Done);
            }
            warn_few(self, common);
        }
        done(self, source, out, arguments, common)
    }

    fn survey(&self, common: &Common) -> Result<Survey, Error> {
        self.check(true, None)?;
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

    fn replay(&self, directory: &Path, all: bool, common: &Common) -> Result<Replay, Error> {
        let play = Play {
            stop: interrupt::watch(),
            common,
        };
        in_pool(common, || replayed(self, directory, all, &play))
    }
}

/// Makes results, prints them and says how it ended; plays larger studies of the same until one suffices.
fn done<A: Asked>(
    asked: &A,
    source: PieceSource<'_>,
    out: &OutArgs,
    arguments: &Value,
    common: &Common,
) -> Result<Status, Error> {
    let play = Play {
        stop: interrupt::watch(),
        common,
    };
    let folded = |asked: &A, existing: Existing| {
        in_pool(common, || match &out.out {
            None => {
                let results = play.in_memory(asked.study())?;
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
            Ended::Results(results) => {
                return told(current, &results, out, arguments, common);
            }
            Ended::Larger(next) => larger = Some(next),
        }
        existing = Existing::Advance;
    }
}

/// What to ask after a study of the scenario that its arguments name.
fn asks_next<A: Asked>(asked: &A, arguments: &Value) -> Option<Text> {
    let (command, arguments) = arguments.as_object()?.iter().next()?;
    let scenario = &arguments["scenario"];
    let typed = scenario.as_str().or(scenario["scenario"].as_str())?;
    next(command, typed, asked.model())
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
            let lines = match asked.shown(results, width) {
                Shown::Document(mut document) => {
                    document.footer.extend(asks_next(asked, arguments));
                    if let Some(model) = asked.speaker() {
                        document = in_words_of(model, document);
                    }
                    let titled = with_titles(document, &asked.models());
                    terminal::render(&titled, width)
                }
                Shown::Lines(lines) => lines,
            };
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
