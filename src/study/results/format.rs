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
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 2] = [Format::Csv, Format::Parquet];

    /// The ending of file names.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
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
    /// Parquet where it is not built in.
    pub fn built_in(self) -> Result<Format, NotBuiltIn> {
        match self {
            Format::Parquet if cfg!(not(feature = "parquet")) => Err(NotBuiltIn),
            format => Ok(format),
        }
    }
}
