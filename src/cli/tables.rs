//! Reads numbers back from the tables of a finished run, CSV or Parquet.

use crate::cli::store::directory::Finished;
use crate::engine::model::Model;
use crate::error::Error;
use crate::study::results::columns::{cause_column, file_name};
use crate::study::results::path::ResultPath;
use crate::study::results::quantity::Quantity;
use crate::study::results::sheet::Format;
use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

/// A series of one number per world: where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Series {
    table: &'static str,
    /// What the labels of its rows are.
    labels: Vec<(&'static str, String)>,
    column: String,
}

/// The values of `paths` in every world of a finished run of `model`, with differences to the arm `reference`; NaN where a world has none.
pub fn values(
    run: &Path,
    finished: &Finished,
    model: &Model,
    paths: &[ResultPath],
    reference: usize,
) -> Result<Vec<Vec<f64>>, Error> {
    let mut values = Vec::new();
    for path in paths {
        let parts = path.parts(model, reference);
        let read = |(arm, quantity)| {
            let stands = series(model, quantity, arm).ok_or_else(|| Error::NotInRun {
                path: path.describe(model),
            })?;
            read(run, finished, &stands)
        };
        let column = read(parts.own)?;
        let other = parts.other.map(read).transpose()?.unwrap_or_default();
        let worlds = column.iter().enumerate();
        let worlds = worlds.map(|(world, &value)| {
            parts
                .form
                .apply(value, || other.get(world).copied().unwrap_or(f64::NAN))
        });
        values.push(worlds.collect());
    }
    Ok(values)
}

/// The draws of every uncertain quantity in every world, and which events came.
pub fn draws(run: &Path, finished: &Finished, model: &Model) -> Result<Vec<Vec<f64>>, Error> {
    let names = (0..model.draws_len()).map(|index| model.draw_name(index).into_owned());
    let names: Vec<String> = names.collect();
    whole(
        run,
        finished,
        "draws",
        columns(run, finished.format, "draws", &[], &names, usize::MAX)?,
    )
}

/// Columns of numbers of the first `rows` rows of a table, in its order.
#[cfg(feature = "html")]
pub fn first_rows(
    run: &Path,
    finished: &Finished,
    table: &str,
    names: &[String],
    rows: usize,
) -> Result<Vec<Vec<f64>>, Error> {
    let mut columns = columns(run, finished.format, table, &[], names, rows)?;
    let short = columns.iter().map(Vec::len).find(|&length| length < rows);
    if let Some(length) = short {
        let file = file_name(table, finished.format);
        return Err(Error::NotARun {
            path: run.to_owned(),
            reason: format!("its {file} has {length} rows, fewer than {rows}"),
        });
    }
    columns.iter_mut().for_each(|column| column.truncate(rows));
    Ok(columns)
}

fn read(run: &Path, finished: &Finished, series: &Series) -> Result<Vec<f64>, Error> {
    if !finished.columns.contains(&series.table) {
        return Err(Error::NotARun {
            path: run.to_owned(),
            reason: format!(
                "it was kept without its table of {}; run again without --keep summary, or give the scenario instead",
                series.table
            ),
        });
    }
    let names = std::slice::from_ref(&series.column);
    let labels = &series.labels;
    let read = columns(
        run,
        finished.format,
        series.table,
        labels,
        names,
        usize::MAX,
    )?;
    let read = whole(run, finished, series.table, read)?;
    Ok(read.into_iter().next().unwrap_or_default())
}

/// The columns, if they have a row for every world.
fn whole(
    run: &Path,
    finished: &Finished,
    table: &str,
    columns: Vec<Vec<f64>>,
) -> Result<Vec<Vec<f64>>, Error> {
    let worlds = finished.results.manifest.trials;
    match columns.iter().find(|column| column.len() as u64 != worlds) {
        None => Ok(columns),
        Some(column) => Err(Error::NotARun {
            path: run.to_owned(),
            reason: format!(
                "its {} has rows for {} of {worlds} worlds",
                file_name(table, finished.format),
                column.len()
            ),
        }),
    }
}

/// Where a number of an arm stands.
fn series(model: &Model, quantity: Quantity, arm: usize) -> Option<Series> {
    let state = |i: usize| ("state", model.states[i].id.clone());
    let named = |name: &str| name.to_owned();
    let (table, mut labels, column) = match quantity {
        Quantity::State(i, metric) => ("trials", vec![state(i)], named(metric.name())),
        Quantity::Hyperscaler(h, metric) => {
            let label = ("hyperscaler", model.hyperscalers[h].id.clone());
            ("hyperscalers", vec![label], named(metric.name()))
        }
        Quantity::Total(metric) => ("arms", Vec::new(), named(metric.name())),
        Quantity::Cause(Some(i), cause) => ("trials", vec![state(i)], cause_column(cause)),
        Quantity::Cause(None, cause) => ("arms", Vec::new(), cause_column(cause)),
        Quantity::Term(k) => {
            let column = format!("term.{}", model.terms[k].id);
            ("arms", Vec::new(), column)
        }
        Quantity::Formed => ("arms", Vec::new(), named("accord_formed")),
        Quantity::Size => ("arms", Vec::new(), named("accord_size")),
        Quantity::Rounds => ("arms", Vec::new(), named("accord_rounds")),
        Quantity::Window(w, metric) => {
            let labels = vec![("window", w.to_string()), state(0)];
            ("windows", labels, named(metric.name()))
        }
        Quantity::WindowState(w, i, metric) => {
            let labels = vec![("window", w.to_string()), state(i)];
            ("windows", labels, named(metric.name()))
        }
        _ => return None,
    };
    labels.push(("arm", model.arms[arm].name.clone()));
    Some(Series {
        table,
        labels,
        column,
    })
}

/// Columns of the rows of a table that have the labels, in the order of the file; those after `most` of them may be left out.
fn columns(
    run: &Path,
    format: Format,
    table: &str,
    labels: &[(&str, String)],
    names: &[String],
    most: usize,
) -> Result<Vec<Vec<f64>>, Error> {
    let path = run.join(file_name(table, format));
    let file = File::open(&path).map_err(Error::unreadable(&path))?;
    let read = match format {
        Format::Csv => of_csv(file, labels, names, most),
        #[cfg(feature = "parquet")]
        Format::Parquet | Format::Arrow => of_parquet(file, labels, names, most),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet | Format::Arrow => {
            Err(io::Error::other(crate::study::results::sheet::NotBuiltIn))
        }
    };
    read.map_err(Error::unreadable(&path))
}

fn lacks(name: &str) -> io::Error {
    io::Error::other(format!("it has no column `{name}`"))
}

fn of_csv(
    file: File,
    labels: &[(&str, String)],
    names: &[String],
    most: usize,
) -> io::Result<Vec<Vec<f64>>> {
    let mut reader = csv::Reader::from_reader(file);
    let header = reader.headers()?.clone();
    let places: HashMap<&str, usize> = header.iter().zip(0..).collect();
    let place = |name: &str| places.get(name).copied().ok_or_else(|| lacks(name));
    let wanted = labels.iter().map(|(name, value)| Ok((place(name)?, value)));
    let wanted: Vec<(usize, &String)> = wanted.collect::<io::Result<_>>()?;
    let numbers = names.iter().map(|name| place(name));
    let numbers: Vec<usize> = numbers.collect::<io::Result<_>>()?;
    let mut columns = vec![Vec::new(); names.len()];
    let mut record = csv::StringRecord::new();
    let goes_on = |columns: &[Vec<f64>]| columns.first().is_none_or(|one| one.len() < most);
    while goes_on(&columns) && reader.read_record(&mut record)? {
        if !wanted
            .iter()
            .all(|&(at, value)| record.get(at) == Some(value))
        {
            continue;
        }
        for (column, &at) in columns.iter_mut().zip(&numbers) {
            let cell = record.get(at).unwrap_or_default();
            let number = match cell {
                "" => f64::NAN,
                cell => cell
                    .parse()
                    .map_err(|_| io::Error::other(format!("`{cell}` is no number")))?,
            };
            column.push(number);
        }
    }
    Ok(columns)
}

#[cfg(feature = "parquet")]
fn of_parquet(
    file: File,
    labels: &[(&str, String)],
    names: &[String],
    most: usize,
) -> io::Result<Vec<Vec<f64>>> {
    use arrow_array::cast::AsArray;
    use arrow_array::types::{Float64Type, UInt64Type};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(io::Error::other)?;
    let reader = builder.build().map_err(io::Error::other)?;
    let mut columns = vec![Vec::new(); names.len()];
    for batch in reader {
        if columns.first().is_some_and(|one| one.len() >= most) {
            break;
        }
        let batch = batch.map_err(io::Error::other)?;
        let mut kept = vec![true; batch.num_rows()];
        for (name, value) in labels {
            let array = batch.column_by_name(name).ok_or_else(|| lacks(name))?;
            if let Some(text) = array.as_string_opt::<i32>() {
                let rows = kept.iter_mut().zip(text);
                rows.for_each(|(kept, label)| *kept &= label == Some(value));
            } else if let Some(index) = array.as_primitive_opt::<UInt64Type>() {
                let wanted = value.parse().ok();
                let rows = kept.iter_mut().zip(index);
                rows.for_each(|(kept, index)| *kept &= index == wanted);
            }
        }
        for (column, name) in columns.iter_mut().zip(names) {
            let array = batch.column_by_name(name).ok_or_else(|| lacks(name))?;
            let array = array
                .as_primitive_opt::<Float64Type>()
                .ok_or_else(|| lacks(name))?;
            let rows = array.iter().zip(&kept).filter(|(_, kept)| **kept);
            column.extend(rows.map(|(number, _)| number.unwrap_or(f64::NAN)));
        }
    }
    Ok(columns)
}
