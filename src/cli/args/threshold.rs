//! `mufakat threshold` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat threshold asean-2027 --solve arm.bloc.binding \
      --where 'bloc.state.ID.payoff.difference = 0'
  mufakat threshold asean-2027 --solve market.diversion \
      --where 'bloc.total.payoff.difference = 0'
  mufakat threshold asean-2027 --solve state.*.bargaining_power --by state \\
      --where 'bloc.state.*.payoff.difference = 0'     each state's own number, one answer each";

/// Points of the curve before it is refined.
const POINTS: usize = 11;

/// `threshold`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct ThresholdArgs {
    /// The number to solve for; with --by state, * stands for the state's id
    #[arg(long, value_name = "PATH")]
    pub solve: String,
    /// The result and the level that it should have; with --by state, * or `total` stands for the state
    #[arg(long = "where", value_name = "EQUATION")]
    pub equation: String,
    /// One answer for each state
    #[arg(long, value_name = "WHAT")]
    pub by: Option<By>,
    /// Lowest value searched; needed where the number has no lowest value
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub from: Option<f64>,
    /// Highest value searched; needed where the number has no highest value
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    pub to: Option<f64>,
    /// Points of the curve before crossings are refined
    #[arg(long, value_name = "N", default_value_t = POINTS as u64, value_parser = clap::value_parser!(u64).range(2..=1001))]
    pub points: u64,
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

/// What there is one answer for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
pub enum By {
    /// Each state.
    State,
}
