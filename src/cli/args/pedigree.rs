//! `mufakat pedigree` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};
#[cfg(feature = "html")]
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat pedigree asean-2027                 what the answer rests on and is weak
  mufakat pedigree asean-2027 --output bloc.state.ID.payoff.difference
  mufakat pedigree adgmin -n 5000 --html inputs.html";

/// `pedigree`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES)]
pub struct PedigreeArgs {
    /// The result to set inputs against (default: what the best option brings whom the question asks, less the reference)
    #[arg(long, value_name = "RESULT")]
    pub output: Option<String>,
    /// Compare with this arm instead of the first option
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
    /// Also write the page with the diagram as HTML to this file; with --out it is pedigree.html there
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
