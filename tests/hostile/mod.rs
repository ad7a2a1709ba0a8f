//! What others may have written, left or asked for: nothing is wrong in silence, nothing hangs, nothing panics.

mod counts;
mod directory;
mod foreign;
mod numbers;
mod outputs;

use crate::support::program::UNCERTAIN;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A directory with the scenario in which something of each kind is uncertain, as `in.toml`.
fn place() -> (TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a temporary directory");
    fs::copy(UNCERTAIN, place.path().join("in.toml")).expect("it is copied");
    let path = place.path().to_owned();
    (place, path)
}

fn write(directory: &Path, name: &str, text: &str) {
    fs::write(directory.join(name), text).expect("writable");
}
