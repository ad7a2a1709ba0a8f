//! `mufakat theories` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat theories asean-2027 -n 200
  mufakat theories asean-2027 --arm framework --json > theories.json";

/// `theories`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct TheoriesArgs {
    /// The arm that is judged (default: the first bloc, else the last arm)
    #[arg(long, value_name = "ARM")]
    pub arm: Option<String>,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
