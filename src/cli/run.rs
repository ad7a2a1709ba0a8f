//! `run`.

use crate::cli::Status;
use crate::cli::args::{Common, HELP, ScenarioArgs};
use crate::error::Error;

/// `run`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = "Examples:\n  mufakat run two-states")]
pub struct RunArgs {
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// Does `run`.
///
/// # Errors
///
/// [`Error`] where the scenario cannot be loaded.
pub fn run(args: &RunArgs, common: &Common) -> Result<Status, Error> {
    crate::cli::source::load(&args.scenario, common)?;
    Ok(Status::Done)
}
