//! `stability`: every coalition of an arm in every world. A piece is what a world says of every coalition.

use crate::engine::simulate::End;
use crate::scenario::Loaded;
use crate::study::pieces::{
    Assemble, Open, Out, Part, Pieces, Push, Study, StudyError, TableSet, Tables,
};
use crate::study::results::run::Manifest;
use crate::study::results::stability::StabilityResults;
use crate::study::results::stability::columns::{COALITIONS, coalitions_csv};
use crate::study::stability::bytes::{decode, encode};
use crate::study::stability::document::stability_results;
use crate::study::stability::tally::Tally;
use crate::study::stability::{StabilityQuestion, judge_each};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

/// Worlds of a block.
const BLOCK: u64 = 16;

/// The coalitions of an arm.
pub struct Stability {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// What is asked.
    pub question: StabilityQuestion,
}

impl Study for Stability {
    type Results = StabilityResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces::of_worlds(self.loaded.model.simulation.trials, BLOCK)
    }

    fn held(&self) -> u64 {
        // Sums of every coalition; of a world, what is told of the states, and which rules would bind.
        self.pieces().count.saturating_mul(4)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let Part { pieces, watch, .. } = part;
        let (first, mut taken, mut goes_on) = (pieces.start, 0, true);
        let end = judge_each(
            &self.loaded.model,
            self.question,
            pieces,
            watch,
            |verdict| {
                if goes_on {
                    goes_on = push(&encode(verdict));
                    taken += u64::from(goes_on);
                    // What cannot be kept need not be played.
                    watch.stop.fetch_or(!goes_on, Ordering::Relaxed);
                }
            },
        )?;
        Ok(match goes_on {
            true => end,
            false => End::Stopped {
                next: first + taken,
            },
        })
    }

    fn assemble(&self) -> Box<dyn Assemble<StabilityResults> + '_> {
        let model = &self.loaded.model;
        Box::new(StabilityAssembler {
            study: self,
            tally: Tally::new(model, self.question, model.simulation.trials),
        })
    }

    fn files(&self, _: TableSet) -> Vec<String> {
        vec![COALITIONS.to_owned()]
    }

    fn tables<'a>(
        &'a self,
        _: TableSet,
        open: &mut Open<'_>,
    ) -> Result<Box<dyn Tables<StabilityResults> + 'a>, StudyError> {
        Ok(Box::new(CoalitionTable(open(COALITIONS)?)))
    }
}

struct StabilityAssembler<'a> {
    study: &'a Stability,
    tally: Tally,
}

impl Assemble<StabilityResults> for StabilityAssembler<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        self.tally.add(&decode(piece).ok_or(StudyError::Foreign)?);
        Ok(())
    }

    fn results(self: Box<Self>, _: &AtomicBool) -> Result<StabilityResults, StudyError> {
        let (model, identity) = (&self.study.loaded.model, self.study.identity.clone());
        Ok(stability_results(model, &self.tally, identity)?)
    }
}

/// The table of coalitions, which comes from results alone.
struct CoalitionTable(Out);

impl Tables<StabilityResults> for CoalitionTable {
    fn take(&mut self, _: &[u8]) -> Result<(), StudyError> {
        Ok(())
    }

    fn finish(mut self: Box<Self>, results: &StabilityResults) -> Result<(), StudyError> {
        self.0.write_all(coalitions_csv(results).as_bytes())?;
        Ok(self.0.flush()?)
    }
}
