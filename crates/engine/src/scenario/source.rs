//! What is loaded: texts with their names, and what lies over them.

/// A text with the name that messages show; a file's name is also the base for a relative `extends`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What messages call it: a path, or a word in angle brackets.
    pub name: String,
    /// Its TOML.
    pub text: String,
}

/// What to load: a scenario and the layers over it, weakest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The scenario file, whose name is the stem of a scenario that gives none.
    pub scenario: Source,
    /// Overlay files, in order.
    pub overlays: Vec<Source>,
    /// Worlds that are given: a CSV table whose columns are paths of quantities and whose row k is trial k.
    pub worlds: Option<Source>,
    /// Assignments `PATH=VALUE`, in order.
    pub sets: Vec<String>,
    /// Number of trials, over all layers.
    pub trials: Option<u64>,
    /// Seed, over all layers.
    pub seed: Option<u64>,
}

impl Request {
    /// A scenario without anything over it.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Request {
        Request {
            scenario: Source {
                name: name.into(),
                text: text.into(),
            },
            overlays: Vec::new(),
            worlds: None,
            sets: Vec::new(),
            trials: None,
            seed: None,
        }
    }
}
