//! `[history]`: what came of a bargain that is on record, and which number of each world is held against it.
//!
//! That paths into results name something is checked by who reads results; their places are kept in
//! [`Loaded`](crate::scenario::Loaded).

use crate::engine::model::history::{
    History, HistoryCandidate, HistoryFigure, HistoryObserved, HistoryRatio, HistoryWinner,
};
use crate::scenario::check::{self, Subject};
use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::loaded::WrittenPath;
use crate::scenario::place::ScenarioNames;
use crate::scenario::schema::{FileTable, Form};
use crate::scenario::span::TextSpan;
use crate::scenario::survey::table;
use crate::scenario::tree::{TomlNode, TomlTable};

/// A table within `[history]` with its place.
type InnerTable<'a> = (TextSpan, &'a TomlTable);

/// Checks the history of a scenario, if it has one.
pub(crate) fn check(root: &TomlTable, names: &ScenarioNames, problems: &mut Vec<Diagnostic>) {
    let Some(history) = table(root, FileTable::History) else {
        return;
    };
    let mut check = |section: FileTable, (header, table): InnerTable<'_>| {
        let subject = Subject {
            section,
            table,
            header,
            path: section.name(),
            mode: None,
        };
        check::check(subject, names, problems);
    };
    check(FileTable::History, history);
    let (_, history) = history;
    if let Some(figure) = within(history, "figure") {
        check(FileTable::HistoryFigure, figure);
    }
    if let Some(observed) = within(history, "observed") {
        check(FileTable::HistoryObserved, observed);
    }
    if let Some(winner) = within(history, "winner") {
        check(FileTable::HistoryWinner, winner);
        for one in among(winner.1) {
            if let Some(table) = one.table() {
                check(FileTable::HistoryCandidate, (one.span, table));
            }
        }
    }
    agrees(history, problems);
}

/// Checks what keys of the history say of each other.
fn agrees(history: &TomlTable, problems: &mut Vec<Diagnostic>) {
    if let Some((_, figure)) = within(history, "figure") {
        let gain = figure.get("gain").map(|item| &item.node);
        if let Some(node) = gain.filter(|node| node.number().is_some_and(|x| x.abs() != 1.0)) {
            let message = "`history.figure.gain` must be 1 or -1";
            let problem = Diagnostic::error(DiagnosticKind::OutOfRange, node.span, message);
            problems.push(
                problem.label("1 where more is better for the side that joins, -1 where less is"),
            );
        }
    }
    if let Some((header, observed)) = within(history, "observed") {
        let number = |key: &str| observed.get(key).and_then(|item| item.node.number());
        if let (Some(low), Some(value), Some(high)) =
            (number("low"), number("value"), number("high"))
            && !(low <= value && value <= high)
        {
            let message =
                "`history.observed.value` must lie between `low` and `high`, ends included";
            let span = observed.get("value").map_or(header, |item| item.node.span);
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, span, message);
            problems.push(problem.label(format!("not from {low} to {high}")));
        }
    }
    if let Some((header, winner)) = within(history, "winner") {
        of_winner(header, winner, problems);
    }
}

fn of_winner(header: TextSpan, winner: &TomlTable, problems: &mut Vec<Diagnostic>) {
    let mut seen: Vec<&str> = Vec::new();
    let candidates = among(winner);
    for one in candidates {
        let Some(table) = one.table() else {
            let title = FileTable::HistoryCandidate.title();
            let message = format!("one of `history.winner.among` must be a table {title}");
            let problem = Diagnostic::error(DiagnosticKind::WrongType, one.span, message);
            problems.push(problem.label(format!("this is {}", one.describe())));
            continue;
        };
        let Some(node) = table.get("who").map(|item| &item.node) else {
            continue;
        };
        let Some(who) = node.text() else { continue };
        if seen.contains(&who) {
            let message = format!("`history.winner.among` names `{who}` twice");
            let problem = Diagnostic::error(DiagnosticKind::Duplicate, node.span, message);
            problems.push(problem.label("again here"));
        }
        seen.push(who);
    }
    let list = winner.get("among").map(|item| &item.node);
    if list.is_some_and(|node| node.array().is_some()) && candidates.len() < 2 {
        let span = list.map_or(header, |node| node.span);
        let message = "`history.winner.among` must name at least two";
        let problem = Diagnostic::error(DiagnosticKind::Missing, span, message);
        problems.push(problem.help("leave `winner` out where nobody is compared"));
    }
    let observed = winner.get("observed").map(|item| &item.node);
    if let Some((node, who)) = observed.and_then(|node| Some((node, node.text()?)))
        && !seen.is_empty()
        && !seen.contains(&who)
    {
        let message = format!("`history.winner.observed`: `{who}` is not in `among`");
        let problem = Diagnostic::error(DiagnosticKind::Dangling, node.span, message);
        problems.push(problem.suggest(who, &seen));
    }
}

/// A table under a key.
fn within<'a>(table: &'a TomlTable, key: &str) -> Option<InnerTable<'a>> {
    let node = &table.get(key)?.node;
    Some((node.span, node.table()?))
}

/// Those among whom there is a winner.
fn among(winner: &TomlTable) -> &[TomlNode] {
    let nodes = winner.get("among").and_then(|item| item.node.array());
    nodes.unwrap_or_default()
}

/// The history of a scenario that was found valid, if it has one.
pub(crate) fn read(root: &TomlTable) -> Option<History> {
    let (_, history) = table(root, FileTable::History)?;
    let missing = history.get("missing").and_then(|item| item.node.array());
    let missing = missing.unwrap_or_default().iter();
    Some(History {
        who: text(history, "who")?,
        when: text(history, "when")?,
        outcome: text(history, "outcome")?,
        outside: text(history, "outside")?,
        mapping: text(history, "mapping")?,
        missing: missing
            .filter_map(|node| node.text().map(str::to_owned))
            .collect(),
        figure: figure(within(history, "figure")?.1)?,
        observed: observed(within(history, "observed")?.1)?,
        winner: within(history, "winner").and_then(|(_, table)| winner(table)),
        after: text(history, "after").unwrap_or_default(),
    })
}

fn figure(table: &TomlTable) -> Option<HistoryFigure> {
    Some(HistoryFigure {
        what: text(table, "what")?,
        unit: text(table, "unit")?,
        ratio: ratio(table)?,
        times: number(table, "times").unwrap_or(1.0),
        gain: number(table, "gain").unwrap_or(1.0),
    })
}

fn observed(table: &TomlTable) -> Option<HistoryObserved> {
    Some(HistoryObserved {
        value: number(table, "value")?,
        low: number(table, "low")?,
        high: number(table, "high")?,
        grade: text(table, "grade")?,
        source: text(table, "source")?,
        note: text(table, "note").unwrap_or_default(),
    })
}

fn winner(table: &TomlTable) -> Option<HistoryWinner> {
    let candidate = |table: &TomlTable| {
        Some(HistoryCandidate {
            who: text(table, "who")?,
            ratio: ratio(table)?,
        })
    };
    let among: Option<Vec<HistoryCandidate>> = among(table)
        .iter()
        .map(|node| candidate(node.table()?))
        .collect();
    let (among, observed) = (among?, text(table, "observed")?);
    Some(HistoryWinner {
        observed: among.iter().position(|one| one.who == observed)?,
        among,
    })
}

fn ratio(table: &TomlTable) -> Option<HistoryRatio> {
    Some(HistoryRatio {
        result: text(table, "result")?,
        less: text(table, "less"),
        per: text(table, "per"),
    })
}

fn text(table: &TomlTable, key: &str) -> Option<String> {
    Some(table.get(key)?.node.text()?.to_owned())
}

fn number(table: &TomlTable, key: &str) -> Option<f64> {
    table.get(key)?.node.number()
}

/// The paths into results that a history names, each with its place, in the order of [`History::paths`].
pub(crate) fn result_paths(root: &TomlTable) -> Vec<WrittenPath> {
    let Some((_, history)) = table(root, FileTable::History) else {
        return Vec::new();
    };
    let mut paths = Vec::new();
    let mut add = |section: FileTable, table: &TomlTable| {
        let keys = section.keys().iter().filter(|key| key.form == Form::Result);
        for node in keys.filter_map(|key| Some(&table.get(key.name)?.node)) {
            paths.extend(node.text().map(|path| WrittenPath {
                path: path.to_owned(),
                span: node.span,
            }));
        }
    };
    if let Some((_, figure)) = within(history, "figure") {
        add(FileTable::HistoryFigure, figure);
    }
    let winner = within(history, "winner").map(|(_, winner)| winner);
    for table in winner
        .map_or(&[][..], among)
        .iter()
        .filter_map(TomlNode::table)
    {
        add(FileTable::HistoryCandidate, table);
    }
    paths
}
