//! Sentences written whole: `say!("In {} worlds as `bloc`.", often)` puts text, numbers or names where the braces stand.

use crate::report::document::{Text, code, words};

/// How many braces a sentence has, to be filled.
pub(crate) const fn holes(template: &str) -> usize {
    let bytes = template.as_bytes();
    let (mut at, mut holes) = (1, 0);
    while at < bytes.len() {
        if bytes[at - 1] == b'{' && bytes[at] == b'}' {
            holes += 1;
        }
        at += 1;
    }
    holes
}

/// With a capital letter.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// A sentence with its braces filled in order; what stands between backquotes is typed as it stands.
pub(crate) fn filled(template: &str, parts: Vec<Text>) -> Text {
    let mut text = Text::new();
    let mut parts = parts.into_iter();
    for (at, piece) in template.split("{}").enumerate() {
        if at > 0 {
            text.extend(parts.next().unwrap_or_default());
        }
        for (at, piece) in piece.split('`').enumerate() {
            match at % 2 {
                _ if piece.is_empty() => {}
                0 => text.push(words(piece)),
                _ => text.push(code(piece)),
            }
        }
    }
    text
}

/// A sentence; that it has as many braces as there are parts is checked when it is compiled.
macro_rules! say {
    ($template:literal $(, $part:expr)* $(,)?) => {{
        const {
            let parts: &[&str] = &[$(stringify!($part)),*];
            assert!(
                $crate::report::sentence::holes($template) == parts.len(),
                "as many braces as parts"
            );
        }
        $crate::report::sentence::filled(
            $template,
            vec![$($crate::report::document::IntoText::into_text($part)),*],
        )
    }};
}
pub(crate) use say;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::text;

    #[test]
    fn braces_and_backquotes_are_filled() {
        let name = code("bloc");
        let said = say!("{} of `all` as {}.", "Most".to_owned(), name.clone());
        assert_eq!(said, text!["Most", " of ", code("all"), " as ", name, "."]);
        assert_eq!(say!("Nothing."), text!["Nothing."]);
    }
}
