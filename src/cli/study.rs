//! What commands that ask many scenarios have in common: outputs, identity, directory.

use crate::analysis::readings::Output;
use crate::analysis::threshold::Over;
use crate::cli::args::{Common, Layers};
use crate::cli::directory::{Existing, Opened, RESULTS, RunDirectory};
use crate::cli::given::interrupted;
use crate::cli::output;
use crate::cli::run::{circumstance, overrides, sha256_hex};
use crate::error::Error;
use crate::model::Model;
use crate::model::arm::Mode;
use crate::report::assemble::manifest;
use crate::report::path::{PathError, ResultPath};
use crate::report::results::{Manifest, Study};
use crate::report::sheet::Format;
use crate::scenario::Loaded;
use crate::simulate::{End, in_order};
use serde::de::DeserializeOwned;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Where a study writes and what it does with what is there.
#[derive(Debug, Clone, clap::Args)]
pub struct OutArgs {
    /// Write results and tables to this directory
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Format of the tables: csv, or parquet with types, units and compression
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = FormatArg::Csv, hide_possible_values = true, requires = "out")]
    pub format: FormatArg,
    /// Replace what an earlier command wrote there
    #[arg(long, requires = "out", conflicts_with = "resume")]
    pub force: bool,
    /// Continue from what is finished there
    #[arg(long, requires = "out")]
    pub resume: bool,
}

/// How a study starts.
pub enum Start<T> {
    /// With everything to do, into a directory if one was asked for.
    Anew(Option<Box<RunDirectory>>),
    /// It is complete in its directory.
    Complete(T),
}

/// Prints the results of a study: its document, or its text for the width that there is.
///
/// # Errors
/// Standard output cannot be written.
pub fn print(
    json: bool,
    document: impl FnOnce() -> String,
    text: impl FnOnce(usize) -> String,
) -> Result<(), Error> {
    match json {
        true => output::result(&document()),
        false => output::result(&text(output::width())),
    }
}

/// The format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FormatArg {
    /// Text with commas.
    Csv,
    /// Apache Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Format {
        match format {
            FormatArg::Csv => Format::Csv,
            #[cfg(feature = "parquet")]
            FormatArg::Parquet => Format::Parquet,
        }
    }
}

impl OutArgs {
    fn existing(&self) -> Existing {
        match (self.force, self.resume) {
            (true, _) => Existing::Replace,
            (_, true) => Existing::Resume,
            _ => Existing::Refuse,
        }
    }

    /// Opens the directory that was asked for, if one was.
    ///
    /// # Errors
    /// As for [`open`](Self::open), or results of a complete study that cannot be read.
    pub fn start<T: DeserializeOwned>(
        &self,
        identity: &Manifest,
        resolved: &str,
        common: &Common,
    ) -> Result<Start<T>, Error> {
        let Some(path) = &self.out else {
            return Ok(Start::Anew(None));
        };
        match self.open(path, identity, resolved, common)? {
            Some(directory) => Ok(Start::Anew(Some(Box::new(directory)))),
            None => Ok(Start::Complete(stored(path)?)),
        }
    }

    /// Opens the directory of `path` for the study of an identity; `None` if it is complete already, which is said.
    ///
    /// # Errors
    /// A directory that may not be used, or a file that cannot be read or written.
    pub fn open(
        &self,
        path: &Path,
        identity: &Manifest,
        resolved: &str,
        common: &Common,
    ) -> Result<Option<RunDirectory>, Error> {
        let directory = match RunDirectory::open(path, self.existing(), identity)? {
            Opened::Ready(directory) | Opened::Lacking { directory, .. } => directory,
            Opened::Complete => {
                let text = format!("{} is complete: nothing to resume\n", path.display());
                output::note(common, &text);
                return Ok(None);
            }
        };
        directory.start(&circumstance(None, self.format.into()), resolved)?;
        Ok(Some(*directory))
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
        study: Some(Study {
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
/// A path that names nothing there.
pub fn paths(names: &[String], model: &Model) -> Result<Vec<ResultPath>, Error> {
    let names = names.iter();
    let paths = names.map(|name| {
        let path = ResultPath::parse(name, model);
        let path = path.map_err(|error| unreadable("--output", name, error))?;
        of_each_world("--output", name, &path)?;
        Ok(path)
    });
    paths.collect()
}

/// Resolves paths into the results of `model`.
///
/// # Errors
/// A path that names nothing there.
pub fn outputs(names: &[String], model: &Model, reference: usize) -> Result<Vec<Output>, Error> {
    let resolve = |name: &String| {
        let path = ResultPath::parse(name, model);
        let path = path.map_err(|error| unreadable("--output", name, error))?;
        of_each_world("--output", name, &path)?;
        Ok(Output {
            name: name.clone(),
            reading: path.reading(model, reference),
        })
    };
    names.iter().map(resolve).collect()
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
            PathError {
                offset: 0,
                length: name.len(),
                message: message.to_owned(),
            },
        )),
    }
}

fn unreadable(flag: &'static str, path: &str, error: PathError) -> Error {
    Error::Result {
        flag,
        path: path.to_owned(),
        source: error,
    }
}

/// What `work` gives for each of `count` indices, on all threads.
///
/// # Errors
/// A signal.
pub fn in_parallel<R: Send>(
    count: usize,
    stop: &AtomicBool,
    work: impl Fn(usize) -> R + Sync,
) -> Result<Vec<R>, Error> {
    let mut found = Vec::with_capacity(count);
    let end = in_order(
        0..count as u64,
        stop,
        |index| Some(work(index as usize)),
        |_, one| {
            found.push(one);
            Ok::<(), Error>(())
        },
    )?;
    match end {
        End::Finished => Ok(found),
        End::Stopped { next } => Err(interrupted(next, count as u64)),
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
