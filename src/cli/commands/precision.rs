//! `run --precision`: more and more trials until the headline is known well enough.
//!
//! Trials double from block to block. Random and antithetic trials are the same however many there are, so that with `--out` the
//! finished ones are used again; in memory, and with a stratified design, which depends on the number of its trials, each block
//! starts afresh. In all, at most twice the trials of the last block are played.

use crate::cli::args::common::{Common, Layers};
use crate::cli::args::run::RunArgs;
use crate::cli::commands::run::{Directory, Job, Played, existing};
use crate::cli::output;
use crate::cli::source;
use crate::cli::store::directory::{Existing, stored_identity};
use crate::error::Error;
use crate::scenario::Loaded;
use crate::study::results::collect::Collector;
use crate::study::results::precision::{
    first_block, half_width_of, headline_half_width, next_block,
};
use crate::study::results::run::{Manifest, Results};
use crate::theory::spelling::units::count;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// A block that was played.
enum Block<'a> {
    InMemory(Box<Collector<'a>>),
    InDirectory(Box<Played<'a>>),
}

impl<'a> Block<'a> {
    fn collector(&self) -> &Collector<'a> {
        match self {
            Block::InMemory(collector) => collector,
            Block::InDirectory(played) => &played.collector,
        }
    }
}

/// Plays blocks until the half-width of the headline's 90% interval is at most `share` of its mean, or no more trials may be played;
/// says which.
///
/// # Errors
/// Why there is no result.
pub(crate) fn tighten(
    args: &RunArgs,
    common: &Common,
    first: &Loaded,
    share: f64,
    reference: usize,
    stop: &Arc<AtomicBool>,
) -> Result<(Results, bool), Error> {
    let mut trials = first_block(first.model.simulation);
    let mut found = existing(args);
    if let Some(stored) = resumed(args, trials)? {
        trials = stored;
    }
    loop {
        let loaded = with_trials(args, common, trials)?;
        let job = Job::new(&loaded, args, common, Arc::clone(stop));
        let block = match &args.out {
            None => Block::InMemory(Box::new(job.in_memory()?)),
            Some(path) => match job.in_directory(path, args, found)? {
                Directory::Played(played) => Block::InDirectory(played),
                Directory::Complete(results) => {
                    let half = half_width_of(&loaded.model, &results, reference);
                    return Ok((*results, half.is_some_and(|half| half <= share)));
                }
            },
        };
        let half = headline_half_width(block.collector(), reference)?;
        let reached = half.is_some_and(|half| half <= share);
        let next = if reached { None } else { next_block(trials) };
        if let Some(next) = next {
            trials = next;
            found = Existing::Advance;
            continue;
        }
        let results = match (block, &args.out) {
            (Block::InDirectory(played), Some(path)) => job.finish(path, *played)?,
            (block, _) => job.results(block.collector())?,
        };
        say(common, share, half, trials);
        return Ok((results, reached));
    }
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

/// The block at which an earlier invocation ended, if it is one of those from `first` on.
fn resumed(args: &RunArgs, first: u64) -> Result<Option<u64>, Error> {
    let Some(path) = args.out.as_ref().filter(|_| args.resume) else {
        return Ok(None);
    };
    let stored = stored_identity(path)?.filter(|one| one.precision == args.precision);
    let Some(Manifest { trials, .. }) = stored else {
        return Ok(None);
    };
    let mut blocks = std::iter::successors(Some(first), |&trials| next_block(trials));
    Ok(blocks.find(|&block| block == trials))
}

fn say(common: &Common, share: f64, half: Option<f64>, trials: u64) {
    let percent = |share: f64| format!("{:.2}%", 100.0 * share);
    let known = match half {
        Some(half) if half.is_finite() => format!("to {} of it", percent(half)),
        Some(_) => "as 0, of which no share can be told".to_owned(),
        None => "from too few worlds to tell how well".to_owned(),
    };
    let worlds = count(trials);
    if half.is_some_and(|half| half <= share) {
        let text = format!(
            "{worlds} worlds were enough for --precision {}: the headline's average is known {known} (90% interval)\n",
            percent(share)
        );
        output::note(common, &text);
    } else {
        let text = format!(
            "--precision {} was not reached: after {worlds} worlds the headline's average is known {known} (90% interval)",
            percent(share)
        );
        output::warning(common, &text);
    }
}
