//! Where a study writes, and in which format.

use crate::cli::args::common::{directory, named};
use crate::study::results::sheet::Format;
use clap::builder::TypedValueParser;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where a study writes, what it does with what is there, and what it prints.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct OutArgs {
    /// Write results and tables to this directory
    #[arg(short, long, value_name = "DIR", value_parser = directory())]
    pub out: Option<PathBuf>,
    /// Replace what an earlier command wrote there
    #[arg(long, requires = "out", conflicts_with = "resume")]
    pub force: bool,
    /// Continue from what is finished there, or make again what it has lost
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Show what would be played and, from a short probe, how long it takes
    #[arg(long)]
    pub dry_run: bool,
    /// Print the results document as JSON
    #[arg(long)]
    pub json: bool,
}

/// In which format a study writes its tables.
#[derive(Debug, Clone, Copy, clap::Args, Serialize, Deserialize)]
pub struct TableArgs {
    #[cfg_attr(
        feature = "parquet",
        doc = "Format of the tables: csv, or parquet with types, units and compression (default: csv, or with --resume that of the directory)"
    )]
    #[cfg_attr(not(feature = "parquet"), doc = "Format of the tables: csv")]
    #[arg(long, value_name = "FORMAT", value_parser = format(), hide_possible_values = true, requires = "out")]
    pub format: Option<Format>,
}

/// Reads `--format`, and refuses a format that is not built in.
fn format() -> impl TypedValueParser<Value = Format> {
    named(&Format::ALL, Format::ending).try_map(Format::built_in)
}
