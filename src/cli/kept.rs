//! What a study has read of its worlds, on disk, so that it continues where it ended.

use crate::analysis::readings::Keeper;
use crate::cli::journal::Journal;
use crate::error::Error;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

/// Worlds with the value of each reading; none where a world lacks it.
pub type Line = Vec<Vec<Option<f64>>>;

/// Values of worlds in a journal, some hundred a line.
pub struct Kept {
    path: PathBuf,
    known: Vec<Vec<f64>>,
    waiting: Mutex<Waiting>,
}

/// What is not written yet, and where it will be.
struct Waiting {
    journal: Journal<Line>,
    worlds: Line,
    /// Why it could not be written.
    failed: Option<Error>,
}

impl Waiting {
    fn write(&mut self) {
        if !self.worlds.is_empty() && self.failed.is_none() {
            let line = std::mem::take(&mut self.worlds);
            self.failed = self.journal.push(&line).err();
        }
    }
}

impl Kept {
    /// Worlds of a line.
    const LINE: usize = 256;

    /// Reads the journal of the study in the directory `path`.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn new(path: &Path, journal: Journal<Line>) -> Result<Kept, Error> {
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
        Ok(Kept {
            path: path.to_owned(),
            known,
            waiting: Mutex::new(Waiting {
                journal,
                worlds: Vec::new(),
                failed: None,
            }),
        })
    }

    /// The directory of the study.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many worlds an earlier invocation had finished.
    pub fn count(&self) -> u64 {
        self.known.len() as u64
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

    fn held(&self) -> MutexGuard<'_, Waiting> {
        let waiting = self.waiting.lock();
        waiting.expect("nothing panics while it is held")
    }
}

impl Keeper for Kept {
    fn known(&self) -> &[Vec<f64>] {
        &self.known
    }

    fn keep(&self, values: &[f64]) -> bool {
        let mut waiting = self.held();
        let world = values
            .iter()
            .map(|value| (!value.is_nan()).then_some(*value));
        waiting.worlds.push(world.collect());
        if waiting.worlds.len() >= Kept::LINE {
            waiting.write();
        }
        waiting.failed.is_none()
    }
}
