//! Uncertain quantities as factors: which matter for an output, by the estimators of [`crate::theory::sensitivity`] on worlds played for them.
//!
//! A factor moves through its inverse distribution function from one uniform, so that every distribution, and any group of
//! quantities, can be one. The other quantities stay at their medians. Noise (orders of talks, votes, joining, events) belongs to the
//! row of a design: points that are compared share it, matrices that must be independent do not.

use crate::engine::model::Model;
use crate::engine::simulate::{PointWriter, Watch};
use crate::study::readings::{
    Keeper, Output, ReadError, WorldReadings, WorldSelection, read_with_draws,
};
use crate::theory::draws::linear::LinearSequence;
use crate::theory::draws::rng::{Stream, key};
use crate::theory::draws::sobol::{DIMENSIONS, POINTS};
use crate::theory::sensitivity::error::PlanError;
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate};
use crate::theory::sensitivity::morris::{
    MorrisEffect, Trajectory, morris_effects, optimised_trajectories, random_trajectories,
};
use crate::theory::sensitivity::shapley_effects::ShapleyPlan;
use crate::theory::sensitivity::sobol::{SobolIndices, SobolPlan, sobol_replicated};
use crate::theory::sensitivity::tornado::{Bar, Ends, tornado};
use crate::theory::stats::special::student_quantile;
use crate::theory::stats::summary::summarise;

/// Level of all intervals.
pub const LEVEL: f64 = 0.95;

/// Replicates of a randomised design.
pub const REPLICATES: usize = 8;

/// Most factors of a design of pairs of matrices: a Sobol' sequence has 256 dimensions.
pub const MOST_FACTORS: usize = 128;

/// Levels of the grid of trajectories.
const LEVELS: usize = 4;

/// Trajectories are chosen for their spread among so many times as many, up to this number of factors.
const CANDIDATES: usize = 10;
const OPTIMISED_UP_TO: usize = 24;

/// Where a factor stands at its low and its high point: the 5% and the 95% point of its distribution.
pub const ENDS: (f64, f64) = (0.05, 0.95);

/// A factor: one uncertain quantity, or several that move independently but count as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Its name: a path, or that of a group.
    pub name: String,
    /// Indices of its quantities among `model.uncertain`.
    pub members: Vec<usize>,
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
    fn new(played: WorldReadings, estimate: impl FnMut(&Vec<f64>) -> Option<T>) -> Answer<T> {
        Answer {
            estimates: played.values.iter().map(estimate).collect(),
            played,
        }
    }
}

impl FactorStudy<'_> {
    /// All quantities of all factors.
    fn members(&self) -> Vec<usize> {
        let members = self.factors.iter().flat_map(|factor| &factor.members);
        members.copied().collect()
    }

    /// Groups of a design whose columns are [`members`](Self::members).
    fn groups(&self) -> Vec<Vec<usize>> {
        let mut next = 0;
        let sizes = self.factors.iter().map(|factor| factor.members.len());
        sizes
            .map(|size| {
                next += size;
                (next - size..next).collect()
            })
            .collect()
    }

    fn seed(&self, purpose: &str) -> u64 {
        key(
            self.model.simulation.seed,
            &format!("sensitivity.{purpose}"),
        )
    }

    fn stream(&self, purpose: &str) -> Stream {
        Stream::new(
            self.model.simulation.seed,
            &format!("sensitivity.{purpose}"),
        )
    }

    /// Plays `count` points; `point` writes the uniforms of the members and returns the trial of its noise.
    fn play(
        &self,
        count: usize,
        point: impl Fn(usize, &mut [f64]) -> u64 + Sync,
    ) -> Result<Option<WorldReadings>, ReadError> {
        let members = self.members();
        let write = |index: u64, uniforms: &mut [f64]| {
            let mut of_members = vec![0.5; members.len()];
            let noise = point(index as usize, &mut of_members);
            uniforms.fill(0.5);
            for (member, uniform) in members.iter().zip(of_members) {
                uniforms[*member] = uniform;
            }
            noise
        };
        self.read(count, &write)
    }

    fn read(
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

    /// Scrambled Sobol' sequences of `columns` dimensions, one per replicate.
    ///
    /// # Errors
    /// The sequence has not so many dimensions, or not so many points as there are `rows`.
    fn sequences(
        &self,
        purpose: &str,
        columns: usize,
        rows: usize,
    ) -> Result<Vec<LinearSequence>, PlanError> {
        if columns > DIMENSIONS {
            return Err(PlanError::TooManyColumns {
                given: columns / 2,
                most: DIMENSIONS,
            });
        }
        if rows as u64 > POINTS {
            return Err(PlanError::TooManyRows {
                given: rows,
                most: POINTS as usize,
                replicates: REPLICATES,
            });
        }
        let sequence = |replicate: usize| {
            let seed = self.seed(&format!("{purpose}.{replicate}"));
            LinearSequence::new(seed, columns)
        };
        Ok((0..REPLICATES).map(sequence).collect())
    }

    /// How many worlds [`sobol`](Self::sobol) plays.
    pub fn sobol_worlds(&self, rows: usize, second: bool) -> usize {
        let crossed = self.factors.len() * if second { 2 } else { 1 };
        REPLICATES * rows * (2 + crossed)
    }

    /// Sobol' indices with intervals from [`REPLICATES`] scrambled sequences of `rows` points each.
    ///
    /// The noise of A and of B is that of different trials, A_B has that of A: first orders are those of the factor alone, totals
    /// include what it does together with noise.
    ///
    /// # Errors
    /// A design that cannot be laid out, or a world without a result.
    pub fn sobol(
        &self,
        rows: usize,
        second: bool,
    ) -> Result<Option<Answer<SobolIndices<Estimate>>>, FactorError> {
        let columns = self.members().len();
        let mut plan = SobolPlan::of_groups(columns, self.groups(), rows, REPLICATES)?;
        if second {
            plan = plan.with_second_order()?;
        }
        let sequences = self.sequences("sobol", 2 * columns, rows)?;
        let matrices = plan.evaluations() / (rows * REPLICATES);
        let groups = self.factors.len();
        let played = self.play(plan.evaluations(), |point, out| {
            let uniform = |replicate: usize, row: usize, column: usize| {
                sequences[replicate].at(row as u64, column)
            };
            plan.point(point, uniform, out);
            let (row, matrix) = (point % rows, point / rows % matrices);
            let replicate = point / rows / matrices;
            let of_b = matrix == 1 || matrix >= 2 + groups;
            (2 * (replicate * rows + row) + usize::from(of_b)) as u64
        })?;
        Ok(played.map(|played| {
            Answer::new(played, |values| {
                sobol_replicated(&plan.split(values), LEVEL)
            })
        }))
    }

    /// How many worlds [`shapley_effects`](Self::shapley_effects) plays.
    pub fn shapley_worlds(&self, rows: usize) -> usize {
        REPLICATES * rows * (self.members().len() + 1)
    }

    /// Shapley effects with intervals from [`REPLICATES`] scrambled sequences of `rows` walks each. Noise is that of the walk. A group
    /// has the sum of its members' effects.
    ///
    /// # Errors
    /// A design that cannot be laid out, or a world without a result.
    pub fn shapley_effects(
        &self,
        rows: usize,
    ) -> Result<Option<Answer<Vec<Estimate>>>, FactorError> {
        let columns = self.members().len();
        let orders = self.stream("shapley.orders");
        let plan = ShapleyPlan::new(columns, rows, REPLICATES, orders.sequence(0, 0))?;
        let sequences = self.sequences("shapley", 2 * columns, rows)?;
        let played = self.play(plan.evaluations(), |point, out| {
            let uniform = |replicate: usize, row: usize, column: usize| {
                sequences[replicate].at(row as u64, column)
            };
            plan.point(point, uniform, out);
            (point / (columns + 1)) as u64
        })?;
        let groups = self.groups();
        Ok(played.map(|played| Answer::new(played, |values| grouped(&plan, values, &groups))))
    }

    /// How many worlds [`morris`](Self::morris) plays.
    pub fn morris_worlds(&self, count: usize) -> usize {
        count * (self.members().len() + 1)
    }

    /// Elementary effects along `count` trajectories over the range from the 5% to the 95% point, in output per that range; each factor is
    /// a single quantity. Up to 24 factors the trajectories are those of ten times as many that are spread furthest. Noise is that of
    /// the trajectory.
    ///
    /// # Errors
    /// A design that cannot be laid out, or a world without a result.
    pub fn morris(&self, count: usize) -> Result<Option<Answer<Vec<MorrisEffect>>>, FactorError> {
        let columns = self.members().len();
        let stream = self.stream("morris");
        let optimise = columns <= OPTIMISED_UP_TO;
        let candidates = if optimise { CANDIDATES * count } else { count };
        let drawn = random_trajectories(columns, LEVELS, candidates, stream.sequence(0, 0))?;
        let walks: Vec<Trajectory> = optimised_trajectories(&drawn, count);
        let steps = columns + 1;
        let played = self.play(walks.len() * steps, |point, out| {
            let (walk, step) = (point / steps, point % steps);
            for (uniform, level) in out.iter_mut().zip(&walks[walk].points[step]) {
                *uniform = ENDS.0 + (ENDS.1 - ENDS.0) * level;
            }
            walk as u64
        })?;
        let stream = self.stream("morris.bootstrap");
        let bootstrap = bootstrap(&stream);
        Ok(played
            .map(|played| Answer::new(played, |values| morris_effects(&walks, values, &bootstrap))))
    }

    /// How many worlds [`tornado`](Self::tornado) plays.
    pub fn tornado_worlds(&self, worlds: usize) -> usize {
        (2 * self.factors.len()).saturating_mul(worlds)
    }

    /// The output with each factor at its 5% and at its 95% point, in the first `worlds` worlds of the scenario, the others as drawn there,
    /// correlated as they are; with `worlds` 0 in one world with the others at their medians. A bar is that of its factor alone: what is
    /// correlated with it does not move along.
    ///
    /// # Errors
    /// A world without a result.
    pub fn tornado(&self, worlds: usize) -> Result<Option<Answer<Vec<Bar>>>, FactorError> {
        let design = self.model.design();
        let dimensions = self.model.uncertain.len() + self.model.shadows.len();
        let medians = worlds == 0;
        let worlds = worlds.max(1);
        let write = |index: u64, uniforms: &mut [f64]| {
            let (world, end) = (index as usize % worlds, index as usize / worlds);
            if medians {
                uniforms.fill(0.5);
            } else {
                let drawn = (0..dimensions).map(|one| design.uniform(world as u64, one));
                let mut drawn: Vec<f64> = drawn.collect();
                self.model.correlation.apply(&mut drawn);
                uniforms.copy_from_slice(&drawn[..uniforms.len()]);
            }
            let factor = &self.factors[end / 2];
            for &member in &factor.members {
                uniforms[member] = if end % 2 == 0 { ENDS.0 } else { ENDS.1 };
            }
            world as u64
        };
        let played = self.read(2 * self.factors.len() * worlds, &write)?;
        Ok(played.map(|played| {
            Answer::new(played, |values| {
                let ends = values.chunks_exact(2 * worlds).map(|both| Ends {
                    low: &both[..worlds],
                    high: &both[worlds..],
                });
                tornado(&ends.collect::<Vec<_>>(), LEVEL)
            })
        }))
    }
}

/// Effects of groups: sums over their members in each replicate.
fn grouped(plan: &ShapleyPlan, outputs: &[f64], groups: &[Vec<usize>]) -> Option<Vec<Estimate>> {
    let each: Option<Vec<Vec<f64>>> = plan.effects(outputs).into_iter().collect();
    let each = each?;
    let groups = groups.iter().map(|members| {
        let sums = each
            .iter()
            .map(|effects| members.iter().map(|&m| effects[m]).sum());
        Estimate::from_replicates(&sums.collect::<Vec<f64>>(), LEVEL)
    });
    groups.collect()
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
    pub const DUMMIES: usize = 24;
}

/// The noise floor of a study of `factors` factors from what B inert columns got: mean + t·s·√(1 + 1/B), t the quantile of Student's
/// distribution with B − 1 degrees of freedom at 1 − 0.05/factors (Bonferroni), since mean and s are estimates; `None` for fewer than two columns.
pub fn noise_floor(dummies: &[f64], factors: usize) -> Option<NoiseFloor> {
    let stat = summarise(dummies.iter().copied())?;
    let columns = dummies.len() as f64;
    let t = student_quantile(columns - 1.0, 1.0 - 0.05 / factors.max(1) as f64);
    Some(NoiseFloor {
        mean: stat.mean,
        high: stat.mean + t * stat.sd? * libm::sqrt(1.0 + 1.0 / columns),
    })
}
