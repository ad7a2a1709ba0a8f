//! Files that are written beside their place and moved there when they are whole.

use crate::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A file on its way; removed if it never gets there.
pub struct Beside {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    kept: bool,
}

impl Beside {
    /// Opens a file whose place is `path`.
    ///
    /// # Errors
    /// It cannot be created.
    pub fn create(path: &Path) -> Result<Beside, Error> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".tmp");
        let beside = PathBuf::from(beside);
        let file = File::create(&beside).map_err(Error::unwritable(&beside))?;
        Ok(Beside {
            path: path.to_owned(),
            beside,
            file,
            kept: false,
        })
    }

    /// The file.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Moves it to its place.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn keep(mut self) -> Result<(), Error> {
        fs::rename(&self.beside, &self.path).map_err(Error::unwritable(&self.path))?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.kept {
            let _ = fs::remove_file(&self.beside);
        }
    }
}
