//! What a run found, for readers: the results document, tables and sentences, columns, paths into results.

pub mod assemble;
pub mod collect;
#[cfg(feature = "cli")]
pub mod columns;
pub mod condition;
pub mod explain;
#[cfg(feature = "cli")]
mod headline;
pub mod path;
pub mod quantity;
pub mod results;
#[cfg(feature = "cli")]
mod split;
#[cfg(feature = "cli")]
pub(crate) mod tables;
#[cfg(feature = "cli")]
pub mod text;
pub mod units;
#[cfg(feature = "cli")]
pub(crate) mod wrap;

#[cfg(test)]
pub(crate) mod fixture;
