//! `mufakat compare` as the command line has it.

use crate::cli::args::common::{HELP, Layers};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat compare asean-2027 core-three
  mufakat compare asean-2027 mine.toml other.toml -n 2000 --out runs/compared
  mufakat compare asean-2027 core-three -S bargaining.foresight=1 --json
  mufakat compare asean-2027 mine.toml --fail-if 'bloc.total.payoff < 0'";

/// `compare`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct CompareArgs {
    /// Scenario files or shipped names; each is compared with the first, which also says how many worlds are drawn and how
    #[arg(value_name = "SCENARIO", num_args = 2.., required = true)]
    pub scenarios: Vec<String>,
    /// What they are called, where that is known.
    #[arg(skip)]
    #[serde(skip)]
    pub labels: Vec<String>,
    /// Exit with 1 if a condition holds of what a later scenario is less the first, as for `run`
    #[arg(long, value_name = "CONDITION")]
    pub fail_if: Option<String>,
    /// Compare arms within a scenario with this one instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// Layers over every scenario.
    #[command(flatten)]
    pub layers: Layers,
}
