//! The uncertain quantities of a scenario as inputs that can be fixed, each at its own score, in every world.
//!
//! ```text
//! u_i = Φ(z_i), tied by correlation as in a run; x_i = F_i⁻¹(u_i)
//! ```
//!
//! What an input is correlated with goes along with it, so that ‖z‖ is the distance of Mahalanobis of the scores. Events, and what takes its values from
//! rows of data, are left to the worlds: their noise is that of the world, the same at every point.

use crate::engine::model::Design;
use crate::engine::model::Model;
use crate::study::ties::tied_sets;
use crate::theory::stats::special::{normal_cdf, normal_quantile};

/// Quantities that can be fixed.
pub struct FreeInputs<'a> {
    model: &'a Model,
    design: Design,
    /// Index of each among `model.uncertain`.
    quantities: Vec<usize>,
    /// Positions of uniforms that stand still: those that inputs are tied to, but that are none.
    still: Vec<usize>,
    /// Whether other uniforms than theirs count: those that rows of data are drawn by.
    has_others: bool,
    /// Inputs that are tied to each other, and each of the others by itself; as places among the inputs.
    pub sets: Vec<Vec<usize>>,
}

impl<'a> FreeInputs<'a> {
    /// Those of a model.
    pub fn new(model: &'a Model) -> FreeInputs<'a> {
        let all = 0..model.uncertain.len();
        let quantities: Vec<usize> = all
            .filter(|&index| !model.correlation.takes_rows(index))
            .collect();
        let place = |index: &usize| quantities.binary_search(index).ok();
        let tied = tied_sets(model);
        let mut sets: Vec<Vec<usize>> = tied
            .iter()
            .map(|set| set.quantities.iter().filter_map(place).collect())
            .filter(|set: &Vec<usize>| set.len() > 1)
            .collect();
        let alone = (0..quantities.len()).filter(|one| !sets.iter().any(|set| set.contains(one)));
        let alone: Vec<Vec<usize>> = alone.map(|one| vec![one]).collect();
        sets.extend(alone);
        sets.sort_unstable();
        let blocks = model.correlation.ties().filter(|block| {
            let rows = block.iter().any(|&one| model.correlation.takes_rows(one));
            !rows && block.iter().any(|one| quantities.contains(one))
        });
        let still = blocks.flatten().filter(|one| !quantities.contains(one));
        let still: Vec<usize> = still.collect();
        FreeInputs {
            design: model.design(),
            has_others: quantities.len() + still.len()
                < model.uncertain.len() + model.shadows.len(),
            model,
            still,
            quantities,
            sets,
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.quantities.len()
    }

    /// Index among `model.uncertain`.
    pub fn quantity(&self, input: usize) -> usize {
        self.quantities[input]
    }

    /// A world that worlds beyond those of a stratified design can be, too.
    fn trial(&self, world: u64) -> u64 {
        let simulation = self.model.simulation;
        match simulation.sampler.is_extensible() {
            true => world,
            false => world % simulation.trials,
        }
    }

    /// Writes the uniforms of a world whose inputs are fixed at scores; the trial of its noise.
    pub fn fix(&self, scores: &[f64], world: u64, uniforms: &mut [f64]) -> u64 {
        let trial = self.trial(world);
        let count = self.model.uncertain.len() + self.model.shadows.len();
        let uniforms = &mut uniforms[..count];
        match self.has_others {
            true => self.design.fill(trial, uniforms),
            false => uniforms.fill(0.5),
        }
        self.still.iter().for_each(|&at| uniforms[at] = 0.5);
        for (&quantity, &score) in self.quantities.iter().zip(scores) {
            uniforms[quantity] = normal_cdf(score);
        }
        self.model.correlation.apply(trial, uniforms);
        trial
    }

    /// The uniform and the value of each input at scores, tied as they are.
    pub fn values(&self, scores: &[f64]) -> Vec<(f64, f64)> {
        let mut uniforms = vec![f64::NAN; self.model.uniforms_len()];
        self.fix(scores, 0, &mut uniforms);
        let value = |&quantity: &usize| {
            let uniform = uniforms[quantity];
            (
                uniform,
                self.model.uncertain[quantity]
                    .distribution
                    .quantile(uniform),
            )
        };
        self.quantities.iter().map(value).collect()
    }

    /// Whether every input has a value that it may have at scores.
    pub fn is_possible(&self, scores: &[f64]) -> bool {
        let values = self.values(scores);
        let mut all = self.quantities.iter().zip(values);
        all.all(|(&quantity, (_, value))| self.model.uncertain[quantity].range.contains(value))
    }

    /// The independent scores of each input in the first so many worlds as they are drawn, by input and world.
    pub fn drawn(&self, worlds: usize) -> Vec<Vec<f64>> {
        let mut scores = vec![Vec::with_capacity(worlds); self.count()];
        let mut uniforms = vec![0.5; self.model.uncertain.len() + self.model.shadows.len()];
        for world in 0..worlds {
            self.design.fill(world as u64, &mut uniforms);
            for (column, &quantity) in scores.iter_mut().zip(&self.quantities) {
                column.push(normal_quantile(uniforms[quantity]));
            }
        }
        scores
    }
}
