//! `mufakat replay`: a finished study again, from its own scenario, compared byte by byte.

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::plan::StudyArgs;
use crate::cli::args::replay::ReplayArgs;
use crate::cli::commands::ask::ask;
use crate::cli::exit::Status;
use crate::cli::labels::files_of;
use crate::cli::output;
use crate::cli::source::with_files;
use crate::cli::store::directory::{SCENARIO, Stored, changed_since, complete_in, read_results};
use crate::error::Error;
use crate::study::digest::sha256_hex;
use crate::study::results::compare::CompareResults;
use crate::study::results::history::HistoryResults;
use crate::study::results::json::document;
use crate::theory::spelling::units::count;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use std::fs;
use std::path::Path;

/// The document of `replay --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Replayed {
    /// The directory.
    pub run: String,
    /// Worlds that were played again; 0 where the scenario or the model is not that of the run.
    pub worlds: u64,
    /// Files compared: tables and results.
    pub files: usize,
    /// A sentence for each that differs; none if all bytes are the same.
    pub differences: Vec<String>,
}

impl Replayed {
    /// Nothing played, since the run cannot be the same for this reason.
    fn without(args: &ReplayArgs, reason: String) -> Replayed {
        Replayed {
            run: args.run.display().to_string(),
            worlds: 0,
            files: 0,
            differences: vec![reason],
        }
    }
}

/// Plays again and compares; a byte that differs is a condition that failed.
pub fn replay(args: &ReplayArgs, common: &Common) -> Result<Status, Error> {
    // What is no directory of a run at all is said as that.
    if args.run.is_dir()
        && let Some(other) = changed_since(&args.run)?
    {
        let changed =
            format!("the model changed since: the run is of {other}; nothing is compared");
        return said(args, Replayed::without(args, changed));
    }
    let stored = complete_in(&args.run)?;
    let identity = &stored.identity;
    let scenario = args.run.join(SCENARIO);
    let text = fs::read_to_string(&scenario).map_err(Error::unreadable(&scenario))?;
    let hash = sha256_hex(&text);
    if hash != identity.scenario_sha256 {
        let stored = &identity.scenario_sha256;
        let changed =
            format!("{SCENARIO} is not that of the run: its SHA-256 is {hash}, not {stored}");
        return said(args, Replayed::without(args, changed));
    }
    let files = stored.circumstance.files.iter().map(String::as_str);
    let files = files.chain([SCENARIO]).map(|name| args.run.join(name));
    let common = &with_files(common, files.filter(|file| is_scenario(file)))?;
    let job = ask(&again(&stored, &args.run)?, common)?;
    if job.identity() != identity {
        return Err(Error::NotARun {
            path: args.run.clone(),
            reason: "this program does not read what was asked there as the one that wrote it"
                .to_owned(),
        });
    }
    // Of an earlier version it may not be known which tables it wrote.
    let all = identity.study.is_some() || stored.circumstance.keep.is_some();
    let again = job.replay(&args.run, all, common)?;
    said(
        args,
        Replayed {
            run: args.run.display().to_string(),
            worlds: again.worlds,
            files: again.files,
            differences: again.differences,
        },
    )
}

/// Whether a file of a directory is a scenario.
fn is_scenario(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == "toml")
}

/// What was asked, of the scenario in the directory.
pub fn again(stored: &Stored, directory: &Path) -> Result<StudyArgs, Error> {
    let identity = &stored.identity;
    let layers = Layers {
        trials: Some(identity.trials),
        seed: Some(identity.seed),
        said: Some(identity.overrides.clone()),
        ..Layers::default()
    };
    let known = match (&stored.study, &identity.study) {
        // Earlier versions did not note what was asked; of a run, its identity says enough.
        (study, None) if study.is_null() => json!({"run": {
            "keep": "trials", "format": "csv", "precision": identity.precision, "fail_if": null, "reference": null,
            "scenario": {"scenario": "", "layers": Layers::default()},
        }}),
        (study, _) => study.clone(),
    };
    let mut args: StudyArgs = serde_json::from_value(known).map_err(|_| Error::NotARun {
        path: directory.to_owned(),
        reason: "its manifest.json does not say what was asked, as an earlier version wrote it; only runs of those are replayed".to_owned(),
    })?;
    args.set_scenario(directory, SCENARIO, layers);
    let files = |labels: &[String]| {
        let files = files_of(labels.iter().map(String::as_str));
        let paths = files.map(|file| directory.join(file).to_string_lossy().into_owned());
        paths.collect()
    };
    if let StudyArgs::Compare(args) = &mut args {
        let results: CompareResults = read_results(directory)?;
        args.labels = results.scenarios.into_iter().map(|one| one.label).collect();
        args.scenarios = files(&args.labels);
    }
    if let StudyArgs::History(args) = &mut args {
        let results: HistoryResults = read_results(directory)?;
        args.labels = results.cases.into_iter().map(|one| one.id).collect();
        args.cases = files(&args.labels);
    }
    args.set_tables(stored.circumstance.keep, stored.circumstance.format);
    Ok(args)
}

/// Says how the comparison ended.
fn said(args: &ReplayArgs, replayed: Replayed) -> Result<Status, Error> {
    let same = replayed.differences.is_empty();
    if args.json {
        output::result(&document(&replayed))?;
    } else if same {
        output::result(&format!(
            "{}: {} again, every byte of {} the same\n",
            replayed.run,
            match replayed.worlds {
                1 => "its one world".to_owned(),
                worlds => format!("all {} worlds", count(worlds)),
            },
            match replayed.files {
                1 => "its results".to_owned(),
                files => format!("{files} files"),
            },
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
