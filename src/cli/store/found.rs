//! Which pieces of a store are there: decided from its files, of any cut, and from nothing else.

use crate::cli::store::file::{Damage, Reader, differ, pieces};
use crate::cli::store::pieces::{Label, PieceKey, Store};
use crate::error::Error;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How closely files are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Brief,
    Whole,
}

/// What was found of a plan.
#[derive(Debug, Default)]
pub struct Found {
    /// Whole shards, in the order of their first pieces.
    pub shards: Vec<(Label, PathBuf)>,
    /// Files that have the name of a shard of the plan and are none, and why.
    pub damaged: Vec<(PathBuf, Damage)>,
    /// Files of shards that were never finished.
    pub unfinished: Vec<PathBuf>,
    pub foreign: Vec<PathBuf>,
}

/// What earlier looks saw, so that files that do not change are not opened again.
#[derive(Debug, Default)]
pub struct Seen {
    /// Shards by name, with their length.
    shards: HashMap<PathBuf, (u64, Label)>,
    /// Files of which some byte was damaged: whatever takes their place has the same length and is read whole.
    damaged: HashSet<PathBuf>,
}

impl Found {
    /// Looks through the shards of a plan.
    pub fn of(store: &Store, look: Look) -> Result<Found, Error> {
        Found::again(store, look, &mut Seen::default())
    }

    /// As [`of`](Self::of), after other looks.
    pub fn again(store: &Store, look: Look, seen: &mut Seen) -> Result<Found, Error> {
        let mut found = Found::default();
        for path in listed(&store.folder)? {
            let has = |ending: &str| path.extension().is_some_and(|known| known == ending);
            match store.owns(&path) {
                true if has("tmp") => found.unfinished.push(path),
                true if has("other") => return Err(differ(&original(&path), &path)),
                true if has(store.ending()) => match seen.look_at(&path, store) {
                    Ok(Ok(label)) => found.shards.push((label, path)),
                    Ok(Err(damage)) => found.damaged.push((path, damage)),
                    // Somebody took it away since it was listed.
                    Err(_) if !path.exists() => {}
                    Err(error) => return Err(error),
                },
                false if has(store.ending()) => found.foreign.push(path),
                _ => {}
            }
        }
        found.shards.sort_by_key(|(label, path)| {
            let Range { start, end } = label.pieces;
            (start, std::cmp::Reverse(end), path.clone())
        });
        if look == Look::Whole {
            found.check(store)?;
        }
        for (path, _) in &found.damaged {
            seen.shards.remove(path);
            seen.damaged.insert(path.clone());
        }
        Ok(found)
    }

    /// Reads every byte and puts aside what is damaged; blocks that two shards hold must agree.
    fn check(&mut self, store: &Store) -> Result<(), Error> {
        let shards = std::mem::take(&mut self.shards);
        let mut farthest = 0;
        // Checksums, with the shard that has them, of blocks that shards from here on may hold too.
        let mut known: BTreeMap<u64, (PieceKey, usize)> = BTreeMap::new();
        for (number, (label, path)) in shards.iter().enumerate() {
            let Range { start, end } = label.pieces;
            let next = shards.get(number + 1);
            let is_shared =
                start < farthest || next.is_some_and(|(next, _)| next.pieces.start < end);
            farthest = farthest.max(end);
            let first = store.pieces.blocks_of(&label.pieces).start;
            known = known.split_off(&first);
            let mut by = None;
            let mut compare = |block: u64, checksum: PieceKey| {
                if is_shared {
                    let (of_other, other) = *known
                        .entry(first + block)
                        .or_insert_with(|| (checksum, number));
                    if of_other != checksum {
                        by = Some(other);
                    }
                }
            };
            match Reader::checked(path, store, &mut compare) {
                Ok(Ok(label)) => self.shards.push((label, path.clone())),
                Ok(Err(damage)) => {
                    self.damaged.push((path.clone(), damage));
                    known.retain(|_, (_, of)| *of != number);
                    by = None;
                }
                Err(_) if !path.exists() => {
                    known.retain(|_, (_, of)| *of != number);
                    by = None;
                }
                Err(error) => return Err(error),
            }
            if let Some(other) = by {
                return Err(differ(&shards[other].1, path));
            }
        }
        Ok(())
    }

    /// Shards that together hold what is there, without those that add nothing; each with the first piece that it adds.
    fn chain(&self) -> Vec<(u64, &(Label, PathBuf))> {
        let mut next = 0;
        let mut chain = Vec::new();
        for shard in &self.shards {
            let Range { start, end } = shard.0.pieces;
            if end > next {
                chain.push((start.max(next), shard));
                next = end;
            }
        }
        chain
    }

    /// Pieces that no shard holds.
    pub fn missing(&self, store: &Store) -> Vec<Range<u64>> {
        let mut next = 0;
        let mut missing = Vec::new();
        for (from, (label, _)) in self.chain() {
            if from > next {
                missing.push(next..from);
            }
            next = label.pieces.end;
        }
        if next < store.pieces.count {
            missing.push(next..store.pieces.count);
        }
        missing
    }

    /// How many pieces are there from the first on, without a gap.
    pub fn first(&self) -> u64 {
        let mut next = 0;
        for (from, (label, _)) in self.chain() {
            if from > next {
                break;
            }
            next = label.pieces.end;
        }
        next
    }

    /// Hands every piece to `sink`, in order, up to the first that is missing.
    pub fn each(&self, store: &Store, sink: &mut Sink<'_>) -> Result<(), Error> {
        let mut next = 0;
        for (first, (label, path)) in self.chain() {
            if first > next {
                break;
            }
            let altered = |damage: String| Error::Plan {
                path: path.clone(),
                reason: format!("was altered meanwhile: {damage}"),
            };
            let mut reader = Reader::open(path, store)?.map_err(altered)?;
            let mut piece = label.pieces.start;
            while let Some((block, _)) = reader.next_block().map_err(altered)? {
                for bytes in pieces(&block) {
                    if piece >= first {
                        sink(bytes)?;
                    }
                    piece += 1;
                }
            }
            if piece != label.pieces.end {
                let damage = format!("it holds {} pieces", piece - label.pieces.start);
                return Err(altered(damage));
            }
            next = piece;
        }
        Ok(())
    }

    /// Removes what shards left that were never finished, but for those that somebody still writes and has locked.
    pub fn remove_unfinished(&self) {
        for path in &self.unfinished {
            let left = fs::File::open(path).is_ok_and(|file| file.try_lock_shared().is_ok());
            if left {
                let _ = fs::remove_file(path);
            }
        }
    }
}

impl Seen {
    /// The label of a shard, from its start, end and length, unless it is known.
    fn look_at(&mut self, path: &Path, store: &Store) -> Result<Result<Label, Damage>, Error> {
        let length = fs::metadata(path).map_err(Error::unreadable(path))?.len();
        match self.shards.get(path) {
            Some((known, label)) if *known == length => return Ok(Ok(label.clone())),
            _ => {}
        }
        let looked = match self.damaged.contains(path) {
            true => Reader::checked(path, store, &mut |_, _| {})?,
            false => Reader::open(path, store)?.map(|reader| reader.label),
        };
        if let Ok(label) = &looked {
            self.damaged.remove(path);
            let known = (length, label.clone());
            self.shards.insert(path.to_owned(), known);
        }
        Ok(looked)
    }
}

/// The shard whose place the file of another result of it was refused.
fn original(other: &Path) -> PathBuf {
    // NAME.shard lies at NAME.RANDOM.other.
    other.with_extension("").with_extension("shard")
}

/// Files of a directory by name; none where there is no directory.
fn listed(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::unreadable(directory)(error)),
    };
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths: Vec<PathBuf> = paths
        .collect::<Result<_, _>>()
        .map_err(Error::unreadable(directory))?;
    paths.sort_unstable();
    Ok(paths)
}

/// All pieces of a store, of which every byte has been checked.
pub struct Merged {
    pub store: Store,
    pub found: Found,
}

/// Takes in the bytes of a piece.
pub type Sink<'a> = dyn FnMut(&[u8]) -> Result<(), Error> + 'a;
