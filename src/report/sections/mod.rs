//! Sections of documents, each written once for terminal and page.

pub mod compare;
pub mod run;
