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

pub use stages::PART_WORLDS;

use crate::engine::model::question::View;
use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::scenario::base::Base;
use crate::study::advise::stages::{Finding, Stage};
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, Unit, collected, of_piece, to_piece,
};
use crate::study::results::advise::AdviceResults;
use crate::study::results::run::Manifest;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AdviceQuestion {
    /// Whose payoff decides which option is best.
    pub view: View,
    /// The hyperscaler at the table; where none is named, the one with the largest expected market in the state.
    pub supplier: Option<usize>,
    /// Index of the arm that options are compared with.
    pub reference: usize,
}

/// All that a decision hangs on.
pub struct Advise {
    /// The scenario.
    pub loaded: Loaded,
    /// The same, to be varied.
    pub base: Base,
    /// Its identity.
    pub identity: Manifest,
    /// What is asked.
    pub question: AdviceQuestion,
}

impl Study for Advise {
    type Results = AdviceResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces {
            of: Unit::Points,
            count: 1,
            each: 1,
            worlds: stages::worlds(self),
            chained: true,
        }
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let mut found: Vec<Finding> = part
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
        collected(of_piece, |found: Vec<Finding>| {
            stages::results(self, found).ok_or(StudyError::Foreign)
        })
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        self.run(worlds, watch)?;
        Ok(None)
    }
}
