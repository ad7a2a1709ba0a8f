//! Which pieces of a plan are there: decided from the files of its shards, of any number of shards, and from nothing else.

use crate::cli::blocks::Key;
use crate::cli::shards::file::{Damage, Label, Reader, differ, pieces};
use crate::cli::shards::plan::{Plan, Shard};
use crate::error::Error;
use std::collections::HashMap;
use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// How closely files are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Their start, end and length.
    Brief,
    /// Every byte.
    Whole,
}

/// What was found of a plan.
#[derive(Debug, Default)]
pub struct Found {
    /// Whole shards, in the order of their first pieces.
    pub shards: Vec<(Label, PathBuf)>,
    /// Files that are no whole shards of the plan, and why.
    pub damaged: Vec<(PathBuf, String)>,
    /// Files of shards that were never finished.
    pub unfinished: Vec<PathBuf>,
}

impl Found {
    /// Looks through the shards of a plan.
    ///
    /// # Errors
    /// A file that cannot be read, or two that hold different numbers for the same pieces.
    pub fn of(plan: &Plan, look: Look) -> Result<Found, Error> {
        let mut found = Found::default();
        let mut checksums: HashMap<u64, (Key, PathBuf)> = HashMap::new();
        for path in listed(&plan.shards())? {
            let has = |ending: &str| path.extension().is_some_and(|known| known == ending);
            if has("tmp") {
                found.unfinished.push(path);
            } else if has("other") {
                return Err(differ(&original(&path), &path));
            } else if has("shard") {
                match looked_at(&path, plan, look)? {
                    Err(damage) => found.damaged.push((path, damage)),
                    Ok((label, of_blocks)) => {
                        let first = label.pieces.start / plan.pieces.each;
                        for (block, checksum) in (first..).zip(of_blocks) {
                            let (known, by) = checksums
                                .entry(block)
                                .or_insert_with(|| (checksum, path.clone()));
                            if *known != checksum {
                                return Err(differ(by, &path));
                            }
                        }
                        found.shards.push((label, path));
                    }
                }
            }
        }
        let by_start = |(label, path): &(Label, PathBuf)| {
            let Range { start, end } = label.pieces;
            (start, std::cmp::Reverse(end), path.clone())
        };
        found.shards.sort_by_key(by_start);
        Ok(found)
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
    pub fn missing(&self, plan: &Plan) -> Vec<Range<u64>> {
        let mut next = 0;
        let mut missing = Vec::new();
        for (from, (label, _)) in self.chain() {
            if from > next {
                missing.push(next..from);
            }
            next = label.pieces.end;
        }
        if next < plan.pieces.count {
            missing.push(next..plan.pieces.count);
        }
        missing
    }

    /// Shards, of so many, that hold a piece that is missing.
    pub fn missing_shards(&self, plan: &Plan, of: u64) -> Vec<Shard> {
        let missing = self.missing(plan);
        let lacks = |shard: &Shard| {
            let Range { start, end } = plan.range(*shard);
            let next = missing.partition_point(|one| one.end <= start);
            missing.get(next).is_some_and(|one| one.start < end)
        };
        let shards = (0..of).map(|index| Shard { index, of });
        shards.filter(lacks).collect()
    }

    /// Removes what shards left that were never finished; who still writes one of them starts again.
    pub fn remove_unfinished(&self) {
        for path in &self.unfinished {
            let _ = fs::remove_file(path);
        }
    }
}

/// The shard whose place the file of another result of it was refused.
fn original(other: &Path) -> PathBuf {
    // NAME.shard lies at NAME.RANDOM.other.
    other.with_extension("").with_extension("shard")
}

fn looked_at(
    path: &Path,
    plan: &Plan,
    look: Look,
) -> Result<Result<(Label, Vec<Key>), Damage>, Error> {
    match look {
        Look::Whole => Reader::checked(path, plan),
        Look::Brief => Ok(Reader::open(path, plan)?.map(|reader| (reader.label, Vec::new()))),
    }
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

/// Takes in the number of a piece and its bytes.
pub type Sink<'a> = dyn FnMut(u64, &[u8]) -> Result<(), Error> + 'a;

/// All pieces of a plan, in order, from its shards.
pub struct Merged {
    plan: Plan,
    found: Found,
}

impl Merged {
    /// The pieces of a plan, of which every byte has been checked.
    ///
    /// # Errors
    /// A shard is missing, damaged or contradicts another.
    pub fn of(plan: &Plan) -> Result<Merged, Error> {
        let found = Found::of(plan, Look::Whole)?;
        if found.missing(plan).is_empty() {
            return Ok(Merged {
                plan: plan.clone(),
                found,
            });
        }
        Err(Error::Plan {
            path: plan.path.clone(),
            reason: format!(
                "is not complete: {}; `mufakat resume {}` plays what is missing",
                crate::cli::shards::status::lacks(plan, &found),
                plan.path.display()
            ),
        })
    }

    /// What was found.
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// Hands every piece from `from` on to `sink`, in order.
    ///
    /// # Errors
    /// A shard that was altered meanwhile, or what `sink` returns.
    pub fn pieces(&self, from: u64, sink: &mut Sink<'_>) -> Result<(), Error> {
        for (first, (label, path)) in self.found.chain() {
            let first = first.max(from);
            if label.pieces.end <= first {
                continue;
            }
            let altered = |damage: String| Error::Plan {
                path: path.clone(),
                reason: format!("was altered meanwhile: {damage}"),
            };
            let mut reader = Reader::open(path, &self.plan)?.map_err(altered)?;
            let mut piece = label.pieces.start;
            while let Some((block, _)) = reader.next_block().map_err(altered)? {
                for bytes in pieces(&block) {
                    if piece >= first {
                        sink(piece, bytes)?;
                    }
                    piece += 1;
                }
            }
        }
        Ok(())
    }
}
