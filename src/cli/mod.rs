//! The command line: arguments, files, terminal. Nothing here computes; everything here may fail for outside reasons.
#![allow(missing_docs)] // nobody uses it as a library: what a reader of the code needs is said where it is needed

pub mod args;
mod clock;
pub mod cluster;
mod commands;
pub mod driver;
mod exit;
mod given;
mod grouped;
mod identity;
mod interrupt;
pub mod offer;
mod outline;
pub mod output;

mod progress;
mod shipped;
pub mod snippet;
pub mod source;
pub mod store;
mod tables;
mod texts;

use crate::cli::args::plan::StudyArgs;
use crate::cli::args::{Cli, Command};
use crate::cli::commands::ask::answer;
use crate::cli::exit::Status;
use crate::error::Error;
use anstyle::{AnsiColor, Style};
use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use std::ffi::OsString;
use std::process::ExitCode;

/// Most findings that are shown; a file with more is the wrong file.
const MOST_SHOWN: usize = 50;

/// Runs the program and says how it ended: 0 done, 1 done but a condition failed, 2 a command line that cannot be read, else
/// [`Error::exit_code`].
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => {
            // A reader of the help that has gone away is not an error.
            let _ = usage.print();
            let unknown = usage.get(ContextKind::InvalidArg);
            if unknown == Some(&ContextValue::String("--shard".to_owned())) {
                output::message(
                    "\na shard of any plan is played by `mufakat run PLAN --shard I/N`\n",
                );
            }
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    output::set_color(cli.common.color);
    match dispatch(&cli) {
        Ok(Status::Done) => ExitCode::SUCCESS,
        Ok(Status::ConditionFailed) => ExitCode::from(1),
        Err(error) => {
            output::message(&described(&error));
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(cli: &Cli) -> Result<Status, Error> {
    let common = &cli.common;
    match &cli.command {
        Command::Run(args) => commands::cluster::run(args, common),
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
        Command::Report(args) => commands::report::run(args, common),
        Command::Plan(args) => commands::cluster::plan(args, common),
        Command::Resume(args) => commands::cluster::resume(args, common),
        Command::Status(args) => commands::cluster::status(args, common),
        Command::Submit(args) => cluster::submit::submit(args, common),
        Command::Merge(args) => commands::cluster::merge(args, common),
        Command::Replay(args) => commands::replay::replay(args, common),
        Command::Check(args) => commands::inspect::check(args, common),
        Command::Show(args) => commands::inspect::show(args, common),
        Command::Diff(args) => commands::inspect::diff(args, common),
        Command::New(args) => commands::new::new(args, common),
        Command::List(args) => commands::new::list(args),
        Command::Schema(args) => commands::generate::schema(args),
        Command::Completions(args) => commands::generate::completions(args),
        Command::Man(args) => commands::generate::man(args),
    }
}

/// An error as the user sees it: findings with their lines first, then one sentence.
fn described(error: &Error) -> String {
    const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
    let mut text = String::new();
    if let Error::Scenario { problems, .. } = error {
        let shown = &problems.diagnostics[..problems.diagnostics.len().min(MOST_SHOWN)];
        text.push_str(&snippet::render(shown, &problems.sources));
        let more = problems.diagnostics.len() - shown.len();
        if more > 0 {
            text.push_str(&format!("... and {more} more\n\n"));
        }
    }
    text + &format!("{ERROR}error{ERROR:#}: {error}\n")
}
