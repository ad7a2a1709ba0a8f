//! The program around the library: arguments, files, terminal, signals.

pub mod args;
pub mod blocks;
pub mod directory;
pub mod failure;
pub mod interrupt;
pub mod output;
pub mod plan;
pub mod progress;
pub mod replay;
pub mod run;
pub mod snippet;
pub mod source;
