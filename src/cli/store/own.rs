//! Which files of a directory are ours: those that its manifest names, and what a killed program left on its way to one of them. No others are
//! removed, and nothing that lies behind a link.

use crate::cli::store::atomic::is_left;
use crate::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Endings of files of pieces, those of earlier versions too.
const OF_PIECES: [&str; 6] = ["part", "tmp", "lock", "other", "block", "jsonl"];

/// Where a file that a manifest names lies; none where the name leads out of the directory, as that of an altered manifest may.
pub fn own_path(directory: &Path, name: &str) -> Option<PathBuf> {
    let name = Path::new(name);
    let mut parts = name.components();
    let is_inside = parts.all(|part| matches!(part, Component::Normal(_)));
    let folders = name.ancestors().skip(1);
    let mut folders = folders.filter(|folder| !folder.as_os_str().is_empty());
    let is_linked = |folder: &Path| directory.join(folder).is_symlink();
    let is_ours = is_inside && name.file_name().is_some() && !folders.any(is_linked);
    is_ours.then(|| directory.join(name))
}

/// Removes files of a directory by their names, and their folders if nothing else is in them.
pub fn remove<'a>(directory: &Path, names: impl IntoIterator<Item = &'a str>) -> Result<(), Error> {
    for name in names {
        let Some(path) = own_path(directory, name) else {
            continue;
        };
        remove_file(&path)?;
        let folder = Path::new(name).parent();
        if let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
            // What is not ours stays.
            let _ = fs::remove_dir(directory.join(folder));
        }
    }
    Ok(())
}

/// Removes what a killed program left on its way to one of `names`, whoever holds the lock of the directory.
pub fn remove_left(directory: &Path, names: &[String]) -> Result<(), Error> {
    for path in entries(directory) {
        let is_left = path
            .file_name()
            .is_some_and(|name| is_left(name, names.iter().map(String::as_str)));
        if is_left && !path.is_dir() {
            remove_file(&path)?;
        }
    }
    Ok(())
}

/// Removes a folder of pieces, if nothing else is in it.
pub fn remove_pieces(folder: &Path) -> Result<(), Error> {
    if folder.is_symlink() {
        return Ok(());
    }
    for path in entries(folder) {
        let ending = path.extension().and_then(OsStr::to_str);
        if ending.is_some_and(|ending| OF_PIECES.contains(&ending)) {
            remove_file(&path)?;
        }
    }
    let _ = fs::remove_dir(folder);
    Ok(())
}

/// What lies in a directory; nothing where there is none.
fn entries(directory: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.map(|entry| entry.path())
}

fn remove_file(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(Error::unwritable(path)(error))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_named_and_lies_inside_is_removed() {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let outside = folder.path().join("outside");
        let inside = folder.path().join("inside");
        for directory in [&outside, &inside, &inside.join("report")] {
            fs::create_dir(directory).expect("writable");
            for name in ["a.csv", "b.csv"] {
                fs::write(directory.join(name), "x").expect("writable");
            }
        }
        let names = [
            "a.csv",
            "report/a.csv",
            "../outside/a.csv",
            "gone.csv",
            "",
            "..",
        ];
        remove(&inside, names).expect("removable");
        let left = |directory: &Path| {
            let mut names: Vec<PathBuf> = entries(directory).collect();
            names.sort();
            let names = names.iter().filter_map(|path| path.file_name());
            names
                .map(|name| name.to_string_lossy().into_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(left(&outside), ["a.csv", "b.csv"]);
        assert_eq!(left(&inside), ["b.csv", "report"]);
        assert_eq!(left(&inside.join("report")), ["b.csv"]);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&outside, inside.join("linked")).expect("writable");
            remove(&inside, ["linked/a.csv"]).expect("nothing is done");
            assert_eq!(left(&outside), ["a.csv", "b.csv"]);
        }
    }
}
