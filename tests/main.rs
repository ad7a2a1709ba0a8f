//! Tests of the program as a whole, one module per theme.

mod cli;
mod scenario_errors;
