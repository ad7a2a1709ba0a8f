//! `mufakat compare` as the command line has it.

use crate::cli::args::common::{HELP, Layers};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat compare asean-2027 core-three
  mufakat compare asean-2027 mine.toml other.toml -n 2000 --out runs/compared
  mufakat compare asean-2027 core-three -S bargaining.foresight=1 --json";

/// `compare`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct CompareArgs {
    /// Scenario files or shipped names; each is compared with the first, which also says how many worlds are drawn and how
    #[arg(value_name = "SCENARIO", num_args = 2.., required = true)]
    pub scenarios: Vec<String>,
    /// Compare arms within a scenario with this one instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Write results, and the page of the comparison, to this directory
    #[arg(short, long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace what an earlier command wrote there
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Print the results document as JSON
    #[arg(long)]
    pub json: bool,
    /// Layers over every scenario.
    #[command(flatten)]
    pub layers: Layers,
}
