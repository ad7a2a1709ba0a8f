//! `mufakat history`: the engine held against bargains that are on record.

use crate::cli::args::common::Common;
use crate::cli::args::history::HistoryArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::identity;
use crate::cli::labels::{files_of, label};
use crate::cli::shipped;
use crate::cli::source;
#[cfg(feature = "html")]
use crate::cli::store::manifest::HISTORY;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::sections::history;
use crate::scenario::Loaded;
use crate::study::digest::sha256_hex;
use crate::study::history::paths::readings;
use crate::study::history::{HistoryCase, HistoryStudy};
use crate::study::results::history::HistoryResults;
use std::path::Path;

/// Worlds of a case where nobody says how many.
const WORLDS: u64 = 1000;

/// Cases that are asked for.
pub struct AskedHistory {
    study: HistoryStudy,
    args: HistoryArgs,
}

/// The cases that are asked for.
pub fn ask(args: &HistoryArgs, common: &Common) -> Result<AskedHistory, Error> {
    let mut layers = args.layers.clone();
    layers.trials = layers.trials.or(Some(WORLDS));
    let mut cases: Vec<HistoryCase> = Vec::new();
    for (number, name) in names(args)?.into_iter().enumerate() {
        let loaded = source::load_named(&name, &layers, common)?;
        let loaded = source::with_result_paths(&name, loaded)?;
        layers.seed = Some(loaded.model.simulation.seed);
        let history = loaded.model.history.clone();
        let found = history.and_then(|history| {
            let readings = readings(&history, &loaded.model)?;
            Some((history, readings))
        });
        let (history, readings) = found.ok_or(Error::NoHistory { name: name.clone() })?;
        let labels: Vec<&str> = cases.iter().map(|one| one.id.as_str()).collect();
        let known = args.labels.get(number).cloned();
        cases.push(HistoryCase {
            id: known.unwrap_or_else(|| label(&name, &labels)),
            sha256: sha256_hex(&loaded.resolved),
            loaded,
            history,
            readings,
        });
    }
    let settings = cases
        .iter()
        .map(|case| format!("case {} {}", case.id, case.sha256));
    // Some are named, or those that are shipped.
    let first = &cases[0];
    Ok(AskedHistory {
        study: HistoryStudy {
            identity: identity(&first.loaded, &args.layers, "history", settings.collect()),
            cases,
        },
        args: args.clone(),
    })
}

/// What cases are read from: a file, or a name of those that come with the program, with or without `history/`.
fn names(args: &HistoryArgs) -> Result<Vec<String>, Error> {
    if args.cases.is_empty() {
        let all = shipped::CASES.iter().map(|case| case.name.to_owned());
        return Ok(all.collect());
    }
    let name = |name: &String| {
        if Path::new(name).is_file() || shipped::find(name).is_some() || name.ends_with(".toml") {
            return Ok(name.clone());
        }
        let known: Vec<&str> = shipped::cases().collect();
        match shipped::case(name) {
            Some(case) => Ok(case.name.to_owned()),
            // A path that leads to no file says so by itself.
            None if name.contains('/') => Ok(name.clone()),
            None => Err(Error::unknown("case", name, &known)),
        }
    };
    args.cases.iter().map(name).collect()
}

impl AskedHistory {
    /// The page as HTML.
    #[cfg(feature = "html")]
    fn html(&self, results: &HistoryResults) -> String {
        let page = history::page(results);
        crate::report::render::html::render(&page, None)
            .expect("the template of the program is valid")
    }
}

impl Asked for AskedHistory {
    type Study = HistoryStudy;

    fn study(&self) -> &HistoryStudy {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.cases[0].loaded
    }

    fn models(&self) -> Vec<&Model> {
        let cases = self.study.cases.iter();
        cases.map(|case| &case.loaded.model).collect()
    }

    fn speaker(&self) -> Option<&Model> {
        None
    }

    fn is_uncertain(&self) -> bool {
        let mut cases = self.study.cases.iter();
        cases.any(|case| case.loaded.model.is_uncertain())
    }

    fn all_loaded(&self) -> Vec<&Loaded> {
        self.study.cases.iter().map(|one| &one.loaded).collect()
    }

    fn scenarios(&self) -> Vec<(String, &str)> {
        let cases = &self.study.cases;
        let files = files_of(cases.iter().map(|case| case.id.as_str()));
        let texts = cases.iter().map(|case| &*case.loaded.resolved);
        files.zip(texts).collect()
    }

    fn shown(&self, results: &HistoryResults, _: usize) -> Shown {
        Shown::Document(history::text(results, self.args.all))
    }

    #[cfg(feature = "html")]
    fn page_files(&self) -> Option<(&'static str, Option<&Path>)> {
        Some((HISTORY, self.args.html.as_deref()))
    }

    #[cfg(feature = "html")]
    fn page(&self, results: &HistoryResults) -> String {
        self.html(results)
    }
}
