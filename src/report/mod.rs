//! What studies found, for readers: sections of sentences, tables and figures, each written once, and what renders them.
#![allow(
    missing_docs,
    reason = "what a section or a figure says stands in its words; a library user meets documents, not their parts"
)]

#[cfg(feature = "cli")]
pub mod amounts;
#[cfg(feature = "cli")]
pub(crate) mod assumption;
#[cfg(feature = "cli")]
pub(crate) mod bare;
#[cfg(feature = "cli")]
pub mod chart;
#[cfg(feature = "cli")]
pub(crate) mod comparables;
#[cfg(feature = "cli")]
pub mod document;
#[cfg(feature = "cli")]
pub(crate) mod evidence;
#[cfg(feature = "cli")]
pub mod legend;
#[cfg(feature = "cli")]
pub(crate) mod measure;
#[cfg(feature = "cli")]
pub(crate) mod next;
#[cfg(feature = "cli")]
pub mod numbers;
#[cfg(feature = "cli")]
pub(crate) mod pledges;
#[cfg(feature = "cli")]
pub mod render;
#[cfg(feature = "cli")]
pub mod roles;
#[cfg(feature = "cli")]
pub(crate) mod scale;
#[cfg(feature = "cli")]
pub mod sections;
#[cfg(feature = "cli")]
pub(crate) mod sentence;
#[cfg(feature = "cli")]
pub(crate) mod spans;
#[cfg(feature = "cli")]
pub mod verdict;
#[cfg(feature = "cli")]
pub(crate) mod wrap;
