//! A table as columns of characters: broken, shortened and cut into several where it is too wide.

use crate::report::document::{Cell, Heading, Number, RowBar, Table, Text, numbers, written};
use crate::report::wrap::wrapped;
use comfy_table::{CellAlignment, ContentArrangement, ContentLineStyle, LineStyle, TableStyle};
use textwrap::core::display_width;

/// A line under the header and none elsewhere.
const LIGHT: TableStyle = TableStyle::new()
    .header_lines(ContentLineStyle::none())
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none());

/// Space between columns.
const GAP: usize = 2;

/// Words are not broken to fewer columns than this.
const NARROW: usize = 16;

/// Columns of names in a table that may become several.
const NAMES: usize = 24;

/// Columns of the longest bar, and of the shortest that is worth drawing.
const BAR: (usize, usize) = (30, 10);

/// What bars are made of that may be chance.
pub const FAINT: char = '\u{2591}';

/// What other bars are made of, and the mark of the largest of so many inert factors.
const SOLID: char = '\u{2588}';
const FLOOR: char = '\u{250a}';

/// A column as it is laid out.
pub(super) struct Column {
    name: String,
    /// Its name as it is broken.
    pub(super) title: String,
    pub(super) words: bool,
    goes: u8,
    pub(super) cells: Vec<String>,
    pub(super) numbers: Vec<Vec<Number>>,
}

impl Column {
    fn of_cells(&self) -> usize {
        self.cells
            .iter()
            .map(|cell| widest(cell))
            .max()
            .unwrap_or(0)
    }

    fn width(&self) -> usize {
        self.of_cells().max(widest(&self.title))
    }
}

/// The columns of a table, those that stand below another in it.
pub(super) fn columns(table: &Table) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::new();
    for (at, heading) in table.header.iter().enumerate() {
        let of_column = || table.rows.iter().map(move |row| &row[at]);
        match columns.last_mut().filter(|_| heading.below) {
            None => columns.push(column(heading, of_column())),
            Some(above) => {
                if heading.named {
                    above.name += &format!("\n{}", hyphens(&heading.text));
                    above.title.clone_from(&above.name);
                }
                for (row, cell) in of_column().enumerate() {
                    let below = in_cell(&cell.text);
                    if !below.is_empty() {
                        above.cells[row] += &format!("\n{below}");
                    }
                    above.numbers[row].extend(numbers(&cell.text).into_iter().cloned());
                }
            }
        }
    }
    columns
}

fn column<'a>(heading: &Heading, cells: impl Iterator<Item = &'a Cell> + Clone) -> Column {
    Column {
        name: hyphens(&heading.text),
        title: hyphens(&heading.text),
        words: heading.words,
        goes: heading.goes,
        cells: cells.clone().map(|cell| in_cell(&cell.text)).collect(),
        numbers: cells
            .map(|cell| numbers(&cell.text).into_iter().cloned().collect())
            .collect(),
    }
}

/// Columns for one table, or for several that begin with the same `repeated`: each takes as many of the others as fit.
pub(super) fn parts(mut columns: Vec<Column>, repeated: usize, width: usize) -> Vec<Vec<Column>> {
    let least = columns.iter().map(|one| {
        let words = one.name.split_whitespace().map(display_width);
        words.max().unwrap_or(0).max(one.of_cells()) + GAP
    });
    if repeated == 0 || columns.len() <= repeated || least.sum::<usize>() <= width + GAP {
        return vec![columns];
    }
    for cell in &mut columns[0].cells {
        *cell = broken(cell, NAMES);
    }
    let others = columns.split_off(repeated);
    let start: usize = columns.iter().map(|one| one.width() + GAP).sum();
    let mut parts: Vec<Vec<Column>> = Vec::new();
    let mut used = usize::MAX;
    for column in others {
        let needed = column.width() + GAP;
        if parts.is_empty() || used + needed > width + GAP {
            parts.push(columns.iter().map(Column::again).collect());
            used = start;
        }
        used += needed;
        parts.last_mut().expect("one was pushed").push(column);
    }
    parts
}

impl Column {
    fn again(&self) -> Column {
        Column {
            name: self.name.clone(),
            title: self.title.clone(),
            cells: self.cells.clone(),
            numbers: self.numbers.clone(),
            ..*self
        }
    }
}

fn needed(columns: &[Column]) -> usize {
    let widths = columns.iter().map(|column| column.width() + GAP);
    widths.sum::<usize>().saturating_sub(GAP)
}

/// Makes columns fit, as far as that goes.
pub(super) fn fit(columns: &mut Vec<Column>, width: usize) {
    while needed(columns) > width {
        let slack = |one: &Column| widest(&one.title) - one.of_cells().min(widest(&one.title));
        let narrower = columns.iter().map(|one| {
            let width = widest(&one.title).saturating_sub(1);
            broken(&one.name, width.max(1))
        });
        let narrower: Vec<String> = narrower.collect();
        let headings = (0..columns.len())
            .filter(|&at| slack(&columns[at]) > 0)
            .filter(|&at| widest(&narrower[at]) < widest(&columns[at].title));
        if let Some(at) = headings.max_by_key(|&at| slack(&columns[at])) {
            columns[at].title = narrower[at].clone();
            continue;
        }
        let going = columns.iter().map(|one| one.goes);
        if let Some(order) = going.filter(|&order| order > 0).min() {
            columns.retain(|one| one.goes != order);
            for column in columns.iter_mut() {
                column.title.clone_from(&column.name);
            }
            continue;
        }
        let excess = needed(columns) - width;
        let widest = (0..columns.len())
            .filter(|&at| at == 0 || columns[at].words)
            .max_by_key(|&at| columns[at].of_cells());
        let Some(column) = widest.and_then(|at| columns.get_mut(at)) else {
            return;
        };
        let before = column.of_cells();
        let room = before.saturating_sub(excess).max(NARROW);
        for cell in &mut column.cells {
            *cell = broken(cell, room);
        }
        if column.of_cells() == before {
            return;
        }
    }
}

/// Adds a column of bars where there is room, and tells whether there was.
pub(super) fn bars(columns: &mut Vec<Column>, table: &Table, width: usize) -> bool {
    let longest = BAR.0.min(width.saturating_sub(needed(columns) + GAP));
    if table.bars.is_empty() || longest < BAR.1 {
        return false;
    }
    let cells = |share: f64| libm::round(longest as f64 * share.clamp(0.0, 1.0)) as usize;
    let floor = table.floor.map(|floor| cells(floor).min(longest - 1));
    let line = |bar: &RowBar| {
        let (from, to) = bar
            .ends
            .map_or((0, 0), |(from, to)| (cells(from), cells(to)));
        let made_of = if bar.faint { FAINT } else { SOLID };
        let cell = |at: usize| match at {
            _ if Some(at) == floor => FLOOR,
            _ if (from..to).contains(&at) => made_of,
            _ => ' ',
        };
        let line: String = (0..longest).map(cell).collect();
        line.trim_end().to_owned()
    };
    columns.push(Column {
        name: String::new(),
        title: " ".repeat(longest),
        words: true,
        goes: 0,
        cells: table.bars.iter().map(line).collect(),
        numbers: Vec::new(),
    });
    true
}

/// What the marks in bars mean; nothing where bars are all that there is.
pub(super) fn legend(table: &Table) -> String {
    let faint = table
        .bars
        .iter()
        .any(|bar| bar.faint && bar.ends.is_some_and(|(from, to)| to > from));
    let faint = faint.then(|| format!("Bars of {FAINT} may be chance"));
    let floor = table
        .floor
        .map(|_| format!("{FLOOR} is the largest of so many inert factors"));
    let both: Vec<String> = faint.into_iter().chain(floor).collect();
    match both.is_empty() {
        true => String::new(),
        false => format!("{}.", both.join("; ")),
    }
}

/// A table without borders: columns of words at the left, others at the right of their room.
pub(super) fn grid(header: &[String], rows: Vec<Vec<String>>, words: &[bool]) -> String {
    let mut table = comfy_table::Table::new();
    table
        .load_style(LIGHT)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header)
        .add_rows(rows);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, GAP as u16 - 1));
        if index > 0 && !words.get(index).copied().unwrap_or(false) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let lines = table.lines().map(|line| {
        // The line under the header covers the space after the last column, too.
        let line = line.strip_suffix('─').unwrap_or(&line);
        line.trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Columns of the longest line.
fn widest(cell: &str) -> usize {
    cell.lines().map(display_width).max().unwrap_or(0)
}

/// A cell whose lines are broken between words where they are longer than `width`.
fn broken(cell: &str, width: usize) -> String {
    if widest(cell) <= width {
        return cell.to_owned();
    }
    let lines: String = cell.lines().map(|line| wrapped(line, width)).collect();
    lines.trim_end().to_owned()
}

/// A text as a cell.
fn in_cell(text: &Text) -> String {
    hyphens(&written(text))
}

/// Minuses as they are typed.
pub(super) fn hyphens(text: &str) -> String {
    text.replace('\u{2212}', "-")
}
