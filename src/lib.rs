//! map comes later
pub mod bargaining;
pub mod draws;
pub mod dynamics;
pub mod ledger;
pub mod model;
pub mod negotiation;
pub mod outcome;
pub mod scenario;
pub mod stats;
pub mod trial;
