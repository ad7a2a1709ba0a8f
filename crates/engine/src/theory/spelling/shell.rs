//! Words of a shell, for commands that are shown to be given again.

/// A text as one word of a POSIX shell: as it is where the shell leaves it so, else in single quotes.
///
/// # Examples
/// ```
/// # extern crate mufakat_engine as mufakat;
/// use mufakat::theory::spelling::shell::word;
///
/// assert_eq!(word("runs/baseline"), "runs/baseline");
/// assert_eq!(word("it's my plan"), r"'it'\''s my plan'");
/// ```
pub fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-+./:,=@%".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => quoted(text),
    }
}

/// A text as one word in single quotes, whatever it is.
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Words with a space between each two.
pub fn words<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    let words = words.into_iter().map(|one| word(one.as_ref()));
    words.collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_reads_otherwise_is_quoted() {
        for plain in ["a", "/a/b-c_d.toml", "market.diversion=0.5", "0/3", "1%"] {
            assert_eq!(word(plain), plain);
        }
        for other in [
            "",
            "a b",
            "arm.*.join=1",
            "$HOME",
            "~/x",
            "a;b",
            "a\"b",
            "a`b",
            "é",
        ] {
            assert_eq!(word(other), format!("'{other}'"));
        }
        assert_eq!(quoted("/a b/it's"), r"'/a b/it'\''s'");
        assert_eq!(words(["run", "a b"]), "run 'a b'");
    }
}
