//! The formats of tables, and which of them this program is built with.

use serde::{Deserialize, Serialize};

/// The format of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Text with commas: opens everywhere.
    #[default]
    #[serde(alias = "Csv")]
    Csv,
    /// Apache Parquet, compressed with zstd, units in the metadata of its fields.
    #[serde(alias = "Parquet")]
    Parquet,
    /// A stream of Apache Arrow, each batch of which ends with a flush: for who takes tables from memory. No file has it.
    #[serde(skip)]
    Arrow,
}

impl Format {
    /// All that files have.
    pub const ALL: [Format; 2] = [Format::Csv, Format::Parquet];

    /// The ending of file names.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
            Format::Arrow => "arrow",
        }
    }
}

/// A format that this program is built without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this program is built without Parquet; `cargo build --release --features parquet` builds it with it"
)]
pub struct NotBuiltIn;

impl Format {
    /// The format, if tables in it can be written and read.
    ///
    /// # Errors
    /// Parquet and Arrow where they are not built in.
    pub fn built_in(self) -> Result<Format, NotBuiltIn> {
        match self {
            Format::Parquet | Format::Arrow if cfg!(not(feature = "parquet")) => Err(NotBuiltIn),
            format => Ok(format),
        }
    }
}
