//! A scenario whose texts are in memory, to be loaded many times with more assignments over it.

use crate::engine::model::{Model, dimension_paths};
use crate::scenario::load::load;
use crate::scenario::loaded::{LoadError, Loaded};
use crate::scenario::source::Request;
use std::collections::HashMap;

/// A scenario with all that it extends.
#[derive(Debug, Clone)]
pub struct Base {
    request: Request,
    bases: HashMap<String, String>,
    /// Paths by which all that is loaded from it numbers its dimensions.
    paths: Vec<String>,
}

impl Base {
    /// Loads a scenario, whose extended texts `read` gives.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn load(
        request: Request,
        read: &mut dyn FnMut(&str) -> Result<String, String>,
    ) -> Result<(Base, Loaded), LoadError> {
        let mut bases = HashMap::new();
        let mut noting = |name: &str| {
            let text = read(name)?;
            bases.insert(name.to_owned(), text.clone());
            Ok(text)
        };
        let loaded = load(&request, &mut noting)?;
        let base = Base {
            paths: dimension_paths([&loaded.model]),
            request,
            bases,
        };
        Ok((base, loaded))
    }

    /// Lets what is loaded from now on be compared with `model` too: dimensions are numbered over the paths of all.
    pub fn compare_with(&mut self, model: &Model) {
        self.paths.extend(dimension_paths([model]));
        self.paths.sort_unstable();
        self.paths.dedup();
    }

    /// The same with so many trials, whatever its layers say.
    pub fn with_trials(&self, trials: u64) -> Base {
        let mut base = self.clone();
        base.request.trials = Some(trials);
        base
    }

    /// The scenario with assignments `PATH=VALUE` over all its layers.
    ///
    /// # Errors
    /// What is wrong with it then.
    pub fn with(&self, assignments: &[String]) -> Result<Loaded, LoadError> {
        let mut request = self.request.clone();
        request.sets.extend_from_slice(assignments);
        // Assignments extend nothing: all texts were read before.
        let mut read = |name: &str| {
            let text = self.bases.get(name).cloned();
            text.ok_or_else(|| "it was not read before".to_owned())
        };
        let mut loaded = load(&request, &mut read)?;
        loaded.model.number_dimensions(&self.paths);
        Ok(loaded)
    }
}
