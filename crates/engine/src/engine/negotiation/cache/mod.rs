//! Caches of a window: what was computed before from the same inputs, to the last bit. Without them every number is the same, later.

pub mod agreements;
pub mod expectations;
pub mod frontiers;
pub mod payoffs;
pub mod repriced;
