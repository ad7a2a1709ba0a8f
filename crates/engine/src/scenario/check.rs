//! Checks the keys of one table against the schema and reads its quantities.

use crate::engine::model::arm::StateSet;
use crate::engine::model::words::{Mode, Vocabulary};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::place::ScenarioNames;
use crate::scenario::quantity::{self, WrittenQuantity};
use crate::scenario::schema::{Default, FileKey, FileTable, Form};
use crate::scenario::span::TextSpan;
use crate::scenario::tree::{Item, TomlNode, TomlTable, TomlValue};
use crate::theory::spelling::{listed, nearest};

/// A quantity of a table, checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CheckedQuantity {
    pub key: &'static FileKey,
    /// Position of the term within a table of levels.
    pub term: Option<usize>,
    pub quantity: WrittenQuantity,
    pub span: TextSpan,
}

/// What a table is: its section, its place, the path before its keys and, of an arm, its mode.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub section: FileTable,
    pub table: &'a TomlTable,
    pub header: TextSpan,
    pub path: &'a str,
    pub mode: Option<Mode>,
}

/// Checks every key of a table: known, known to the mode, of the right form and range; and that none is missing.
pub(crate) fn check(
    subject: Subject<'_>,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) -> Vec<CheckedQuantity> {
    let mut checker = Checker {
        subject,
        names,
        problems,
        found: Vec::new(),
        meant: Vec::new(),
    };
    for (name, item) in subject.table {
        checker.entry(name, item);
    }
    checker.missing();
    checker.found
}

/// Checks a value as if `key` had it.
pub(crate) fn value(
    key: &'static FileKey,
    path: &str,
    node: &TomlNode,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) {
    let subject = Subject {
        section: FileTable::Root,
        table: &TomlTable::new(),
        header: node.span,
        path: "",
        mode: None,
    };
    let mut checker = Checker {
        subject,
        names,
        problems,
        found: Vec::new(),
        meant: Vec::new(),
    };
    checker.value(key, path, node);
}

/// The states that `members` names, none where it is not valid.
pub(crate) fn members(
    node: &TomlNode,
    path: &str,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) -> Option<StateSet> {
    let all = crate::engine::model::arm::full_set(names.states.len());
    let ids = match &node.value {
        TomlValue::Text(word) if word == "all" => return Some(all),
        TomlValue::Array(ids) => ids,
        _ => {
            let message = format!("`{path}` must be \"all\" or a list of ids of states");
            let label = match node.text() {
                Some(word) => format!("write [\"{word}\"] for one state"),
                None => format!("this is {}", node.describe()),
            };
            problems.push(
                Diagnostic::error(DiagnosticKind::WrongType, node.span, message).label(label),
            );
            return None;
        }
    };
    let mut set: StateSet = 0;
    let mut valid = true;
    for id in ids {
        let Some(position) = reference(id, path, FileTable::State, names, problems) else {
            valid = false;
            continue;
        };
        if set >> position & 1 == 1 {
            let message = format!("`{path}` names `{}` twice", names.states[position]);
            problems.push(
                Diagnostic::error(DiagnosticKind::Duplicate, id.span, message).label("again here"),
            );
            valid = false;
        }
        set |= 1 << position;
    }
    if ids.len() < 2 {
        let message = format!("`{path}` must name at least two states");
        let problem = Diagnostic::error(DiagnosticKind::Missing, node.span, message);
        problems.push(problem.help("list ids of states, or leave the key out for all"));
        return None;
    }
    valid.then_some(set)
}

/// The position of an id that a value names.
pub(crate) fn reference(
    node: &TomlNode,
    path: &str,
    section: FileTable,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let Some(id) = node.text() else {
        let message = format!("`{path}` must name a {} by its id", section.name());
        let problem = Diagnostic::error(DiagnosticKind::WrongType, node.span, message);
        problems.push(problem.label(format!("this is {}", node.describe())));
        return None;
    };
    // Positions beyond the limit are reported as too many entries.
    let position = names.find(section, id);
    if position.is_none() {
        problems.push(unknown_id(node.span, path, section, id, names));
    }
    position.filter(|&position| position < crate::scenario::schema::MOST)
}

fn unknown_id(
    span: TextSpan,
    path: &str,
    section: FileTable,
    id: &str,
    names: &ScenarioNames,
) -> Diagnostic {
    let message = format!("`{path}`: there is no {} `{id}`", section.name());
    Diagnostic::error(DiagnosticKind::Dangling, span, message).suggest(id, &names.ids(section))
}

/// Whether a key of the root names a table, which is checked by itself.
fn is_table(name: &str) -> bool {
    FileTable::from_name(name).is_some()
}

struct Checker<'a> {
    subject: Subject<'a>,
    names: &'a ScenarioNames,
    problems: &'a mut Vec<Diagnostic>,
    found: Vec<CheckedQuantity>,
    /// Keys that unknown ones were probably meant to be: they are not reported as missing too.
    meant: Vec<&'static str>,
}

impl Checker<'_> {
    fn path(&self, name: &str) -> String {
        if self.subject.path.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.subject.path)
        }
    }

    fn entry(&mut self, name: &str, item: &Item) {
        let section = self.subject.section;
        if section == FileTable::Root && is_table(name) {
            return;
        }
        let Some(key) = section.key(name) else {
            let mut known = section.names(self.subject.mode);
            if section == FileTable::Root {
                known.extend(FileTable::TABLES.iter().map(|table| table.name()));
            } else if !section.identity().is_empty() {
                known.push("remove");
            }
            let message = format!("unknown key `{name}` in {}", section.title());
            let problem = Diagnostic::error(DiagnosticKind::UnknownKey, item.key, message);
            self.problems.push(problem.suggest(name, &known));
            self.meant.extend(nearest(name, &known));
            return;
        };
        if !key.known_to(self.subject.mode) {
            self.unknown_to_mode(key, item);
            return;
        }
        let path = self.path(name);
        self.value(key, &path, &item.node);
    }

    fn unknown_to_mode(&mut self, key: &FileKey, item: &Item) {
        let mode = self.subject.mode.map_or("", Vocabulary::key);
        let modes: Vec<String> = key
            .modes
            .iter()
            .map(|&mode| format!("\"{}\"", mode.key()))
            .collect();
        let message = format!(
            "an arm of mode \"{mode}\" does not know the key `{}`",
            key.name
        );
        let mut problem = Diagnostic::error(DiagnosticKind::UnknownKey, item.key, message)
            .label(format!("only for mode {}", modes.join(" and ")));
        if let Some(mode) = self.subject.table.get("mode") {
            problem = problem.also(mode.node.span, "the mode of this arm");
        }
        self.problems.push(problem);
    }

    fn missing(&mut self) {
        for key in self.subject.section.keys() {
            let absent = !self.subject.table.contains_key(key.name);
            if key.default == Default::Required && absent && !self.meant.contains(&key.name) {
                let message = match self.subject.path {
                    "" => format!("the scenario needs the key `{}`", key.name),
                    path => format!("`{path}` needs the key `{}`", key.name),
                };
                let problem =
                    Diagnostic::error(DiagnosticKind::Missing, self.subject.header, message)
                        .label(format!("add `{} = ...`: {}", key.name, key.expects()));
                self.problems.push(problem);
            }
        }
    }

    fn wrong(
        &mut self,
        kind: DiagnosticKind,
        path: &str,
        key: &FileKey,
        node: &TomlNode,
        label: String,
    ) {
        let message = format!("`{path}` must be {}", key.expects());
        let problem = Diagnostic::error(kind, node.span, message).label(label);
        self.problems.push(problem);
    }

    fn wrong_type(&mut self, path: &str, key: &FileKey, node: &TomlNode) {
        let label = match key.form {
            Form::Number(_) | Form::Integer(..) if node.table().is_some() => {
                "this key is fixed: it takes no distribution".to_owned()
            }
            _ => format!("this is {}", node.describe()),
        };
        self.wrong(DiagnosticKind::WrongType, path, key, node, label);
    }

    fn value(&mut self, key: &'static FileKey, path: &str, node: &TomlNode) {
        match key.form {
            Form::QuantityOr(_, words) if node.text().is_some() => {
                self.word(key, path, node, words, &[]);
            }
            Form::Quantity(range) | Form::QuantityOr(range, _) => {
                let quantity = quantity::read(node, path, range, self.problems);
                self.found.extend(quantity.map(|quantity| CheckedQuantity {
                    key,
                    term: None,
                    quantity,
                    span: node.span,
                }));
            }
            Form::Number(range) => match node.number() {
                None => self.wrong_type(path, key, node),
                Some(value) if range.contains(value) => {}
                Some(value) => {
                    let label = if value.is_finite() {
                        "out of range"
                    } else {
                        "not a finite number"
                    };
                    self.wrong(
                        DiagnosticKind::OutOfRange,
                        path,
                        key,
                        node,
                        label.to_owned(),
                    );
                }
            },
            Form::Integer(min, max) => match node.integer() {
                None => self.wrong_type(path, key, node),
                Some(value) if (i128::from(min)..=i128::from(max)).contains(&value) => {}
                Some(_) => {
                    self.wrong(
                        DiagnosticKind::OutOfRange,
                        path,
                        key,
                        node,
                        "out of range".to_owned(),
                    );
                }
            },
            Form::Boolean if node.boolean().is_none() => self.wrong_type(path, key, node),
            Form::Text | Form::Path | Form::Result if node.text().is_none() => {
                self.wrong_type(path, key, node);
            }
            Form::Line(most) => self.line(key, path, node, most),
            Form::Texts | Form::Paths => self.texts(key, path, node),
            Form::Table(_) if node.table().is_none() => self.wrong_type(path, key, node),
            Form::Word(words, later) => self.word(key, path, node, words, later),
            Form::Reference(section) => {
                reference(node, path, section, self.names, self.problems);
            }
            Form::Members => {
                members(node, path, self.names, self.problems);
            }
            Form::Names(section) => self.names_of(section, key, path, node),
            Form::Ends => self.ends(path, node),
            Form::Levels => self.levels(key, path, node),
            form if form.has_paths() && node.table().is_none() => {
                self.wrong_type(path, key, node);
            }
            Form::Came
                if node.array().is_none_or(<[_]>::is_empty)
                    && !matches!(node.value, TomlValue::Column(_)) =>
            {
                self.wrong_type(path, key, node);
                let is_one = node.number().is_some() || node.boolean().is_some();
                if let (Some(event), true) = (path.strip_suffix(".came"), is_one) {
                    let help = format!(
                        "for all worlds alike set its probability: `{event}.probability=0` for none, `{event}.probability=1` for every one"
                    );
                    let problem = self.problems.pop().expect("it was just said");
                    self.problems.push(problem.help(help));
                }
            }
            Form::Values | Form::List(_) if node.array().is_none() => {
                self.wrong_type(path, key, node);
            }
            _ => {}
        }
    }

    fn word(&mut self, key: &FileKey, path: &str, node: &TomlNode, words: &[&str], later: &[&str]) {
        match node.text() {
            None => self.wrong_type(path, key, node),
            Some(word) if words.contains(&word) => {}
            Some(word) if later.contains(&word) => {
                let message = format!("this version does not compute `{}` = \"{word}\"", key.name);
                let problem = Diagnostic::error(DiagnosticKind::Unsupported, node.span, message)
                    .label(format!("it can do {}", listed(words)));
                self.problems.push(problem);
            }
            Some(word) => {
                let message = format!("`{path}` must be {}", key.expects());
                let problem = Diagnostic::error(DiagnosticKind::UnknownWord, node.span, message)
                    .label("unknown word");
                let near = nearest(word, words);
                self.problems.push(match near {
                    Some(near) => problem.label(format!("did you mean \"{near}\"?")),
                    None => problem,
                });
            }
        }
    }

    fn names_of(&mut self, section: FileTable, key: &FileKey, path: &str, node: &TomlNode) {
        let Some(nodes) = node.array() else {
            return self.wrong_type(path, key, node);
        };
        let mut seen = Vec::new();
        for node in nodes {
            let Some(at) = reference(node, path, section, self.names, self.problems) else {
                continue;
            };
            if seen.contains(&at) {
                let name = node.text().unwrap_or_default();
                let message = format!("`{path}` names `{name}` twice");
                let problem = Diagnostic::error(DiagnosticKind::Duplicate, node.span, message);
                self.problems.push(problem.label("again here"));
            }
            seen.push(at);
        }
        if nodes.is_empty() {
            let message = format!("`{path}` must name at least one {}", section.name());
            let problem = Diagnostic::error(DiagnosticKind::Missing, node.span, message);
            self.problems
                .push(problem.help("leave the key out for all that are not switched off"));
        }
    }

    fn line(&mut self, key: &FileKey, path: &str, node: &TomlNode, most: usize) {
        let Some(text) = node.text() else {
            return self.wrong_type(path, key, node);
        };
        let length = text.chars().count();
        let label = match text.chars().find(|c| c.is_control()) {
            Some(control) => format!("this has the control character {}", control.escape_debug()),
            None if text.trim().is_empty() => "this is empty".to_owned(),
            None if length > most => format!("this has {length} characters"),
            None => return,
        };
        self.wrong(DiagnosticKind::OutOfRange, path, key, node, label);
    }

    /// A list of strings.
    fn texts(&mut self, key: &FileKey, path: &str, node: &TomlNode) {
        let Some(nodes) = node.array() else {
            return self.wrong_type(path, key, node);
        };
        for node in nodes.iter().filter(|node| node.text().is_none()) {
            self.wrong_type(path, key, node);
        }
    }

    fn ends(&mut self, path: &str, node: &TomlNode) {
        // That there are two strings was checked when the entry was told apart from others.
        let ids = node.array().unwrap_or_default();
        let ends: Vec<Option<usize>> = ids
            .iter()
            .map(|id| reference(id, path, FileTable::State, self.names, self.problems))
            .collect();
        if ends.len() == 2 && ends[0].is_some() && ends[0] == ends[1] {
            let message = "a link needs two different states";
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, node.span, message);
            self.problems
                .push(problem.label("both ends are the same state"));
        }
    }

    fn levels(&mut self, key: &'static FileKey, path: &str, node: &TomlNode) {
        let Some(table) = node.table() else {
            return self.wrong_type(path, key, node);
        };
        for (name, item) in table {
            let inner = format!("{path}.{name}");
            let range = crate::engine::model::keys::Range::Finite;
            let quantity = quantity::read(&item.node, &inner, range, self.problems);
            let Some(term) = self.names.find(FileTable::Term, name) else {
                let problem = unknown_id(item.key, path, FileTable::Term, name, self.names);
                self.problems.push(problem);
                continue;
            };
            self.found.extend(quantity.map(|quantity| CheckedQuantity {
                key,
                term: Some(term),
                quantity,
                span: item.node.span,
            }));
        }
    }
}
