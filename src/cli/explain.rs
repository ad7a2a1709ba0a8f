//! `explain`.

use crate::cli::Status;
use crate::cli::args::{Common, HELP, ScenarioArgs};
use crate::error::Error;

/// `explain`.
#[derive(Debug, clap::Args)]
#[command(help_template = HELP, before_help = "Examples:\n  mufakat explain two-states")]
pub struct ExplainArgs {
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// Does `explain`.
///
/// # Errors
///
/// [`Error`] where the scenario cannot be loaded.
pub fn run(args: &ExplainArgs, common: &Common) -> Result<Status, Error> {
    crate::cli::source::load(&args.scenario, common)?;
    Ok(Status::Done)
}
