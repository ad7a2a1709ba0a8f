//! A table of results as a file: CSV, or Parquet or Arrow with types and units.
//!
//! Cells come one by one, row by row, so that a table never has to fit into memory. The same cells give the same bytes.

#[cfg(feature = "parquet")]
use crate::study::results::columnar::Columnar;
pub use crate::study::results::format::{Format, NotBuiltIn};
pub use crate::study::results::sheet_heading::{ColumnKind, SheetHeading};
use std::borrow::Cow;
use std::io::{self, Write};

/// A table that is being written.
pub struct Sheet<W: Write + Send> {
    file: File<W>,
}

enum File<W: Write + Send> {
    Csv(Box<csv::Writer<W>>, String),
    #[cfg(feature = "parquet")]
    Columnar(Box<Columnar<W>>),
}

impl<W: Write + Send> Sheet<W> {
    /// Opens a table with its columns.
    ///
    /// # Errors
    /// What writing returns; [`NotBuiltIn`] for Parquet and Arrow where they are not.
    pub fn new(format: Format, headings: &[SheetHeading], writer: W) -> io::Result<Sheet<W>> {
        let file = match format {
            Format::Csv => {
                let mut writer = csv_writer(writer);
                writer.write_record(headings.iter().map(|heading| &heading.name))?;
                File::Csv(Box::new(writer), String::new())
            }
            #[cfg(feature = "parquet")]
            Format::Parquet | Format::Arrow => {
                File::Columnar(Box::new(Columnar::new(format, headings, writer)?))
            }
            #[cfg(not(feature = "parquet"))]
            Format::Parquet | Format::Arrow => return Err(io::Error::other(NotBuiltIn)),
        };
        Ok(Sheet { file })
    }

    /// The next cell of a row, in a column of whole numbers.
    ///
    /// # Errors
    /// What writing returns.
    pub fn index(&mut self, index: u64) -> io::Result<()> {
        match &mut self.file {
            File::Csv(writer, _) => writer.write_field(index.to_string())?,
            #[cfg(feature = "parquet")]
            File::Columnar(columnar) => columnar.index(index),
        }
        Ok(())
    }

    /// The next cell of a row, in a column of text.
    ///
    /// # Errors
    /// What writing returns.
    pub fn label(&mut self, label: &str) -> io::Result<()> {
        match &mut self.file {
            File::Csv(writer, _) => writer.write_field(label)?,
            #[cfg(feature = "parquet")]
            File::Columnar(columnar) => columnar.label(label),
        }
        Ok(())
    }

    /// The next cell of a row, in a column of numbers; NaN means none.
    ///
    /// # Errors
    /// What writing returns.
    pub fn number(&mut self, number: f64) -> io::Result<()> {
        match &mut self.file {
            File::Csv(writer, text) => {
                text.clear();
                write_number(text, number);
                writer.write_field(text.as_str())?;
            }
            #[cfg(feature = "parquet")]
            File::Columnar(columnar) => columnar.number(number),
        }
        Ok(())
    }

    /// Ends a row, in which every column has its cell.
    ///
    /// # Errors
    /// What writing returns.
    pub fn end_row(&mut self) -> io::Result<()> {
        match &mut self.file {
            File::Csv(writer, _) => Ok(writer.write_record(None::<&[u8]>)?),
            #[cfg(feature = "parquet")]
            File::Columnar(columnar) => columnar.end_row(),
        }
    }

    /// Completes the table and gives its writer back.
    ///
    /// # Errors
    /// What writing returns.
    pub fn finish(self) -> io::Result<W> {
        match self.file {
            File::Csv(writer, _) => (*writer).into_inner().map_err(|error| error.into_error()),
            #[cfg(feature = "parquet")]
            File::Columnar(columnar) => columnar.finish(),
        }
    }
}

/// Every CSV file of the program is written by this. Rows may have other lengths than the header: figures that stand side by side share one.
fn csv_writer<W: Write>(writer: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().flexible(true).from_writer(writer)
}

/// A cell of text as programs that calculate read it: what would begin a formula there has an apostrophe before it, by which they take it for text.
fn as_text(cell: &[u8]) -> Cow<'_, [u8]> {
    let begins = cell
        .first()
        .is_some_and(|first| b"=+-@\t\r".contains(first));
    let number = std::str::from_utf8(cell).map(str::parse::<f64>);
    match begins && !number.is_ok_and(|number| number.is_ok()) {
        true => Cow::Owned([b"'", cell].concat()),
        false => Cow::Borrowed(cell),
    }
}

/// A small table of text as CSV.
pub fn text<Cell: AsRef<[u8]>>(
    header: &[Cell],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = impl AsRef<[u8]>>>,
) -> String {
    let mut writer = csv_writer(Vec::new());
    let write = || {
        writer.write_record(header.iter().map(|cell| as_text(cell.as_ref())))?;
        for row in rows {
            for cell in row {
                writer.write_field(as_text(cell.as_ref()))?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
        Ok::<_, csv::Error>(())
    };
    write().expect("memory takes everything");
    let bytes = writer.into_inner().expect("memory takes everything");
    String::from_utf8(bytes).expect("cells are UTF-8")
}

/// The shortest text that reads back as `number`; nothing for none.
fn write_number(cell: &mut String, number: f64) {
    use std::fmt::Write as _;
    let size = number.abs();
    let written = if number.is_nan() {
        Ok(())
    } else if size != 0.0 && !(1e-5..1e16).contains(&size) {
        write!(cell, "{number:e}")
    } else {
        // Adding 0 turns −0 into 0.
        write!(cell, "{}", number + 0.0)
    };
    written.expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings() -> [SheetHeading; 3] {
        [
            SheetHeading::index("trial"),
            SheetHeading::label("arm"),
            SheetHeading::number("payoff", "US$ bn"),
        ]
    }

    fn written(format: Format, rows: u64) -> Vec<u8> {
        let mut sheet = Sheet::new(format, &headings(), Vec::new()).expect("memory");
        for row in 0..rows {
            sheet.index(row).expect("memory");
            sheet
                .label(if row % 2 == 0 { "bloc, or not" } else { "b" })
                .expect("memory");
            sheet
                .number(if row == 1 { f64::NAN } else { row as f64 / 3.0 })
                .expect("memory");
            sheet.end_row().expect("memory");
        }
        sheet.finish().expect("memory")
    }

    #[test]
    fn rows_of_csv() {
        let text = String::from_utf8(written(Format::Csv, 2)).expect("text");
        assert_eq!(text, "trial,arm,payoff\n0,\"bloc, or not\",0\n1,b,\n");
    }

    #[test]
    fn numbers_read_back() {
        for number in [0.1, -3.25e-9, 1e20, 0.0, 123456.789, f64::MIN_POSITIVE] {
            let mut cell = String::new();
            write_number(&mut cell, number);
            assert_eq!(cell.parse::<f64>(), Ok(number), "{cell}");
        }
        let mut cell = String::new();
        write_number(&mut cell, -0.0);
        assert_eq!(cell, "0");
    }

    #[cfg(feature = "parquet")]
    #[test]
    fn parquet_reads_back_with_types_units_and_absent_numbers() {
        use arrow_array::cast::AsArray;
        use arrow_array::types::{Float64Type, UInt64Type};
        use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
        let rows = 40_000;
        let bytes = written(Format::Parquet, rows);
        assert_eq!(
            bytes,
            written(Format::Parquet, rows),
            "same cells, same bytes"
        );
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(&bytes).expect("writable");
        let reader = ParquetRecordBatchReaderBuilder::try_new(file).expect("Parquet");
        assert_eq!(reader.schema().field(2).metadata()["unit"], "US$ bn");
        let mut seen = 0;
        for batch in reader.build().expect("Parquet") {
            let batch = batch.expect("whole");
            let trials = batch.column(0).as_primitive::<UInt64Type>();
            let arms = batch.column(1).as_string::<i32>();
            let payoffs = batch.column(2).as_primitive::<Float64Type>();
            for row in 0..batch.num_rows() {
                assert_eq!(trials.value(row), seen);
                assert_eq!(
                    arms.value(row),
                    if seen % 2 == 0 { "bloc, or not" } else { "b" }
                );
                let payoff = payoffs.iter().nth(row).expect("a row");
                assert_eq!(payoff, (seen != 1).then_some(seen as f64 / 3.0));
                seen += 1;
                if row > 50 {
                    seen += (batch.num_rows() - row - 1) as u64;
                    break;
                }
            }
        }
        assert_eq!(seen, rows);
    }
}
