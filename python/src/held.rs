//! Studies in memory.

use crate::errors::{raised, unknown};
use crate::table::Table;
use crate::waiting::{Listeners, waited};
use mufakat::cli::args::out::OutArgs;
use mufakat::cli::driver::held::Held as HeldStudy;
use mufakat::cli::driver::held_pieces::HeldRest;
use mufakat::cli::embedded::{self, EmbeddedQuestion};
use mufakat::cli::embedded_error::EmbeddedError;
use mufakat::cli::host::Host;
use mufakat::cli::texts::Texts;
use mufakat::error::Error;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

/// Texts by the names that a command line has for them: the name that messages show, and the text.
type NamedTexts = BTreeMap<String, (String, String)>;

/// A study that was played.
#[pyclass(frozen, module = "mufakat._native")]
pub struct Held(Arc<dyn HeldStudy>);

/// Plays the study that `words` ask for, a command line without the program. Scenarios, overlays and worlds that `texts` has are not read from
/// files; `worlds` is the name and the CSV text of a table of worlds. With `keep`, tables can be made of what came.
///
/// The interpreter lock is released. About ten times a second `progress(done, total)` is called with worlds, from this thread, and `say(level,
/// text)` for notes and warnings. Ctrl-C ends the study and raises `mufakat.Interrupted`.
#[pyfunction]
#[pyo3(signature = (words, texts, worlds=None, keep=true, progress=None, say=None))]
pub fn play(
    py: Python<'_>,
    words: Vec<String>,
    texts: NamedTexts,
    worlds: Option<(String, String)>,
    keep: bool,
    progress: Option<Py<PyAny>>,
    say: Option<Py<PyAny>>,
) -> PyResult<Held> {
    let host = Host::default();
    let question = question(words, texts, worlds);
    let listeners = Listeners { progress, say };
    let held = waited(py, &host, &listeners, || {
        embedded::play(question, keep, &host).map(Arc::from)
    });
    held.map(Held)
}

/// Cuts a study into blocks that any number of machines play: `words` begin with `plan`, and `--out` names the directory, which is returned.
#[pyfunction]
#[pyo3(signature = (words, texts, say=None))]
pub fn plan(
    py: Python<'_>,
    words: Vec<String>,
    texts: NamedTexts,
    say: Option<Py<PyAny>>,
) -> PyResult<PathBuf> {
    let host = Host::default();
    let question = question(words, texts, None);
    let listeners = Listeners {
        progress: None,
        say,
    };
    waited(py, &host, &listeners, || embedded::plan(question, &host))
}

/// Holds a study that was played before: its `document`, and what `Held.pieces` gave.
#[pyfunction]
pub fn restore(
    py: Python<'_>,
    words: Vec<String>,
    texts: NamedTexts,
    worlds: Option<(String, String)>,
    document: &str,
    pieces: Option<Vec<u8>>,
) -> PyResult<Held> {
    let question = question(words, texts, worlds);
    let held = py.detach(|| embedded::restore(question, document, pieces));
    held.map(|held| Held(held.into()))
        .map_err(|error| raised(py, &error))
}

/// Holds the study that is finished in a directory.
#[pyfunction]
pub fn open(py: Python<'_>, path: PathBuf) -> PyResult<Held> {
    let held = py.detach(|| embedded::open(&path));
    held.map(|held| Held(held.into()))
        .map_err(|error| raised(py, &error))
}

fn question(
    mut words: Vec<String>,
    mut texts: NamedTexts,
    worlds: Option<(String, String)>,
) -> EmbeddedQuestion {
    if let Some((name, text)) = worlds {
        words.push(format!("--worlds={name}"));
        texts.insert(name.clone(), (name, text));
    }
    let texts = Texts {
        scenarios: texts,
        ..Texts::default()
    };
    EmbeddedQuestion { words, texts }
}

impl Held {
    fn done<R>(&self, py: Python<'_>, result: Result<R, EmbeddedError>) -> PyResult<R> {
        result.map_err(|error| raised(py, &error))
    }
}

#[pymethods]
impl Held {
    /// The name of its command.
    #[getter]
    fn command(&self) -> &str {
        self.0.command()
    }

    /// 0, or 1 where a condition failed.
    #[getter]
    fn status(&self) -> u8 {
        self.0.status().code()
    }

    /// Its document as JSON, the text of `results.json`.
    fn document(&self, py: Python<'_>) -> String {
        py.detach(|| self.0.document())
    }

    /// What the program prints, in so many columns.
    fn text(&self, py: Python<'_>, width: usize) -> String {
        py.detach(|| self.0.text(width))
    }

    /// The answer with its figure and its first table, as a page of HTML.
    fn html(&self, py: Python<'_>) -> String {
        py.detach(|| embedded::glance(&*self.0))
    }

    /// Writes its page as one HTML file.
    fn page(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let host = Host::default();
        let written = py.detach(|| {
            let page = embedded::page(&*self.0, &host)?;
            Ok(fs::write(&path, page).map_err(Error::unwritable(&path))?)
        });
        self.done(py, written)
    }

    /// The names of its tables.
    fn tables(&self, py: Python<'_>) -> Vec<String> {
        py.detach(|| self.0.tables())
    }

    /// A table by its name.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        match py.detach(|| self.0.table(name)) {
            Ok(table) => Ok(Table(table)),
            Err(error @ Error::Unknown { .. }) => Err(unknown(py, error.to_string())),
            Err(error) => Err(raised(py, &error.into())),
        }
    }

    /// Writes what one machine writes into a directory.
    #[pyo3(signature = (path, force=false))]
    fn save(&self, py: Python<'_>, path: PathBuf, force: bool) -> PyResult<()> {
        let out = OutArgs {
            out: Some(path),
            force,
            ..OutArgs::default()
        };
        let saved = py.detach(|| embedded::save(&*self.0, &out, &Host::default()));
        self.done(py, saved)
    }

    /// Its resolved scenarios, by the names of their files.
    fn scenarios(&self) -> Vec<(String, String)> {
        self.0.scenarios()
    }

    /// What its pieces said, for `restore`; none where it was not kept or lies in a directory.
    fn pieces<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let HeldRest::Pieces(pieces) = self.0.rest() else {
            return Ok(None);
        };
        match py.detach(|| pieces.bytes()) {
            Ok(bytes) => Ok(Some(PyBytes::new(py, &bytes))),
            Err(error) => Err(raised(py, &error.into())),
        }
    }
}
