//! What commands that ask many scenarios have in common: outputs, identity, directory.

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::out::OutArgs;
use crate::cli::identity::{circumstance, overrides, sha256_hex};
use crate::cli::output;
use crate::cli::store::directory::{Circumstance, Existing, RESULTS};
use crate::cli::store::journal::Journal;
use crate::cli::store::kept::Kept;
use crate::cli::store::old::{Opened, RunDirectory};
use crate::engine::model::Model;
use crate::engine::model::arm::Mode;
use crate::error::Error;
use crate::report::document::Document;
use crate::report::render::terminal;
use crate::scenario::Loaded;
use crate::study::readings::Output;
use crate::study::results::assemble::manifest;
use crate::study::results::path::{ResultPath, ResultPathError};
use crate::study::results::run::{AskedStudy, Manifest};
use crate::study::results::sheet::Format;
use crate::study::threshold::Over;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::Path;
use std::time::Instant;

pub use crate::cli::driver::asked::{FEW_WORLDS, warn_below};

/// What a study is, before it opens its directory.
#[derive(Clone, Copy)]
pub struct Opening<'a> {
    /// Its identity.
    pub identity: &'a Manifest,
    /// The scenario after all layers.
    pub resolved: &'a str,
    /// Format of its tables.
    pub format: Format,
    /// Files that it writes besides its results.
    pub files: &'a [String],
}

/// How a study starts.
pub enum Start<T> {
    /// With something to do, into a directory if one was asked for.
    Anew(Option<Box<StudyDirectory>>),
    /// It is complete in its directory.
    Complete(T),
}

/// The directory of a study that is under way.
#[derive(Debug)]
pub struct StudyDirectory {
    directory: RunDirectory,
    circumstance: Circumstance,
    started: Instant,
}

impl StudyDirectory {
    /// Its path.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// What earlier invocations finished, piece by piece.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn journal<T: Serialize + DeserializeOwned>(&self) -> Result<Journal<T>, Error> {
        Journal::open(&self.directory.journal(), &self.directory.key())
    }

    /// What earlier invocations read of their worlds.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn kept(&self) -> Result<Kept<'static>, Error> {
        Kept::new(self.path(), self.journal()?)
    }

    /// Notes how many trials an earlier invocation had finished.
    pub fn resumed_from(&mut self, trials: u64) {
        self.circumstance.resumed_from = trials;
    }

    /// Writes a file of the directory whole.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_whole(&self, name: &str, bytes: &[u8]) -> Result<(), Error> {
        self.directory.write_whole(name, bytes)
    }

    /// Completes the study: its manifest with how long it took, then its results by `write`; its journal goes.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn complete_by(
        mut self,
        write: impl FnOnce(&RunDirectory) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.circumstance.wall_time_s = Some(self.started.elapsed().as_secs_f64());
        self.directory
            .write_manifest(&self.circumstance, &serde_json::Value::Null)?;
        write(&self.directory)?;
        self.directory.remove_journal();
        Ok(())
    }

    /// Completes the study with its document.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn complete(self, document: &str) -> Result<(), Error> {
        self.complete_by(|directory| directory.complete_with(document))
    }
}

/// Prints the results of a study: as JSON, or as a document in lines of the width that there is.
///
/// # Errors
/// Standard output cannot be written.
pub fn show(
    common: &Common,
    json: bool,
    results: impl FnOnce() -> String,
    document: impl FnOnce() -> Document,
) -> Result<(), Error> {
    if json {
        return output::result(&results());
    }
    let width = output::width();
    let rendered = terminal::render(&document(), width);
    output::result(&match common.paths {
        true => rendered.with_paths(),
        false => rendered.text,
    })
}

impl OutArgs {
    /// Opens the directory that was asked for, if one was.
    ///
    /// # Errors
    /// As for [`open`](Self::open), or results of a complete study that cannot be read.
    pub fn start<T: DeserializeOwned>(
        &self,
        study: Opening<'_>,
        common: &Common,
    ) -> Result<Start<T>, Error> {
        let Some(path) = &self.out else {
            return Ok(Start::Anew(None));
        };
        match self.open(path, study, common)? {
            Some(directory) => Ok(Start::Anew(Some(Box::new(directory)))),
            None => Ok(Start::Complete(stored(path)?)),
        }
    }

    /// Opens the directory of `path` for a study; `None` if it is complete already, which is said.
    ///
    /// # Errors
    /// A directory that may not be used, or a file that cannot be read or written.
    pub fn open(
        &self,
        path: &Path,
        study: Opening<'_>,
        common: &Common,
    ) -> Result<Option<StudyDirectory>, Error> {
        let directory = match RunDirectory::open(path, self.existing(), study.identity)? {
            Opened::Ready(directory) => directory,
            Opened::Lacking {
                directory, missing, ..
            } => {
                let (path, missing) = (path.display(), missing.join(", "));
                output::note(common, &format!("{path} has lost {missing}: made again\n"));
                directory
            }
            Opened::Complete(..) => {
                let is_there = |name: &String| path.join(name).exists();
                if study.files.iter().all(is_there) {
                    let text = format!("{} is complete: nothing to resume\n", path.display());
                    output::note(common, &text);
                    return Ok(None);
                }
                // Complete, but with its tables in another format.
                match RunDirectory::open(path, Existing::Advance, study.identity)? {
                    Opened::Ready(directory) | Opened::Lacking { directory, .. } => directory,
                    Opened::Complete(..) => return Ok(None),
                }
            }
        };
        let mut circumstance = circumstance(None, study.format);
        circumstance.files = study.files.to_vec();
        directory.start(&circumstance, study.resolved)?;
        Ok(Some(StudyDirectory {
            directory,
            circumstance,
            started: Instant::now(),
        }))
    }
}

/// The identity of a study of a scenario.
pub fn identity(
    loaded: &Loaded,
    layers: &Layers,
    command: &str,
    settings: Vec<String>,
) -> Manifest {
    Manifest {
        study: Some(AskedStudy {
            command: command.to_owned(),
            settings,
        }),
        ..manifest(
            &loaded.model,
            sha256_hex(&loaded.resolved),
            overrides(layers),
        )
    }
}

/// That a signal came while the pieces of a plan were merged.
pub fn merge_interrupted(worlds: u64) -> Error {
    Error::Interrupted {
        played: worlds,
        trials: worlds,
        kept: "all shards are kept: give the same command again, `merge` with --resume".to_owned(),
    }
}

/// Says where the worlds are too few for averages and shares.
pub fn warn_of_few_worlds(model: &Model, common: &Common) {
    warn_below(FEW_WORLDS, model, common);
}

/// What each arm but the reference adds: for all states together, then for each.
pub fn default_outputs(model: &Model, reference: usize) -> Vec<String> {
    let others = (0..model.arms.len()).filter(|&arm| arm != reference);
    let names: Vec<&str> = others.map(|arm| model.arms[arm].name.as_str()).collect();
    if names.is_empty() {
        let name = &model.arms[reference].name;
        let states = model.states.iter();
        let of_states = states.map(|state| format!("{name}.state.{}.payoff", state.id));
        return [format!("{name}.total.payoff")]
            .into_iter()
            .chain(of_states)
            .collect();
    }
    let totals = names
        .iter()
        .map(|name| format!("{name}.total.payoff.difference"));
    let of_states = names.iter().flat_map(|name| {
        let states = model.states.iter();
        states.map(move |state| format!("{name}.state.{}.payoff.difference", state.id))
    });
    totals.chain(of_states).collect()
}

/// Paths into the results of `model`.
///
/// # Errors
/// A path that names nothing there, a statistic over worlds, or one that is asked for twice.
pub fn paths(names: &[String], model: &Model) -> Result<Vec<ResultPath>, Error> {
    let mut paths = Vec::with_capacity(names.len());
    for name in names {
        let path = ResultPath::parse(name, model);
        let path = path.map_err(|error| unreadable("--output", name, error))?;
        of_each_world("--output", name, &path)?;
        if paths.contains(&path) {
            let twice = ResultPathError {
                offset: 0,
                length: name.len(),
                message: "it is asked for twice".to_owned(),
            };
            return Err(unreadable("--output", name, twice));
        }
        paths.push(path);
    }
    Ok(paths)
}

/// Resolves paths into the results of `model`.
///
/// # Errors
/// As for [`paths`].
pub fn outputs(names: &[String], model: &Model, reference: usize) -> Result<Vec<Output>, Error> {
    let outputs = names.iter().zip(paths(names, model)?);
    let outputs = outputs.map(|(name, path)| Output {
        name: name.clone(),
        reading: path.reading(model, reference),
    });
    Ok(outputs.collect())
}

/// An error if a path names a statistic over worlds, where the number of each world is asked for.
///
/// # Errors
/// It does.
pub fn of_each_world(flag: &'static str, name: &str, path: &ResultPath) -> Result<(), Error> {
    let message = "it is asked for the number of each world: leave out the statistic";
    match path.over() {
        Some(Over::Mean) => Ok(()),
        _ => Err(unreadable(
            flag,
            name,
            ResultPathError {
                offset: 0,
                length: name.len(),
                message: message.to_owned(),
            },
        )),
    }
}

fn unreadable(flag: &'static str, path: &str, error: ResultPathError) -> Error {
    Error::Result {
        flag,
        path: path.to_owned(),
        source: error,
    }
}

/// The results document of a complete study in `path`.
///
/// # Errors
/// It cannot be read.
pub fn stored<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let path = path.join(RESULTS);
    let text = fs::read_to_string(&path).map_err(Error::unreadable(&path))?;
    serde_json::from_str(&text).map_err(|error| Error::unreadable(&path)(error.into()))
}

/// The first output that is a difference in an arm that bargains as one, else the first; as an index.
pub fn headline(names: &[String], model: &Model) -> usize {
    let blocs = model.arms.iter().filter(|arm| arm.mode == Mode::Bloc);
    let mut prefixes = blocs.map(|arm| format!("{}.total.payoff.difference", arm.name));
    prefixes
        .find_map(|name| names.iter().position(|one| *one == name))
        .unwrap_or(0)
}
