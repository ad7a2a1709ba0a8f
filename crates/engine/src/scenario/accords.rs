//! Checks of what an accord's keys say together: who leads, who sits at its table, how it shares, and the most-favoured clause.

use crate::engine::model::arm::{EXACT_MEMBERS, StateSet, full_set};
use crate::engine::model::keys::ArmKey;
use crate::engine::model::layout::Slot;
use crate::engine::model::words::{Sharing, Vocabulary};
use crate::scenario::check;
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::numbers::Numbers;
use crate::scenario::place::ScenarioNames;
use crate::scenario::schema::FileTable;
use crate::scenario::span::TextSpan;
use crate::scenario::survey;
use crate::scenario::tree::{TomlNode, TomlTable};

/// Checks arm `a`, whose table of keys is `table`.
pub(crate) fn check(
    a: usize,
    table: &TomlTable,
    names: &ScenarioNames,
    problems: &mut Vec<Diagnostic>,
) {
    let accord = Accord {
        path: format!("arm.{}", names.arms[a].0),
        table,
        names,
    };
    accord.lead(problems);
    accord.seats(problems);
    accord.sharing(problems);
}

/// Checks that no arm has a most-favoured clause where cash moves: it is about terms (model, section 6).
pub(crate) fn most_favoured(
    root: &TomlTable,
    names: &ScenarioNames,
    numbers: &Numbers,
    problems: &mut Vec<Diagnostic>,
) {
    let Some(cash) = cash(root) else {
        return;
    };
    for (a, (name, _)) in names.arms.iter().enumerate() {
        let slot = Slot::Arm(a, ArmKey::MostFavoured);
        let Some(span) = numbers.span(slot) else {
            continue;
        };
        if numbers.constant(slot) != Some(0.0) {
            let message = format!("`arm.{name}.most_favoured` must be 0 where cash moves");
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, span, message);
            problems.push(
                problem
                    .label("a clause about terms, which cash goes around")
                    .also(cash, "cash moves"),
            );
        }
    }
}

/// Where the scenario says that cash moves.
pub(crate) fn cash(root: &TomlTable) -> Option<TextSpan> {
    let (_, bargaining) = survey::table(root, FileTable::Bargaining)?;
    let node = &bargaining.get("transfers")?.node;
    (node.boolean() == Some(true)).then_some(node.span)
}

struct Accord<'a> {
    path: String,
    table: &'a TomlTable,
    names: &'a ScenarioNames,
}

impl Accord<'_> {
    fn node(&self, key: &str) -> Option<&TomlNode> {
        self.table.get(key).map(|item| &item.node)
    }

    /// The states that `members` or `table` names, none where it names none by their ids or is not valid.
    fn named(&self, key: &str) -> Option<(TextSpan, StateSet)> {
        let node = self.node(key).filter(|node| node.array().is_some())?;
        let set = check::members(node, key, self.names, &mut Vec::new())?;
        Some((node.span, set))
    }

    /// Checks that a lead is given exactly where the rule asks for one, and that it is a member.
    fn lead(&self, problems: &mut Vec<Diagnostic>) {
        let path = &self.path;
        let rule = self.table.get("rule");
        let by_lead = rule.filter(|rule| rule.node.text() == Some("lead"));
        match (by_lead, self.table.get("lead")) {
            (Some(rule), None) => {
                let message = format!("`{path}` needs the key `lead`: its rule is \"lead\"");
                let problem = Diagnostic::error(DiagnosticKind::Missing, rule.node.span, message);
                problems.push(problem.label("add `lead = ...`: the id of a member"));
            }
            (None, Some(lead)) => {
                let message = format!("`{path}.lead` has no effect: the rule is not \"lead\"");
                let mut problem =
                    Diagnostic::error(DiagnosticKind::Inconsistent, lead.key, message)
                        .label("remove it, or set `rule = \"lead\"`");
                if let Some(rule) = rule {
                    problem = problem.also(rule.node.span, "the rule");
                }
                problems.push(problem);
            }
            (Some(_), Some(lead)) => self.is_member("lead", "be a member", &lead.node, problems),
            (None, None) => {}
        }
    }

    /// Checks that whoever sits at the table is a member.
    fn seats(&self, problems: &mut Vec<Diagnostic>) {
        let seats = self.node("table").and_then(TomlNode::array);
        for seat in seats.unwrap_or_default() {
            self.is_member("table", "list members alone", seat, problems);
        }
    }

    /// Checks that the state that a value of `key` names is a member.
    fn is_member(&self, key: &str, must: &str, node: &TomlNode, problems: &mut Vec<Diagnostic>) {
        let id = node.text();
        let position = id.and_then(|id| self.names.find(FileTable::State, id));
        if let (Some(position), Some((span, members))) = (position, self.named("members"))
            && members >> position & 1 == 0
        {
            let (path, id) = (&self.path, &self.names.states[position]);
            let message = format!("`{path}.{key}` must {must}: `{id}` is not");
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, node.span, message);
            problems.push(problem.label("not a member").also(span, "the members"));
        }
    }

    /// Values of the members' game are for a table of all; the nucleolus is found exactly or not at all.
    fn sharing(&self, problems: &mut Vec<Diagnostic>) {
        let Some(node) = self.node("sharing") else {
            return;
        };
        let sharing = node.text().and_then(Sharing::from_key);
        let Some(sharing @ (Sharing::Shapley | Sharing::Nucleolus)) = sharing else {
            return;
        };
        let path = &self.path;
        let invited = match self.named("members") {
            Some((_, members)) => members,
            None => full_set(self.names.states.len()),
        };
        if let Some((span, seats)) = self.named("table")
            && invited & !seats != 0
        {
            let message = format!(
                "`{path}.sharing` = \"{}\" needs all members at the table",
                sharing.key()
            );
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, node.span, message);
            problems.push(
                problem
                    .label("a value of the game of all members")
                    .also(span, "the table"),
            );
        }
        let count = invited.count_ones();
        if sharing == Sharing::Nucleolus && count > EXACT_MEMBERS {
            let message = format!(
                "`{path}.sharing`: the nucleolus is found for at most {EXACT_MEMBERS} members, {count} are invited"
            );
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, node.span, message);
            problems.push(
                problem
                    .label("too many members")
                    .help("share by shapley, which is sampled beyond, or invite fewer"),
            );
        }
    }
}
