//! `replay`.

use crate::cli::Status;
use crate::cli::args::{Common, HELP, ScenarioArgs};
use crate::error::Error;

/// `replay`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = "Examples:\n  mufakat replay two-states")]
pub struct ReplayArgs {
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// Does `replay`.
///
/// # Errors
///
/// [`Error`] where the scenario cannot be loaded.
pub fn run(args: &ReplayArgs, common: &Common) -> Result<Status, Error> {
    crate::cli::source::load(&args.scenario, common)?;
    Ok(Status::Done)
}
