//! In which worlds a condition holds, in words that fit on a line.

pub mod cart;
pub mod cases;
pub mod prim;
mod refine;
pub mod robustness;
pub mod significance;
pub mod trade_off;

pub use cases::{Candidate, Cases, DiscoveryError, Restriction, Rule};
