//! `mufakat report` as the command line has it.

use crate::cli::args::common::HELP;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat run asean-2027 --out runs/baseline --report
  mufakat report runs/baseline
  mufakat report runs/baseline --with runs/delta --with runs/stability
  mufakat report runs/baseline --template mine.html
  mufakat report runs/baseline --explore";

const AFTER: &str = "\
The page needs nothing but itself; the data of each figure are in it, and as
CSV files in RUN/report. --with takes finished directories of sensitivity, discover, sweep,
threshold, theories and stability, made from the same scenario with --out. A
template is HTML in the language of Jinja; it gets `page`, all that there is to
say, and `style`, the stylesheet.";

/// `report`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = AFTER)]
pub struct ReportArgs {
    /// Directory of a finished run, as `mufakat run SCENARIO --out DIR` writes it
    pub run: PathBuf,
    /// Directory of a finished study of the same scenario (repeatable)
    #[arg(long, value_name = "DIR")]
    pub with: Vec<PathBuf>,
    /// Template to use instead of the one that is built in
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Write explore.html beside it: a page that plays the scenario, on which sliders move
    #[arg(long)]
    pub explore: bool,
    /// Compare with this arm instead of the first
    #[arg(long, value_name = "ARM")]
    pub reference: Option<String>,
}
