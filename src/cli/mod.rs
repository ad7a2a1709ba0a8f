//! The command line: arguments, files, terminal. Nothing here computes; everything here may fail for outside reasons.
#![allow(missing_docs)] // nobody uses it as a library: what a reader of the code needs is said where it is needed

pub mod args;
mod clock;
pub mod cluster;
mod commands;
mod described;
pub mod driver;
#[cfg(all(feature = "html", feature = "parquet"))]
pub mod embedded;
#[cfg(all(feature = "html", feature = "parquet"))]
pub mod embedded_error;
pub mod exit;
#[cfg(feature = "html")]
pub mod explorer;
mod factors;
pub mod host;
mod identity;
mod interrupt;
#[cfg(all(feature = "html", feature = "parquet"))]
mod key_at;
pub mod labels;
pub mod offer;
mod outline;
pub mod output;
#[cfg(feature = "html")]
mod pages;
mod places;
mod progress;
mod reading;
#[cfg(feature = "serve")]
mod server;
pub mod shipped;
pub mod snippet;
pub mod source;
pub mod store;
mod tables;
#[cfg(feature = "serve")]
mod tabletop;
pub mod texts;
mod world_source;
mod worlds;

use crate::cli::args::Cli;
use crate::cli::described::described;
use crate::theory::spelling::foreign::marked;
use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use std::borrow::Cow;
use std::ffi::OsString;
use std::path::PathBuf;

/// Runs the program and says how it ended: 0 done, 1 done but a condition failed, 2 a command line that cannot be read, else
/// [`Error::exit_code`](crate::error::Error::exit_code).
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    ended(arguments, None)
}

/// The same in a process of another program, where `script` is the file that starts this one.
pub fn main_of(script: PathBuf, arguments: impl IntoIterator<Item = OsString>) -> u8 {
    ended(arguments, Some(script))
}

fn ended(arguments: impl IntoIterator<Item = OsString>, script: Option<PathBuf>) -> u8 {
    let mut cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(usage) => {
            let plain = usage.render().to_string();
            match marked(&plain) {
                // A reader of the help that has gone away is not an error.
                Cow::Borrowed(_) => drop(usage.print()),
                // Words of the command line that would steer the terminal.
                Cow::Owned(text) => output::message(&text),
            }
            let unknown = usage.get(ContextKind::InvalidArg);
            if unknown == Some(&ContextValue::String("--shard".to_owned())) {
                output::message(
                    "\na shard of any plan is played by `mufakat run PLAN --shard I/N`\n",
                );
            }
            return u8::try_from(usage.exit_code()).unwrap_or(2);
        }
    };
    cli.common.program = script;
    output::set_color(cli.common.color);
    match commands::dispatch(&cli) {
        Ok(status) => status.code(),
        Err(error) => {
            output::styled_message(&described(&error));
            error.exit_code()
        }
    }
}
