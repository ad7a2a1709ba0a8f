//! `history`: bargains that are on record, each played from what stood before it and held against what came of it. A piece is a case: what is
//! read in each of its worlds.

pub mod figure;
pub mod paths;
pub mod score;

use crate::engine::model::history::History;
use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, collected, write_numbers,
};
use crate::study::readings::{ReadingValues, read, read_each, stats};
use crate::study::results::history::{HistoryResults, ObservedFigure, PlayedCase};
use crate::study::results::run::Manifest;
use crate::theory::stats::crps::crps;
use figure::{first, oriented, ranked, sign};
use paths::CaseReadings;
use score::{OtherCases, score, skill};

/// A case that is to be played.
pub struct HistoryCase {
    /// What it is called.
    pub id: String,
    /// Its scenario.
    pub loaded: Loaded,
    /// What is on record.
    pub history: History,
    /// SHA-256 of it after all layers.
    pub sha256: String,
    /// What is read of it.
    pub readings: CaseReadings,
}

/// Cases, at least one, each in as many worlds.
pub struct HistoryStudy {
    /// Their identity.
    pub identity: Manifest,
    /// The cases.
    pub cases: Vec<HistoryCase>,
}

impl Study for HistoryStudy {
    type Results = HistoryResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        let worlds = self.cases[0].loaded.model.simulation.trials;
        Pieces::of_cells(self.cases.len() as u64, worlds)
    }

    fn held(&self) -> u64 {
        let outputs = self.cases.iter().map(|case| {
            let trials = case.loaded.model.simulation.trials;
            trials.saturating_mul(case.readings.outputs.len() as u64)
        });
        outputs.fold(0, u64::saturating_add)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let Part { pieces, watch, .. } = part;
        let mut bytes = Vec::new();
        for next in pieces {
            let case = &self.cases[next as usize];
            let values = read(&case.loaded.model, &case.readings.outputs, watch)?;
            let Some(values) = values else {
                return Ok(End::Stopped { next });
            };
            bytes.clear();
            write_numbers(&mut bytes, values.iter().flatten());
            if !push(&bytes) {
                return Ok(End::Stopped { next });
            }
        }
        Ok(End::Finished)
    }

    fn assemble(&self) -> Box<dyn Assemble<HistoryResults> + '_> {
        collected(numbers, |said| self.results(said))
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        let case = &self.cases[0];
        let outputs = &case.readings.outputs;
        read_each(&case.loaded.model, outputs, 0..worlds, watch, |_| true)?;
        Ok(None)
    }
}

/// The numbers of a piece.
fn numbers(piece: &[u8]) -> Result<Vec<f64>, StudyError> {
    let (words, rest) = piece.as_chunks::<8>();
    match rest.is_empty() {
        true => Ok(words.iter().map(|word| f64::from_le_bytes(*word)).collect()),
        false => Err(StudyError::Foreign),
    }
}

impl HistoryStudy {
    fn results(&self, said: Vec<Vec<f64>>) -> Result<HistoryResults, StudyError> {
        if said.len() != self.cases.len() {
            return Err(StudyError::Foreign);
        }
        let came = self.cases.iter().map(|case| {
            let figure = &case.history.figure;
            (
                figure.unit.clone(),
                oriented(figure, &case.history.observed),
            )
        });
        let others = OtherCases::new(came.collect());
        let cases = self.cases.iter().zip(said).enumerate();
        let cases: Vec<PlayedCase> = cases
            .map(|(at, (case, numbers))| Ok(case.played(&case.values(&numbers)?, others.crps(at))))
            .collect::<Result<_, StudyError>>()?;
        Ok(HistoryResults {
            manifest: self.identity.clone(),
            score: score(&cases),
            cases,
        })
    }
}

impl HistoryCase {
    /// What was read, by result and world.
    fn values(&self, numbers: &[f64]) -> Result<ReadingValues, StudyError> {
        let worlds = self.loaded.model.simulation.trials as usize;
        let columns: Vec<Vec<f64>> = numbers.chunks(worlds).map(<[f64]>::to_vec).collect();
        let whole = columns.iter().all(|column| column.len() == worlds);
        match whole && columns.len() == self.readings.outputs.len() {
            true => Ok(columns),
            false => Err(StudyError::Foreign),
        }
    }

    /// What came out, and how far that is from what is on record and from what the other cases brought.
    fn played(&self, values: &ReadingValues, of_others: Option<f64>) -> PlayedCase {
        let (history, model) = (&self.history, &self.loaded.model);
        let observed = &history.observed;
        let figures = self.readings.figure.of_all(values, history.figure.times);
        let simulation = model.simulation;
        let groups = simulation.sampler.groups(simulation.trials);
        let all = vec![figures];
        let engine = stats(&all, groups).pop().flatten();
        let figures: Vec<f64> = all[0].iter().copied().filter(|x| !x.is_nan()).collect();
        let own = crps(&figures, observed.value);
        let lies = |low: f64, high: f64| low <= observed.value && observed.value <= high;
        let winner = history.winner.as_ref();
        let among = winner.map_or_else(Vec::new, |one| ranked(one, &self.readings.among, values));
        let best = first(&among);
        let named = |at: usize| Some(winner?.among.get(at)?.who.clone());
        let no_effect = observed.value.abs();
        PlayedCase {
            id: self.id.clone(),
            title: model.name.clone(),
            scenario_sha256: self.sha256.clone(),
            who: history.who.clone(),
            when: history.when.clone(),
            outcome: history.outcome.clone(),
            outside: history.outside.clone(),
            mapping: history.mapping.clone(),
            what: history.figure.what.clone(),
            gain: history.figure.gain,
            observed: ObservedFigure {
                value: observed.value,
                low: observed.low,
                high: observed.high,
                unit: history.figure.unit.clone(),
                source: observed.source.clone(),
                grade: observed.grade.clone(),
                note: observed.note.clone(),
            },
            left_out: all[0].len() as u64 - figures.len() as u64,
            sign: engine.as_ref().and_then(|stat| sign(observed, stat)),
            winner: winner.map(|one| best == Some(one.observed)),
            winner_observed: winner.and_then(|one| named(one.observed)),
            winner_engine: best.and_then(named),
            among,
            inside_90: engine.map(|stat| lies(stat.p05, stat.p95)),
            inside_50: engine.map(|stat| lies(stat.p25, stat.p75)),
            crps: own,
            crps_no_effect: no_effect,
            crps_other_cases: of_others,
            skill_no_effect: own.and_then(|own| skill(own, no_effect)),
            skill_other_cases: own
                .zip(of_others)
                .and_then(|(own, other)| skill(own, other)),
            missing: history.missing.clone(),
            after: history.after.clone(),
            engine,
        }
    }
}
