//! The log on disk: a new file, to which each line is written and kept before it is shown.

use crate::cli::clock;
use crate::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// An open log.
pub struct LogFile {
    path: PathBuf,
    file: File,
}

impl LogFile {
    /// Begins a log; one that is there is never written over.
    ///
    /// # Errors
    /// The file is there already, or cannot be written.
    pub fn create(path: Option<&Path>, first: &str) -> Result<LogFile, Error> {
        let day = clock::now();
        let day = day.split('T').next().unwrap_or_default();
        let named = PathBuf::from(format!("table-{day}.jsonl"));
        let path = path.map_or(named, Path::to_owned);
        let file = OpenOptions::new().append(true).create_new(true).open(&path);
        let refused = |error: io::Error| Error::Unwritable {
            name: path.display().to_string(),
            reason: match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    "it is there already; name another with --log-file".to_owned()
                }
                _ => error.to_string(),
            },
        };
        let mut log = LogFile {
            file: file.map_err(refused)?,
            path: path.clone(),
        };
        log.append(first).map_err(refused)?;
        Ok(log)
    }

    /// What it is called.
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// Writes a line and waits until the disk has it.
    pub fn append(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(line.as_bytes())?;
        self.file.sync_data()
    }
}
