//! `mufakat run`: every arm of a scenario, side by side.

use crate::cli::Status;
use crate::cli::args::{Common, HELP, Layers, ScenarioArgs};
use crate::cli::blocks::{Blocks, hex};
use crate::cli::directory::{Circumstance, Existing, Opened, RunDirectory, finished};
use crate::cli::shards;
use crate::cli::shards::plan::{Plan, Shard};
use crate::cli::study::FormatArg;
use crate::cli::{interrupt, output, plan, precision, progress, source, study};
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
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  mufakat run two-states
  mufakat run asean-2027 -n 2000 --out runs/baseline
  mufakat run asean-2027 -S market.region_efficiency=0.6 --json
  mufakat run asean-2027 --precision 1% -S simulation.sampler=sobol
  mufakat run asean-2027 --fail-if 'bloc.state.ID.payoff.difference < 0'";

const CONDITIONS: &str = "\
Conditions of --fail-if compare results with numbers (< <= > >= =), joined by
and, or, not and parentheses. A result is ARM.KIND.METRIC, a mean over worlds:
  bloc.total.payoff             payoff profit leverage investment deals gini
                                herfindahl largest_share
  bloc.state.ID.payoff          payoff leverage investment talent and more
  bloc.hyperscaler.MSFT.profit  profit compliance_cost capex loss
  bloc.term.tax_incentive       the mean level of the term
  bloc.accord.formed            formed size rounds member.ID left.ID
  bloc.window.0.accord.size     one window: accord, total or state.ID
Then may follow .difference (to the reference arm, paired by world) and a
statistic: mean sd se p05 p25 p50 p75 p95 min max or, of a difference, the
share of worlds that are better, same or worse. For example:
  --fail-if 'bloc.total.payoff.difference.p05 < 0 or bloc.accord.formed < 0.9'
`mufakat schema results` describes every metric.";

/// `run`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = CONDITIONS)]
pub struct RunArgs {
    /// Write results and columns to this directory
    #[arg(short, long, value_name = "DIR")]
    #[serde(skip)]
    pub out: Option<PathBuf>,
    /// What --out keeps: trials for all tables; summary for the draws alone. results.json, manifest.json and
    /// scenario.resolved.toml are always there
    #[arg(
        long,
        value_name = "WHAT",
        default_value = "trials",
        requires = "out",
        hide_possible_values = true
    )]
    pub keep: KeepArg,
    /// Format of the tables: csv, or parquet with types, units and compression
    #[arg(long, value_name = "FORMAT", value_parser = FormatArg::parser(), default_value = "csv", hide_possible_values = true, requires = "out")]
    pub format: FormatArg,
    /// Replace an earlier run in the directory
    #[arg(long, requires = "out", conflicts_with = "resume")]
    #[serde(skip)]
    pub force: bool,
    /// Continue the run in the directory from its finished worlds, or restore CSV files that it has lost
    #[arg(long, requires = "out")]
    #[serde(skip)]
    pub resume: bool,
    /// Of a plan (`mufakat plan`), play this shard, I/N from 0/N on; without it, all that is missing
    #[arg(long, value_name = "I/N", value_parser = Shard::parse, allow_hyphen_values = true)]
    #[serde(skip)]
    pub shard: Option<Shard>,
    /// Play until the average of the headline is known this well: 1% or 0.01. Doubles the trials, to 1,048,576 at most
    #[arg(long, value_name = "SHARE", value_parser = precision::share, conflicts_with = "dry_run")]
    pub precision: Option<f64>,
    /// Show what would run and, from a short probe, how long it takes and how much --out writes
    #[arg(long)]
    #[serde(skip)]
    pub dry_run: bool,
    /// Exit with 1 if a condition on results holds, such as 'bloc.total.payoff.difference < 0'; see below
    #[arg(long, value_name = "CONDITION")]
    pub fail_if: Option<String>,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Print the results document as JSON
    #[arg(long)]
    #[serde(skip)]
    pub json: bool,
    /// Write the page of the run, report.html, into --out too
    #[cfg(feature = "html")]
    #[arg(long, requires = "out", conflicts_with = "dry_run")]
    #[serde(skip)]
    pub report: bool,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// Which columns a run writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
pub enum KeepArg {
    /// All CSV files.
    Trials,
    /// Of the CSV files the draws alone.
    Summary,
}

impl KeepArg {
    fn keep(self) -> Keep {
        match self {
            KeepArg::Trials => Keep::Trials,
            KeepArg::Summary => Keep::Summary,
        }
    }
}

/// Runs a scenario; a condition of `--fail-if` that holds has failed.
///
/// # Errors
/// Why there is no result.
pub fn run(args: &RunArgs, common: &Common) -> Result<Status, Error> {
    let plan = Path::new(&args.scenario.scenario);
    if args.shard.is_some() || Plan::is_at(plan) {
        return shards::command::play(plan, args, common);
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
    use crate::cli::report::{ReportArgs, write};
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
        started: jiff::Timestamp::now().to_string(),
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
