//! `mufakat turn` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};
#[cfg(feature = "html")]
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat turn asean-2027                     what would make the best option stop paying
  mufakat turn asean-2027 --arm framework
  mufakat turn asean-2027 --where 'bloc.state.ID.payoff.difference = 0'";

/// How far out is searched, unless said otherwise.
const WITHIN: f64 = 3.0;

/// Starts, unless said otherwise.
const STARTS: u64 = 1000;

/// `turn`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct TurnArgs {
    /// The arm that should stop paying (default: the best option, for whom the question asks)
    #[arg(long, value_name = "ARM", conflicts_with = "equation")]
    pub arm: Option<String>,
    /// Another result that should cross a level: its mean
    #[arg(long = "where", value_name = "EQUATION")]
    pub equation: Option<String>,
    /// Compare with this arm instead of the first option
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Largest joint change to search, in standard deviations: the Euclidean norm over all inputs
    #[arg(long, value_name = "SIZE", default_value_t = WITHIN, value_parser = within)]
    pub within: f64,
    /// Starts of the search, and directions that are played to find something smaller
    #[arg(long, value_name = "N", default_value_t = STARTS, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub starts: u64,
    /// Also write the page as HTML to this file; with --out it is turn.html there
    #[cfg(feature = "html")]
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub html: Option<PathBuf>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}

/// A size above 0 and at most 8, beyond which a normal distribution has next to nothing.
fn within(text: &str) -> Result<f64, String> {
    let size = text.parse().ok().filter(|size| *size > 0.0 && *size <= 8.0);
    size.ok_or_else(|| "expected a number above 0, at most 8, for example --within 4".to_owned())
}
