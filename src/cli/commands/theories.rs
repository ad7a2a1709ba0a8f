//! `mufakat theories`: the same worlds under every theory of bargaining.

use crate::cli::args::common::Common;
use crate::cli::args::theories::TheoriesArgs;
use crate::cli::commands::sweep::failures;
use crate::cli::driver::asked::{Asked, Shown};
use crate::cli::exit::Status;
use crate::cli::identity::{arm_index, identity, reference};
use crate::cli::source;
use crate::engine::model::Model;
use crate::error::Error;
use crate::report::sections::theories::text;
use crate::scenario::Loaded;
use crate::study::cells::Cells;
use crate::study::results::sweep::CellStatus;
use crate::study::results::theories::TheoryResults;
use crate::study::theories::{Theories, changes, outputs};
use std::path::Path;

/// The theories that are asked for.
pub fn ask(args: &TheoriesArgs, common: &Common) -> Result<Theories, Error> {
    let (base, loaded) = source::load_base(&args.scenario, common)?;
    let model = &loaded.model;
    let reference = reference(args.reference.as_deref(), model)?;
    let arms = judged(args, model, reference)?;
    let name = |arm: usize| model.arms[arm].name.clone();
    if arms.is_empty() || arms.contains(&reference) {
        return Err(Error::SameArm {
            arm: name(reference),
        });
    }
    let names: Vec<String> = arms.iter().map(|&arm| name(arm)).collect();
    let (judged, reference) = (names.join(", "), name(reference));
    let settings = vec![format!("arms {judged}"), format!("reference {reference}")];
    let cells = Cells {
        base,
        outputs: outputs(model, &arms),
        reference,
        kept: None,
    };
    Ok(Theories {
        identity: identity(&loaded, &args.scenario.layers, "theories", settings),
        changes: changes(model, &arms),
        arms,
        cells,
        loaded,
    })
}

/// The arms that are judged: the one that is named, else all with an accord but the reference, else all but the reference.
fn judged(args: &TheoriesArgs, model: &Model, reference: usize) -> Result<Vec<usize>, Error> {
    if let Some(name) = &args.arm {
        return Ok(vec![arm_index(model, name)?]);
    }
    let others = (0..model.arms.len()).filter(|&arm| arm != reference);
    let (accords, rest): (Vec<usize>, Vec<usize>) =
        others.partition(|&arm| model.arms[arm].is_accord());
    Ok(if accords.is_empty() { rest } else { accords })
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
        // A theory that cannot be played says so in its row; the others stand.
        let ends: Vec<CellStatus> = results.theories.iter().map(|one| one.status).collect();
        match ends.contains(&CellStatus::Done) {
            true => Ok(Status::Done),
            false => failures(ends),
        }
    }
}
