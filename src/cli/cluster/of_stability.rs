//! `stability`, cut into worlds: a piece is what a world says of every coalition.

use crate::cli::args::common::Common;
use crate::cli::args::stability::StabilityArgs;
use crate::cli::cluster::plan::{Pieces, Probe, Unit};
use crate::cli::cluster::study::{Merging, Part, Survey, not_of_this_study};
use crate::cli::cluster::verdict::{decode, encode};
use crate::cli::commands::run::{in_pool, is_progress_wanted};
use crate::cli::commands::stability::{identity, in_directory, print, question};
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::probe as plan;
use crate::cli::progress;
use crate::cli::source;
use crate::cli::study::{merge_interrupted, warn_below};
use crate::engine::model::Model;
use crate::engine::simulate::Watch;
use crate::error::Error;
use crate::report::verdict::FEW_WORLDS;
use crate::study::results::stability::{StabilityResults, stability_results};
use crate::study::stability::tally::Tally;
use crate::study::stability::{StabilityQuestion, judge_each};
use std::cell::Cell;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// Worlds of a block.
const BLOCK: u64 = 16;

/// What a plan needs to know of it.
///
/// # Errors
/// A question without an answer, or a world of the probe without a result.
pub fn survey(args: &StabilityArgs, common: &Common) -> Result<Survey, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let question = question(args, model)?;
    warn_below(FEW_WORLDS, model, common);
    let count = model.simulation.trials;
    let probe = in_pool(common, || probe(model, question))?;
    Ok(Survey {
        identity: identity(args, &loaded, question),
        pieces: Pieces {
            of: Unit::Worlds,
            count,
            each: BLOCK,
            worlds: 1,
        },
        probe,
    })
}

/// How long all worlds take and how large they are, from a few.
fn probe(model: &Model, question: StabilityQuestion) -> Result<Probe, Error> {
    let size = Cell::new(0);
    let (played, rate) = plan::measured(model.simulation.trials, |worlds| {
        let watch = Watch {
            stop: &AtomicBool::new(false),
            on_trial: &|| {},
        };
        let mut bytes = 0;
        judge_each(model, question, 0..worlds, watch, |verdict| {
            bytes += 4 + encode(verdict).len();
        })?;
        size.set(bytes);
        Ok(())
    })?;
    let worlds = model.simulation.trials;
    let each = size.get() as f64 / played.max(1) as f64;
    Ok(Probe {
        bytes: Some(each * worlds as f64),
        ..Probe::of(worlds, rate)
    })
}

/// Judges some worlds.
///
/// # Errors
/// A world without a result, or what takes it in.
pub fn play(args: &StabilityArgs, part: Part<'_>, common: &Common) -> Result<(), Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let question = question(args, model)?;
    let Part {
        plan,
        range,
        stop,
        push,
    } = part;
    plan.check(&identity(args, &loaded, question))?;
    let bar = progress::bar(range.end, range.start, is_progress_wanted(common));
    let watch = Watch {
        stop: &stop,
        on_trial: &|| bar.inc(1),
    };
    let mut pushed = Ok(());
    in_pool(common, || {
        judge_each(model, question, range, watch, |verdict| {
            if pushed.is_ok() {
                pushed = push(&encode(verdict));
                // What cannot be kept need not be played.
                stop.fetch_or(pushed.is_err(), Ordering::Relaxed);
            }
        })
        .map_err(Error::from)
    })?;
    bar.finish_and_clear();
    pushed
}

/// Writes and prints what one machine does.
///
/// # Errors
/// A directory that may not be used, a file that cannot be read or written, or a signal.
pub fn merge(
    args: &StabilityArgs,
    merging: &Merging<'_>,
    common: &Common,
) -> Result<Status, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let question = question(args, model)?;
    let identity = identity(args, &loaded, question);
    merging.merged.plan().check(&identity)?;
    let worlds = model.simulation.trials;
    let stop = interrupt::watch();
    let judge = || -> Result<StabilityResults, Error> {
        let mut tally = Tally::new(model, question, worlds);
        merging.merged.pieces(0, &mut |_, bytes| {
            if stop.load(Ordering::Relaxed) {
                return Err(merge_interrupted(worlds));
            }
            tally.add(&decode(bytes).ok_or_else(not_of_this_study)?);
            Ok(())
        })?;
        Ok(stability_results(model, &tally, identity.clone())?)
    };
    let path = merging.out.out.as_deref().unwrap_or(Path::new("."));
    let existing = merging.out.existing();
    let results = in_directory(path, existing, &identity, &loaded.resolved, judge)?;
    print(model, &results, merging.json, common)?;
    Ok(Status::Done)
}
