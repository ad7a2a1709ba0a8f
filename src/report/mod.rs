//! What studies found, for readers: sentences, tables, figures.

#[cfg(feature = "cli")]
pub(crate) mod bare;
#[cfg(feature = "cli")]
pub mod brief;
#[cfg(feature = "html")]
pub mod chart;
#[cfg(feature = "cli")]
pub mod compare_text;
#[cfg(feature = "cli")]
pub mod discover_text;
pub mod explain;
#[cfg(feature = "cli")]
mod forest;
#[cfg(feature = "cli")]
mod headline;
#[cfg(feature = "html")]
pub mod page;
#[cfg(feature = "cli")]
pub mod sensitivity_text;
#[cfg(feature = "cli")]
mod split;
#[cfg(feature = "cli")]
pub mod stability;
#[cfg(feature = "cli")]
pub mod sweep_text;
#[cfg(feature = "cli")]
pub(crate) mod tables;
#[cfg(feature = "cli")]
pub mod text;
#[cfg(feature = "cli")]
pub mod theories_text;
#[cfg(feature = "cli")]
pub mod threshold_text;
#[cfg(feature = "cli")]
pub mod wording;
#[cfg(feature = "cli")]
pub(crate) mod wrap;
