//! `mufakat accords`: which rules and members all would sign.

use crate::cli::args::accords::AccordsArgs;
use crate::cli::args::common::Common;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::{identity, reference};
#[cfg(feature = "html")]
use crate::cli::pages;
use crate::cli::source;
#[cfg(feature = "html")]
use crate::cli::store::manifest::ACCORDS;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::sections::accords::document;
use crate::scenario::Loaded;
use crate::study::accords::question::AccordSearch;
use crate::study::accords::space::SearchSpace;
use crate::study::pieces::StudyError;
use crate::study::results::accords::AccordsResults;
#[cfg(feature = "html")]
use std::path::{Path, PathBuf};

/// The search with its arguments.
pub struct AskedAccords {
    study: AccordSearch,
    all: bool,
    #[cfg(feature = "html")]
    html: Option<PathBuf>,
}

/// The search that is asked for.
pub fn ask(args: &AccordsArgs, common: &Common) -> Result<AskedAccords, Error> {
    let (_, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = reference(args.reference.as_deref(), model)?;
    let space = SearchSpace::new(model, &loaded.resolved, loaded.accords.as_ref(), reference)
        .map_err(|error| Error::from(StudyError::from(error)))?;
    let state = args.state.as_deref().map(|id| state_index(model, id));
    let state = state.transpose()?;
    let mut settings = vec![
        format!("reference {}", model.arms[reference].name),
        format!("plays {}", args.plays),
    ];
    settings.extend(args.state.iter().map(|id| format!("for {id}")));
    for (name, is_asked) in [("theories", args.theories), ("path", args.path)] {
        settings.extend(is_asked.then(|| name.to_owned()));
    }
    Ok(AskedAccords {
        study: AccordSearch {
            identity: identity(&loaded, &args.scenario.layers, "accords", settings),
            reference,
            space,
            plays: args.plays,
            state,
            theories: args.theories,
            path: args.path,
            loaded,
        },
        all: args.all,
        #[cfg(feature = "html")]
        html: args.html.clone(),
    })
}

fn state_index(model: &Model, id: &str) -> Result<usize, Error> {
    let ids: Vec<&str> = model.states.iter().map(|state| state.id.as_str()).collect();
    let position = ids.iter().position(|&known| known == id);
    position.ok_or_else(|| Error::unknown("state", id, &ids))
}

impl Asked for AskedAccords {
    type Study = AccordSearch;

    fn study(&self) -> &AccordSearch {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn shown(&self, results: &AccordsResults, _: usize) -> Shown {
        Shown::Document(document(self.model(), results, self.all))
    }

    #[cfg(feature = "html")]
    fn page_files(&self) -> Option<(&'static str, Option<&Path>)> {
        Some((ACCORDS, self.html.as_deref()))
    }

    #[cfg(feature = "html")]
    fn page(&self, results: &AccordsResults) -> String {
        pages::html(self.model(), document(self.model(), results, true))
    }
}
