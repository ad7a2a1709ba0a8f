//! The engine that the page carries.

use crate::support::program::root;
use std::process::Command;

#[test]
fn it_was_made_of_the_sources_as_they_are() {
    let mut build = Command::new(root().join("explorer/build"));
    let output = build.arg("--check").output().expect("bash runs it");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}
