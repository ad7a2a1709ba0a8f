//! The smallest change with one, two and three inputs: those that do most by themselves, tried together, and the largest of what was found with all.

use crate::study::turn::ray::{ROUGH, Ray, follow, means, scaled, unit};
use crate::study::turn::steps::TurnSearch;
use crate::theory::reliability::design_point::norm;
use std::ops::Range;

/// Steps of so few inputs, and worlds of a slope among them.
const FEW_STEPS: usize = 2;
const FEW: Range<u64> = 0..24;
/// Sets of inputs that are tried by themselves, and of those that do most, how many in pairs and triples.
const SINGLES: usize = 16;
const PAIRED: usize = 8;
/// Of each number of inputs, how many supports are followed.
const FOLLOWED: usize = 2;

impl<E> TurnSearch<'_, '_, E> {
    /// The best with at most one, two and three sets of inputs.
    pub(super) fn fewer(&mut self, best: &Ray) -> Result<Vec<Ray>, E> {
        let sets = self.question.sets;
        let alone = self.alone(best)?;
        let at_medians = means(self.play, vec![vec![0.0; self.inputs]], ROUGH)?[0];
        let mut own: Vec<usize> = (0..sets.len()).collect();
        own.sort_by(|&one, &two| {
            let [one, two] = [one, two].map(|set| squares(&best.direction, &sets[set]));
            two.total_cmp(&one)
        });
        let mut found: Vec<Ray> = Vec::new();
        for count in 1..=3.min(sets.len()) {
            let among = alone.len().min(if count == 1 { SINGLES } else { PAIRED });
            let supports = combinations(among, count).into_iter();
            let mut tried: Vec<(Vec<usize>, Vec<f64>)> = supports
                .filter_map(|support| self.together(&alone, &support, at_medians))
                .collect();
            // What was found has its own largest, too.
            let largest: Vec<usize> = own[..count]
                .iter()
                .flat_map(|&set| sets[set].clone())
                .collect();
            let part = part_of(&best.direction, &largest);
            let least = self.least(&mut tried, part.map(|part| (largest, part)))?;
            // Of at most three inputs the best may be one with two.
            let before = found.last().cloned();
            found.extend(match (least, before) {
                (Some(least), Some(before)) if !least.is_better(&before) => Some(before),
                (least, before) => least.or(before),
            });
        }
        Ok(found)
    }

    /// What each of the leading sets does by itself at the end of the search, the better of both ways: the mean, the set, the direction.
    fn alone(&mut self, best: &Ray) -> Result<Vec<(f64, usize, Vec<f64>)>, E> {
        let sets = self.question.sets;
        let all = norm(&self.slopes).max(f64::MIN_POSITIVE);
        let weight = |set: usize| {
            let slope = squares(&self.slopes, &sets[set]) / (all * all);
            squares(&best.direction, &sets[set]).max(slope)
        };
        let mut order: Vec<usize> = (0..sets.len()).collect();
        order.sort_by(|&one, &two| weight(two).total_cmp(&weight(one)));
        order.truncate(SINGLES);
        let ways = order.iter().flat_map(|&set| {
            let mut first = vec![0.0; self.inputs];
            first[sets[set][0]] = 1.0;
            let part = part_of(&best.direction, &sets[set]);
            let part = part
                .or_else(|| part_of(&self.slopes, &sets[set]))
                .unwrap_or(first);
            [(set, scaled(&part, -1.0)), (set, part)]
        });
        let ways: Vec<(usize, Vec<f64>)> = ways.collect();
        let points = ways
            .iter()
            .map(|way| scaled(&way.1, self.question.within))
            .collect();
        let there = means(self.play, points, ROUGH)?;
        let mut alone: Vec<(f64, usize, Vec<f64>)> = Vec::new();
        for (pair, means) in ways.chunks(2).zip(there.chunks(2)) {
            let way = usize::from(means[1] < means[0]);
            alone.push((means[way], pair[way].0, pair[way].1.clone()));
        }
        alone.sort_by(|one, two| one.0.total_cmp(&two.0));
        Ok(alone)
    }

    /// Some of what sets do by themselves at once, each by its effect: the inputs and the direction.
    fn together(
        &self,
        alone: &[(f64, usize, Vec<f64>)],
        support: &[usize],
        at_medians: f64,
    ) -> Option<(Vec<usize>, Vec<f64>)> {
        let mut direction = vec![0.0; self.inputs];
        for &one in support {
            let (mean, _, way) = &alone[one];
            // What does nothing by itself may do something with others.
            let effect = (at_medians - mean).max(0.1 * at_medians.abs());
            let effect = if mean.is_finite() { effect } else { 0.0 };
            direction
                .iter_mut()
                .zip(way)
                .for_each(|(sum, way)| *sum += effect * way);
        }
        let members = support
            .iter()
            .flat_map(|&one| self.question.sets[alone[one].1].clone());
        Some((members.collect(), unit(&direction)?))
    }

    /// The best that some supports lead to: of those that come nearest at the end of the search, and of one more.
    fn least(
        &mut self,
        tried: &mut Vec<(Vec<usize>, Vec<f64>)>,
        more: Option<(Vec<usize>, Vec<f64>)>,
    ) -> Result<Option<Ray>, E> {
        let within = self.question.within;
        let points = tried.iter().map(|one| scaled(&one.1, within)).collect();
        let there = means(self.play, points, ROUGH)?;
        let mut order: Vec<usize> = (0..tried.len()).collect();
        order.sort_by(|&one, &two| there[one].total_cmp(&there[two]));
        order.truncate(FOLLOWED);
        order.extend(more.is_some().then_some(tried.len()));
        tried.extend(more);
        let mut least: Option<Ray> = None;
        for at in order {
            let (members, direction) = tried[at].clone();
            let mut ray = follow(self.play, direction, within)?;
            if members.len() > 1 {
                ray = self.improved_among(ray, &members, FEW_STEPS, FEW)?;
            }
            if least.as_ref().is_none_or(|least| ray.is_better(least)) {
                least = Some(ray);
            }
        }
        Ok(least)
    }
}

/// The sum of squares of what a vector has of some inputs.
fn squares(of: &[f64], inputs: &[usize]) -> f64 {
    inputs.iter().map(|&one| of[one] * of[one]).sum()
}

/// What a direction has of some inputs, of length 1; none if nothing.
fn part_of(direction: &[f64], inputs: &[usize]) -> Option<Vec<f64>> {
    let mut part = vec![0.0; direction.len()];
    inputs.iter().for_each(|&one| part[one] = direction[one]);
    unit(&part)
}

/// All sets of `count` of the first so many numbers.
fn combinations(of: usize, count: usize) -> Vec<Vec<usize>> {
    match count {
        0 => vec![Vec::new()],
        _ => (0..of)
            .flat_map(|last| {
                combinations(last, count - 1)
                    .into_iter()
                    .map(move |mut rest| {
                        rest.push(last);
                        rest
                    })
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_by_hand() {
        assert_eq!(combinations(3, 2), [[0, 1], [0, 2], [1, 2]]);
        assert_eq!(combinations(2, 3), [[0; 0]; 0]);
    }
}
