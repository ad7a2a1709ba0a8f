//! Where text goes: results to standard output, written once; everything else to standard error. All of it passes through [`marked`], but for what
//! has colours of ours, whose foreign parts did before.

use crate::cli::args::common::{Color, Common, Log};
use crate::cli::host::SaidKind;
use crate::error::{Error, reason};
use crate::report::render::terminal::FAINT;
use crate::theory::spelling::foreign::marked;
use anstyle::{AnsiColor, Style};
use std::io::{ErrorKind, IsTerminal, Write};
use std::time::Instant;

/// Columns of text where there is no terminal.
const WIDTH: usize = 80;

/// Fewer columns than this make tables unreadable.
const NARROWEST: usize = 60;

/// Applies `--color` to both streams; with auto, NO_COLOR and the kind of stream decide.
pub fn set_color(color: Color) {
    let choice = match color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// Writes a result. A reader that has gone away has seen enough: that is not an error.
pub fn result(text: &str) -> Result<(), Error> {
    styled_result(&marked(text))
}

/// As [`result`], of a text with colours of ours in which nothing foreign is left that steers a terminal.
pub fn styled_result(text: &str) -> Result<(), Error> {
    let mut stream = anstream::stdout().lock();
    let written = stream
        .write_all(with_dim_bars(text).as_bytes())
        .and_then(|()| stream.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Unwritable {
            name: "standard output".to_owned(),
            reason: reason(&error),
        }),
        _ => Ok(()),
    }
}

/// A text in which bars that may be chance are dim where there are colours; elsewhere their shade alone tells them apart.
fn with_dim_bars(text: &str) -> String {
    const DIM: Style = Style::new().dimmed();
    let mut dimmed = String::with_capacity(text.len());
    let mut is_dim = false;
    for c in text.chars() {
        if (c == FAINT) != is_dim {
            is_dim = c == FAINT;
            dimmed += &if is_dim {
                format!("{DIM}")
            } else {
                format!("{DIM:#}")
            };
        }
        dimmed.push(c);
    }
    dimmed
}

/// Says something that is not a result, unless quiet. Text ends with its newline.
pub fn note(common: &Common, text: &str) {
    if !common.quiet {
        say(common, SaidKind::Note, text);
    }
}

/// Says something that must be said, quiet or not, to whoever holds the program, else on standard error. Text ends with its newline.
pub fn say(common: &Common, kind: SaidKind, text: &str) {
    said(common, kind, &marked(text));
}

/// As [`note`], of a text with colours of ours in which nothing foreign is left that steers a terminal.
pub fn styled_note(common: &Common, text: &str) {
    if !common.quiet {
        said(common, SaidKind::Note, text);
    }
}

fn said(common: &Common, kind: SaidKind, text: &str) {
    match &common.host {
        Some(host) => host.hear(kind, &anstream::adapter::strip_str(text).to_string()),
        None => styled_message(text),
    }
}

/// Says something that must be said, quiet or not.
pub fn message(text: &str) {
    styled_message(&marked(text));
}

/// As [`message`], of a text with colours of ours in which nothing foreign is left that steers a terminal.
pub fn styled_message(text: &str) {
    // Nobody is left to be told if this fails.
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// Says a warning, unless quiet.
pub fn warning(common: &Common, text: &str) {
    const WARNING: Style = AnsiColor::Yellow.on_default().bold();
    match &common.host {
        Some(host) if !common.quiet => host.hear(SaidKind::Warning, &marked(text)),
        _ => styled_note(
            common,
            &format!("{WARNING}warning{WARNING:#}: {}\n", marked(text)),
        ),
    }
}

/// Does a phase of the work and, if asked to log it, says how long it took.
pub fn timed<R>(common: &Common, phase: &str, work: impl FnOnce() -> R) -> R {
    let started = Instant::now();
    let result = work();
    if common.log == Log::Debug {
        let seconds = started.elapsed().as_secs_f64();
        message(&format!("debug: {phase}: {seconds:.3} s\n"));
    }
    result
}

/// Whether results go to a terminal.
pub fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Columns of the terminal that results go to, or those of a page where there is none.
pub fn width() -> usize {
    let terminal = terminal_size::terminal_size_of(std::io::stdout());
    let width = terminal.map_or(WIDTH, |(width, _)| usize::from(width.0));
    width.max(NARROWEST)
}
