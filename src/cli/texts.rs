//! Where the texts of scenario files come from.

use crate::scenario::Source;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// Texts of scenario files, by the name by which they were asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// Scenarios and overlays: the name that messages show, and the text.
    pub scenarios: BTreeMap<String, (String, String)>,
    pub bases: BTreeMap<String, String>,
}

/// A table of worlds as CSV, and the SHA-256 of its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenWorlds {
    pub source: Source,
    pub sha256: String,
}

/// Where the texts of scenario files come from.
#[derive(Debug, Clone, Default)]
pub enum TextFiles {
    /// The disk, or the program for shipped scenarios.
    #[default]
    Outside,
    /// What is given second, by name, and of all else the same; what is taken is noted in the first.
    Noted(Arc<Mutex<Texts>>, Arc<Texts>),
    /// What was noted earlier, and nothing else.
    Stored(Arc<Texts>),
    /// What is given, by name; of all else the disk.
    Given(Arc<Texts>),
}
