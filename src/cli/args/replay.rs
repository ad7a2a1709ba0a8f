//! `mufakat replay` as the command line has it.

use crate::cli::args::common::HELP;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat run two-states --out runs/two
  mufakat replay runs/two";

/// `replay`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct ReplayArgs {
    /// Directory of a finished run, as `mufakat run SCENARIO --out DIR` writes it
    pub run: PathBuf,
    /// Print what differs as JSON
    #[arg(long)]
    pub json: bool,
}
