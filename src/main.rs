//! mufakat
fn main() {}
