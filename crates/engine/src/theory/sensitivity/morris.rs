//! Morris screening: elementary effects along trajectories through a grid, cheap enough for many factors.

use crate::theory::sensitivity::error::PlanError;
use crate::theory::sensitivity::estimate::{Bootstrap, Estimate};
use crate::theory::sensitivity::sobol::at_least;

/// A walk of d + 1 points of which each step moves one factor: by Δ of the grid, or between levels of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// The points, each of one number in \[0, 1\] per factor.
    pub points: Vec<Vec<f64>>,
    /// `order[l]` is the factor that moves from point l to point l + 1.
    pub order: Vec<usize>,
}

/// `count` random trajectories over `factors` factors on a grid of `levels` levels (even; 4 is usual).
///
/// The grid is 0, 1/(p−1), ..., 1 in each factor, Δ = p/(2(p−1)). A base point is drawn from the levels that leave room for Δ, a direction
/// for each factor, and the order of the factors; `uniform` gives 3d − 1 numbers in \[0, 1) per trajectory.
///
/// Levels 0 and 1 are ends of a distribution: a caller that maps them through an unbounded inverse function moves them inwards first.
///
/// # Errors
/// No factors, no trajectories, an odd number of levels or fewer than two.
///
/// # References
/// Morris 1991, <https://doi.org/10.1080/00401706.1991.10484804>.
pub fn random_trajectories(
    factors: usize,
    levels: usize,
    count: usize,
    mut uniform: impl FnMut() -> f64,
) -> Result<Vec<Trajectory>, PlanError> {
    if factors == 0 {
        return Err(PlanError::NoFactors);
    }
    if levels < 2 || levels % 2 == 1 {
        return Err(PlanError::Levels { given: levels });
    }
    at_least("trajectories", count, 1)?;
    let trajectories = (0..count).map(|_| random_trajectory(factors, levels, &mut uniform));
    Ok(trajectories.collect())
}

fn random_trajectory(
    factors: usize,
    levels: usize,
    uniform: &mut impl FnMut() -> f64,
) -> Trajectory {
    let mut pick = |n: usize| ((uniform() * n as f64) as usize).min(n - 1);
    let jump = levels / 2;
    let mut order: Vec<usize> = (0..factors).collect();
    for last in (1..factors).rev() {
        order.swap(last, pick(last + 1));
    }
    let starts: Vec<(usize, usize)> = (0..factors)
        .map(|_| {
            let low = pick(jump);
            if pick(2) == 0 {
                (low, low + jump)
            } else {
                (low + jump, low)
            }
        })
        .collect();
    let place = |level: usize| level as f64 / (levels - 1) as f64;
    let mut point: Vec<f64> = starts.iter().map(|&(from, _)| place(from)).collect();
    let mut points = vec![point.clone()];
    for &factor in &order {
        point[factor] = place(starts[factor].1);
        points.push(point.clone());
    }
    Trajectory { points, order }
}

/// The `keep` of `candidates` that are spread furthest over the grid, in the order of `candidates`.
///
/// The distance of two trajectories is the sum of the Euclidean distances of all pairs of their points; the spread of a set is the root of
/// the sum of its squared distances (Campolongo et al. 2007). The best set is searched as Ruano et al. 2012 propose, by steps instead of
/// over all sets: from the furthest pair, always the trajectory that adds most, then exchanges as long as one improves. About
/// M²·d³/2 steps for M candidates. All candidates if there are no more than `keep`.
///
/// # References
/// Campolongo, Cariboni and Saltelli 2007, <https://doi.org/10.1016/j.envsoft.2006.10.004>; Ruano et al. 2012,
/// <https://doi.org/10.1016/j.envsoft.2012.03.008>.
pub fn optimised_trajectories(candidates: &[Trajectory], keep: usize) -> Vec<Trajectory> {
    let count = candidates.len();
    if count <= keep {
        return candidates.to_vec();
    }
    let distances = squared_distances(candidates);
    let distance = |i: usize, j: usize| distances[i * count + j];
    let mut chosen: Vec<usize> = Vec::new();
    // gains[i] = Σ over the chosen of the squared distance to i.
    let mut gains: Vec<f64> = (0..count)
        .map(|i| (0..count).map(|j| distance(i, j)).fold(0.0, f64::max))
        .collect();
    while chosen.len() < keep {
        let best = furthest(&gains, &chosen);
        if chosen.is_empty() {
            gains.fill(0.0);
        }
        gains
            .iter_mut()
            .enumerate()
            .for_each(|(i, gain)| *gain += distance(best, i));
        chosen.push(best);
    }
    improve(&mut chosen, &mut gains, &distance);
    chosen.sort_unstable();
    chosen.iter().map(|&i| candidates[i].clone()).collect()
}

/// The index outside `chosen` with the largest gain, the first of equals.
fn furthest(gains: &[f64], chosen: &[usize]) -> usize {
    let free = (0..gains.len()).filter(|i| !chosen.contains(i));
    free.reduce(|best, i| if gains[i] > gains[best] { i } else { best })
        .expect("fewer are kept than there are candidates")
}

/// Exchanges a chosen trajectory for another while that widens the spread; at most as often as there are candidates.
fn improve(chosen: &mut [usize], gains: &mut [f64], distance: &impl Fn(usize, usize) -> f64) {
    let count = gains.len();
    for _ in 0..count {
        let mut best = (0.0, 0, 0);
        for (place, &out) in chosen.iter().enumerate() {
            for into in (0..count).filter(|i| !chosen.contains(i)) {
                let change = gains[into] - distance(out, into) - gains[out];
                // An exchange must gain more than rounding.
                if change > best.0 && change > 1e-9 * gains[out] {
                    best = (change, place, into);
                }
            }
        }
        let (change, place, into) = best;
        if change <= 0.0 {
            return;
        }
        let out = std::mem::replace(&mut chosen[place], into);
        for (i, gain) in gains.iter_mut().enumerate() {
            *gain += distance(into, i) - distance(out, i);
        }
    }
}

fn squared_distances(candidates: &[Trajectory]) -> Vec<f64> {
    let count = candidates.len();
    let mut distances = vec![0.0; count * count];
    for i in 0..count {
        for j in 0..i {
            let mut sum = 0.0;
            for p in &candidates[i].points {
                for q in &candidates[j].points {
                    let squares = p.iter().zip(q).map(|(x, y)| (x - y) * (x - y));
                    sum += libm::sqrt(squares.sum());
                }
            }
            distances[i * count + j] = sum * sum;
            distances[j * count + i] = sum * sum;
        }
    }
    distances
}

/// Moves `factor` from one end to the other instead of by Δ, in each of `walks`, in the direction that it had: for a factor that takes two values, which are 0
/// and 1 here. Its elementary effects are then what the one value gives more than the other.
///
/// On the grid such a factor would change by all there is in a step of Δ or not at all, depending on how its values fall on the levels: its effects would come
/// out too large by 1/Δ, or too small.
///
/// # Panics
/// If there is no such factor.
pub fn move_across(walks: &mut [Trajectory], factor: usize) {
    for walk in walks {
        walk.place(factor, (0.0, 1.0));
    }
}

/// Moves `factor` half the way instead of by Δ, in each of `walks`, in the direction that it had: for a factor that takes few values, of which 0 stands for the
/// lowest, 1 for the highest, and the one number between them for one in the middle.
///
/// The lower half is taken by l of the r walks, the upper half by the others, l = r/2 (for an odd r rounded up or down by chance); which ones is shuffled. The
/// middle stands at s = l/r, so that an elementary effect is Δf/s on the lower half and Δf/(1 − s) on the upper one. Their mean is then exactly
/// f(highest) − f(lowest) where the factor adds to the others, whatever the values are and however it curves. `uniform` gives r numbers in \[0, 1).
///
/// # Panics
/// If there is no such factor.
pub fn move_by_halves(walks: &mut [Trajectory], factor: usize, mut uniform: impl FnMut() -> f64) {
    let count = walks.len();
    let lower = (count + usize::from(uniform() < 0.5)) / 2;
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let pick = (uniform() * (last + 1) as f64) as usize;
        order.swap(last, pick.min(last));
    }
    let middle = lower as f64 / count as f64;
    for (place, &walk) in order.iter().enumerate() {
        let half = if place < lower {
            (0.0, middle)
        } else {
            (middle, 1.0)
        };
        walks[walk].place(factor, half);
    }
}

impl Trajectory {
    /// Lets a factor move between two levels, in the direction that it has.
    fn place(&mut self, factor: usize, (low, high): (f64, f64)) {
        let last = self.points.len() - 1;
        let rises = self.points[last][factor] > self.points[0][factor];
        let (from, to) = if rises { (low, high) } else { (high, low) };
        let step = self.order.iter().position(|&moved| moved == factor);
        let step = step.expect("each factor moves once");
        for (l, point) in self.points.iter_mut().enumerate() {
            point[factor] = if l <= step { from } else { to };
        }
    }
}

/// Elementary effects of one factor over r trajectories, in output per full range of the factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MorrisEffect {
    /// μ, the mean: which way the factor pushes.
    pub mu: Estimate,
    /// μ*, the mean of the absolute effects: how much it matters.
    pub mu_star: Estimate,
    /// σ, their standard deviation: how much its effect depends on the others or on where it stands.
    pub sigma: Estimate,
}

/// Elementary effects per factor, from the outputs of all points, trajectory by trajectory; `None` for fewer than two trajectories or
/// an output that is not finite.
///
/// EE_i = (f(after) − f(before))/(x_i after − x_i before) on the step that moves factor i; μ = mean(EE), μ* = mean(|EE|), σ with
/// denominator r − 1. Intervals from resampled trajectories. Outputs that are all equal have effects of exactly 0. A factor with few values needs levels of its
/// own: [`move_across`], [`move_by_halves`].
///
/// # Panics
/// If there is not one output per point.
///
/// # References
/// Morris 1991, <https://doi.org/10.1080/00401706.1991.10484804>; Campolongo, Cariboni and Saltelli 2007 for μ*,
/// <https://doi.org/10.1016/j.envsoft.2006.10.004>.
pub fn morris_effects(
    trajectories: &[Trajectory],
    outputs: &[f64],
    bootstrap: &Bootstrap,
) -> Option<Vec<MorrisEffect>> {
    let effects = elementary_effects(trajectories, outputs);
    let one = |effects: &Vec<f64>| {
        let estimates = bootstrap.estimates(effects.len(), |weights| summary(effects, weights))?;
        let [mu, mu_star, sigma] = estimates.try_into().ok()?;
        Some(MorrisEffect { mu, mu_star, sigma })
    };
    effects.iter().map(one).collect()
}

/// The elementary effects themselves: for each factor, one per trajectory.
///
/// # Panics
/// If there is not one output per point.
pub fn elementary_effects(trajectories: &[Trajectory], outputs: &[f64]) -> Vec<Vec<f64>> {
    let points: usize = trajectories.iter().map(|walk| walk.points.len()).sum();
    assert_eq!(outputs.len(), points, "one output a point");
    let factors = trajectories.first().map_or(0, |walk| walk.order.len());
    let mut effects = vec![Vec::with_capacity(trajectories.len()); factors];
    let mut first = 0;
    for walk in trajectories {
        for (l, &factor) in walk.order.iter().enumerate() {
            let step = walk.points[l + 1][factor] - walk.points[l][factor];
            effects[factor].push((outputs[first + l + 1] - outputs[first + l]) / step);
        }
        first += walk.points.len();
    }
    effects
}

/// μ, μ*, σ of effects that count `weights` times each.
fn summary(effects: &[f64], weights: &[u32]) -> Option<Vec<f64>> {
    let count: f64 = weights.iter().map(|&w| f64::from(w)).sum();
    let sum = |value: &dyn Fn(f64) -> f64| -> f64 {
        let terms = effects
            .iter()
            .zip(weights)
            .map(|(&e, &w)| f64::from(w) * value(e));
        terms.sum()
    };
    let mu = sum(&|effect| effect) / count;
    let mu_star = sum(&f64::abs) / count;
    let sigma = libm::sqrt(sum(&|effect| (effect - mu) * (effect - mu)) / (count - 1.0));
    (mu_star.is_finite() && sigma.is_finite()).then(|| vec![mu, mu_star, sigma])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::rng::Stream;

    #[test]
    fn trajectories_move_one_factor_a_step_by_half_the_grid() {
        let stream = Stream::new(1, "morris");
        let walks = random_trajectories(5, 4, 40, stream.sequence(0, 0)).expect("a plan");
        for walk in &walks {
            for (l, &factor) in walk.order.iter().enumerate() {
                for i in 0..5 {
                    let step = (walk.points[l + 1][i] - walk.points[l][i]).abs();
                    let expected = if i == factor { 2.0 / 3.0 } else { 0.0 };
                    assert!((step - expected).abs() < 1e-12, "step {l}, factor {i}");
                }
            }
            let mut order = walk.order.clone();
            order.sort_unstable();
            assert_eq!(order, [0, 1, 2, 3, 4]);
        }
        let up = walks.iter().filter(|walk| walk.points[0][2] < 0.5).count();
        assert!((8..=32).contains(&up), "{up} of 40 start below the middle");
    }

    #[test]
    fn a_factor_with_few_values_has_what_its_ends_differ_by() {
        let stream = Stream::new(4, "morris");
        // Of each factor the outputs at its low, middle and high level: a curve, two values, one that returns to where it was.
        let given = |level: f64, [low, middle, high]: [f64; 3]| match level {
            0.0 => low,
            1.0 => high,
            _ => middle,
        };
        for count in [2, 5, 20] {
            let mut walks =
                random_trajectories(4, 4, count, stream.sequence(0, 0)).expect("a plan");
            let before = walks.clone();
            move_by_halves(&mut walks, 0, stream.sequence(1, 0));
            move_across(&mut walks, 1);
            move_by_halves(&mut walks, 2, stream.sequence(2, 0));
            let y = |x: &Vec<f64>| {
                let few = given(x[0], [0.0, 0.1, 5.0]) + given(x[1], [2.0, f64::NAN, 1.94]);
                few + given(x[2], [1.0, 4.0, 1.0]) + 3.0 * x[3]
            };
            let outputs: Vec<f64> = walks
                .iter()
                .flat_map(|walk| walk.points.iter().map(y))
                .collect();
            let effects = elementary_effects(&walks, &outputs);
            let mean = |factor: usize| effects[factor].iter().sum::<f64>() / count as f64;
            for (factor, expected) in [5.0, -0.06, 0.0, 3.0].into_iter().enumerate() {
                let found = mean(factor);
                assert!(
                    (found - expected).abs() < 1e-12,
                    "{found} of factor {factor}"
                );
            }
            // What returns is seen none the less: by 3 on each half.
            let sizes = effects[2].iter().map(|effect| effect.abs()).sum::<f64>() / count as f64;
            assert!((sizes - 6.0).abs() < 1e-12, "{sizes}");
            for (walk, before) in walks.iter().zip(&before) {
                assert_eq!(walk.order, before.order);
                for factor in 0..4 {
                    let way = |walk: &Trajectory| walk.points[4][factor] - walk.points[0][factor];
                    assert!(way(walk) * way(before) > 0.0, "it keeps its direction");
                }
            }
        }
    }

    #[test]
    fn refused_grids() {
        let walks = |factors, levels, count| random_trajectories(factors, levels, count, || 0.5);
        assert_eq!(walks(0, 4, 1).err(), Some(PlanError::NoFactors));
        for given in [0, 1, 5] {
            assert_eq!(walks(2, given, 1).err(), Some(PlanError::Levels { given }));
        }
        assert!(walks(2, 4, 0).is_err());
    }

    #[test]
    fn the_spread_is_that_of_the_best_set() {
        let stream = Stream::new(3, "morris");
        let candidates = random_trajectories(2, 4, 9, stream.sequence(0, 0)).expect("a plan");
        let distances = squared_distances(&candidates);
        let spread = |set: &[usize]| -> f64 {
            let pairs = set.iter().flat_map(|&i| set.iter().map(move |&j| (i, j)));
            pairs.map(|(i, j)| distances[i * 9 + j]).sum()
        };
        let mut best = 0.0f64;
        for i in 0..9 {
            for j in 0..i {
                for k in 0..j {
                    best = best.max(spread(&[i, j, k]));
                }
            }
        }
        let chosen: Vec<usize> = optimised_trajectories(&candidates, 3)
            .iter()
            .map(|walk| {
                candidates
                    .iter()
                    .position(|c| c == walk)
                    .expect("one of them")
            })
            .collect();
        assert!(spread(&chosen) >= best - 1e-9, "{chosen:?}");
        assert_eq!(optimised_trajectories(&candidates, 20).len(), 9);
    }

    #[test]
    fn a_linear_function_has_its_coefficients() {
        let stream = Stream::new(2, "morris");
        let walks = random_trajectories(3, 4, 6, stream.sequence(0, 0)).expect("a plan");
        let outputs: Vec<f64> = walks
            .iter()
            .flat_map(|walk| walk.points.iter().map(|x| 2.0 * x[0] - 3.0 * x[1]))
            .collect();
        let bootstrap = Bootstrap {
            resamples: 20,
            level: 0.9,
            stream: &stream,
        };
        let effects = morris_effects(&walks, &outputs, &bootstrap).expect("finite");
        for (effect, expected) in effects.iter().zip([2.0, -3.0, 0.0f64]) {
            assert!((effect.mu.value - expected).abs() < 1e-12);
            assert!((effect.mu_star.value - expected.abs()).abs() < 1e-12);
            assert!(effect.sigma.value < 1e-12 && effect.mu.std_error < 1e-12);
        }
        let mut broken = outputs.clone();
        broken[0] = f64::NAN;
        assert_eq!(morris_effects(&walks, &broken, &bootstrap), None);
        assert_eq!(morris_effects(&walks[..1], &outputs[..4], &bootstrap), None);
    }
}
