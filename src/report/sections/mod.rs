//! Sections of documents, each written once for terminal and page.

pub mod accords;
pub mod advise;
pub mod brief;
pub(crate) mod causes;
mod columns;
pub mod compare;
pub mod discover;
pub mod explain;
pub mod forecasts;
pub mod history;
pub mod pedigree;
pub mod run;
pub mod sensitivity;
pub mod stability;
pub mod story;
pub mod study;
pub mod sweep;
pub mod theories;
pub mod threshold;
pub mod turn;
