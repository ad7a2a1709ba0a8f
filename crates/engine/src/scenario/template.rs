//! The template of a scenario: where a line says `{others}`, the words that its key takes besides the one shown.

use crate::scenario::schema::{FileTable, Form};

/// What stands for the other words of a key.
const OTHERS: &str = "{others}";

/// The template with the words of the schema.
pub fn with_words(template: &str) -> String {
    let lines = template.lines().map(|line| {
        if !line.contains(OTHERS) {
            return line.to_owned();
        }
        let (name, rest) = line.split_once('=').unwrap_or_default();
        let shown = rest.split('"').nth(1).unwrap_or_default();
        let words = words_of(name.trim_start_matches("# ").trim());
        let others = words.iter().filter(|word| **word != shown);
        let others: Vec<String> = others.map(|word| format!("\"{word}\"")).collect();
        line.replace(OTHERS, &others.join(", "))
    });
    lines.map(|line| line + "\n").collect()
}

/// The words that the key named `name` takes.
fn words_of(name: &str) -> &'static [&'static str] {
    let mut tables = tables();
    let words = tables.find_map(|section| match section.key(name)?.form {
        Form::Word(words, _) | Form::QuantityOr(_, words) => Some(words),
        _ => None,
    });
    words.unwrap_or_default()
}

/// All tables of the file, the weightiest first.
fn tables() -> impl Iterator<Item = FileTable> {
    let within = [
        FileTable::Axis,
        FileTable::HistoryFigure,
        FileTable::HistoryObserved,
        FileTable::HistoryWinner,
        FileTable::HistoryCandidate,
    ];
    let tables = FileTable::TABLES.iter().copied().chain(within);
    [FileTable::Root].into_iter().chain(tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::words::{TermEffect, Vocabulary};

    #[test]
    fn the_template_shows_every_key_and_every_word() {
        let template = with_words(include_str!("../../../../scenarios/template.toml"));
        assert!(!template.contains(OTHERS));
        for section in tables() {
            for key in section.keys() {
                // The first is noted by layers, not written by hand; of effects one shows how all are written.
                if key.name == "fixed" || TermEffect::from_key(key.name).is_some() {
                    continue;
                }
                let start = format!("{} = ", key.name);
                let lines = template.lines().map(|line| line.trim_start_matches("# "));
                let lines: Vec<&str> = lines.filter(|line| line.starts_with(&start)).collect();
                // Lists of tables have headers of their own.
                let header = format!("{}.{}", section.name(), key.name);
                let is_there = !lines.is_empty() || template.contains(&header);
                assert!(is_there, "{section:?}: no `{}`", key.name);
                let shows = |word: &str| {
                    lines
                        .iter()
                        .any(|line| line.contains(&format!("\"{word}\"")))
                };
                for word in words_of(key.name) {
                    assert!(shows(word), "{}: no \"{word}\"", key.name);
                }
            }
        }
    }
}
