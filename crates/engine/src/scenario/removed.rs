//! What goes with an entry that a layer removes: what weaker layers said of it.

use crate::scenario::path;
use crate::scenario::schema::FileTable;
use crate::scenario::tree::{TomlTable, TomlValue};

/// An entry that a layer removes.
pub(crate) struct Removed {
    /// Its id or name; of several, the first.
    pub id: String,
    /// The layer that removes it.
    pub layer: usize,
}

/// Leaves out what other layers said of entries of `section` that are `gone`: options of a question, and marks of their numbers. What the layer
/// says that removes them stays, and is a mistake.
pub(crate) fn leave_out(root: &mut TomlTable, section: FileTable, gone: &[Removed]) {
    if gone.is_empty() {
        return;
    }
    if section == FileTable::Arm {
        leave_out_options(root, gone);
    }
    leave_out_marks(root, section, gone);
}

fn is_gone(gone: &[Removed], id: &str, layer: usize) -> bool {
    gone.iter().any(|one| one.id == id && one.layer != layer)
}

/// An arm that a layer removes is no option any more of a question that another layer asked before it; without any option left, all arms
/// are.
fn leave_out_options(root: &mut TomlTable, gone: &[Removed]) {
    let question = root.get_mut(FileTable::Question.name());
    let Some(question) = question.and_then(|item| item.node.table_mut()) else {
        return;
    };
    let options = question.get_mut("options").map(|item| &mut item.node.value);
    let Some(TomlValue::Array(nodes)) = options else {
        return;
    };
    let count = nodes.len();
    nodes.retain(|node| {
        let name = node.text().unwrap_or_default();
        !is_gone(gone, name, node.span.layer)
    });
    if nodes.is_empty() && count > 0 {
        question.shift_remove("options");
    }
}

/// Marks of what is gone are of nothing.
fn leave_out_marks(root: &mut TomlTable, section: FileTable, gone: &[Removed]) {
    let marks = root.get_mut(FileTable::Pedigree.name());
    let Some(TomlValue::Array(nodes)) = marks.map(|item| &mut item.node.value) else {
        return;
    };
    nodes.retain(|node| {
        let Some(of) = node.table().and_then(|table| table.get("of")) else {
            return true;
        };
        let ids = named_ids(of.node.text().unwrap_or_default(), section);
        !ids.iter().any(|id| is_gone(gone, id, of.node.span.layer))
    });
}

/// The ids of entries of `section` that a path names.
fn named_ids(of: &str, section: FileTable) -> Vec<String> {
    let segments = path::parse(of).unwrap_or_default();
    let table = segments
        .first()
        .and_then(|one| FileTable::from_name(&one.text));
    let places: &[usize] = match (table, section) {
        (Some(FileTable::Pair), FileTable::State) => &[1],
        (Some(FileTable::Link), FileTable::State) => &[1, 2],
        (Some(FileTable::Pair), FileTable::Hyperscaler) => &[2],
        (Some(FileTable::State | FileTable::Hyperscaler | FileTable::Arm), FileTable::Term) => &[3],
        (Some(table), section) if table == section => &[1],
        _ => &[],
    };
    let named = places.iter().filter_map(|&place| segments.get(place));
    named.map(|one| one.text.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_what_they_are_of() {
        let cases: &[(&str, FileTable, &[&str])] = &[
            ("state.SG.talent", FileTable::State, &["SG"]),
            ("state.*.talent", FileTable::State, &["*"]),
            ("state.SG.talent", FileTable::Term, &[]),
            ("state.SG.values.tax", FileTable::Term, &["tax"]),
            ("pair.SG.BABA.fit", FileTable::State, &["SG"]),
            ("pair.SG.BABA.fit", FileTable::Hyperscaler, &["BABA"]),
            ("link.SG.MY.efficiency", FileTable::State, &["SG", "MY"]),
            ("link.SG.MY.efficiency", FileTable::Hyperscaler, &[]),
            ("term.tax.cost", FileTable::Term, &["tax"]),
            ("market.diversion", FileTable::State, &[]),
            ("", FileTable::State, &[]),
        ];
        for &(of, section, expected) in cases {
            assert_eq!(named_ids(of, section), expected, "{of}");
        }
    }
}
