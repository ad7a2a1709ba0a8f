//! A document as lines of a terminal: paragraphs broken between words, tables without borders, figures of characters.
//!
//! Title and kicker are left out: who reads this has typed them. Where a table is too wide, first its headings are broken between words,
//! then those columns go that may, then words are broken; a table of many like columns becomes several.

use crate::report::document::{
    Block, Cell, Document, Heading, Number, RowBar, Span, Table, Text, numbers, written,
};
use crate::report::render::marks::figure;
use crate::report::wrap::{hanging, wrapped};
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

/// Columns of a figure, at most: those of a page.
const PAGE: usize = 80;

/// Columns of the longest bar, and of the shortest that is worth drawing.
const BAR: (usize, usize) = (30, 10);

/// What bars are made of that may be chance.
pub const FAINT: char = '\u{2591}';

/// What other bars are made of, and the mark of the largest of so many inert factors.
const SOLID: char = '\u{2588}';
const FLOOR: char = '\u{250a}';

/// A document as it stands on a terminal.
#[derive(Debug, Default)]
pub struct Rendered {
    pub text: String,
    /// Its numbers in the order of reading.
    pub numbers: Vec<Number>,
}

/// Lays a document out in lines of `width` columns.
pub fn render(document: &Document, width: usize) -> Rendered {
    let mut page = TextLayout {
        width,
        rendered: Rendered::default(),
    };
    for paragraph in &document.lead {
        page.paragraph(paragraph);
    }
    page.blocks(&document.opening);
    for section in &document.sections {
        page.gap();
        page.words(&section.title);
        page.blocks(&section.blocks);
    }
    if !document.footer.is_empty() {
        page.gap();
    }
    for paragraph in &document.footer {
        page.paragraph(paragraph);
    }
    page.rendered
}

impl Rendered {
    /// The text, and below it where each of its numbers stands in the document of results.
    pub fn with_paths(self) -> String {
        let Rendered { mut text, numbers } = self;
        if numbers.is_empty() {
            return text;
        }
        let rows = numbers
            .into_iter()
            .map(|number| vec![hyphens(&number.text), number.path]);
        let header = ["number", "path in results.json"].map(str::to_owned);
        text.push('\n');
        text + &grid(&header, rows.collect(), &[true, true])
    }
}

struct TextLayout {
    width: usize,
    rendered: Rendered,
}

impl TextLayout {
    fn words(&mut self, text: &str) {
        if !text.is_empty() {
            self.rendered.text += &wrapped(&hyphens(text), self.width);
        }
    }

    fn gap(&mut self) {
        if !self.rendered.text.is_empty() {
            self.rendered.text.push('\n');
        }
    }

    fn paragraph(&mut self, text: &Text) {
        self.rendered
            .numbers
            .extend(numbers(text).into_iter().cloned());
        self.words(&said(text));
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let mut before = None;
        for block in blocks {
            if !joins(before, block) {
                self.gap();
            }
            self.block(block);
            before = Some(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Paragraph { text } | Block::Note { text } => self.paragraph(text),
            Block::Heading { text } => self.words(text),
            Block::List { items } => {
                for item in items {
                    self.rendered
                        .numbers
                        .extend(numbers(item).into_iter().cloned());
                    let item = format!("- {}", said(item));
                    self.rendered.text += &hanging(&item, self.width, 2);
                }
            }
            Block::Table { table } => self.table(table),
            Block::Figure { figure: one } => {
                let marks = one.marks.as_ref();
                let drawn = marks.and_then(|marks| figure(&marks.rows, self.width.min(PAGE)));
                if let (Some(marks), Some(drawn)) = (marks, drawn) {
                    self.paragraph(&marks.title);
                    self.rendered.text += &drawn;
                }
            }
            Block::Panels { .. } => {}
            Block::Code { text } => {
                for line in text.lines() {
                    self.rendered.text += &format!("  {line}\n");
                }
            }
            Block::Details { summary, blocks } => {
                self.words(summary);
                self.blocks(blocks);
            }
        }
    }

    fn table(&mut self, table: &Table) {
        self.paragraph(&table.caption);
        let columns = columns(table);
        let parts = parts(columns, table.repeated, self.width);
        for (at, mut part) in parts.into_iter().enumerate() {
            if at > 0 {
                self.rendered.text.push('\n');
            }
            fit(&mut part, self.width);
            for row in 0..table.rows.len() {
                let cells = part.iter().map(|column| &column.numbers[row]);
                self.rendered.numbers.extend(cells.flatten().cloned());
            }
            let drawn = bars(&mut part, table, self.width);
            let header: Vec<String> = part.iter().map(|one| one.title.clone()).collect();
            let words: Vec<bool> = part.iter().map(|one| one.words).collect();
            let row = |at: usize| part.iter().map(|one| one.cells[at].clone()).collect();
            let rows = (0..table.rows.len()).map(row).collect();
            self.rendered.text += &grid(&header, rows, &words);
            if drawn {
                self.words(&legend(table));
            }
        }
    }
}

/// Whether a block follows the one before it without a line between them.
fn joins(before: Option<&Block>, block: &Block) -> bool {
    match (before, block) {
        (_, Block::Panels { .. }) => true,
        (_, Block::Figure { figure }) if figure.marks.is_none() => true,
        (Some(Block::Heading { .. }), _) => true,
        (Some(_), Block::Note { .. }) => true,
        (Some(Block::Paragraph { .. }), Block::Paragraph { .. } | Block::List { .. }) => true,
        _ => false,
    }
}

/// A column as it is laid out.
struct Column {
    name: String,
    /// Its name as it is broken.
    title: String,
    words: bool,
    goes: u8,
    cells: Vec<String>,
    numbers: Vec<Vec<Number>>,
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
fn columns(table: &Table) -> Vec<Column> {
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
fn parts(mut columns: Vec<Column>, repeated: usize, width: usize) -> Vec<Vec<Column>> {
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
fn fit(columns: &mut Vec<Column>, width: usize) {
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
fn bars(columns: &mut Vec<Column>, table: &Table, width: usize) -> bool {
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
fn legend(table: &Table) -> String {
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
fn grid(header: &[String], rows: Vec<Vec<String>>, words: &[bool]) -> String {
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

/// A text with what is typed between backquotes.
fn said(text: &Text) -> String {
    let spans = text.iter().map(|span| match span {
        Span::Code { text } => format!("`{text}`"),
        Span::Words { text } => text.clone(),
        Span::Number(number) => number.text.clone(),
        Span::Typed { parts } => format!("`{}`", written(parts)),
    });
    hyphens(&spans.collect::<String>())
}

/// A text as a cell.
fn in_cell(text: &Text) -> String {
    hyphens(&written(text))
}

/// Minuses as they are typed.
fn hyphens(text: &str) -> String {
    text.replace('\u{2212}', "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::document::{Rows, code, note, paragraph, text};

    fn number(text: &str, path: &str) -> Number {
        Number::new(text, 1.0, path)
    }

    fn document(table: Table) -> Document {
        Document {
            title: "not shown".to_owned(),
            lead: vec![text![
                "More as ",
                code("bloc"),
                " by ",
                number("-1.5", "a.b"),
                "."
            ]],
            opening: vec![table.into(), note("what it means"), paragraph("and so on")],
            footer: vec![text!["seed 1"]],
            ..Document::default()
        }
    }

    fn sizes() -> Rows<(&'static str, &'static str)> {
        Rows::of([("Alpha", "+1.0"), ("Beta the second", "-0.5")])
            .column(Heading::words("state"), |row| row.0)
            .column(Heading::number("difference"), |row| {
                number(row.1, &format!("{}.mean", row.0))
            })
            .column(Heading::number("90% of worlds").below(), |_| "0 to 1")
    }

    #[test]
    fn lines_follow_the_document() {
        let table = sizes().table("x", text!["As ", code("bloc")]);
        let rendered = render(&document(table), 60);
        let expected = "\
More as `bloc` by -1.5.

As `bloc`
state            difference
───────────────────────────
Alpha                  +1.0
                     0 to 1
Beta the second        -0.5
                     0 to 1
what it means

and so on

seed 1
";
        assert_eq!(rendered.text, expected);
        let paths = rendered.with_paths();
        let below = paths.strip_prefix(expected).expect("the text comes first");
        let expected = "
number  path in results.json
────────────────────────────
-1.5    a.b
+1.0    Alpha.mean
-0.5    Beta the second.mean
";
        assert_eq!(below, expected);
    }

    #[test]
    fn headings_break_before_columns_go_and_columns_before_words() {
        let table = sizes()
            .column(Heading::number("better off in").goes(1), |_| "78")
            .table("x", "");
        let at = |width| render(&document(table.clone()), width).text;
        assert!(at(60).contains("difference  better off in\n"), "{}", at(60));
        assert!(at(36).contains("difference  better\n"), "{}", at(36));
        assert!(!at(30).contains("better"), "{}", at(30));
        assert!(at(30).contains("Beta the second  "), "{}", at(30));
    }

    #[test]
    fn like_columns_go_on_in_further_tables() {
        let rows = Rows::of(["Alpha", "Beta"])
            .column(Heading::words(""), |name| *name)
            .each(["first", "second", "third"], |rows, name| {
                rows.column(Heading::number(name), |_| "1")
            });
        let table = Table {
            repeated: 1,
            bars: vec![],
            ..rows.table("x", "")
        };
        let text = render(&document(table), 22).text;
        assert!(text.contains("       first  second\n"), "{text}");
        assert!(text.contains("\n       third\n"), "{text}");
    }

    #[test]
    fn bars_begin_at_nothing_and_show_what_chance_reaches() {
        let bar = |to: f64, faint: bool| RowBar {
            ends: Some((0.0, to)),
            faint,
        };
        let table = Table {
            bars: vec![
                bar(1.0, false),
                bar(0.2, true),
                bar(0.0, true),
                bar(-0.3, true),
            ],
            floor: Some(0.5),
            ..Rows::of(["a", "b", "c", "d"])
                .column(Heading::words("factor"), |name| *name)
                .table("x", "")
        };
        // 20 columns: the name of a factor takes 6, a gap 2, bars what is left.
        let text = render(&document(table.clone()), 20).text;
        let expected = "\
factor
────────────────────
a       ██████┊█████
b       ░░    ┊
c             ┊
d             ┊
Bars of ░ may be chance; ┊ is the largest of so
many inert factors.
";
        let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat(&text).contains(&flat(expected)), "{text}");
        assert!(
            text.contains("\na       ██████┊█████\nb       ░░    ┊\nc             ┊\n"),
            "{text}"
        );
        let plain = Table {
            bars: vec![RowBar::new(0.0, 1.0); 4],
            floor: None,
            ..table
        };
        assert!(!render(&document(plain), 20).text.contains("Bars"));
    }
}
