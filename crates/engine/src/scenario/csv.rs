//! A table of numbers as text: CSV with a name over each column (RFC 4180), whose cells remember their places.

use crate::scenario::diagnostic::{Diagnostic, DiagnosticKind};
use crate::scenario::file_name::bare_name;
use crate::scenario::source::Source;
use crate::scenario::span::TextSpan;

/// Most numbers that are read from one file: they are all kept, and written into the resolved scenario.
const MOST_CELLS: usize = 4_000_000;

/// First byte of a cell, and one past its last.
type CellPlace = (u32, u32);

/// A column of numbers, and the cells that they were read from.
#[derive(Debug, PartialEq)]
pub(crate) struct NumberColumn {
    /// The file and the column as messages name them.
    pub title: String,
    pub numbers: Vec<f64>,
    /// The first row with a word instead of a number, `true` or `false`.
    pub word: Option<usize>,
    layer: usize,
    cells: Vec<CellPlace>,
}

impl NumberColumn {
    /// The cell of a row.
    pub fn span(&self, row: usize) -> TextSpan {
        let (start, end) = self.cells[row];
        TextSpan {
            layer: self.layer,
            start: start as usize,
            end: end as usize,
        }
    }
}

/// A table: names of its columns, and the cells of its rows.
#[derive(Debug)]
pub(crate) struct DataTable {
    /// Names of the columns and where they stand.
    pub header: Vec<(String, TextSpan)>,
    /// How many rows there are below the header.
    pub rows: usize,
    /// Cells row by row, without quotes.
    cells: Vec<CellPlace>,
    pub layer: usize,
    /// Name of the file, without its directories.
    pub file: String,
}

impl DataTable {
    /// Reads the table of a layer.
    ///
    /// # Errors
    /// What makes it none: no header, no rows, rows of another length, a quote without end, too many cells.
    pub fn parse(layer: usize, source: &Source) -> Result<DataTable, Diagnostic> {
        let text = source.text.as_str();
        let span = |(start, end): CellPlace| TextSpan {
            layer,
            start: start as usize,
            end: end as usize,
        };
        let file = bare_name(&source.name);
        let wrong = |kind, at, message: String| Diagnostic::error(kind, span(at), message);
        let mut records = Records::of(text);
        let advice = "the first line names the columns, each line below it is a row of numbers between commas";
        let Some(first) = records.next() else {
            let message = format!("{file} is empty");
            return Err(wrong(DiagnosticKind::Missing, (0, 0), message).help(advice));
        };
        let first = first.map_err(|at| unclosed(span(at)))?;
        let name = |&at: &CellPlace| {
            let name = text[at.0 as usize..at.1 as usize].trim();
            (name.replace("\"\"", "\""), span(at))
        };
        let header: Vec<(String, TextSpan)> = first.iter().map(name).collect();
        for (place, (name, at)) in header.iter().enumerate() {
            let before = header[..place].iter().find(|(other, _)| other == name);
            if let Some((_, first)) = before {
                let message = format!("{file} has two columns `{name}`");
                return Err(Diagnostic::error(DiagnosticKind::Duplicate, *at, message)
                    .label("again here")
                    .also(*first, "first here"));
            }
        }
        let (mut cells, mut rows) = (Vec::new(), 0);
        while let Some(next) = records.next() {
            let row = next.map_err(|at| unclosed(span(at)))?;
            rows += 1;
            if row.len() != header.len() {
                let whole = (row[0].0, row[row.len() - 1].1);
                let message = format!(
                    "row {rows} of {file} has {}, its header {}",
                    cells_of(row.len()),
                    cells_of(header.len())
                );
                return Err(wrong(DiagnosticKind::WrongType, whole, message).help(advice));
            }
            cells.extend(row);
            if cells.len() > MOST_CELLS {
                let at = cells[cells.len() - 1];
                let message = format!("{file} has more than {MOST_CELLS} numbers");
                let help = format!(
                    "take fewer rows: of {} columns, at most {}",
                    header.len(),
                    MOST_CELLS / header.len()
                );
                return Err(wrong(DiagnosticKind::TooMany, at, message).help(help));
            }
        }
        if rows == 0 {
            let message = format!("{file} has no rows");
            return Err(
                Diagnostic::error(DiagnosticKind::Missing, header[0].1, message).help(advice),
            );
        }
        Ok(DataTable {
            header,
            rows,
            cells,
            layer,
            file,
        })
    }

    /// The position of a column.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|(known, _)| known == name)
    }

    /// The numbers of a column.
    ///
    /// # Errors
    /// The first cell that holds none.
    pub fn column(&self, index: usize, text: &str) -> Result<NumberColumn, Diagnostic> {
        let title = format!("column `{}` of {}", self.header[index].0, self.file);
        let places = self.cells.iter().skip(index).step_by(self.header.len());
        let mut column = NumberColumn {
            title,
            numbers: Vec::with_capacity(self.rows),
            word: None,
            layer: self.layer,
            cells: places.copied().collect(),
        };
        for row in 0..self.rows {
            let span = column.span(row);
            let written = text[span.start..span.end].trim();
            let number = match written.to_ascii_lowercase().as_str() {
                "true" => Some(1.0),
                "false" => Some(0.0),
                _ => None,
            };
            if number.is_some() {
                column.word.get_or_insert(row);
            }
            let number = number.or_else(|| written.parse().ok().filter(|x: &f64| x.is_finite()));
            let Some(number) = number else {
                let message = format!(
                    "row {}, {}: expected a finite number",
                    row + 1,
                    column.title
                );
                let label = match written {
                    "" => "this cell is empty".to_owned(),
                    _ => "this is none".to_owned(),
                };
                let problem = Diagnostic::error(DiagnosticKind::WrongType, span, message);
                return Err(problem.label(label).help(
                    "write it with a point and without units or separators of thousands, such as 1250.5 or 1.25e3; a row without a number must be left out",
                ));
            };
            column.numbers.push(number);
        }
        Ok(column)
    }
}

fn cells_of(count: usize) -> String {
    match count {
        1 => "1 cell".to_owned(),
        _ => format!("{count} cells"),
    }
}

fn unclosed(at: TextSpan) -> Diagnostic {
    let message = "a quoted cell has no end";
    Diagnostic::error(DiagnosticKind::Syntax, at, message).label("the quote opens here")
}

/// The records of a CSV text (RFC 4180): cells between commas, in quotes where they hold one; empty lines are none.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    fn of(text: &'a str) -> Records<'a> {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Records {
            bytes: text.as_bytes(),
            at,
        }
    }

    /// The cells of the next record, if there is one.
    ///
    /// # Errors
    /// Where a quote opens that nothing closes.
    fn next(&mut self) -> Option<Result<Vec<CellPlace>, CellPlace>> {
        while matches!(self.bytes.get(self.at), Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        if self.at >= self.bytes.len() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            let quoted = self.bytes[self.at..].first() == Some(&b'"');
            let start = self.at + usize::from(quoted);
            let mut end = start;
            if quoted {
                loop {
                    match (self.bytes.get(end), self.bytes.get(end + 1)) {
                        (None, _) => return Some(Err((start as u32 - 1, start as u32))),
                        (Some(b'"'), Some(b'"')) => end += 2,
                        (Some(b'"'), _) => break,
                        _ => end += 1,
                    }
                }
                self.at = end + 1;
            } else {
                let rest = &self.bytes[start..];
                let stop = rest.iter().position(|b| matches!(b, b',' | b'\n' | b'\r'));
                end = stop.map_or(self.bytes.len(), |stop| start + stop);
                self.at = end;
            }
            cells.push((start as u32, end as u32));
            // What follows a closing quote up to the comma belongs to no cell.
            while !matches!(self.bytes.get(self.at), None | Some(b',' | b'\n' | b'\r')) {
                self.at += 1;
            }
            match self.bytes.get(self.at) {
                Some(b',') => self.at += 1,
                _ => return Some(Ok(cells)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<DataTable, Diagnostic> {
        let source = Source {
            name: "dir/some.csv".to_owned(),
            text: text.to_owned(),
        };
        DataTable::parse(3, &source)
    }

    #[test]
    fn cells_are_read_with_their_places() {
        let text = "\u{feff}a, b ,\"c,\"\"d\"\"\"\r\n1,2.5e3,\"-3\"\r\n\r\n true ,.5,4\n";
        let table = table(text).expect("a table");
        let names: Vec<&str> = table.header.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c,\"d\""]);
        let column = |index| table.column(index, text).expect("numbers");
        assert_eq!(column(0).numbers, [1.0, 1.0]);
        assert_eq!(column(0).word, Some(1));
        assert_eq!(column(1).numbers, [2500.0, 0.5]);
        let last = column(2);
        assert_eq!(
            (last.numbers.as_slice(), last.word),
            (&[-3.0, 4.0][..], None)
        );
        let span = last.span(0);
        assert_eq!((span.layer, &text[span.start..span.end]), (3, "-3"));
    }

    #[test]
    fn what_is_no_table_of_numbers() {
        for (text, kind) in [
            ("", DiagnosticKind::Missing),
            ("\n\n", DiagnosticKind::Missing),
            ("a,b\n", DiagnosticKind::Missing),
            ("a,a\n1,2\n", DiagnosticKind::Duplicate),
            ("a,b\n1,2\n3\n", DiagnosticKind::WrongType),
            ("a\n\"1\n", DiagnosticKind::Syntax),
        ] {
            assert_eq!(table(text).expect_err(text).kind, kind, "{text}");
        }
        for cell in ["", "x", "nan", "inf", "1 000", "1,5"] {
            let text = format!("a,b\n1,2\n3,\"{cell}\"\n");
            let table = table(&text).expect("a table");
            let problem = table.column(1, &text).expect_err(cell);
            let message = "row 2, column `b` of some.csv: expected a finite number";
            assert_eq!(problem.message, message, "{cell}");
            let span = problem.span();
            assert_eq!(&text[span.start..span.end], cell);
        }
    }
}
