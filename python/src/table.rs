//! A table by the PyCapsule interface of Arrow, which hands over buffers without copying them.

use arrow_array::cast::AsArray;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, RecordBatchIterator};
use mufakat::cli::driver::batches::HeldTable;
use pyo3::IntoPyObjectExt;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};
use std::collections::BTreeMap;

/// A table of a study.
#[pyclass(frozen, module = "mufakat._native")]
pub struct Table(pub HeldTable);

#[pymethods]
impl Table {
    /// How many rows it has.
    #[getter]
    fn num_rows(&self) -> usize {
        self.0.rows()
    }

    /// The names of its columns.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        let fields = self.0.schema.fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    /// The units of those columns that have one.
    #[getter]
    fn units(&self) -> BTreeMap<String, String> {
        let fields = self.0.schema.fields().iter();
        let units = fields.filter_map(|field| {
            let unit = field.metadata().get("unit")?;
            Some((field.name().clone(), unit.clone()))
        });
        units.collect()
    }

    /// The first `limit` rows, each a list of cells.
    fn rows<'py>(&self, py: Python<'py>, limit: usize) -> PyResult<Bound<'py, PyList>> {
        let rows = PyList::empty(py);
        for batch in &self.0.batches {
            for row in 0..batch.num_rows().min(limit - rows.len()) {
                let cells = batch.columns().iter().map(|array| cell(py, array, row));
                rows.append(cells.collect::<PyResult<Vec<_>>>()?)?;
            }
        }
        Ok(rows)
    }

    /// A capsule `arrow_array_stream` with all rows; no other schema than its own can be had.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // Who asks for another casts by itself, as the interface allows.
        drop(requested_schema);
        let HeldTable { schema, batches } = self.0.clone();
        let rows = RecordBatchIterator::new(batches.into_iter().map(Ok), schema);
        let stream = FFI_ArrowArrayStream::new(Box::new(rows));
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }

    /// A capsule `arrow_schema` with its columns.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(self.0.schema.as_ref());
        let schema = schema.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }
}

/// A cell as Python has it.
fn cell<'py>(py: Python<'py>, array: &ArrayRef, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    if let Some(numbers) = array.as_primitive_opt::<Float64Type>() {
        return numbers.value(row).into_bound_py_any(py);
    }
    if let Some(indices) = array.as_primitive_opt::<UInt64Type>() {
        return indices.value(row).into_bound_py_any(py);
    }
    if let Some(flags) = array.as_boolean_opt() {
        return flags.value(row).into_bound_py_any(py);
    }
    match array.as_string_opt::<i32>() {
        Some(texts) => texts.value(row).into_bound_py_any(py),
        None => Ok(py.None().into_bound(py)),
    }
}
