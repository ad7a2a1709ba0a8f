//! The directory of a run: what `--out` writes and `--resume` and `replay` read.
//!
//! `manifest.json` comes first and says whose directory it is; `results.json` comes last, by rename: a directory with it is
//! complete, one without it is not. All files are written whole.

use crate::cli::store::atomic::write_whole;
use crate::cli::store::lock::{Lock, holder};
use crate::cli::store::parts::Parts;
use crate::cli::store::pieces::{PieceFiles, PieceKey, Store};
use crate::error::Error;
use crate::report::document::DATA;
use crate::study::pieces::{Pieces, TableSet};
use crate::study::results::columns::{FILES, Keep, file_name};
use crate::study::results::json::document;
use crate::study::results::run::{AskedStudy, Manifest, Results};
use crate::study::results::sheet::Format;
use crate::study::results::stability::columns::COALITIONS;
use crate::study::results::sweep::{CELLS, MAP, WORLDS};
use crate::theory::draws::design::Sampler;
use crate::theory::spelling::units::count;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "manifest.json";

/// Folder of what is finished until all is.
const BLOCKS: &str = "blocks";
/// File whose lock is held by whoever writes.
const LOCK: &str = "writing.lock";

/// The scenario after all layers, runnable by itself.
pub const SCENARIO: &str = "scenario.resolved.toml";

/// The page of a run or comparison.
pub const PAGE: &str = "report.html";

/// The page of a run on which sliders move.
pub const EXPLORED: &str = "explore.html";

/// Page of a brief.
pub const BRIEF: &str = "brief.html";

/// The page of `accords`.
pub const ACCORDS: &str = "accords.html";

/// The page of `advise`.
pub const ADVICE: &str = "advice.html";

/// The page of cases on record.
pub const HISTORY: &str = "history.html";

/// The page of `turn`.
pub const TURN: &str = "turn.html";
/// The page of `pedigree`.
pub const PEDIGREE: &str = "pedigree.html";

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

/// What does not belong to the identity of a run: it may differ when the same results are made again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Circumstance {
    /// When this invocation started, RFC 3339.
    pub started: String,
    /// Seconds from start to end; absent while it runs.
    pub wall_time_s: Option<f64>,
    pub threads: usize,
    pub command_line: Vec<String>,
    pub machine: String,
    /// Trials that an earlier invocation had finished.
    pub resumed_from: u64,
    /// Which tables it writes; absent in directories of earlier versions.
    #[serde(default)]
    pub keep: Option<Keep>,
    /// Their format.
    #[serde(default)]
    pub format: Format,
    /// Files that a study writes besides its results.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
}

/// What `manifest.json` holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ManifestFile {
    identity: Manifest,
    circumstance: Circumstance,
    /// The study with its options, from which it is played again; absent in directories of earlier versions.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    study: Value,
}

/// A directory that was opened for a study, which nobody else writes meanwhile.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    identity: Manifest,
    /// Whether it was made for this.
    is_new: bool,
    _lock: Option<Lock>,
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
        let directory = Directory {
            path: path.to_owned(),
            identity: identity.clone(),
            is_new,
            _lock: lock,
        };
        // Again, now that nobody changes it.
        match (admitted(path, existing, identity)?, existing) {
            (Some(stored), Existing::Replace) => directory.clear(&stored.circumstance.files)?,
            (Some(stored), Existing::Resume) => {
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
        let file = ManifestFile {
            identity: self.identity.clone(),
            circumstance: circumstance.clone(),
            study: study.clone(),
        };
        self.write_whole(MANIFEST, document(&file).as_bytes())
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
        let _ = fs::remove_dir_all(self.path.join(BLOCKS));
    }

    /// Writes a file of the directory whole.
    pub fn write_whole(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        write_whole(&self.path.join(name), bytes)
    }

    /// Leaves the directory; one that was made for nothing goes, if nothing is in it.
    pub fn abandon(self) {
        let Directory {
            path,
            is_new,
            _lock,
            ..
        } = self;
        drop(_lock);
        if is_new {
            let _ = fs::remove_dir(path);
        }
    }

    /// Removes the files of a run, and no others; the results first, so that what is left is never taken for complete. `others` are
    /// those that its manifest names.
    fn clear(&self, others: &[String]) -> Result<(), Error> {
        let of_run = FILES
            .into_iter()
            .chain([CELLS, WORLDS])
            .flat_map(|name| [Format::Csv, Format::Parquet].map(|format| file_name(name, format)));
        let names = [
            RESULTS, MAP, COALITIONS, BRIEF, ADVICE, HISTORY, PEDIGREE, TURN, SCENARIO, PAGE,
            EXPLORED,
        ]
        .map(str::to_owned)
        .into_iter()
        .chain(of_run)
        .chain(others.iter().filter(|name| is_scenario(name)).cloned());
        // A file that was being written when its program was killed has the ending of one that is not whole.
        let names = names.flat_map(|name| [format!("{name}.tmp"), name]);
        for name in names {
            let path = self.path.join(name);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::unwritable(&path)(error));
                }
                _ => {}
            }
        }
        remove_data(&self.path.join(DATA))?;
        let blocks = self.path.join(BLOCKS);
        match fs::remove_dir_all(&blocks) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::unwritable(&blocks)(error))
            }
            _ => Ok(()),
        }
    }
}

impl Circumstance {
    /// Names of the files that were written besides results and scenario; where it is not said, nothing is known to be missing.
    fn written(&self) -> Vec<String> {
        if !self.files.is_empty() {
            return self.files.clone();
        }
        let tables = self.keep.map_or(&[][..], Keep::files).iter();
        tables.map(|name| file_name(name, self.format)).collect()
    }
}

fn in_use(path: &Path, holder: &str) -> Error {
    Error::Directory {
        path: path.to_owned(),
        reason: format!(
            "is where another command writes ({holder}): wait for it, or name another directory"
        ),
    }
}

/// Whether a name is that of another scenario of a comparison, in the directory itself.
fn is_scenario(name: &str) -> bool {
    name.ends_with(SCENARIO.trim_start_matches("scenario"))
        && Path::new(name).file_name() == Some(name.as_ref())
}

/// Removes the data of a page, and the directory if nothing else is in it.
fn remove_data(directory: &Path) -> Result<(), Error> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Ok(());
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.extension().is_some_and(|ending| ending == "csv") {
            fs::remove_file(&path).map_err(Error::unwritable(&path))?;
        }
    }
    // What is not ours stays.
    let _ = fs::remove_dir(directory);
    Ok(())
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
            Ok(!names.any(|name| name.map_or(true, |name| name != LOCK)))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::unreadable(path)(error)),
    }
}

/// The text of a file, `None` if there is no such file.
fn read_if_there(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::unreadable(path)(error)),
    }
}

/// The manifest of the run in a directory; `None` where it is missing or not ours.
fn stored_manifest(path: &Path) -> Result<Option<ManifestFile>, Error> {
    let text = read_if_there(&path.join(MANIFEST))?;
    let file = text.and_then(|text| serde_json::from_str::<ManifestFile>(&text).ok());
    Ok(file.filter(|file| file.identity.tool == env!("CARGO_PKG_NAME")))
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

/// Whose run a directory holds, if it is one of ours.
pub fn stored_identity(path: &Path) -> Result<Option<Manifest>, Error> {
    Ok(stored_manifest(path)?.map(|file| file.identity))
}

/// The format of the tables that a directory has or is to have.
pub fn stored_format(path: &Path) -> Result<Format, Error> {
    let format = stored_manifest(path)?.map(|file| file.circumstance.format);
    Ok(format.unwrap_or_default())
}

/// The results document of a complete study in `path`.
pub fn read_results<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let path = path.join(RESULTS);
    let text = fs::read_to_string(&path).map_err(Error::unreadable(&path))?;
    serde_json::from_str(&text).map_err(|error| Error::unreadable(&path)(error.into()))
}

/// The command whose results they are.
fn command(manifest: &Manifest) -> &str {
    manifest
        .study
        .as_ref()
        .map_or("run", |study| &study.command)
}

fn study(manifest: &Manifest, of: impl Fn(&AskedStudy) -> String) -> String {
    manifest.study.as_ref().map_or_else(String::new, of)
}

/// What tells two identities apart, for the reader.
fn first_difference(stored: &Manifest, asked: &Manifest) -> Option<String> {
    let fields = |manifest: &Manifest| {
        [
            ("version", manifest.version.clone()),
            ("seed", manifest.seed.to_string()),
            ("number of worlds", count(manifest.trials)),
            ("sampler", manifest.sampler.clone()),
            ("precision", format!("{:?}", manifest.precision)),
            ("scenario", manifest.scenario.clone()),
            ("scenario_sha256", manifest.scenario_sha256.clone()),
            ("overrides", format!("{:?}", manifest.overrides)),
            ("quantiles", manifest.quantiles.clone()),
            ("command", study(manifest, |study| study.command.clone())),
        ]
    };
    let pairs = fields(stored).into_iter().zip(fields(asked));
    let mut different = pairs.filter(|(one, other)| one != other);
    let first = different
        .next()
        .map(|((name, one), (_, other))| format!("its {name} is {one}, not {other}"));
    first.or_else(|| {
        let settings = |manifest: &Manifest| {
            let study = manifest.study.as_ref();
            study.map_or_else(Vec::new, |study| study.settings.clone())
        };
        let (stored, asked) = (settings(stored), settings(asked));
        let only =
            |of: &[String], others: &[String]| of.iter().find(|one| !others.contains(one)).cloned();
        let differs = |whose: &str, one: String| format!("its settings differ: `{one}` is {whose}");
        let reordered = || "its settings stand in another order".to_owned();
        (only(&stored, &asked).map(|one| differs("of the stored one alone", one)))
            .or_else(|| only(&asked, &stored).map(|one| differs("of this one alone", one)))
            .or_else(|| (stored != asked).then(reordered))
    })
}

/// What the blocks of a run are told apart by. Where more trials may follow and do not change those before, how many there are has
/// no part in it.
pub fn key_of(identity: &Manifest) -> PieceKey {
    let sampler = Sampler::named(&identity.sampler);
    let mut identity = identity.clone();
    if identity.precision.is_some() && sampler.is_some_and(Sampler::is_extensible) {
        identity.trials = 0;
        // The resolved scenario holds their number, and so does what is kept for quantiles.
        identity.scenario_sha256.clear();
        identity.quantiles.clear();
    }
    let text = serde_json::to_string(&identity)
        .expect("keys are strings and there are no fractions, so that it is valid JSON");
    *blake3::hash(text.as_bytes()).as_bytes()
}
