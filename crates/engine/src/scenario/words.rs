//! `[words]`: what a scenario calls its parties.

use crate::engine::model::role_words::RoleWords;
use crate::scenario::schema::FileTable;
use crate::scenario::survey::table;
use crate::scenario::tree::TomlTable;

/// The words of a scenario that was found valid: those of the contract where it says none.
pub(crate) fn read(root: &TomlTable) -> RoleWords {
    let said = table(root, FileTable::Words).map(|(_, words)| words);
    let usual = RoleWords::default();
    let word = |key: &str, usual: String| {
        let text = said.and_then(|words| words.get(key)?.node.text());
        text.map_or(usual, str::to_owned)
    };
    RoleWords {
        state: word("state", usual.state),
        states: word("states", usual.states),
        hyperscaler: word("hyperscaler", usual.hyperscaler),
        hyperscalers: word("hyperscalers", usual.hyperscalers),
        currency: word("currency", usual.currency),
        region: word("region", usual.region),
    }
}
