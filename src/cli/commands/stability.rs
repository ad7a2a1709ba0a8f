//! `mufakat stability`: every coalition of an arm, in every world.

use crate::cli::args::common::Common;
use crate::cli::args::stability::StabilityArgs;
use crate::cli::commands::run::{arm_index, circumstance, in_pool, is_progress_wanted};
use crate::cli::exit::Status;
use crate::cli::interrupt;
use crate::cli::output;
use crate::cli::probe::estimate_by;
use crate::cli::progress;
use crate::cli::source;
use crate::cli::store::directory::{Existing, Opened, RunDirectory};
use crate::cli::study;
use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch};
use crate::error::Error;
use crate::report::stability::text;
use crate::scenario::Loaded;
use crate::study::results::run::Manifest;
use crate::study::results::sheet::Format;
use crate::study::results::stability::columns::{COALITIONS, coalitions_csv};
use crate::study::results::stability::{StabilityResults, stability_results};
use crate::study::stability::{StabilityError, StabilityQuestion, default_arm, judge_worlds};
use crate::theory::spelling::units::count;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// Judges the coalitions of an arm.
///
/// # Errors
/// Why there is no result.
pub fn run(args: &StabilityArgs, common: &Common) -> Result<Status, Error> {
    let loaded = source::load(&args.scenario, common)?;
    let model = &loaded.model;
    let question = question(args, model)?;
    if args.dry_run {
        let text = in_pool(common, || plan(model, question))?;
        output::result(&text)?;
        return Ok(Status::Done);
    }
    let identity = identity(args, &loaded, question);
    let judge = || judged(model, question, &identity, common);
    let results = in_pool(common, || match &args.out {
        None => judge(),
        Some(path) => {
            let existing = match args.force {
                true => Existing::Replace,
                false => Existing::Refuse,
            };
            in_directory(path, existing, &identity, &loaded.resolved, judge)
        }
    })?;
    print(model, &results, args.json, common)?;
    Ok(Status::Done)
}

/// Prints results as document or text, with their warnings.
pub(crate) fn print(
    model: &Model,
    results: &StabilityResults,
    json: bool,
    common: &Common,
) -> Result<(), Error> {
    let text = |width| text::stability(model, results, width);
    study::print(json, || results.to_json(), text)?;
    for text in text::warnings(results) {
        output::warning(common, &text);
    }
    Ok(())
}

/// Identity of the study.
pub(crate) fn identity(
    args: &StabilityArgs,
    loaded: &Loaded,
    question: StabilityQuestion,
) -> Manifest {
    let settings = vec![
        format!("arm {}", loaded.model.arms[question.arm].name),
        format!("window {}", question.window),
        format!("farsighted {}", question.farsighted),
        format!("secure {}", question.secure),
    ];
    study::identity(loaded, &args.scenario.layers, "stability", settings)
}

pub(crate) fn question(args: &StabilityArgs, model: &Model) -> Result<StabilityQuestion, Error> {
    let arm = match &args.arm {
        Some(name) => arm_index(model, name)?,
        None => default_arm(model)?,
    };
    let question = StabilityQuestion {
        arm,
        window: args.window,
        secure: args.secure,
        farsighted: args.farsighted,
    };
    Ok(question.checked(model)?)
}

/// Judges all worlds, with a bar.
fn judged(
    model: &Model,
    question: StabilityQuestion,
    identity: &Manifest,
    common: &Common,
) -> Result<StabilityResults, Error> {
    let trials = model.simulation.trials;
    let stop = interrupt::watch();
    let bar = progress::bar(trials, 0, is_progress_wanted(common));
    let watch = Watch {
        stop: &stop,
        on_trial: &|| bar.inc(1),
    };
    let found = output::timed(common, "coalitions judged", || {
        judge_worlds(model, question, 0..trials, watch)
    });
    bar.finish_and_clear();
    match found? {
        (_, End::Stopped { next }) => Err(Error::Interrupted {
            played: next,
            trials,
            kept: "nothing is kept: stability keeps no unfinished work".to_owned(),
        }),
        (tally, End::Finished) => Ok(stability_results(model, &tally, identity.clone())?),
    }
}

/// Judges into a directory, unless the same is complete there: manifest and scenario first, results last.
pub(crate) fn in_directory(
    path: &Path,
    existing: Existing,
    identity: &Manifest,
    resolved: &str,
    judge: impl FnOnce() -> Result<StabilityResults, Error>,
) -> Result<StabilityResults, Error> {
    let directory = match RunDirectory::open(path, existing, identity)? {
        Opened::Ready(directory) | Opened::Lacking { directory, .. } => directory,
        Opened::Complete => return study::stored(path),
    };
    let started = Instant::now();
    let mut circumstance = circumstance(None, Format::Csv);
    circumstance.files = vec![COALITIONS.to_owned()];
    directory.start(&circumstance, resolved)?;
    let results = judge()?;
    directory.write_whole(COALITIONS, coalitions_csv(&results).as_bytes())?;
    circumstance.wall_time_s = Some(started.elapsed().as_secs_f64());
    directory.write_manifest(&circumstance)?;
    directory.complete_with(&results.to_json())?;
    Ok(results)
}

/// What would be judged, and how long it would take.
fn plan(model: &Model, question: StabilityQuestion) -> Result<String, Error> {
    let invited = question.invited(model).count_ones();
    let trials = model.simulation.trials;
    let time = estimate_by(trials, |worlds| {
        let watch = Watch {
            stop: &AtomicBool::new(false),
            on_trial: &|| {},
        };
        judge_worlds(model, question, 0..worlds, watch)?;
        Ok(())
    })?;
    Ok(format!(
        "scenario      {}\narm           {}\nwindow        {}\ncoalitions    {} of {invited} invited states\ntrials        {}\nseed          {}\ntime          {time}\n",
        model.name,
        model.arms[question.arm].name,
        question.window,
        count((1 << invited) - u64::from(invited) - 1),
        count(trials),
        model.simulation.seed,
    ))
}

impl From<StabilityError> for Error {
    fn from(error: StabilityError) -> Error {
        match error {
            StabilityError::Trial(error) => Error::Trial(error),
            error => Error::Stability(error),
        }
    }
}
