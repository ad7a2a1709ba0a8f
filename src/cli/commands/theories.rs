//! `mufakat theories`: the same worlds under every theory of bargaining.

use crate::cli::args::common::Common;
use crate::cli::args::theories::TheoriesArgs;
use crate::cli::commands::sweep::failures;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::exit::Status;
use crate::cli::identity::{arm_index, identity, reference};
use crate::cli::source;
use crate::engine::model::Model;
use crate::engine::model::words::Mode;
use crate::error::Error;
use crate::report::sections::theories::text;
use crate::scenario::Loaded;
use crate::study::cells::Cells;
use crate::study::results::theories::TheoryResults;
use crate::study::theories::{Theories, choices, outputs};
use std::path::Path;

/// The theories that are asked for.
pub fn ask(args: &TheoriesArgs, common: &Common) -> Result<Theories, Error> {
    let (base, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let arm = judged(args, model)?;
    let reference = reference(args.reference.as_deref(), model)?;
    if arm == reference {
        return Err(Error::SameArm {
            arm: model.arms[arm].name.clone(),
        });
    }
    let (judged, reference) = (&model.arms[arm].name, &model.arms[reference].name);
    let settings = vec![format!("arm {judged}"), format!("reference {reference}")];
    let cells = Cells {
        base,
        outputs: outputs(model, arm),
        reference: reference.clone(),
    };
    Ok(Theories {
        identity: identity(&loaded, &args.scenario.layers, "theories", settings),
        choices: choices(model, arm),
        arm,
        cells,
        loaded,
    })
}

/// The arm that is judged.
fn judged(args: &TheoriesArgs, model: &Model) -> Result<usize, Error> {
    let bloc = model.arms.iter().position(|arm| arm.mode == Mode::Bloc);
    match &args.arm {
        Some(name) => arm_index(model, name),
        None => Ok(bloc.unwrap_or(model.arms.len() - 1)),
    }
}

impl Asked for Theories {
    type Study = Theories;

    fn study(&self) -> &Theories {
        self
    }

    fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    fn shown(&self, results: &TheoryResults, _: usize) -> Shown {
        Shown::Document(text(self.model(), results).into())
    }

    fn ended(
        &self,
        results: &TheoryResults,
        _: Option<&Path>,
        _: &Common,
    ) -> Result<Status, Error> {
        let theories = results.theories.iter();
        failures(theories.map(|theory| theory.cell.status).collect())
    }
}
