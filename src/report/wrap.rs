//! Text in lines of a given width, broken between words and never within one.

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// Breaks a paragraph into lines of at most `width` columns.
pub(crate) fn wrapped(paragraph: &str, width: usize) -> String {
    filled(paragraph, width, "", "")
}

/// Breaks each line of `text` that is longer than `width` columns; what follows of it is set in by `more` columns more
/// than the line itself.
pub(crate) fn hanging(text: &str, width: usize, more: usize) -> String {
    let lines = text.lines().map(|line| {
        if display_width(line) <= width {
            return format!("{line}\n");
        }
        let indent = &line[..line.len() - line.trim_start().len()];
        let next = " ".repeat(display_width(indent) + more);
        filled(line, width, indent, &next)
    });
    lines.collect()
}

/// The words of a paragraph in lines, of which the first begins with `first` and the others with `next`.
fn filled(paragraph: &str, width: usize, first: &str, next: &str) -> String {
    let options = Options::new(width)
        .initial_indent(first)
        .subsequent_indent(next)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    textwrap::fill(&words.join(" "), options) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_break_between_words() {
        assert_eq!(wrapped("one two  three", 7), "one two\nthree\n");
        assert_eq!(
            wrapped("longerthanthewidth x", 5),
            "longerthanthewidth\nx\n"
        );
        assert_eq!(wrapped("", 5), "\n");
        assert_eq!(
            wrapped("日本 ém ab", 8),
            "日本 ém\nab\n",
            "columns, not letters"
        );
    }

    #[test]
    fn only_long_lines_are_broken_and_their_rest_is_set_in() {
        assert_eq!(
            hanging("  a  b\n  one two three\n", 9, 2),
            "  a  b\n  one two\n    three\n"
        );
    }
}
