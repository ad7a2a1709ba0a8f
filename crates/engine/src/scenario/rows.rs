//! Which quantities take their values from the same row of a file.

use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::numbers::Numbers;
use crate::scenario::quantity::WrittenRows;
use crate::scenario::schema::FileTable;
use crate::scenario::survey::table;
use crate::scenario::tree::TomlTable;
use crate::theory::draws::rows::{RowBlock, RowChoice};

/// Rows that are drawn or listed, and the paths of the dimensions that draw them.
#[derive(Debug, Default)]
pub(crate) struct TakenRows {
    pub blocks: Vec<RowBlock>,
    /// One for each block that is drawn, in their order.
    pub paths: Vec<String>,
}

/// Groups what is drawn by files, by their names. Dimensions of rows come behind the uncertain and `shadows` others.
pub(crate) fn read(
    root: &TomlTable,
    numbers: &Numbers,
    shadows: usize,
    problems: &mut Vec<Diagnostic>,
) -> TakenRows {
    let mut files: Vec<(&str, bool)> = Vec::new();
    for (_, rows) in &numbers.rows {
        let file = (rows.file.as_str(), rows.listed);
        if !files.contains(&file) {
            files.push(file);
        }
    }
    let mut taken = TakenRows::default();
    for (file, listed) in files {
        let of_file =
            |(_, rows): &&(usize, WrittenRows)| (rows.file.as_str(), rows.listed) == (file, listed);
        let members: Vec<&(usize, WrittenRows)> = numbers.rows.iter().filter(of_file).collect();
        let first = &members[0].1;
        let count = first.values.len();
        let other = members.iter().find(|(_, rows)| rows.values.len() != count);
        if let Some((_, other)) = other {
            let message = format!(
                "columns of {file} have {count} and {} values: rows are drawn whole",
                other.values.len()
            );
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, other.span, message);
            problems.push(
                problem
                    .also(first.span, "the other")
                    .help("columns with the same `file` need a value for each of its rows"),
            );
            continue;
        }
        let trials = trials(root);
        if listed && trials > count as u64 {
            let message = format!("{trials} worlds are more than the {count} rows of {file}");
            let problem = Diagnostic::error(DiagnosticKind::Inconsistent, first.span, message);
            problems.push(
                problem
                    .label("world k takes row k, so that each world needs its own")
                    .help(format!("play at most `-n {count}`, or add rows")),
            );
            continue;
        }
        let choice = match listed {
            true => RowChoice::Listed,
            false => {
                let position = numbers.uncertain.len() + shadows + taken.paths.len();
                taken.paths.push(format!("rows.{file}"));
                RowChoice::Drawn(position)
            }
        };
        let members: Vec<(usize, &[f64])> = members
            .into_iter()
            .map(|(slot, rows)| {
                let position = numbers.uncertain.partition_point(|one| one.slot < *slot);
                (position, rows.values.as_slice())
            })
            .collect();
        taken.blocks.push(RowBlock::new(choice, &members));
    }
    taken
}

/// How many worlds the scenario plays.
pub(crate) fn trials(root: &TomlTable) -> u64 {
    let simulation = table(root, FileTable::Simulation).and_then(|(_, table)| table.get("trials"));
    let trials = simulation.and_then(|item| item.node.integer());
    trials
        .and_then(|trials| trials.try_into().ok())
        .unwrap_or(1000)
}
