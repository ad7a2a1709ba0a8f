//! `mufakat._native`: what the Python package calls. Nothing is computed here.
#![deny(unsafe_code)]

mod errors;
mod explorer;
mod held;
mod program;
mod scenario;
mod table;
mod waiting;

use pyo3::pymodule;

/// The engine, compiled.
#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::explorer::{PyExplorer, explorer_module};
    #[pymodule_export]
    use crate::held::{Held, open, plan, play, restore};
    #[pymodule_export]
    use crate::program::main;
    #[pymodule_export]
    use crate::scenario::{Scenario, read, schema, shipped_scenarios};
    #[pymodule_export]
    use crate::table::Table;

    /// The version of the package, of the engine and of the program.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "its name in Python")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
