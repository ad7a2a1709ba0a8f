//! A setting for others: a scenario that the command line reads, its results, its worlds, a note.

use crate::explore::messages::{ExportRequest, Refusal};
use crate::explore::played::PlayedSetting;
use crate::explore::setting::{identified, load_text};
use crate::report::document::Document;
use crate::report::render::markdown::render;
use crate::report::sections::run::beside::frame::Beside;
use crate::scenario::Request;
use crate::study::pieces::{Study, StudyError, TableSet};
use crate::study::results::columns::file_name;
use crate::study::results::sheet::Format;
use crate::study::run::Run;
use serde::Serialize;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};

/// A file for a reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Its name.
    pub name: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub media: &'static str,
    /// What it holds.
    pub text: String,
}

/// The table of worlds that is written.
const TABLE: &str = "trials";

/// Writes what is asked for.
///
/// # Errors
/// Fewer worlds were played, or there is nothing of that name.
pub fn export(played: &PlayedSetting, request: &ExportRequest) -> Result<Exported, Refusal> {
    let name = |ending: &str| format!("{}.{ending}", file_stem(played));
    let file = |ending: &str, media: &'static str, text: String| Exported {
        name: name(ending),
        media,
        text,
    };
    match request.what.as_str() {
        "scenario" => Ok(file(
            "toml",
            "application/toml",
            alone(played, request.worlds)?.loaded.resolved,
        )),
        "results" => {
            let run = alone(played, request.worlds)?;
            let results = played.results(&run, request.worlds)?;
            Ok(file("json", "application/json", run.document(&results)))
        }
        "worlds" => Ok(file("csv", "text/csv", table(played, request.worlds)?)),
        "note" => Ok(file("md", "text/markdown", note(played, request)?)),
        other => Err(Refusal::new(format!(
            "`{other}` cannot be written; scenario, results, worlds and note can"
        ))),
    }
}

/// The setting as a scenario of its own with so many worlds: what `run` of the exported scenario plays.
fn alone(played: &PlayedSetting, worlds: u64) -> Result<Run, Refusal> {
    let resolved = played.chosen.run.loaded.resolved.as_str();
    let mut request = Request::new("scenario.toml", resolved);
    request.trials = Some(worlds);
    let text = load_text(&request)?.resolved;
    load_text(&Request::new("scenario.toml", text)).map(identified)
}

/// What files are called: the scenario and what is looked at.
fn file_stem(played: &PlayedSetting) -> String {
    let setting = &played.chosen.setting;
    let arm = setting.arm.as_ref().unwrap_or(&setting.reference);
    let name = &played.chosen.run.loaded.model.name;
    let words = format!("{name} {arm} {}", setting.seed).to_lowercase();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    words.chars().map(plain).collect()
}

/// A writer whose text is still there when it is done.
#[derive(Clone, Default)]
struct KeptText(Arc<Mutex<Vec<u8>>>);

impl Write for KeptText {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut text = self.0.lock().expect("nothing panics while it is held");
        text.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Worlds as CSV: the file `trials.csv` of `run --out`.
fn table(played: &PlayedSetting, worlds: u64) -> Result<String, Refusal> {
    let refused = |error: StudyError| Refusal::new(error.to_string());
    let run = alone(played, worlds)?;
    let kept = KeptText::default();
    let wanted = file_name(TABLE, Format::Csv);
    let set = TableSet::all(Format::Csv);
    let mut open = |name: &str| -> io::Result<Box<dyn Write + Send>> {
        match name == wanted {
            true => Ok(Box::new(kept.clone())),
            false => Ok(Box::new(io::sink())),
        }
    };
    let mut tables = run.tables(set, &mut open).map_err(refused)?;
    for piece in played.pieces(worlds)? {
        tables.take(piece).map_err(refused)?;
    }
    let results = played.results(&run, worlds)?;
    tables.finish(&results).map_err(refused)?;
    let bytes = std::mem::take(&mut *kept.0.lock().expect("nothing panics while it is held"));
    String::from_utf8(bytes).map_err(|_| Refusal::new("the table is no text"))
}

/// What a reader sees, as Markdown.
fn note(played: &PlayedSetting, request: &ExportRequest) -> Result<String, Refusal> {
    let view = played.view(request.worlds, &request.view)?;
    let beside = Beside {
        own: view.facts(),
        base: None,
        differences: played.differences(request.worlds),
        told: None,
        reader: request.view.reader,
        figure: request.view.figure.clone(),
    };
    let sets = played.chosen.setting.sets.iter();
    let changed: Vec<String> = sets
        .map(|(path, value)| format!("-S {path}={value}"))
        .collect();
    let document = Document {
        generator: format!("mufakat {}", env!("CARGO_PKG_VERSION")),
        ..beside.document()
    };
    let changed = match changed.is_empty() {
        true => "As the scenario has it.".to_owned(),
        false => format!("Changed: `{}`.", changed.join(" ")),
    };
    Ok(format!("{}\n{changed}\n", render(&document)))
}
