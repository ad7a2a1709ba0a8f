//! `mufakat serve` as the command line has it.

use crate::cli::args::common::{HELP, Layers};

const EXAMPLES: &str = "\
Examples:
  mufakat serve                         the main scenario, in the browser
  mufakat serve core-three
  mufakat serve mine.toml -S market.diversion=0.5 --no-open";

const AFTER: &str = "\
It prints the address of the page, which holds a token that nobody can guess,
and listens on this machine alone. Ctrl-C ends it. The page plays the worlds of
`mufakat run`: what it exports, `mufakat run` plays to the same numbers.";

/// `serve`.
#[derive(Debug, Clone, clap::Args)]
#[command(help_template = HELP, before_help = EXAMPLES, after_help = AFTER)]
pub struct ServeArgs {
    /// Scenario file, or the name of a shipped scenario (see `mufakat list`)
    #[arg(value_name = "SCENARIO", default_value = "asean-2027")]
    pub scenario: String,
    /// Port to listen on, on 127.0.0.1; 0: one that is free
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Open no browser; where the output is no terminal, none is opened either
    #[arg(long)]
    pub no_open: bool,
    /// Layers over it.
    #[command(flatten)]
    pub layers: Layers,
}
