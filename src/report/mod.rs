//! What a run found, for readers: the results document, tables and sentences, columns, paths into results.

pub mod assemble;
pub mod collect;
#[cfg(feature = "cli")]
pub mod columns;
pub mod condition;
pub mod explain;
pub mod path;
pub mod quantity;
pub mod results;
pub mod stability;
#[cfg(feature = "cli")]
mod tables;
#[cfg(feature = "cli")]
pub mod text;
pub mod units;

#[cfg(test)]
pub(crate) mod fixture;
