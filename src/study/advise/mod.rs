//! `advise`: all that a decision hangs on, by the studies that answer each part of it. A piece is what one of them found; those behind hang on those
//! before: which option is best decides whose coalitions are judged, which table is prepared, which assumptions are tried.
//!
//! ```text
//! run  ->  the best option and the next  ->  what decides between them  ->  where that turns
//!                      |-> its coalitions, the table on Thursday, rival theories, two worlds told
//! ```

mod assumptions;
mod stages;
mod supplier;

pub use stages::{AdviceQuestion, Advise, PART_WORLDS};

use crate::engine::simulate::{End, Watch};
use crate::study::advise::stages::{PartFinding, Stage};
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, collected, of_piece, to_piece,
};
use crate::study::results::advise::AdviceResults;
use crate::study::results::run::Manifest;

impl Study for Advise {
    type Results = AdviceResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces::chained(stages::worlds(self))
    }

    fn held(&self) -> u64 {
        let model = &self.loaded.model;
        let columns = 3 * model.arms.len() + model.draws_len();
        model.simulation.trials.saturating_mul(columns as u64)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let mut found: Vec<PartFinding> = part
            .before
            .iter()
            .map(|piece| of_piece(piece))
            .collect::<Result<_, _>>()?;
        while let Some(stage) = Stage::ALL.get(found.len()) {
            let next = found.len() as u64;
            let Some(finding) = self.find(*stage, &found, part.watch)? else {
                return Ok(End::Stopped { next });
            };
            if !push(&to_piece(&finding)) {
                return Ok(End::Stopped { next });
            }
            found.push(finding);
        }
        Ok(End::Finished)
    }

    fn assemble(&self) -> Box<dyn Assemble<AdviceResults> + '_> {
        collected(of_piece, |found: Vec<PartFinding>| {
            stages::results(self, found).ok_or(StudyError::Foreign)
        })
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        self.run(worlds, watch)?;
        Ok(None)
    }
}
