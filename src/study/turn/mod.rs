//! `turn`: the smallest joint change of uncertain inputs that turns a result. Pieces hang on each other: first the worlds as they are drawn, then what the
//! search plays, one part after the other.
//!
//! A change is a point of normal scores, 0 at the median of each input; its size is the Euclidean norm. At a point every input is fixed in every world, and
//! what chance decides (orders of talks, joining, votes, events) is that of the world, the same at all points.

mod fewer;
pub mod inputs;
pub mod ray;
pub mod search;
pub mod steps;

use crate::engine::model::Model;
use crate::engine::simulate::{End, Watch};
use crate::scenario::Loaded;
use crate::study::outputs::{as_output, outputs};
use crate::study::pieces::{
    Assemble, Part, Pieces, Push, Study, StudyError, collected, read_numbers, write_numbers,
};
use crate::study::readings::{Output, WorldSelection, read_each, read_with_draws, stats};
use crate::study::results::choice::{decides, options};
use crate::study::results::path::ResultPath;
use crate::study::results::run::Manifest;
use crate::study::results::turn::{
    ChangedInput, JointChange, PointResult, SurrogateResult, TurnResults, TurnSearchResult,
    TurnStatus,
};
use crate::study::run::BLOCK;
use crate::theory::draws::rng::Stream;
use crate::theory::reliability::design_point::{nearest_zeros, norm};
use crate::theory::reliability::surrogate::Surrogate;
use crate::theory::stats::interval::{Z90, student90};
use crate::theory::stats::special::normal_quantile;
use crate::theory::stats::summary::Stat;
use inputs::FreeInputs;
use ray::{Contrast, PlayedMean};
use search::{ConfirmedPoint, FoundTurn, search};
use std::ops::Range;
use steps::TurnQuestion;

/// Worlds that the surrogate is fitted to, at most.
const FITTED: usize = 5000;

/// Worlds of a piece of the search, about: so that little is lost where it is stopped.
const PIECE: u64 = 2000;

/// About how many worlds a search of 1,000 directions plays besides those: what progress is measured by.
const SEARCH: u64 = 30_000;

/// Scores below this are no change.
const CHANGED: f64 = 1e-9;

/// What should turn.
#[derive(Debug, Clone)]
pub enum TurnedResult {
    /// What the best option brings more than the reference, for whom the question asks.
    Best,
    /// What this arm brings more than the reference.
    Arm(usize),
    /// Any result, and the level on whose other side it should come to lie.
    Path(ResultPath, f64),
}

/// The smallest joint change that turns a result.
pub struct Reversal {
    /// The scenario.
    pub loaded: Loaded,
    /// Its identity.
    pub identity: Manifest,
    /// Index of the arm that differences are taken to.
    pub reference: usize,
    /// What should turn.
    pub turned: TurnedResult,
    /// How far out is searched, as the size of a joint change.
    pub within: f64,
    /// Starts on the surrogate, and directions that are played.
    pub starts: u64,
}

/// Why a search ends before its end.
enum SearchEnd {
    Stopped,
    Failed(StudyError),
}

impl<E: Into<StudyError>> From<E> for SearchEnd {
    fn from(error: E) -> SearchEnd {
        SearchEnd::Failed(error.into())
    }
}

/// Pieces that are known, and what plays the others.
struct PieceLine<'a, 'p> {
    known: &'a [Vec<u8>],
    next: usize,
    watch: Option<Watch<'a>>,
    push: Option<&'a mut Push<'p>>,
    /// Worlds with inputs that were fixed.
    searched: u64,
}

impl PieceLine<'_, '_> {
    /// The numbers of the next piece, so many: known, or played and kept.
    fn numbers(
        &mut self,
        count: usize,
        worlds: u64,
        play: impl FnOnce(Watch<'_>) -> Result<Option<Vec<f64>>, StudyError>,
    ) -> Result<Vec<f64>, SearchEnd> {
        if let Some(piece) = self.known.get(self.next) {
            let mut numbers = vec![0.0; count];
            read_numbers(piece, &mut numbers)?;
            self.next += 1;
            if let Some(watch) = self.watch {
                (0..worlds).for_each(|_| (watch.on_trial)());
            }
            return Ok(numbers);
        }
        let (Some(watch), Some(push)) = (self.watch, self.push.as_mut()) else {
            return Err(StudyError::Foreign.into());
        };
        let numbers = play(watch)?.ok_or(SearchEnd::Stopped)?;
        let mut bytes = Vec::new();
        write_numbers(&mut bytes, &numbers);
        if !push(&bytes) {
            return Err(SearchEnd::Stopped);
        }
        self.next += 1;
        Ok(numbers)
    }
}

/// The result of each world as they are drawn, and whose it is.
struct TurnedValues {
    output: Output,
    arm: Option<usize>,
    level: f64,
    values: Vec<f64>,
}

impl Reversal {
    fn model(&self) -> &Model {
        &self.loaded.model
    }

    /// The options besides the reference, one of which is the best.
    fn others(&self) -> Vec<usize> {
        let others = options(self.model()).into_iter();
        others.filter(|&arm| arm != self.reference).collect()
    }

    /// What an arm brings more than the reference, for whom the question asks.
    fn difference(&self, arm: usize) -> Result<Output, StudyError> {
        let model = self.model();
        let name = format!("{}.difference", decides(model, arm, model.question.view));
        Ok(outputs(&[name], model, self.reference)?.remove(0))
    }

    /// What is read of worlds as they are drawn: one result, or that of each arm of which one is the best; each with its arm and its level.
    fn asked(&self) -> Result<Vec<(Output, Option<usize>, f64)>, StudyError> {
        let of_arm = |arm: usize| Ok((self.difference(arm)?, Some(arm), 0.0));
        match &self.turned {
            TurnedResult::Best => match self.others()[..] {
                [] => Ok(vec![of_arm(self.reference)?]),
                ref others => others.iter().map(|&arm| of_arm(arm)).collect(),
            },
            TurnedResult::Arm(arm) => Ok(vec![of_arm(*arm)?]),
            TurnedResult::Path(path, level) => {
                let mut output = as_output(path, self.model(), self.reference);
                let name = output.name.trim_end_matches(".mean");
                output.name = name.to_owned();
                Ok(vec![(output, None, *level)])
            }
        }
    }

    /// Plays the worlds as they are drawn.
    fn worlds(&self, line: &mut PieceLine<'_, '_>) -> Result<TurnedValues, SearchEnd> {
        let (model, asked) = (self.model(), self.asked()?);
        let outputs: Vec<Output> = asked.iter().map(|one| one.0.clone()).collect();
        let trials = model.simulation.trials;
        let mut columns = vec![Vec::with_capacity(trials as usize); outputs.len()];
        let mut from = 0;
        while from < trials {
            let part = from..(from + BLOCK).min(trials);
            let count = part.end - part.start;
            let numbers = line.numbers(outputs.len() * count as usize, count, |watch| {
                let mut numbers = Vec::new();
                let end = read_each(model, &outputs, part.clone(), watch, |values| {
                    numbers.extend_from_slice(values);
                    true
                })?;
                Ok((end == End::Finished).then_some(numbers))
            })?;
            for row in numbers.chunks(outputs.len()) {
                let cells = columns.iter_mut().zip(row);
                cells.for_each(|(column, value): (&mut Vec<f64>, _)| column.push(*value));
            }
            from = part.end;
        }
        let sum = |column: &Vec<f64>| column.iter().sum::<f64>();
        let best = (0..columns.len()).reduce(|most, one| {
            if sum(&columns[one]) > sum(&columns[most]) {
                one
            } else {
                most
            }
        });
        let best = best.expect("something is read");
        let values = columns.swap_remove(best);
        let (output, arm, level) = asked.into_iter().nth(best).expect("as many as columns");
        Ok(TurnedValues {
            output,
            arm,
            level,
            values,
        })
    }

    /// Means of contrasts, in pieces of some worlds.
    fn means(
        &self,
        line: &mut PieceLine<'_, '_>,
        inputs: &FreeInputs<'_>,
        asked: (&Output, f64, f64),
        contrasts: &[Contrast],
        worlds: Range<u64>,
    ) -> Result<Vec<Option<PlayedMean>>, SearchEnd> {
        let each = worlds.end - worlds.start;
        let points = |one: &Contrast| 1 + u64::from(one.less.is_some());
        let at_a_time = (PIECE / each).max(2) as usize;
        let mut found = Vec::with_capacity(contrasts.len());
        for part in contrasts.chunks(at_a_time) {
            let count = part.iter().map(points).sum::<u64>() * each;
            // What was played, so that pieces of another search are known as such.
            let of = part
                .iter()
                .map(|one| one.at.iter().sum::<f64>())
                .sum::<f64>();
            let numbers = line.numbers(1 + 2 * part.len(), count, |watch| {
                let means = self.played(inputs, asked, part, worlds.clone(), watch)?;
                Ok(means.map(|means| [vec![of], means].concat()))
            })?;
            line.searched += count;
            if numbers[0] != of {
                return Err(StudyError::Foreign.into());
            }
            found.extend(numbers[1..].chunks(2).map(|one| {
                (!one[0].is_nan()).then_some(PlayedMean {
                    mean: one[0],
                    std_error: one[1],
                    worlds: each,
                })
            }));
        }
        Ok(found)
    }

    /// Plays contrasts: the mean and the standard error of each, NaN for what no input may be.
    fn played(
        &self,
        inputs: &FreeInputs<'_>,
        (output, level, sign): (&Output, f64, f64),
        contrasts: &[Contrast],
        worlds: Range<u64>,
        watch: Watch<'_>,
    ) -> Result<Option<Vec<f64>>, StudyError> {
        let is_possible = |one: &Contrast| {
            inputs.is_possible(&one.at)
                && one
                    .less
                    .as_ref()
                    .is_none_or(|less| inputs.is_possible(less))
        };
        let possible: Vec<bool> = contrasts.iter().map(is_possible).collect();
        let played = contrasts
            .iter()
            .zip(&possible)
            .filter(|(_, possible)| **possible);
        let points: Vec<&Vec<f64>> = played
            .flat_map(|(one, _)| [Some(&one.at), one.less.as_ref()].into_iter().flatten())
            .collect();
        let each = worlds.end - worlds.start;
        let write = |index: u64, uniforms: &mut [f64]| {
            let scores = points[(index / each) as usize];
            inputs.fix(scores, worlds.start + index % each, uniforms)
        };
        let selection = WorldSelection {
            count: points.len() as u64 * each,
            points: Some(&write),
            keeper: None,
            draws: &[],
        };
        let outputs = std::slice::from_ref(output);
        let Some(read) = read_with_draws(self.model(), outputs, selection, watch)? else {
            return Ok(None);
        };
        let mut values = read.values[0].chunks(each as usize);
        let mut numbers = Vec::with_capacity(2 * contrasts.len());
        for (one, possible) in contrasts.iter().zip(possible) {
            if !possible {
                numbers.extend([f64::NAN; 2]);
                continue;
            }
            let at = values.next().expect("every point was played");
            let of: Vec<f64> = match &one.less {
                None => at.iter().map(|value| sign * (value - level)).collect(),
                Some(_) => {
                    let less = values.next().expect("every point was played");
                    at.iter()
                        .zip(less)
                        .map(|(one, less)| sign * (one - less))
                        .collect()
                }
            };
            numbers.extend(mean_and_error(of));
        }
        Ok(Some(numbers))
    }

    /// All of it, from pieces that are known or played.
    fn results(&self, line: &mut PieceLine<'_, '_>) -> Result<TurnResults, SearchEnd> {
        let model = self.model();
        let inputs = FreeInputs::new(model);
        let turned = self.worlds(line)?;
        let simulation = model.simulation;
        let groups = simulation.sampler.groups(simulation.trials);
        let headline = stats(&vec![turned.values.clone()], groups).remove(0);
        let left = model.uncertain.len() - inputs.count();
        let events = model
            .may_come_or_not()
            .into_iter()
            .filter(|one| *one)
            .count();
        let mut results = TurnResults {
            manifest: self.identity.clone(),
            output: turned.output.name.clone(),
            level: turned.level,
            arm: turned.arm.map(|arm| model.arms[arm].name.clone()),
            reference: model.arms[self.reference].name.clone(),
            headline,
            at_medians: None,
            status: TurnStatus::Open,
            limit: self.within,
            inputs: inputs.count() as u64,
            left_to_worlds: (left + events) as u64,
            change: None,
            fewer: Vec::new(),
            surrogate: None,
            search: None,
        };
        if inputs.count() == 0 {
            results.status = TurnStatus::Certain;
            return Ok(results);
        }
        let Some(sign) = headline.and_then(|stat| side(&stat, turned.level)) else {
            return Ok(results);
        };
        let stream = Stream::new(simulation.seed, "turn.starts");
        let (surrogate, candidates) = self.surrogate(&inputs, &turned, sign, &stream);
        results.surrogate = surrogate;
        let directions = Stream::new(simulation.seed, "turn.directions");
        let question = TurnQuestion {
            sets: &inputs.sets,
            candidates: &candidates,
            within: self.within,
            directions: self.starts,
            stream: &directions,
        };
        let asked = (&turned.output, turned.level, sign);
        let found = search(&question, &mut |contrasts, worlds| {
            self.means(line, &inputs, asked, contrasts, worlds)
        })?;
        self.tell(&mut results, &inputs, &found, asked);
        if let Some(search) = &mut results.search {
            search.worlds = line.searched;
        }
        Ok(results)
    }

    /// The surrogate, and its nearest zeros as scores of all inputs; its slopes at the medians behind them.
    fn surrogate(
        &self,
        inputs: &FreeInputs<'_>,
        turned: &TurnedValues,
        sign: f64,
        stream: &Stream,
    ) -> (Option<SurrogateResult>, Vec<Vec<f64>>) {
        let worlds = turned.values.len().min(FITTED);
        let values = turned.values[..worlds].iter();
        let values: Vec<f64> = values.map(|value| sign * (value - turned.level)).collect();
        if values.iter().any(|value| value.is_nan()) {
            return (None, Vec::new());
        }
        let Some(fit) = Surrogate::fit(&inputs.drawn(worlds), &values) else {
            return (None, Vec::new());
        };
        let whole = |part: &[f64]| {
            let mut scores = vec![0.0; inputs.count()];
            let terms = fit.terms.iter().zip(part);
            terms.for_each(|(term, score)| scores[term.input] = *score);
            scores
        };
        let zeros = nearest_zeros(|z| fit.at(z), fit.terms.len(), self.starts, stream);
        let middle = vec![0.0; fit.terms.len()];
        let down: Vec<f64> = fit.at(&middle).1.iter().map(|slope| -slope).collect();
        let mut candidates: Vec<Vec<f64>> = zeros.iter().map(|zero| whole(zero)).collect();
        // Two zeros, and down the slopes.
        candidates.truncate(2);
        candidates.push(whole(&down));
        let said = SurrogateResult {
            worlds: worlds as u64,
            inputs: fit.terms.len() as u64,
            explained: fit.explained,
            starts: self.starts,
            zeros: zeros.len() as u64,
            size: zeros.first().map(|zero| norm(zero)),
        };
        (Some(said), candidates)
    }

    /// Writes what was found into the results.
    fn tell(
        &self,
        results: &mut TurnResults,
        inputs: &FreeInputs<'_>,
        found: &FoundTurn,
        (_, level, sign): (&Output, f64, f64),
    ) {
        let point = |one: PlayedMean| point_result(one, level, sign);
        results.at_medians = found.medians.map(point);
        let Some(change) = &found.change else {
            results.status = TurnStatus::OpenAtMedians;
            return;
        };
        results.status = match change.turns {
            true => TurnStatus::Turns,
            false => TurnStatus::Holds,
        };
        let told = |one: &ConfirmedPoint, at_most: Option<u64>| JointChange {
            at_most,
            turns: one.turns,
            size: norm(&one.scores),
            result: point(one.played),
            inputs: self.changed(inputs, &one.scores),
        };
        results.change = Some(told(change, None));
        let fewer = found.fewer.iter().zip(1..);
        results.fewer = fewer.map(|(one, count)| told(one, Some(count))).collect();
        results.search = Some(TurnSearchResult {
            directions: self.starts,
            size: found.below.0,
            rounds: found.rounds,
            nearest: found.below.1,
            worlds: 0,
        });
    }

    /// The inputs that stand elsewhere than at their medians, the largest score first.
    fn changed(&self, inputs: &FreeInputs<'_>, scores: &[f64]) -> Vec<ChangedInput> {
        let model = self.model();
        let medians = inputs.values(&vec![0.0; scores.len()]);
        let values = inputs.values(scores);
        let mut changed = Vec::new();
        for (input, ((_, from), (quantile, to))) in medians.into_iter().zip(values).enumerate() {
            let score = normal_quantile(quantile);
            if score.abs() <= CHANGED {
                continue;
            }
            let path = &model.uncertain[inputs.quantity(input)].path;
            let origin = model.provenance.iter().find(|one| one.path == *path);
            changed.push(ChangedInput {
                path: path.clone(),
                from,
                to,
                score,
                quantile,
                grade: origin.and_then(|one| one.grade.clone()),
                source: origin.and_then(|one| one.source.clone()),
                unit: origin.and_then(|one| one.unit.clone()),
            });
        }
        changed.sort_by(|one, two| two.score.abs().total_cmp(&one.score.abs()));
        changed
    }
}

/// The mean of values and its standard error; NaN of nothing.
fn mean_and_error(values: Vec<f64>) -> [f64; 2] {
    let kept: Vec<f64> = values.into_iter().filter(|value| !value.is_nan()).collect();
    let count = kept.len() as f64;
    let mean = kept.iter().sum::<f64>() / count;
    let squares: f64 = kept
        .iter()
        .map(|value| (value - mean) * (value - mean))
        .sum();
    let error = if count > 1.0 {
        libm::sqrt(squares / (count - 1.0) / count)
    } else {
        0.0
    };
    [mean, error]
}

/// On which side of a level a result is told to lie: 1 above, −1 below, none where its 90% interval holds the level.
fn side(stat: &Stat, level: f64) -> Option<f64> {
    let off = stat.mean - level;
    let error = Z90 * stat.se.unwrap_or(0.0);
    (off.abs() > error).then(|| off.signum())
}

/// A mean that is counted from a level on one side as it is, with its 90% interval.
fn point_result(one: PlayedMean, level: f64, sign: f64) -> PointResult {
    let half = student90(one.worlds.saturating_sub(1).max(1) as f64) * one.std_error;
    let mean = level + sign * one.mean;
    PointResult {
        mean,
        low: mean - half,
        high: mean + half,
        worlds: one.worlds,
    }
}

impl Study for Reversal {
    type Results = TurnResults;

    fn identity(&self) -> &Manifest {
        &self.identity
    }

    fn pieces(&self) -> Pieces {
        let directions = self.starts * 4;
        Pieces::chained(self.model().simulation.trials + SEARCH + directions)
    }

    fn held(&self) -> u64 {
        let columns = self.model().arms.len() + self.model().draws_len();
        self.model()
            .simulation
            .trials
            .saturating_mul(columns as u64)
    }

    fn play(&self, part: Part<'_>, push: &mut Push<'_>) -> Result<End, StudyError> {
        let mut line = PieceLine {
            known: part.before,
            next: 0,
            watch: Some(part.watch),
            push: Some(push),
            searched: 0,
        };
        match self.results(&mut line) {
            Ok(_) => Ok(End::Finished),
            Err(SearchEnd::Stopped) => Ok(End::Stopped {
                next: line.next as u64,
            }),
            Err(SearchEnd::Failed(error)) => Err(error),
        }
    }

    fn assemble(&self) -> Box<dyn Assemble<TurnResults> + '_> {
        let piece = |piece: &[u8]| Ok(piece.to_vec());
        collected(piece, |pieces: Vec<Vec<u8>>| {
            let mut line = PieceLine {
                known: &pieces,
                next: 0,
                watch: None,
                push: None,
                searched: 0,
            };
            self.results(&mut line).map_err(|ended| match ended {
                SearchEnd::Failed(error) => error,
                SearchEnd::Stopped => StudyError::Foreign,
            })
        })
    }

    fn probe(&self, worlds: u64, watch: Watch<'_>) -> Result<Option<u64>, StudyError> {
        let outputs: Vec<Output> = self.asked()?.into_iter().map(|one| one.0).collect();
        read_each(self.model(), &outputs, 0..worlds, watch, |_| true)?;
        Ok(None)
    }
}
