//! `mufakat discover` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use crate::study::discover::RESTRICTIONS;
use serde::{Deserialize, Serialize};

const EXAMPLES: &str = "\
Examples:
  mufakat discover asean-2027 --when 'bloc.state.ID.payoff.difference < 0'
  mufakat discover runs/baseline --when 'bloc.total.payoff.difference < 0'
  mufakat discover asean-2027 --factors 'market.*' --factors 'bargaining.*' \\
      --when 'bloc.total.payoff.difference < framework.total.payoff.difference'";

/// `discover`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct DiscoverArgs {
    /// The condition on the results of a world, such as 'bloc.state.ID.payoff.difference < 0', with and, or, not
    #[arg(long, value_name = "CONDITION")]
    pub when: String,
    /// Only quantities whose path matches, * for any text (repeatable; default: all that are uncertain); 'event.*' for
    /// whether events came, event.NAME.came; or a result of each world, such as who was a member, bloc.window.1.member.*
    #[arg(long, value_name = "GLOB")]
    pub factors: Vec<String>,
    /// Most restrictions of a box
    #[arg(long, value_name = "N", default_value_t = RESTRICTIONS, value_parser = clap::value_parser!(u64).range(1..=20))]
    pub restrictions: u64,
    /// Least share of worlds in a box in which the condition holds, in (0, 1] (default: a quarter more than in all worlds, or where that is much, a quarter of the way to all)
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub density: Option<f64>,
    /// Also how arms do without trusting the probabilities: regret, worst case, worlds that are good enough
    #[arg(long)]
    pub robustness: bool,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario, or the directory of a finished run.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// A share from above 0 to 1.
fn share(text: &str) -> Result<f64, String> {
    let share = text
        .parse()
        .ok()
        .filter(|&share: &f64| share > 0.0 && share <= 1.0);
    share.ok_or_else(|| "expected a share above 0 and up to 1, for example 0.8".to_owned())
}
