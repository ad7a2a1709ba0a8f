//! Which uncertain factors matter, from plain columns of numbers.

pub mod classes;
pub mod error;
pub mod estimate;
pub mod given;
pub mod moment_free;
pub mod morris;
pub mod shapley_effects;
pub mod sobol;
pub mod tornado;

pub use error::PlanError;
pub use estimate::{Bootstrap, Estimate};
