//! A table of results as a file: CSV, or Parquet with types, units and compression.
//!
//! Cells come one by one, row by row, so that a table never has to fit into memory. The same cells give the same bytes.

pub use crate::study::results::format::{Format, NotBuiltIn};
use std::io::{self, Write};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Whole numbers from 0.
    Index,
    /// Text.
    Label,
    /// Numbers, each of which may be absent.
    Number,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetHeading {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Unit of its numbers, empty for none.
    pub unit: String,
}

impl SheetHeading {
    /// A column of whole numbers.
    pub fn index(name: &str) -> SheetHeading {
        SheetHeading::new(name, ColumnKind::Index, "")
    }

    /// A column of text.
    pub fn label(name: &str) -> SheetHeading {
        SheetHeading::new(name, ColumnKind::Label, "")
    }

    /// A column of numbers in a unit.
    pub fn number(name: &str, unit: &str) -> SheetHeading {
        SheetHeading::new(name, ColumnKind::Number, unit)
    }

    fn new(name: &str, kind: ColumnKind, unit: &str) -> SheetHeading {
        SheetHeading {
            name: name.to_owned(),
            kind,
            unit: unit.to_owned(),
        }
    }
}

/// A table that is being written.
pub struct Sheet<W: Write + Send> {
    file: File<W>,
}

enum File<W: Write + Send> {
    Csv(Box<csv::Writer<W>>, String),
    #[cfg(feature = "parquet")]
    Parquet(Box<columnar::Columnar<W>>),
}

impl<W: Write + Send> Sheet<W> {
    /// Opens a table with its columns.
    ///
    /// # Errors
    /// What writing returns; [`NotBuiltIn`] for Parquet where it is.
    pub fn new(format: Format, headings: &[SheetHeading], writer: W) -> io::Result<Sheet<W>> {
        let file = match format {
            Format::Csv => {
                let mut writer = csv_writer(writer);
                writer.write_record(headings.iter().map(|heading| &heading.name))?;
                File::Csv(Box::new(writer), String::new())
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => File::Parquet(Box::new(columnar::Columnar::new(headings, writer)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => return Err(io::Error::other(NotBuiltIn)),
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
            File::Parquet(columnar) => columnar.index(index),
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
            File::Parquet(columnar) => columnar.label(label),
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
            File::Parquet(columnar) => columnar.number(number),
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
            File::Parquet(columnar) => columnar.end_row(),
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
            File::Parquet(columnar) => columnar.finish(),
        }
    }
}

/// Every CSV file of the program is written by this. Rows may have other lengths than the header: figures that stand side by side share one.
fn csv_writer<W: Write>(writer: W) -> csv::Writer<W> {
    csv::WriterBuilder::new().flexible(true).from_writer(writer)
}

/// A small table of text as CSV.
pub fn text<Cell: AsRef<[u8]>>(
    header: &[Cell],
    rows: impl IntoIterator<Item = impl IntoIterator<Item = impl AsRef<[u8]>>>,
) -> String {
    let mut writer = csv_writer(Vec::new());
    let write = || {
        writer.write_record(header)?;
        rows.into_iter()
            .try_for_each(|row| writer.write_record(row))
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

#[cfg(feature = "parquet")]
mod columnar {
    use super::{ColumnKind, SheetHeading};
    use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
    use arrow_schema::{DataType, Field, Schema};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::{Compression, ZstdLevel};
    use parquet::errors::ParquetError;
    use parquet::file::properties::WriterProperties;
    use std::collections::HashMap;
    use std::io::{self, Write};
    use std::sync::Arc;

    /// Rows that wait in memory before they are written.
    const ROWS: usize = 16_384;

    /// Level of zstd: the usual one.
    const LEVEL: i32 = 3;

    enum Column {
        Index(Vec<u64>),
        Label(Vec<String>),
        Number(Vec<Option<f64>>),
    }

    /// A Parquet file that is being written.
    pub struct Columnar<W: Write + Send> {
        schema: Arc<Schema>,
        columns: Vec<Column>,
        /// Column of the next cell.
        next: usize,
        rows: usize,
        writer: ArrowWriter<W>,
    }

    impl<W: Write + Send> Columnar<W> {
        pub fn new(headings: &[SheetHeading], writer: W) -> io::Result<Columnar<W>> {
            let fields = headings.iter().map(|heading| {
                let (kind, may_be_none) = match heading.kind {
                    ColumnKind::Index => (DataType::UInt64, false),
                    ColumnKind::Label => (DataType::Utf8, false),
                    ColumnKind::Number => (DataType::Float64, true),
                };
                let field = Field::new(&heading.name, kind, may_be_none);
                match heading.unit.as_str() {
                    "" => field,
                    unit => {
                        field.with_metadata(HashMap::from([("unit".to_owned(), unit.to_owned())]))
                    }
                }
            });
            let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
            let level = ZstdLevel::try_new(LEVEL).map_err(failed)?;
            let properties = WriterProperties::builder()
                .set_compression(Compression::ZSTD(level))
                .set_created_by(env!("CARGO_PKG_NAME").to_owned())
                .build();
            let writer = ArrowWriter::try_new(writer, Arc::clone(&schema), Some(properties));
            let columns = headings.iter().map(|heading| match heading.kind {
                ColumnKind::Index => Column::Index(Vec::new()),
                ColumnKind::Label => Column::Label(Vec::new()),
                ColumnKind::Number => Column::Number(Vec::new()),
            });
            Ok(Columnar {
                schema,
                columns: columns.collect(),
                next: 0,
                rows: 0,
                writer: writer.map_err(failed)?,
            })
        }

        pub fn index(&mut self, index: u64) {
            if let Some(Column::Index(column)) = self.columns.get_mut(self.next) {
                column.push(index);
            }
            self.next += 1;
        }

        pub fn label(&mut self, label: &str) {
            if let Some(Column::Label(column)) = self.columns.get_mut(self.next) {
                column.push(label.to_owned());
            }
            self.next += 1;
        }

        pub fn number(&mut self, number: f64) {
            if let Some(Column::Number(column)) = self.columns.get_mut(self.next) {
                column.push((!number.is_nan()).then_some(number + 0.0));
            }
            self.next += 1;
        }

        pub fn end_row(&mut self) -> io::Result<()> {
            self.next = 0;
            self.rows += 1;
            if self.rows == ROWS {
                self.flush()
            } else {
                Ok(())
            }
        }

        /// Writes the rows that wait. A cell of the wrong kind leaves its column short, which is an error here.
        fn flush(&mut self) -> io::Result<()> {
            if self.rows == 0 {
                return Ok(());
            }
            let arrays = self.columns.iter_mut().map(|column| -> ArrayRef {
                match column {
                    Column::Index(values) => Arc::new(UInt64Array::from(std::mem::take(values))),
                    Column::Label(values) => Arc::new(StringArray::from(std::mem::take(values))),
                    Column::Number(values) => Arc::new(Float64Array::from(std::mem::take(values))),
                }
            });
            let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect());
            let batch = batch.map_err(io::Error::other)?;
            self.rows = 0;
            self.writer.write(&batch).map_err(failed)
        }

        pub fn finish(mut self) -> io::Result<W> {
            self.flush()?;
            self.writer.into_inner().map_err(failed)
        }
    }

    /// What the library says of a failure, as what the system said where it passed that on.
    fn failed(error: ParquetError) -> io::Error {
        match error {
            ParquetError::External(inner) => match inner.downcast::<io::Error>() {
                Ok(error) => *error,
                Err(inner) => io::Error::other(inner),
            },
            other => io::Error::other(other),
        }
    }
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
