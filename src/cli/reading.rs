//! Files that are read whole: no more bytes of them than they may have, and none of what may never end.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// The bytes of a file, `most` of them at most.
pub fn bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    if may_never_end(path) {
        let said = "it is a pipe, which may never end: write what comes of it to a file first";
        return Err(io::Error::other(said));
    }
    taken(File::open(path)?, most)
}

/// The text of a file.
pub fn text(path: &Path, most: u64) -> io::Result<String> {
    as_text(bytes(path, most)?)
}

/// The text of standard input.
pub fn standard_input(most: u64) -> io::Result<String> {
    as_text(taken(io::stdin().lock(), most)?)
}

fn taken(file: impl Read, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let mib = most >> 20;
        let said = format!("it is larger than {mib} MiB, the most that is read");
        return Err(io::Error::other(said));
    }
    Ok(bytes)
}

fn as_text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        io::Error::other(format!("it is not text in UTF-8 (byte {byte} is not)"))
    })
}

/// Whether a path names a pipe that nobody may write: one with a name of its own, not what a shell has opened for this program.
#[cfg(unix)]
fn may_never_end(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt;
    let opened = ["/dev/fd", "/proc/self/fd", "/dev/stdin"];
    let kind = fs::metadata(path).map(|there| there.file_type());
    let is_pipe = kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket());
    is_pipe && !opened.iter().any(|folder| path.starts_with(folder))
}

#[cfg(not(unix))]
fn may_never_end(_: &Path) -> bool {
    false
}
