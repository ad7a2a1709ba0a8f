//! Uncertain quantities as factors: which matter for an output, by the estimators of [`crate::theory::sensitivity`] on worlds played for them.
//!
//! A quantity moves through its inverse distribution function from one uniform, an event comes if its uniform is below its probability, and a group of any
//! size moves as one, its correlated quantities as they are correlated. The other quantities stay at their medians. Noise (orders of talks, votes,
//! joining, events that are no factors, what events draw) belongs to the row of a design: points that are compared share it, matrices that must be independent do not.

use crate::engine::model::Model;
use crate::engine::simulate::{PointWriter, Watch};
use crate::study::readings::{
    Keeper, Output, ReadError, WorldReadings, WorldSelection, read_with_draws,
};
use crate::study::ties::{self, TiedSet, tied_sets};
use crate::theory::draws::distribution::Distribution;
use crate::theory::draws::matrices::Matrices;
use crate::theory::draws::rng::{Stream, key};
use crate::theory::draws::sobol::POINTS;
use crate::theory::sensitivity::error::PlanError;
use crate::theory::sensitivity::estimate::Bootstrap;
use crate::theory::sensitivity::morris::Trajectory;
use crate::theory::stats::special::{normal_quantile, student_quantile};
use crate::theory::stats::summary::summarise;
use std::sync::OnceLock;

/// Level of all intervals.
pub const LEVEL: f64 = 0.95;

/// Replicates of a randomised design.
pub const REPLICATES: usize = 8;

/// Where a factor stands at its low and its high point: the 5% and the 95% point of its distribution.
pub const ENDS: (f64, f64) = (0.05, 0.95);

/// The uniforms of a factor at its low and its high point: [`ENDS`], or where both are one value, as of what happens in few worlds, those of the first
/// and the last value that it takes.
pub(crate) fn distinct_ends(distribution: &Distribution) -> (f64, f64) {
    match distribution.quantile(ENDS.0) != distribution.quantile(ENDS.1) {
        true => ENDS,
        false => (f64::MIN_POSITIVE, 1.0 - f64::EPSILON / 2.0),
    }
}

/// The uniforms of an event at its low and its high point: it does not come, and it comes.
pub const EVENT_ENDS: (f64, f64) = (1.0, 0.0);

/// A factor: one number that a world draws, or several that count as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Its name: a path, or that of a group.
    pub name: String,
    /// Indices of its quantities among `model.uncertain`, behind which come events ([`Model::draw_name`]). Where worlds are given, results of each world
    /// may come behind those.
    pub members: Vec<usize>,
}

/// Events that may come or not and are none of `members`, as of [`Model::draw_name`].
pub fn other_events(model: &Model, members: &[usize]) -> Vec<String> {
    let (uncertain, may_come_or_not) = (model.uncertain.len(), model.may_come_or_not());
    let others = (uncertain..model.draws_len())
        .filter(|at| !members.contains(at) && may_come_or_not[at - uncertain]);
    others.map(|at| model.draw_name(at).into_owned()).collect()
}

/// What is played: a model, its factors, what is read.
#[derive(Clone, Copy)]
pub struct FactorStudy<'a> {
    /// The model.
    pub model: &'a Model,
    /// The factors; no quantity in two.
    pub factors: &'a [Factor],
    /// What is read.
    pub outputs: &'a [Output],
    /// How it is watched.
    pub watch: Watch<'a>,
    /// Where values are kept, so that the study can go on after an interruption.
    pub keeper: Option<&'a dyn Keeper>,
    /// Whether the draws of the factors' quantities are wanted.
    pub draws: bool,
    /// The trajectories of a screening, once they are laid out: many take long, and they are needed to play and to estimate.
    pub walks: &'a OnceLock<Vec<Trajectory>>,
}

/// Why there are no estimates.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FactorError {
    /// A design cannot be laid out.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A world has no result.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Estimates with the worlds that they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// Estimates for each output, in order; `None` for one that does not vary or is absent in some world.
    pub estimates: Vec<Option<T>>,
    /// The worlds; with the draws of the quantities of all factors, factor by factor, if they are wanted.
    pub played: WorldReadings,
}

impl<T> Answer<T> {
    pub(crate) fn new(
        played: WorldReadings,
        estimate: impl FnMut(&Vec<f64>) -> Option<T>,
    ) -> Answer<T> {
        Answer {
            estimates: played.values.iter().map(estimate).collect(),
            played,
        }
    }
}

impl FactorStudy<'_> {
    /// All quantities of all factors.
    pub(crate) fn members(&self) -> Vec<usize> {
        let members = self.factors.iter().flat_map(|factor| &factor.members);
        members.copied().collect()
    }

    /// What each factor moves, factor by factor.
    pub(crate) fn columns(&self) -> MovedColumns {
        let sets = tied_sets(self.model);
        let each = self.factors.iter();
        let each = each.map(|factor| ties::positions(self.model, &sets, &factor.members));
        let each: Vec<Vec<usize>> = each.collect();
        MovedColumns::new(each, sets)
    }

    fn seed(&self, purpose: &str) -> u64 {
        key(
            self.model.simulation.seed,
            &format!("sensitivity.{purpose}"),
        )
    }

    pub(crate) fn stream(&self, purpose: &str) -> Stream {
        Stream::new(
            self.model.simulation.seed,
            &format!("sensitivity.{purpose}"),
        )
    }

    /// Plays `count` points; `point` writes the uniforms of `columns` and returns the trial of its noise.
    pub(crate) fn play(
        &self,
        columns: &MovedColumns,
        count: usize,
        point: impl Fn(usize, &mut [f64]) -> u64 + Sync,
    ) -> Result<Option<WorldReadings>, ReadError> {
        let quantities = self.model.uncertain.len();
        let correlation = ties::moved(self.model, &columns.tied, &self.members());
        let write = |index: u64, uniforms: &mut [f64]| {
            let mut moved = vec![0.5; columns.len()];
            let noise = point(index as usize, &mut moved);
            uniforms[..quantities].fill(0.5);
            for (position, uniform) in columns.positions.iter().zip(moved) {
                uniforms[*position] = uniform;
            }
            correlation.apply(noise, uniforms);
            noise
        };
        self.read(count, &write)
    }

    pub(crate) fn read(
        &self,
        count: usize,
        points: &PointWriter<'_>,
    ) -> Result<Option<WorldReadings>, ReadError> {
        let members = self.members();
        let worlds = WorldSelection {
            count: count as u64,
            points: Some(points),
            keeper: self.keeper,
            draws: if self.draws { &members } else { &[] },
        };
        read_with_draws(self.model, self.outputs, worlds, self.watch)
    }

    /// Pairs of matrices of `rows` rows, one per replicate.
    ///
    /// # Errors
    /// A Sobol' sequence has not so many points.
    pub(crate) fn matrices(
        &self,
        purpose: &str,
        columns: &MovedColumns,
        rows: usize,
    ) -> Result<Vec<Matrices>, PlanError> {
        if rows as u64 > POINTS {
            return Err(PlanError::TooManyRows {
                given: rows,
                most: POINTS as usize,
                replicates: REPLICATES,
            });
        }
        let of_single = columns.groups.iter();
        let of_single = of_single.flat_map(|group| group.iter().map(|_| group.len() == 1));
        let of_single: Vec<bool> = of_single.collect();
        let replicate = |replicate: usize| {
            let seed = self.seed(&format!("{purpose}.{replicate}"));
            Matrices::new(seed, rows, &of_single)
        };
        Ok((0..REPLICATES).map(replicate).collect())
    }
}

/// The columns of a design: where the uniforms of a world stand that it moves, and which of them are those of a factor.
pub(crate) struct MovedColumns {
    positions: Vec<usize>,
    /// The columns of each factor.
    pub(crate) groups: Vec<Vec<usize>>,
    tied: Vec<TiedSet>,
}

impl MovedColumns {
    fn new(factors: Vec<Vec<usize>>, tied: Vec<TiedSet>) -> MovedColumns {
        let (mut positions, mut groups) = (Vec::new(), Vec::new());
        for factor in factors {
            groups.push((positions.len()..positions.len() + factor.len()).collect());
            positions.extend(factor);
        }
        MovedColumns {
            positions,
            groups,
            tied,
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.positions.len()
    }
}

/// How intervals of given data are made.
pub fn bootstrap(stream: &Stream) -> Bootstrap<'_> {
    const RESAMPLES: usize = 100;
    Bootstrap {
        resamples: RESAMPLES,
        level: LEVEL,
        stream,
    }
}

/// What inert factors get by chance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoiseFloor {
    /// On average.
    pub mean: f64,
    /// What the largest of all factors would stay below in 95 of 100 studies, if all were inert.
    pub high: f64,
}

impl NoiseFloor {
    /// How many inert columns are judged to find it.
    pub const DUMMIES: usize = 200;
}

/// The noise floor of a study of `factors` factors from what B inert columns got: mean + q·s·√(1 + 1/B), where q is the larger of the quantiles at
/// 1 − 0.05/factors (Bonferroni) of Student's distribution with B − 1 degrees of freedom, since mean and s are estimates, and of the gamma distribution of
/// the skewness of what they got, by Wilson and Hilferty's cube; `None` for fewer than two columns.
pub fn noise_floor(dummies: &[f64], factors: usize) -> Option<NoiseFloor> {
    let stat = summarise(dummies.iter().copied())?;
    let (columns, sd) = (dummies.len() as f64, stat.sd?);
    let p = 1.0 - 0.05 / factors.max(1) as f64;
    let cubes = dummies.iter().map(|one| one - stat.mean);
    let cubes: f64 = cubes.map(|off| off * off * off).sum();
    let skewness = if sd > 0.0 {
        cubes / columns / (sd * sd * sd)
    } else {
        0.0
    };
    let q = student_quantile(columns - 1.0, p).max(skewed_quantile(skewness, p));
    Some(NoiseFloor {
        mean: stat.mean,
        high: stat.mean + q * sd * libm::sqrt(1.0 + 1.0 / columns),
    })
}

/// The upper `p` quantile of the gamma distribution of mean 0, deviation 1 and this skewness; of the normal one if it leans the other way.
fn skewed_quantile(skewness: f64, p: f64) -> f64 {
    let z = normal_quantile(p);
    if skewness < 1e-3 {
        return z;
    }
    let shape = 4.0 / (skewness * skewness);
    let cube = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * libm::sqrt(shape));
    libm::sqrt(shape) * (cube * cube * cube - 1.0)
}
