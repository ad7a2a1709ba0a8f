//! `[accords]`: checked so that a file is right as a whole, and as it is read.

use crate::engine::model::words::Mode;
use crate::scenario::accord_space::{ANY, AccordSpace, RuleChoice};
use crate::scenario::check::{self, Subject};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::place::ScenarioNames;
use crate::scenario::resolve;
use crate::scenario::schema::{FileKey, FileTable, Form};
use crate::scenario::survey::table;
use crate::scenario::tree::{Item, TomlTable};

/// Most values of a rule.
const MOST_VALUES: usize = 1000;

/// The modes of accords.
const ACCORDS: [&str; 2] = ["framework", "bloc"];

/// Keys of an arm that name it or tell of it: no rules.
const NO_RULES: &[&str] = &["name", "title", "what", "active"];

/// The key of floors, whose own keys are terms.
const FLOORS: &str = "floors";

/// Checks what a scenario says of the search, if it does.
pub(crate) fn check(root: &TomlTable, names: &ScenarioNames, problems: &mut Vec<Diagnostic>) {
    let Some((header, accords)) = table(root, FileTable::Accords) else {
        return;
    };
    let subject = Subject {
        section: FileTable::Accords,
        table: accords,
        header,
        path: "accords",
        mode: None,
    };
    check::check(subject, names, problems);
    let inner = |key: &str| accords.get(key).and_then(|item| item.node.table());
    for (name, item) in inner("choose").into_iter().flatten() {
        if let Some(key) = rule(name, item, names, problems) {
            choice(key, name, item, names, problems);
        }
    }
    for (name, item) in inner("cost").into_iter().flatten() {
        if rule(name, item, names, problems).is_some()
            && !(item.node.number()).is_some_and(|cost| cost >= 0.0 && cost.is_finite())
        {
            let message = format!("`accords.cost.{name}` must be a number of at least 0");
            let problem = Diagnostic::error(DiagnosticKind::OutOfRange, item.node.span, message);
            problems.push(problem.label("what it costs that the rule changes, USD bn"));
        }
    }
    base(accords, names, problems);
}

/// The key that a name stands for; a finding where it is none of an accord.
fn rule(
    name: &str,
    item: &Item,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) -> Option<&'static FileKey> {
    let accords = [Mode::Framework, Mode::Bloc];
    let known = FileTable::Arm.keys().iter().filter(|key| {
        !NO_RULES.contains(&key.name) && accords.iter().any(|&mode| key.known_to(Some(mode)))
    });
    let (first, term) = match name.split_once('.') {
        Some((first, term)) => (first, Some(term)),
        None => (name, None),
    };
    let found = known.clone().find(|key| key.name == first);
    let is_floor = found.is_some_and(|key| key.name == FLOORS);
    let problem = match (found, term) {
        (Some(key), None) if !is_floor => return Some(key),
        (Some(key), Some(term)) if is_floor => {
            if names.find(FileTable::Term, term).is_some() {
                return Some(key);
            }
            let message = format!("`{name}`: there is no term `{term}`");
            let problem = Diagnostic::error(DiagnosticKind::Dangling, item.key, message);
            problem.suggest(term, &names.ids(FileTable::Term))
        }
        (Some(_), None) => {
            let message = "floors are chosen term by term".to_owned();
            Diagnostic::error(DiagnosticKind::WrongType, item.key, message)
                .label("write `floors.TERM = [...]`")
        }
        _ => {
            let message = format!("`{name}` is no rule of an accord");
            let problem = Diagnostic::error(DiagnosticKind::UnknownKey, item.key, message);
            problem.suggest(first, &known.map(|key| key.name).collect::<Vec<_>>())
        }
    };
    problems.push(problem);
    None
}

/// Checks the values of a rule, each as if an arm had it.
fn choice(
    key: &'static FileKey,
    name: &str,
    item: &Item,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) {
    let path = format!("accords.choose.{name}");
    if key.form == Form::Members && name == "members" && item.node.text() == Some(ANY) {
        return;
    }
    let values = item.node.array().filter(|values| !values.is_empty());
    let Some(values) = values else {
        let message = format!("`{path}` must be a list of what the rule may be");
        let problem = Diagnostic::error(DiagnosticKind::WrongType, item.node.span, message);
        return problems.push(problem.label(format!("each of them {}", key.expects())));
    };
    if values.len() > MOST_VALUES {
        let message = format!(
            "`{path}` lists {} values: at most {MOST_VALUES} are searched",
            values.len()
        );
        problems.push(Diagnostic::error(
            DiagnosticKind::TooMany,
            item.node.span,
            message,
        ));
        return;
    }
    for (at, value) in values.iter().enumerate() {
        if name == "mode" && !value.text().is_some_and(|mode| ACCORDS.contains(&mode)) {
            let message =
                format!("`{path}` must be \"framework\" or \"bloc\", the modes of accords");
            problems.push(Diagnostic::error(
                DiagnosticKind::UnknownWord,
                value.span,
                message,
            ));
            continue;
        }
        if value.table().is_some() {
            let message = format!("`{path}`: what is chosen is known");
            let problem = Diagnostic::error(DiagnosticKind::WrongType, value.span, message);
            problems.push(problem.label("expected a value, not a distribution"));
        } else if value.text() == Some("none") && key.can_be_unset() {
            // The rule is left out.
        } else if key.name == FLOORS {
            let path = format!("{path}[{at}]");
            let range = crate::engine::model::keys::Range::Finite;
            crate::scenario::quantity::read(value, &path, range, problems);
        } else {
            check::value(key, &path, value, names, problems);
        }
        let same = |other: &&crate::scenario::tree::TomlNode| {
            resolve::value(other, Form::Text) == resolve::value(value, Form::Text)
        };
        if values[..at].iter().any(|other| same(&other)) {
            let message = format!("`{path}` lists a value twice");
            let problem = Diagnostic::error(DiagnosticKind::Duplicate, value.span, message);
            problems.push(problem.label("again here"));
        }
    }
}

/// Checks that the base is an accord.
fn base(accords: &TomlTable, names: &ScenarioNames, problems: &mut Vec<Diagnostic>) {
    let Some(item) = accords.get("base") else {
        return;
    };
    let at = item
        .node
        .text()
        .and_then(|name| names.find(FileTable::Arm, name));
    let mode = at.and_then(|at| names.arms[at].1);
    if let Some(mode @ (Mode::Bilateral | Mode::Contest)) = mode {
        let message = "`accords.base` must be an accord".to_owned();
        let problem = Diagnostic::error(DiagnosticKind::Inconsistent, item.node.span, message);
        problems.push(
            problem.label(
                format!("its mode is {mode:?}, which has no rules to choose").to_lowercase(),
            ),
        );
    }
}

/// What a scenario that was found valid searches, if it says it.
pub(crate) fn read(root: &TomlTable) -> Option<AccordSpace> {
    let (_, accords) = table(root, FileTable::Accords)?;
    let inner = |key: &str| accords.get(key).and_then(|item| item.node.table());
    let choices = inner("choose").into_iter().flatten().map(|(name, item)| {
        let values = item.node.array().map(|values| {
            let values = values.iter();
            values
                .map(|value| resolve::value(value, Form::Text))
                .collect()
        });
        RuleChoice {
            key: name.clone(),
            values,
        }
    });
    let cost = inner("cost").into_iter().flatten();
    let cost = cost.filter_map(|(name, item)| Some((name.clone(), item.node.number()?)));
    let base = accords.get("base").and_then(|item| item.node.text());
    Some(AccordSpace {
        base: base.map(str::to_owned),
        choices: choices.collect(),
        cost: cost.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load::load;
    use crate::scenario::loaded::LoadError;
    use crate::scenario::source::Request;

    const SMALL: &str = include_str!("../../../../scenarios/two-states.toml");

    fn loaded(accords: &str) -> Result<Option<AccordSpace>, String> {
        let text = format!("{SMALL}\n[accords]\n{accords}\n");
        match load(&Request::new("x.toml", text), &mut |name| {
            Err(name.to_owned())
        }) {
            Ok(loaded) => {
                let request = Request::new("x.toml", loaded.resolved);
                let again = load(&request, &mut |name| Err(name.to_owned()));
                assert_eq!(
                    again.expect("the resolved scenario loads").accords,
                    loaded.accords
                );
                Ok(loaded.accords)
            }
            Err(LoadError::Problems(problems)) => {
                let messages = problems.diagnostics.iter().map(|one| one.message.clone());
                Err(messages.collect::<Vec<_>>().join("; "))
            }
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn what_is_searched_is_read() {
        let space = loaded("choose = { binding = [0, 0.8], members = 'any' }\ncost.rule = 1")
            .expect("valid")
            .expect("it has one");
        assert_eq!(space.base, None);
        let values = |at: usize| space.choices[at].values.clone();
        assert_eq!(space.choices[0].key, "binding");
        assert_eq!(values(0), Some(vec!["0".to_owned(), "0.8".to_owned()]));
        assert_eq!(values(1), None);
        assert_eq!(space.cost, [("rule".to_owned(), 1.0)]);
    }

    #[test]
    fn what_cannot_be_searched_is_refused() {
        for (accords, expected) in [
            ("choose = { bindin = [0] }", "no rule of an accord"),
            ("choose = { title = ['a'] }", "no rule of an accord"),
            ("choose = { binding = 0.5 }", "must be a list"),
            ("choose = { binding = [] }", "must be a list"),
            ("choose = { binding = [0, 2] }", "must be"),
            (
                "choose = { binding = [{ dist = 'uniform', min = 0, max = 1 }] }",
                "is known",
            ),
            ("choose = { binding = [0, 0] }", "twice"),
            ("choose = { rule = ['unanimity'] }", "must be"),
            ("choose = { mode = ['bilateral'] }", "the modes of accords"),
            ("choose = { floors = [0] }", "term by term"),
            ("choose = { floors.nothing = [0] }", "there is no term"),
            ("choose = { members = 'some' }", "must be a list"),
            (
                "choose = { max_rounds = [1, 'none', 1.5] }",
                "must be an integer",
            ),
            ("cost = { binding = -1 }", "at least 0"),
            ("cost = 3", "must be a table"),
            ("base = 'bilateral'", "must be an accord"),
            ("base = 'nothing'", "there is no arm"),
            ("bse = 'bloc'", "unknown key"),
        ] {
            let found = loaded(accords).expect_err(accords);
            assert!(found.contains(expected), "{accords}: {found}");
        }
    }
}
