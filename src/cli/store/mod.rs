//! Finished work on disk: directories of results, pieces that outlive a killed program, and who may write them.
//!
//! - [`pieces`]: where the pieces of a study lie, and what a file of them says of itself.
//! - [`file`](mod@file): such a file, block by block with checksums, written beside its place and moved there when it is whole.
//! - [`found`]: which pieces are there, from files alone.
//! - [`parts`]: the pieces of a study that is played here.
//! - [`directory`]: what `--out` writes.
//! - [`manifest`]: what it says of itself.
//! - [`own`]: which of its files are ours.
//! - [`atomic`]: files that appear whole or not at all.
//! - [`lock`]: who writes into a directory or submits a plan, one at a time.

pub mod atomic;
pub mod directory;
pub mod file;
pub mod found;
pub mod lock;
pub mod manifest;
pub mod own;
pub mod parts;
pub mod pieces;
