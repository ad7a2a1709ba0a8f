//! `mufakat pedigree`: how well inputs are known, against what they decide.

use crate::cli::args::common::Common;
use crate::cli::args::pedigree::PedigreeArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::{arm_index, identity};
#[cfg(feature = "html")]
use crate::cli::pages;
use crate::cli::source;
#[cfg(feature = "html")]
use crate::cli::store::manifest::PEDIGREE;
use crate::error::Error;
use crate::report::sections::pedigree::document;
use crate::scenario::Loaded;
use crate::study::outputs::paths;
use crate::study::pedigree::Diagnosis;
use crate::study::results::choice::default_reference;
use crate::study::results::pedigree::PedigreeResults;
#[cfg(feature = "html")]
use std::path::{Path, PathBuf};

/// The study with its arguments.
pub struct AskedPedigree {
    study: Diagnosis,
    #[cfg(feature = "html")]
    html: Option<PathBuf>,
}

/// The study that is asked for.
pub fn ask(args: &PedigreeArgs, common: &Common) -> Result<AskedPedigree, Error> {
    let (_, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = match &args.reference {
        Some(name) => arm_index(model, name)?,
        None => default_reference(model),
    };
    let asked: Vec<String> = args.output.iter().cloned().collect();
    let output = asked.iter().cloned().zip(paths(&asked, model)?).next();
    let mut settings = vec![format!("reference {}", model.arms[reference].name)];
    settings.extend(asked.iter().map(|name| format!("output {name}")));
    Ok(AskedPedigree {
        study: Diagnosis {
            identity: identity(&loaded, &args.scenario.layers, "pedigree", settings),
            reference,
            output,
            loaded,
        },
        #[cfg(feature = "html")]
        html: args.html.clone(),
    })
}

impl Asked for AskedPedigree {
    type Study = Diagnosis;

    fn study(&self) -> &Diagnosis {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn shown(&self, results: &PedigreeResults, _: usize) -> Shown {
        Shown::Document(document(self.model(), results))
    }

    #[cfg(feature = "html")]
    fn page_files(&self) -> Option<(&'static str, Option<&Path>)> {
        Some((PEDIGREE, self.html.as_deref()))
    }

    #[cfg(feature = "html")]
    fn page(&self, results: &PedigreeResults) -> String {
        pages::html(self.model(), document(self.model(), results))
    }
}
