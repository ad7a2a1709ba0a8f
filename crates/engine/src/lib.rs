//! The theory and the model of `mufakat`, without what asks, keeps and says: pure mathematics, the model played, and TOML text read to a model.
//!
//! The package `mufakat` hands all of it on and has the map of the code.
#![forbid(unsafe_code)]

pub mod engine;
pub mod scenario;
pub mod theory;
