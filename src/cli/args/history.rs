//! `mufakat history` as the command line has it.

use crate::cli::args::common::{HELP, Layers};
use crate::cli::args::out::OutArgs;
use serde::{Deserialize, Serialize};
#[cfg(feature = "html")]
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat history                        every case that comes with the program
  mufakat history mine.toml --all        one of yours, with all that is said of it
  mufakat history -n 10000 --html history.html
  mufakat history -S bargaining.foresight=1 --json";

const NOTES: &str = "\
A case is a scenario with a table [history]: what came of a bargain, and which
number of each world is held against that. Its inputs are of what stood before.";

/// `history`.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = NOTES)]
pub struct HistoryArgs {
    /// Cases, as scenario files or shipped names; all that are shipped, if absent
    #[arg(value_name = "CASE")]
    pub cases: Vec<String>,
    /// What they are called, where that is known.
    #[arg(skip)]
    #[serde(skip)]
    pub labels: Vec<String>,
    /// Say of every case who is who, what each side had without a deal, and what the model cannot express
    #[arg(long)]
    #[serde(skip)]
    pub all: bool,
    /// Also write the page as HTML to this file; with --out it is history.html there
    #[cfg(feature = "html")]
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub html: Option<PathBuf>,
    /// Where it writes.
    #[command(flatten)]
    #[serde(skip)]
    pub out: OutArgs,
    /// Layers over every case.
    #[command(flatten)]
    pub layers: Layers,
}
