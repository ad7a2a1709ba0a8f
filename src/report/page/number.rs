//! A number on a page with where it comes from.

use serde::Serialize;

/// A number as it is written, as it is, and where it stands in `results.json`.
///
/// The path names keys from the top of the document, joined by dots; elements of lists are named by their index from 0. A minus before it
/// turns the sign. ` / ` and ` - ` between two paths: the one by, and less, the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Number {
    /// As it is written.
    pub text: String,
    /// As it is, in the fewest digits that give the same number back.
    pub value: String,
    /// Where it stands.
    pub path: String,
}

impl Number {
    /// A number; a minus is written as such.
    pub fn new(text: &str, value: f64, path: &str) -> Number {
        Number {
            text: minus(text),
            value: value.to_string(),
            path: path.to_owned(),
        }
    }
}

/// A text with the sign of a negative number as a minus rather than a hyphen.
pub fn minus(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let follows = rest.peek().is_some_and(char::is_ascii_digit);
        let is_sign = c == '-' && follows && !before.is_alphanumeric();
        written.push(if is_sign { '\u{2212}' } else { c });
        before = c;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_minuses_and_hyphens_stay() {
        for (text, expected) in [
            ("-0.4 to 4.7", "\u{2212}0.4 to 4.7"),
            ("-0.4 to -0.1", "\u{2212}0.4 to \u{2212}0.1"),
            ("minus-2 of bloc-paid", "minus-2 of bloc-paid"),
        ] {
            assert_eq!(minus(text), expected);
        }
        assert_eq!(Number::new("0.1", 0.1, "x").value, "0.1");
    }
}
