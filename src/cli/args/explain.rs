//! `mufakat explain` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs, from_zero};

const EXAMPLES: &str = "\
Examples:
  mufakat explain two-states --arm bloc
  mufakat explain asean-2027 --trial 17 --arm bloc";

/// `explain`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct ExplainArgs {
    /// The world to show, counted from 0
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = from_zero, allow_negative_numbers = true)]
    pub trial: u64,
    /// The arm to show instead of all
    #[arg(long, value_name = "ARM")]
    pub arm: Option<String>,
    /// Print the world as JSON
    #[arg(long)]
    pub json: bool,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
