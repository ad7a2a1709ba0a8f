//! `mufakat sweep` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs, named};
use crate::cli::args::out::{OutArgs, TableArgs};
use crate::scenario::most::MOST_CELLS;
use crate::study::results::columns::Keep;
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat sweep asean-2027 --vary market.diversion=0:1:11
  mufakat sweep asean-2027 --vary arm.bloc.binding=0:1:6 \
      --vary bargaining.foresight=0:1:6 -n 200
  mufakat sweep two-states --vary bargaining.solution=nash,rubinstein \
      --output bloc.total.profit
  mufakat sweep asean-2027 --vary market.diversion=0:1 --latin 50 \
      --vary dynamics.lock_in=0.1:1:log
  mufakat sweep mine.toml --out runs/grid      the grid of its [sweep], kept as it grows
  mufakat sweep mine.toml --out runs/grid --keep trials        and each world of each cell";

/// `sweep`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct SweepArgs {
    /// Vary a path: PATH=FROM:TO:STEPS, with :log behind it in equal ratios, or PATH=VALUE,VALUE,... (repeatable;
    /// instead of [sweep])
    #[arg(long, value_name = "AXIS")]
    pub vary: Vec<String>,
    /// Vary one path at a time, the others as in the scenario
    #[arg(long)]
    pub one_at_a_time: bool,
    /// Vary all paths together: the first value of each, then the second of each, and so on
    #[arg(long, conflicts_with = "one_at_a_time")]
    #[serde(default)]
    pub zip: bool,
    /// A Latin hypercube of so many cells over the ranges PATH=FROM:TO or PATH=FROM:TO:log: each range is cut into
    /// as many parts, with one cell in each. It hangs on the seed; a cell of another N is another one
    #[arg(long, value_name = "N", conflicts_with_all = ["one_at_a_time", "zip"], value_parser = clap::value_parser!(u64).range(1..=MOST_CELLS))]
    #[serde(default)]
    pub latin: Option<u64>,
    /// Result of every cell, for example bloc.state.ID.leverage (repeatable; default: what each arm adds, for all
    /// states and for each)
    #[arg(long, value_name = "RESULT")]
    pub output: Vec<String>,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// What --out keeps: summary for the distributions of every cell; trials for every world too, worlds.csv with a row
    /// for each cell and world: the values of the axes, what was drawn, and each --output
    #[arg(id = "keep_worlds", long = "keep", value_name = "WHAT", value_parser = named(&Keep::ALL, Keep::name), default_value = "summary", requires = "out", hide_possible_values = true)]
    #[serde(default = "summary")]
    pub keep: Keep,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// How it writes its tables.
    #[command(flatten)]
    pub tables: TableArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// What earlier versions kept.
fn summary() -> Keep {
    Keep::Summary
}
