//! `mufakat accords` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use crate::study::accords::question::PLAYS;
use serde::{Deserialize, Serialize};
#[cfg(feature = "html")]
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat accords asean-2027                  rules and members that all would sign
  mufakat accords best-accord --for ID --path
  mufakat accords asean-2027 -o found
  mufakat run asean-2027 -f found/accords.toml";

/// `accords`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct AccordsArgs {
    /// Also find the accord that brings this state most and no other state a loss on average
    #[arg(long = "for", value_name = "STATE")]
    pub state: Option<String>,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// How much is searched: plays of one accord in one world; those in fresh worlds (-n each) come on top
    #[arg(long, value_name = "N", default_value_t = PLAYS, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    pub plays: u64,
    /// Say which accords stand under every rival theory of bargaining
    #[arg(long)]
    #[serde(default)]
    pub theories: bool,
    /// Say by which steps the best accord comes about, each a gain for those who take it
    #[arg(long)]
    #[serde(default)]
    pub path: bool,
    /// Print every table
    #[arg(long)]
    #[serde(skip)]
    pub all: bool,
    /// Also write the page with the figure as HTML to this file; with --out it is accords.html there
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
