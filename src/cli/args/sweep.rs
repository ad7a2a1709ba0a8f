//! `mufakat sweep` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::{OutArgs, TableArgs};
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat sweep asean-2027 --vary market.diversion=0:1:11
  mufakat sweep asean-2027 --vary arm.bloc.binding=0:1:6 \
      --vary bargaining.foresight=0:1:6 -n 200
  mufakat sweep two-states --vary bargaining.solution=nash,rubinstein \
      --output bloc.total.profit
  mufakat sweep mine.toml --out runs/grid      the grid of its [sweep], kept as it grows";

/// `sweep`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct SweepArgs {
    /// Vary a path: PATH=FROM:TO:STEPS or PATH=VALUE,VALUE,... (repeatable; instead of [sweep])
    #[arg(long, value_name = "AXIS")]
    pub vary: Vec<String>,
    /// Vary one path at a time, the others as in the scenario
    #[arg(long)]
    pub one_at_a_time: bool,
    /// Result of every cell, for example bloc.state.ID.leverage (repeatable; default: what each arm adds, for all
    /// states and for each)
    #[arg(long, value_name = "RESULT")]
    pub output: Vec<String>,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// How it writes its table of cells.
    #[command(flatten)]
    pub tables: TableArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
