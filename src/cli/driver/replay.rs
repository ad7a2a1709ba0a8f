//! A study once more, compared byte by byte with what its directory holds.

use crate::cli::driver::asked::{Asked, tables};
use crate::cli::driver::fold::Play;
use crate::cli::store::directory::RESULTS;
use crate::error::Error;
use crate::study::pieces::{Out, Study, StudyError};
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// A file that is compared, held by who writes and by who asks in the end.
#[derive(Clone)]
struct Shared(Arc<Mutex<Comparing>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("nothing panics while it is held")
            .write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What came of it.
pub struct Replay {
    pub worlds: u64,
    pub files: usize,
    /// A sentence for each that differs.
    pub differences: Vec<String>,
}

/// Plays it again and compares.
pub fn replayed<A: Asked>(
    asked: &A,
    directory: &Path,
    all: bool,
    play: &Play<'_>,
) -> Result<Replay, Error> {
    let study = asked.study();
    let failed = |error| match error {
        StudyError::Write(error) => Error::unreadable(directory)(error),
        error => error.into(),
    };
    let mut files = Vec::new();
    let mut open = |name: &str| {
        let shared = Shared(Arc::new(Mutex::new(Comparing::open(
            &directory.join(name),
        )?)));
        files.push((name.to_owned(), shared.clone()));
        let out: Out = Box::new(shared);
        Ok(out)
    };
    let mut assembler = study.assemble();
    let mut sheets = study.tables(tables(asked), &mut open).map_err(failed)?;
    let kept = |_| "the comparison is not finished, the directory is as it was".to_owned();
    let mut take = |piece: &[u8]| {
        assembler.take(piece)?;
        sheets.take(piece).map_err(failed)
    };
    play.pieces(study, study.pieces().all(), &[], kept, &mut take)?;
    let results = assembler.results(&play.stop)?;
    sheets.finish(&results).map_err(failed)?;
    let mut document = open(RESULTS).map_err(Error::unreadable(directory))?;
    let written = document.write_all(study.document(&results).as_bytes());
    written.map_err(Error::unreadable(directory))?;
    files.rotate_right(1);
    let mut differences = Vec::new();
    files.retain(|(name, _)| all || directory.join(name).exists());
    for (name, Shared(file)) in &files {
        let mut file = file.lock().expect("nothing panics while it is held");
        let difference = file.finish().map_err(Error::unreadable(directory))?;
        differences.extend(difference.map(|difference| format!("{name} {difference}")));
    }
    Ok(Replay {
        worlds: study.pieces().all_worlds(),
        files: files.len(),
        differences,
    })
}

/// A writer that compares what is written with a file.
struct Comparing {
    file: Option<BufReader<File>>,
    buffer: Vec<u8>,
    compared: u64,
    differs: Option<u64>,
}

impl Comparing {
    fn open(path: &Path) -> io::Result<Comparing> {
        let file = match File::open(path) {
            Ok(file) => Some(BufReader::new(file)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Comparing {
            file,
            buffer: Vec::new(),
            compared: 0,
            differs: None,
        })
    }

    /// How the file differs from what was written, if it does.
    fn finish(&mut self) -> io::Result<Option<Difference>> {
        let Some(file) = &mut self.file else {
            return Ok(Some(Difference::Missing));
        };
        let surplus = self.differs.is_none() && file.read(&mut [0])? > 0;
        let at = self.differs.or(surplus.then_some(self.compared));
        Ok(at.map(Difference::From))
    }
}

/// How a file differs.
#[derive(Debug, PartialEq, Eq)]
enum Difference {
    Missing,
    /// From this byte on, which may be one too few or too many.
    From(u64),
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Missing => write!(
                out,
                "is missing; the same command with the same --out and --resume restores it"
            ),
            Difference::From(at) => write!(out, "differs from byte {at} on"),
        }
    }
}

impl Write for Comparing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.differs.is_some() {
            return Ok(bytes.len());
        }
        self.buffer.clear();
        if let Some(file) = &mut self.file {
            let wanted = bytes.len() as u64;
            file.by_ref().take(wanted).read_to_end(&mut self.buffer)?;
        }
        let pairs = bytes.iter().zip(&self.buffer);
        let same = pairs.take_while(|(one, other)| one == other).count();
        if same < bytes.len() {
            self.differs = Some(self.compared + same as u64);
        }
        self.compared += same as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn compared(stored: &str, written: &[&str]) -> Option<Difference> {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let path = folder.path().join("file");
        fs::write(&path, stored).expect("writable");
        let mut comparing = Comparing::open(&path).expect("readable");
        for part in written {
            comparing.write_all(part.as_bytes()).expect("readable");
        }
        comparing.finish().expect("readable")
    }

    #[test]
    fn the_first_differing_byte_is_found() {
        let from = |at| Some(Difference::From(at));
        assert_eq!(compared("abcdef", &["abc", "def"]), None);
        assert_eq!(compared("abcdef", &["abc", "dxf", "more"]), from(4));
        assert_eq!(compared("abcdef", &["abc"]), from(3));
        assert_eq!(compared("abc", &["abc", "d"]), from(3));
        assert_eq!(compared("", &[]), None);
    }

    #[test]
    fn a_missing_file_is_not_an_empty_one() {
        let mut comparing = Comparing::open(Path::new("/no/such/file")).expect("no other failure");
        let difference = comparing.finish().expect("nothing is read");
        assert_eq!(difference, Some(Difference::Missing));
    }
}
