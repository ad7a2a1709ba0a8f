//! Tables of a study in memory, as batches of Arrow: made of what its pieces say, read from its directory, or what of its document is one.

use crate::cli::driver::asked::{Asked, ResultsOf};
use crate::cli::driver::batches::HeldTable;
use crate::cli::driver::held_pieces::{HeldPieces, HeldRest};
use crate::cli::driver::table_files::{of_csv, of_parquet};
use crate::cli::driver::table_rows::{of_rows, rows_in};
use crate::error::Error;
use crate::study::pieces::{Out, Study, StudyError, TableSet};
use crate::study::results::columns::{FILES, file_name};
use crate::study::results::sheet::Format;
use crate::theory::spelling::{listed, nearest};
use arrow_ipc::reader::StreamDecoder;
use arrow_schema::Schema;
use serde_json::Value;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

/// The names of the tables of a study: those that are files of its directory, then those of its document.
pub fn names<A: Asked>(asked: &A, results: &ResultsOf<A>, rest: &HeldRest) -> Vec<String> {
    let mut names = match rest {
        HeldRest::Nothing => Vec::new(),
        HeldRest::Pieces(_) => of_files(asked),
        HeldRest::Directory(path) => {
            let there = |name: &String| file_in(path, name).is_some();
            of_files(asked).into_iter().filter(there).collect()
        }
    };
    for (name, _) in rows_in(&document(asked, results)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A table by its name.
pub fn table<A: Asked>(
    asked: &A,
    results: &ResultsOf<A>,
    rest: &HeldRest,
    name: &str,
) -> Result<HeldTable, Error> {
    if of_files(asked).iter().any(|file| file == name) {
        match rest {
            HeldRest::Pieces(pieces) => return played(asked, results, pieces, name),
            HeldRest::Directory(path) => {
                if let Some((path, format)) = file_in(path, name) {
                    let file = File::open(&path).map_err(Error::unreadable(&path))?;
                    let read = match format {
                        Format::Csv => of_csv(file),
                        _ => of_parquet(file),
                    };
                    return read.map_err(Error::unreadable(&path));
                }
            }
            HeldRest::Nothing => {
                let what = "a table of worlds";
                return Err(Error::NotHeld { what });
            }
        }
    }
    let mut rows = rows_in(&document(asked, results)).into_iter();
    match rows.find(|(known, _)| known == name) {
        Some((_, rows)) => of_rows(&rows).map_err(Error::unreadable(Path::new(name))),
        None => {
            let names = names(asked, results, rest);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Err(Error::Unknown {
                kind: "table",
                word: name.to_owned(),
                hint: match (nearest(name, &names), names.is_empty()) {
                    (Some(near), _) => format!("did you mean `{near}`?"),
                    (None, true) => "this study has none".to_owned(),
                    (None, false) => format!("known: {}", listed(&names)),
                },
            })
        }
    }
}

/// The names of the files of a study that are tables, without their ending.
fn of_files(asked: &impl Asked) -> Vec<String> {
    let files = asked.study().files(TableSet::all(Format::Csv)).into_iter();
    let stem = |file: String| file.strip_suffix(".csv").map(str::to_owned);
    files.filter_map(stem).collect()
}

/// The file of a table in a directory.
fn file_in(directory: &Path, name: &str) -> Option<(PathBuf, Format)> {
    let mut files = Format::ALL.iter().rev().map(|&format| {
        let file = file_name(name, format);
        (directory.join(file), format)
    });
    files.find(|(path, _)| path.is_file())
}

fn document<A: Asked>(asked: &A, results: &ResultsOf<A>) -> Value {
    serde_json::from_str(&asked.study().document(results)).expect("documents are JSON")
}

/// A table of what pieces say.
fn played<A: Asked>(
    asked: &A,
    results: &ResultsOf<A>,
    pieces: &HeldPieces,
    name: &str,
) -> Result<HeldTable, Error> {
    if let Some(table) = written(asked, results, pieces, name)? {
        return Ok(table);
    }
    // Of a study that was restored, results were read: it has yet to see its worlds.
    let mut assembler = asked.study().assemble();
    pieces.each(&mut |piece| Ok(assembler.take(piece)?))?;
    assembler.results(&AtomicBool::new(false))?;
    let table = written(asked, results, pieces, name)?;
    table.ok_or_else(|| StudyError::Foreign.into())
}

/// The same; none where the study has not seen its worlds.
fn written<A: Asked>(
    asked: &A,
    results: &ResultsOf<A>,
    pieces: &HeldPieces,
    name: &str,
) -> Result<Option<HeldTable>, Error> {
    let study = asked.study();
    let set = TableSet {
        only: FILES.into_iter().find(|&file| file == name),
        ..TableSet::all(Format::Arrow)
    };
    let chunks = Chunks::default();
    let mut ending = None;
    let mut open = |file: &str| -> io::Result<Out> {
        match file.rsplit_once('.') {
            Some((stem, of)) if stem == name => {
                ending = Some(of.to_owned());
                Ok(Box::new(chunks.clone()))
            }
            _ => Ok(Box::new(io::sink())),
        }
    };
    let failed = |error| match error {
        StudyError::Write(error) => Error::unwritable(Path::new(name))(error),
        error => error.into(),
    };
    let mut tables = study.tables(set, &mut open).map_err(failed)?;
    pieces.each(&mut |piece| tables.take(piece).map_err(failed))?;
    match tables.finish(results) {
        Err(StudyError::Foreign) => return Ok(None),
        finished => finished.map_err(failed)?,
    }
    let chunks = chunks.taken();
    let read = match ending.as_deref() {
        Some("csv") => of_csv(io::Cursor::new(chunks.concat())),
        _ => of_stream(chunks).map_err(io::Error::other),
    };
    read.map(Some).map_err(Error::unreadable(Path::new(name)))
}

/// What is written, a part for each flush: a batch of a stream lies in one piece, which is read without a copy.
#[derive(Clone, Default)]
struct Chunks(Arc<Mutex<Vec<Vec<u8>>>>);

impl Chunks {
    fn taken(&self) -> Vec<Vec<u8>> {
        let mut chunks = self.0.lock().expect("nothing panics while it is held");
        std::mem::take(&mut *chunks)
    }
}

impl Write for Chunks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut chunks = self.0.lock().expect("nothing panics while it is held");
        match chunks.last_mut() {
            Some(chunk) => chunk.extend_from_slice(bytes),
            None => chunks.push(bytes.to_vec()),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut chunks = self.0.lock().expect("nothing panics while it is held");
        let mut room = 0;
        if let Some(chunk) = chunks.last_mut() {
            chunk.shrink_to_fit();
            room = chunk.len();
        }
        chunks.push(Vec::with_capacity(room));
        Ok(())
    }
}

/// The table of a stream of Arrow that came in parts.
fn of_stream(chunks: Vec<Vec<u8>>) -> Result<HeldTable, arrow_schema::ArrowError> {
    let mut decoder = StreamDecoder::new();
    let mut batches = Vec::new();
    for chunk in chunks {
        let mut buffer = chunk.into();
        while let Some(batch) = decoder.decode(&mut buffer)? {
            batches.push(batch);
        }
    }
    decoder.finish()?;
    let schema = decoder.schema();
    Ok(HeldTable {
        schema: schema.unwrap_or_else(|| Arc::new(Schema::empty())),
        batches,
    })
}
