//! The command line.

pub mod snippet;
