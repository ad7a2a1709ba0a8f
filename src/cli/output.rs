//! The two streams: results to stdout, everything else to stderr.

use crate::cli::failure::RunError;
use std::io::{self, Write};
use std::path::Path;

/// Columns of text where there is no terminal.
const WIDTH: usize = 100;
/// Fewer columns than this make tables unreadable.
const NARROWEST: usize = 60;

/// Columns of the terminal, or those of a page where there is none.
pub fn width() -> usize {
    terminal_size::terminal_size()
        .map_or(WIDTH, |(width, _)| usize::from(width.0))
        .max(NARROWEST)
}

/// Writes a result to stdout at once. A reader who closed the pipe has seen enough: no error.
///
/// # Errors
/// Any other failure to write.
pub fn result(text: &str) -> Result<(), RunError> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(RunError::file("write", Path::new("standard output"))(error))
        }
        _ => Ok(()),
    }
}

/// Writes a line to stderr. Nothing can be done where that fails.
pub fn note(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Writes a warning to stderr.
pub fn warning(text: &str) {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    note(&format!("{style}warning{style:#}: {text}"));
}
