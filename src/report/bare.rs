//! Values of a scenario as they are shown where their provenance stands elsewhere.

/// A value of a scenario without its source, grade, unit and note; of a number with nothing else, the number.
pub(crate) fn bare(value: &str) -> String {
    let mut kept = value.to_owned();
    for key in ["source", "grade", "unit", "note"] {
        while let Some((from, to)) = key_at(&kept, key) {
            kept.replace_range(from..to, "");
        }
    }
    let kept = kept.trim();
    match kept
        .strip_prefix("{ value = ")
        .and_then(|rest| rest.strip_suffix('}'))
    {
        Some(number) if !number.contains('=') => number.trim().to_owned(),
        _ => kept.to_owned(),
    }
}

/// Where `, key = "..."` stands, quotes and their escapes minded.
fn key_at(text: &str, key: &str) -> Option<(usize, usize)> {
    let start = text.find(&format!(", {key} = \""))?;
    let open = start + key.len() + 6;
    let mut escaped = false;
    for (at, c) in text[open..].char_indices() {
        match c {
            '\\' if !escaped => escaped = true,
            '"' if !escaped => return Some((start, open + at + 1)),
            _ => escaped = false,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_without_their_provenance() {
        for (value, expected) in [
            (
                r#"{ dist = "pert", min = 0, mode = 1, max = 2, source = "X", grade = "C", unit = "a, b", note = "say \"x\", y" }"#,
                r#"{ dist = "pert", min = 0, mode = 1, max = 2 }"#,
            ),
            (r#"{ value = 3.5, grade = "A" }"#, "3.5"),
            ("3.5", "3.5"),
            (r#"{ p05 = 1, p95 = 2 }"#, "{ p05 = 1, p95 = 2 }"),
        ] {
            assert_eq!(bare(value), expected);
        }
    }
}
