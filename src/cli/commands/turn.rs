//! `mufakat turn`: the smallest joint change of uncertain inputs that turns a result.

use crate::cli::args::common::Common;
use crate::cli::args::turn::TurnArgs;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::identity::{arm_index, identity};
#[cfg(feature = "html")]
use crate::cli::pages;
use crate::cli::source;
#[cfg(feature = "html")]
use crate::cli::store::manifest::TURN;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::sections::turn::document;
use crate::scenario::Loaded;
use crate::study::results::choice::default_reference;
use crate::study::results::condition::Condition;
use crate::study::results::turn::TurnResults;
use crate::study::threshold::Over;
use crate::study::turn::{Reversal, TurnedResult};
#[cfg(feature = "html")]
use std::path::{Path, PathBuf};

/// The study with its arguments.
pub struct AskedTurn {
    study: Reversal,
    #[cfg(feature = "html")]
    html: Option<PathBuf>,
}

/// The study that is asked for.
pub fn ask(args: &TurnArgs, common: &Common) -> Result<AskedTurn, Error> {
    let (_, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = match &args.reference {
        Some(name) => arm_index(model, name)?,
        None => default_reference(model),
    };
    let turned = match (&args.arm, &args.equation) {
        (Some(name), _) => TurnedResult::Arm(arm_index(model, name)?),
        (None, Some(equation)) => of_equation(equation, model)?,
        (None, None) => TurnedResult::Best,
    };
    let mut settings = vec![format!("reference {}", model.arms[reference].name)];
    settings.extend(args.arm.iter().map(|name| format!("arm {name}")));
    settings.extend(args.equation.iter().map(|text| format!("where {text}")));
    settings.push(format!("within {}", args.within));
    settings.push(format!("starts {}", args.starts));
    Ok(AskedTurn {
        study: Reversal {
            identity: identity(&loaded, &args.scenario.layers, "turn", settings),
            reference,
            turned,
            within: args.within,
            starts: args.starts,
            loaded,
        },
        #[cfg(feature = "html")]
        html: args.html.clone(),
    })
}

/// A result and the level that its mean should cross.
fn of_equation(text: &str, model: &Model) -> Result<TurnedResult, Error> {
    let condition = Condition::parse(text, model).map_err(Error::Where)?;
    let refused = |reason| Error::NoEquation {
        text: text.to_owned(),
        reason,
    };
    let (path, level) = condition
        .equation()
        .ok_or_else(|| refused("expected RESULT = VALUE"))?;
    match path.over() {
        Some(Over::Mean) => Ok(TurnedResult::Path(path, level)),
        _ => Err(refused(
            "it is the mean that turns: leave out the statistic",
        )),
    }
}

impl Asked for AskedTurn {
    type Study = Reversal;

    fn study(&self) -> &Reversal {
        &self.study
    }

    fn loaded(&self) -> &Loaded {
        &self.study.loaded
    }

    fn shown(&self, results: &TurnResults, _: usize) -> Shown {
        Shown::Document(document(self.model(), results))
    }

    #[cfg(feature = "html")]
    fn page_files(&self) -> Option<(&'static str, Option<&Path>)> {
        Some((TURN, self.html.as_deref()))
    }

    #[cfg(feature = "html")]
    fn page(&self, results: &TurnResults) -> String {
        pages::html(self.model(), document(self.model(), results))
    }
}
