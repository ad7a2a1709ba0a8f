//! Files that are written beside their place and moved there when they are whole and on disk, so that they are never half there. What is written
//! is a new file under a name that nobody can know before, and no link is followed: neither to write nor to take a place.

use crate::error::Error;
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use tempfile::{Builder, NamedTempFile};

/// Bytes of a name that the name of a file on its way to it begins with: what is behind them must not make it too long.
const KNOWN: usize = 64;

/// Characters of a name that nobody can know before.
const RANDOM: usize = 16;

const ENDING: &str = ".tmp";

/// A file on its way to `path`. Removed if it never gets there.
pub fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let prefix = format!("{}.", start(&stem));
    let mut builder = Builder::new();
    let builder = builder.prefix(&prefix).suffix(ENDING).rand_bytes(RANDOM);
    builder.make_in(folder(path), |path| {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).open(path)
    })
}

/// Moves a file to its place, once it is on disk.
pub fn settle(file: NamedTempFile, path: &Path) -> io::Result<()> {
    synced(file.as_file())?;
    file.persist(path).map_err(|error| error.error)?;
    // Some systems open no folder; they have done what they do.
    match File::open(folder(path)) {
        Ok(folder) => synced(&folder),
        Err(_) => Ok(()),
    }
}

/// Writes a whole file.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let written = temporary(path).and_then(|mut file| {
        file.write_all(bytes)?;
        settle(file, path)
    });
    written.map_err(Error::unwritable(path))
}

/// Writes to where a user says: a whole file, or straight into what is no file, such as a pipe.
pub fn write_out(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let is_other = path
        .metadata()
        .is_ok_and(|there| !there.is_file() && !there.is_dir());
    if !is_other {
        return write_whole(path, bytes);
    }
    let written = OpenOptions::new()
        .write(true)
        .open(path)
        .and_then(|mut other| other.write_all(bytes));
    written.map_err(Error::unwritable(path))
}

/// Asks the disk to have a file; a file system that cannot be asked has done what it does.
pub fn synced(file: &File) -> io::Result<()> {
    match file.sync_all() {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput
            ) =>
        {
            Ok(())
        }
        done => done,
    }
}

/// Whether a name is that of a file which was on its way to one of `names` when its program was killed.
pub fn is_left<'a>(name: &OsStr, names: impl IntoIterator<Item = &'a str>) -> bool {
    let Some(name) = name.to_str().and_then(|name| name.strip_suffix(ENDING)) else {
        return false;
    };
    names.into_iter().any(|known| {
        let stem = Path::new(known).file_stem().and_then(OsStr::to_str);
        let rest = name.strip_prefix(start(stem.unwrap_or_default()));
        // An earlier version gave them the name of the file itself.
        let random = rest.and_then(|rest| rest.strip_prefix('.'));
        let is_random = |random: &str| {
            random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        name == known || random.is_some_and(is_random)
    })
}

/// The start of a name, at the end of a character.
fn start(name: &str) -> &str {
    let ends = (0..=name.len().min(KNOWN)).rev();
    let mut ends = ends.filter(|&end| name.is_char_boundary(end));
    &name[..ends.next().unwrap_or(0)]
}

fn folder(path: &Path) -> &Path {
    let parent = path.parent();
    let parent = parent.filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_program_left_is_known_by_its_name() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let long = format!("{}.html", "é".repeat(120));
        for name in ["results.json", "a.resolved.toml", &long] {
            let file = temporary(&folder.path().join(name)).expect("writable");
            let left = file.path().file_name().expect("it has a name");
            assert!(left.len() < 100 && is_left(left, [name]), "{left:?}");
            assert!(!is_left(left, ["other.json"]) && !is_left(OsStr::new(name), [name]));
        }
        assert!(is_left(OsStr::new("cells.csv.tmp"), ["cells.csv"]));
        for other in ["cells.tmp", "cells.mine.tmp", "cells.0123456789abcde-.tmp"] {
            assert!(!is_left(OsStr::new(other), ["cells.csv"]), "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let (victim, place) = (folder.path().join("victim"), folder.path().join("place"));
        std::fs::write(&victim, "precious").expect("writable");
        std::os::unix::fs::symlink(&victim, &place).expect("writable");
        write_out(&place, b"new").expect("writable");
        assert_eq!(std::fs::read(&victim).expect("readable"), b"precious");
        let place = std::fs::symlink_metadata(&place).expect("it is there");
        assert!(place.is_file());
    }
}
