//! Where a study writes, and in which format.

use crate::study::results::sheet::Format;
use clap::builder::{EnumValueParser, TypedValueParser};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Where a study writes, what it does with what is there, and what it prints.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct OutArgs {
    /// Write results and tables to this directory
    #[arg(short, long, value_name = "DIR")]
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
    /// Format of the tables: csv, or parquet with types, units and compression
    #[arg(long, value_name = "FORMAT", value_parser = FormatArg::parser(), default_value = "csv", hide_possible_values = true, requires = "out")]
    pub format: FormatArg,
}

/// The format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
pub enum FormatArg {
    /// Text with commas.
    Csv,
    /// Apache Parquet.
    Parquet,
}

impl FormatArg {
    /// Reads `--format`, and refuses a format that is not built in.
    pub fn parser() -> impl TypedValueParser<Value = FormatArg> {
        EnumValueParser::<FormatArg>::new()
            .try_map(|format| Format::from(format).built_in().map(|_| format))
    }
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Format {
        match format {
            FormatArg::Csv => Format::Csv,
            FormatArg::Parquet => Format::Parquet,
        }
    }
}

impl From<Format> for FormatArg {
    fn from(format: Format) -> FormatArg {
        match format {
            Format::Csv => FormatArg::Csv,
            Format::Parquet => FormatArg::Parquet,
        }
    }
}
