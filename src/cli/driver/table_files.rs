//! Tables of files as batches of Arrow.

use crate::cli::driver::batches::HeldTable;
use crate::study::results::columnar::schema;
use crate::study::results::sheet::{ColumnKind, SheetHeading};
use arrow_array::{ArrayRef, Float64Array, RecordBatch, StringArray, UInt64Array};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// Columns that number rows.
const INDICES: [&str; 3] = ["cell", "trial", "window"];

/// Columns of text, whatever their cells look like: an id may be any word, also NA, 1 or a date.
const TEXTS: [&str; 7] = [
    "arm",
    "hyperscaler",
    "members",
    "reason",
    "sign",
    "state",
    "status",
];

/// A Parquet file.
pub fn of_parquet(file: File) -> io::Result<HeldTable> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(io::Error::other)?;
    let reader = builder.build().map_err(io::Error::other)?;
    let schema = arrow_array::RecordBatchReader::schema(&reader);
    let batches = reader.collect::<Result<_, _>>().map_err(io::Error::other)?;
    Ok(HeldTable { schema, batches })
}

/// A CSV file of ours. A column that is not known by its name holds numbers, any of which may be absent, unless a cell is none.
pub fn of_csv(file: impl Read) -> io::Result<HeldTable> {
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers()?.clone();
    let mut cells: Vec<Vec<String>> = vec![Vec::new(); header.len()];
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let row = cells.iter_mut().zip(&record);
        row.for_each(|(column, cell)| column.push(cell.to_owned()));
    }
    let columns = header
        .iter()
        .zip(cells)
        .map(|(name, cells)| column(name, cells));
    let (headings, arrays): (Vec<SheetHeading>, Vec<ArrayRef>) = columns.unzip();
    let schema = Arc::new(schema(&headings));
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(io::Error::other)?;
    Ok(HeldTable {
        schema,
        batches: vec![batch],
    })
}

fn column(name: &str, cells: Vec<String>) -> (SheetHeading, ArrayRef) {
    let texts = || SheetHeading::label(name);
    if TEXTS.contains(&name) {
        return (texts(), Arc::new(StringArray::from(cells)));
    }
    if INDICES.contains(&name) {
        let numbers: Result<Vec<u64>, _> = cells.iter().map(|cell| cell.parse()).collect();
        if let Ok(numbers) = numbers {
            return (
                SheetHeading::index(name),
                Arc::new(UInt64Array::from(numbers)),
            );
        }
    }
    let number = |cell: &String| match cell.as_str() {
        "" => Some(None),
        cell => cell.parse().ok().map(Some),
    };
    let numbers: Option<Vec<Option<f64>>> = cells.iter().map(number).collect();
    match numbers {
        Some(numbers) => (
            SheetHeading {
                name: name.to_owned(),
                kind: ColumnKind::Number,
                unit: String::new(),
            },
            Arc::new(Float64Array::from(numbers)),
        ),
        None => (texts(), Arc::new(StringArray::from(cells))),
    }
}
