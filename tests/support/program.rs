//! The program as it is run in the directory of the tests.

use std::process::{Command, Output};

pub fn mufakat(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mufakat"));
    command.env_remove("MUFAKAT_THREADS").args(args);
    command.output().expect("it starts")
}

/// Runs and expects an exit code; returns stdout and stderr.
#[track_caller]
pub fn check(args: &[&str], code: i32) -> (String, String) {
    let output = mufakat(args);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{out}\n{err}");
    (out, err)
}
