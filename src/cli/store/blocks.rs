//! Blocks of finished trials on disk, so that an interrupted run continues where it ended.
//!
//! A block holds consecutive trials: a header (magic, identity of the run, first trial, number of trials, numbers of a
//! trial's rows and draws), the numbers as little-endian `f64`, and the BLAKE3 hash of all that. A block that is cut
//! short, altered or of another run is not read.

use crate::engine::model::Model;
use crate::engine::simulate::{Trial, trials_in};
use crate::error::Error;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::{Path, PathBuf};
use std::{fs, io};

const MAGIC: &[u8; 8] = b"MFKBLK01";

const HEADER: usize = 8 + 32 + 4 * 8;

const CHECKSUM: usize = 32;

/// Memory of a block, at most (one trial may need more).
const BLOCK_BYTES: usize = 8 << 20;

/// Trials of a run that were played and can be read as often as need be.
pub trait Replay {
    /// Hands every trial to `sink`, in order.
    ///
    /// # Errors
    /// A file that cannot be read again, or what `sink` returns.
    fn replay(&self, sink: &mut dyn FnMut(Trial<'_>) -> Result<(), Error>) -> Result<(), Error>;
}

/// Identity of a run in its blocks: the hash of its manifest.
pub type Key = [u8; 32];

/// What a block's trials look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    key: Key,
    rows: usize,
    draws: usize,
}

impl Shape {
    fn new(model: &Model, key: Key) -> Shape {
        Shape {
            key,
            rows: model.outcome_layout().len() * model.arms.len(),
            draws: model.uncertain.len(),
        }
    }

    fn header(&self, first: u64, trials: u64) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.key);
        for number in [first, trials, self.rows as u64, self.draws as u64] {
            bytes.extend(number.to_le_bytes());
        }
        bytes
    }
}

/// The blocks of a run's directory.
#[derive(Debug)]
pub struct Blocks {
    directory: PathBuf,
    shape: Shape,
    /// First trial of each usable block and its file, in order and without a gap from trial 0.
    files: Vec<(u64, PathBuf)>,
    /// First trial that no block holds.
    next: u64,
    /// Numbers of trials that no block holds, of which the first is trial `next`.
    waiting: Vec<f64>,
    waiting_trials: usize,
    block_trials: usize,
}

impl Blocks {
    /// The blocks of `directory`, which need not exist, for a run of `model` with identity `key`. Reads and checks those
    /// that are there, hands each of their trials to `sink`, and drops what does not follow without a gap.
    ///
    /// # Errors
    /// A file that cannot be read, or what `sink` returns.
    pub fn open(
        directory: &Path,
        model: &Model,
        key: Key,
        mut sink: impl FnMut(Trial<'_>) -> Result<(), Error>,
    ) -> Result<Blocks, Error> {
        let mut blocks = Blocks {
            directory: directory.to_owned(),
            shape: Shape::new(model, key),
            files: Vec::new(),
            next: 0,
            waiting: Vec::new(),
            waiting_trials: 0,
            block_trials: trials_in(model, BLOCK_BYTES),
        };
        for (first, path) in listed(directory)? {
            let fits = first == blocks.next;
            let block = if fits {
                blocks.read(&path, first)?
            } else {
                None
            };
            match block {
                Some(block) => {
                    block.trials(&blocks.shape, &mut sink)?;
                    blocks.next += block.count;
                    blocks.files.push((first, path));
                }
                None => fs::remove_file(&path).map_err(Error::unwritable(&path))?,
            }
        }
        Ok(blocks)
    }

    /// First trial that no block holds.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Takes in the next trial and writes a block when it is full.
    ///
    /// # Errors
    /// The block cannot be written.
    pub fn push(&mut self, trial: Trial<'_>) -> Result<(), Error> {
        self.waiting.extend_from_slice(trial.rows);
        self.waiting.extend_from_slice(trial.draws);
        self.waiting_trials += 1;
        if self.waiting_trials == self.block_trials {
            self.flush()?;
        }
        Ok(())
    }

    /// Writes what waits as a block.
    ///
    /// # Errors
    /// The block cannot be written.
    pub fn flush(&mut self) -> Result<(), Error> {
        if self.waiting_trials == 0 {
            return Ok(());
        }
        let mut bytes = self.shape.header(self.next, self.waiting_trials as u64);
        bytes.extend(self.waiting.iter().flat_map(|number| number.to_le_bytes()));
        let checksum = blake3::hash(&bytes);
        bytes.extend(checksum.as_bytes());
        fs::create_dir_all(&self.directory).map_err(Error::unwritable(&self.directory))?;
        let path = self.directory.join(format!("{:012}.block", self.next));
        write_whole(&path, &bytes)?;
        self.files.push((self.next, path));
        self.next += self.waiting_trials as u64;
        self.waiting.clear();
        self.waiting_trials = 0;
        Ok(())
    }

    /// Removes the blocks: the run is complete without them.
    pub fn remove(self) {
        // What cannot be removed does no harm: a complete run never reads its blocks.
        let _ = fs::remove_dir_all(&self.directory);
    }

    /// The block of a file, or `None` if it is not a whole block of this run that starts at `first`.
    fn read(&self, path: &Path, first: u64) -> Result<Option<Block>, Error> {
        let bytes = fs::read(path).map_err(Error::unreadable(path))?;
        Ok(decode(&bytes, &self.shape, first))
    }
}

impl Replay for Blocks {
    fn replay(
        &self,
        mut sink: &mut dyn FnMut(Trial<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        for (first, path) in &self.files {
            let block = self.read(path, *first)?.ok_or_else(|| Error::Unreadable {
                name: path.display().to_string(),
                reason: "it was altered meanwhile".to_owned(),
            })?;
            block.trials(&self.shape, &mut sink)?;
        }
        Ok(())
    }
}

/// A block in memory.
struct Block {
    first: u64,
    count: u64,
    numbers: Vec<f64>,
}

impl Block {
    fn trials(
        &self,
        shape: &Shape,
        sink: &mut impl FnMut(Trial<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let trials = self.numbers.chunks(shape.rows + shape.draws);
        for (index, numbers) in (self.first..).zip(trials) {
            let (rows, draws) = numbers.split_at(shape.rows);
            sink(Trial { index, rows, draws })?;
        }
        Ok(())
    }
}

fn decode(bytes: &[u8], shape: &Shape, first: u64) -> Option<Block> {
    let body = bytes
        .len()
        .checked_sub(CHECKSUM)
        .filter(|&end| end >= HEADER)?;
    let (body, checksum) = bytes.split_at(body);
    let (header, numbers) = body.split_at(HEADER);
    let count = u64::from_le_bytes(header[48..56].try_into().ok()?);
    let expected = (shape.rows + shape.draws)
        .checked_mul(8)?
        .checked_mul(usize::try_from(count).ok()?)?;
    let whole = count > 0
        && header == shape.header(first, count)
        && numbers.len() == expected
        && blake3::hash(body).as_bytes() == checksum;
    let numbers = || {
        let words = numbers.as_chunks::<8>().0.iter();
        words.map(|&word| f64::from_le_bytes(word)).collect()
    };
    whole.then(|| Block {
        first,
        count,
        numbers: numbers(),
    })
}

/// Files of a directory that are named as blocks, by first trial.
fn listed(directory: &Path) -> Result<Vec<(u64, PathBuf)>, Error> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::unreadable(directory)(error)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::unreadable(directory))?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if path.extension().is_some_and(|ending| ending == "block")
            && let Some(first) = stem.and_then(|stem| stem.parse().ok())
        {
            files.push((first, path));
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes a file beside its place and moves it there, so that it is never half there.
///
/// # Errors
/// It cannot be written; nothing half-written stays.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write_by(path, &with_ending(path, ".tmp"), bytes)
}

/// As [`write_whole`], where another process may write the same file at the same time.
///
/// # Errors
/// As [`write_whole`].
pub fn write_apart(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let number = RandomState::new().build_hasher().finish();
    write_by(
        path,
        &with_ending(path, &format!(".{number:016x}.tmp")),
        bytes,
    )
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn write_by(path: &Path, beside: &Path, bytes: &[u8]) -> Result<(), Error> {
    let written = fs::write(beside, bytes).and_then(|()| fs::rename(beside, path));
    written.map_err(|error| {
        let _ = fs::remove_file(beside);
        Error::unwritable(path)(error)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape {
        key: [7; 32],
        rows: 2,
        draws: 1,
    };

    fn encoded() -> Vec<u8> {
        let mut bytes = SHAPE.header(4, 2);
        for number in [1.0f64, f64::NAN, 0.5, -2.0, 3.0, 0.25] {
            bytes.extend(number.to_le_bytes());
        }
        let checksum = blake3::hash(&bytes);
        bytes.extend(checksum.as_bytes());
        bytes
    }

    #[test]
    fn blocks_read_back() {
        let block = decode(&encoded(), &SHAPE, 4).expect("whole");
        let mut seen = Vec::new();
        let mut note = |trial: Trial<'_>| {
            seen.push((trial.index, trial.rows[0], trial.draws.to_vec()));
            Ok(())
        };
        block.trials(&SHAPE, &mut note).expect("no failure");
        assert_eq!(seen, [(4, 1.0, vec![0.5]), (5, -2.0, vec![0.25])]);
    }

    #[test]
    fn altered_short_and_foreign_blocks_are_not_read() {
        let whole = encoded();
        assert!(decode(&whole[..whole.len() - 1], &SHAPE, 4).is_none());
        assert!(decode(&whole[..10], &SHAPE, 4).is_none());
        assert!(decode(&[], &SHAPE, 4).is_none());
        assert!(decode(&whole, &SHAPE, 3).is_none());
        let other = Shape {
            key: [8; 32],
            ..SHAPE
        };
        assert!(decode(&whole, &other, 4).is_none());
        for at in [0, 20, 60, HEADER + 3, whole.len() - 1] {
            let mut altered = whole.clone();
            altered[at] ^= 1;
            assert!(decode(&altered, &SHAPE, 4).is_none(), "byte {at}");
        }
    }
}
