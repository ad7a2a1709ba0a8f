//! map comes later
pub mod bargaining;
#[cfg(feature = "cli")]
pub mod cli;
pub mod draws;
pub mod dynamics;
pub mod error;
pub mod ledger;
pub mod model;
pub mod negotiation;
pub mod outcome;
pub mod report;
pub mod scenario;
pub mod simulate;
pub mod stats;
pub mod trial;
