//! Text in lines of a given width, broken between words and never within one.

/// Breaks a paragraph into lines of at most `width` columns.
pub(crate) fn wrapped(paragraph: &str, width: usize) -> String {
    filled(paragraph, width, 0, "")
}

/// Breaks each line of `text` that is longer than `width` columns; what follows of it is set in by `more` columns more
/// than the line itself.
pub(crate) fn hanging(text: &str, width: usize, more: usize) -> String {
    let lines = text.lines().map(|line| {
        if line.chars().count() <= width {
            return format!("{line}\n");
        }
        let indent = line.len() - line.trim_start().len();
        let next = " ".repeat(indent + more);
        format!("{}{}", &line[..indent], filled(line, width, indent, &next))
    });
    lines.collect()
}

/// The words of a paragraph in lines: `used` columns of the first are taken, the others begin with `indent`.
fn filled(paragraph: &str, width: usize, mut used: usize, indent: &str) -> String {
    let mut text = String::new();
    let mut is_start = true;
    for word in paragraph.split_whitespace() {
        let length = word.chars().count();
        if !is_start && used + 1 + length > width {
            text.push('\n');
            text.push_str(indent);
            used = indent.len();
        } else if !is_start {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += length;
        is_start = false;
    }
    text.push('\n');
    text
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
    }

    #[test]
    fn only_long_lines_are_broken_and_their_rest_is_set_in() {
        assert_eq!(
            hanging("  a  b\n  one two three\n", 9, 2),
            "  a  b\n  one two\n    three\n"
        );
    }
}
