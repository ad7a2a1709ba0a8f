//! Words that people type: the known word that was probably meant, and lists for sentences; numbers as they are written.

pub mod foreign;
pub mod shell;
pub mod units;

/// How alike two words must be (Jaro-Winkler, 0 to 1) to suggest one for the other.
const ALIKE: f64 = 0.7;

/// The candidate that is most like `word`, upper and lower case being the same, if any is alike; the first of equals.
pub fn nearest<'a>(word: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase();
    candidates
        .iter()
        .map(|&candidate| {
            let likeness = strsim::jaro_winkler(&word, &candidate.to_lowercase());
            (likeness, candidate)
        })
        .filter(|&(likeness, _)| likeness > ALIKE)
        .reduce(|best, next| if next.0 > best.0 { next } else { best })
        .map(|(_, candidate)| candidate)
}

/// "`a`, `b`, `c`".
pub fn listed(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("`{word}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_found() {
        let words = ["discount_rate", "digital_gmv", "talent"];
        let cases = [
            ("discount_fator", Some("discount_rate")),
            ("Talent", Some("talent")),
            ("xyz", None),
        ];
        for (word, expected) in cases {
            assert_eq!(nearest(word, &words), expected, "{word}");
        }
    }

    #[test]
    fn lists_quote_their_words() {
        assert_eq!(listed(&["a", "b"]), "`a`, `b`");
    }
}
