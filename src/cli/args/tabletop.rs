//! What `mufakat serve` takes for an exercise at a table.

use crate::explore::tabletop::log::TABLETOP_WORLDS;
use std::net::IpAddr;
use std::path::PathBuf;

/// An exercise at a table.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "A table")]
pub struct TabletopArgs {
    /// Play an exercise at a table: people play delegations, the engine all other states
    #[arg(long, conflicts_with = "replay")]
    pub table: bool,
    /// One person plays this state and facilitates; the engine plays all others
    #[arg(
        long,
        value_name = "STATE",
        requires = "table",
        conflicts_with = "delegation"
    )]
    pub alone: Option<String>,
    /// A state that people play (repeatable, or with commas); all unless given
    #[arg(long, value_name = "STATE", requires = "table", value_delimiter = ',')]
    pub delegation: Vec<String>,
    /// The accord that proposals start from; the first bloc unless given
    #[arg(long, value_name = "ARM", requires = "table")]
    pub accord: Option<String>,
    /// Rounds at most
    #[arg(long, value_name = "N", default_value_t = 3, requires = "table")]
    pub rounds: usize,
    /// Worlds in which each round is played
    #[arg(long, value_name = "N", default_value_t = TABLETOP_WORLDS, requires = "table")]
    pub round_worlds: u64,
    /// Listen on this address of the machine, for others in the room; each delegation then needs its join code
    #[arg(long, value_name = "ADDRESS", requires = "table")]
    pub listen: Option<IpAddr>,
    /// The log, written as things happen; a new file named by the day unless given
    #[arg(long = "log-file", value_name = "FILE", requires = "table")]
    pub log_file: Option<PathBuf>,
    /// Show the debrief of an exercise from its log
    #[arg(long, value_name = "LOG")]
    pub replay: Option<PathBuf>,
}
