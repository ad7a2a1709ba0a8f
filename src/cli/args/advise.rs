//! `mufakat advise` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat advise adgmin                       for the region
  mufakat advise adgmin --for ID              for Indonesia, with its largest supplier
  mufakat advise adgmin --for ID --with AMZN --html note.html
  mufakat advise adgmin --for investor        for the region, with what an investor asks first";

/// `advise`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct AdviseArgs {
    /// Who decides: region, or the id of a state or hyperscaler; whom the scenario names, if absent. Or who reads the region's: investor, vendor
    #[arg(long = "for", value_name = "WHO")]
    pub view: Option<String>,
    /// The hyperscaler at the table; the one with the largest expected market, if absent
    #[arg(long = "with", value_name = "HYPERSCALER")]
    pub hyperscaler: Option<String>,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Print what stands behind the note too: tables by state, causes, two worlds told, what others got
    #[arg(long)]
    #[serde(skip)]
    pub all: bool,
    /// Also write the note as HTML to this file; with --out it is advice.html there
    #[cfg(feature = "html")]
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub html: Option<PathBuf>,
    /// Also write the note as Markdown to this file
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub md: Option<PathBuf>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
