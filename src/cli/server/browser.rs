//! Opens the page in the browser of whoever started the server.

use std::process::{Command, Stdio};

/// Opens an address. Where there is no browser, the address was printed.
pub fn open(address: &str) {
    let mut command = command(address);
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _ = quiet.spawn();
}

#[cfg(target_os = "macos")]
fn command(address: &str) -> Command {
    let mut command = Command::new("open");
    command.arg(address);
    command
}

#[cfg(target_os = "windows")]
fn command(address: &str) -> Command {
    let mut command = Command::new("cmd");
    // Its first argument in quotes would be a title.
    command.args(["/C", "start", "", address]);
    command
}

#[cfg(not(any(target_os = "macos", target_os = "windows")))]
fn command(address: &str) -> Command {
    let mut command = Command::new("xdg-open");
    command.arg(address);
    command
}
