//! `mufakat sensitivity` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs, named};
use crate::cli::args::out::{OutArgs, TableArgs};
use crate::study::sensitivity::Method;
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat sensitivity asean-2027                         every factor, no extra worlds
  mufakat sensitivity runs/baseline --method pawn        from a finished run
  mufakat sensitivity asean-2027 --method sobol --factors 'market.*' \\
      --factors 'bargaining.*' -n 256
  mufakat sensitivity asean-2027 --method sobol --group auto -n 256
                                                         all that is uncertain, by section and actor
  mufakat sensitivity asean-2027 --method shapley --group SG='state.SG.*,pair.SG.*' \\
      --group terms='term.*' -n 64
  mufakat sensitivity asean-2027 --method tornado --factors 'market.*' -n 50";

/// `sensitivity`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct SensitivityArgs {
    /// tornado, morris, sobol, shapley: play worlds of their own (for sobol and shapley, -n is rounded up to 8 times a
    /// power of two); pawn, delta, evppi: learn from any worlds (default: delta, which says besides whether the share of
    /// the variance agrees)
    #[arg(long, value_parser = named(Method::ALL, Method::name), value_name = "METHOD", hide_possible_values = true)]
    pub method: Option<Method>,
    /// Only quantities whose path matches, * for any text (repeatable; default: all that are uncertain); sobol, shapley
    /// and morris hold the others at their medians. An event is event.NAME.came, all of them 'event.*'; for pawn, delta
    /// and evppi also results of each world, as 'bloc.window.1.member.*', * for ids
    #[arg(long, value_name = "GLOB")]
    pub factors: Vec<String>,
    /// Take all that matches as one factor, however much it is (repeatable, with the same NAME for more of it; not for
    /// pawn, delta, morris); without --factors no others are factors. For sobol and shapley quantities that correlation
    /// or the rows of a file tie must lie in one group. auto: the rest of all quantities and events by section and actor
    #[arg(long, value_name = "NAME=GLOB,...|auto")]
    pub group: Vec<String>,
    /// A result to explain (repeatable; default: the headline's difference for all states and for each)
    #[arg(long, value_name = "RESULT")]
    pub output: Vec<String>,
    /// Second-order Sobol' indices too: twice the worlds
    #[arg(long)]
    pub second_order: bool,
    /// For tornado, keep the other quantities at their medians instead of as drawn in each world
    #[arg(long)]
    pub at_medians: bool,
    /// Trajectories of morris (default: 20)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=10_000))]
    pub trajectories: Option<u64>,
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
    /// The scenario, or the directory of a finished run.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
