//! What each command does: one file each, apart from how its arguments are written.

pub mod accords;
pub mod advise;
pub mod ask;
pub mod brief;
pub mod cluster;
pub mod compare;
pub mod design;
pub mod discover;
pub mod explain;
pub mod forecasts;
pub mod generate;
pub mod history;
pub mod inspect;
pub mod new;
#[cfg(feature = "html")]
pub mod page;
pub mod pedigree;
pub mod replay;
#[cfg(feature = "html")]
pub mod report;
pub mod run;
pub mod sensitivity;
pub mod serve;
pub mod stability;
pub mod sweep;
pub mod theories;
pub mod threshold;
pub mod turn;

use crate::cli::args::plan::StudyArgs;
use crate::cli::args::{Cli, Command};
use crate::cli::cluster::submit;
use crate::cli::commands::ask::answer;
use crate::cli::exit::Status;
use crate::error::Error;

/// Does what is asked: a line for each command.
pub fn dispatch(cli: &Cli) -> Result<Status, Error> {
    let common = &cli.common;
    if common.paths {
        has_paths(&cli.command)?;
    }
    match &cli.command {
        Command::Study(StudyArgs::Run(args)) if cluster::is_of_plan(args) => {
            cluster::play(args, common)
        }
        Command::Study(StudyArgs::Run(args)) if args.design.is_some() => {
            design::design(args, common)
        }
        Command::Study(args) => answer(args, common),
        #[cfg(feature = "html")]
        Command::Report(args) => report::run(args, common),
        Command::Serve(args) => serve::serve(args, common),
        #[cfg(feature = "html")]
        Command::Page(args) => page::page(args, common),
        Command::Plan(args) => cluster::plan(args, common),
        Command::Resume(args) => cluster::resume(args, common),
        Command::Status(args) => cluster::status(args, common),
        Command::Submit(args) => submit::submit(args, common),
        Command::Merge(args) => cluster::merge(args, common),
        Command::Replay(args) => replay::replay(args, common),
        Command::Check(args) => inspect::check(args, common),
        Command::Show(args) => inspect::show(args, common),
        Command::Diff(args) => inspect::diff(args, common),
        Command::New(args) => new::new(args, common),
        Command::List(args) => new::list(args),
        Command::Forecasts(args) => forecasts::forecasts(args),
        Command::Schema(args) => generate::schema(args),
        Command::Completions(args) => generate::completions(args),
        Command::Man(args) => generate::man(args),
    }
}

/// An error where no text with numbers of results is printed.
fn has_paths(command: &Command) -> Result<(), Error> {
    let (json, dry_run) = match command {
        Command::Study(args) => (args.out().json, args.out().dry_run),
        Command::Merge(args) => (args.json, false),
        Command::Submit(args) => (false, args.dry_run),
        _ => {
            let reason = "this command prints no numbers of results; leave it out";
            return Err(Error::NoPaths { reason });
        }
    };
    let reason = match (json, dry_run) {
        (false, false) => return Ok(()),
        (true, _) => {
            "the document of --json has the numbers at their paths; leave out one of the two"
        }
        (_, true) => "--dry-run prints no numbers of results; leave out one of the two",
    };
    Err(Error::NoPaths { reason })
}
