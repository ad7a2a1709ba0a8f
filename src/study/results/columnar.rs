//! A table column by column: Parquet with zstd, or a stream of Arrow, both with types and the units of fields.

use crate::study::results::format::Format;
use crate::study::results::sheet_heading::{ColumnKind, SheetHeading};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema};
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

/// Name of a unit in the metadata of a field.
pub const UNIT: &str = "unit";

enum ColumnCells {
    Index(Vec<u64>),
    Label(Vec<String>),
    Number(Vec<Option<f64>>),
}

/// A columnar file that is being written.
pub struct Columnar<W: Write + Send> {
    schema: Arc<Schema>,
    columns: Vec<ColumnCells>,
    /// ColumnCells of the next cell.
    next: usize,
    rows: usize,
    writer: BatchWriter<W>,
}

enum BatchWriter<W: Write + Send> {
    Parquet(Box<ArrowWriter<W>>),
    Arrow(Box<StreamWriter<W>>),
}

impl<W: Write + Send> Columnar<W> {
    /// Opens a table with its columns, in Arrow if that is the format, else in Parquet.
    ///
    /// # Errors
    /// What writing returns.
    pub fn new(format: Format, headings: &[SheetHeading], writer: W) -> io::Result<Columnar<W>> {
        let schema = Arc::new(schema(headings));
        let columns = headings.iter().map(|heading| match heading.kind {
            ColumnKind::Index => ColumnCells::Index(Vec::new()),
            ColumnKind::Label => ColumnCells::Label(Vec::new()),
            ColumnKind::Number => ColumnCells::Number(Vec::new()),
        });
        Ok(Columnar {
            columns: columns.collect(),
            next: 0,
            rows: 0,
            writer: BatchWriter::new(format, &schema, writer)?,
            schema,
        })
    }

    /// The next cell of a row, in a column of whole numbers.
    pub fn index(&mut self, index: u64) {
        if let Some(ColumnCells::Index(column)) = self.columns.get_mut(self.next) {
            column.push(index);
        }
        self.next += 1;
    }

    /// The next cell of a row, in a column of text.
    pub fn label(&mut self, label: &str) {
        if let Some(ColumnCells::Label(column)) = self.columns.get_mut(self.next) {
            column.push(label.to_owned());
        }
        self.next += 1;
    }

    /// The next cell of a row, in a column of numbers; NaN means none.
    pub fn number(&mut self, number: f64) {
        if let Some(ColumnCells::Number(column)) = self.columns.get_mut(self.next) {
            column.push((!number.is_nan()).then_some(number + 0.0));
        }
        self.next += 1;
    }

    /// Ends a row.
    ///
    /// # Errors
    /// What writing returns.
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
                ColumnCells::Index(values) => Arc::new(UInt64Array::from(std::mem::take(values))),
                ColumnCells::Label(values) => Arc::new(StringArray::from(std::mem::take(values))),
                ColumnCells::Number(values) => Arc::new(Float64Array::from(std::mem::take(values))),
            }
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect());
        let batch = batch.map_err(io::Error::other)?;
        self.rows = 0;
        self.writer.write(&batch)
    }

    /// Completes the table and gives its writer back.
    ///
    /// # Errors
    /// What writing returns.
    pub fn finish(mut self) -> io::Result<W> {
        self.flush()?;
        self.writer.finish()
    }
}

impl<W: Write + Send> BatchWriter<W> {
    fn new(format: Format, schema: &Arc<Schema>, writer: W) -> io::Result<BatchWriter<W>> {
        if format == Format::Arrow {
            let writer = StreamWriter::try_new(writer, schema).map_err(of_arrow)?;
            return Ok(BatchWriter::Arrow(Box::new(writer)));
        }
        let level = ZstdLevel::try_new(LEVEL).map_err(of_parquet)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by(env!("CARGO_PKG_NAME").to_owned())
            .build();
        let writer = ArrowWriter::try_new(writer, Arc::clone(schema), Some(properties));
        Ok(BatchWriter::Parquet(Box::new(writer.map_err(of_parquet)?)))
    }

    fn write(&mut self, batch: &RecordBatch) -> io::Result<()> {
        match self {
            BatchWriter::Parquet(writer) => writer.write(batch).map_err(of_parquet),
            BatchWriter::Arrow(writer) => {
                writer.write(batch).map_err(of_arrow)?;
                writer.flush().map_err(of_arrow)
            }
        }
    }

    fn finish(self) -> io::Result<W> {
        match self {
            BatchWriter::Parquet(writer) => writer.into_inner().map_err(of_parquet),
            BatchWriter::Arrow(writer) => writer.into_inner().map_err(of_arrow),
        }
    }
}

/// The columns of a table with their types and units.
pub fn schema(headings: &[SheetHeading]) -> Schema {
    let fields = headings.iter().map(|heading| {
        let (kind, may_be_none) = match heading.kind {
            ColumnKind::Index => (DataType::UInt64, false),
            ColumnKind::Label => (DataType::Utf8, false),
            ColumnKind::Number => (DataType::Float64, true),
        };
        let field = Field::new(&heading.name, kind, may_be_none);
        match heading.unit.as_str() {
            "" => field,
            unit => field.with_metadata(HashMap::from([(UNIT.to_owned(), unit.to_owned())])),
        }
    });
    Schema::new(fields.collect::<Vec<_>>())
}

/// What the library says of a failure, as what the system said where it passed that on.
fn of_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(inner) => io::Error::other(inner),
        },
        other => io::Error::other(other),
    }
}

/// The same of Arrow.
fn of_arrow(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other),
    }
}
