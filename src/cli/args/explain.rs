//! `mufakat explain` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs, from_zero};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat explain asean-2027 --trial 17            told in sentences
  mufakat explain two-states --arm bloc
  mufakat explain asean-2027 --trial 17 --full";

/// `explain`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct ExplainArgs {
    /// The world to show, counted from 0
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = from_zero, allow_negative_numbers = true)]
    pub trial: u64,
    /// The arm to show instead of all
    #[arg(long, value_name = "ARM")]
    pub arm: Option<String>,
    /// Tell it in sentences; where the numbers of all arms are many this holds unless --full is given
    #[arg(long, conflicts_with = "full")]
    #[serde(skip)]
    pub story: bool,
    /// Every number with its equation; where they are few, or of one arm, this holds unless --story is given
    #[arg(long)]
    #[serde(skip)]
    pub full: bool,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
