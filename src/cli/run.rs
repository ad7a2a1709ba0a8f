//! `mufakat run`: every arm of a scenario, side by side.

use crate::cli::Status;
use crate::cli::args::{Common, HELP, Layers, ScenarioArgs};
use crate::cli::blocks::Blocks;
use crate::cli::directory::{Circumstance, Existing, Opened, RunDirectory};
use crate::cli::{interrupt, output, plan, progress, source};
use crate::error::Error;
use crate::model::Model;
use crate::report::assemble::{manifest, results};
use crate::report::collect::Collector;
use crate::report::columns::Keep;
use crate::report::condition::Condition;
use crate::report::results::{Manifest, Results};
use crate::report::text;
use crate::simulate::{End, SimulateError, Trial, Watch, on_threads, simulate, threads};
use indicatif::ProgressBar;
use sha2::{Digest, Sha256};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  mufakat run scenarios/two-states.toml
  mufakat run scenarios/asean-2027.toml -n 2000 --out runs/baseline
  mufakat run scenarios/asean-2027.toml -S market.region_efficiency=0.6 --json
  mufakat run scenarios/asean-2027.toml --fail-if 'bloc.total.payoff.difference.p05 < 0'";

/// `run`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct RunArgs {
    /// Write results and columns to this directory
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Which columns to write: all, or the draws alone
    #[arg(long, value_name = "WHAT", default_value = "trials", requires = "out")]
    pub keep: KeepArg,
    /// Replace an earlier run in the directory
    #[arg(long, requires = "out", conflicts_with = "resume")]
    pub force: bool,
    /// Continue the run in the directory from its finished trials
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Show what would run and, from a short probe, how long
    #[arg(long)]
    pub dry_run: bool,
    /// Exit with 1 if the condition on results holds
    #[arg(long, value_name = "CONDITION")]
    pub fail_if: Option<String>,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Print the results document as JSON
    #[arg(long)]
    pub json: bool,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// Which columns a run writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum KeepArg {
    /// All of them.
    Trials,
    /// The draws alone.
    Summary,
}

/// Runs a scenario; a condition of `--fail-if` that holds has failed.
///
/// # Errors
/// Why there is no result.
pub fn run(args: &RunArgs, common: &Common) -> Result<Status, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = match &args.reference {
        Some(name) => arm_index(model, name)?,
        None => 0,
    };
    let condition = match &args.fail_if {
        Some(text) => Some(Condition::parse(text, model)?),
        None => None,
    };
    if args.dry_run {
        let text = in_pool(common, || plan::plan(model))?;
        output::result(&text)?;
        return Ok(Status::Done);
    }
    let overrides = overrides(&args.scenario.layers);
    let job = Job {
        model,
        identity: manifest(model, sha256_hex(&loaded.resolved), overrides),
        resolved: &loaded.resolved,
        stop: interrupt::watch(),
        common,
    };
    let results = in_pool(common, || match &args.out {
        None => job.in_memory(),
        Some(path) => job.to_directory(path, args),
    })?;
    if args.json {
        output::result(&results.to_json())?;
    } else {
        let width = output::width();
        output::result(&text::run(model, &results, reference, width))?;
    }
    for text in text::warnings(model, &results, reference) {
        output::warning(common, &text);
    }
    Ok(match condition {
        Some(condition) => judge(&condition, model, &results, reference),
        None => Status::Done,
    })
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
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
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

/// Plays trials from `first` on; every one goes to `sink` and moves the bar.
pub(crate) fn play(
    model: &Model,
    first: u64,
    stop: &AtomicBool,
    bar: &ProgressBar,
    sink: impl FnMut(Trial<'_>) -> Result<(), Error>,
) -> Result<End, Error> {
    let watch = Watch {
        stop,
        on_trial: &|| bar.inc(1),
    };
    let end = simulate(model, first..model.simulation.trials, watch, sink);
    bar.finish_and_clear();
    end.map_err(|error| match error {
        SimulateError::Draw(error) => error.into(),
        SimulateError::Sink(error) => error,
    })
}

/// A run that is to be played, with the flag that a signal sets.
struct Job<'a> {
    model: &'a Model,
    identity: Manifest,
    resolved: &'a str,
    stop: Arc<AtomicBool>,
    common: &'a Common,
}

impl Job<'_> {
    fn in_memory(&self) -> Result<Results, Error> {
        let trials = self.model.simulation.trials;
        let mut collector = Collector::new(self.model, trials);
        let end = self.play(0, |trial| Ok(collector.push(trial)?))?;
        if let End::Stopped { next } = end {
            return Err(self.interrupted(next, "nothing is kept without --out".to_owned()));
        }
        self.results(&collector)
    }

    fn to_directory(&self, path: &Path, args: &RunArgs) -> Result<Results, Error> {
        let existing = match (args.force, args.resume) {
            (true, _) => Existing::Replace,
            (_, true) => Existing::Resume,
            _ => Existing::Refuse,
        };
        let open = || RunDirectory::open(path, existing, &self.identity);
        let directory = match output::timed(self.common, "directory opened", open)? {
            Opened::Ready(directory) => directory,
            Opened::Complete(results) => {
                let text = format!("{} is complete: nothing to resume\n", path.display());
                output::note(self.common, &text);
                return Ok(*results);
            }
        };
        let keep = match args.keep {
            KeepArg::Trials => Keep::Trials,
            KeepArg::Summary => Keep::Summary,
        };
        let started = Instant::now();
        let mut circumstance = circumstance(keep);
        directory.start(&circumstance, self.resolved)?;
        let mut collector = Collector::new(self.model, self.model.simulation.trials);
        let mut blocks = self.finished_blocks(&directory, &mut collector)?;
        circumstance.resumed_from = blocks.next();
        // What is wrong with a number would be wrong again; what is wrong with a disk can be mended.
        let kept = |error: Error| match error.is_file() {
            true => Error::Kept {
                source: Box::new(error),
                directory: path.to_owned(),
            },
            false => error,
        };
        self.play_into(path, &mut blocks, &mut collector)
            .map_err(kept)?;
        let results = self.results(&collector)?;
        let go_on = || self.go_on(path, blocks.next());
        output::timed(self.common, "columns written", || {
            directory.write_columns(self.model, keep, &blocks, go_on)
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
        let end = self.play(blocks.next(), |trial| {
            collector.push(trial)?;
            blocks.push(trial)
        })?;
        blocks.flush()?;
        match end {
            End::Finished => Ok(()),
            End::Stopped { next } => Err(self.interrupted(next, kept_in(path))),
        }
    }

    fn play(
        &self,
        first: u64,
        sink: impl FnMut(Trial<'_>) -> Result<(), Error>,
    ) -> Result<End, Error> {
        let trials = self.model.simulation.trials;
        let bar = progress::bar(trials, first, is_progress_wanted(self.common));
        output::timed(self.common, "worlds played", || {
            play(self.model, first, &self.stop, &bar, sink)
        })
    }

    fn results(&self, collector: &Collector<'_>) -> Result<Results, Error> {
        output::timed(self.common, "results summarised", || {
            Ok(results(collector, self.identity.clone())?)
        })
    }

    /// An error if a signal came while the blocks in `path` were read again.
    fn go_on(&self, path: &Path, played: u64) -> Result<(), Error> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(self.interrupted(played, kept_in(path)));
        }
        Ok(())
    }

    fn interrupted(&self, played: u64, kept: String) -> Error {
        Error::Interrupted {
            played,
            trials: self.model.simulation.trials,
            kept,
        }
    }
}

fn kept_in(path: &Path) -> String {
    format!(
        "what is finished is kept in {}, continue with --resume",
        path.display()
    )
}

/// The circumstance of an invocation that starts now.
pub(crate) fn circumstance(keep: Keep) -> Circumstance {
    Circumstance {
        started: jiff::Timestamp::now().to_string(),
        wall_time_s: None,
        threads: threads(),
        command_line: std::env::args().collect(),
        machine: format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
        resumed_from: 0,
        keep: Some(keep),
    }
}
