//! The search for the least joint change that turns a result, by playing.
//!
//! The first directions are those of the surrogate's nearest zeros; [`steps`](super::steps) leads them further. At the point found many other directions are
//! played just below its size; if one turns, the search goes on from there. What is reported is what worlds say that the search did not see.

use crate::study::turn::ray::{
    Contrast, PlayContrasts, PlayedMean, Ray, SEARCHED, follow, means, scaled, unit,
};
use crate::study::turn::steps::{TurnQuestion, TurnSearch};
use crate::theory::stats::interval::student90;
use crate::theory::stats::special::normal_quantile;
use std::ops::Range;

/// Candidates of the surrogate that are followed.
const CANDIDATES: usize = 3;
/// Steps from the better candidate, and from the other.
const STEPS: usize = 5;
const OTHER_STEPS: usize = 2;
/// Worlds of a slope of all inputs.
const WIDE: Range<u64> = 0..8;
/// Inputs that steps move, at most, once the slopes of all are known.
const LEADERS: usize = 40;
/// Worlds of a direction among many, and how many of the lowest are played again.
const GLANCE: Range<u64> = 0..4;
const AGAIN: usize = 20;
/// Directions are played at this share of the size of what was found.
const BELOW: f64 = 0.97;
/// How many times directions are played, at most.
const ROUNDS: u64 = 4;
/// Worlds in which a point is confirmed: none of those that the search saw.
const FRESH: Range<u64> = 100..500;
/// How much further out a point is moved until it is told from the level.
const OUTWARDS: [f64; 7] = [1.0, 1.01, 1.02, 1.04, 1.07, 1.11, 1.16];

/// A point with what fresh worlds say of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ConfirmedPoint {
    /// Scores.
    pub scores: Vec<f64>,
    /// The mean in worlds that the search did not see.
    pub played: PlayedMean,
    /// Whether its 90% interval lies on the other side.
    pub turns: bool,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundTurn {
    /// The mean at the medians.
    pub medians: Option<PlayedMean>,
    /// The least change, or that which comes nearest; none where the medians leave nothing to turn.
    pub change: Option<ConfirmedPoint>,
    /// With at most one, two, three sets of inputs.
    pub fewer: Vec<ConfirmedPoint>,
    /// How many times the directions were played.
    pub rounds: u64,
    /// At which size the last time, and the least mean.
    pub below: (f64, Option<f64>),
}

/// The upper end of the 90% interval of a mean.
pub fn upper(one: &PlayedMean) -> f64 {
    let freedom = one.worlds.saturating_sub(1).max(1) as f64;
    one.mean + student90(freedom) * one.std_error
}

/// Searches.
///
/// # Errors
/// What playing returns.
pub fn search<E>(
    question: &TurnQuestion<'_>,
    play: &mut PlayContrasts<'_, E>,
) -> Result<FoundTurn, E> {
    let inputs: usize = question.sets.iter().map(Vec::len).sum();
    let medians = play(&[Contrast::level(vec![0.0; inputs])], FRESH)?[0];
    let lower = medians.map(|one| 2.0 * one.mean - upper(&one));
    if lower.is_none_or(|lower| lower <= 0.0) {
        return Ok(FoundTurn {
            medians,
            change: None,
            fewer: Vec::new(),
            rounds: 0,
            below: (0.0, None),
        });
    }
    let mut search = TurnSearch {
        question,
        inputs,
        leaders: Vec::new(),
        slopes: vec![0.0; inputs],
        play,
    };
    let mut best = search.best_of_candidates()?;
    let mut rounds = 0;
    let below = loop {
        rounds += 1;
        let size = if best.turns {
            BELOW * best.size
        } else {
            question.within
        };
        let (lowest, direction) = search.directions(size, rounds, &best)?;
        let Some(direction) = direction.filter(|_| lowest < 0.0) else {
            break (size, Some(lowest).filter(|lowest| lowest.is_finite()));
        };
        let ray = follow(search.play, direction, size)?;
        let ray = search.improved(ray, STEPS)?;
        match ray.is_better(&best) {
            true => best = ray,
            false => break (size, Some(lowest)),
        }
        if rounds == ROUNDS {
            break (size, Some(lowest));
        }
    };
    let fewer = search.fewer(&best)?;
    let few = fewer.iter().filter(|few| few.is_better(&best)).cloned();
    let best = few
        .reduce(|one, two| if two.is_better(&one) { two } else { one })
        .unwrap_or(best);
    let change = Some(search.confirmed(&best)?);
    let fewer = fewer
        .iter()
        .map(|few| search.confirmed(few))
        .collect::<Result<_, E>>()?;
    Ok(FoundTurn {
        medians,
        change,
        fewer,
        rounds,
        below,
    })
}

impl<E> TurnSearch<'_, '_, E> {
    /// The best of what the candidates lead to.
    fn best_of_candidates(&mut self) -> Result<Ray, E> {
        let mut rays = Vec::new();
        for point in self.question.candidates.iter().take(CANDIDATES) {
            if let Some(direction) = unit(point) {
                rays.push(follow(self.play, direction, self.question.within)?);
            }
        }
        let first = rays
            .into_iter()
            .reduce(|one, two| if two.is_better(&one) { two } else { one });
        let at = first.as_ref().map_or(vec![0.0; self.inputs], Ray::point);
        let all: Vec<usize> = (0..self.inputs).collect();
        self.slopes = self.slope(&at, &all, WIDE)?;
        let mut leaders = all;
        let slopes = &self.slopes;
        leaders.sort_by(|&one, &two| slopes[two].abs().total_cmp(&slopes[one].abs()));
        leaders.truncate(LEADERS);
        self.leaders = leaders;
        // Down the slopes, so that no start is needed from a surrogate.
        let mut rays: Vec<Ray> = first.into_iter().collect();
        let steepest = self.leaders.first().copied();
        let mut down = vec![0.0; self.inputs];
        self.leaders
            .iter()
            .for_each(|&one| down[one] = -self.slopes[one]);
        let single = steepest.map(|one| {
            let mut only = vec![0.0; self.inputs];
            only[one] = 1.0;
            only
        });
        if let Some(direction) = unit(&down).or(single) {
            rays.push(follow(self.play, direction, self.question.within)?);
        }
        // The better of the two goes all the way, the other so far that it would show if it led to something better.
        if rays.len() > 1 && rays[1].is_better(&rays[0]) {
            rays.swap(0, 1);
        }
        let mut best: Option<Ray> = None;
        for (ray, steps) in rays.into_iter().zip([STEPS, OTHER_STEPS]) {
            let ray = self.improved(ray, steps)?;
            if best.as_ref().is_none_or(|best| ray.is_better(best)) {
                best = Some(ray);
            }
        }
        Ok(best.expect("there is an input, and so a direction"))
    }

    /// Many directions at one size: the least mean of those that looked lowest, and its direction.
    fn directions(
        &mut self,
        size: f64,
        round: u64,
        best: &Ray,
    ) -> Result<(f64, Option<Vec<f64>>), E> {
        let all = (0..self.question.directions).filter_map(|k| self.direction(k, round, best));
        let directions: Vec<Vec<f64>> = all.collect();
        let points = directions.iter().map(|one| scaled(one, size)).collect();
        let there = means(self.play, points, GLANCE)?;
        let mut order: Vec<usize> = (0..directions.len()).collect();
        order.sort_by(|&one, &two| there[one].total_cmp(&there[two]));
        order.truncate(AGAIN);
        let points = order
            .iter()
            .map(|&one| scaled(&directions[one], size))
            .collect();
        let again = means(self.play, points, SEARCHED)?;
        let lowest = (0..again.len()).min_by(|&one, &two| again[one].total_cmp(&again[two]));
        Ok(lowest.map_or((f64::INFINITY, None), |lowest| {
            (again[lowest], Some(directions[order[lowest]].clone()))
        }))
    }

    /// A random direction among the leaders: around the best, downhill in a random part of them, or anywhere, in turn.
    fn direction(&self, k: u64, round: u64, best: &Ray) -> Option<Vec<f64>> {
        let mut uniforms = vec![0.0; 2 * self.leaders.len()];
        self.question.stream.fill(round << 32 | k, &mut uniforms);
        let (normal, kept) = uniforms.split_at(self.leaders.len());
        let mut direction = match k % 3 {
            0 => best.direction.clone(),
            _ => vec![0.0; self.inputs],
        };
        let spread = 0.7 / libm::sqrt(self.leaders.len() as f64);
        for ((&input, &uniform), &kept) in self.leaders.iter().zip(normal).zip(kept) {
            let score = normal_quantile(uniform);
            direction[input] += match k % 3 {
                0 => spread * score,
                1 if kept < 0.5 => -self.slopes[input] * score.abs(),
                1 => 0.0,
                _ => score,
            };
        }
        unit(&direction)
    }

    /// A point in worlds that the search did not see, moved outwards until it is told from the level.
    fn confirmed(&mut self, ray: &Ray) -> Result<ConfirmedPoint, E> {
        let mut last = None;
        let sizes = OUTWARDS.into_iter().map(|share| share * ray.size);
        for size in sizes.take_while(|&size| size <= self.question.within * (1.0 + 1e-9)) {
            let scores = scaled(&ray.direction, size);
            let Some(played) = (self.play)(&[Contrast::level(scores.clone())], FRESH)?[0] else {
                break;
            };
            let turns = upper(&played) < 0.0;
            last = Some(ConfirmedPoint {
                scores,
                played,
                turns,
            });
            if turns || !ray.turns {
                break;
            }
        }
        Ok(last.unwrap_or(ConfirmedPoint {
            scores: ray.point(),
            played: PlayedMean {
                mean: ray.mean,
                std_error: 0.0,
                worlds: 0,
            },
            turns: false,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::draws::rng::Stream;
    use crate::theory::reliability::design_point::norm;
    use std::convert::Infallible;

    /// Searches where chance decides nothing.
    fn of(g: impl Fn(&[f64]) -> f64, inputs: usize, within: f64) -> FoundTurn {
        let sets: Vec<Vec<usize>> = (0..inputs).map(|one| vec![one]).collect();
        let stream = Stream::new(5, "directions");
        let question = TurnQuestion {
            sets: &sets,
            candidates: &[],
            within,
            directions: 300,
            stream: &stream,
        };
        let mut play = |contrasts: &[Contrast], worlds: Range<u64>| {
            let mean = |one: &Contrast| PlayedMean {
                mean: g(&one.at) - one.less.as_ref().map_or(0.0, |less| g(less)),
                std_error: 0.0,
                worlds: worlds.end - worlds.start,
            };
            Ok::<_, Infallible>(contrasts.iter().map(|one| Some(mean(one))).collect())
        };
        search(&question, &mut play).expect("nothing fails")
    }

    /// What bisection leaves, and a step outwards of one in a hundred.
    const TOL: f64 = 0.035;

    #[test]
    fn of_a_plane_the_distance_is_found_and_those_with_fewer_inputs() {
        // g = 3 − 1.2z₁ + 0.9z₂ − 0.5z₃: 3/1.581 = 1.897; with one 2.5, with two 2.
        let g = |z: &[f64]| 3.0 - 1.2 * z[0] + 0.9 * z[1] - 0.5 * z[2];
        let found = of(g, 5, 3.0);
        let change = found.change.expect("it is searched");
        assert!(change.turns && g(&change.scores) < 0.0);
        let exact = [3.0 / libm::sqrt(2.5), 2.5, 2.0, 3.0 / libm::sqrt(2.5)];
        let sizes = found.fewer.iter().map(|one| norm(&one.scores));
        let sizes: Vec<f64> = [norm(&change.scores)].into_iter().chain(sizes).collect();
        for (size, exact) in sizes.iter().zip(exact) {
            assert!(
                (size - exact).abs() < TOL && *size > exact - 1e-9,
                "{sizes:?}"
            );
        }
        assert_eq!(sizes.len(), 4);
        // None of the directions below it turned the last time.
        assert!(found.below.1.is_some_and(|nearest| nearest > 0.0));
    }

    #[test]
    fn of_a_parabola_the_nearest_side_is_found() {
        // As in `design_point`: on z₁ = 4 − z₂² the nearest is √3.75 off, not at the 4 to which the slope at the medians points.
        let found = of(|z| 4.0 - z[0] - z[1] * z[1], 3, 3.0);
        let change = found.change.expect("it is searched");
        let size = norm(&change.scores);
        assert!(
            change.turns && (size - libm::sqrt(3.75)).abs() < TOL,
            "{change:?}"
        );
    }

    #[test]
    fn what_nothing_turns_has_its_nearest_at_the_end_of_the_search() {
        // On the sphere of radius 2 the least of 5 − 2z₁ − z₂ is 5 − 2·√5.
        let found = of(|z| 5.0 - 2.0 * z[0] - z[1], 2, 2.0);
        let change = found.change.expect("it is searched");
        assert!(!change.turns);
        assert!((norm(&change.scores) - 2.0).abs() < 1e-9);
        assert!(
            (change.played.mean - (5.0 - 2.0 * libm::sqrt(5.0))).abs() < 0.01,
            "{change:?}"
        );
    }

    #[test]
    fn medians_on_the_other_side_leave_nothing_to_turn() {
        let found = of(|z| z[0] * z[0] - 0.5, 1, 3.0);
        assert_eq!((found.change, found.fewer.len()), (None, 0));
    }
}
