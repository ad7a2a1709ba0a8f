//! The directory of a run: what `--out` writes and `--resume` and `replay` read.
//!
//! `manifest.json` comes first and says whose directory it is; `results.json` comes last, by rename: a directory with it is
//! complete, one without it is not. All files are written whole.

use crate::cli::reading;
use crate::cli::store::atomic::{is_left, write_whole};
use crate::cli::store::lock::{LOCK, Lock, holder, in_use};
use crate::cli::store::manifest::{
    Circumstance, MANIFEST, ManifestFile, command, first_difference, key_of, stored_identity,
    stored_manifest,
};
use crate::cli::store::own::{remove, remove_left, remove_pieces};
use crate::cli::store::parts::Parts;
use crate::cli::store::pieces::{PieceFiles, Store};
use crate::error::Error;
use crate::study::pieces::{Pieces, TableSet};
use crate::study::results::columns::{FILES, Keep, file_name};
use crate::study::results::run::{Manifest, Results};
use crate::study::results::sheet::Format;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Largest document that is read: a million cells with all that is told of each.
const LARGEST_RESULTS: u64 = 4 << 30;

/// Folder of what is finished until all is.
const BLOCKS: &str = "blocks";

/// The scenario after all layers, runnable by itself.
pub const SCENARIO: &str = "scenario.resolved.toml";

/// The results document.
pub const RESULTS: &str = "results.json";

/// What a run does where its directory is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Refuse,
    /// Replaces an earlier run, but nothing else.
    Replace,
    Resume,
    /// Goes on from a block of fewer trials of the same invocation: with `--precision`.
    Advance,
}

/// A directory that was opened for a study, which nobody else writes meanwhile.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    identity: Manifest,
    /// Whether it was made for this.
    is_new: bool,
    /// Files that earlier commands wrote there.
    others: Vec<String>,
    lock: Option<Lock>,
}

/// What was found on opening.
#[derive(Debug)]
pub enum Opened {
    /// The study can start or go on.
    Ready(Directory),
    /// The same study is complete, with tables in this format.
    Complete(Directory, Format),
    /// The same study ended, but files of it are gone since.
    Lacking {
        directory: Directory,
        missing: Vec<String>,
        set: TableSet,
    },
}

impl Directory {
    /// Opens `path` for the study with `identity`, creating it if need be.
    pub fn open(path: &Path, existing: Existing, identity: &Manifest) -> Result<Opened, Error> {
        may_take(path, existing, identity)?;
        let is_new = !path.exists();
        fs::create_dir_all(path).map_err(Error::unwritable(path))?;
        let (lock, denied) = match Lock::take(&path.join(LOCK)) {
            Ok(taken) => (Some(taken.map_err(|holder| in_use(path, &holder))?), None),
            Err(error) if existing == Existing::Resume => (None, Some(error)),
            Err(error) => return Err(error),
        };
        let mut directory = Directory {
            path: path.to_owned(),
            others: Vec::new(),
            identity: identity.clone(),
            is_new,
            lock,
        };
        // Again, now that nobody changes it.
        let stored = admitted(path, existing, identity)?;
        if directory.lock.is_some() {
            remove_left(path, &names(stored.as_ref()))?;
        }
        match (stored, existing) {
            (Some(stored), Existing::Replace) => directory.clear(&stored.circumstance)?,
            (Some(stored), Existing::Resume) => {
                let (files, pages) = (&stored.circumstance.files, &stored.circumstance.pages);
                directory.others = files
                    .iter()
                    .chain(pages.iter().flatten())
                    .cloned()
                    .collect();
                return match (directory.resumed(&stored.circumstance)?, denied) {
                    // What is complete can be read where nobody can write.
                    (opened @ Opened::Complete(..), _) | (opened, None) => Ok(opened),
                    (_, Some(error)) => Err(error),
                };
            }
            _ => {}
        }
        denied.map_or(Ok(Opened::Ready(directory)), Err)
    }

    /// What a study of this identity left to do.
    fn resumed(self, circumstance: &Circumstance) -> Result<Opened, Error> {
        if !self.path.join(RESULTS).exists() {
            if holds_earlier_work(&self.path.join(BLOCKS)) {
                return Err(Error::Directory {
                    path: self.path.clone(),
                    reason: "holds what an earlier version of mufakat left unfinished, which this one cannot continue; --force replaces it"
                        .to_owned(),
                });
            }
            return Ok(Opened::Ready(self));
        }
        let files = circumstance.written().into_iter();
        let mut missing: Vec<String> = files
            .chain([SCENARIO.to_owned()])
            .filter(|name| !self.path.join(name).exists())
            .collect();
        // A machine that fails may leave a file without what was written to it.
        if read_results::<IgnoredAny>(&self.path).is_err() {
            missing.push(RESULTS.to_owned());
        }
        let format = circumstance.format;
        if !missing.is_empty() {
            return Ok(Opened::Lacking {
                directory: self,
                missing,
                set: TableSet {
                    keep: circumstance.keep.unwrap_or(Keep::Trials),
                    ..TableSet::all(format)
                },
            });
        }
        // Ended between the last rename and the removal of its parts.
        self.remove_parts();
        Ok(Opened::Complete(self, format))
    }

    /// Completes the study with its document.
    pub fn complete(&self, document: &str) -> Result<(), Error> {
        self.write_whole(RESULTS, document.as_bytes())
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn write_manifest(&self, circumstance: &Circumstance, study: &Value) -> Result<(), Error> {
        let mut circumstance = circumstance.clone();
        let pages = circumstance.pages.get_or_insert_default();
        for other in &self.others {
            if !pages.contains(other) && !circumstance.files.contains(other) {
                pages.push(other.clone());
            }
        }
        let file = ManifestFile {
            identity: self.identity.clone(),
            circumstance,
            study: study.clone(),
        };
        file.write(&self.path)
    }

    pub fn parts(&self, pieces: Pieces) -> Result<Parts, Error> {
        Parts::open(Store {
            folder: self.path.join(BLOCKS),
            key: key_of(&self.identity),
            pieces,
            kind: PieceFiles::Parts,
        })
    }

    /// Removes what was finished before all was, whoever left it.
    pub fn remove_parts(&self) {
        // What cannot be removed does no harm: a complete study never reads it.
        let _ = remove_pieces(&self.path.join(BLOCKS));
    }

    /// Writes a file of the directory whole.
    pub fn write_whole(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        write_whole(&self.path.join(name), bytes)
    }

    /// Leaves the directory; one that was made for nothing goes, if nothing is in it.
    pub fn abandon(self) {
        let Directory {
            path, is_new, lock, ..
        } = self;
        drop(lock);
        if is_new {
            let _ = fs::remove_dir(path);
        }
    }

    /// Removes the files that its manifest names, and no others; the results first, so that what is left is never taken for complete.
    fn clear(&self, stored: &Circumstance) -> Result<(), Error> {
        let all = stored.all();
        let names = [RESULTS, SCENARIO].into_iter();
        remove(&self.path, names.chain(all.iter().map(String::as_str)))?;
        remove_pieces(&self.path.join(BLOCKS))
    }
}

/// Names of the files that a directory with this manifest may be given.
fn names(stored: Option<&ManifestFile>) -> Vec<String> {
    let own = [MANIFEST, RESULTS, SCENARIO].map(str::to_owned);
    let all = stored.map_or_else(Vec::new, |stored| stored.circumstance.all());
    [own.to_vec(), all].concat()
}

/// A finished run, as its directory tells.
#[derive(Debug)]
pub struct Finished {
    pub results: Results,
    /// The tables that it wrote: those of its manifest, or where that does not say it, those that are there; without their ending.
    pub columns: Vec<&'static str>,
    pub format: Format,
    /// When and how it was run.
    #[cfg(feature = "html")]
    pub circumstance: Circumstance,
}

/// The finished run in `path`.
pub fn finished(path: &Path) -> Result<Finished, Error> {
    let manifest = complete_in(path)?;
    if let Some(study) = &manifest.identity.study {
        return Err(Error::NotARun {
            path: path.to_owned(),
            reason: format!("it holds the results of `{}`, not of `run`", study.command),
        });
    }
    let columns = match manifest.circumstance.keep {
        Some(keep) => keep.files().to_vec(),
        None => {
            let is_there = |name: &&str| path.join(file_name(name, Format::Csv)).exists();
            FILES.into_iter().filter(is_there).collect()
        }
    };
    Ok(Finished {
        results: read_results(path)?,
        columns,
        format: manifest.circumstance.format,
        #[cfg(feature = "html")]
        circumstance: manifest.circumstance,
    })
}

/// An error if a run may not write into a directory; nothing changes there.
pub fn may_take(path: &Path, existing: Existing, identity: &Manifest) -> Result<(), Error> {
    // What it has written so far looks like results that are in the way.
    if let Some(holder) = holder(&path.join(LOCK)) {
        return Err(in_use(path, &holder));
    }
    admitted(path, existing, identity).map(|_| ())
}

/// What the manifest says of a run that may go on or be replaced in a directory; `None` where nothing is in it.
fn admitted(
    path: &Path,
    existing: Existing,
    identity: &Manifest,
) -> Result<Option<ManifestFile>, Error> {
    let refuse = |reason: &str| {
        Err(Error::Directory {
            path: path.to_owned(),
            reason: reason.to_owned(),
        })
    };
    if path.is_file() {
        return refuse("is a file; --out takes a directory");
    }
    if is_empty(path)? {
        return Ok(None);
    }
    let Some(stored) = stored_manifest(path)? else {
        return refuse(match existing {
            Existing::Refuse => "is not empty and holds no run of ours",
            _ => "is not empty and holds no run of ours; it stays as it is",
        });
    };
    let (of, not) = (command(&stored.identity), command(identity));
    match existing {
        Existing::Refuse | Existing::Resume if of != not => refuse(&format!(
            "holds the results of `{of}`, not of `{not}`; name another directory, or replace them with --force"
        )),
        Existing::Refuse => {
            refuse("holds an earlier run; --resume continues it, --force replaces it")
        }
        Existing::Resume if stored.identity.edition != identity.edition => {
            let other = stored.identity.other_edition().unwrap_or_default();
            refuse(&format!(
                "was written by {other}: it cannot be continued; --force replaces it"
            ))
        }
        Existing::Resume => match first_difference(&stored.identity, identity) {
            Some(difference) => refuse(&format!("holds another run: {difference}")),
            None => Ok(Some(stored)),
        },
        Existing::Replace | Existing::Advance => Ok(Some(stored)),
    }
}

/// Whether a folder has blocks as version 0.1.0 wrote them first, each in a file of its own or all in a journal.
fn holds_earlier_work(blocks: &Path) -> bool {
    let mut entries = fs::read_dir(blocks).into_iter().flatten().flatten();
    entries.any(|entry| {
        let path = entry.path();
        path.extension()
            .is_some_and(|ending| ending == "block" || ending == "jsonl")
    })
}

fn is_empty(path: &Path) -> Result<bool, Error> {
    match fs::read_dir(path) {
        Ok(entries) => {
            let mut names = entries.map(|entry| entry.map(|entry| entry.file_name()));
            // Whoever was killed before its manifest was whole leaves these.
            let is_nothing = |name: &OsStr| name == LOCK || is_left(name, [MANIFEST]);
            Ok(names.all(|name| name.is_ok_and(|name| is_nothing(&name))))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::unreadable(path)(error)),
    }
}

/// What a directory says of the study that is complete in it.
pub struct Stored {
    pub identity: Manifest,
    pub circumstance: Circumstance,
    /// The study with its options; null where an earlier version wrote it.
    pub study: Value,
}

/// The study that is complete in `path`, played by the model of this program.
pub fn complete_in(path: &Path) -> Result<Stored, Error> {
    let not_a_run = |reason: &str| Error::NotARun {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    if !path.exists() {
        return Err(not_a_run("there is no such directory"));
    }
    if path.is_file() {
        return Err(not_a_run(
            "it is a file; give the directory that `mufakat run SCENARIO --out DIR` wrote",
        ));
    }
    let Some(manifest) = stored_manifest(path)? else {
        return Err(not_a_run("it has no manifest.json of ours"));
    };
    if let Some(other) = manifest.identity.other_edition() {
        return Err(not_a_run(&format!(
            "it is of {other}: read it with that version, or run its scenario again"
        )));
    }
    let command = command(&manifest.identity);
    let finishes = |lacks: &str, does: &str| {
        not_a_run(&format!(
            "it has {lacks}; `mufakat {command}` with the same --out and --resume {does} it"
        ))
    };
    if !path.join(RESULTS).exists() {
        return Err(finishes("no results.json", "finishes"));
    }
    if !path.join(SCENARIO).exists() {
        return Err(finishes("lost scenario.resolved.toml", "restores"));
    }
    Ok(Stored {
        identity: manifest.identity,
        circumstance: manifest.circumstance,
        study: manifest.study,
    })
}

/// That the model has changed since a complete study in `path`, where it has.
pub fn changed_since(path: &Path) -> Result<Option<String>, Error> {
    let complete = path.join(RESULTS).exists() && path.join(SCENARIO).exists();
    let stored = stored_identity(path)?.filter(|_| complete);
    Ok(stored.and_then(|identity| identity.other_edition()))
}

/// The results document of a complete study in `path`.
pub fn read_results<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let path = path.join(RESULTS);
    let text = reading::text(&path, LARGEST_RESULTS).map_err(Error::unreadable(&path))?;
    serde_json::from_str(&text).map_err(|error| Error::unreadable(&path)(error.into()))
}
