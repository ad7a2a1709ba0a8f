//! The command line: arguments, files, terminal. Nothing here computes; everything here may fail for outside reasons.

pub mod args;
mod beside;
mod blocks;
mod brief;
mod cells;
mod compare;
mod directory;
mod discover;
mod explain;
mod generate;
mod given;
mod grouped;
mod inspect;
mod interrupt;
mod journal;
mod kept;
pub mod offer;
pub mod output;
mod plan;
mod precision;
mod progress;
mod replay;
#[cfg(feature = "html")]
mod report;
mod run;
mod sensitivity;
pub mod shards;
mod shipped;
pub mod snippet;
pub mod source;
mod stability;
mod study;
mod sweep;
mod tables;
mod theories;
mod threshold;

use crate::error::Error;
use anstyle::{AnsiColor, Style};
use args::{Cli, Command};
use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use std::ffi::OsString;
use std::process::ExitCode;

/// How a command ended that did what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Done,
    /// Done, but a condition that was asked for does not hold.
    ConditionFailed,
}

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
        Command::Run(args) => run::run(args, common),
        Command::Explain(args) => explain::run(args, common),
        Command::Stability(args) => stability::run(args, common),
        Command::Compare(args) => compare::run(args, common),
        Command::Brief(args) => brief::run(args, common),
        Command::Sweep(args) => sweep::run(args, common),
        Command::Threshold(args) => threshold::run(args, common),
        Command::Theories(args) => theories::run(args, common),
        Command::Sensitivity(args) => sensitivity::run(args, common),
        Command::Discover(args) => discover::run(args, common),
        #[cfg(feature = "html")]
        Command::Report(args) => report::run(args, common),
        Command::Plan(args) => shards::command::plan(args, common),
        Command::Resume(args) => shards::command::resume(args, common),
        Command::Status(args) => shards::command::status(args, common),
        Command::Submit(args) => shards::submit::submit(args, common),
        Command::Merge(args) => shards::command::merge(args, common),
        Command::Replay(args) => replay::replay(args, common),
        Command::Check(args) => inspect::check(args, common),
        Command::Show(args) => inspect::show(args, common),
        Command::Diff(args) => inspect::diff(args, common),
        Command::New(args) => shipped::new(args, common),
        Command::List(args) => shipped::list(args),
        Command::Schema(args) => generate::schema(args),
        Command::Completions(args) => generate::completions(args),
        Command::Man(args) => generate::man(args),
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
