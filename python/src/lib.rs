//! `mufakat._native`: what the Python package calls. Nothing is computed here.
#![deny(unsafe_code)]

mod program;

use pyo3::pymodule;

/// The engine, compiled.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::program::main;

    /// The version of the package, of the engine and of the program.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "its name in Python")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
