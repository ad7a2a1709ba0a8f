//! The program as a user runs it: nothing else in the tests starts it. MUFAKAT_PROGRAM names another one, for example one from before a change.

use std::path::Path;
use std::process::{Child, Command, Stdio};

/// The scenario in which something of each kind is uncertain.
pub const UNCERTAIN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/uncertain.toml");

/// The tables of a run.
pub const TABLES: [&str; 6] = [
    "trials.csv",
    "arms.csv",
    "hyperscalers.csv",
    "windows.csv",
    "pairs.csv",
    "draws.csv",
];

/// Where the program stands.
pub fn path() -> String {
    std::env::var("MUFAKAT_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_mufakat").to_owned())
}

/// Where the tests stand.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The program in a directory, in an empty environment as far as it concerns it.
pub fn program(directory: &Path) -> Command {
    let mut command = Command::new(path());
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

/// Exit code, standard output and standard error of a command.
#[track_caller]
pub fn output(command: &mut Command) -> (i32, String, String) {
    let output = command.output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    let code = output.status.code().expect("it was not killed");
    (code, text(output.stdout), text(output.stderr))
}

/// Exit code, standard output and standard error of a command line in a directory.
#[track_caller]
pub fn ran(directory: &Path, args: &[&str]) -> (i32, String, String) {
    output(program(directory).args(args))
}

/// Exit code, standard output and standard error of a command line as it is written, without the name of the program.
#[track_caller]
pub fn typed(directory: &Path, line: &str) -> (i32, String, String) {
    output(program(directory).args(words(line)))
}

/// Splits a command line as a shell does for words and single quotes.
pub fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().expect("one word at least").push(c),
        }
    }
    words
}

/// Runs in a directory and expects an exit code; returns standard output and standard error.
#[track_caller]
pub fn check_in(directory: &Path, args: &[&str], code: i32) -> (String, String) {
    let (ended, out, err) = ran(directory, args);
    assert_eq!(ended, code, "{args:?}\n{out}\n{err}");
    (out, err)
}

/// Runs where the tests stand and expects an exit code; returns standard output and standard error.
#[track_caller]
pub fn check(args: &[&str], code: i32) -> (String, String) {
    check_in(root(), args, code)
}

/// Starts in a directory, with standard error kept.
pub fn started(directory: &Path, args: &[&str]) -> Child {
    let mut command = program(directory);
    let command = command.args(args).stdout(Stdio::null());
    command.stderr(Stdio::piped()).spawn().expect("it starts")
}

/// Asks what was started to end, as somebody at a terminal does.
pub fn interrupt(child: &Child) {
    let number = child.id().to_string();
    let status = Command::new("kill").args(["-INT", &number]).status();
    assert!(status.expect("it starts").success());
}

/// Waits for the end of what was started and expects an exit code; returns standard error, as far as nobody has read it.
#[track_caller]
pub fn ended(child: Child, code: i32) -> String {
    let output = child.wait_with_output().expect("it ends");
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{err}");
    err
}
