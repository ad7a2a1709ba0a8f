//! Steps of the search, from a direction to one in which the result turns nearer.
//!
//! ```text
//! f(z)   mean of the result over chance with the inputs at z, on common draws; counted so that it is above 0 at the start
//! r(d)   least r at which f(r·d) < 0, along a direction d of length 1
//! d⁺     −∇f/‖∇f‖ at r(d)·d, or between d and that where that is better: the step of Hasofer and Lind, and of Rackwitz and Fiessler
//! ```
//!
//! Slopes are central differences on common draws; one that is less than two standard errors counts as none.
//!
//! # References
//! Hasofer and Lind 1974, <https://doi.org/10.1061/JMCEA3.0001848>; Rackwitz and Fiessler 1978, <https://doi.org/10.1016/0045-7949(78)90046-9>.

use crate::study::turn::ray::{
    Contrast, PlayContrasts, Ray, SEARCHED, follow, means, scaled, unit,
};
use crate::theory::draws::rng::Stream;
use std::ops::Range;

/// Half the distance of a central difference.
const HALF: f64 = 0.5;
/// Worlds of a slope among many inputs.
const NARROW: Range<u64> = 0..16;
/// A step that gains less ends the search.
const GAIN: f64 = 0.02;

/// What is searched.
pub struct TurnQuestion<'a> {
    /// Inputs that move together: their places, a partition.
    pub sets: &'a [Vec<usize>],
    /// Points that the surrogate names, the nearest first, and behind them its slopes at the medians as a direction; scores of all inputs.
    pub candidates: &'a [Vec<f64>],
    /// How far out is searched.
    pub within: f64,
    /// How many directions are played.
    pub directions: u64,
    /// Where they come from.
    pub stream: &'a Stream,
}

/// A search under way.
pub(super) struct TurnSearch<'a, 'p, E> {
    pub(super) question: &'a TurnQuestion<'a>,
    pub(super) inputs: usize,
    /// Inputs that steps move, those with the steepest slopes first.
    pub(super) leaders: Vec<usize>,
    /// Slopes of all inputs where they were found.
    pub(super) slopes: Vec<f64>,
    pub(super) play: &'a mut PlayContrasts<'p, E>,
}

impl<E> TurnSearch<'_, '_, E> {
    /// The slopes of some inputs at a point, those of others 0.
    pub(super) fn slope(
        &mut self,
        at: &[f64],
        among: &[usize],
        worlds: Range<u64>,
    ) -> Result<Vec<f64>, E> {
        let moved = |input: usize, by: f64| {
            let mut moved = at.to_vec();
            moved[input] += by;
            moved
        };
        let contrast = |&input: &usize| Contrast {
            at: moved(input, HALF),
            less: Some(moved(input, -HALF)),
        };
        let contrasts: Vec<Contrast> = among.iter().map(contrast).collect();
        let mut slopes = vec![0.0; self.inputs];
        for (&input, one) in among.iter().zip((self.play)(&contrasts, worlds)?) {
            let told = one.filter(|one| one.mean.abs() > 2.0 * one.std_error);
            slopes[input] = told.map_or(0.0, |one| one.mean / (2.0 * HALF));
        }
        Ok(slopes)
    }

    /// Steps from a ray among the leaders and its own inputs.
    pub(super) fn improved(&mut self, ray: Ray, steps: usize) -> Result<Ray, E> {
        let mut among = self.leaders.clone();
        let own = (0..self.inputs).filter(|&one| ray.direction[one] != 0.0);
        among.extend(own.filter(|one| !self.leaders.contains(one)));
        self.improved_among(ray, &among, steps, NARROW)
    }

    pub(super) fn improved_among(
        &mut self,
        mut ray: Ray,
        among: &[usize],
        steps: usize,
        worlds: Range<u64>,
    ) -> Result<Ray, E> {
        for _ in 0..steps {
            let slope = self.slope(&ray.point(), among, worlds.clone())?;
            let Some(down) = unit(&scaled(&slope, -1.0)) else {
                break;
            };
            let between = [1.0, 0.5, 0.25].into_iter().filter_map(|share| {
                let pairs = ray.direction.iter().zip(&down);
                let mixed = pairs.map(|(one, two)| (1.0 - share) * one + share * two);
                unit(&mixed.collect::<Vec<f64>>())
            });
            let directions: Vec<Vec<f64>> = between.collect();
            let points = directions.iter().map(|one| scaled(one, ray.size)).collect();
            let there = means(self.play, points, SEARCHED)?;
            let lowest = (0..there.len()).min_by(|&one, &two| there[one].total_cmp(&there[two]));
            let Some(lowest) = lowest.filter(|&one| there[one] < ray.mean.min(f64::MAX)) else {
                break;
            };
            let direction = directions[lowest].clone();
            let next = match there[lowest] < 0.0 {
                true => follow(self.play, direction, ray.size)?,
                false => Ray {
                    direction,
                    size: self.question.within,
                    mean: there[lowest],
                    turns: false,
                },
            };
            if !next.is_better(&ray) {
                break;
            }
            let gained = match (ray.turns, next.turns) {
                (true, _) => ray.size - next.size,
                (false, true) => 1.0,
                (false, false) => (ray.mean - next.mean) / ray.mean.abs().max(f64::MIN_POSITIVE),
            };
            ray = next;
            if gained < GAIN {
                break;
            }
        }
        Ok(ray)
    }
}
