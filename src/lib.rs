//! map comes later
pub mod bargaining;
pub mod draws;
pub mod model;
pub mod outcome;
pub mod stats;
