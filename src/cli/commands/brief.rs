//! `mufakat brief`: the page that a negotiator takes along.

use crate::cli::args::brief::BriefArgs;
use crate::cli::args::common::Common;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::{arm_index, identity};
#[cfg(feature = "html")]
use crate::cli::pages;
use crate::cli::source;
#[cfg(feature = "html")]
use crate::cli::store::manifest::BRIEF;
use crate::engine::model::{Identity, Model};
use crate::engine::negotiation::tables::problem::Party;
use crate::error::Error;
use crate::report::sections::brief::document;
use crate::scenario::Loaded;
use crate::study::brief::BriefQuestion;
use crate::study::brief::accord::AccordReadings;
use crate::study::brief::error::BriefError;
use crate::study::brief::offer::Offer;
use crate::study::brief::preparation::changes;
use crate::study::brief::whole::Brief;
use crate::study::results::brief::BriefResults;
#[cfg(feature = "html")]
use std::path::{Path, PathBuf};

/// A page that is asked for.
pub struct AskedBrief {
    study: Brief,
    /// Where its page is written besides.
    #[cfg(feature = "html")]
    html: Option<PathBuf>,
}

/// The page that is asked for.
pub fn ask(args: &BriefArgs, common: &Common) -> Result<AskedBrief, Error> {
    let (base, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let question = question(args, model)?;
    if !(args.accept > 0.0 && args.accept <= 1.0) {
        return Err(BriefError::NoShare { given: args.accept }.into());
    }
    let offer = match &args.offer {
        Some(given) => Some(given.read(model, question.arm, &common.files)?),
        None => None,
    };
    let changes = changes(model, &question).into_iter().map(|change| {
        let changed = base.with(&change.assignments);
        let changed =
            changed.map_err(|error| Error::from_load(&change.assignments.join(" "), error))?;
        Ok((change, changed.model))
    });
    let changes = changes.collect::<Result<_, Error>>()?;
    let settings = settings(args, model, &question, offer.as_ref());
    Ok(AskedBrief {
        #[cfg(feature = "html")]
        html: args.html.clone(),
        study: Brief {
            identity: identity(&loaded, &args.scenario.layers, "brief", settings),
            accept: args.accept,
            accord: AccordReadings::of(model, &question),
            loaded,
            question,
            offer,
            changes,
        },
    })
}

fn settings(
    args: &BriefArgs,
    model: &Model,
    question: &BriefQuestion,
    offer: Option<&(Offer, Vec<usize>)>,
) -> Vec<String> {
    let party = match question.party {
        Party::State(i) => format!("state {}", model.states[i].id),
        Party::Bloc => "accord".to_owned(),
    };
    let mut settings = vec![
        party,
        format!("with {}", model.hyperscalers[question.hyperscaler].id),
        format!("arm {}", model.arms[question.arm].name),
        format!("window {}", question.window),
        format!("side {}", question.side.name()),
        format!("accept {}", args.accept),
    ];
    if let Some((offer, _)) = offer {
        let levels = model.terms.iter().zip(&offer.levels);
        let levels = levels.map(|(term, level)| format!("{}={level}", term.id));
        let levels: Vec<String> = levels.collect();
        settings.push(format!("offer {},cash={}", levels.join(","), offer.cash));
    }
    settings
}

fn question(args: &BriefArgs, model: &Model) -> Result<BriefQuestion, Error> {
    let arm = match args.accord.as_ref().or(args.arm.as_ref()) {
        Some(name) => arm_index(model, name)?,
        None => 0,
    };
    let party = match &args.state {
        Some(id) => Party::State(position("state", id, &model.states)?),
        None => Party::Bloc,
    };
    let question = BriefQuestion {
        party,
        hyperscaler: position("hyperscaler", &args.hyperscaler, &model.hyperscalers)?,
        arm,
        window: args.window,
        side: args.side,
    };
    Ok(question.checked(model)?)
}

fn position(kind: &'static str, id: &str, among: &[Identity]) -> Result<usize, Error> {
    let found = among.iter().position(|one| one.id == id);
    found.ok_or_else(|| {
        let ids: Vec<&str> = among.iter().map(|one| one.id.as_str()).collect();
        Error::unknown(kind, id, &ids)
    })
}

/// The page as HTML.
#[cfg(feature = "html")]
fn html(model: &Model, results: &BriefResults) -> String {
    pages::html(model, document::page(model, results))
}

impl Asked for AskedBrief {
    type Study = Brief;

    fn study(&self) -> &Brief {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn shown(&self, results: &BriefResults, _width: usize) -> Shown {
        Shown::Document(document::text(self.model(), results))
    }

    #[cfg(feature = "html")]
    fn page_files(&self) -> Option<(&'static str, Option<&Path>)> {
        Some((BRIEF, self.html.as_deref()))
    }

    #[cfg(feature = "html")]
    fn page(&self, results: &BriefResults) -> String {
        html(self.model(), results)
    }
}
