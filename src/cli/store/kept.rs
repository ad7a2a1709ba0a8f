//! What a study has read of its worlds, on disk, so that it continues where it ended or is played in parts.

use crate::cli::cluster::old::{Push, bytes_of, numbers_of};
use crate::cli::store::journal::Journal;
use crate::cli::store::merged::Merged;
use crate::cli::study::merge_interrupted;
use crate::error::Error;
use crate::study::readings::Keeper;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};

/// Worlds with the value of each reading; none where a world lacks it.
pub type Line = Vec<Vec<Option<f64>>>;

/// Values of worlds: in a journal, some hundred a line, or on their way into a shard, or from all shards.
pub struct Kept<'a> {
    path: PathBuf,
    known: Vec<Vec<f64>>,
    part: Option<Range<u64>>,
    waiting: Mutex<Waiting<'a>>,
}

/// Where values go.
struct Waiting<'a> {
    into: Sink<'a>,
    /// Why they could not be written.
    failed: Option<Error>,
}

enum Sink<'a> {
    /// To the journal, with those that wait for the end of their line.
    Journal(Journal<Line>, Line),
    /// To a shard, with how many went there.
    Shard(&'a mut Push<'a>, u64),
    /// Nowhere: all are known.
    Nowhere,
}

impl Waiting<'_> {
    fn write(&mut self) {
        if let Sink::Journal(journal, worlds) = &mut self.into
            && !worlds.is_empty()
            && self.failed.is_none()
        {
            let line = std::mem::take(worlds);
            self.failed = journal.push(&line).err();
        }
    }
}

impl<'a> Kept<'a> {
    /// Worlds of a line.
    const LINE: usize = 256;

    fn of(path: PathBuf, known: Vec<Vec<f64>>, part: Option<Range<u64>>, into: Sink<'a>) -> Self {
        let waiting = Waiting { into, failed: None };
        Kept {
            path,
            known,
            part,
            waiting: Mutex::new(waiting),
        }
    }

    /// Reads the journal of the study in the directory `path`.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn new(path: &Path, journal: Journal<Line>) -> Result<Kept<'a>, Error> {
        let mut known = Vec::new();
        journal.replay(|line| {
            // JSON has no NaN: a number that a world lacks is null.
            let worlds = line.into_iter();
            known.extend(worlds.map(|world| {
                let values = world.into_iter();
                values.map(|value| value.unwrap_or(f64::NAN)).collect()
            }));
            Ok(())
        })?;
        let into = Sink::Journal(journal, Vec::new());
        Ok(Kept::of(path.to_owned(), known, None, into))
    }

    /// Values of some worlds alone, which go to a shard.
    pub fn part(part: Range<u64>, push: &'a mut Push<'a>) -> Kept<'a> {
        Kept::of(PathBuf::new(), Vec::new(), Some(part), Sink::Shard(push, 0))
    }

    /// All worlds of the study in the directory `path`, from its shards; `readings` a world.
    ///
    /// # Errors
    /// A file that cannot be read, or `stop`, which a signal sets.
    pub fn merged(
        path: &Path,
        merged: &Merged,
        readings: usize,
        stop: &AtomicBool,
    ) -> Result<Kept<'a>, Error> {
        let mut known = Vec::new();
        merged.pieces(0, &mut |_, bytes| {
            if stop.load(Ordering::Relaxed) {
                return Err(merge_interrupted(merged.store.pieces.all_worlds()));
            }
            known.push(numbers_of(bytes, readings)?);
            Ok(())
        })?;
        Ok(Kept::of(path.to_owned(), known, None, Sink::Nowhere))
    }

    /// The directory of the study.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many worlds an earlier invocation had finished.
    pub fn count(&self) -> u64 {
        match self.held().into {
            Sink::Nowhere => 0,
            _ => self.known.len() as u64,
        }
    }

    /// How many worlds went to a shard.
    pub fn taken(&self) -> u64 {
        match self.held().into {
            Sink::Shard(_, taken) => taken,
            _ => 0,
        }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// It cannot be written, or what came before could not.
    pub fn flush(&self) -> Result<(), Error> {
        let mut waiting = self.held();
        waiting.write();
        waiting.failed.take().map_or(Ok(()), Err)
    }

    fn held(&self) -> MutexGuard<'_, Waiting<'a>> {
        let waiting = self.waiting.lock();
        waiting.expect("nothing panics while it is held")
    }
}

impl Keeper for Kept<'_> {
    fn known(&self) -> &[Vec<f64>] {
        &self.known
    }

    fn keep(&self, values: &[f64]) -> bool {
        let mut waiting = self.held();
        let Waiting { into, failed } = &mut *waiting;
        let mut is_full = false;
        match into {
            Sink::Journal(_, worlds) => {
                let world = values.iter();
                let world = world.map(|value| (!value.is_nan()).then_some(*value));
                worlds.push(world.collect());
                is_full = worlds.len() >= Kept::LINE;
            }
            Sink::Shard(push, taken) if failed.is_none() => {
                *failed = push(&bytes_of(values)).err();
                *taken += u64::from(failed.is_none());
            }
            Sink::Shard(..) | Sink::Nowhere => {}
        }
        if is_full {
            waiting.write();
        }
        waiting.failed.is_none()
    }

    fn part(&self) -> Option<Range<u64>> {
        self.part.clone()
    }
}
