//! Files that are written beside their place and moved there when they are whole, so that they are never half there.

use crate::error::Error;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// A file on its way to `path`, which one process alone writes: what a killed one left there is written over. Removed if it never gets there.
pub fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".tmp");
    let mut builder = Builder::new();
    let builder = builder.prefix(&name).rand_bytes(0);
    builder.make_in(folder(path), |path| File::create(path))
}

/// As [`temporary`], under a name that no other process has.
pub fn own_temporary(path: &Path) -> io::Result<NamedTempFile> {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(".");
    let mut builder = Builder::new();
    let builder = builder.prefix(&name).suffix(".tmp").rand_bytes(16);
    builder.make_in(folder(path), |path| {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).open(path)
    })
}

fn folder(path: &Path) -> &Path {
    let parent = path.parent();
    let parent = parent.filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write(temporary(path), path, bytes)
}

/// As [`write_whole`], where another process may write the same file at the same time.
pub fn write_own(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    write(own_temporary(path), path, bytes)
}

fn write(file: io::Result<NamedTempFile>, path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let written = file.and_then(|mut file| {
        file.write_all(bytes)?;
        file.persist(path).map_err(|error| error.error)
    });
    written.map(|_| ()).map_err(Error::unwritable(path))
}
