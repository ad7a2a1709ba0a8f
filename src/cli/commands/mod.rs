//! What each command does: one file each, apart from how its arguments are written.

pub mod ask;
pub mod brief;
pub mod cluster;
pub mod compare;
pub mod discover;
pub mod explain;
pub mod generate;
pub mod inspect;
pub mod new;
pub mod replay;
#[cfg(feature = "html")]
pub mod report;
pub mod run;
pub mod sensitivity;
pub mod stability;
pub mod sweep;
pub mod theories;
pub mod threshold;

use crate::cli::args::plan::StudyArgs;
use crate::cli::args::{Cli, Command};
use crate::cli::cluster::submit;
use crate::cli::commands::ask::answer;
use crate::cli::exit::Status;
use crate::error::Error;

/// Does what is asked: a line for each command.
pub fn dispatch(cli: &Cli) -> Result<Status, Error> {
    let common = &cli.common;
    match &cli.command {
        Command::Run(args) => cluster::run(args, common),
        Command::Explain(args) => answer(&StudyArgs::Explain(Box::new(args.clone())), common),
        Command::Stability(args) => answer(&StudyArgs::Stability(Box::new(args.clone())), common),
        Command::Compare(args) => answer(&StudyArgs::Compare(Box::new(args.clone())), common),
        Command::Brief(args) => answer(&StudyArgs::Brief(Box::new(args.clone())), common),
        Command::Sweep(args) => answer(&StudyArgs::Sweep(Box::new(args.clone())), common),
        Command::Threshold(args) => answer(&StudyArgs::Threshold(Box::new(args.clone())), common),
        Command::Theories(args) => answer(&StudyArgs::Theories(Box::new(args.clone())), common),
        Command::Sensitivity(args) => {
            answer(&StudyArgs::Sensitivity(Box::new(args.clone())), common)
        }
        Command::Discover(args) => answer(&StudyArgs::Discover(Box::new(args.clone())), common),
        #[cfg(feature = "html")]
        Command::Report(args) => report::run(args, common),
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
        Command::Schema(args) => generate::schema(args),
        Command::Completions(args) => generate::completions(args),
        Command::Man(args) => generate::man(args),
    }
}
