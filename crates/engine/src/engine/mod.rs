//! The model played: from one drawn world to the row of an outcome, arm by arm, and thousands of trials in parallel.

pub mod dynamics;
pub mod ledger;
pub mod model;
pub mod negotiation;
pub mod outcome;
pub mod simulate;
pub mod trial;
