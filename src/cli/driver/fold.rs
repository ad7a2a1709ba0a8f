//! From pieces to results.

use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::driver::asked::{Asked, ResultsOf, tables};
use crate::cli::driver::held_pieces::HeldPieces;
use crate::cli::identity::circumstance;
use crate::cli::output;
use crate::cli::progress;
use crate::cli::store::atomic::{settle, temporary};
use crate::cli::store::directory::{Directory, Existing, Opened, read_results};
use crate::cli::store::file::pieces;
use crate::cli::store::found::{Merged, Sink};
use crate::cli::store::manifest::stored_format;
use crate::cli::store::parts::{Parts, frame};
use crate::engine::simulate::{End, Watch, on_threads};
use crate::error::Error;
use crate::study::pieces::{Out, Part, Study, StudyError, TableSet};
use crate::theory::spelling::listed;
use crate::theory::spelling::units::count;
use serde_json::Value;
use std::io::BufWriter;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Where pieces come from.
#[derive(Clone, Copy)]
pub enum PieceSource<'a> {
    /// They are played here, but for those that are there.
    Here,
    /// From all shards of a plan.
    Shards(&'a Merged),
    /// From memory.
    Held(&'a HeldPieces),
}

/// How something is played: who stops it and what is said.
pub struct Play<'a> {
    pub stop: Arc<AtomicBool>,
    pub common: &'a Common,
}

/// Does `work` on the threads asked for.
pub fn in_pool<R: Send>(
    common: &Common,
    work: impl FnOnce() -> Result<R, Error> + Send,
) -> Result<R, Error> {
    let threads = common.threads.map(NonZeroUsize::get);
    on_threads(threads, work).unwrap_or_else(|reason| {
        Err(Error::Threads {
            threads: threads.unwrap_or(0),
            reason,
        })
    })
}

impl Play<'_> {
    /// An error if a signal came, with what is kept.
    pub fn go_on(&self, worlds: u64, kept: impl FnOnce() -> String) -> Result<(), Error> {
        match self.stop.load(Ordering::Relaxed) {
            true => Err(Error::Interrupted {
                played: worlds,
                trials: worlds,
                kept: kept(),
            }),
            false => Ok(()),
        }
    }

    /// Plays some pieces with a bar; each goes to `sink`.
    pub fn pieces<S: Study>(
        &self,
        study: &S,
        range: Range<u64>,
        before: &[Vec<u8>],
        kept: impl Fn(u64) -> String,
        sink: &mut (dyn FnMut(&[u8]) -> Result<(), Error> + Send),
    ) -> Result<(), Error> {
        let pieces = study.pieces();
        let worlds = pieces.worlds;
        let (first, last) = match pieces.chained {
            true => (0, pieces.count),
            false => (range.start, range.end),
        };
        let total = last.saturating_mul(worlds);
        let bar = progress::bar(
            total,
            first * worlds,
            is_progress_wanted(self.common),
            self.common.host.as_ref(),
        );
        let (mut next, mut failed) = (range.start, None);
        let mut push = |piece: &[u8]| {
            failed = sink(piece).err();
            if failed.is_none() {
                next += 1;
                if !pieces.chained {
                    // A cell that failed has not played all its worlds.
                    bar.set_position(bar.position().max(next * worlds));
                }
            }
            failed.is_none()
        };
        let part = Part {
            pieces: range,
            before,
            watch: Watch {
                stop: &self.stop,
                on_trial: &|| bar.inc(1),
            },
        };
        let end = output::timed(self.common, "worlds played", || study.play(part, &mut push));
        let played = bar.position();
        bar.finish_and_clear();
        match (failed, end?) {
            (Some(error), _) => Err(error),
            (None, End::Finished) => Ok(()),
            (None, End::Stopped { .. }) => Err(Error::Interrupted {
                played,
                trials: total,
                kept: kept(next),
            }),
        }
    }

    /// Plays all pieces and keeps what they say in memory, or nothing.
    pub fn in_memory<S: Study>(
        &self,
        study: &S,
        held: Option<&HeldPieces>,
    ) -> Result<S::Results, Error> {
        let mut assembler = study.assemble();
        let kept = |_| "nothing is kept without --out".to_owned();
        self.pieces(study, study.pieces().all(), &[], kept, &mut |piece| {
            if let Some(held) = held {
                held.push(piece)?;
            }
            Ok(assembler.take(piece)?)
        })?;
        let results = output::timed(self.common, "results summarised", || {
            assembler.results(&self.stop)
        });
        let worlds = study.pieces().all_worlds();
        results
            .map_err(|error| stopped(error, worlds, || "nothing is kept without --out".to_owned()))
    }
}

/// A stop while results were made, told with what is kept.
fn stopped(error: StudyError, worlds: u64, kept: impl FnOnce() -> String) -> Error {
    match error {
        StudyError::Stopped => Error::Interrupted {
            played: worlds,
            trials: worlds,
            kept: kept(),
        },
        other => other.into(),
    }
}

/// Whether a bar may be shown, if there is a terminal for it.
pub fn is_progress_wanted(common: &Common) -> bool {
    !common.quiet && !common.no_progress
}

/// What became of a directory.
pub enum Ended<A: Asked> {
    Results(ResultsOf<A>),
    /// They do not suffice: this is to be played there.
    Larger(A),
}

/// A study on its way into a directory.
pub struct Into<'a, A> {
    pub asked: &'a A,
    pub path: &'a Path,
    pub source: PieceSource<'a>,
    /// The study with its options, for its manifest.
    pub arguments: &'a Value,
    pub play: &'a Play<'a>,
}

impl<A: Asked> Into<'_, A> {
    /// Plays what is not there yet, and writes results and tables.
    pub fn directory(&self, existing: Existing) -> Result<Ended<A>, Error> {
        let (asked, study, common) = (self.asked, self.asked.study(), self.play.common);
        let open = || Directory::open(self.path, existing, study.identity());
        let path = self.path.display();
        let mut wanted = tables(asked);
        let opened = output::timed(common, "directory opened", open)?;
        if asked.format().is_none() && matches!(existing, Existing::Resume | Existing::Advance) {
            wanted.format = stored_format(self.path)?;
        }
        let (directory, set) = match opened {
            Opened::Ready(directory) => (directory, wanted),
            Opened::Lacking {
                directory,
                missing,
                set,
            } => {
                let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
                let text = format!("{path} has lost {}: made again\n", listed(&missing));
                output::note(common, &text);
                (directory, set)
            }
            Opened::Complete(directory, format)
                if format != wanted.format && !study.files(wanted).is_empty() =>
            {
                (directory, wanted)
            }
            Opened::Complete(..) => {
                let text = format!("{path} is complete: nothing is left to do\n");
                output::note(common, &text);
                return Ok(Ended::Results(read_results(self.path)?));
            }
        };
        let ended = self.write(&directory, set);
        match (&ended, self.source) {
            // What failed and is kept elsewhere leaves nothing, if nothing was there.
            (Err(_), PieceSource::Shards(..) | PieceSource::Held(..)) => directory.abandon(),
            (Ok(Ended::Results(results)), _) => asked.pages(results, self.path)?,
            _ => {}
        }
        ended
    }

    fn write(&self, directory: &Directory, set: TableSet) -> Result<Ended<A>, Error> {
        let (asked, study) = (self.asked, self.asked.study());
        let started = Instant::now();
        set.format.built_in().map_err(|source| Error::NotBuiltIn {
            name: self.path.display().to_string(),
            source,
        })?;
        let scenarios = asked.scenarios();
        let others = scenarios.iter().skip(1).map(|(name, _)| name.clone());
        let mut circumstance = circumstance(asked.keep().map(|_| set.keep), set.format);
        circumstance.files = study.files(set).into_iter().chain(others).collect();
        circumstance.pages = Some(page_of(asked));
        directory.write_manifest(&circumstance, self.arguments)?;
        for (name, text) in &scenarios {
            directory.write_whole(name, text.as_bytes())?;
        }
        let mut assembler = study.assemble();
        let worlds = study.pieces().all_worlds();
        let parts = match self.source {
            PieceSource::Shards(merged) => {
                self.merged(merged, &mut |piece| Ok(assembler.take(piece)?))?;
                None
            }
            PieceSource::Held(held) => {
                held.each(&mut |piece| Ok(assembler.take(piece)?))?;
                None
            }
            PieceSource::Here => {
                let mut parts = directory.parts(study.pieces())?;
                for (path, damage) in &parts.damaged {
                    let text = format!("{} is damaged ({damage}): played again\n", path.display());
                    output::note(self.play.common, &text);
                }
                circumstance.resumed_from = match study.pieces().chained {
                    true => parts.next() * study.identity().trials,
                    false => parts.next() * study.pieces().worlds,
                };
                let mut take = |piece: &[u8]| Ok(assembler.take(piece)?);
                self.played(&mut parts, &mut take)
                    .map_err(|error| kept(error, self.path))?;
                Some(parts)
            }
        };
        let common = self.play.common;
        let results = output::timed(common, "results summarised", || {
            assembler.results(&self.play.stop)
        });
        let kept_so_far = || match &parts {
            None => SHARDS_KEPT.to_owned(),
            Some(parts) => self.kept(parts.next()),
        };
        let results = results.map_err(|error| stopped(error, worlds, kept_so_far))?;
        if let Some(larger) = asked.larger(&results)? {
            return Ok(Ended::Larger(larger));
        }
        let finish = || {
            output::timed(common, "tables written", || {
                self.tables(directory, set, &results, parts.as_ref())
            })?;
            circumstance.wall_time_s = Some(started.elapsed().as_secs_f64());
            directory.write_manifest(&circumstance, self.arguments)?;
            directory.complete(&study.document(&results))
        };
        let mut finish = finish;
        finish().map_err(|error| match parts.is_some() {
            true => kept(error, self.path),
            false => error,
        })?;
        match parts {
            Some(parts) => parts.remove(),
            // Of the same study on one machine that was interrupted there.
            None => directory.remove_parts(),
        }
        Ok(Ended::Results(results))
    }

    /// Hands on the pieces of earlier invocations, then plays the others.
    fn played(
        &self,
        parts: &mut Parts,
        take: &mut (dyn FnMut(&[u8]) -> Result<(), Error> + Send),
    ) -> Result<(), Error> {
        let study = self.asked.study();
        let (mut before, mut read) = (Vec::new(), 0);
        let pieces = study.pieces();
        parts.each(&mut |piece| {
            self.play
                .go_on(read * pieces.worlds, || self.kept(parts.next()))?;
            read += 1;
            if pieces.chained {
                before.push(piece.to_vec());
            }
            take(piece)
        })?;
        let range = parts.next()..study.pieces().all().end;
        let kept = |next| self.kept(next);
        let played = self.play.pieces(study, range, &before, kept, &mut |piece| {
            take(piece)?;
            parts.push(piece)
        });
        // What is done is kept, whatever ended it.
        parts.flush().and(played)
    }

    /// Hands on the pieces of a plan.
    fn merged(&self, merged: &Merged, take: &mut Sink<'_>) -> Result<(), Error> {
        let Merged { store, found } = merged;
        let worlds = store.pieces.all_worlds();
        let mut take = |piece: &[u8]| {
            self.play.go_on(worlds, || SHARDS_KEPT.to_owned())?;
            take(piece)
        };
        found.each(store, &mut |piece| match store.pieces.chained {
            true => pieces(piece).try_for_each(&mut take),
            false => take(piece),
        })
    }

    /// Writes the tables, each moved to its place when all are whole.
    fn tables(
        &self,
        directory: &Directory,
        set: TableSet,
        results: &ResultsOf<A>,
        parts: Option<&Parts>,
    ) -> Result<(), Error> {
        let study = self.asked.study();
        let failed = |error| match error {
            StudyError::Write(error) => Error::unwritable(directory.path())(error),
            error => error.into(),
        };
        let mut files = Vec::new();
        let mut open = |name: &str| {
            let path = directory.path().join(name);
            let file = temporary(&path)?;
            let out: Out = Box::new(BufWriter::new(file.as_file().try_clone()?));
            files.push((path, file));
            Ok(out)
        };
        let mut tables = study.tables(set, &mut open).map_err(failed)?;
        let mut take = |piece: &[u8]| tables.take(piece).map_err(failed);
        match (self.source, parts) {
            (PieceSource::Shards(merged), _) => self.merged(merged, &mut take)?,
            (PieceSource::Held(held), _) => held.each(&mut take)?,
            (PieceSource::Here, Some(parts)) => parts.each(&mut |piece| {
                let worlds = study.pieces().all_worlds();
                self.play.go_on(worlds, || self.kept(parts.next()))?;
                take(piece)
            })?,
            (PieceSource::Here, None) => {}
        }
        tables.finish(results).map_err(failed)?;
        for (path, file) in files {
            settle(file, &path).map_err(Error::unwritable(&path))?;
        }
        Ok(())
    }

    /// What is kept after so many pieces.
    fn kept(&self, next: u64) -> String {
        if !self.path.is_dir() {
            return format!("nothing is kept: {} is gone", self.path.display());
        }
        format!(
            "the first {} {} are kept in {}, continue with --resume",
            count(next),
            self.asked.study().pieces().of.name(),
            self.path.display()
        )
    }
}

/// The name of the page that a study writes into its directory, if it has one.
fn page_of(_asked: &impl Asked) -> Vec<String> {
    #[cfg(feature = "html")]
    if let Some((name, _)) = _asked.page_files() {
        return vec![name.to_owned()];
    }
    Vec::new()
}

/// What is kept of a merge.
const SHARDS_KEPT: &str = "all shards are kept: give the same command again, `merge` with --resume";

/// What is wrong with a number would be wrong again; what is wrong with a disk can be mended.
fn kept(error: Error, path: &Path) -> Error {
    // Nothing is kept in a directory that somebody has taken away.
    match error.is_file() && path.is_dir() {
        true => Error::Kept {
            source: Box::new(error),
            directory: path.to_owned(),
        },
        false => error,
    }
}

/// All pieces of a chained study as the one piece that a plan has of it.
pub fn chain<S: Study>(
    play: &Play<'_>,
    study: &S,
    kept: impl Fn(u64) -> String,
) -> Result<Vec<u8>, Error> {
    let mut block = Vec::new();
    play.pieces(study, study.pieces().all(), &[], kept, &mut |piece| {
        frame(&mut block, piece);
        Ok(())
    })?;
    Ok(block)
}

impl OutArgs {
    /// What to do with a directory that is not empty.
    pub fn existing(&self) -> Existing {
        match (self.force, self.resume) {
            (true, _) => Existing::Replace,
            (_, true) => Existing::Resume,
            _ => Existing::Refuse,
        }
    }
}
