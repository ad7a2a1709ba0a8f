//! Text whose numbers know where they come from.

use serde::Serialize;

/// A paragraph: words and numbers.
pub type Text = Vec<Span>;

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Span {
    Words {
        text: String,
    },
    /// A name that is typed as it stands.
    Code {
        text: String,
    },
    /// A number of the results.
    Number(Number),
    /// What is typed as it stands, with numbers in it.
    Typed {
        parts: Text,
    },
}

/// A number as it is written, as it is, and where it stands in `results.json`.
///
/// The path names keys from the top of the document, joined by dots; elements of lists are named by their index from 0. A minus before it
/// turns the sign. ` / ` and ` - ` between two paths: the one by, and less, the other; ` + ` adds up paths before either, a minus before them turns their sum. `scenario:` before it: it stands in the scenario; `study-2:`:
/// in the `results.json` of the second study of those that are shown on the page of a run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Number {
    /// As it is written; a minus is one, not a hyphen.
    pub text: String,
    /// As it is, in the fewest digits that give the same number back.
    pub value: String,
    pub path: String,
}

impl Number {
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

/// What can stand where text is asked for.
pub trait IntoText {
    fn into_text(self) -> Text;
}

impl IntoText for Text {
    fn into_text(self) -> Text {
        self
    }
}

macro_rules! into_text {
    ($($one:ty),+) => { $(impl IntoText for $one {
        fn into_text(self) -> Text {
            vec![Span::from(self)]
        }
    })+ };
}
into_text!(&str, String, Span, Number);

impl From<&str> for Span {
    fn from(text: &str) -> Span {
        words(text)
    }
}

impl From<String> for Span {
    fn from(text: String) -> Span {
        words(text)
    }
}

impl From<Number> for Span {
    fn from(number: Number) -> Span {
        Span::Number(number)
    }
}

/// A paragraph of words, numbers and names in a row.
macro_rules! text {
    ($($part:expr),+ $(,)?) => { vec![$($crate::report::spans::Span::from($part)),+] };
}
pub(crate) use text;

pub fn words(text: impl Into<String>) -> Span {
    Span::Words { text: text.into() }
}

/// A name that is typed as it stands.
pub fn code(text: impl Into<String>) -> Span {
    Span::Code { text: text.into() }
}

/// A paragraph of words alone.
pub fn plain(text: impl Into<String>) -> Text {
    vec![words(text)]
}

/// A sentence whose names stand between backquotes.
pub fn marked(sentence: &str) -> Text {
    let parts = sentence.split('`').enumerate();
    let spans = parts.map(|(at, part)| match at % 2 {
        0 => words(minus(part)),
        _ => code(part),
    });
    spans.collect()
}

/// What is written, without paths.
pub fn written(text: &[Span]) -> String {
    let spans = text.iter().map(|span| match span {
        Span::Words { text } | Span::Code { text } => text.clone(),
        Span::Number(number) => number.text.clone(),
        Span::Typed { parts } => written(parts),
    });
    spans.collect()
}

/// Parts of a sentence with something between them.
pub fn joined(parts: impl IntoIterator<Item = Text>, between: &str) -> Text {
    let parts: Vec<Text> = parts.into_iter().collect();
    parts.join(&words(between))
}

/// The numbers of a text.
pub fn numbers(text: &[Span]) -> Vec<&Number> {
    let spans = text.iter().map(|span| match span {
        Span::Number(number) => vec![number],
        Span::Typed { parts } => numbers(parts),
        Span::Words { .. } | Span::Code { .. } => Vec::new(),
    });
    spans.flatten().collect()
}

/// Puts a name before the paths of the numbers of a text.
pub(super) fn trace(name: &str, text: &mut Text) {
    for span in text {
        match span {
            Span::Number(number) => number.path.insert_str(0, &format!("{name}:")),
            Span::Typed { parts } => trace(name, parts),
            Span::Words { .. } | Span::Code { .. } => {}
        }
    }
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
