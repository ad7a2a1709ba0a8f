//! What a study has finished, on disk, line by line, so that it continues where it ended.
//!
//! The first line is the identity of the study; each other is one finished piece as JSON, in order. A line that is cut short, and all
//! after it, does not count.

use crate::cli::store::pieces::hex;
use crate::error::Error;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

/// Name of the file.
const FILE: &str = "journal.jsonl";

/// The journal of a study, open for more.
#[derive(Debug)]
pub struct Journal<T> {
    path: PathBuf,
    file: File,
    count: u64,
    /// Where the first line ends, and each piece.
    ends: Vec<u64>,
    of: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Journal<T> {
    /// Opens the journal in `directory` of the study with the identity `key`; one of another study is replaced.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn open(directory: &Path, key: &[u8]) -> Result<Journal<T>, Error> {
        fs::create_dir_all(directory).map_err(Error::unwritable(directory))?;
        let path = directory.join(FILE);
        let failed = || Error::unwritable(&path);
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(failed())?;
        let identity = hex(key);
        let mut ends = Vec::new();
        let mut lines = Lines::of(&file);
        if lines.next_line().map_err(failed())?.as_deref() == Some(&identity) {
            ends.push(lines.end);
            while let Some(line) = lines.next_line().map_err(failed())? {
                if serde_json::from_str::<T>(&line).is_err() {
                    break;
                }
                ends.push(lines.end);
            }
        }
        file.set_len(ends.last().copied().unwrap_or(0))
            .map_err(failed())?;
        file.seek(SeekFrom::End(0)).map_err(failed())?;
        if ends.is_empty() {
            let line = format!("{identity}\n");
            file.write_all(line.as_bytes()).map_err(failed())?;
            ends.push(line.len() as u64);
        }
        Ok(Journal {
            path,
            file,
            count: ends.len() as u64 - 1,
            ends,
            of: PhantomData,
        })
    }

    /// How many pieces are finished.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Forgets all pieces but the first so many.
    ///
    /// # Errors
    /// The file cannot be cut.
    pub fn truncate(&mut self, count: u64) -> Result<(), Error> {
        if count < self.count {
            self.ends.truncate(count as usize + 1);
            self.count = count;
            let end = self.ends[count as usize];
            let cut = self.file.set_len(end);
            let cut = cut.and_then(|()| self.file.seek(SeekFrom::Start(end)));
            cut.map_err(Error::unwritable(&self.path))?;
        }
        Ok(())
    }

    /// Adds the next piece.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn push(&mut self, piece: &T) -> Result<(), Error> {
        let mut line = serde_json::to_string(piece)
            .expect("keys are strings and numbers are finite, so that it is valid JSON");
        line.push('\n');
        let written = self.file.write_all(line.as_bytes());
        written.map_err(Error::unwritable(&self.path))?;
        self.count += 1;
        let end = self.ends.last().copied().unwrap_or(0) + line.len() as u64;
        self.ends.push(end);
        Ok(())
    }

    /// Hands every finished piece to `sink`, in order.
    ///
    /// # Errors
    /// The journal cannot be read again, or what `sink` returns.
    pub fn replay(&self, mut sink: impl FnMut(T) -> Result<(), Error>) -> Result<(), Error> {
        let file = File::open(&self.path).map_err(Error::unreadable(&self.path))?;
        let mut lines = Lines::of(&file);
        let failed = || Error::unreadable(&self.path);
        lines.next_line().map_err(failed())?;
        for _ in 0..self.count {
            let line = lines.next_line().map_err(failed())?.unwrap_or_default();
            let piece = serde_json::from_str(&line)
                .map_err(|error| Error::unreadable(&self.path)(error.into()))?;
            sink(piece)?;
        }
        Ok(())
    }
}

/// Whole lines of a file, with the place where the last one ended.
struct Lines<'a> {
    reader: BufReader<&'a File>,
    end: u64,
}

impl<'a> Lines<'a> {
    fn of(file: &'a File) -> Lines<'a> {
        Lines {
            reader: BufReader::new(file),
            end: 0,
        }
    }

    /// The next line without its end; `None` where it has no end or is not text.
    fn next_line(&mut self) -> std::io::Result<Option<String>> {
        let mut bytes = Vec::new();
        self.reader.read_until(b'\n', &mut bytes)?;
        if bytes.pop() != Some(b'\n') {
            return Ok(None);
        }
        self.end += bytes.len() as u64 + 1;
        Ok(String::from_utf8(bytes).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(journal: &Journal<Vec<f64>>) -> Vec<Vec<f64>> {
        let mut pieces = Vec::new();
        let replayed = journal.replay(|piece| {
            pieces.push(piece);
            Ok(())
        });
        replayed.expect("readable");
        pieces
    }

    #[test]
    fn a_line_cut_short_does_not_count() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let at = directory.path();
        let mut journal = Journal::open(at, b"one").expect("writable");
        let all = [vec![0.1, 1e300], vec![], vec![-2.5]];
        all.iter()
            .for_each(|piece| journal.push(piece).expect("writable"));
        assert_eq!(pieces(&journal), all);
        let path = at.join(FILE);
        let text = fs::read(&path).expect("readable");
        for cut in 1..=5 {
            fs::write(&path, &text[..text.len() - cut]).expect("writable");
            let mut journal = Journal::open(at, b"one").expect("writable");
            assert_eq!(journal.count(), 2, "{cut}");
            journal.push(&all[2]).expect("writable");
            assert_eq!(fs::read(&path).expect("readable"), text);
        }
        let mut journal: Journal<Vec<f64>> = Journal::open(at, b"one").expect("writable");
        journal.truncate(1).expect("it can be cut");
        assert_eq!(pieces(&journal), all[..1]);
        all[1..]
            .iter()
            .for_each(|piece| journal.push(piece).expect("writable"));
        assert_eq!(fs::read(&path).expect("readable"), text);
        let other: Journal<Vec<f64>> = Journal::open(at, b"two").expect("writable");
        assert_eq!(other.count(), 0);
    }
}
