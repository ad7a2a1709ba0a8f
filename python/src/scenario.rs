//! Scenarios: loaded and checked, looked into, evaluated.

use crate::errors::{raised, unknown};
use crate::waiting::{Listeners, waited};
use mufakat::cli::embedded;
use mufakat::cli::embedded_error::EmbeddedError;
use mufakat::cli::host::Host;
use mufakat::cli::{shipped, snippet};
use mufakat::engine::model::{Identity, Model};
use mufakat::scenario::inspect::{differences, shown};
use mufakat::scenario::{Loaded, Request, Source, scenario_schema};
use mufakat::study::digest::sha256_hex;
use mufakat::theory::spelling::nearest;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use serde_json::Value;
use std::fmt::Write;
use std::num::NonZeroUsize;

/// Name and text of a layer.
type NamedLayer = (String, String);

/// A scenario after all its layers, checked.
#[pyclass(frozen, module = "mufakat._native")]
pub struct Scenario {
    request: Request,
    loaded: Loaded,
}

/// The names of the shipped scenarios, each with its question.
#[pyfunction]
#[pyo3(name = "shipped")]
pub fn shipped_scenarios() -> Vec<(String, String)> {
    let all = shipped::ALL.iter();
    all.map(|one| (one.name.to_owned(), one.model().question.text))
        .collect()
}

/// The scenario of a file, else a shipped one: its name as messages have it, and its text.
#[pyfunction]
pub fn read(py: Python<'_>, name: &str) -> PyResult<NamedLayer> {
    match embedded::text(name) {
        Ok(Source { name, text }) => Ok((name, text)),
        Err(error) => Err(raised(py, &error)),
    }
}

/// The JSON Schema of a scenario file: what each key may hold, what holds where it is absent, what it means.
#[pyfunction]
pub fn schema() -> String {
    scenario_schema().to_string()
}

#[pymethods]
impl Scenario {
    /// Loads a text with overlays over it, then `PATH=VALUE` assignments, then trials and seed.
    #[new]
    #[pyo3(signature = (name, text, overlays=vec![], sets=vec![], trials=None, seed=None))]
    fn new(
        py: Python<'_>,
        name: String,
        text: String,
        overlays: Vec<NamedLayer>,
        sets: Vec<String>,
        trials: Option<u64>,
        seed: Option<u64>,
    ) -> PyResult<Scenario> {
        let overlays = overlays.into_iter();
        let request = Request {
            overlays: overlays.map(|(name, text)| Source { name, text }).collect(),
            sets,
            trials,
            seed,
            ..Request::new(name, text)
        };
        match py.detach(|| embedded::scenario(&request)) {
            Ok(loaded) => Ok(Scenario { request, loaded }),
            Err(error) => Err(raised(py, &error)),
        }
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        &self.model().name
    }

    /// What it is about; empty where it does not say.
    #[getter]
    fn title(&self) -> &str {
        &self.model().description
    }

    /// What it asks.
    #[getter]
    fn question(&self) -> Option<&str> {
        let text = self.model().question.text.as_str();
        (!text.is_empty()).then_some(text)
    }

    /// It with all its layers as one file that runs by itself.
    #[getter]
    fn resolved(&self) -> &str {
        &self.loaded.resolved
    }

    /// The SHA-256 of that.
    #[getter]
    fn sha256(&self) -> String {
        sha256_hex(&self.loaded.resolved)
    }

    /// How many worlds it draws.
    #[getter]
    fn trials(&self) -> u64 {
        self.model().simulation.trials
    }

    /// The seed of all draws.
    #[getter]
    fn seed(&self) -> u64 {
        self.model().simulation.seed
    }

    /// What may be meant otherwise, with the lines.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        let warnings = self.loaded.warnings.iter().map(|one| {
            let styled = snippet::render(std::slice::from_ref(one), &self.loaded.sources);
            anstream::adapter::strip_str(&styled)
                .to_string()
                .trim_end()
                .to_owned()
        });
        warnings.collect()
    }

    /// The names of its arms; the first is the reference.
    #[getter]
    fn arms(&self) -> Vec<&str> {
        let arms = self.model().arms.iter();
        arms.map(|arm| arm.name.as_str()).collect()
    }

    /// The ids of its states.
    #[getter]
    fn states(&self) -> Vec<&str> {
        ids(&self.model().states)
    }

    /// The ids of its hyperscalers.
    #[getter]
    fn hyperscalers(&self) -> Vec<&str> {
        ids(&self.model().hyperscalers)
    }

    /// The ids of its terms.
    #[getter]
    fn terms(&self) -> Vec<&str> {
        ids(&self.model().terms)
    }

    /// Every key: its path, its value as TOML, the file or layer that wrote it, and the line there.
    fn keys(&self) -> Vec<(&str, &str, &str, usize)> {
        let origins = self.loaded.origins.iter();
        origins
            .map(|one| (&*one.path, &*one.value, &*one.layer, one.line))
            .collect()
    }

    /// The value of a key, or of all keys below a path as a dict; a `KeyError` where there is none.
    fn get<'py>(&self, py: Python<'py>, path: &str) -> PyResult<Bound<'py, PyAny>> {
        let keys = shown("", &self.loaded).keys;
        if let Some(key) = keys.iter().find(|key| key.path == path) {
            return object(py, &key.value);
        }
        let before = format!("{path}.");
        let mut below = Value::Null;
        for key in &keys {
            if let Some(rest) = key.path.strip_prefix(&before) {
                put(&mut below, rest, &key.value);
            }
        }
        if !below.is_null() {
            return object(py, &below);
        }
        let paths: Vec<&str> = keys.iter().map(|key| key.path.as_str()).collect();
        let mut text = format!("the scenario has no key `{path}`");
        let written = match nearest(path, &paths) {
            Some(near) => write!(text, "; did you mean `{near}`?"),
            None => write!(text, "; keys() lists all that are written"),
        };
        written.expect("writing to a string does not fail");
        Err(unknown(py, text))
    }

    /// Keys whose values differ from those of another scenario: the path, the value here and the value there, as TOML.
    fn diff(&self, other: &Scenario) -> Vec<(String, String, String)> {
        let found = differences(&self.loaded.origins, &other.loaded.origins).into_iter();
        found.map(|one| (one.path, one.first, one.second)).collect()
    }

    /// What is uncertain: a dict for each quantity and event, in the order of draws.
    fn uncertain<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        let model = self.model();
        let mut rows = Vec::new();
        for one in &model.uncertain {
            let row = PyDict::new(py);
            let written = self.written(&one.path);
            let (low, high) = one.distribution.support();
            let quantile = |u: f64| one.distribution.quantile(u);
            row.set_item("path", &one.path)?;
            row.set_item("event", false)?;
            row.set_item("kind", kind(written))?;
            row.set_item("distribution", written)?;
            row.set_item("low", low.is_finite().then_some(low))?;
            row.set_item("high", high.is_finite().then_some(high))?;
            row.set_item("discrete", one.distribution.is_discrete())?;
            for (name, u) in [("p05", 0.05), ("p50", 0.5), ("p95", 0.95)] {
                row.set_item(name, quantile(u))?;
            }
            let from = model.provenance.iter().find(|from| from.path == one.path);
            row.set_item("unit", from.and_then(|from| from.unit.as_deref()))?;
            row.set_item("source", from.and_then(|from| from.source.as_deref()))?;
            row.set_item("grade", from.and_then(|from| from.grade.as_deref()))?;
            row.set_item("note", from.and_then(|from| from.note.as_deref()))?;
            row.set_item("probability", py.None())?;
            rows.push(row);
        }
        for (number, event) in model.events.iter().enumerate() {
            let row = PyDict::new(py);
            let name = model.draw_name(model.uncertain.len() + number);
            row.set_item("path", &*name)?;
            row.set_item("event", true)?;
            row.set_item("kind", "event")?;
            row.set_item("distribution", py.None())?;
            row.set_item("low", 0.0)?;
            row.set_item("high", 1.0)?;
            row.set_item("discrete", true)?;
            for name in ["p05", "p50", "p95"] {
                row.set_item(name, py.None())?;
            }
            row.set_item("unit", "0 or 1")?;
            for name in ["source", "grade", "note"] {
                row.set_item(name, py.None())?;
            }
            row.set_item("probability", event.probability)?;
            rows.push(row);
        }
        Ok(rows)
    }

    /// The values of an uncertain quantity at probabilities in [0, 1], by its inverse distribution function; correlation aside.
    fn quantiles(&self, py: Python<'_>, path: &str, probabilities: Vec<f64>) -> PyResult<Vec<f64>> {
        let uncertain = &self.model().uncertain;
        let Some(one) = uncertain.iter().find(|one| one.path == path) else {
            return Err(unknown(py, format!("no quantity `{path}` is uncertain")));
        };
        let outside = probabilities.iter().find(|u| !(0.0..=1.0).contains(*u));
        if let Some(outside) = outside {
            let text = format!("probabilities lie in [0, 1]: {outside} does not");
            return Err(raised(py, &EmbeddedError::usage(text)));
        }
        let quantiles = probabilities.iter();
        Ok(quantiles.map(|&u| one.distribution.quantile(u)).collect())
    }

    /// Results of every world: for each of `outcomes`, paths into the results of one world, a column of doubles as bytes of this machine; NaN
    /// where a world has no such result. Row k of `values`, columns of doubles as bytes, is trial k; `columns` are the paths of uncertain
    /// quantities, or `event.NAME.came`. Without columns, the worlds are those of the scenario. With `trials`, row k has the chance of the k-th of
    /// these, and what is no column is as in that trial.
    #[pyo3(signature = (columns, values, outcomes, reference=None, threads=None, progress=None, trials=None))]
    #[allow(clippy::too_many_arguments, reason = "its arguments in Python")]
    fn evaluate<'py>(
        &self,
        py: Python<'py>,
        columns: Vec<String>,
        values: Vec<Bound<'py, PyBytes>>,
        outcomes: Vec<String>,
        reference: Option<String>,
        threads: Option<usize>,
        progress: Option<Py<PyAny>>,
        trials: Option<Vec<u64>>,
    ) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        if columns.len() != values.len() {
            let text = "there are not as many columns of values as there are names";
            return Err(PyValueError::new_err(text));
        }
        let numbers: Vec<Vec<f64>> = values
            .iter()
            .map(|bytes| doubles(bytes.as_bytes()))
            .collect();
        let rows = numbers.first().map(Vec::len);
        if let (Some(rows), Some(trials)) = (rows, &trials)
            && rows != trials.len()
        {
            let text = format!("there are {rows} worlds and {} trials", trials.len());
            return Err(raised(py, &EmbeddedError::usage(text)));
        }
        let threads = threads.and_then(NonZeroUsize::new);
        let host = Host::default();
        let listeners = Listeners {
            progress,
            say: None,
        };
        let found = waited(py, &host, &listeners, || {
            let of_worlds = match columns.is_empty() {
                true => None,
                false => Some(embedded::scenario(&Request {
                    worlds: Some(Source {
                        name: "worlds".to_owned(),
                        text: embedded::table_of(&columns, &numbers),
                    }),
                    trials: None,
                    ..self.request.clone()
                })?),
            };
            let loaded = of_worlds.as_ref().unwrap_or(&self.loaded);
            let reference = reference.as_deref();
            embedded::evaluate(
                loaded,
                &outcomes,
                reference,
                trials.as_deref(),
                threads,
                &host,
            )
        })?;
        let columns = found.iter().map(|column| {
            let bytes: Vec<u8> = column.iter().flat_map(|x| x.to_ne_bytes()).collect();
            PyBytes::new(py, &bytes)
        });
        Ok(columns.collect())
    }
}

impl Scenario {
    fn model(&self) -> &Model {
        &self.loaded.model
    }

    /// The value of a key as it was written.
    fn written(&self, path: &str) -> Option<&str> {
        let origin = self.loaded.origins.iter().find(|one| one.path == path);
        origin.map(|one| one.value.as_str())
    }
}

fn ids(parties: &[Identity]) -> Vec<&str> {
    parties.iter().map(|party| party.id.as_str()).collect()
}

/// The name of a distribution that is written as TOML.
fn kind(written: Option<&str>) -> Option<String> {
    let table: toml::Table = toml::from_str(&format!("value = {}", written?)).ok()?;
    let kind = table.get("value")?.get("dist")?.as_str()?;
    Some(kind.to_owned())
}

fn doubles(bytes: &[u8]) -> Vec<f64> {
    let (words, _) = bytes.as_chunks::<8>();
    words.iter().map(|word| f64::from_ne_bytes(*word)).collect()
}

/// Puts a value at a path below another.
fn put(below: &mut Value, path: &str, value: &Value) {
    if !below.is_object() {
        *below = Value::Object(serde_json::Map::new());
    }
    match path.split_once('.') {
        Some((first, rest)) => put(&mut below[first], rest, value),
        None => below[path] = value.clone(),
    }
}

/// JSON as Python has it.
fn object<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Value::Null => Ok(py.None().into_bound(py)),
        Value::Bool(flag) => flag.into_bound_py_any(py),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => whole.into_bound_py_any(py),
            None => number.as_f64().into_bound_py_any(py),
        },
        Value::String(text) => text.into_bound_py_any(py),
        Value::Array(items) => {
            let items = items.iter().map(|item| object(py, item));
            let items: Vec<_> = items.collect::<PyResult<_>>()?;
            Ok(PyList::new(py, items)?.into_any())
        }
        Value::Object(map) => {
            let dict = PyDict::new(py);
            for (key, value) in map {
                dict.set_item(key, object(py, value)?)?;
            }
            Ok(dict.into_any())
        }
    }
}
