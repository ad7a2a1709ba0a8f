//! What a document is made of: text whose numbers know where they come from, tables, figures, and what holds them together.
//!
//! A [`Document`] says what there is to read; how it looks is [`render`](crate::report::render)'s. Templates of users get it as `page`, in the
//! shape that its fields have here; what only the terminal needs is left out there.

use crate::report::chart::{Chart, Data, Point};
use crate::report::spans::trace;
use crate::study::digest::sha256_hex;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

pub(crate) use crate::report::spans::text;
pub use crate::report::spans::{
    IntoText, Number, Span, Text, code, joined, marked, minus, numbers, plain, words, written,
};

/// Directory beside a page that holds the data of its figures.
pub const DATA: &str = "report";

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Document {
    pub title: String,
    /// The program that wrote it.
    pub generator: String,
    /// The line below the title.
    pub kicker: Text,
    /// What is asked, if the scenario asks something: above the answer.
    pub question: Text,
    /// The answer: the first paragraph is the sentence that matters most.
    pub lead: Vec<Text>,
    /// The answer drawn: below the first paragraph of the lead.
    pub picture: Option<Box<Figure>>,
    /// What follows the answer.
    pub opening: Vec<Block>,
    /// The same results as different readers would have them.
    pub readings: Vec<Reading>,
    /// Numbered in this order.
    pub sections: Vec<Section>,
    pub footer: Vec<Text>,
    /// What the arms are called that it names, by their names.
    pub titles: IndexMap<String, String>,
    /// Whether it is a note that stands on one page of paper, with what is behind it on those that follow.
    pub note: bool,
}

/// What one kind of reader asks.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Reading {
    /// A word: letters and `-`.
    pub id: String,
    /// Its name on the switch.
    pub name: String,
    pub title: String,
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Section {
    /// A word: letters and `-`.
    pub id: String,
    pub title: String,
    pub blocks: Vec<Block>,
}

/// What a section is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Block {
    Paragraph {
        text: Text,
    },
    /// A paragraph of less weight: what a table or figure means.
    Note {
        text: Text,
    },
    /// A heading within a section.
    Heading {
        text: String,
    },
    /// Items with bullets.
    List {
        items: Vec<Text>,
    },
    Table {
        table: Table,
    },
    /// A figure that stands alone.
    Figure {
        figure: Figure,
    },
    /// Figures of one kind side by side, with one file of data.
    Panels {
        figures: Vec<Figure>,
        /// Where their data are, from the page.
        csv: String,
        /// The same data within the page.
        data: Option<Enclosed>,
    },
    /// Text that is typed or copied as it stands.
    Code {
        text: String,
    },
    /// What a reader opens if it is wanted.
    Details {
        summary: String,
        blocks: Vec<Block>,
    },
}

/// A table; the first column names the rows. [`Rows`] makes one of columns.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Table {
    /// A word: letters, digits and `-`.
    pub id: String,
    /// What it shows, with units.
    #[serde(serialize_with = "as_words")]
    pub caption: Text,
    /// Whether it holds words rather than numbers.
    pub words: bool,
    pub header: Vec<Heading>,
    /// Rows of as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
    /// On a narrow terminal, how many columns each of several tables begins with; 0: it stays one table.
    #[serde(skip)]
    pub repeated: usize,
    /// Bars that a terminal draws at the end of each row; empty: none.
    #[serde(skip)]
    pub bars: Vec<RowBar>,
    /// Where a mark stands in the room of each bar, as a share of it: the largest of so many inert factors.
    #[serde(skip)]
    pub floor: Option<f64>,
}

/// A bar at the end of a row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct RowBar {
    /// Where it begins and ends, as shares of the room of all bars; none: no bar.
    pub ends: Option<(f64, f64)>,
    /// Whether what it shows may be chance.
    pub faint: bool,
}

impl RowBar {
    /// One of which there is no doubt.
    pub fn new(from: f64, to: f64) -> RowBar {
        RowBar {
            ends: Some((from, to)),
            faint: false,
        }
    }
}

/// The name of a column, and how it behaves where there is little room.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Heading {
    pub text: String,
    /// Whether the column holds words.
    pub words: bool,
    /// On a narrow terminal, the order in which columns go, those of one number together: 1 is the first, 0 stays.
    #[serde(skip)]
    pub goes: u8,
    /// On a terminal, whether its cells stand below those of the column before it,
    #[serde(skip)]
    pub below: bool,
    /// and its name below that one's.
    #[serde(skip)]
    pub named: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    pub text: Text,
    /// How it looks: "gain", "loss", "open", "words" or nothing.
    pub class: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figure {
    pub id: String,
    /// What it shows.
    pub title: String,
    pub svg: String,
    /// Where its data are, from the page; empty where those beside it share a file, and where a page stands alone.
    pub csv: String,
    /// The same data within the page; none where those beside it share them.
    pub data: Option<Enclosed>,
    /// The same for a terminal; none: it is left out there.
    #[serde(skip)]
    pub marks: Option<Marks>,
}

/// A file that a page holds, so that whoever gets the page alone has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Enclosed {
    /// Its name once it is saved.
    pub name: String,
    /// Its address, which is its text: `data:text/csv;charset=utf-8,...`.
    pub uri: String,
}

/// A figure of characters: a row for each name with its mark and the ends of its line, and zero.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    pub title: Text,
    pub rows: Vec<(String, Point)>,
    /// What was observed in each row, if anything was: then the middle half of worlds is drawn, too.
    pub observed: Vec<f64>,
}

/// Files beside a page: names with their text, in the order of the page.
pub type Files = Vec<(String, String)>;

/// A table that grows by columns, each declared with its cells: one for each of the rows.
#[derive(Debug)]
pub struct Rows<R> {
    rows: Vec<R>,
    table: Table,
}

impl<R> Rows<R> {
    /// A table with a row for each of some things, and no column yet.
    pub fn of(rows: impl IntoIterator<Item = R>) -> Rows<R> {
        let rows: Vec<R> = rows.into_iter().collect();
        let table = Table {
            rows: rows.iter().map(|_| Vec::new()).collect(),
            ..Table::default()
        };
        Rows { rows, table }
    }

    /// A further column.
    pub fn column<C: Into<Cell>>(mut self, heading: Heading, cell: impl Fn(&R) -> C) -> Rows<R> {
        self.table.header.push(heading);
        for (row, cells) in self.rows.iter().zip(&mut self.table.rows) {
            cells.push(cell(row).into());
        }
        self
    }

    /// Further columns where they are wanted.
    pub fn if_so(self, wanted: bool, columns: impl FnOnce(Rows<R>) -> Rows<R>) -> Rows<R> {
        if wanted { columns(self) } else { self }
    }

    /// Further columns for each of some things.
    pub fn each<T>(
        self,
        things: impl IntoIterator<Item = T>,
        columns: impl Fn(Rows<R>, T) -> Rows<R>,
    ) -> Rows<R> {
        things.into_iter().fold(self, columns)
    }

    /// What columns there are, as a table of numbers; those that say nothing in any row are left out.
    pub fn table(self, id: impl Into<String>, caption: impl IntoText) -> Table {
        let Table { header, rows, .. } = &self.table;
        let says = |at: usize| rows.iter().any(|row| !row[at].text.is_empty());
        let below = |at: usize| {
            header
                .iter()
                .skip(at + 1)
                .take_while(|one| one.below)
                .count()
        };
        let mut kept: Vec<bool> = (0..header.len())
            .map(|at| at == 0 || (at..=at + below(at)).any(says))
            .collect();
        if rows.is_empty() {
            kept.fill(true);
        }
        Table {
            id: id.into(),
            caption: caption.into_text(),
            header: chosen(self.table.header, &kept),
            rows: self
                .table
                .rows
                .into_iter()
                .map(|row| chosen(row, &kept))
                .collect(),
            ..Table::default()
        }
    }
}

/// Those of some things that are kept.
fn chosen<T>(things: Vec<T>, kept: &[bool]) -> Vec<T> {
    let things = things.into_iter().zip(kept);
    things
        .filter_map(|(one, kept)| kept.then_some(one))
        .collect()
}

impl Section {
    pub fn new(id: &str, title: impl Into<String>, blocks: Vec<Block>) -> Section {
        Section {
            id: id.to_owned(),
            title: title.into(),
            blocks,
        }
    }
}

impl Table {
    /// The same as a table of words.
    pub fn of_words(self) -> Table {
        Table {
            words: true,
            ..self
        }
    }
}

impl Heading {
    /// The name of a column of numbers.
    pub fn number(text: impl Into<String>) -> Heading {
        Heading {
            text: text.into(),
            ..Heading::default()
        }
    }

    /// The name of a column of words.
    pub fn words(text: impl Into<String>) -> Heading {
        Heading {
            words: true,
            ..Heading::number(text)
        }
    }

    /// A column that gives way on a narrow terminal: the first to go, the second, and so on.
    pub fn goes(self, order: u8) -> Heading {
        Heading {
            goes: order,
            ..self
        }
    }

    /// A column whose cells a terminal writes below those of the column before it.
    pub fn below(self) -> Heading {
        Heading {
            below: true,
            ..self
        }
    }

    /// Such a column whose name a terminal writes, too.
    pub fn named_below(self) -> Heading {
        Heading {
            named: true,
            ..self.below()
        }
    }
}

impl Cell {
    /// A cell without a class.
    pub fn plain(text: Text) -> Cell {
        Cell {
            text,
            class: String::new(),
        }
    }

    pub fn of(text: Text, class: &str) -> Cell {
        Cell {
            text,
            class: class.to_owned(),
        }
    }

    /// Words in a column of numbers.
    pub fn words(text: impl IntoText) -> Cell {
        Cell::of(text.into_text(), "words")
    }
}

impl<T: IntoText> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell::plain(text.into_text())
    }
}

impl Figure {
    /// A figure that stands alone; its data go to `files`.
    pub fn alone(chart: Chart, files: &mut Files) -> Block {
        Figure::marked(chart, None, files)
    }

    /// A figure that a terminal shows, too.
    pub fn marked(chart: Chart, marks: Option<Marks>, files: &mut Files) -> Block {
        let figure = Figure {
            marks,
            ..Figure::kept(chart, files)
        };
        Block::Figure { figure }
    }

    /// A figure with its data within the page and, the same, among `files`.
    pub fn kept(chart: Chart, files: &mut Files) -> Figure {
        let csv = keep(&chart.head.id, &chart.data, files);
        Figure {
            csv,
            ..Figure::whole(chart)
        }
    }

    /// A figure with its data within the page, and nowhere else.
    pub fn whole(chart: Chart) -> Figure {
        Figure {
            data: Some(enclosed(&chart.head.id, &chart.data)),
            ..Figure::bare(chart)
        }
    }

    /// Figures side by side, each named by `names` in the one file of data called `id`.
    pub fn panels(
        id: &str,
        column: &str,
        charts: Vec<(String, Chart)>,
        files: &mut Files,
    ) -> Block {
        let parts = charts
            .iter()
            .map(|(name, chart)| (name.as_str(), &chart.data));
        let data = Data::joined(column, parts);
        let csv = keep(id, &data, files);
        let figures = charts.into_iter().map(|(_, chart)| Figure::bare(chart));
        Block::Panels {
            figures: figures.collect(),
            csv,
            data: Some(enclosed(id, &data)),
        }
    }

    /// A figure without data of its own.
    pub fn bare(chart: Chart) -> Figure {
        Figure {
            id: chart.head.id,
            title: chart.head.title,
            svg: chart.svg,
            csv: String::new(),
            data: None,
            marks: None,
        }
    }
}

/// Keeps a file of data; says where it is.
fn keep(id: &str, data: &Data, files: &mut Files) -> String {
    let name = file_name(id);
    let path = format!("{DATA}/{name}");
    files.push((name, data.to_csv()));
    path
}

/// A file of data as a part of the page.
fn enclosed(id: &str, data: &Data) -> Enclosed {
    Enclosed {
        name: file_name(id),
        uri: format!("data:text/csv;charset=utf-8,{}", encoded(&data.to_csv())),
    }
}

/// One that is too long for a file system is cut, with what tells it apart behind.
fn file_name(id: &str) -> String {
    if id.len() <= LONGEST_ID {
        return format!("{id}.csv");
    }
    let start: String = id.chars().take(LONGEST_ID / 4).collect();
    format!("{start}-{}.csv", &sha256_hex(id)[..16])
}

/// Bytes of the longest id of a figure that is the name of its file.
const LONGEST_ID: usize = 120;

/// A text as a part of an address and of an attribute in HTML: what has a meaning in either is written `%XX` (RFC 3986), byte by byte.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' | b',' => {
                out.push(char::from(byte));
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

pub fn paragraph(text: impl IntoText) -> Block {
    Block::Paragraph {
        text: text.into_text(),
    }
}

pub fn note(text: impl IntoText) -> Block {
    Block::Note {
        text: text.into_text(),
    }
}

pub fn heading(text: impl Into<String>) -> Block {
    Block::Heading { text: text.into() }
}

impl From<Table> for Block {
    fn from(table: Table) -> Block {
        Block::Table { table }
    }
}

/// Blocks of a study on the page of a run: its name begins the ids of tables, and with a colon the paths of numbers.
pub fn of_study(name: &str, mut blocks: Vec<Block>) -> Vec<Block> {
    let trace = |text: &mut Text| trace(name, text);
    for block in &mut blocks {
        match block {
            Block::Paragraph { text } | Block::Note { text } => trace(text),
            Block::List { items } => items.iter_mut().for_each(trace),
            Block::Table { table } => {
                table.id.insert_str(0, &format!("{name}-"));
                let cells = table.rows.iter_mut().flatten();
                cells.for_each(|cell| trace(&mut cell.text));
            }
            Block::Details { blocks, .. } => *blocks = of_study(name, std::mem::take(blocks)),
            Block::Heading { .. }
            | Block::Figure { .. }
            | Block::Panels { .. }
            | Block::Code { .. } => {}
        }
    }
    blocks
}

fn as_words<S: Serializer>(text: &Text, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&written(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_study_say_which_it_is() {
        let table = Rows::of([1.0])
            .column(Heading::number("x"), |&x| Number::new("1", x, "a / b"))
            .table("t", "");
        let blocks = of_study("study-2", vec![paragraph("words"), table.into()]);
        let [_, Block::Table { table }] = &blocks[..] else {
            panic!("{blocks:?}");
        };
        let Span::Number(number) = &table.rows[0][0].text[0] else {
            panic!("{table:?}");
        };
        assert_eq!(
            (table.id.as_str(), number.path.as_str()),
            ("study-2-t", "study-2:a / b")
        );
    }

    #[test]
    fn a_table_is_its_columns_over_rows() {
        let table = Rows::of([1, 2])
            .column(Heading::words("name"), |row| format!("row {row}"))
            .each([10, 20], |rows, factor| {
                let heading = Heading::number(format!("times {factor}"));
                rows.column(heading.goes(1), move |row| (row * factor).to_string())
            })
            .table("x", text!["of ", code("arm")]);
        assert_eq!(table.header.len(), 3);
        let cells = table.rows[1].iter().map(|cell| written(&cell.text));
        assert_eq!(cells.collect::<Vec<_>>(), ["row 2", "20", "40"]);
        let shape = serde_json::to_value(&table).expect("plain data");
        assert_eq!(shape["caption"], "of arm");
        assert!(shape["header"][1].get("goes").is_none(), "{shape}");
    }
}
