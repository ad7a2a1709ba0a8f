//! map comes later
pub mod draws;
pub mod model;
pub mod outcome;
pub mod scenario;
pub mod stats;
