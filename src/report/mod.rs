//! What a run found, for readers: the results document, tables and sentences, columns, paths into results.

pub mod assemble;
#[cfg(feature = "cli")]
pub(crate) mod bare;
pub mod brief;
#[cfg(feature = "html")]
pub mod chart;
pub mod collect;
#[cfg(feature = "cli")]
pub mod columns;
#[cfg(feature = "cli")]
pub mod compare;
#[cfg(feature = "cli")]
pub mod compare_text;
pub mod condition;
pub mod discover;
#[cfg(feature = "cli")]
pub mod discover_text;
pub mod explain;
#[cfg(feature = "cli")]
mod forest;
#[cfg(feature = "cli")]
mod headline;
pub mod json;
#[cfg(feature = "html")]
pub mod page;
pub mod path;
pub mod precision;
pub mod quantity;
pub mod results;
pub mod sensitivity;
#[cfg(feature = "cli")]
pub mod sensitivity_cells;
#[cfg(feature = "cli")]
pub mod sensitivity_text;
#[cfg(feature = "cli")]
pub mod sheet;
#[cfg(feature = "cli")]
mod split;
pub mod stability;
pub mod sweep;
#[cfg(feature = "cli")]
pub mod sweep_text;
#[cfg(feature = "cli")]
pub(crate) mod tables;
#[cfg(feature = "cli")]
pub mod text;
pub mod theories;
#[cfg(feature = "cli")]
pub mod theories_text;
pub mod threshold;
#[cfg(feature = "cli")]
pub mod threshold_text;
pub mod units;
#[cfg(feature = "cli")]
pub mod wording;
pub mod world;
#[cfg(feature = "cli")]
pub(crate) mod wrap;

#[cfg(test)]
pub(crate) mod fixture;
