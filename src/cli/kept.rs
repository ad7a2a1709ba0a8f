//! What a study has read of its worlds, on disk, so that it continues where it ended.

use crate::analysis::readings::Keeper;
use crate::cli::journal::Journal;
use crate::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Worlds with the value of each reading; none where a world lacks it.
pub type Line = Vec<Vec<Option<f64>>>;

/// Values of worlds in a journal, some hundred a line.
pub struct Kept {
    path: PathBuf,
    known: Vec<Vec<f64>>,
    waiting: Mutex<(Journal<Line>, Line)>,
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
                world
                    .into_iter()
                    .map(|value| value.unwrap_or(f64::NAN))
                    .collect()
            }));
            Ok(())
        })?;
        Ok(Kept {
            path: path.to_owned(),
            known,
            waiting: Mutex::new((journal, Vec::new())),
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
    /// It cannot be written.
    pub fn flush(&self) -> Result<(), Error> {
        let mut waiting = self
            .waiting
            .lock()
            .expect("nothing panics while it is held");
        let (journal, worlds) = &mut *waiting;
        if worlds.is_empty() {
            return Ok(());
        }
        let line = std::mem::take(worlds);
        journal.push(&line)
    }
}

impl Keeper for Kept {
    fn known(&self) -> Vec<Vec<f64>> {
        self.known.clone()
    }

    fn keep(&self, values: &[f64]) -> Result<(), String> {
        let full = {
            let mut waiting = self
                .waiting
                .lock()
                .expect("nothing panics while it is held");
            let world = values
                .iter()
                .map(|value| (!value.is_nan()).then_some(*value));
            waiting.1.push(world.collect());
            waiting.1.len() >= Kept::LINE
        };
        match full {
            true => self.flush().map_err(|error| error.to_string()),
            false => Ok(()),
        }
    }
}
