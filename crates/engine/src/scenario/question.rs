//! `[question]`: what a scenario asks, of which arms and in whose view.

use crate::engine::model::question::{Question, REGION, View};
use crate::scenario::check::{self, Subject};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::place::ScenarioNames;
use crate::scenario::schema::FileTable;
use crate::scenario::survey::table;
use crate::scenario::tree::{TomlNode, TomlTable};

/// Checks the question of a scenario, if it asks one.
pub(crate) fn check(root: &TomlTable, names: &ScenarioNames, problems: &mut Vec<Diagnostic>) {
    let Some((header, question)) = table(root, FileTable::Question) else {
        return;
    };
    let subject = Subject {
        section: FileTable::Question,
        table: question,
        header,
        path: "question",
        mode: None,
    };
    check::check(subject, names, problems);
    let Some(item) = question.get("for") else {
        return;
    };
    if let Some(id) = item.node.text().filter(|id| view(id, names).is_none()) {
        let message = format!("`question.for`: there is no state or hyperscaler `{id}`");
        let problem = Diagnostic::error(DiagnosticKind::Dangling, item.node.span, message);
        let parties = [FileTable::State, FileTable::Hyperscaler];
        let ids = parties.iter().flat_map(|&section| names.ids(section));
        let known: Vec<&str> = [REGION].into_iter().chain(ids).collect();
        problems.push(problem.suggest(id, &known));
    }
}

/// The question of a scenario that was found valid: of all its arms, in the region's view, where it does not say.
pub(crate) fn read(root: &TomlTable, names: &ScenarioNames) -> Question {
    let question = table(root, FileTable::Question).map(|(_, question)| question);
    let node = |key: &str| Some(&question?.get(key)?.node);
    let text = |key: &str| node(key).and_then(TomlNode::text);
    let named = node("options").and_then(TomlNode::array);
    let find = |node: &TomlNode| names.find(FileTable::Arm, node.text()?);
    let mut options: Vec<usize> = match named {
        Some(named) => named.iter().filter_map(find).collect(),
        None => (0..names.arms.len()).collect(),
    };
    options.sort_unstable();
    Question {
        text: text("text").unwrap_or_default().to_owned(),
        options,
        view: text("for")
            .and_then(|id| view(id, names))
            .unwrap_or(View::Region),
    }
}

/// Whose view a word names; a state before a hyperscaler of the same id.
fn view(id: &str, names: &ScenarioNames) -> Option<View> {
    let state = || names.find(FileTable::State, id).map(View::State);
    let hyperscaler = || {
        names
            .find(FileTable::Hyperscaler, id)
            .map(View::Hyperscaler)
    };
    match id {
        REGION => Some(View::Region),
        _ => state().or_else(hyperscaler),
    }
}
