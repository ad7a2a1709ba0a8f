//! Worlds to learn from: those of a finished run, read from its tables, or those of a scenario, which are played.

use crate::cli::args::common::{Common, Layers, ScenarioArgs};
use crate::cli::source;
use crate::cli::store::directory::{Finished, SCENARIO, finished};
use crate::cli::tables;
use crate::engine::model::Model;
use crate::error::Error;
use crate::scenario::Loaded;
use crate::study::digest::sha256_hex;
use crate::study::readings::WorldReadings;
use crate::study::results::path::ResultPath;
use std::path::{Path, PathBuf};

/// Whether a study plays a scenario or reads a finished run.
pub struct WorldSource {
    run: Option<PathBuf>,
}

impl WorldSource {
    /// Opens a scenario or the directory of a finished run.
    pub fn open(args: &ScenarioArgs, common: &Common) -> Result<(WorldSource, Loaded), Error> {
        let path = Path::new(&args.scenario);
        if common.files.has(&args.scenario) || !path.is_dir() {
            let loaded = source::load(args, common)?;
            return Ok((WorldSource { run: None }, loaded));
        }
        let stored = finished(path)?;
        let layers = &args.layers;
        let changed = !layers.sets.is_empty() || !layers.overlays.is_empty();
        if changed || layers.trials.is_some() || layers.seed.is_some() {
            return Err(Error::Directory {
                path: path.to_owned(),
                reason: "is a finished run, which cannot be changed; give the scenario instead"
                    .to_owned(),
            });
        }
        let loaded = scenario_of(path, &stored, common)?;
        let run = Some(path.to_owned());
        Ok((WorldSource { run }, loaded))
    }

    /// An error if a run would be planned, of which nothing is left to play, or written over.
    pub fn check(&self, planned: bool, out: Option<&Path>) -> Result<(), Error> {
        let Some(run) = &self.run else {
            return Ok(());
        };
        if planned {
            return Err(Error::Plan {
                path: run.clone(),
                reason: "is a finished run, of which nothing is left to play: leave out `plan`"
                    .to_owned(),
            });
        }
        let out = out.and_then(|out| Some((out, out.canonicalize().ok()?)));
        match (run.canonicalize(), out) {
            (Ok(run), Some((path, out))) if run == out => Err(Error::Directory {
                path: path.to_owned(),
                reason: "is the run that is read; give --out another directory".to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// Whether it is a finished run.
    pub fn is_run(&self) -> bool {
        self.run.is_some()
    }

    /// Results and draws of all worlds of the run, if it is one.
    pub fn readings(
        &self,
        model: &Model,
        paths: &[ResultPath],
        draws: &[usize],
        reference: usize,
    ) -> Result<Option<WorldReadings>, Error> {
        let Some(run) = &self.run else {
            return Ok(None);
        };
        let stored = finished(run)?;
        let mut drawn = tables::draws(run, &stored, model)?;
        let draws = draws.iter().map(|&index| std::mem::take(&mut drawn[index]));
        Ok(Some(WorldReadings {
            draws: draws.collect(),
            values: tables::values(run, &stored, model, paths, reference)?,
        }))
    }
}

/// The scenario of a finished run.
pub fn scenario_of(run: &Path, finished: &Finished, common: &Common) -> Result<Loaded, Error> {
    let manifest = &finished.results.manifest;
    let layers = Layers {
        trials: Some(manifest.trials),
        seed: Some(manifest.seed),
        ..Layers::default()
    };
    let scenario = run.join(SCENARIO);
    let loaded = source::load_at(&scenario, &layers, common)?;
    match sha256_hex(&loaded.resolved) == manifest.scenario_sha256 {
        true => Ok(loaded),
        false => Err(Error::NotARun {
            path: run.to_owned(),
            reason: format!("its {SCENARIO} was changed after it"),
        }),
    }
}
