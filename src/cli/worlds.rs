//! Worlds that come as a table: `--worlds FILE`, CSV or Parquet.

use crate::cli::source::read_text;
use crate::cli::texts::{GivenWorlds, TextFiles};
use crate::error::Error;
use crate::scenario::Source;
use crate::study::digest::sha256_hex;
use crate::study::results::sheet::Format;
use std::path::Path;

/// Reads the table of worlds that `--worlds` names; a plan holds it.
pub fn table(path: &Path, files: &TextFiles) -> Result<GivenWorlds, Error> {
    let name = path.to_string_lossy();
    let hash = format!("SHA-256 of {name}");
    let mut read_hash = None;
    let source = files.layer(path, || {
        let table = read(path)?;
        read_hash = Some(table.sha256);
        Ok(table.source)
    })?;
    if read_hash.is_none() && !files.is_stored() {
        // Who gives a text gives no file.
        read_hash = Some(sha256_hex(&source.text));
    }
    let sha256 = files.noted(&hash, read_hash);
    Ok(GivenWorlds { source, sha256 })
}

fn read(path: &Path) -> Result<GivenWorlds, Error> {
    let name = path.to_string_lossy().into_owned();
    let unreadable = |reason: String| Error::Unreadable {
        name: name.clone(),
        reason,
    };
    let (text, sha256) = match format_of(path) {
        Format::Csv => {
            let text = read_text(path).map_err(unreadable)?;
            let sha256 = sha256_hex(&text);
            (text, sha256)
        }
        Format::Parquet | Format::Arrow => columnar::read(path).map_err(Error::unreadable(path))?,
    };
    Ok(GivenWorlds {
        source: Source { name, text },
        sha256,
    })
}

/// The format of a table by the ending of its name: Parquet, or CSV whatever else it is.
pub fn format_of(path: &Path) -> Format {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending.is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
        true => Format::Parquet,
        false => Format::Csv,
    }
}

#[cfg(not(feature = "parquet"))]
mod columnar {
    use crate::study::results::sheet::NotBuiltIn;
    use std::io;
    use std::path::Path;

    pub fn read(_: &Path) -> io::Result<(String, String)> {
        Err(io::Error::other(NotBuiltIn))
    }
}

#[cfg(feature = "parquet")]
mod columnar {
    use crate::study::digest::hex;
    use arrow_array::cast::AsArray;
    use arrow_array::types::{
        Float32Type, Float64Type, Int32Type, Int64Type, UInt32Type, UInt64Type,
    };
    use arrow_array::{Array, ArrayRef};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use sha2::{Digest, Sha256};
    use std::fs::{self, File};
    use std::io;
    use std::path::Path;

    /// A table as CSV, and the SHA-256 of its file. Numbers are written so that they read back exactly.
    pub fn read(path: &Path) -> io::Result<(String, String)> {
        let sha256 = hex(&Sha256::digest(fs::read(path)?));
        let file = File::open(path)?;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(io::Error::other)?;
        let names = builder.schema().fields().iter();
        let names: Vec<String> = names.map(|field| field.name().clone()).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&names)?;
        for batch in builder.build().map_err(io::Error::other)? {
            let batch = batch.map_err(io::Error::other)?;
            let columns = names.iter().zip(batch.columns());
            let columns = columns.map(|(name, array)| cells(name, array));
            let columns = columns.collect::<io::Result<Vec<Vec<String>>>>()?;
            for row in 0..batch.num_rows() {
                writer.write_record(columns.iter().map(|column| &column[row]))?;
            }
        }
        let bytes = writer.into_inner().map_err(|error| error.into_error())?;
        let text = String::from_utf8(bytes).map_err(io::Error::other)?;
        Ok((text, sha256))
    }

    fn written<T: ToString>(cells: impl Iterator<Item = Option<T>>) -> Vec<String> {
        let cell = |value: Option<T>| value.map_or_else(String::new, |value| value.to_string());
        cells.map(cell).collect()
    }

    fn cells(name: &str, array: &ArrayRef) -> io::Result<Vec<String>> {
        if let Some(array) = array.as_primitive_opt::<Float64Type>() {
            return Ok(written(array.iter()));
        }
        if let Some(array) = array.as_primitive_opt::<Float32Type>() {
            return Ok(written(array.iter().map(|x| x.map(f64::from))));
        }
        if let Some(array) = array.as_primitive_opt::<Int64Type>() {
            return Ok(written(array.iter()));
        }
        if let Some(array) = array.as_primitive_opt::<Int32Type>() {
            return Ok(written(array.iter()));
        }
        if let Some(array) = array.as_primitive_opt::<UInt64Type>() {
            return Ok(written(array.iter()));
        }
        if let Some(array) = array.as_primitive_opt::<UInt32Type>() {
            return Ok(written(array.iter()));
        }
        if let Some(array) = array.as_boolean_opt() {
            return Ok(written(array.iter()));
        }
        Err(io::Error::other(format!(
            "its column `{name}` holds {}, not numbers",
            array.data_type()
        )))
    }
}
