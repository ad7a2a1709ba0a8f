//! `mufakat`: see the library for all that it does.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(mufakat::cli::main(std::env::args_os()))
}
