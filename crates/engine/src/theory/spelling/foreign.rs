//! Text that others wrote, made safe to show: names and notes of scenarios, names of files, what other programs print.

use std::borrow::Cow;

/// A text with marks in the place of what would steer a terminal or turn the direction of writing: control characters, but for the end of a
/// line and the tab, as their pictures (U+2400 and following), those of C1 and all that set or override a direction as U+FFFD.
///
/// # Examples
/// ```
/// # extern crate mufakat_engine as mufakat;
/// use mufakat::theory::spelling::foreign::marked;
///
/// assert_eq!(marked("clear\u{1b}[2J \u{202e}txt"), "clear␛[2J \u{fffd}txt");
/// assert_eq!(marked("two\nlines"), "two\nlines");
/// ```
pub fn marked(text: &str) -> Cow<'_, str> {
    match text.chars().any(|c| mark(c).is_some()) {
        true => Cow::Owned(text.chars().map(|c| mark(c).unwrap_or(c)).collect()),
        false => Cow::Borrowed(text),
    }
}

/// As [`marked`], with lines that end alike whatever system they were written on.
pub fn read(text: &str) -> String {
    marked(&text.replace("\r\n", "\n")).into_owned()
}

/// What is shown in the place of a character.
fn mark(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => None,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some('\u{fffd}'),
        '\u{61c}' | '\u{200e}' | '\u{200f}' => Some('\u{fffd}'),
        '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => Some('\u{fffd}'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_is_left() {
        let steers = |c: char| {
            (c.is_control() && !"\n\t".contains(c))
                || "\u{202a}\u{202e}\u{2066}\u{2069}".contains(c)
        };
        for code in 0..0x3000 {
            let Some(c) = char::from_u32(code) else {
                continue;
            };
            let text = format!("a{c}b");
            let shown = marked(&text);
            assert_eq!(shown.chars().count(), 3);
            assert!(!shown.contains(steers), "U+{code:04X}");
            assert_eq!(marked(&shown), shown, "U+{code:04X}");
        }
        assert_eq!(read("a\r\nb\rc"), "a\nb␍c");
        let plain = "Việt Nam, ไทย, 中国: 1 − 2 … “x”";
        assert!(matches!(marked(plain), Cow::Borrowed(_)));
    }
}
