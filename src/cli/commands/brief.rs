//! `mufakat brief`: the page that a negotiator takes along.

use crate::cli::args::brief::{BriefArgs, SideArg};
use crate::cli::args::common::Common;
use crate::cli::args::out::OutArgs;
use crate::cli::driver::fold::{in_pool, is_progress_wanted};
use crate::cli::exit::Status;
use crate::cli::identity::arm_index;
use crate::cli::interrupt;
use crate::cli::progress;
use crate::cli::source::Base;
use crate::cli::store::directory::BRIEF;
use crate::cli::study;
use crate::cli::study::Opening;
use crate::engine::model::{Identity, Model};
use crate::engine::negotiation::tables::problem::Party;
use crate::engine::simulate::{End, Watch};
use crate::error::Error;
use crate::report::brief::text;
use crate::scenario::Loaded;
use crate::study::brief::error::BriefError;
use crate::study::brief::offer::Offer;
use crate::study::brief::preparation::{Added, CircumstanceChange, changes, measure};
use crate::study::brief::world::{Measure, Observation};
use crate::study::brief::{BriefQuestion, Side, observe};
use crate::study::results::brief::BriefResults;
use crate::study::results::brief::assemble::{Findings, brief};
use crate::study::results::run::Manifest;
use crate::study::results::sheet::Format;
use indicatif::ProgressBar;
#[cfg(feature = "html")]
use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Writes the page.
///
/// # Errors
/// Why there is none.
pub fn run(args: &BriefArgs, common: &Common) -> Result<Status, Error> {
    let (base, loaded) = Base::open(&args.scenario, common)?;
    let model = &loaded.model;
    let question = question(args, model)?;
    if !(args.accept > 0.0 && args.accept <= 1.0) {
        return Err(Error::Brief(BriefError::NoShare { given: args.accept }));
    }
    let offer = match &args.offer {
        Some(given) => Some(given.read(model, question.arm)?),
        None => None,
    };
    let study = Study {
        args,
        base: &base,
        loaded: &loaded,
        question,
        offer,
        stop: interrupt::watch(),
        common,
    };
    study::warn_of_few_worlds(model, common);
    let results = in_pool(common, || study.results())?;
    #[cfg(feature = "html")]
    if let Some(path) = &args.html {
        fs::write(path, html(model, &results)).map_err(Error::unwritable(path))?;
    }
    study::print(
        args.json,
        || results.to_json(),
        |width| text::text(model, &results, width),
    )?;
    Ok(Status::Done)
}

/// The page as HTML.
#[cfg(feature = "html")]
fn html(model: &Model, results: &BriefResults) -> String {
    let page = crate::report::brief::page::page(model, results);
    crate::report::render::html::render(&page, None).expect("the template of the program is valid")
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
        side: match args.side {
            SideArg::State => Side::States,
            SideArg::Hyperscaler => Side::Hyperscaler,
        },
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

struct Study<'a> {
    args: &'a BriefArgs,
    base: &'a Base,
    loaded: &'a Loaded,
    question: BriefQuestion,
    offer: Option<(Offer, Vec<usize>)>,
    stop: Arc<AtomicBool>,
    common: &'a Common,
}

impl Study<'_> {
    fn results(&self) -> Result<BriefResults, Error> {
        let manifest = self.manifest();
        let Some(path) = &self.args.out else {
            return self.found(manifest);
        };
        let files: &[String] = match cfg!(feature = "html") {
            true => &[BRIEF.to_owned()],
            false => &[],
        };
        let opening = Opening {
            identity: &manifest,
            resolved: &self.loaded.resolved,
            format: Format::Csv,
            files,
        };
        let out = OutArgs {
            out: Some(path.clone()),
            force: self.args.force,
            resume: false,
            dry_run: false,
            json: false,
        };
        let directory = out.open(path, opening, self.common)?;
        let results = self.found(manifest.clone())?;
        if let Some(directory) = directory {
            #[cfg(feature = "html")]
            directory.write_whole(BRIEF, html(&self.loaded.model, &results).as_bytes())?;
            directory.complete(&results.to_json())?;
        }
        Ok(results)
    }

    fn manifest(&self) -> Manifest {
        let model = &self.loaded.model;
        let question = &self.question;
        let party = match question.party {
            Party::State(i) => format!("state {}", model.states[i].id),
            Party::Bloc => "accord".to_owned(),
        };
        let mut settings = vec![
            party,
            format!("with {}", model.hyperscalers[question.hyperscaler].id),
            format!("arm {}", model.arms[question.arm].name),
            format!("window {}", question.window),
            format!(
                "side {}",
                match question.side {
                    Side::States => "state",
                    Side::Hyperscaler => "hyperscaler",
                }
            ),
            format!("accept {}", self.args.accept),
        ];
        if let Some((offer, _)) = &self.offer {
            let levels = model.terms.iter().zip(&offer.levels);
            let levels = levels.map(|(term, level)| format!("{}={level}", term.id));
            let levels: Vec<String> = levels.collect();
            settings.push(format!("offer {},cash={}", levels.join(","), offer.cash));
        }
        study::identity(self.loaded, &self.args.scenario.layers, "brief", settings)
    }

    fn found(&self, manifest: Manifest) -> Result<BriefResults, Error> {
        let (model, question) = (&self.loaded.model, &self.question);
        let trials = model.simulation.trials;
        let tried = changes(model, question);
        let worlds = trials * (1 + tried.len() as u64);
        let bar = progress::bar(worlds, 0, is_progress_wanted(self.common));
        let watch = Watch {
            stop: &self.stop,
            on_trial: &|| bar.inc(1),
        };
        let (observations, end) = observe(model, question, 0..trials, watch)?;
        self.whole(end, &bar)?;
        let prepared = self.prepared(&observations, tried, &bar)?;
        bar.finish_and_clear();
        let findings = Findings {
            model,
            question,
            observations: &observations,
            offer: self
                .offer
                .as_ref()
                .map(|(offer, unnamed)| (offer, &unnamed[..])),
            accept: self.args.accept,
            prepared: &prepared,
        };
        Ok(brief(&findings, manifest)?)
    }

    /// What each change adds, on the same draws.
    fn prepared(
        &self,
        observations: &[Observation],
        tried: Vec<CircumstanceChange>,
        bar: &ProgressBar,
    ) -> Result<Vec<(CircumstanceChange, Added)>, Error> {
        let before: Vec<Measure> = observations.iter().map(Measure::of).collect();
        let watch = Watch {
            stop: &self.stop,
            on_trial: &|| bar.inc(1),
        };
        let mut prepared = Vec::with_capacity(tried.len());
        for change in tried {
            let loaded = self.base.with(&change.assignments);
            let loaded =
                loaded.map_err(|error| Error::from_load(&change.assignments.join(" "), error))?;
            let (after, end) = measure(&loaded.model, &self.question, observations, watch)?;
            self.whole(end, bar)?;
            prepared.push((change, Added::between(&before, &after)));
        }
        Ok(prepared)
    }

    fn whole(&self, end: End, bar: &ProgressBar) -> Result<(), Error> {
        match end {
            End::Finished => Ok(()),
            End::Stopped { .. } => Err(Error::Interrupted {
                played: bar.position(),
                trials: bar.length().unwrap_or(0),
                kept: "nothing is kept: brief keeps no unfinished work".to_owned(),
            }),
        }
    }
}

impl From<BriefError> for Error {
    fn from(error: BriefError) -> Error {
        match error {
            BriefError::Trial(error) => Error::Trial(error),
            error => Error::Brief(error),
        }
    }
}
