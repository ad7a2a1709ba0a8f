//! `run`, cut into worlds: a piece is the rows of all arms and the draws of a world.

use crate::cli::args::common::Common;
use crate::cli::args::run::RunArgs;
use crate::cli::cluster::plan::{Pieces, Probe, Unit};
use crate::cli::cluster::study::{Merging, Part, Survey, bytes_of, numbers_of};
use crate::cli::commands::run;
use crate::cli::commands::run::{Job, Place, in_pool, is_progress_wanted};
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::probe as plan;
use crate::cli::progress;
use crate::cli::source;
use crate::cli::store::blocks::Replay;
use crate::cli::store::found::Merged;
use crate::cli::study;
use crate::engine::model::Model;
use crate::engine::simulate::Trial;
use crate::error::Error;
use crate::report::verdict::FEW_WORLDS;
use crate::study::results::collect::Collector;
use crate::study::results::run::Results;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Worlds of a block: few enough that shards can be cut finely.
pub const BLOCK: u64 = 64;

/// What a plan needs to know of a run.
///
/// # Errors
/// A scenario that is not valid, or a world of the probe without a result.
pub fn survey(args: &RunArgs, common: &Common) -> Result<Survey, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    run::reference(args.reference.as_deref(), model)?;
    let identity = Job::new(&loaded, args, common, Arc::default()).identity;
    study::warn_below(FEW_WORLDS, model, common);
    let count = model.simulation.trials;
    let probe = in_pool(common, || Ok(Probe::of(count, plan::rate(model)?)))?;
    let (rows, draws) = numbers(model);
    let pieces = Pieces {
        of: Unit::Worlds,
        count,
        each: BLOCK,
        worlds: 1,
    };
    Ok(Survey {
        identity,
        pieces,
        probe: probe.with_numbers(count, rows + draws),
    })
}

/// Plays some worlds.
///
/// # Errors
/// A world without a result, or what takes it in.
pub fn play(args: &RunArgs, part: Part<'_>, common: &Common) -> Result<(), Error> {
    let loaded = source::load(&args.scenario, common)?;
    let Part {
        plan,
        range,
        stop,
        push,
    } = part;
    plan.check(&Job::new(&loaded, args, common, Arc::default()).identity)?;
    let bar = progress::bar(range.end, range.start, is_progress_wanted(common));
    in_pool(common, || {
        run::play(&loaded.model, range, &stop, &bar, |trial| {
            push(&bytes_of(trial.rows.iter().chain(trial.draws)))
        })
    })?;
    Ok(())
}

/// How many numbers a piece has: rows of all arms, and draws.
fn numbers(model: &Model) -> (usize, usize) {
    let rows = model.outcome_layout().len() * model.arms.len();
    (rows, model.uncertain.len())
}

/// The worlds of a plan.
struct Worlds<'a> {
    merged: &'a Merged,
    rows: usize,
    draws: usize,
}

impl Replay for Worlds<'_> {
    fn replay(&self, sink: &mut dyn FnMut(Trial<'_>) -> Result<(), Error>) -> Result<(), Error> {
        self.merged.pieces(0, &mut |index, bytes| {
            let numbers = numbers_of(bytes, self.rows + self.draws)?;
            let (rows, draws) = numbers.split_at(self.rows);
            sink(Trial { index, rows, draws })
        })
    }
}

/// Writes and prints what the run of one machine does.
///
/// # Errors
/// A directory that may not be used, a file that cannot be read or written, or a signal.
pub fn merge(args: &RunArgs, merging: &Merging<'_>, common: &Common) -> Result<Status, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = run::reference(args.reference.as_deref(), model)?;
    let job = Job::new(&loaded, args, common, interrupt::watch());
    merging.merged.plan().check(&job.identity)?;
    let path = merging.out.out.as_deref().unwrap_or(Path::new("."));
    let (rows, draws) = numbers(model);
    let worlds = Worlds {
        merged: merging.merged,
        rows,
        draws,
    };
    let results = in_pool(common, || {
        match job.open(path, args, merging.out.existing())? {
            Place::Complete(results) => Ok(*results),
            Place::Open(directory, (keep, format)) => {
                let started = Instant::now();
                let mut circumstance = run::circumstance(Some(keep), format);
                directory.start(&circumstance, job.resolved)?;
                let results = summarised(&job, &worlds)?;
                let go_on = || going_on(&job);
                output::timed(common, "columns written", || {
                    directory.write_columns(model, (keep, format), &worlds, go_on)
                })?;
                circumstance.wall_time_s = Some(started.elapsed().as_secs_f64());
                directory.write_manifest(&circumstance)?;
                directory.complete(&results)?;
                // Of a run on one machine that was interrupted there.
                directory.remove_journal();
                Ok(results)
            }
        }
    })?;
    run::print(model, &results, reference, merging.json, common)?;
    Ok(Status::Done)
}

fn summarised(job: &Job<'_>, worlds: &Worlds<'_>) -> Result<Results, Error> {
    let mut collector = Collector::new(job.model, job.model.simulation.trials);
    worlds.replay(&mut |trial| {
        going_on(job)?;
        Ok(collector.push(trial)?)
    })?;
    job.results(&collector)
}

fn going_on(job: &Job<'_>) -> Result<(), Error> {
    match job.stop.load(Ordering::Relaxed) {
        true => Err(study::merge_interrupted(job.model.simulation.trials)),
        false => Ok(()),
    }
}
