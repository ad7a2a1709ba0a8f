//! `mufakat run`: every arm of a scenario, side by side.

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::run::RunArgs;
use crate::cli::clock;
use crate::cli::cluster::plan::Plan;
use crate::cli::commands::precision;
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::probe as plan;
use crate::cli::progress;
use crate::cli::source;
use crate::cli::store::blocks::{Blocks, hex};
use crate::cli::store::directory::{Circumstance, Existing, Opened, RunDirectory, finished};
use crate::cli::study;
use crate::engine::model::Model;
use crate::engine::simulate::{End, SimulateError, Trial, Watch, on_threads, simulate, threads};
use crate::error::Error;
use crate::report::text;
use crate::scenario::Loaded;
use crate::study::results::assemble::{manifest, results};
use crate::study::results::collect::Collector;
use crate::study::results::columns::Keep;
use crate::study::results::condition::Condition;
use crate::study::results::run::{Manifest, Results};
use crate::study::results::sheet::Format;
use crate::theory::spelling::listed;
use crate::theory::spelling::units::count;
use indicatif::ProgressBar;
use sha2::{Digest, Sha256};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Runs a scenario; a condition of `--fail-if` that holds has failed.
///
/// # Errors
/// Why there is no result.
pub fn run(args: &RunArgs, common: &Common) -> Result<Status, Error> {
    let plan = Path::new(&args.scenario.scenario);
    if args.shard.is_some() || Plan::is_at(plan) {
        return crate::cli::commands::cluster::play(plan, args, common);
    }
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = reference(args.reference.as_deref(), model)?;
    let condition = match &args.fail_if {
        Some(text) => Some(Condition::parse(text, model)?),
        None => None,
    };
    if args.dry_run {
        let tables = (args.keep.keep(), args.format.into());
        let keep = args.out.as_ref().map(|_| tables);
        let text = in_pool(common, || plan::plan(model, keep))?;
        output::result(&text)?;
        return Ok(Status::Done);
    }
    let stop = interrupt::watch();
    let (results, reached) = in_pool(common, || match args.precision {
        None => {
            let job = Job::new(&loaded, args, common, Arc::clone(&stop));
            Ok((job.run(args)?, true))
        }
        Some(share) => precision::tighten(args, common, &loaded, share, reference, &stop),
    })?;
    print(model, &results, reference, args.json, common)?;
    #[cfg(feature = "html")]
    report(args, common)?;
    Ok(match condition {
        _ if !reached => Status::ConditionFailed,
        Some(condition) => judge(&condition, model, &results, reference),
        None => Status::Done,
    })
}

/// Writes the page, if it was asked for.
#[cfg(feature = "html")]
fn report(args: &RunArgs, common: &Common) -> Result<(), Error> {
    use crate::cli::args::report::ReportArgs;
    use crate::cli::commands::report::write;
    let Some(run) = args.out.clone().filter(|_| args.report) else {
        return Ok(());
    };
    let page = ReportArgs {
        run,
        with: Vec::new(),
        template: None,
        reference: args.reference.clone(),
    };
    let quiet = Common {
        quiet: true,
        ..common.clone()
    };
    output::note(common, &write(&page, &quiet)?);
    Ok(())
}

/// Prints results as document or text, with their warnings.
pub(crate) fn print(
    model: &Model,
    results: &Results,
    reference: usize,
    json: bool,
    common: &Common,
) -> Result<(), Error> {
    let text = |width| text::run(model, results, reference, width);
    study::print(json, || results.to_json(), text)?;
    for text in text::warnings(model, results, reference) {
        output::warning(common, &text);
    }
    Ok(())
}

/// The index of the arm that others are compared with.
pub(crate) fn reference(name: Option<&str>, model: &Model) -> Result<usize, Error> {
    name.map_or(Ok(0), |name| arm_index(model, name))
}

/// The index of the arm of a name.
pub(crate) fn arm_index(model: &Model, name: &str) -> Result<usize, Error> {
    let names: Vec<&str> = model.arms.iter().map(|arm| arm.name.as_str()).collect();
    let position = names.iter().position(|&known| known == name);
    position.ok_or_else(|| Error::unknown("arm", name, &names))
}

/// What was laid over the scenario, weakest first; trials and seed stand in the manifest by themselves.
pub(crate) fn overrides(layers: &Layers) -> Vec<String> {
    let overlays = layers.overlays.iter();
    let overlays = overlays.map(|file| format!("--overlay {}", file.display()));
    let sets = layers.sets.iter().map(|set| format!("--set {set}"));
    overlays.chain(sets).collect()
}

/// SHA-256 of a text, in hexadecimal.
pub(crate) fn sha256_hex(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Does `work` on the threads asked for.
pub(crate) fn in_pool<R: Send>(
    common: &Common,
    work: impl FnOnce() -> Result<R, Error> + Send,
) -> Result<R, Error> {
    let threads = common.threads.map(NonZeroUsize::get);
    on_threads(threads, work).unwrap_or_else(|reason| {
        Err(Error::Threads {
            threads: threads.unwrap_or(0),
            reason,
        })
    })
}

/// Whether the condition holds, for the exit code: a number that this run does not have is a failure too.
fn judge(condition: &Condition, model: &Model, results: &Results, reference: usize) -> Status {
    let said = match condition.holds(&|path| path.value(model, results, reference)) {
        Ok(false) => return Status::Done,
        Ok(true) => format!("--fail-if holds: {}\n", condition.text()),
        Err(path) => format!(
            "--fail-if cannot be judged: {} has no value in this run\n",
            path.describe(model)
        ),
    };
    output::message(&said);
    Status::ConditionFailed
}

/// Whether a bar may be shown, if there is a terminal for it.
pub(crate) fn is_progress_wanted(common: &Common) -> bool {
    !common.quiet && !common.no_progress
}

/// Where a signal ended a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stop {
    /// Worlds played, as the bar counted them.
    pub played: u64,
    /// How many of them, from the first on, were handed on.
    pub whole: u64,
}

/// Plays `trials`; every one goes to `sink` and moves the bar. Says where a signal ended it, if one did.
pub(crate) fn play(
    model: &Model,
    trials: Range<u64>,
    stop: &AtomicBool,
    bar: &ProgressBar,
    sink: impl FnMut(Trial<'_>) -> Result<(), Error>,
) -> Result<Option<Stop>, Error> {
    let watch = Watch {
        stop,
        on_trial: &|| bar.inc(1),
    };
    let end = simulate(model, trials, watch, sink);
    let played = bar.position();
    bar.finish_and_clear();
    match end {
        Ok(End::Finished) => Ok(None),
        Ok(End::Stopped { next: whole }) => Ok(Some(Stop { played, whole })),
        Err(SimulateError::Trial { error, .. }) => Err(error.into()),
        Err(SimulateError::Sink(error)) => Err(error),
    }
}

/// A run that is to be played, with the flag that a signal sets.
pub(crate) struct Job<'a> {
    pub(crate) model: &'a Model,
    pub(crate) identity: Manifest,
    pub(crate) resolved: &'a str,
    pub(crate) stop: Arc<AtomicBool>,
    common: &'a Common,
}

/// A directory all of whose trials have been played, before anything is made of them.
pub(crate) struct Played<'a> {
    pub(crate) collector: Collector<'a>,
    directory: Box<RunDirectory>,
    blocks: Blocks,
    circumstance: Circumstance,
    tables: (Keep, Format),
    started: Instant,
}

/// A directory before anything is played into it.
pub(crate) enum Place {
    /// It takes these tables.
    Open(Box<RunDirectory>, (Keep, Format)),
    /// It was complete.
    Complete(Box<Results>),
}

/// What became of a directory.
pub(crate) enum Directory<'a> {
    /// It was complete.
    Complete(Box<Results>),
    /// Its trials are played.
    Played(Box<Played<'a>>),
}

impl<'a> Job<'a> {
    /// The run of a scenario; `precision` of its identity is what the arguments ask for.
    pub(crate) fn new(
        loaded: &'a Loaded,
        args: &RunArgs,
        common: &'a Common,
        stop: Arc<AtomicBool>,
    ) -> Job<'a> {
        let hash = sha256_hex(&loaded.resolved);
        let overrides = overrides(&args.scenario.layers);
        Job {
            model: &loaded.model,
            identity: Manifest {
                precision: args.precision,
                ..manifest(&loaded.model, hash, overrides)
            },
            resolved: &loaded.resolved,
            stop,
            common,
        }
    }

    /// Plays all of it.
    fn run(&self, args: &RunArgs) -> Result<Results, Error> {
        let Some(path) = &args.out else {
            return self.results(&self.in_memory()?);
        };
        match self.in_directory(path, args, existing(args))? {
            Directory::Complete(results) => Ok(*results),
            Directory::Played(played) => self.finish(path, *played),
        }
    }

    /// Plays all trials and keeps nothing on disk.
    pub(crate) fn in_memory(&self) -> Result<Collector<'a>, Error> {
        let trials = self.model.simulation.trials;
        let mut collector = Collector::new(self.model, trials);
        let stop = self.play(0, |trial| Ok(collector.push(trial)?))?;
        if let Some(Stop { played, .. }) = stop {
            return Err(self.interrupted(played, "nothing is kept without --out".to_owned()));
        }
        Ok(collector)
    }

    /// Plays the trials that are not in the directory yet.
    pub(crate) fn in_directory(
        &self,
        path: &Path,
        args: &RunArgs,
        existing: Existing,
    ) -> Result<Directory<'a>, Error> {
        let (directory, (keep, format)) = match self.open(path, args, existing)? {
            Place::Open(directory, tables) => (directory, tables),
            Place::Complete(results) => return Ok(Directory::Complete(results)),
        };
        let started = Instant::now();
        let mut circumstance = circumstance(Some(keep), format);
        directory.start(&circumstance, self.resolved)?;
        let mut collector = Collector::new(self.model, self.model.simulation.trials);
        let mut blocks = self.finished_blocks(&directory, &mut collector)?;
        circumstance.resumed_from = blocks.next();
        self.play_into(path, &mut blocks, &mut collector)
            .map_err(|error| kept(error, path))?;
        Ok(Directory::Played(Box::new(Played {
            collector,
            directory,
            blocks,
            circumstance,
            tables: (keep, format),
            started,
        })))
    }

    /// Opens the directory of the run.
    pub(crate) fn open(
        &self,
        path: &Path,
        args: &RunArgs,
        existing: Existing,
    ) -> Result<Place, Error> {
        let open = || RunDirectory::open(path, existing, &self.identity);
        let tables = (args.keep.keep(), Format::from(args.format));
        Ok(
            match output::timed(self.common, "directory opened", open)? {
                Opened::Ready(directory) => Place::Open(directory, tables),
                Opened::Lacking {
                    directory,
                    missing,
                    keep,
                    format,
                } => {
                    let missing: Vec<&str> = missing.iter().map(String::as_str).collect();
                    let text = format!(
                        "{} has lost {}: its worlds are played again to restore what is missing\n",
                        path.display(),
                        listed(&missing)
                    );
                    output::note(self.common, &text);
                    Place::Open(directory, (keep, format))
                }
                Opened::Complete => {
                    let text = format!("{} is complete: nothing is left to do\n", path.display());
                    output::note(self.common, &text);
                    Place::Complete(Box::new(finished(path)?.results))
                }
            },
        )
    }

    /// Writes columns and results of what was played.
    pub(crate) fn finish(&self, path: &Path, played: Played<'_>) -> Result<Results, Error> {
        let Played {
            collector,
            directory,
            blocks,
            mut circumstance,
            tables,
            started,
        } = played;
        let results = self.results(&collector)?;
        let kept = |error| kept(error, path);
        let go_on = || self.go_on(path, blocks.next());
        output::timed(self.common, "columns written", || {
            directory.write_columns(self.model, tables, &blocks, go_on)
        })
        .map_err(kept)?;
        circumstance.wall_time_s = Some(started.elapsed().as_secs_f64());
        directory.write_manifest(&circumstance).map_err(kept)?;
        directory.complete(&results).map_err(kept)?;
        blocks.remove();
        Ok(results)
    }

    /// Reads the blocks of an earlier invocation; their trials go to the collector.
    fn finished_blocks(
        &self,
        directory: &RunDirectory,
        collector: &mut Collector<'_>,
    ) -> Result<Blocks, Error> {
        output::timed(self.common, "finished worlds read", || {
            directory.blocks(self.model, |trial| {
                self.go_on(directory.path(), trial.index)?;
                Ok(collector.push(trial)?)
            })
        })
    }

    /// Plays the trials that no block holds.
    fn play_into(
        &self,
        path: &Path,
        blocks: &mut Blocks,
        collector: &mut Collector<'_>,
    ) -> Result<(), Error> {
        let stop = self.play(blocks.next(), |trial| {
            collector.push(trial)?;
            blocks.push(trial)
        })?;
        blocks.flush()?;
        match stop {
            None => Ok(()),
            Some(Stop { played, whole }) => Err(self.interrupted(played, kept_in(path, whole))),
        }
    }

    fn play(
        &self,
        first: u64,
        sink: impl FnMut(Trial<'_>) -> Result<(), Error>,
    ) -> Result<Option<Stop>, Error> {
        let trials = self.model.simulation.trials;
        let bar = progress::bar(trials, first, is_progress_wanted(self.common));
        output::timed(self.common, "worlds played", || {
            play(self.model, first..trials, &self.stop, &bar, sink)
        })
    }

    pub(crate) fn results(&self, collector: &Collector<'_>) -> Result<Results, Error> {
        output::timed(self.common, "results summarised", || {
            Ok(results(collector, self.identity.clone())?)
        })
    }

    /// An error if a signal came while the blocks in `path` were read again.
    fn go_on(&self, path: &Path, played: u64) -> Result<(), Error> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(self.interrupted(played, kept_in(path, played)));
        }
        Ok(())
    }

    pub(crate) fn interrupted(&self, played: u64, kept: String) -> Error {
        Error::Interrupted {
            played,
            trials: self.model.simulation.trials,
            kept,
        }
    }
}

/// What is wrong with a number would be wrong again; what is wrong with a disk can be mended.
fn kept(error: Error, path: &Path) -> Error {
    match error.is_file() {
        true => Error::Kept {
            source: Box::new(error),
            directory: path.to_owned(),
        },
        false => error,
    }
}

/// What to do with a directory that is not empty.
pub(crate) fn existing(args: &RunArgs) -> Existing {
    match (args.force, args.resume) {
        (true, _) => Existing::Replace,
        (_, true) => Existing::Resume,
        _ => Existing::Refuse,
    }
}

fn kept_in(path: &Path, whole: u64) -> String {
    format!(
        "the first {} are kept in {}, continue with --resume",
        count(whole),
        path.display()
    )
}

/// The circumstance of an invocation that starts now.
pub(crate) fn circumstance(keep: Option<Keep>, format: Format) -> Circumstance {
    Circumstance {
        started: clock::now(),
        wall_time_s: None,
        threads: threads(),
        command_line: std::env::args().collect(),
        machine: format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
        resumed_from: 0,
        keep,
        format,
        files: Vec::new(),
    }
}
