//! The program as a user runs it.

mod documents;
mod inspect;
#[cfg(feature = "parquet")]
mod parquet;
mod precision;
mod run;
mod stability;

use assert_cmd::Command;
use std::path::Path;

/// The program, in an empty environment as far as it concerns it, run in a directory.
pub fn mufakat(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mufakat"));
    command.current_dir(directory);
    for name in [
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "MUFAKAT_THREADS",
        "MUFAKAT_NO_PROGRESS",
    ] {
        command.env_remove(name);
    }
    command
}

/// Exit code, standard output and standard error of a command line.
pub fn ran(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = mufakat(directory)
        .args(arguments)
        .output()
        .expect("the program starts");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    let code = output.status.code().expect("the program was not killed");
    (code, text(&output.stdout), text(&output.stderr))
}
