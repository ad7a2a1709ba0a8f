//! Stand-in for the loader.
use crate::model::Model;

/// A loaded scenario.
pub struct Loaded {
    /// Model.
    pub model: Model,
    /// Resolved text.
    pub resolved: String,
    /// Warnings.
    pub warnings: Vec<String>,
}
