//! Errors as users see them.

use crate::cli::snippet;
use crate::error::Error;
use crate::theory::spelling::foreign::marked;
use anstyle::{AnsiColor, Style};

/// Most findings that are shown; a file with more is the wrong file.
const MOST_SHOWN: usize = 50;

/// An error in the words and colours of the terminal: findings with their lines first, then one sentence.
pub fn described(error: &Error) -> String {
    const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
    let mut text = String::new();
    if let Error::Scenario { problems, .. } | Error::Worlds { problems, .. } = error {
        let shown = &problems.diagnostics[..problems.diagnostics.len().min(MOST_SHOWN)];
        text.push_str(&snippet::render(shown, &problems.sources));
        let more = problems.diagnostics.len() - shown.len();
        if more > 0 {
            text.push_str(&format!("... and {more} more\n\n"));
        }
    }
    if let Error::Worlds { .. } = error {
        // The findings name the table.
        return text;
    }
    text + &format!("{ERROR}error{ERROR:#}: {}\n", marked(&error.to_string()))
}
