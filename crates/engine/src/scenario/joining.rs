//! Warnings about how states join accords: an accord that does not say it, and a probability that nothing reads.

use crate::engine::model::words::{Joining, Mode, Vocabulary, VotingRule};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::place::ScenarioNames;
use crate::scenario::schema::FileTable;
use crate::scenario::survey::entries;
use crate::scenario::tree::TomlTable;

/// Warns where an accord does not say how states join it, and where a state sets a `goodwill` by which none is joined. `strength` ranks the
/// layers: what an extended file sets is for its own arms, which the scenario may have removed.
pub(crate) fn check(
    root: &TomlTable,
    names: &ScenarioNames,
    strength: &[usize],
    problems: &mut Vec<Diagnostic>,
) {
    for ((header, table), (name, mode)) in entries(root, FileTable::Arm).zip(&names.arms) {
        let is_accord = matches!(mode, Some(Mode::Framework | Mode::Bloc));
        let rule = text(table, "rule").and_then(VotingRule::from_key);
        if is_accord && rule != Some(VotingRule::Mandate) && !table.contains_key("join") {
            let message = format!("`arm.{name}` does not say how states join it");
            let problem = Diagnostic::warning(DiagnosticKind::Missing, header, message);
            problems.push(
                problem
                    .label("by their `will`, as nothing is said")
                    .help("say it: `join = \"will\"`, `join = \"goodwill\"` or a probability"),
            );
        }
    }
    let by_goodwill = |table: &TomlTable| text(table, "join") == Some(Joining::Goodwill.key());
    if entries(root, FileTable::Arm).any(|(_, table)| by_goodwill(table)) {
        return;
    }
    let written = entries(root, FileTable::State).filter_map(|(_, table)| table.get("goodwill"));
    let mut own = written.filter(|item| strength[item.key.layer] >= strength[0]);
    if let Some(first) = own.next() {
        let others = own.count();
        let message = "`goodwill` has no effect: no arm joins by it";
        let problem = Diagnostic::warning(DiagnosticKind::Inconsistent, first.key, message);
        let label = match others {
            0 => "nothing reads it".to_owned(),
            1 => "nothing reads it, nor that of one other state".to_owned(),
            _ => format!("nothing reads it, nor those of {others} other states"),
        };
        problems.push(
            problem
                .label(label)
                .help("an arm joins by it with `join = \"goodwill\"`"),
        );
    }
}

fn text<'a>(table: &'a TomlTable, key: &str) -> Option<&'a str> {
    table.get(key)?.node.text()
}
