//! `mufakat forecasts` as the command line has it.

use crate::cli::args::common::HELP;
use clap::Args;
use std::path::PathBuf;

/// `forecasts`.
#[derive(Debug, Args)]
#[command(
    help_template = HELP,
    before_help = "\
Examples:
  mufakat forecasts                what this program expects, and how it came
  mufakat forecasts --all          with each question, and how its number was made
  mufakat forecasts mine.toml --json",
    after_help = "\
A file NAME.sha256 beside NAME.toml holds the hash of what was forecast, without the
lines on which outcomes are entered; where it differs, the exit code is 1."
)]
pub struct ForecastsArgs {
    /// A file of forecasts; those that come with the program, if absent
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Also print what counts as yes or is measured, and how each number was made
    #[arg(long)]
    pub all: bool,
    /// Print the results document as JSON
    #[arg(long)]
    pub json: bool,
}
