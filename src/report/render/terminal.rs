//! A document as lines of a terminal: paragraphs broken between words, tables without borders, figures of characters.
//!
//! Title and kicker are left out: who reads this has typed them. Where a table is too wide, first its headings are broken between words,
//! then those columns go that may, then words are broken; a table of many like columns becomes several.

use crate::report::document::{
    Block, Document, Figure, Number, Span, Table, Text, numbers, written,
};
use crate::report::legend::line;
pub use crate::report::render::columns::FAINT;
use crate::report::render::columns::{bars, columns, fit, grid, hyphens, legend, parts};
use crate::report::render::marks::figure;
use crate::report::wrap::{hanging, wrapped};

/// Columns of a figure, at most: those of a page.
const PAGE: usize = 80;

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
    if !document.question.is_empty() {
        page.paragraph(&document.question);
        page.gap();
    }
    let mut lead = document.lead.iter();
    if let Some(first) = lead.next() {
        page.paragraph(first);
    }
    let drawn = document
        .picture
        .as_ref()
        .is_some_and(|one| page.picture(one));
    for (at, paragraph) in lead.enumerate() {
        if drawn && at == 0 {
            page.gap();
        }
        page.paragraph(paragraph);
    }
    page.blocks(&document.opening);
    for section in &document.sections {
        page.gap();
        page.words(&section.title);
        page.blocks(&section.blocks);
    }
    let legend = line(document);
    let footer: Vec<&Text> = legend.iter().chain(&document.footer).collect();
    if !footer.is_empty() {
        page.gap();
    }
    for paragraph in footer {
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
            Block::Figure { figure } => {
                self.figure(figure);
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

    /// A figure of characters, where it has one; whether it has.
    fn figure(&mut self, one: &Figure) -> bool {
        let marks = one.marks.as_ref();
        let drawn = marks.and_then(|marks| figure(marks, self.width.min(PAGE)));
        let (Some(marks), Some(drawn)) = (marks, drawn) else {
            return false;
        };
        self.paragraph(&marks.title);
        self.rendered.text += &drawn;
        true
    }

    /// The same between the paragraphs of the answer, apart from the one before.
    fn picture(&mut self, one: &Figure) -> bool {
        let length = self.rendered.text.len();
        self.gap();
        let drawn = self.figure(one);
        if !drawn {
            self.rendered.text.truncate(length);
        }
        drawn
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Point;
    use crate::report::document::{Heading, Marks, RowBar, Rows, code, note, paragraph, text};

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
    fn the_question_stands_apart_and_the_picture_below_the_first_sentence() {
        let point = Point {
            value: 1.0,
            outer: (0.0, 2.0),
            inner: (0.5, 1.5),
        };
        let picture = |marks| {
            Box::new(Figure {
                marks,
                ..Figure::default()
            })
        };
        let document = |marks| Document {
            question: text!["Who?"],
            lead: vec![text!["A."], text!["By one."]],
            picture: Some(picture(marks)),
            ..Document::default()
        };
        let marks = Marks {
            title: text!["Drawn"],
            rows: vec![("A".to_owned(), point)],
            ..Marks::default()
        };
        let text = render(&document(Some(marks)), 40).text;
        let start = "Who?\n\nA.\n\nDrawn\nA  ";
        assert!(text.starts_with(start), "{text}");
        assert!(text.ends_with("\n\nBy one.\n"), "{text}");
        assert_eq!(render(&document(None), 40).text, "Who?\n\nA.\nBy one.\n");
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
