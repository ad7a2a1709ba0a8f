//! Which key of a TOML text stands at a place.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// How a text begins that sets a key.
const SET: &str = "--set ";

/// The path of the innermost key of `text` in which byte `offset` lies, with the id of an entry where it has one; none where there is no key.
pub fn key_at(text: &str, offset: usize) -> Option<String> {
    if let Some(assigned) = text.strip_prefix(SET) {
        // A key that was set has no table: whatever is wrong with it is of its path.
        let path = assigned.split_once('=').map(|(path, _)| path);
        return path.map(|path| path.trim().to_owned());
    }
    let (table, _) = DeTable::parse_recoverable(text);
    let path = in_table(table.get_ref(), offset);
    (!path.is_empty()).then(|| path.join("."))
}

fn in_table(table: &DeTable<'_>, offset: usize) -> Vec<String> {
    // Tables that headers open end where they are named: what lies in one is found by its keys.
    let mut named = Vec::new();
    for (key, value) in table.iter() {
        let name = key.get_ref().to_string();
        if let Some(inner) = in_value(value, offset) {
            return std::iter::once(name).chain(inner).collect();
        }
        if holds(&key.span(), offset) {
            named = vec![name];
        }
    }
    named
}

/// The path within a value, if the place lies in it.
fn in_value(value: &Spanned<DeValue<'_>>, offset: usize) -> Option<Vec<String>> {
    match value.get_ref() {
        DeValue::Table(table) => {
            let inner = in_table(table, offset);
            (!inner.is_empty() || holds(&value.span(), offset)).then_some(inner)
        }
        DeValue::Array(items) => {
            let inner = items.iter().find_map(|item| {
                let inner = in_value(item, offset)?;
                Some(id_of(item.get_ref()).into_iter().chain(inner).collect())
            });
            inner.or_else(|| holds(&value.span(), offset).then(Vec::new))
        }
        _ => holds(&value.span(), offset).then(Vec::new),
    }
}

fn holds(span: &Range<usize>, offset: usize) -> bool {
    span.start <= offset && offset < span.end.max(span.start + 1)
}

/// The id or name of an entry of a list.
fn id_of(value: &DeValue<'_>) -> Option<String> {
    let table = value.as_table()?;
    let texts = ["id", "name"].into_iter();
    let mut texts = texts.filter_map(|key| table.get(key)?.get_ref().as_str());
    texts.next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
name = \"a\"
[market]
diversion = 0.5
region_efficiency = { dist = \"uniform\", min = 2, max = 1 }
[[state]]
id = \"SG\"
talent = 7
[[arm]]
name = \"bloc\"
binding = \"x\"
[arm.rules]
members = [\"SG\", \"XX\"]
";

    #[test]
    fn a_place_has_its_key() {
        for (marker, expected) in [
            ("0.5", Some("market.diversion")),
            ("diversion", Some("market.diversion")),
            ("2, max", Some("market.region_efficiency.min")),
            ("7", Some("state.SG.talent")),
            ("\"x\"", Some("arm.bloc.binding")),
            ("\"XX\"", Some("arm.bloc.rules.members")),
            ("\"a\"", Some("name")),
        ] {
            let offset = TEXT.find(marker).expect("it is there");
            assert_eq!(key_at(TEXT, offset).as_deref(), expected, "{marker}");
        }
        assert_eq!(key_at("# nothing\n", 2), None);
        for offset in [8, 27] {
            let found = key_at("--set arm.*.harmonisation = 2", offset);
            assert_eq!(found.as_deref(), Some("arm.*.harmonisation"));
        }
        assert_eq!(key_at("a = [1, \"", 4).as_deref(), Some("a"));
    }
}
