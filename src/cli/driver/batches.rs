//! A table in memory.

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;

/// A table in batches of rows, units in the metadata of its fields.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldTable {
    pub schema: SchemaRef,
    pub batches: Vec<RecordBatch>,
}

impl HeldTable {
    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}
