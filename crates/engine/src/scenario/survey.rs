//! Who is in a merged scenario: the ids that paths and references may name.

use crate::engine::model::words::{Mode, Vocabulary};
use crate::scenario::place::Names;
use crate::scenario::schema::Section;
use crate::scenario::span::Span;
use crate::scenario::tree::{TomlNode, TomlTable};

/// The ids of a merged tree, in its order.
pub(crate) fn names(root: &TomlTable) -> Names {
    let ids = |section: Section| {
        let texts = entries(root, section).map(|(_, table)| {
            let id = table
                .get(section.identity()[0])
                .and_then(|item| item.node.text());
            id.unwrap_or_default().to_owned()
        });
        texts.collect::<Vec<String>>()
    };
    let modes = entries(root, Section::Arm).map(|(_, table)| {
        let mode = table.get("mode").and_then(|item| item.node.text());
        mode.and_then(Mode::from_key)
    });
    Names {
        states: ids(Section::State),
        hyperscalers: ids(Section::Hyperscaler),
        terms: ids(Section::Term),
        arms: ids(Section::Arm).into_iter().zip(modes).collect(),
        events: ids(Section::Event),
    }
}

/// The entries of a list with their places.
pub(crate) fn entries(
    root: &TomlTable,
    section: Section,
) -> impl Iterator<Item = (Span, &TomlTable)> {
    let nodes = root.get(section.name()).and_then(|item| item.node.array());
    let nodes: &[TomlNode] = nodes.unwrap_or_default();
    nodes
        .iter()
        .filter_map(|node| Some((node.span, node.table()?)))
}

/// A table directly under the root.
pub(crate) fn table(root: &TomlTable, section: Section) -> Option<(Span, &TomlTable)> {
    let node = &root.get(section.name())?.node;
    Some((node.span, node.table()?))
}
