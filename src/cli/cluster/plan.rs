//! The document of a plan: `plan.json`, and `probe.json` with how long it takes.
//!
//! The first is the same bytes for the same study on any machine; its hash names the shards. The second is what this machine measured,
//! and only a hint for the number of shards.

use crate::cli::args::common::Common;
use crate::cli::args::plan::StudyArgs;
use crate::cli::args::shard::Shard;
use crate::cli::driver::job::Survey;
use crate::cli::driver::probe::Probe;
use crate::cli::reading;
use crate::cli::store::atomic::{is_left, write_whole};
use crate::cli::store::lock::{LOCK, Lock};
use crate::cli::store::own::remove_left;
use crate::cli::store::pieces::{PieceFiles, PieceKey, Store};
use crate::cli::texts::{TextFiles, Texts};
use crate::error::Error;
use crate::study::digest::hex;
use crate::study::pieces::Pieces;
use crate::study::results::run::Manifest;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;

const PLAN: &str = "plan.json";

const PROBE: &str = "probe.json";

/// Most bytes of a plan, which holds the texts of its scenarios and worlds.
const LARGEST: u64 = 1 << 30;

/// What to do where the document is not as it was written.
const AGAIN: &str = "give the command that planned it again, with --force and the same -o: shards of the same study stay of use";

/// Folder of the shards.
const SHARDS: &str = "shards";

/// What is hashed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PlanDocument {
    tool: String,
    version: String,
    study: Value,
    pieces: Pieces,
    identity: Manifest,
    texts: Texts,
}

/// The file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct PlanFile {
    hash: String,
    plan: PlanDocument,
}

/// A plan in its directory.
#[derive(Debug, Clone)]
pub struct Plan {
    pub path: PathBuf,
    /// Where its pieces lie; its key is the hash of all that the plan says.
    pub store: Store,
    pub study: StudyArgs,
    pub identity: Manifest,
    texts: Arc<Texts>,
}

impl Plan {
    /// Whether a directory holds a plan.
    pub fn is_in(path: &Path) -> bool {
        path.join(PLAN).is_file()
    }

    /// Whether there is a plan at a path: in the directory, or as the document itself.
    pub fn is_at(path: &Path) -> bool {
        Plan::is_in(path) || (path.ends_with(PLAN) && path.is_file())
    }

    /// Writes the plan of a study into `path`, which may hold the same plan already.
    pub fn write(
        path: &Path,
        study: &StudyArgs,
        survey: &Survey,
        texts: Texts,
        force: bool,
    ) -> Result<Plan, Error> {
        let document = PlanDocument {
            tool: survey.identity.tool.clone(),
            version: survey.identity.version.clone(),
            // Reading the scenario refused names that are not UTF-8.
            study: serde_json::to_value(study).expect("arguments are valid JSON"),
            pieces: survey.pieces,
            identity: survey.identity.clone(),
            texts,
        };
        let hash = hash_of(&document);
        check_place(path, &hex(&hash), force)?;
        let same = Plan::load(path).ok();
        if let Some(same) = same.filter(|same| same.store.key == hash && same.probe().is_some()) {
            return Ok(same);
        }
        fs::create_dir_all(path).map_err(Error::unwritable(path))?;
        let _lock = Lock::of_directory(path)?;
        remove_left(path, &[PLAN, PROBE].map(str::to_owned))?;
        let file = PlanFile {
            hash: hex(&hash),
            plan: document,
        };
        let text = |value: Result<String, _>| value.expect("keys are strings") + "\n";
        let probe = text(serde_json::to_string_pretty(&survey.probe));
        write_whole(&path.join(PROBE), probe.as_bytes())?;
        let plan = text(serde_json::to_string_pretty(&file));
        write_whole(&path.join(PLAN), plan.as_bytes())?;
        Plan::load(path)
    }

    /// Reads the plan of a directory.
    pub fn load(path: &Path) -> Result<Plan, Error> {
        let refuse = |reason: String| {
            Err(Error::Plan {
                path: path.to_owned(),
                reason,
            })
        };
        let file = path.join(PLAN);
        if !file.is_file() {
            return refuse(why_no_plan(path));
        }
        let text = reading::bytes(&file, LARGEST).map_err(Error::unreadable(&file))?;
        let value: Value = serde_json::from_slice(&text).unwrap_or_default();
        let said = |key: &str| value["plan"][key].as_str().unwrap_or_default().to_owned();
        if said("tool") != env!("CARGO_PKG_NAME") || said("version").is_empty() {
            return refuse(format!(
                "holds a plan.json that is not whole or not ours; {AGAIN}"
            ));
        }
        let identity = serde_json::from_value::<Manifest>(value["plan"]["identity"].clone()).ok();
        if let Some(other) = identity.and_then(|identity| identity.other_edition()) {
            return refuse(format!(
                "was planned by {other}: use that version, or plan again with this one"
            ));
        }
        let (version, own) = (said("version"), env!("CARGO_PKG_VERSION"));
        if version != own {
            return refuse(format!(
                "was planned by mufakat {version}, and this is mufakat {own}, whose numbers may differ: use that version, or plan again with \
                 this one"
            ));
        }
        let known: Option<PlanFile> = serde_json::from_value(value).ok();
        let Some(PlanFile { hash, plan }) =
            known.filter(|file| file.hash == hex(&hash_of(&file.plan)))
        else {
            return refuse(format!(
                "holds a plan that was altered since it was made; {AGAIN}"
            ));
        };
        let Ok(study) = serde_json::from_value(plan.study.clone()) else {
            return refuse(format!(
                "holds a plan of {hash} that cannot be read; plan again"
            ));
        };
        Ok(Plan {
            path: path.to_owned(),
            store: Store {
                folder: path.join(SHARDS),
                key: hash_of(&plan),
                pieces: plan.pieces,
                kind: PieceFiles::Shards,
            },
            study,
            identity: plan.identity,
            texts: Arc::new(plan.texts),
        })
    }

    /// How many worlds it plays.
    pub fn worlds(&self) -> u64 {
        self.store.pieces.all_worlds()
    }

    /// How many shards there are if so many are asked for: one a block at most, so that none is empty.
    pub fn cut(&self, asked: u64) -> u64 {
        asked.clamp(1, self.store.pieces.blocks().max(1))
    }

    /// Shards that hold the pieces of some ranges, which begin and end with blocks, and no others: those of a cut into so many that lie in a
    /// range, and of others where a range holds only a part of one.
    pub fn shards_in(&self, ranges: &[Range<u64>], of: u64) -> Vec<Shard> {
        let (blocks, of) = (self.store.pieces.blocks(), self.cut(of));
        let mut shards = Vec::new();
        for range in ranges {
            let mut start = range.start;
            while start < range.end {
                let shard = Shard::with_block(start / self.store.pieces.each, blocks, of);
                let whole = self.store.range(shard);
                let end = whole.end.min(range.end);
                match whole == (start..end) {
                    true => shards.push(shard),
                    false => shards.extend(self.shards_of(&(start..end), of)),
                }
                start = end;
            }
        }
        shards
    }

    /// Shards that hold some pieces and no others, which begin and end with blocks; none is larger than one of `least`.
    ///
    /// A shard of some cut begins with any block, at the latest one of the finest. Of those that begin where the last one ended and end
    /// before the pieces do, this takes the largest.
    fn shards_of(&self, pieces: &Range<u64>, least: u64) -> Vec<Shard> {
        let blocks = self.store.pieces.blocks();
        let Range { mut start, end } = self.store.pieces.blocks_of(pieces);
        let mut shards = Vec::new();
        while start < end {
            let coarsest = least.max(blocks / (end - start)).clamp(1, blocks);
            let mut fitting = (coarsest..=blocks).filter_map(|of| {
                let shard = Shard::from_block(start, blocks, of)?;
                (shard.blocks(blocks).end <= end).then_some(shard)
            });
            let shard = fitting.next().expect("a block alone is a shard");
            start = shard.blocks(blocks).end;
            shards.push(shard);
        }
        shards
    }

    /// How long it takes, if it was measured.
    pub fn probe(&self) -> Option<Probe> {
        let text = fs::read_to_string(self.path.join(PROBE)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Into how many shards it is cut if nobody says it, with so many processors each.
    pub fn usual_shards(&self, processors: u64) -> u64 {
        let blocks = self.store.pieces.blocks();
        self.probe().map_or(blocks.clamp(1, 16), |probe| {
            probe.shards(blocks, processors)
        })
    }

    /// Flags with which the study reads the texts of the plan, and no file; its warnings were said when it was planned.
    pub fn common(&self, common: &Common) -> Common {
        Common {
            files: TextFiles::Stored(Arc::clone(&self.texts)),
            ..common.clone()
        }
    }

    /// An error if what the texts give is not what was planned.
    pub fn check(&self, identity: &Manifest) -> Result<(), Error> {
        match *identity == self.identity {
            true => Ok(()),
            false => Err(Error::Plan {
                path: self.path.clone(),
                reason:
                    "is read otherwise by this program than by the one that planned it; plan again"
                        .to_owned(),
            }),
        }
    }
}

/// A plan is written where nothing is, or over the same plan; over another only where it is asked for.
fn check_place(path: &Path, hash: &str, force: bool) -> Result<(), Error> {
    let refuse = |reason: &str| {
        Err(Error::Plan {
            path: path.to_owned(),
            reason: reason.to_owned(),
        })
    };
    if path.is_file() {
        return refuse("is a file; a plan takes a directory");
    }
    // Whoever was killed before its plan was whole leaves these.
    let is_nothing = |name: &OsStr| name == LOCK || name == PROBE || is_left(name, [PLAN, PROBE]);
    let is_empty = fs::read_dir(path).map_or(true, |mut entries| {
        entries.all(|entry| entry.is_ok_and(|entry| is_nothing(&entry.file_name())))
    });
    if is_empty {
        return Ok(());
    }
    if !Plan::is_in(path) {
        // A plan may have lost its document, and what is written again is named by its hash.
        return match path.join(SHARDS).is_dir() {
            true => Ok(()),
            false => refuse("is not empty and holds no plan"),
        };
    }
    let text = fs::read_to_string(path.join(PLAN)).unwrap_or_default();
    let stored = serde_json::from_str::<Value>(&text).unwrap_or_default();
    match stored["hash"] == *hash || force {
        true => Ok(()),
        false => refuse("holds another plan; --force replaces it, but not its shards"),
    }
}

/// Why there is no plan in a directory, and what to do.
fn why_no_plan(path: &Path) -> String {
    if path.is_file() && path.ends_with(PLAN) {
        let parent = path
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        return format!(
            "is a file; name the directory of the plan, {}",
            parent.display()
        );
    }
    match path.join(SHARDS).is_dir() {
        true => "has shards, but no plan.json: give the command that planned them again, with the same -o, and they are of use again",
        false if !path.exists() => "is not there; `mufakat plan run SCENARIO -o DIR` makes a plan",
        false => "holds no plan; `mufakat plan run SCENARIO -o DIR` makes one",
    }
    .to_owned()
}

fn hash_of(document: &PlanDocument) -> PieceKey {
    let text = serde_json::to_string(document).expect("keys are strings");
    *blake3::hash(text.as_bytes()).as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_share_the_blocks_among_them() {
        for (blocks, of) in [(0, 1), (1, 1), (5, 7), (32, 7), (32, 1), (1000, 999)] {
            let mut next = 0;
            for index in 0..of {
                let range = Shard { index, of }.blocks(blocks);
                assert_eq!(range.start, next);
                let length = range.end - range.start;
                assert!(length == blocks / of || length == blocks / of + 1);
                next = range.end;
            }
            assert_eq!(next, blocks);
        }
    }

    #[test]
    fn every_block_is_in_the_shard_that_is_said_to_have_it() {
        for (blocks, of) in [(1, 1), (7, 5), (32, 7), (63, 63), (1000, 999), (1000, 1)] {
            for block in 0..blocks {
                let shard = Shard::with_block(block, blocks, of);
                assert!(shard.index < of && shard.blocks(blocks).contains(&block));
            }
        }
    }

    #[test]
    fn shards_are_read_from_zero() {
        assert_eq!(Shard::parse("6/7"), Ok(Shard { index: 6, of: 7 }));
        for text in ["7/7", "0/0", "1", "-1/2", "a/b", "", "1/2/3"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
    }
}
