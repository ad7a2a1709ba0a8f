//! Names of scenario files, and of what in them is an id.

use crate::scenario::source::Source;
use std::path::{Component, Path, PathBuf};

/// Directory in the names of files that come with the program.
pub const SHIPPED: &str = "<shipped>/";

/// The file of a joined name or, if there is none, the shipped scenario of the bare name that `extends` gives; else the
/// joined name and why it cannot be read.
pub(crate) fn read_base(
    name: String,
    file: &str,
    read: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Result<Source, (String, String)> {
    let reason = match read(&name) {
        Ok(text) => return Ok(Source { name, text }),
        Err(reason) => reason,
    };
    if is_id(file) {
        let name = format!("{SHIPPED}{file}.toml");
        if let Ok(text) = read(&name) {
            return Ok(Source { name, text });
        }
    }
    Err((name, reason))
}

/// A name of a file as short as it can be said.
pub(crate) fn shown(name: &str) -> String {
    tidy(name).to_string_lossy().into_owned()
}

/// The name of a file without its directories.
pub(crate) fn bare_name(name: &str) -> String {
    let file = Path::new(name).file_name();
    file.map_or_else(
        || name.to_owned(),
        |file| file.to_string_lossy().into_owned(),
    )
}

/// The name of a file that is given relative to the file `name`.
pub(crate) fn relative_to(name: &str, file: &str) -> String {
    let parent = Path::new(name).parent().unwrap_or(Path::new(""));
    parent.join(file).to_string_lossy().into_owned()
}

pub(crate) fn same_file(a: &str, b: &str) -> bool {
    tidy(a) == tidy(b)
}

/// A path without `.` and `x/..`.
fn tidy(name: &str) -> PathBuf {
    let mut tidy = PathBuf::new();
    for component in Path::new(name).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(tidy.components().next_back(), Some(Component::Normal(_))) =>
            {
                tidy.pop();
            }
            other => tidy.push(other),
        }
    }
    tidy
}

/// Whether `text` is an id of the contract: `[A-Za-z0-9_-]+`.
pub(crate) fn is_id(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !text.is_empty() && text.chars().all(allowed)
}
