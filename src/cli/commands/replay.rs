//! `mufakat replay`: a finished run again, from its own scenario, compared byte by byte.

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::replay::ReplayArgs;
use crate::cli::commands::run::{Stop, in_pool, is_progress_wanted, play, sha256_hex};
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::progress;
use crate::cli::source;
use crate::cli::store::directory::{Finished, RESULTS, SCENARIO, finished};
use crate::engine::model::Model;
use crate::error::Error;
use crate::study::results::assemble::{manifest, results};
use crate::study::results::collect::Collector;
use crate::study::results::columns::{Columns, file_name};
use crate::study::results::json::document;
use crate::study::results::run::Manifest;
use crate::theory::spelling::units::count;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

/// The document of `replay --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Replayed {
    /// The directory.
    pub run: String,
    /// Worlds that were played again; 0 where the scenario is not that of the run.
    pub worlds: u64,
    /// Files compared: tables and results.
    pub files: usize,
    /// A sentence for each that differs; none if all bytes are the same.
    pub differences: Vec<String>,
}

/// Runs again and compares; a byte that differs is a condition that failed.
///
/// # Errors
/// A directory that cannot be read, or why there is no result.
pub fn replay(args: &ReplayArgs, common: &Common) -> Result<Status, Error> {
    let stored = finished(&args.run)?;
    let manifest = &stored.results.manifest;
    let scenario = args.run.join(SCENARIO);
    let text = fs::read_to_string(&scenario).map_err(Error::unreadable(&scenario))?;
    let hash = sha256_hex(&text);
    if hash != manifest.scenario_sha256 {
        let stored = &manifest.scenario_sha256;
        return said(
            args,
            Replayed {
                run: args.run.display().to_string(),
                worlds: 0,
                files: 0,
                differences: vec![format!(
                    "{SCENARIO} is not that of the run: its SHA-256 is {hash}, not {stored}"
                )],
            },
        );
    }
    let layers = Layers {
        trials: Some(manifest.trials),
        seed: Some(manifest.seed),
        ..Layers::default()
    };
    let loaded = source::load_named(&scenario.to_string_lossy(), &layers, common)?;
    let differences = in_pool(common, || {
        compare(&loaded.model, &stored, &args.run, common)
    })?;
    said(
        args,
        Replayed {
            run: args.run.display().to_string(),
            worlds: manifest.trials,
            files: stored.columns.len() + 1,
            differences,
        },
    )
}

/// Says how the comparison ended.
fn said(args: &ReplayArgs, replayed: Replayed) -> Result<Status, Error> {
    let same = replayed.differences.is_empty();
    if args.json {
        output::result(&document(&replayed))?;
    } else if same {
        output::result(&format!(
            "{}: {} again, every byte of {} files the same\n",
            replayed.run,
            match replayed.worlds {
                1 => "its one world".to_owned(),
                worlds => format!("all {} worlds", count(worlds)),
            },
            replayed.files,
        ))?;
    } else {
        let lines = replayed.differences.iter();
        lines.for_each(|difference| output::message(&format!("{difference}\n")));
    }
    match same {
        true => Ok(Status::Done),
        false => Ok(Status::ConditionFailed),
    }
}

/// Plays the run again; a sentence for each file that differs.
fn compare(
    model: &Model,
    stored: &Finished,
    directory: &Path,
    common: &Common,
) -> Result<Vec<String>, Error> {
    let trials = model.simulation.trials;
    let failed = || Error::unreadable(directory);
    let open = |name: &str| Comparing::open(&directory.join(name));
    let mut columns = Columns::new(model, &stored.columns, stored.format, open).map_err(failed())?;
    let mut collector = Collector::new(model, trials);
    let stop = interrupt::watch();
    let bar = progress::bar(trials, 0, is_progress_wanted(common));
    let stopped = play(model, 0..trials, &stop, &bar, |trial| {
        collector.push(trial)?;
        columns.push(trial).map_err(failed())
    })?;
    if let Some(Stop { played, .. }) = stopped {
        return Err(Error::Interrupted {
            played,
            trials,
            kept: "the comparison is not finished, the run is as it was".to_owned(),
        });
    }
    let identity = Manifest {
        precision: stored.results.manifest.precision,
        ..manifest(
            model,
            stored.results.manifest.scenario_sha256.clone(),
            stored.results.manifest.overrides.clone(),
        )
    };
    let again = results(&collector, identity)?.to_json();
    let mut comparing = Comparing::open(&directory.join(RESULTS)).map_err(failed())?;
    comparing.write_all(again.as_bytes()).map_err(failed())?;
    let mut compared = vec![(RESULTS.to_owned(), comparing)];
    let columns = columns.finish().map_err(failed())?.into_iter();
    compared.extend(columns.map(|(name, file)| (file_name(name, stored.format), file)));
    let mut differences = Vec::new();
    for (name, comparing) in compared {
        let difference = comparing.finish().map_err(failed())?;
        differences.extend(difference.map(|difference| format!("{name} {difference}")));
    }
    Ok(differences)
}

/// A writer that compares what is written with a file.
struct Comparing {
    file: Option<BufReader<File>>,
    buffer: Vec<u8>,
    compared: u64,
    differs: Option<u64>,
}

impl Comparing {
    fn open(path: &Path) -> io::Result<Comparing> {
        let file = match File::open(path) {
            Ok(file) => Some(BufReader::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Comparing {
            file,
            buffer: Vec::new(),
            compared: 0,
            differs: None,
        })
    }

    /// How the file differs from what was written, if it does.
    fn finish(mut self) -> io::Result<Option<Difference>> {
        let Some(file) = &mut self.file else {
            return Ok(Some(Difference::Missing));
        };
        let surplus = self.differs.is_none() && file.read(&mut [0])? > 0;
        let at = self.differs.or(surplus.then_some(self.compared));
        Ok(at.map(Difference::From))
    }
}

/// How a file differs.
#[derive(Debug, PartialEq, Eq)]
enum Difference {
    /// There is none.
    Missing,
    /// From this byte on, which may be one too few or too many.
    From(u64),
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Missing => write!(
                out,
                "is missing; `mufakat run` with the same --out and --resume restores it"
            ),
            Difference::From(at) => write!(out, "differs from byte {at} on"),
        }
    }
}

impl Write for Comparing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.differs.is_some() {
            return Ok(bytes.len());
        }
        self.buffer.clear();
        if let Some(file) = &mut self.file {
            let wanted = bytes.len() as u64;
            file.by_ref().take(wanted).read_to_end(&mut self.buffer)?;
        }
        let pairs = bytes.iter().zip(&self.buffer);
        let same = pairs.take_while(|(one, other)| one == other).count();
        if same < bytes.len() {
            self.differs = Some(self.compared + same as u64);
        }
        self.compared += same as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(stored: &str, written: &[&str]) -> Option<Difference> {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let path = folder.path().join("file");
        fs::write(&path, stored).expect("writable");
        let mut comparing = Comparing::open(&path).expect("readable");
        for part in written {
            comparing.write_all(part.as_bytes()).expect("readable");
        }
        comparing.finish().expect("readable")
    }

    #[test]
    fn the_first_differing_byte_is_found() {
        let from = |at| Some(Difference::From(at));
        assert_eq!(compared("abcdef", &["abc", "def"]), None);
        assert_eq!(compared("abcdef", &["abc", "dxf", "more"]), from(4));
        assert_eq!(compared("abcdef", &["abc"]), from(3));
        assert_eq!(compared("abc", &["abc", "d"]), from(3));
        assert_eq!(compared("", &[]), None);
    }

    #[test]
    fn a_missing_file_is_not_an_empty_one() {
        let comparing = Comparing::open(Path::new("/no/such/file")).expect("no other failure");
        let difference = comparing.finish().expect("nothing is read");
        assert_eq!(difference, Some(Difference::Missing));
    }
}
