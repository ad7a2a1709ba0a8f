//! Who is in a merged scenario: the ids that paths and references may name.

use crate::engine::model::words::{Mode, Vocabulary};
use crate::scenario::place::ScenarioNames;
use crate::scenario::schema::FileTable;
use crate::scenario::span::TextSpan;
use crate::scenario::tree::{TomlNode, TomlTable};

/// The ids of a merged tree, in its order.
pub(crate) fn names(root: &TomlTable) -> ScenarioNames {
    let ids = |section: FileTable| {
        let texts = entries(root, section).map(|(_, table)| {
            let id = table
                .get(section.identity()[0])
                .and_then(|item| item.node.text());
            id.unwrap_or_default().to_owned()
        });
        texts.collect::<Vec<String>>()
    };
    let modes = entries(root, FileTable::Arm).map(|(_, table)| {
        let mode = table.get("mode").and_then(|item| item.node.text());
        mode.and_then(Mode::from_key)
    });
    ScenarioNames {
        states: ids(FileTable::State),
        hyperscalers: ids(FileTable::Hyperscaler),
        terms: ids(FileTable::Term),
        arms: ids(FileTable::Arm).into_iter().zip(modes).collect(),
        events: ids(FileTable::Event),
    }
}

/// The entries of a list with their places.
pub(crate) fn entries(
    root: &TomlTable,
    section: FileTable,
) -> impl Iterator<Item = (TextSpan, &TomlTable)> {
    let nodes = root.get(section.name()).and_then(|item| item.node.array());
    let nodes: &[TomlNode] = nodes.unwrap_or_default();
    nodes
        .iter()
        .filter_map(|node| Some((node.span, node.table()?)))
}

/// A table directly under the root.
pub(crate) fn table(root: &TomlTable, section: FileTable) -> Option<(TextSpan, &TomlTable)> {
    let node = &root.get(section.name())?.node;
    Some((node.span, node.table()?))
}
