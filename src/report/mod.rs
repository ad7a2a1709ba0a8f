//! What studies found, for readers: sections of sentences, tables and figures, each written once, and what renders them.
#![allow(
    missing_docs,
    reason = "what a section or a figure says stands in its words; a library user meets documents, not their parts"
)]

pub mod amounts;
pub(crate) mod assumption;
pub(crate) mod bare;
pub mod chart;
pub(crate) mod comparables;
pub mod document;
pub(crate) mod evidence;
pub mod legend;
pub(crate) mod measure;
pub mod next;
pub mod numbers;
pub(crate) mod pledges;
pub mod render;
pub mod roles;
pub(crate) mod scale;
pub mod sections;
pub(crate) mod sentence;
pub(crate) mod spans;
pub mod verdict;
pub(crate) mod wrap;
