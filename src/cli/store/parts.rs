//! Finished pieces of a study that is played here, written part by part so that a killed one goes on where it was.

use crate::cli::store::file::{Damage, Writer, pieces};
use crate::cli::store::found::{Found, Look, Sink};
use crate::cli::store::own::remove_pieces;
use crate::cli::store::pieces::{Label, Store};
use crate::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Bytes of a part, at most (one piece may need more).
const PART_BYTES: usize = 8 << 20;
/// How long pieces wait for a part to become full.
const PATIENCE: Duration = Duration::from_secs(1);

/// The parts of a study, open for more.
pub struct Parts {
    store: Store,
    /// First piece that no part holds.
    next: u64,
    /// Pieces that no part holds, as in a block.
    waiting: Vec<u8>,
    count: u64,
    since: Instant,
    /// Files that were damaged, and how: what they held is played again.
    pub damaged: Vec<(PathBuf, Damage)>,
}

impl Parts {
    /// Opens the parts of a store. What is damaged or does not follow without a gap is removed.
    pub fn open(store: Store) -> Result<Parts, Error> {
        let found = Found::of(&store, Look::Whole)?;
        let next = found.first();
        let left = found
            .shards
            .iter()
            .filter(|(label, _)| label.pieces.start >= next);
        let left = left.map(|(_, path)| path);
        let damaged = found.damaged.iter().map(|(path, _)| path);
        for path in left.chain(damaged).chain(&found.unfinished) {
            fs::remove_file(path).map_err(Error::unwritable(path))?;
        }
        Ok(Parts {
            store,
            next,
            waiting: Vec::new(),
            count: 0,
            since: Instant::now(),
            damaged: found.damaged,
        })
    }

    /// How many pieces its parts hold.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Takes in the next piece, and ends a part that is full or old enough.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), Error> {
        frame(&mut self.waiting, piece);
        self.count += 1;
        match self.waiting.len() >= PART_BYTES || self.since.elapsed() >= PATIENCE {
            true => self.flush(),
            false => Ok(()),
        }
    }

    /// Writes what waits as a part.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.since = Instant::now();
        if self.count == 0 {
            return Ok(());
        }
        let next = self.next + self.count;
        let label = Label {
            shard: None,
            pieces: self.next..next,
        };
        let mut writer = Writer::create(&self.store, label)?;
        for piece in pieces(&self.waiting) {
            writer.push(piece)?;
        }
        writer.finish()?;
        self.next = next;
        self.count = 0;
        self.waiting.clear();
        Ok(())
    }

    /// Hands every piece of its parts to `sink`, in order.
    pub fn each(&self, sink: &mut Sink<'_>) -> Result<(), Error> {
        let mut there = 0;
        let mut counted = |piece: &[u8]| {
            there += 1;
            sink(piece)
        };
        Found::of(&self.store, Look::Brief)?.each(&self.store, &mut counted)?;
        match there == self.next {
            true => Ok(()),
            false => Err(Error::Directory {
                path: self.store.folder.clone(),
                reason: "has lost pieces that were kept there; --resume plays them again"
                    .to_owned(),
            }),
        }
    }

    /// Removes the parts: the study is complete without them.
    pub fn remove(self) {
        // What cannot be removed does no harm: a complete study never reads its parts.
        let _ = remove_pieces(&self.store.folder);
    }
}

/// Adds a piece to others in the way that a block has them.
pub fn frame(block: &mut Vec<u8>, piece: &[u8]) {
    let length = u32::try_from(piece.len()).expect("a piece is far below 4 GiB");
    block.extend_from_slice(&length.to_le_bytes());
    block.extend_from_slice(piece);
}
