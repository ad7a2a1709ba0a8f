//! `mufakat stability` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat stability asean-2027
  mufakat stability asean-2027 --arm framework --window 1
  mufakat stability who-must-be-in --arm shapley -n 200 --out runs/shapley
  mufakat stability core-three --farsighted --json
  mufakat stability asean-2027 -S 'arm.bloc.members=[\"TH\",\"MY\",\"SG\",\"ID\"]'";

/// `stability`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct StabilityArgs {
    /// The bloc or framework to look at; the first active bloc if absent, else the first framework
    #[arg(long, value_name = "ARM")]
    pub arm: Option<String>,
    /// The window to look at, from 0
    #[arg(long, value_name = "W", default_value_t = 0)]
    pub window: usize,
    /// Also where states end up that join and leave one at a time, and farsighted stable sets (12 states at most)
    #[arg(long)]
    pub farsighted: bool,
    /// Share of all members' gain that the smallest coalition must secure
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub secure: f64,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
