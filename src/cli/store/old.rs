//! How studies that the driver does not play yet use a directory.

use crate::cli::store::beside::beside;
use crate::cli::store::directory::{Circumstance, Directory, Existing, RESULTS, SCENARIO, key_of};
use crate::cli::store::pieces::Key;
use crate::error::Error;
use crate::study::results::run::Manifest;
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

pub use crate::cli::store::directory::Opened;

pub type RunDirectory = Directory;

/// A file on its way.
pub struct Beside {
    path: PathBuf,
    file: NamedTempFile,
}

impl Beside {
    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    pub fn keep(self) -> Result<(), Error> {
        let Beside { path, file } = self;
        let moved = file.persist(&path);
        moved
            .map(|_| ())
            .map_err(|error| Error::unwritable(&path)(error.error))
    }
}

impl Directory {
    pub fn open_old(path: &Path, existing: Existing, identity: &Manifest) -> Result<Opened, Error> {
        Directory::open(path, existing, identity)
    }

    pub fn start(&self, circumstance: &Circumstance, resolved: &str) -> Result<(), Error> {
        self.write_manifest(circumstance, &Value::Null)?;
        self.write_whole(SCENARIO, resolved.as_bytes())
    }

    pub fn journal(&self) -> PathBuf {
        self.path().join("blocks")
    }

    pub fn key(&self) -> Key {
        key_of(self.identity())
    }

    pub fn remove_journal(&self) {
        let _ = fs::remove_dir_all(self.journal());
    }

    pub fn beside(&self, name: &str) -> Result<Beside, Error> {
        let path = self.path().join(name);
        let file = beside(&path).map_err(Error::unwritable(&path))?;
        Ok(Beside { path, file })
    }

    pub fn complete_with(&self, document: &str) -> Result<(), Error> {
        self.write_whole(RESULTS, document.as_bytes())
    }
}
