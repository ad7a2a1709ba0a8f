//! A browser that a script in Python drives: Chromium (`MUFAKAT_BROWSER`, or on the path) and a Python with playwright (`MUFAKAT_PYTHON`).

use crate::support::program::root;
use serde_json::Value;
use std::env;
use std::path::PathBuf;
use std::process::Command;

const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// The first of some programs that is on the path.
fn on_the_path(names: &[&str]) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    let mut found =
        env::split_paths(&paths).flat_map(|path| names.iter().map(move |name| path.join(name)));
    found.find(|path| path.is_file())
}

/// Chromium: the one that is named, or the first on the path.
pub fn chromium() -> Option<PathBuf> {
    let named = env::var_os("MUFAKAT_BROWSER").map(PathBuf::from);
    named.or_else(|| on_the_path(&CHROMIUM))
}

/// Firefox as systems have it.
pub fn firefox() -> Option<PathBuf> {
    on_the_path(&["firefox-esr", "firefox"])
}

/// A Python that has a module.
pub fn python(module: &str) -> Option<String> {
    let python = env::var("MUFAKAT_PYTHON").ok()?;
    let import = format!("import {module}");
    let has = Command::new(&python).args(["-c", &import]).output().ok()?;
    has.status.success().then_some(python)
}

/// What a script of the tests says as JSON, given arguments.
#[track_caller]
pub fn said(python: &str, script: &str, arguments: &[&str]) -> Value {
    let mut command = Command::new(python);
    let command = command.arg(root().join(script)).args(arguments);
    let output = command.output().expect("Python starts");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// What a script sees that is given Chromium and arguments; none where it cannot be driven.
#[track_caller]
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub fn seen(script: &str, arguments: &[&str]) -> Option<Value> {
    let (Some(browser), Some(python)) = (chromium(), python("playwright")) else {
        eprintln!(
            "skipped: no Chromium (MUFAKAT_BROWSER) or no Python with playwright (MUFAKAT_PYTHON)"
        );
        return None;
    };
    let browser = browser.to_string_lossy();
    Some(said(
        &python,
        script,
        &[&[browser.as_ref()], arguments].concat(),
    ))
}
