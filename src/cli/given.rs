//! Worlds to learn from: those of a finished run, read from its tables, or those of a scenario, played now.

use crate::cli::args::common::{Common, ScenarioArgs};
use crate::cli::driver::fold::is_progress_wanted;
use crate::cli::identity::{arm_index, sha256_hex};
use crate::cli::output;
use crate::cli::progress;
use crate::cli::source;
use crate::cli::store::directory::{SCENARIO, finished};
use crate::cli::store::kept::Kept;
use crate::cli::tables;
use crate::engine::model::Model;
use crate::engine::simulate::Watch;
use crate::error::Error;
use crate::scenario::Loaded;
use crate::study::readings::{Keeper, Output, WorldReadings, WorldSelection, read_with_draws};
use crate::study::results::path::ResultPath;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// A scenario, or a run that is finished.
pub struct Source {
    /// The scenario, that of the run if it is one.
    pub loaded: Loaded,
    /// Directory of the run.
    run: Option<PathBuf>,
}

/// What is asked of worlds.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Results.
    pub paths: &'a [ResultPath],
    /// Indices among what is uncertain of the quantities whose draws are wanted, each once.
    pub draws: &'a [usize],
    /// Index of the arm that differences are taken to.
    pub reference: usize,
}

impl Source {
    /// Opens a scenario or the directory of a finished run.
    ///
    /// # Errors
    /// Neither can be read, or layers are laid over a finished run.
    pub fn open(args: &ScenarioArgs, common: &Common) -> Result<Source, Error> {
        let path = Path::new(&args.scenario);
        if common.files.is_stored() || !path.is_dir() {
            let loaded = source::load(args, common)?;
            return Ok(Source { loaded, run: None });
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
        Ok(Source {
            loaded,
            run: Some(path.to_owned()),
        })
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.loaded.model
    }

    /// An error if a study that reads the run would write over it.
    ///
    /// # Errors
    /// `out` is the directory of the run.
    pub fn spare(&self, out: Option<&Path>) -> Result<(), Error> {
        let (Some(run), Some(out)) = (&self.run, out) else {
            return Ok(());
        };
        let same =
            matches!((run.canonicalize(), out.canonicalize()), (Ok(run), Ok(out)) if run == out);
        match same {
            true => Err(Error::Directory {
                path: out.to_owned(),
                reason: "is the run that is read; give --out another directory".to_owned(),
            }),
            false => Ok(()),
        }
    }

    /// Whether it is a finished run.
    pub fn is_run(&self) -> bool {
        self.run.is_some()
    }

    /// Index of the arm that differences are taken to.
    ///
    /// # Errors
    /// There is no such arm.
    pub fn reference(&self, name: Option<&str>) -> Result<usize, Error> {
        name.map_or(Ok(0), |name| arm_index(self.model(), name))
    }

    /// What is asked for in all worlds: read from the run, or played.
    ///
    /// # Errors
    /// A table that cannot be read, a world without a result, or a signal.
    pub fn given(
        &self,
        asked: Asked<'_>,
        stop: &AtomicBool,
        common: &Common,
        keeper: Option<&Kept<'_>>,
    ) -> Result<WorldReadings, Error> {
        let model = self.model();
        if let Some(run) = &self.run {
            let stored = finished(run)?;
            let mut drawn = tables::draws(run, &stored, model)?;
            let draws = asked.draws.iter();
            return Ok(WorldReadings {
                draws: draws
                    .map(|&index| std::mem::take(&mut drawn[index]))
                    .collect(),
                values: tables::values(run, &stored, model, asked.paths, asked.reference)?,
            });
        }
        let outputs = asked.paths.iter();
        let outputs: Vec<Output> = outputs
            .map(|path| as_output(path, model, asked.reference))
            .collect();
        let trials = model.simulation.trials;
        let bar = progress::bar(trials, 0, is_progress_wanted(common));
        let watch = Watch {
            stop,
            on_trial: &|| bar.inc(1),
        };
        let worlds = WorldSelection {
            count: trials,
            points: None,
            keeper: keeper.map(|keeper| keeper as &dyn Keeper),
            draws: asked.draws,
        };
        let played = output::timed(common, "worlds played", || {
            read_with_draws(model, &outputs, worlds, watch)
        });
        let count = bar.position();
        bar.finish_and_clear();
        if let Some(keeper) = keeper {
            keeper.flush()?;
        }
        let path = keeper.map(Kept::path);
        played?.ok_or_else(|| interrupted(count, trials, path))
    }
}

/// That a signal ended a study, with what was kept of it in a directory, if it has one.
pub fn interrupted(played: u64, trials: u64, path: Option<&Path>) -> Error {
    let kept = match path {
        None => "nothing is kept without --out".to_owned(),
        Some(path) => format!(
            "what is finished in {} is kept, continue with --resume",
            path.display()
        ),
    };
    Error::Interrupted {
        played,
        trials,
        kept,
    }
}

/// A path as an output with its full name.
pub fn as_output(path: &ResultPath, model: &Model, reference: usize) -> Output {
    Output {
        name: path.describe(model),
        reading: path.reading(model, reference),
    }
}

/// Indices of the uncertain quantities of `model` whose path matches one of `globs`, in which `*` stands for any text; all of them without any.
///
/// # Errors
/// A glob that matches nothing uncertain.
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
