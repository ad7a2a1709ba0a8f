//! `mufakat serve` as the command line has it.

use crate::cli::args::common::{HELP, Layers};
use crate::cli::args::tabletop::TabletopArgs;

const EXAMPLES: &str = "\
Examples:
  mufakat serve                         the main scenario, in the browser
  mufakat serve core-three
  mufakat serve mine.toml -S market.diversion=0.5 --no-open
  mufakat serve --table                 an exercise: people play delegations
  mufakat serve --table --alone ID      one person against the engine
  mufakat serve --table --listen 0.0.0.0 --delegation ID,SG,MY,TH,VN
  mufakat serve --replay table-2027-05-04.jsonl";

const AFTER: &str = "\
It prints the address of the page, which holds a token that nobody can guess,
and listens on this machine alone. Ctrl-C ends it. The page plays the worlds of
`mufakat run`: what it exports, `mufakat run` plays to the same numbers.";

/// `serve`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = AFTER)]
pub struct ServeArgs {
    /// Scenario file, or the name of a shipped scenario (see `mufakat list`); asean-2027 unless given
    #[arg(value_name = "SCENARIO")]
    pub scenario: Option<String>,
    /// Port to listen on, on 127.0.0.1; 0: one that is free
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Open no browser; where the output is no terminal, none is opened either
    #[arg(long)]
    pub no_open: bool,
    /// An exercise at a table.
    #[command(flatten)]
    pub tabletop: TabletopArgs,
    /// Layers over it.
    #[command(flatten)]
    pub layers: Layers,
}

/// The scenario that is served unless another is named.
const MAIN: &str = "asean-2027";

impl ServeArgs {
    /// The scenario that is served.
    pub fn scenario(&self) -> &str {
        self.scenario.as_deref().unwrap_or(MAIN)
    }
}
