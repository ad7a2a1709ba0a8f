//! A file of pieces: a shard, or a part.
//!
//! A header (magic, key of the store, shard, pieces), blocks (length, pieces with their lengths, checksum), an end (magic, length of the
//! file, hash of the header and all checksums, checksum of the end). All numbers are little-endian, all hashes BLAKE3. Every block can be
//! checked by itself, so that neither writing nor reading holds more than one in memory.

use crate::cli::args::shard::Shard;
use crate::cli::store::atomic::{synced, temporary};
use crate::cli::store::lock::Lock;
use crate::cli::store::pieces::{Label, PieceKey, Store};
use crate::error::{Error, reason};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use tempfile::TempPath;

const MAGIC: &[u8; 8] = b"MFKSHD01";

const END: &[u8; 8] = b"MFKEND01";

const HEADER: usize = 8 + 32 + 4 * 8;

const TAIL: usize = 8 + 8 + 32 + 32;

/// How often a shard tries to take its place where others put damaged ones there or take them away.
const TRIES: usize = 100;

/// No block is larger: what claims to be is damaged.
const LARGEST_BLOCK: u64 = 1 << 32;

/// The start of a file; a part has no shard, and zeros in its place.
fn header(store: &Store, label: &Label) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(store.key);
    let Shard { index, of } = label.shard.unwrap_or(Shard { index: 0, of: 0 });
    for number in [index, of, label.pieces.start, label.pieces.end] {
        bytes.extend(number.to_le_bytes());
    }
    bytes
}

fn tail(length: u64, chain: &blake3::Hasher) -> Vec<u8> {
    let mut bytes = END.to_vec();
    bytes.extend(length.to_le_bytes());
    bytes.extend(chain.finalize().as_bytes());
    let checksum = blake3::hash(&bytes);
    bytes.extend(checksum.as_bytes());
    bytes
}

/// The end of a file that is a whole shard.
fn end_of(path: &Path) -> io::Result<[u8; TAIL]> {
    let mut file = File::open(path)?;
    let mut end = [0; TAIL];
    file.seek(SeekFrom::End(-(TAIL as i64)))?;
    file.read_exact(&mut end)?;
    Ok(end)
}

/// What became of a shard that was played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    New,
    /// Another had put the same there.
    Same,
}

/// A file that is being written.
pub struct Writer {
    path: PathBuf,
    temporary: TempPath,
    file: Option<BufWriter<File>>,
    label: Label,
    next: u64,
    block: Vec<u8>,
    chain: blake3::Hasher,
    length: u64,
    store: Store,
}

impl Writer {
    /// Starts a file beside its place, under a name that no other process has.
    pub fn create(store: &Store, label: Label) -> Result<Writer, Error> {
        let path = store.file(&label);
        // The folder alone: where what it lies in was taken away, what was kept there is gone, and the rest is of no use.
        match fs::create_dir(&store.folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Error::unwritable(&store.folder)(error));
            }
            _ => {}
        }
        let (file, temporary) = temporary(&path)
            .map_err(Error::unwritable(&path))?
            .into_parts();
        // So that nobody takes it for one that was left behind; where files have no locks, nobody removes what others left.
        let _ = file.try_lock();
        let mut writer = Writer {
            file: Some(BufWriter::new(file)),
            path,
            temporary,
            next: label.pieces.start,
            block: Vec::new(),
            chain: blake3::Hasher::new(),
            length: 0,
            store: store.clone(),
            label,
        };
        let header = header(store, &writer.label);
        writer.chain.update(&header);
        writer.write(&header)?;
        Ok(writer)
    }

    /// Takes in the next piece.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), Error> {
        let length = u32::try_from(piece.len()).expect("a piece is far below 4 GiB");
        self.block.extend(length.to_le_bytes());
        self.block.extend(piece);
        let next = self.next + 1;
        if next.is_multiple_of(self.store.pieces.each) {
            self.end_block()?;
        }
        // Only now: a shard whose last block was not written is not whole.
        self.next = next;
        Ok(())
    }

    /// Whether it has all its pieces.
    pub fn is_whole(&self) -> bool {
        self.next == self.label.pieces.end
    }

    /// Ends the shard and moves it to its place. A whole one that is there already stays.
    pub fn finish(mut self) -> Result<Written, Error> {
        assert!(
            self.is_whole(),
            "whoever plays a shard pushes all its pieces"
        );
        self.end_block()?;
        let tail = tail(self.length + TAIL as u64, &self.chain);
        self.write(&tail)?;
        let file = self.file.take().expect("it is open until here");
        let failed = || Error::unwritable(&self.temporary);
        let file = file
            .into_inner()
            .map_err(|error| failed()(error.into_error()))?;
        synced(&file).map_err(failed())?;
        // It is open, and locked, until it is in its place.
        let written = self.settle(&tail)?;
        drop(file);
        let folder = &self.store.folder;
        let synced = File::open(folder).and_then(|folder| synced(&folder));
        synced.map_err(Error::unwritable(folder))?;
        Ok(written)
    }

    /// Moves it to its place, once. What is damaged there goes, and then whoever is first has the place.
    fn settle(&self, tail: &[u8]) -> Result<Written, Error> {
        if fs::hard_link(&self.temporary, &self.path).is_ok() {
            return Ok(Written::New);
        }
        // One at a time looks at what is there and takes it away, so that nobody takes away what another has just put there.
        let _alone = Lock::wait(&self.path.with_extension("lock"))?;
        let failed = || Error::unwritable(&self.path);
        for _ in 0..TRIES {
            match fs::hard_link(&self.temporary, &self.path) {
                Ok(()) => return Ok(Written::New),
                Err(_) if self.path.exists() => {}
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) if has_no_links(&error) => {
                    fs::rename(&self.temporary, &self.path).map_err(failed())?;
                    return Ok(Written::New);
                }
                Err(error) => return Err(failed()(error)),
            }
            match Reader::checked(&self.path, &self.store, &mut |_, _| {}) {
                Ok(Ok(_)) => return self.compared(tail),
                Ok(Err(_)) => {}
                Err(_) if !self.path.exists() => continue,
                Err(error) => return Err(error),
            }
            match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(failed()(error));
                }
                _ => {}
            }
        }
        Err(failed()(io::ErrorKind::AlreadyExists.into()))
    }

    /// What is in its place already, whole, must be the same.
    fn compared(&self, tail: &[u8]) -> Result<Written, Error> {
        let there = end_of(&self.path).map_err(Error::unreadable(&self.path))?;
        if there == tail {
            return Ok(Written::Same);
        }
        let other = self.temporary.with_extension("other");
        fs::rename(&self.temporary, &other).map_err(Error::unwritable(&other))?;
        Err(differ(&self.path, &other))
    }

    fn end_block(&mut self) -> Result<(), Error> {
        if self.block.is_empty() {
            return Ok(());
        }
        let block = std::mem::take(&mut self.block);
        let checksum = blake3::hash(&block);
        self.chain.update(checksum.as_bytes());
        self.write(&(block.len() as u64).to_le_bytes())?;
        self.write(&block)?;
        self.write(checksum.as_bytes())?;
        self.block = block;
        self.block.clear();
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let file = self.file.as_mut().expect("it is open until its end");
        file.write_all(bytes)
            .map_err(Error::unwritable(&self.temporary))?;
        self.length += bytes.len() as u64;
        Ok(())
    }
}

/// Whether a link failed because files of this place have none.
fn has_no_links(error: &io::Error) -> bool {
    let kinds = [io::ErrorKind::Unsupported, io::ErrorKind::PermissionDenied];
    kinds.contains(&error.kind())
}

/// That two machines give two results for the same.
pub fn differ(one: &Path, other: &Path) -> Error {
    Error::Plan {
        path: one.to_owned(),
        reason: format!(
            "and {} hold different numbers for the same pieces, so that a machine or a disk is at fault: remove both and play them again",
            other.display()
        ),
    }
}

/// A file that is read.
pub struct Reader {
    file: BufReader<File>,
    pub label: Label,
    length: u64,
    at: u64,
    block: u64,
    store: Store,
    chain: blake3::Hasher,
}

/// Takes in the number of a block within its shard and its checksum.
pub type Checksums<'a> = dyn FnMut(u64, PieceKey) + 'a;

/// Why a file is no whole shard of the plan.
pub type Damage = String;

impl Reader {
    /// Opens a file whose name, header and end fit together and belong to the plan; its blocks are not read yet.
    pub fn open(path: &Path, store: &Store) -> Result<Result<Reader, Damage>, Error> {
        let opened = File::open(path).and_then(|file| Reader::of(file, store));
        let reader = opened.map_err(Error::unreadable(path))?;
        Ok(reader.and_then(|reader| {
            match store.has(&reader.label) && path == store.file(&reader.label) {
                true => Ok(reader),
                false => Err("its name does not fit what it holds".to_owned()),
            }
        }))
    }

    fn of(mut file: File, store: &Store) -> io::Result<Result<Reader, Damage>> {
        let length = file.metadata()?.len();
        if length < (HEADER + TAIL) as u64 {
            return Ok(Err("it is cut short".to_owned()));
        }
        let (mut header, mut end) = ([0; HEADER], [0; TAIL]);
        file.read_exact(&mut header)?;
        file.seek(SeekFrom::End(-(TAIL as i64)))?;
        file.read_exact(&mut end)?;
        file.seek(SeekFrom::Start(HEADER as u64))?;
        if &header[..8] != MAGIC {
            return Ok(Err("its start is damaged or not of this version".to_owned()));
        }
        if header[8..40] != store.key {
            return Ok(Err("it belongs to another plan".to_owned()));
        }
        let is_end = &end[..8] == END && end[8..16] == length.to_le_bytes();
        if !is_end || blake3::hash(&end[..48]).as_bytes()[..] != end[48..] {
            return Ok(Err("it is cut short or its end is damaged".to_owned()));
        }
        let numbers = header[40..].as_chunks::<8>().0.iter();
        let numbers: Vec<u64> = numbers.map(|&word| u64::from_le_bytes(word)).collect();
        let label = Label {
            shard: (numbers[1] > 0).then_some(Shard {
                index: numbers[0],
                of: numbers[1],
            }),
            pieces: numbers[2]..numbers[3],
        };
        let mut chain = blake3::Hasher::new();
        chain.update(&header);
        Ok(Ok(Reader {
            file: BufReader::new(file),
            label,
            length,
            at: HEADER as u64,
            block: 0,
            store: store.clone(),
            chain,
        }))
    }

    /// The next block with its checksum; `None` after the last, if all fit together.
    pub fn next_block(&mut self) -> Result<Option<(Vec<u8>, PieceKey)>, Damage> {
        let said = |error: io::Error| reason(&error);
        let damaged = self.damaged_block();
        if self.at + TAIL as u64 == self.length {
            let mut end = Vec::new();
            self.file.read_to_end(&mut end).map_err(said)?;
            return match end == tail(self.length, &self.chain) {
                true => Ok(None),
                false => Err("its checksums do not fit together".to_owned()),
            };
        }
        let mut word = [0; 8];
        self.file.read_exact(&mut word).map_err(said)?;
        let length = u64::from_le_bytes(word);
        let next = self.at.saturating_add(8 + 32).saturating_add(length);
        if length > LARGEST_BLOCK || next > self.length - TAIL as u64 {
            return Err(damaged);
        }
        let (mut block, mut checksum) = (vec![0; length as usize], [0; 32]);
        self.file.read_exact(&mut block).map_err(said)?;
        self.file.read_exact(&mut checksum).map_err(said)?;
        if *blake3::hash(&block).as_bytes() != checksum {
            return Err(damaged);
        }
        self.chain.update(&checksum);
        self.at = next;
        self.block += 1;
        Ok(Some((block, checksum)))
    }

    /// That the next block is damaged.
    fn damaged_block(&self) -> Damage {
        let Range { start, end } = self.label.pieces;
        let first = (start + self.block * self.store.pieces.each).min(end.saturating_sub(1));
        let last = (first + self.store.pieces.each).min(end).saturating_sub(1);
        let (unit, at) = (self.store.pieces.of.name(), self.at);
        format!("{unit} {first} to {last} do not fit their checksum (the block at byte {at})")
    }

    /// Reads a whole file and returns its label, or what is wrong with it; the checksums of its blocks go to `checksums`.
    pub fn checked(
        path: &Path,
        store: &Store,
        checksums: &mut Checksums<'_>,
    ) -> Result<Result<Label, Damage>, Error> {
        let mut reader = match Reader::open(path, store)? {
            Ok(reader) => reader,
            Err(damage) => return Ok(Err(damage)),
        };
        loop {
            let block = reader.block;
            match reader.next_block() {
                Ok(Some((_, checksum))) => checksums(block, checksum),
                Ok(None) => return Ok(Ok(reader.label)),
                Err(damage) => return Ok(Err(damage)),
            }
        }
    }
}

/// The pieces of a block.
pub fn pieces(block: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = block;
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (piece, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        rest = after;
        Some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::store::pieces::PieceFiles;
    use crate::study::pieces::{Pieces, Unit};

    #[test]
    fn a_shard_whose_last_block_was_not_written_is_not_whole() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let store = Store {
            folder: folder.path().to_owned(),
            key: [7; 32],
            // Blocks of two worlds, so that the last piece ends a block.
            pieces: Pieces {
                of: Unit::Worlds,
                count: 2,
                each: 2,
                worlds: 1,
                chained: false,
            },
            kind: PieceFiles::Shards,
        };
        let whole = store.shard(Shard { index: 0, of: 1 });
        let mut writer = Writer::create(&store, whole).expect("writable");
        writer.push(b"first").expect("it waits in memory");
        // A file that is open for reading alone takes nothing, as on a full disk.
        let file = File::open(&writer.temporary).expect("it is there");
        let full = BufWriter::with_capacity(0, file);
        let writable = writer.file.replace(full).expect("it was open");
        writer.push(b"last").expect_err("nothing can be written");
        assert!(!writer.is_whole(), "what was not written is not there");
        drop(writable);
    }
}
