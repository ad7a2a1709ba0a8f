//! The command line: arguments, files, terminal. Nothing here computes; everything here may fail for outside reasons.
#![allow(missing_docs)] // nobody uses it as a library: what a reader of the code needs is said where it is needed

pub mod args;
mod clock;
pub mod cluster;
mod commands;
pub mod driver;
mod exit;
#[cfg(feature = "html")]
mod explorer;
mod factors;
mod identity;
mod interrupt;
pub mod labels;
pub mod offer;
mod outline;
pub mod output;
#[cfg(feature = "html")]
mod pages;
mod progress;
#[cfg(feature = "serve")]
mod server;
pub mod shipped;
pub mod snippet;
pub mod source;
pub mod store;
mod tables;
#[cfg(feature = "serve")]
mod tabletop;
mod texts;
mod world_source;
mod worlds;

use crate::cli::args::Cli;
use crate::cli::exit::Status;
use crate::error::Error;
use anstyle::{AnsiColor, Style};
use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use std::ffi::OsString;

/// Most findings that are shown; a file with more is the wrong file.
const MOST_SHOWN: usize = 50;

/// Runs the program and says how it ended: 0 done, 1 done but a condition failed, 2 a command line that cannot be read, else
/// [`Error::exit_code`].
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
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
            return u8::try_from(usage.exit_code()).unwrap_or(2);
        }
    };
    output::set_color(cli.common.color);
    match commands::dispatch(&cli) {
        Ok(Status::Done) => 0,
        Ok(Status::ConditionFailed) => 1,
        Err(error) => {
            output::message(&described(&error));
            error.exit_code()
        }
    }
}

/// An error as the user sees it: findings with their lines first, then one sentence.
fn described(error: &Error) -> String {
    const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
    let mut text = String::new();
    if let Error::Scenario { problems, .. } | Error::Worlds { problems, .. } = error {
        let shown = &problems.diagnostics[..problems.diagnostics.len().min(MOST_SHOWN)];
        text.push_str(&snippet::render(shown, &problems.sources));
        let more = problems.diagnostics.len() - shown.len();
        if more > 0 {
            text.push_str(&format!("... and {more} more\n\n"));
        }
    }
    if let Error::Worlds { .. } = error {
        // The findings name the table.
        return text;
    }
    text + &format!("{ERROR}error{ERROR:#}: {error}\n")
}
