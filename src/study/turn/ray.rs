//! A point of the search as a direction and how far out along it; what is played of points, and by whom.

use crate::theory::reliability::design_point::norm;
use std::ops::Range;

/// Worlds at a point of the search.
pub const SEARCHED: Range<u64> = 0..100;

/// Worlds at a point where a rough answer does.
pub const ROUGH: Range<u64> = 0..32;

/// Points along a direction before the first crossing is narrowed down, and how narrow.
const ALONG: usize = 6;
const NARROW: f64 = 0.01;

/// What is played: the result at one point, or how much more it is than at another.
#[derive(Debug, Clone, PartialEq)]
pub struct Contrast {
    /// Scores of all inputs.
    pub at: Vec<f64>,
    /// Those of the other point.
    pub less: Option<Vec<f64>>,
}

impl Contrast {
    /// The result at a point.
    pub fn level(at: Vec<f64>) -> Contrast {
        Contrast { at, less: None }
    }
}

/// A mean over worlds at a point, counted from the level so that it is above 0 on the side on which the result lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PlayedMean {
    /// Mean.
    pub mean: f64,
    /// Its standard error; 0 where chance decides nothing there.
    pub std_error: f64,
    /// Worlds.
    pub worlds: u64,
}

/// Plays contrasts in some worlds; none for what no input may be. The same contrasts give the same means.
pub type PlayContrasts<'a, E> =
    dyn FnMut(&[Contrast], Range<u64>) -> Result<Vec<Option<PlayedMean>>, E> + 'a;

/// A direction with how far out its result turns, or its result at the end of the search where it does not.
#[derive(Debug, Clone, PartialEq)]
pub struct Ray {
    /// Of length 1.
    pub direction: Vec<f64>,
    /// How far out the result turns, or where the search ends.
    pub size: f64,
    /// The mean there.
    pub mean: f64,
    /// Whether it turns.
    pub turns: bool,
}

impl Ray {
    /// The point.
    pub fn point(&self) -> Vec<f64> {
        scaled(&self.direction, self.size)
    }

    /// Whether it is better than another: it turns nearer, or comes nearer to it.
    pub fn is_better(&self, other: &Ray) -> bool {
        match (self.turns, other.turns) {
            (true, true) => self.size < other.size,
            (false, false) => self.mean < other.mean,
            (turns, _) => turns,
        }
    }
}

/// size·direction.
pub fn scaled(direction: &[f64], size: f64) -> Vec<f64> {
    direction.iter().map(|one| one * size).collect()
}

/// v/‖v‖; none of nothing.
pub fn unit(v: &[f64]) -> Option<Vec<f64>> {
    let length = norm(v);
    (length > 0.0).then(|| scaled(v, 1.0 / length))
}

/// The mean at each of some points; what cannot be is as far off as can be.
pub fn means<E>(
    play: &mut PlayContrasts<'_, E>,
    points: Vec<Vec<f64>>,
    worlds: Range<u64>,
) -> Result<Vec<f64>, E> {
    let contrasts: Vec<Contrast> = points.into_iter().map(Contrast::level).collect();
    let played = play(&contrasts, worlds)?;
    let mean = |one: Option<PlayedMean>| one.map_or(f64::INFINITY, |one| one.mean);
    Ok(played.into_iter().map(mean).collect())
}

/// Follows a direction outwards up to `within` to where the result turns first.
pub fn follow<E>(
    play: &mut PlayContrasts<'_, E>,
    direction: Vec<f64>,
    within: f64,
) -> Result<Ray, E> {
    let at = |k: usize| within * k as f64 / ALONG as f64;
    let points = (1..=ALONG).map(|k| scaled(&direction, at(k)));
    let along = means(play, points.collect(), ROUGH)?;
    let mut first = along.iter().position(|&mean| mean < 0.0);
    let mut mean = first.map_or(0.0, |first| along[first]);
    if first.is_none() {
        mean = means(play, vec![scaled(&direction, within)], SEARCHED)?[0];
        first = (mean < 0.0).then_some(ALONG - 1);
    }
    let Some(first) = first else {
        return Ok(Ray {
            direction,
            size: within,
            mean,
            turns: false,
        });
    };
    let (mut low, mut high) = (at(first), at(first + 1));
    while high - low > NARROW {
        let middle = 0.5 * (low + high);
        let there = means(play, vec![scaled(&direction, middle)], SEARCHED)?[0];
        match there < 0.0 {
            true => (high, mean) = (middle, there),
            false => low = middle,
        }
    }
    Ok(Ray {
        direction,
        size: high,
        mean,
        turns: true,
    })
}
