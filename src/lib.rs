//! map comes later
#[cfg(feature = "cli")]
pub mod cli;
pub mod draws;
pub mod error;
pub mod model;
pub mod outcome;
pub mod scenario;
pub mod stats;
