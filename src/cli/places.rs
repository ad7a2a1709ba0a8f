//! Files that a command writes to where it is told: none may be what it reads, another that it writes, or what is no file.

use crate::error::Error;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Bytes of the longest name of a file.
const LONGEST: usize = 255;

/// A file that is written, by the option that names it.
pub type WrittenPlace<'a> = (&'static str, &'a Path);

/// An error where a file that is written is standard output, a directory, one of those that are read, or another that is written.
pub fn check(written: &[WrittenPlace<'_>], read: &[PathBuf]) -> Result<(), Error> {
    for (number, (flag, path)) in written.iter().enumerate() {
        let refused = |reason: &'static str| Error::Place {
            flag,
            path: path.to_path_buf(),
            reason,
        };
        if *path == Path::new("-") {
            return Err(refused("it has no room on standard output"));
        }
        if path.is_dir() {
            return Err(refused("it is a directory"));
        }
        if path.file_name().is_some_and(|name| name.len() > LONGEST) {
            return Err(refused("its name is longer than file systems take"));
        }
        // Before anything is played, not after it.
        let Some(place) = place(path) else {
            return Err(Error::unwritable(path)(ErrorKind::NotFound.into()));
        };
        if read
            .iter()
            .any(|read| self::place(read).as_ref() == Some(&place))
        {
            return Err(refused("it is a file that the command reads"));
        }
        let mut others = written[..number].iter();
        if others.any(|(_, other)| self::place(other).as_ref() == Some(&place)) {
            return Err(refused("the command writes something else there"));
        }
    }
    Ok(())
}

/// An error where files that are read lie in a directory whose files are replaced.
pub fn check_replaced(directory: &Path, read: &[PathBuf]) -> Result<(), Error> {
    let Ok(place) = directory.canonicalize() else {
        return Ok(());
    };
    let lies_there = |file: &PathBuf| {
        let file = file.canonicalize().ok();
        file.is_some_and(|file| file.is_file() && file.parent() == Some(&place))
    };
    match read.iter().any(lies_there) {
        true => Err(Error::Place {
            flag: "--out",
            path: directory.to_owned(),
            reason: "the command reads a file there, which --force would replace",
        }),
        false => Ok(()),
    }
}

/// Where a file lies or will lie, whatever it is called; none where it cannot be written.
fn place(path: &Path) -> Option<PathBuf> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let there = path.canonicalize().ok();
    there.or_else(|| Some(folder.canonicalize().ok()?.join(path.file_name()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_read_is_never_written() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.toml"), "").expect("writable");
        let read = [at("a.toml"), PathBuf::from("shipped")];
        for (path, taken) in [
            (at("a.toml"), true),
            (at("./a.toml"), true),
            (folder.path().to_owned(), true),
            (PathBuf::from("-"), true),
            (at("b.html"), false),
            (at("none/b.html"), true),
            (at(&"a".repeat(256)), true),
            (at(&"a".repeat(255)), false),
        ] {
            assert_eq!(
                check(&[("--html", &path)], &read).is_err(),
                taken,
                "{path:?}"
            );
        }
        let two = [at("b.html"), at("./b.html")];
        let both = [("--html", &*two[0]), ("--md", &*two[1])];
        assert!(check(&both, &read).is_err() && check(&both[..1], &read).is_ok());
        assert!(check_replaced(folder.path(), &read).is_err());
        assert!(check_replaced(&at("new"), &read).is_ok());
    }
}
