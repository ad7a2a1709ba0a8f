//! `mufakat replay`: a finished run again, from its own scenario, compared byte by byte.

use crate::cli::Status;
use crate::cli::args::{Common, HELP, Layers};
use crate::cli::directory::{RESULTS, SCENARIO, finished};
use crate::cli::failure::RunError;
use crate::cli::output::{self, line};
use crate::cli::run::{in_pool, play, sha256_hex};
use crate::cli::{interrupt, progress, source};
use crate::model::Model;
use crate::report::assemble::{manifest, results};
use crate::report::collect::Collector;
use crate::report::columns::{Columns, Keep};
use crate::report::results::Results;
use crate::simulate::End;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  mufakat run scenarios/two-states.toml --out runs/two
  mufakat replay runs/two";

/// `replay`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct ReplayArgs {
    /// Directory of a finished run
    pub run: PathBuf,
}

/// Runs again and compares; a byte that differs is a condition that failed.
///
/// # Errors
/// A directory that cannot be read, or why there is no result.
pub fn replay(args: &ReplayArgs, common: &Common) -> Result<Status, RunError> {
    let stored = finished(&args.run)?;
    let scenario = args.run.join(SCENARIO);
    let text = fs::read_to_string(&scenario).map_err(RunError::file("read", &scenario))?;
    let hash = sha256_hex(&text);
    if hash != stored.manifest.scenario_sha256 {
        line(&format!(
            "{SCENARIO} is not that of the run: its SHA-256 is {hash}, not {}",
            stored.manifest.scenario_sha256
        ));
        return Ok(Status::ConditionFailed);
    }
    let layers = Layers {
        trials: Some(stored.manifest.trials),
        seed: Some(stored.manifest.seed),
        ..Layers::default()
    };
    let loaded = source::load_named(&scenario.to_string_lossy(), &layers, common)?;
    let differences = in_pool(common, || {
        compare(&loaded.model, &stored, &args.run, common)
    })?;
    if differences.is_empty() {
        let trials = stored.manifest.trials;
        output::result(&format!(
            "{}: all {trials} worlds again, every byte the same\n",
            args.run.display()
        ))?;
        return Ok(Status::Done);
    }
    differences.iter().for_each(|difference| line(difference));
    Ok(Status::ConditionFailed)
}

/// Plays the run again; one line for each file that differs.
fn compare(
    model: &Model,
    stored: &Results,
    directory: &Path,
    common: &Common,
) -> Result<Vec<String>, RunError> {
    let trials = model.simulation.trials;
    let keep = if Keep::Trials
        .files()
        .iter()
        .all(|name| directory.join(name).exists())
    {
        Keep::Trials
    } else {
        Keep::Summary
    };
    let failed = || RunError::file("compare", directory);
    let open = |name: &str| Comparing::open(&directory.join(name));
    let mut columns = Columns::new(model, keep, open).map_err(failed())?;
    let mut collector = Collector::new(model, trials);
    let stop = interrupt::watch();
    let bar = progress::bar(trials, 0, !common.no_progress && !common.quiet);
    let end = play(model, 0, &stop, &bar, |trial| {
        collector.push(trial)?;
        columns.push(trial).map_err(failed())
    })?;
    if let End::Stopped { next } = end {
        return Err(RunError::Interrupted {
            played: next,
            trials,
            kept: "the comparison is not finished, the run is as it was".to_owned(),
        });
    }
    let identity = manifest(
        model,
        stored.manifest.scenario_sha256.clone(),
        stored.manifest.overrides.clone(),
    );
    let again = results(&collector, identity)?.to_json();
    let mut differences = Vec::new();
    let mut note_difference = |name: &str, at: Option<u64>| {
        if let Some(at) = at {
            differences.push(format!("{name} differs from byte {at} on"));
        }
    };
    let mut comparing = Comparing::open(&directory.join(RESULTS)).map_err(failed())?;
    comparing.write_all(again.as_bytes()).map_err(failed())?;
    note_difference(RESULTS, comparing.finish().map_err(failed())?);
    for (name, comparing) in columns.finish().map_err(failed())? {
        note_difference(name, comparing.finish().map_err(failed())?);
    }
    Ok(differences)
}

/// A writer that compares what is written with a file. A missing file is an empty one.
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

    /// The first byte that differs, a missing or surplus one included.
    fn finish(mut self) -> io::Result<Option<u64>> {
        if self.differs.is_some() {
            return Ok(self.differs);
        }
        let mut one = [0];
        let surplus = match &mut self.file {
            Some(file) => file.read(&mut one)? > 0,
            None => true,
        };
        Ok(surplus.then_some(self.compared))
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

    fn compared(stored: &str, written: &[&str]) -> Option<u64> {
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
        assert_eq!(compared("abcdef", &["abc", "def"]), None);
        assert_eq!(compared("abcdef", &["abc", "dxf", "more"]), Some(4));
        assert_eq!(compared("abcdef", &["abc"]), Some(3));
        assert_eq!(compared("abc", &["abc", "d"]), Some(3));
        assert_eq!(compared("", &[]), None);
    }
}
