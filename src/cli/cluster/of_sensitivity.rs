//! `sensitivity`, cut into the worlds of its design: a piece is the value of every result that is explained.

use crate::cli::args::common::Common;
use crate::cli::args::sensitivity::SensitivityArgs;
use crate::cli::cluster::old as plan;
use crate::cli::cluster::old::{Merging, Part};
use crate::cli::commands::sensitivity::{print, warn_of_few_worlds, with_job};
use crate::cli::driver::fold::in_pool;
use crate::cli::driver::job::Survey;
use crate::cli::driver::probe::Probe;
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::store::kept::Kept;
use crate::error::Error;
use crate::study::pieces::{Pieces, Unit};
use crate::study::run::BLOCK;

/// What a plan needs to know of it.
///
/// # Errors
/// A study that cannot be played, or a world of the probe without a result.
pub fn survey(args: &SensitivityArgs, common: &Common) -> Result<Survey, Error> {
    with_job(args, common, None, |job| {
        if job.source.is_run() {
            return Err(Error::Plan {
                path: args.scenario.scenario.clone().into(),
                reason: "is a finished run, of which nothing is left to play: leave out `plan`"
                    .to_owned(),
            });
        }
        warn_of_few_worlds(args, job.source.model(), common);
        let count = job.worlds();
        let outputs = job.outputs();
        let rate = || plan::rate_of(job.source.model(), &outputs);
        let probe = in_pool(common, || Ok(Probe::of(count, rate()?)))?;
        Ok(Survey {
            identity: job.identity(),
            pieces: Pieces {
                of: Unit::Worlds,
                count,
                each: BLOCK,
                worlds: 1,
                chained: false,
            },
            probe: probe.with_numbers(count, outputs.len()),
        })
    })
}

/// Plays some worlds of the design.
///
/// # Errors
/// A world without a result, or what takes it in.
pub fn play(args: &SensitivityArgs, part: Part<'_>, common: &Common) -> Result<(), Error> {
    with_job(args, common, None, |job| {
        let Part { range, stop, push } = part;
        job.stop = stop;
        let kept = Kept::part(range.clone(), push);
        let ended = in_pool(common, || job.estimated(Some(&kept)).map(|_| ()));
        match ended {
            // A part has no answer of its own and ends as if it had been stopped, whole or not: who plays it says which.
            Err(Error::Interrupted { .. }) => Ok(()),
            ended => ended,
        }
    })
}

/// Writes and prints what one machine does.
///
/// # Errors
/// A directory that may not be used, or a file that cannot be read or written.
pub fn merge(
    args: &SensitivityArgs,
    merging: &Merging<'_>,
    common: &Common,
) -> Result<Status, Error> {
    let args = SensitivityArgs {
        out: crate::cli::args::out::OutArgs {
            json: merging.json,
            ..merging.out.clone()
        },
        ..args.clone()
    };
    with_job(&args, common, Some(merging.merged), |job| {
        job.stop = interrupt::watch();
        let results = in_pool(common, || job.results())?;
        print(&args, &results, common)
    })
}
