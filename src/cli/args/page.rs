//! `mufakat page` as the command line has it.

use crate::cli::args::common::{HELP, ScenarioArgs};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  mufakat page asean-2027 -o minister.html
  mufakat page mine.toml -S market.diversion=0.5 -n 2000 -o mine.html
  mufakat page mine.toml --with runs/sensitivity -o mine.html";

const AFTER: &str = "\
The file holds the engine itself: whoever opens it in a browser moves sliders
and plays worlds there, without a network and without this program. It asks for
nothing from elsewhere. Readers without scripts find the report of a few worlds.
--with takes a finished directory of `mufakat sensitivity` of the same scenario:
what matters most comes first.";

/// `page`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = AFTER)]
pub struct PageArgs {
    /// The file to write; one that is there is replaced
    #[arg(short, long, value_name = "FILE")]
    pub out: PathBuf,
    /// Directory of a finished `sensitivity` of the same scenario
    #[arg(long, value_name = "DIR")]
    pub with: Option<PathBuf>,
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,
}
