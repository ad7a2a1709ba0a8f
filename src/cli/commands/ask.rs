//! From the arguments of any study to the study.

use crate::cli::args::common::Common;
use crate::cli::args::plan::StudyArgs;
use crate::cli::commands::accords;
use crate::cli::commands::advise;
use crate::cli::commands::brief;
use crate::cli::commands::compare;
use crate::cli::commands::discover;
use crate::cli::commands::explain;
use crate::cli::commands::history;
use crate::cli::commands::pedigree;
use crate::cli::commands::run;
use crate::cli::commands::sensitivity;
use crate::cli::commands::stability;
use crate::cli::commands::sweep;
use crate::cli::commands::theories;
use crate::cli::commands::threshold;
use crate::cli::commands::turn;
use crate::cli::driver::fold::PieceSource;
use crate::cli::driver::job::Job;
use crate::cli::exit::Status;
use crate::cli::places;
use crate::error::Error;
use serde_json::Value;
use std::path::PathBuf;

/// The study that is asked for.
pub fn ask(args: &StudyArgs, common: &Common) -> Result<Box<dyn Job>, Error> {
    Ok(match args {
        StudyArgs::Run(args) => Box::new(run::ask(args, common)?),
        StudyArgs::Advise(args) => Box::new(advise::ask(args, common)?),
        StudyArgs::Explain(args) => Box::new(explain::ask(args, common)?),
        StudyArgs::Compare(args) => Box::new(compare::ask(args, common)?),
        StudyArgs::Sweep(args) => Box::new(sweep::ask(args, common)?),
        StudyArgs::Sensitivity(args) => Box::new(sensitivity::ask(args, common)?),
        StudyArgs::Pedigree(args) => Box::new(pedigree::ask(args, common)?),
        StudyArgs::Discover(args) => Box::new(discover::ask(args, common)?),
        StudyArgs::Threshold(args) => Box::new(threshold::ask(args, common)?),
        StudyArgs::Turn(args) => Box::new(turn::ask(args, common)?),
        StudyArgs::Theories(args) => Box::new(theories::ask(args, common)?),
        StudyArgs::Stability(args) => Box::new(stability::ask(args, common)?),
        StudyArgs::Brief(args) => Box::new(brief::ask(args, common)?),
        StudyArgs::Accords(args) => Box::new(accords::ask(args, common)?),
        StudyArgs::History(args) => Box::new(history::ask(args, common)?),
    })
}

/// A study with its options, as plans and manifests hold them.
pub fn arguments(args: &StudyArgs) -> Value {
    // Reading the scenario refused names that are not UTF-8.
    serde_json::to_value(args).expect("arguments are valid JSON")
}

/// Plays the study that is asked for and prints what came out.
pub fn answer(args: &StudyArgs, common: &Common) -> Result<Status, Error> {
    let job = ask(args, common)?;
    let read: Vec<PathBuf> = job.read().into_iter().chain(args.read()).collect();
    places::check(&args.written(), &read)?;
    job.answer(PieceSource::Here, args.out(), &arguments(args), common)
}
