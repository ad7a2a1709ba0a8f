//! Worlds to learn from: those of a finished run, read from its tables, or those of a scenario, which are played.

use crate::cli::args::common::{Common, ScenarioArgs};
use crate::cli::identity::sha256_hex;
use crate::cli::source;
use crate::cli::store::directory::{SCENARIO, finished};
use crate::cli::tables;
use crate::engine::model::Model;
use crate::error::Error;
use crate::scenario::Loaded;
use crate::study::readings::WorldReadings;
use crate::study::results::path::ResultPath;
use std::path::{Path, PathBuf};

/// Whether a study plays a scenario or reads a finished run.
pub struct Source {
    run: Option<PathBuf>,
}

impl Source {
    /// Opens a scenario or the directory of a finished run.
    pub fn open(args: &ScenarioArgs, common: &Common) -> Result<(Source, Loaded), Error> {
        let path = Path::new(&args.scenario);
        if common.files.is_stored() || !path.is_dir() {
            let loaded = source::load(args, common)?;
            return Ok((Source { run: None }, loaded));
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
        let scenario = path.join(SCENARIO);
        let mut layers = layers.clone();
        layers.trials = Some(stored.results.manifest.trials);
        layers.seed = Some(stored.results.manifest.seed);
        let loaded = source::load_named(&scenario.to_string_lossy(), &layers, common)?;
        if sha256_hex(&loaded.resolved) != stored.results.manifest.scenario_sha256 {
            return Err(Error::NotARun {
                path: path.to_owned(),
                reason: format!("its {SCENARIO} was changed after it"),
            });
        }
        let run = Some(path.to_owned());
        Ok((Source { run }, loaded))
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
    pub fn given(
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

/// Indices of the uncertain quantities of `model` whose path matches one of `globs`, in which `*` stands for any text; all of them without any.
pub fn factors(model: &Model, globs: &[String]) -> Result<Vec<usize>, Error> {
    if globs.is_empty() {
        return Ok((0..model.uncertain.len()).collect());
    }
    let mut chosen = Vec::new();
    for glob in globs {
        let uncertain = model.uncertain.iter().enumerate();
        let found = uncertain.filter(|(_, one)| matches(glob, &one.path));
        let before = chosen.len();
        chosen.extend(found.map(|(index, _)| index));
        if chosen.len() == before {
            return Err(Error::NoFactor {
                flag: "--factors",
                glob: glob.clone(),
            });
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    Ok(chosen)
}

/// Whether `text` matches `glob`, in which `*` stands for any text.
pub fn matches(glob: &str, text: &str) -> bool {
    let mut parts = glob.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_paths() {
        for (glob, path, expected) in [
            ("*", "state.SG.gdp", true),
            ("state.SG.*", "state.SG.gdp", true),
            ("state.*.gdp", "state.SG.gdp", true),
            ("state.*.gdp", "state.SG.gdp_growth", false),
            ("market.*", "state.SG.gdp", false),
            ("*.SG.*", "state.SG.gdp", true),
            ("state.SG.gdp", "state.SG.gdp", true),
            ("state.SG.gd", "state.SG.gdp", false),
            ("a*a", "a", false),
        ] {
            assert_eq!(matches(glob, path), expected, "{glob} {path}");
        }
    }
}
