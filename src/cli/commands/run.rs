//! `mufakat run`: every arm of a scenario, side by side.
//!
//! With `--precision`, more and more trials until the headline is known well enough. Trials double from block to block. Random and
//! antithetic trials are the same however many there are, so that with `--out` the finished ones are used again; in memory, and with a
//! stratified design, which depends on the number of its trials, each block starts afresh. In all, at most twice the trials of the last
//! block are played.

use crate::cli::args::common::{Common, Layers, ScenarioArgs};
use crate::cli::args::run::RunArgs;
use crate::cli::driver::asked::{Asked, Shown, tables};
use crate::cli::exit::Status;
use crate::cli::host::SaidKind;
use crate::cli::identity::{of_run, reference};
use crate::cli::outline::outline;
use crate::cli::output;
use crate::cli::source;
use crate::cli::store::manifest::stored_identity;
use crate::cli::worlds;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::sections::run::facts::Facts;
use crate::report::sections::run::screen::screen;
use crate::report::sections::run::text::text;
use crate::report::sections::run::warnings::warnings;
use crate::report::verdict::FEW_WORLDS;
use crate::scenario::Loaded;
use crate::study::results::choice::default_reference;
use crate::study::results::columns::Keep;
use crate::study::results::condition::Condition;
use crate::study::results::precision::{first_block, half_width_of, next_block};
use crate::study::results::run::{Manifest, Results};
use crate::study::results::sheet::Format;
use crate::study::run::Run;
use crate::theory::spelling::units::count;
use std::path::Path;
use std::sync::Arc;

/// A run, with what is asked of its results.
pub struct AskedRun {
    study: Run,
    /// The arm of differences in conditions, and that of what is shown.
    reference: usize,
    shown: usize,
    condition: Option<Condition>,
    args: RunArgs,
    common: Common,
}

/// The run that is asked for.
pub fn ask(args: &RunArgs, common: &Common) -> Result<AskedRun, Error> {
    let args = &RunArgs {
        scenario: ScenarioArgs {
            layers: layers(args, common)?,
            ..args.scenario.clone()
        },
        ..args.clone()
    };
    let loaded = source::load(&args.scenario, common)?;
    let doubles = args.precision.is_some() && args.scenario.layers.said.is_none();
    let loaded = match doubles {
        false => loaded,
        true => with_trials(args, common, first_trials(args, &loaded)?)?,
    };
    asked(args, common, loaded)
}

/// The layers over the scenario, with the worlds that are given. What a directory holds has them in its scenario.
pub fn layers(args: &RunArgs, common: &Common) -> Result<Layers, Error> {
    let mut layers = args.scenario.layers.clone();
    if let (Some(file), None) = (&args.worlds, &layers.said) {
        layers.worlds = Some(Arc::new(worlds::table(file, &common.files)?));
    }
    Ok(layers)
}

fn asked(args: &RunArgs, common: &Common, loaded: Loaded) -> Result<AskedRun, Error> {
    let model = &loaded.model;
    let reference = reference(args.reference.as_deref(), model)?;
    let condition = args.fail_if.as_deref();
    let condition = condition.map(|text| Condition::parse(text, model));
    let condition = condition.transpose()?;
    let identity = Manifest {
        precision: args.precision,
        ..of_run(&loaded, &args.scenario.layers)
    };
    Ok(AskedRun {
        shown: args
            .reference
            .as_ref()
            .map_or_else(|| default_reference(&loaded.model), |_| reference),
        study: Run { loaded, identity },
        reference,
        condition,
        args: args.clone(),
        common: common.clone(),
    })
}

/// How many trials come first: those at which an earlier invocation ended, if it goes on.
fn first_trials(args: &RunArgs, loaded: &Loaded) -> Result<u64, Error> {
    let first = first_block(loaded.model.simulation);
    let Some(path) = args.out.out.as_ref().filter(|_| args.out.resume) else {
        return Ok(first);
    };
    let stored = stored_identity(path)?.filter(|one| one.precision == args.precision);
    let mut blocks = std::iter::successors(Some(first), |&trials| next_block(trials));
    let known = stored.and_then(|one| blocks.find(|&block| block == one.trials));
    Ok(known.unwrap_or(first))
}

/// The scenario with so many trials; its warnings were said before.
fn with_trials(args: &RunArgs, common: &Common, trials: u64) -> Result<Loaded, Error> {
    let layers = Layers {
        trials: Some(trials),
        ..args.scenario.layers.clone()
    };
    let quiet = Common {
        quiet: true,
        ..common.clone()
    };
    source::load_named(&args.scenario.scenario, &layers, &quiet)
}

impl AskedRun {
    /// How well the headline is known, if a precision was asked for: that, and whether it is enough.
    fn known(&self, results: &Results) -> Option<(f64, Option<f64>, bool)> {
        let share = self.args.precision?;
        let half = half_width_of(self.model(), results, self.shown);
        Some((share, half, half.is_some_and(|half| half <= share)))
    }

    /// Says how well the headline is known; whether it is enough.
    fn say_known(&self, results: &Results, common: &Common) -> bool {
        let Some((share, half, reached)) = self.known(results) else {
            return true;
        };
        let percent = |share: f64| format!("{:.2}%", 100.0 * share);
        let known = match half {
            Some(half) if half.is_finite() => format!("to {} of it", percent(half)),
            Some(_) => "as 0, of which no share can be told".to_owned(),
            None => "from too few worlds to tell how well".to_owned(),
        };
        let (worlds, share) = (count(results.manifest.trials), percent(share));
        match reached {
            true => output::note(
                common,
                &format!(
                    "{worlds} worlds were enough for --precision {share}: the headline's average is known {known} (90% interval)\n"
                ),
            ),
            false => output::warning(
                common,
                &format!(
                    "--precision {share} was not reached: after {worlds} worlds the headline's average is known {known} (90% interval)"
                ),
            ),
        }
        reached
    }
}

impl Asked for AskedRun {
    type Study = Run;

    fn study(&self) -> &Run {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn keep(&self) -> Option<Keep> {
        Some(self.args.keep)
    }

    fn format(&self) -> Option<Format> {
        self.args.tables.format
    }

    fn few(&self) -> u64 {
        // As many are played as it takes.
        match self.args.precision {
            Some(_) => 0,
            None => FEW_WORLDS,
        }
    }

    fn outline(&self, writes: bool) -> Result<Option<String>, Error> {
        outline(self.model(), writes.then(|| tables(self))).map(Some)
    }

    fn larger(&self, results: &Results) -> Result<Option<AskedRun>, Error> {
        let next = match self.known(results) {
            Some((_, _, false)) if self.args.scenario.layers.said.is_none() => {
                next_block(results.manifest.trials)
            }
            _ => None,
        };
        next.map(|trials| {
            let loaded = with_trials(&self.args, &self.common, trials)?;
            asked(&self.args, &self.common, loaded)
        })
        .transpose()
    }

    fn shown(&self, results: &Results, _: usize) -> Shown {
        let facts = Facts::new(self.model(), results, self.shown);
        Shown::Document(match self.args.all {
            true => text(&facts),
            false => screen(&facts, &self.args.scenario.scenario),
        })
    }

    fn warnings(&self, results: &Results) -> Vec<String> {
        warnings(&Facts::new(self.model(), results, self.shown))
    }

    fn ended(
        &self,
        results: &Results,
        _out: Option<&Path>,
        common: &Common,
    ) -> Result<Status, Error> {
        let reached = self.say_known(results, common);
        #[cfg(feature = "html")]
        if let Some(path) = _out.filter(|_| self.args.report) {
            let reference = self.args.reference.clone();
            output::note(
                common,
                &crate::cli::commands::report::of_run(path, reference, common)?,
            );
        }
        Ok(match &self.condition {
            _ if !reached => Status::ConditionFailed,
            Some(condition) => judge(condition, self.model(), results, self.reference, common),
            None => Status::Done,
        })
    }
}

/// Whether the condition holds, for the exit code: a number that this run does not have is a failure too.
fn judge(
    condition: &Condition,
    model: &Model,
    results: &Results,
    reference: usize,
    common: &Common,
) -> Status {
    let said = match condition.holds(&|path| path.value(model, results, reference)) {
        Ok(false) => return Status::Done,
        Ok(true) => format!("--fail-if holds: {}\n", condition.text()),
        Err(path) => format!(
            "--fail-if cannot be judged: {} has no value in this run\n",
            path.describe(model)
        ),
    };
    output::say(common, SaidKind::Warning, &said);
    Status::ConditionFailed
}
