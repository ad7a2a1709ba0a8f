//! The program as a user runs it: nothing else in the tests starts it. MUFAKAT_PROGRAM names another one, for example one from before a change.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Output};

/// The program in a directory, in an empty environment as far as it concerns it.
pub fn program(directory: &Path) -> Command {
    let built = || OsString::from(env!("CARGO_BIN_EXE_mufakat"));
    let mut command = Command::new(std::env::var_os("MUFAKAT_PROGRAM").unwrap_or_else(built));
    command.current_dir(directory);
    for name in [
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "MUFAKAT_LOG",
        "MUFAKAT_NO_PROGRESS",
        "MUFAKAT_THREADS",
    ] {
        command.env_remove(name);
    }
    command
}

/// Exit code, standard output and standard error of a command line in a directory.
#[track_caller]
pub fn ran(directory: &Path, args: &[&str]) -> (i32, String, String) {
    let output = program(directory)
        .args(args)
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    let code = output.status.code().expect("the program was not killed");
    (code, text(output.stdout), text(output.stderr))
}

/// What comes of a command line where the tests stand.
pub fn mufakat(args: &[&str]) -> Output {
    let mut command = program(Path::new(env!("CARGO_MANIFEST_DIR")));
    command.args(args).output().expect("the program starts")
}

/// Runs where the tests stand and expects an exit code; returns standard output and standard error.
#[track_caller]
pub fn check(args: &[&str], code: i32) -> (String, String) {
    let (ended, out, err) = ran(Path::new(env!("CARGO_MANIFEST_DIR")), args);
    assert_eq!(ended, code, "{args:?}\n{out}\n{err}");
    (out, err)
}
