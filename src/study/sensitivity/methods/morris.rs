//! Morris: elementary effects along trajectories.

use crate::study::factors::{
    Answer, ENDS, EVENT_ENDS, FactorError, FactorStudy, bootstrap, distinct_ends,
};
use crate::study::results::sensitivity::{FactorResult, OutputResult};
use crate::study::sensitivity::method::{
    Description, Estimates, OwnWorlds, PLAIN, Size, WorldsOfMethod, found,
};
use crate::theory::draws::distribution::Distribution;
use crate::theory::sensitivity::error::PlanError;
use crate::theory::sensitivity::morris::{
    MorrisEffect, Trajectory, morris_effects, move_across, move_by_halves, optimised_trajectories,
    random_trajectories,
};

/// Levels of the grid of trajectories.
const LEVELS: usize = 4;

/// Trajectories are chosen for their spread among so many times as many, up to this number of factors.
const CANDIDATES: usize = 10;
const OPTIMISED_UP_TO: usize = 24;

/// The method.
pub const MORRIS: Description = Description {
    name: "morris",
    ranked_by: "mu_star",
    shown: &["mu", "mu_star", "sigma"],
    meaning: "mu, mu_star: mean change, and mean size of the change, of the result when the factor moves from its 5% to its 95% \
              point, or from its first to its last value where both points are the same (Morris). sigma: how much that differs from place \
              to place; large beside mu_star means interaction or a curve.",
    needs_independence: true,
    holds_others: true,
    option: Some("--trajectories"),
    instead_of_worlds: Some("use --trajectories N instead"),
    few: Some(0),
    worlds: WorldsOfMethod::Own(OwnWorlds { count, estimates }),
    ..PLAIN
};

fn count(study: &FactorStudy<'_>, size: &Size) -> usize {
    size.walks * (study.members().len() + 1)
}

/// Elementary effects along `count` trajectories over the range from the 5% to the 95% point, in output per that range; each factor is
/// a single quantity. Up to 24 factors the trajectories are those of ten times as many that are spread furthest. A factor with few values moves between those
/// ([`OwnLevels`]), an event between not coming and coming. Noise is that of the trajectory.
///
/// # Errors
/// A design that cannot be laid out, or a world without a result.
fn estimates(study: &FactorStudy<'_>, size: &Size) -> Result<Option<Estimates>, FactorError> {
    let moved = study.columns();
    let members = study.members();
    let levels = members.iter();
    let levels: Vec<Option<OwnLevels>> = levels
        .map(|&member| match study.model.uncertain.get(member) {
            Some(one) => OwnLevels::of(&one.distribution),
            None => Some(OwnLevels::EVENT),
        })
        .collect();
    let walks = match study.walks.get() {
        Some(walks) => walks,
        None => {
            let walks = laid_out(study, size.walks, &levels)?;
            study.walks.get_or_init(|| walks)
        }
    };
    let steps = members.len() + 1;
    let played = study.play(&moved, walks.len() * steps, |point, out| {
        let (walk, step) = (point / steps, point % steps);
        let places = walks[walk].points[step].iter().zip(&levels);
        for (uniform, (&level, own)) in out.iter_mut().zip(places) {
            *uniform = match own {
                None => ENDS.0 + (ENDS.1 - ENDS.0) * level,
                Some(own) => own.at(level),
            };
        }
        walk as u64
    })?;
    let stream = study.stream("morris.bootstrap");
    let bootstrap = bootstrap(&stream);
    Ok(played.map(|played| {
        let answer = Answer::new(played, |values| morris_effects(walks, values, &bootstrap));
        found(answer, |effects: Vec<MorrisEffect>| {
            OutputResult::new(study.factors, |index| Some(result(&effects[index])))
        })
    }))
}

/// The trajectories, those of factors with few values between their own levels.
fn laid_out(
    study: &FactorStudy<'_>,
    count: usize,
    levels: &[Option<OwnLevels>],
) -> Result<Vec<Trajectory>, PlanError> {
    let columns = levels.len();
    let stream = study.stream("morris");
    let optimise = columns <= OPTIMISED_UP_TO;
    let candidates = if optimise { CANDIDATES * count } else { count };
    let drawn = random_trajectories(columns, LEVELS, candidates, stream.sequence(0, 0))?;
    let mut walks = optimised_trajectories(&drawn, count);
    let stream = study.stream("morris.halves");
    for (factor, own) in levels.iter().enumerate() {
        match own {
            None => {}
            Some(own) if own.middle.is_none() => move_across(&mut walks, factor),
            Some(_) => move_by_halves(&mut walks, factor, stream.sequence(factor as u64, 0)),
        }
    }
    Ok(walks)
}

/// Where a factor with few values stands at its lowest, middle and highest level: the uniforms that give those.
///
/// The ends are its 5% and its 95% point as for any factor; where both are the same value, the first and the last value that it takes. The middle is its median;
/// where that is one of the ends, the point halfway, by probability, from where it leaves that end to the other one; none where that is an end as well.
#[derive(Debug, Clone, Copy, PartialEq)]
struct OwnLevels {
    ends: (f64, f64),
    middle: Option<f64>,
}

impl OwnLevels {
    /// Of an event: it does not come, or it comes.
    const EVENT: OwnLevels = OwnLevels {
        ends: EVENT_ENDS,
        middle: None,
    };

    /// Of a distribution that takes few values, or the same at two levels of the grid, as data do that repeat; none for others.
    fn of(distribution: &Distribution) -> Option<OwnLevels> {
        let at = |u: f64| distribution.quantile(u);
        let place = |level: usize| level as f64 / (LEVELS - 1) as f64;
        let grid = (0..LEVELS).map(|level| at(ENDS.0 + (ENDS.1 - ENDS.0) * place(level)));
        let grid: Vec<f64> = grid.collect();
        if !distribution.is_discrete() && grid.windows(2).all(|two| two[0] != two[1]) {
            return None;
        }
        let ends = distinct_ends(distribution);
        let (low, high) = (at(ends.0), at(ends.1));
        let median = 0.5;
        let middle = if at(median) == low {
            0.5 * (last_where(ends, |u| at(u) == low) + ends.1)
        } else if at(median) == high {
            0.5 * (ends.0 + last_where(ends, |u| at(u) != high))
        } else {
            median
        };
        let differs = at(middle) != low && at(middle) != high;
        Some(OwnLevels {
            ends,
            middle: differs.then_some(middle),
        })
    }

    /// The uniform of a level of a trajectory: 0, 1, or between them.
    fn at(&self, level: f64) -> f64 {
        match self.middle {
            _ if level == 0.0 => self.ends.0,
            Some(middle) if level != 1.0 => middle,
            _ => self.ends.1,
        }
    }
}

/// The last place between two at which a condition holds that holds from the first of them up to somewhere, to a billionth.
fn last_where((mut from, mut to): (f64, f64), holds: impl Fn(f64) -> bool) -> f64 {
    for _ in 0..30 {
        let half = 0.5 * (from + to);
        if holds(half) {
            from = half;
        } else {
            to = half;
        }
    }
    from
}

fn result(effect: &MorrisEffect) -> FactorResult {
    FactorResult {
        mu: Some(effect.mu.into()),
        mu_star: Some(effect.mu_star.into()),
        sigma: Some(effect.sigma.into()),
        ..FactorResult::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_values_that_a_factor_takes() {
        let discrete = |values: &[f64], weights: &[f64]| {
            Distribution::discrete(values.to_vec(), Some(weights.to_vec())).expect("valid")
        };
        let repeated = |counts: [usize; 3]| {
            let values = counts.into_iter().zip([0.0, 1.0, 2.0]);
            let values = values.flat_map(|(count, value)| std::iter::repeat_n(value, count));
            Distribution::empirical(values.collect()).expect("valid")
        };
        let cases: [(Distribution, &[f64]); 12] = [
            (discrete(&[0.0, 0.01], &[1.0, 1.0]), &[0.0, 0.01]),
            (discrete(&[0.0, 0.01], &[2.0, 1.0]), &[0.0, 0.01]),
            (discrete(&[5.0, 3.0], &[1.0, 9.0]), &[5.0, 3.0]),
            // Both points are one value: the factor moves to the other all the same, but to none that it never takes.
            (discrete(&[0.0, 1.0], &[97.0, 3.0]), &[0.0, 1.0]),
            (
                discrete(&[7.0, 0.0, 1.0, 2.0, 8.0], &[0.0, 1.0, 97.0, 2.0, 0.0]),
                &[0.0, 1.0, 2.0],
            ),
            (discrete(&[4.0], &[1.0]), &[4.0, 4.0]),
            (
                discrete(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0; 5]),
                &[1.0, 3.0, 5.0],
            ),
            (
                discrete(&[0.0, 1.0, 2.0], &[80.0, 10.0, 10.0]),
                &[0.0, 1.0, 2.0],
            ),
            (
                discrete(&[0.0, 1.0, 2.0], &[10.0, 10.0, 80.0]),
                &[0.0, 1.0, 2.0],
            ),
            (Distribution::bernoulli(0.02).expect("valid"), &[0.0, 1.0]),
            (
                Distribution::discrete(vec![0.0, 2.0], None).expect("valid"),
                &[0.0, 2.0],
            ),
            (repeated([70, 20, 10]), &[0.0, 1.0, 2.0]),
        ];
        for (distribution, expected) in cases {
            let own = OwnLevels::of(&distribution).expect("few values");
            let levels = match own.middle {
                None => vec![0.0, 1.0],
                Some(_) => vec![0.0, 0.4, 1.0],
            };
            let values = levels
                .into_iter()
                .map(|level| distribution.quantile(own.at(level)));
            assert_eq!(values.collect::<Vec<_>>(), expected, "{distribution:?}");
        }
        let uniform = Distribution::uniform(0.0, 1.0).expect("valid");
        assert_eq!(OwnLevels::of(&uniform), None);
    }
}
