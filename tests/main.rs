//! tests

mod scenario_errors;
