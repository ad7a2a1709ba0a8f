//! `mufakat run`: every arm of a scenario, side by side.

use crate::cli::Status;
use crate::cli::args::{Common, HELP, Layers, ScenarioArgs};
use crate::cli::directory::{Circumstance, Existing, Opened, RunDirectory};
use crate::cli::failure::RunError;
use crate::cli::output::{self, line, warning};
use crate::cli::{interrupt, plan, progress, source};
use crate::model::Model;
use crate::report::assemble::{manifest, results};
use crate::report::collect::Collector;
use crate::report::columns::Keep;
use crate::report::condition::Condition;
use crate::report::path::nearest;
use crate::report::results::{Manifest, Results};
use crate::report::text;
use crate::simulate::{End, SimulateError, Trial, Watch, on_threads, simulate, threads};
use indicatif::ProgressBar;
use sha2::{Digest, Sha256};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
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
pub fn run(args: &RunArgs, common: &Common) -> Result<Status, RunError> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = reference_arm(model, args.reference.as_deref())?;
    let condition = match &args.fail_if {
        Some(text) => Some(Condition::parse(text, model)?),
        None => None,
    };
    if args.dry_run {
        let text = in_pool(common, || plan::plan(model))?;
        output::result(&text)?;
        return Ok(Status::Done);
    }
    let identity = manifest(
        model,
        sha256_hex(&loaded.resolved),
        overrides(&args.scenario.layers),
    );
    let results = in_pool(common, || match &args.out {
        None => in_memory(model, identity, common),
        Some(_) => into_directory(model, identity, &loaded.resolved, args, common),
    })?;
    if args.json {
        output::result(&results.to_json())?;
    } else {
        let width = output::width();
        output::result(&text::run(model, &results, reference, width))?;
    }
    if !common.quiet {
        let warnings = text::warnings(model, &results, reference);
        warnings.iter().for_each(|text| warning(text));
    }
    Ok(match condition {
        Some(condition) => judge(&condition, model, &results, reference),
        None => Status::Done,
    })
}

/// The index of the arm that others are compared with.
fn reference_arm(model: &Model, name: Option<&str>) -> Result<usize, RunError> {
    name.map_or(Ok(0), |name| arm_index(model, "--reference", name))
}

/// The index of the arm that a flag names.
pub(crate) fn arm_index(model: &Model, flag: &'static str, name: &str) -> Result<usize, RunError> {
    let names = || model.arms.iter().map(|arm| arm.name.as_str());
    names().position(|known| known == name).ok_or_else(|| {
        let hint = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the arms are {}", names().collect::<Vec<_>>().join(", ")),
        };
        RunError::Arm {
            flag,
            name: name.to_owned(),
            hint,
        }
    })
}

/// What was laid over the scenario, weakest first; trials and seed stand in the manifest by themselves.
fn overrides(layers: &Layers) -> Vec<String> {
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
    work: impl FnOnce() -> Result<R, RunError> + Send,
) -> Result<R, RunError> {
    let threads = common.threads.map(NonZeroUsize::get);
    on_threads(threads, work).unwrap_or_else(|reason| {
        Err(RunError::Threads {
            threads: threads.unwrap_or(0),
            reason,
        })
    })
}

/// Whether the condition holds, for the exit code: a number that this run does not have is a failure too.
fn judge(condition: &Condition, model: &Model, results: &Results, reference: usize) -> Status {
    match condition.holds(&|path| path.value(model, results, reference)) {
        Ok(false) => Status::Done,
        Ok(true) => {
            line(&format!("--fail-if holds: {}", condition.text()));
            Status::ConditionFailed
        }
        Err(path) => {
            line(&format!(
                "--fail-if cannot be judged: {} has no value in this run",
                path.describe(model)
            ));
            Status::ConditionFailed
        }
    }
}

/// Plays trials from `first` on; every one goes to `sink` and moves the bar.
pub(crate) fn play(
    model: &Model,
    first: u64,
    stop: &AtomicBool,
    bar: &ProgressBar,
    sink: impl FnMut(Trial<'_>) -> Result<(), RunError>,
) -> Result<End, RunError> {
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

fn in_memory(model: &Model, identity: Manifest, common: &Common) -> Result<Results, RunError> {
    let trials = model.simulation.trials;
    let stop = interrupt::watch();
    let bar = progress::bar(trials, 0, !common.no_progress && !common.quiet);
    let mut collector = Collector::new(model, trials);
    let end = play(model, 0, &stop, &bar, |trial| Ok(collector.push(trial)?))?;
    if let End::Stopped { next } = end {
        return Err(RunError::Interrupted {
            played: next,
            trials,
            kept: "nothing is kept without --out".to_owned(),
        });
    }
    Ok(results(&collector, identity)?)
}

fn into_directory(
    model: &Model,
    identity: Manifest,
    resolved: &str,
    args: &RunArgs,
    common: &Common,
) -> Result<Results, RunError> {
    let path = args.out.as_deref().expect("the caller has a directory");
    let existing = match (args.force, args.resume) {
        (true, _) => Existing::Replace,
        (_, true) => Existing::Resume,
        _ => Existing::Refuse,
    };
    let directory = match RunDirectory::open(path, existing, &identity)? {
        Opened::Ready(directory) => directory,
        Opened::Complete(results) => {
            if !common.quiet {
                line(&format!(
                    "{} is complete: nothing to resume",
                    path.display()
                ));
            }
            return Ok(*results);
        }
    };
    let started = Instant::now();
    let mut circumstance = Circumstance {
        started: jiff::Timestamp::now().to_string(),
        wall_time_s: None,
        threads: threads(),
        command_line: std::env::args().collect(),
        machine: format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
        resumed_from: 0,
    };
    directory.start(&circumstance, resolved)?;
    let trials = model.simulation.trials;
    let mut collector = Collector::new(model, trials);
    let mut blocks = directory.blocks(model, |trial| Ok(collector.push(trial)?))?;
    circumstance.resumed_from = blocks.next();
    // What is wrong with a number would be wrong again; what is wrong with a disk can be mended.
    let kept = |error| match error {
        RunError::File { .. } => RunError::Kept {
            source: Box::new(error),
            directory: directory.path().to_owned(),
        },
        other => other,
    };
    let stop = interrupt::watch();
    let visible = !common.no_progress && !common.quiet;
    let bar = progress::bar(trials, blocks.next(), visible);
    let first = blocks.next();
    let end = play(model, first, &stop, &bar, |trial| {
        collector.push(trial)?;
        blocks.push(trial)
    })
    .map_err(kept)?;
    blocks.flush().map_err(kept)?;
    if let End::Stopped { next } = end {
        return Err(RunError::Interrupted {
            played: next,
            trials,
            kept: format!(
                "they are kept in {}, continue with --resume",
                directory.path().display()
            ),
        });
    }
    let results = results(&collector, identity)?;
    let keep = match args.keep {
        KeepArg::Trials => Keep::Trials,
        KeepArg::Summary => Keep::Summary,
    };
    directory
        .write_columns(model, keep, &blocks)
        .map_err(kept)?;
    circumstance.wall_time_s = Some(started.elapsed().as_secs_f64());
    directory.write_manifest(&circumstance).map_err(kept)?;
    directory.complete(&results).map_err(kept)?;
    blocks.remove();
    Ok(results)
}
