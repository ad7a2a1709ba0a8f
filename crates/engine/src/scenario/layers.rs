//! Layers of a scenario, weakest first, merged key by key into one tree whose values remember who wrote them.
//!
//! Tables merge key by key, entries of lists by their identity; a quantity is one value and replaces whole.

use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::file_name::{is_id, read_base, relative_to, same_file, shown};
use crate::scenario::loaded::LoadError;
use crate::scenario::removed::{self, Removed};
use crate::scenario::schema::{FileTable, Form};
use crate::scenario::source::Source;
use crate::scenario::span::TextSpan;
use crate::scenario::tree::{self, Item, TomlNode, TomlTable, TomlValue};
use indexmap::IndexMap;

/// Longest chain of `extends`: a longer one may be a circle through links of the file system.
const LONGEST_CHAIN: usize = 64;

/// The merged tree and what went into it.
#[derive(Debug, Default)]
pub(crate) struct LayerStack {
    pub sources: Vec<Source>,
    pub problems: Vec<Diagnostic>,
    pub root: TomlTable,
    /// Rank of each layer among the others: a layer counts more than all below it. An extended file is weaker than the one that
    /// extends it, though it is read later.
    pub strength: Vec<usize>,
}

impl LayerStack {
    /// Lays a file over what is there, after the files that it extends.
    ///
    /// # Errors
    ///
    /// [`LoadError::Unreadable`] where `read` fails for an extended file.
    pub fn add_file(
        &mut self,
        source: &Source,
        read: &mut dyn FnMut(&str) -> Result<String, String>,
    ) -> Result<(), LoadError> {
        self.add_chain(source.clone(), read, &mut Vec::new())
    }

    /// Adds the text of a layer, which counts more than those that are there, and gives its index.
    pub fn push(&mut self, source: Source) -> usize {
        let strongest = self.strength.iter().max().map_or(0, |most| most + 1);
        self.strength.push(strongest);
        self.sources.push(source);
        self.sources.len() - 1
    }

    fn add_chain(
        &mut self,
        source: Source,
        read: &mut dyn FnMut(&str) -> Result<String, String>,
        chain: &mut Vec<String>,
    ) -> Result<(), LoadError> {
        let layer = self.sources.len();
        let (mut table, problems) = tree::parse(layer, &source.text);
        self.problems.extend(problems);
        let name = source.name.clone();
        self.push(source);
        chain.push(name.clone());
        if let Some(base) = table.shift_remove("extends") {
            match base.node.text() {
                Some(file) => self.add_base(&name, file, base.node.span, read, chain)?,
                None => self.problems.push(
                    Diagnostic::error(
                        DiagnosticKind::WrongType,
                        base.node.span,
                        "`extends` must be the name of a scenario file",
                    )
                    .label(format!("this is {}", base.node.describe())),
                ),
            }
        }
        chain.pop();
        self.strength[layer] = self.strength.iter().max().map_or(0, |most| most + 1);
        self.lay(table);
        Ok(())
    }

    fn add_base(
        &mut self,
        name: &str,
        file: &str,
        span: TextSpan,
        read: &mut dyn FnMut(&str) -> Result<String, String>,
        chain: &mut Vec<String>,
    ) -> Result<(), LoadError> {
        let base = relative_to(name, file);
        let start = chain.iter().position(|seen| same_file(seen, &base));
        if start.is_none() && chain.len() >= LONGEST_CHAIN {
            self.problems.push(
                Diagnostic::error(
                    DiagnosticKind::Cycle,
                    span,
                    format!("more than {LONGEST_CHAIN} files extend each other"),
                )
                .label("the next would be one too many")
                .help("write what they change into fewer files"),
            );
            return Ok(());
        }
        if let Some(start) = start {
            let round = chain[start..].iter().chain([&base]);
            let round: Vec<String> = round.map(|name| shown(name)).collect();
            self.problems.push(
                Diagnostic::error(
                    DiagnosticKind::Cycle,
                    span,
                    format!("`extends` goes round in a circle: {}", round.join(" -> ")),
                )
                .label("this file extends the one that names it here"),
            );
            return Ok(());
        }
        let base = read_base(base, file, read).map_err(|(base, reason)| LoadError::Unreadable {
            name: base,
            reason: format!("{reason} (named by `extends` in {name})"),
        })?;
        self.add_chain(base, read, chain)
    }

    /// Lays a tree over what is there.
    pub fn lay(&mut self, layer: TomlTable) {
        for (name, mut item) in layer {
            match FileTable::from_name(&name) {
                None if item.node.text() == Some("none") && is_optional(FileTable::Root, &name) => {
                    self.root.shift_remove(&name);
                }
                None => {
                    self.root.insert(name, item);
                }
                Some(FileTable::Correlation) => self.replace_correlations(name, item),
                Some(section) if section.is_list() => {
                    if let Some(entries) = self.entries(section, item.node) {
                        item.node = TomlNode {
                            span: item.key,
                            value: TomlValue::Array(Vec::new()),
                        };
                        let below = self.root.entry(name).or_insert(item);
                        let TomlValue::Array(below) = &mut below.node.value else {
                            continue;
                        };
                        let gone = lay_entries(section, below, entries, &mut self.problems);
                        removed::leave_out(&mut self.root, section, &gone);
                    }
                }
                Some(section) => match item.node.value {
                    TomlValue::Table(table) => {
                        let below = self.root.entry(name).or_insert_with(|| Item {
                            key: item.key,
                            node: TomlNode {
                                span: item.node.span,
                                value: TomlValue::Table(TomlTable::new()),
                            },
                        });
                        if let Some(below) = below.node.table_mut() {
                            lay_table(section, below, table);
                        }
                    }
                    _ => self.problems.push(wrong_shape(section, &item.node)),
                },
            }
        }
    }

    /// Correlations have no name of their own to be told apart by: a layer that gives any replaces all of those below.
    fn replace_correlations(&mut self, name: String, mut item: Item) {
        let TomlValue::Array(nodes) = &mut item.node.value else {
            return (self.problems).push(wrong_shape(FileTable::Correlation, &item.node));
        };
        nodes.retain(|node| {
            let is_table = node.table().is_some();
            if !is_table {
                self.problems
                    .push(wrong_shape(FileTable::Correlation, node));
            }
            is_table
        });
        self.root.insert(name, item);
    }

    /// The entries of a list in one layer that can be told apart, with their identity.
    fn entries(
        &mut self,
        section: FileTable,
        node: TomlNode,
    ) -> Option<IndexMap<Vec<String>, TomlNode>> {
        let span = node.span;
        let TomlValue::Array(nodes) = node.value else {
            self.problems.push(wrong_shape(section, &node));
            return None;
        };
        let mut entries: IndexMap<Vec<String>, TomlNode> = IndexMap::new();
        for node in nodes {
            let TomlValue::Table(table) = &node.value else {
                let mut problem = wrong_shape(section, &node);
                problem.labels[0].span = if node.span.start == node.span.end {
                    span
                } else {
                    node.span
                };
                self.problems.push(problem);
                continue;
            };
            match identity(section, table, node.span) {
                Err(problem) => self.problems.push(problem),
                Ok(identity) => match entries.get(&identity) {
                    Some(first) => self.problems.push(duplicate(
                        section,
                        &identity,
                        identity_span(section, &node),
                        identity_span(section, first),
                    )),
                    None => {
                        entries.insert(identity, node);
                    }
                },
            }
        }
        Some(entries)
    }
}

/// What tells an entry apart from the others of its list: its id or name, its two ids, or its two ends sorted.
pub(crate) fn identity(
    section: FileTable,
    table: &TomlTable,
    header: TextSpan,
) -> Result<Vec<String>, Diagnostic> {
    let mut parts = Vec::new();
    for &name in section.identity() {
        let Some(item) = table.get(name) else {
            let message = format!("{} needs the key `{name}`", section.title());
            return Err(Diagnostic::error(DiagnosticKind::Missing, header, message)
                .label(format!("add `{name} = ...`")));
        };
        let key = section.key(name).expect("identities are keys");
        match (&item.node.value, key.form) {
            (TomlValue::Array(nodes), Form::Ends) => {
                let ends: Vec<&str> = nodes.iter().filter_map(TomlNode::text).collect();
                if nodes.len() != 2 || ends.len() != 2 {
                    return Err(wrong_identity(name, &key.expects(), &item.node));
                }
                parts.extend(ends.into_iter().map(str::to_owned));
                parts.sort_unstable();
            }
            (TomlValue::Array(nodes), Form::Paths) => {
                parts.extend(nodes.iter().filter_map(TomlNode::text).map(str::to_owned));
            }
            (TomlValue::Text(text), form) if !matches!(form, Form::Ends | Form::Paths) => {
                if form == Form::Id && !is_id(text) || text.is_empty() {
                    let message = format!("`{text}` is not an id");
                    return Err(Diagnostic::error(
                        DiagnosticKind::WrongType,
                        item.node.span,
                        message,
                    )
                    .label(format!("expected {}", key.expects())));
                }
                parts.push(text.clone());
            }
            _ => return Err(wrong_identity(name, &key.expects(), &item.node)),
        }
    }
    Ok(parts)
}

fn wrong_identity(name: &str, expected: &str, node: &TomlNode) -> Diagnostic {
    let message = format!("`{name}` must be {expected}");
    Diagnostic::error(DiagnosticKind::WrongType, node.span, message)
        .label(format!("this is {}", node.describe()))
}

fn wrong_shape(section: FileTable, node: &TomlNode) -> Diagnostic {
    let kind = if section.is_list() {
        "a list of tables"
    } else {
        "a table"
    };
    let message = format!("`{}` must be {kind}, {}", section.name(), section.title());
    Diagnostic::error(DiagnosticKind::WrongType, node.span, message)
        .label(format!("this is {}", node.describe()))
}

fn duplicate(
    section: FileTable,
    identity: &[String],
    second: TextSpan,
    first: TextSpan,
) -> Diagnostic {
    let message = format!(
        "{} `{}` is given twice",
        section.name(),
        identity.join(", ")
    );
    Diagnostic::error(DiagnosticKind::Duplicate, second, message)
        .label("again here")
        .also(first, "first here")
}

fn identity_span(section: FileTable, node: &TomlNode) -> TextSpan {
    let table = node.table().expect("entries are tables");
    let last = section.identity().last().expect("lists have identities");
    table.get(*last).map_or(node.span, |item| item.node.span)
}

/// Lays entries over those of weaker layers, and gives those that it removes.
fn lay_entries(
    section: FileTable,
    below: &mut Vec<TomlNode>,
    entries: IndexMap<Vec<String>, TomlNode>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Removed> {
    let mut gone = Vec::new();
    let mut lower: IndexMap<Vec<String>, TomlNode> = below
        .drain(..)
        .map(|node| {
            let table = node.table().expect("entries are tables");
            let name = identity(section, table, node.span).expect("entries below were told apart");
            (name, node)
        })
        .collect();
    for (name, node) in entries {
        let TomlValue::Table(mut table) = node.value else {
            continue;
        };
        let removed = table.shift_remove("remove");
        match removed.as_ref().map(|item| (item, item.node.boolean())) {
            Some((item, None)) => {
                problems.push(wrong_identity("remove", "true or false", &item.node))
            }
            Some((_, Some(true))) => {
                gone.extend(name.first().map(|name| Removed {
                    id: name.clone(),
                    layer: node.span.layer,
                }));
                if lower.shift_remove(&name).is_none() {
                    let message = format!("no {} `{}` to remove", section.name(), name.join(", "));
                    let shown = TomlNode {
                        span: node.span,
                        value: TomlValue::Table(table),
                    };
                    let span = identity_span(section, &shown);
                    problems.push(Diagnostic::error(DiagnosticKind::Dangling, span, message));
                }
            }
            _ => {
                // Of marks that match the same number the last count, so those that are given again move to the end.
                if section == FileTable::Pedigree
                    && let Some(at) = lower.get_index_of(&name)
                {
                    lower.move_index(at, lower.len() - 1);
                }
                let entry = lower.entry(name).or_insert(TomlNode {
                    span: node.span,
                    value: TomlValue::Table(TomlTable::new()),
                });
                lay_table(
                    section,
                    entry.table_mut().expect("entries are tables"),
                    table,
                );
            }
        }
    }
    below.extend(lower.into_values());
    gone
}

/// Lays the keys of one table over those of the same table in weaker layers.
pub(crate) fn lay_table(section: FileTable, below: &mut TomlTable, table: TomlTable) {
    // A probability takes the place of what a weaker layer lists, as a number takes the place of a draw.
    if section == FileTable::Event && table.contains_key("probability") {
        below.shift_remove("came");
    }
    for (name, item) in table {
        let form = section.key(&name).map(|key| key.form);
        if item.node.text() == Some("none") && is_optional(section, &name) {
            below.shift_remove(&name);
            continue;
        }
        match (item.node.value, form) {
            (TomlValue::Table(upper), Some(form)) if form == Form::Levels || form.has_paths() => {
                let upper = if form.has_paths() {
                    flatten(upper)
                } else {
                    upper
                };
                let lower = below.entry(name).or_insert(Item {
                    key: item.key,
                    node: TomlNode {
                        span: item.node.span,
                        value: TomlValue::Table(TomlTable::new()),
                    },
                });
                if lower.node.table().is_none() {
                    lower.node.value = TomlValue::Table(TomlTable::new());
                    lower.node.span = item.node.span;
                }
                let lower = lower.node.table_mut().expect("made a table above");
                lay_levels(lower, upper);
            }
            (value, _) => {
                let node = TomlNode {
                    value,
                    span: item.node.span,
                };
                below.insert(
                    name,
                    Item {
                        key: item.key,
                        node,
                    },
                );
            }
        }
    }
}

/// Lays a table of numbers by name over a weaker one. A number that is given again moves to the end, so that of two
/// settings that meet in one number the one written last counts.
fn lay_levels(below: &mut TomlTable, upper: TomlTable) {
    for (name, item) in upper {
        below.shift_remove(&name);
        if item.node.text() != Some("none") {
            below.insert(name, item);
        }
    }
}

/// Nested tables as one table of dotted paths: `state.SG.talent = 1` and `"state.SG.talent" = 1` are the same.
fn flatten(table: TomlTable) -> TomlTable {
    let mut flat = TomlTable::new();
    for (name, item) in table {
        match item.node.value {
            TomlValue::Table(inner) if !is_quantity(&inner) => {
                for (rest, item) in flatten(inner) {
                    flat.insert(format!("{name}.{rest}"), item);
                }
            }
            _ => {
                flat.insert(name, item);
            }
        }
    }
    flat
}

fn is_quantity(table: &TomlTable) -> bool {
    ["dist", "value", "p05"]
        .iter()
        .any(|key| table.contains_key(*key))
}

fn is_optional(section: FileTable, name: &str) -> bool {
    section.key(name).is_some_and(|key| key.can_be_unset())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(layers: &[&str]) -> LayerStack {
        let mut stack = LayerStack::default();
        for (number, text) in layers.iter().enumerate() {
            let source = Source {
                name: format!("{number}.toml"),
                text: (*text).to_owned(),
            };
            let mut read = |_: &str| Err("no file".to_owned());
            stack.add_file(&source, &mut read).expect("nothing to read");
        }
        stack
    }

    fn entry<'a>(stack: &'a LayerStack, section: &str, position: usize) -> &'a TomlTable {
        let entries = stack.root[section].node.array().expect("a list");
        entries[position].table().expect("a table")
    }

    #[test]
    fn entries_merge_by_identity() {
        let stack = stack(&[
            "[[state]]\nid='A'\ngdp=1\ntalent=0.5\n[[link]]\nbetween=['A','B']\nefficiency=1",
            "[[state]]\nid='B'\n[[state]]\nid='A'\ngdp={dist='uniform',min=1,max=2}\n[[link]]\nbetween=['B','A']\nefficiency=0.5",
        ]);
        assert!(stack.problems.is_empty());
        let first = entry(&stack, "state", 0);
        assert_eq!(first["gdp"].node.span.layer, 1);
        assert_eq!(first["talent"].node.span.layer, 0);
        assert_eq!(
            entry(&stack, "link", 0)["efficiency"].node.number(),
            Some(0.5)
        );
        assert_eq!(
            stack.root["link"].node.array().map(<[TomlNode]>::len),
            Some(1)
        );
    }

    #[test]
    fn entries_can_be_removed_and_keys_unset() {
        let stack = stack(&[
            "[[hyperscaler]]\nid='H'\ncapex_budget=3\n[[hyperscaler]]\nid='G'\n[[arm]]\nname='b'\nrule='lead'\nlead='A'",
            "[[hyperscaler]]\nid='G'\nremove=true\n[[hyperscaler]]\nid='H'\ncapex_budget='none'\n[[arm]]\nname='b'\nrule='none'\nlead='none'",
        ]);
        assert!(stack.problems.is_empty());
        assert!(!entry(&stack, "hyperscaler", 0).contains_key("capex_budget"));
        assert_eq!(
            stack.root["hyperscaler"]
                .node
                .array()
                .map(<[TomlNode]>::len),
            Some(1)
        );
        assert_eq!(entry(&stack, "arm", 0)["rule"].node.text(), Some("none"));
        assert!(!entry(&stack, "arm", 0).contains_key("lead"));
    }

    #[test]
    fn settings_are_flattened() {
        let stack = stack(&[
            "[[event]]\nname='e'\nset={'state.A.talent'=1, state.A.compute=2}",
            "[[event]]\nname='e'\nset.state.A.talent=3",
        ]);
        let set = entry(&stack, "event", 0)["set"]
            .node
            .table()
            .expect("a table");
        let keys: Vec<&str> = set.keys().map(String::as_str).collect();
        assert_eq!(keys, ["state.A.compute", "state.A.talent"]);
        assert_eq!(set["state.A.talent"].node.number(), Some(3.0));
    }

    #[test]
    fn wrong_shapes_are_reported() {
        let refused = [
            "market = 3",
            "[[market]]",
            "[state]",
            "[[state]]\ngdp = 1",
            "[[state]]\nid = 3",
            "[[state]]\nid = 'a b'",
            "[[state]]\nid = 'A'\n[[state]]\nid = 'A'",
            "[[link]]\nbetween = ['A']",
            "[[pair]]\nstate='A'\nhyperscaler='H'\n[[pair]]\nstate='A'\nhyperscaler='H'",
            "[[link]]\nbetween=['A','B']\n[[link]]\nbetween=['B','A']",
            "[[state]]\nid = 'A'\nremove = true",
            "extends = 3",
        ];
        for text in refused {
            assert_eq!(stack(&[text]).problems.len(), 1, "{text}");
        }
    }

    #[test]
    fn bases_lie_below_and_cycles_are_named() {
        let source = Source {
            name: "dir/a.toml".to_owned(),
            text: "extends='../dir/b.toml'\nname='a'".to_owned(),
        };
        let mut stack = LayerStack::default();
        let mut read = |name: &str| match name {
            "dir/../dir/b.toml" => Ok("extends='../../dir/a.toml'\nname='b'".to_owned()),
            other => Err(format!("no {other}")),
        };
        let unreadable = stack.add_file(&source, &mut read);
        assert!(matches!(unreadable, Err(LoadError::Unreadable { .. })));
        let mut read = |_: &str| Ok("extends='a.toml'\nname='b'\ndescription='base'".to_owned());
        let mut stack = LayerStack::default();
        stack.add_file(&source, &mut read).expect("all can be read");
        assert_eq!(stack.root["name"].node.text(), Some("a"));
        assert_eq!(stack.root["description"].node.text(), Some("base"));
        assert_eq!(stack.problems.len(), 1);
        assert!(stack.problems[0].message.contains("dir/a.toml -> "));
    }
}
