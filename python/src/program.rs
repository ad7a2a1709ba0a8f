//! The whole command line in this process.

use pyo3::prelude::*;
use std::ffi::OsString;
use std::panic::catch_unwind;
use std::path::PathBuf;

/// What a program written in Rust ends with after a panic, which has said why by then.
const PANICKED: u8 = 101;

/// Runs the command line `argv`, the first word of which is the name of the program, and returns the exit code. `script` is the file that starts
/// it, for the tasks of a cluster.
///
/// It writes to the standard streams of the process, not to `sys.stdout`, and releases the interpreter lock.
#[pyfunction]
pub fn main(py: Python<'_>, argv: Vec<OsString>, script: PathBuf) -> u8 {
    py.detach(|| catch_unwind(|| mufakat::cli::main_of(script, argv)).unwrap_or(PANICKED))
}
