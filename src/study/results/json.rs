//! Documents as text.

use serde::Serialize;

/// A document as JSON with two spaces, ending in a newline.
pub fn document<T: Serialize>(document: &T) -> String {
    let text = serde_json::to_string_pretty(document)
        .expect("keys are strings and numbers are finite, so that it is valid JSON");
    text + "\n"
}
