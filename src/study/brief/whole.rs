//! `brief`: one table in every world, as it is and with each change before the talks, and what the accord is worth in all. A piece is a world.

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::study::brief::accord::AccordReadings;
use crate::study::brief::bytes::SeenWorld;
use crate::study::brief::observe;
use crate::study::brief::offer::Offer;
use crate::study::brief::preparation::{Added, CircumstanceChange, measure};
use crate::study::brief::question::BriefQuestion;
use crate::study::brief::world::{Measure, Observation};
use crate::study::packed::{packed, unpacked};
use crate::study::pieces::{Assemble, Part, Pieces, Push, Study, StudyError};
use crate::study::readings::{Output, ReadingValues, read_each};
use crate::study::results::brief::BriefResults;
use crate::study::results::brief::assemble::{Findings, brief};
use crate::study::results::run::Manifest;
use std::sync::atomic::AtomicBool;

/// Worlds that are looked at before the changes are tried in them.
const STRETCH: u64 = 256;
/// Worlds of a block.
const BLOCK: u64 = 16;

/// The page of a table.
pub struct Brief {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// The table.
    pub question: BriefQuestion,
    /// What is read of the accord, if there is one.
    pub accord: Option<AccordReadings>,
    /// The offer with the terms that were not named, if there is one.
    pub offer: Option<(Offer, Vec<usize>)>,
    /// Share of worlds in which a counter-offer has to be accepted.
    pub accept: f64,
    /// Changes that are tried, with the scenarios that they make.
    pub changes: Vec<(CircumstanceChange, Model)>,
}

impl Study for Brief {
    type Results = BriefResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        Pieces {
            worlds: 1 + self.changes.len() as u64 + u64::from(self.accord.is_some()),
            ..Pieces::of_worlds(self.loaded.model.simulation.trials, BLOCK)
        }
    }

    fn held(&self) -> u64 {
        // A world has its table at several times, each change its own.
        self.pieces()
            .count
            .saturating_mul(100 * self.pieces().worlds)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let Part { pieces, watch, .. } = part;
        let mut next = pieces.start;
        while next < pieces.end {
            let Some(worlds) = self.seen(next..pieces.end.min(next + STRETCH), watch)? else {
                return Ok(End::Stopped { next });
            };
            for world in worlds {
                if !push(&packed(&world)) {
                    return Ok(End::Stopped { next });
                }
                next += 1;
            }
        }
        Ok(End::Finished)
    }

    fn assemble(&self) -> Box<dyn Assemble<BriefResults> + '_> {
        Box::new(BriefAssembler {
            study: self,
            observations: Vec::new(),
            changed: vec![Vec::new(); self.changes.len()],
            accord: vec![Vec::new(); self.outputs().len()],
        })
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        observe(&self.loaded.model, &self.question, 0..worlds, watch)?;
        Ok(None)
    }
}

impl Brief {
    /// What is read of the accord.
    fn outputs(&self) -> &[Output] {
        self.accord.as_ref().map_or(&[], |accord| &accord.outputs)
    }

    /// Some worlds, with all changes; none if it was stopped.
    fn seen(
        &self,
        worlds: std::ops::Range<u64>,
        watch: Watch<'_>,
    ) -> Result<Option<Vec<SeenWorld>>, StudyError> {
        let (first, model) = (worlds.start, &self.loaded.model);
        let (observations, end) = observe(model, &self.question, worlds.clone(), watch)?;
        if end != End::Finished {
            return Ok(None);
        }
        let mut accord = vec![Vec::new(); observations.len()];
        if self.accord.is_some() {
            let mut places = accord.iter_mut();
            let end = read_each(model, self.outputs(), worlds, watch, |values| {
                let place = places.next().expect("a place for each world");
                place.extend_from_slice(values);
                true
            })?;
            if end != End::Finished {
                return Ok(None);
            }
        }
        let mut changed = Vec::with_capacity(self.changes.len());
        for (_, model) in &self.changes {
            let (measures, end) = measure(model, &self.question, first, &observations, watch)?;
            if end != End::Finished {
                return Ok(None);
            }
            changed.push(measures);
        }
        let worlds = observations.into_iter().zip(accord).enumerate();
        let worlds = worlds.map(|(world, (observation, accord))| SeenWorld {
            observation,
            accord,
            changed: changed.iter().map(|measures| measures[world]).collect(),
        });
        Ok(Some(worlds.collect()))
    }
}

struct BriefAssembler<'a> {
    study: &'a Brief,
    observations: Vec<Observation>,
    /// By change and world.
    changed: Vec<Vec<Measure>>,
    /// By output and world.
    accord: ReadingValues,
}

impl Assemble<BriefResults> for BriefAssembler<'_> {
    fn take(&mut self, piece: &[u8]) -> Result<(), StudyError> {
        let world: SeenWorld = unpacked(piece).ok_or(StudyError::Foreign)?;
        if world.changed.len() != self.changed.len() || world.accord.len() != self.accord.len() {
            return Err(StudyError::Foreign);
        }
        self.observations.push(world.observation);
        for (column, measure) in self.changed.iter_mut().zip(world.changed) {
            column.push(measure);
        }
        for (column, value) in self.accord.iter_mut().zip(world.accord) {
            column.push(value);
        }
        Ok(())
    }

    fn results(self: Box<Self>, _: &AtomicBool) -> Result<BriefResults, StudyError> {
        let study = self.study;
        let before: Vec<Measure> = self.observations.iter().map(Measure::of).collect();
        let changes = study.changes.iter().zip(&self.changed);
        let prepared: Vec<(CircumstanceChange, Added)> = changes
            .map(|((change, _), after)| (change.clone(), Added::between(&before, after)))
            .collect();
        let findings = Findings {
            model: &study.loaded.model,
            question: &study.question,
            observations: &self.observations,
            offer: study
                .offer
                .as_ref()
                .map(|(offer, unnamed)| (offer, &unnamed[..])),
            accept: study.accept,
            prepared: &prepared,
            accord: study.accord.as_ref().map(|one| (one, &self.accord)),
        };
        Ok(brief(&findings, study.identity.clone())?)
    }
}
