//! The patient rule induction method: peel a box off, a thin slice at a time, then paste back what was taken too much.

use crate::theory::discovery::cases::{Candidate, Cases, DiscoveryError, Rule};

/// How PRIM peels.
#[derive(Debug, Clone, PartialEq)]
pub struct PrimOptions {
    /// Shares of the box that one peel takes, each in (0, 0.5]; one trajectory for each.
    pub peels: Vec<f64>,
    /// The least share of all worlds that a box may hold, in (0, 1).
    pub min_mass: f64,
}

impl Default for PrimOptions {
    /// Peels of 2.5%, 5% and 10%, boxes of 5% of the worlds or more.
    fn default() -> Self {
        PrimOptions {
            peels: vec![0.025, 0.05, 0.1],
            min_mass: 0.05,
        }
    }
}

impl PrimOptions {
    fn check(&self) -> Result<(), DiscoveryError> {
        let option = |option, range, given| {
            Err(DiscoveryError::Option {
                option,
                range,
                given,
            })
        };
        if let Some(&peel) = self
            .peels
            .iter()
            .find(|&&peel| !(peel > 0.0 && peel <= 0.5))
        {
            return option("a peel", "(0, 0.5]", peel);
        }
        if !(self.min_mass > 0.0 && self.min_mass < 1.0) {
            return option("the least mass", "(0, 1)", self.min_mass);
        }
        Ok(())
    }
}

/// The boxes of all trajectories, one after the other, each from all worlds down to its smallest box and what was pasted to it.
///
/// A peel takes the lowest or the highest α of the box's worlds along one factor; worlds with equal values go together, so a factor of few values
/// loses one of them. Of all peels the one is taken that raises the density most per world lost, (d' − d)/(n − n') (Kwakkel and Jaxa-Rozen 2016: the plain
/// density prefers factors of few values), among equals one of a factor that is restricted already. Peeling goes on, though the density may fall
/// on the way (it must, to get away from one of two separate clusters), until the box holds nothing but hits or would fall below the least mass. Then slices outside each bound are pasted back as long as one raises the density. Limits lie halfway
/// between the last world outside and the first inside.
///
/// # Errors
/// An option outside its range.
///
/// # References
/// Friedman and Fisher 1999, Bump hunting in high-dimensional data, <https://doi.org/10.1023/A:1008894516817>; Bryant and Lempert 2010,
/// <https://doi.org/10.1016/j.techfore.2009.08.002>; Kwakkel and Jaxa-Rozen 2016, <https://doi.org/10.1016/j.envsoft.2015.11.020>.
pub fn prim(cases: &Cases, options: &PrimOptions) -> Result<Vec<Vec<Candidate>>, DiscoveryError> {
    options.check()?;
    let all: Vec<bool> = vec![true; cases.worlds()];
    Ok(prim_within(cases, options, &all))
}

/// The same among the worlds of `within` only; counts are of those, shares of all.
pub(super) fn prim_within(
    cases: &Cases,
    options: &PrimOptions,
    within: &[bool],
) -> Vec<Vec<Candidate>> {
    let orders: Vec<Vec<u32>> = (0..cases.factors())
        .map(|factor| {
            let column = cases.column(factor);
            let mut order: Vec<u32> = (0..cases.worlds() as u32)
                .filter(|&k| within[k as usize])
                .collect();
            order.sort_by(|&x, &y| column[x as usize].total_cmp(&column[y as usize]));
            order
        })
        .collect();
    let least = least_worlds(cases, options);
    let peels = options.peels.iter();
    peels
        .map(|&peel| Peeler::new(cases, &orders, within).run(peel, least))
        .collect()
}

/// Fewest worlds of a box.
pub(super) fn least_worlds(cases: &Cases, options: &PrimOptions) -> usize {
    let least = (options.min_mass * cases.worlds() as f64).ceil();
    (least as usize).max(1)
}

/// A box while it changes.
struct Peeler<'a> {
    cases: &'a Cases<'a>,
    /// All worlds that may be used, by rising value of each factor.
    all: &'a [Vec<u32>],
    /// Those in the box.
    orders: Vec<Vec<u32>>,
    inside: Vec<bool>,
    count: usize,
    hits: usize,
    /// Bounds of every factor.
    low: Vec<f64>,
    high: Vec<f64>,
}

/// A slice that may go, or come back.
struct Slice {
    factor: usize,
    upper: bool,
    /// Worlds in it, and those of interest.
    count: usize,
    hits: usize,
    /// The new bound.
    limit: f64,
}

impl<'a> Peeler<'a> {
    fn new(cases: &'a Cases<'a>, orders: &'a [Vec<u32>], within: &[bool]) -> Peeler<'a> {
        let hits = (0..cases.worlds()).filter(|&k| within[k] && cases.is_hit(k));
        Peeler {
            cases,
            all: orders,
            orders: orders.to_vec(),
            inside: within.to_vec(),
            count: within.iter().filter(|&&inside| inside).count(),
            hits: hits.count(),
            low: vec![f64::NEG_INFINITY; cases.factors()],
            high: vec![f64::INFINITY; cases.factors()],
        }
    }

    fn run(mut self, peel: f64, least: usize) -> Vec<Candidate> {
        let mut trajectory = vec![self.candidate()];
        while let Some(slice) = self.best_peel(peel, least) {
            self.peel(&slice);
            trajectory.push(self.candidate());
        }
        while let Some(slice) = self.best_paste(peel) {
            self.paste(&slice);
            trajectory.push(self.candidate());
        }
        trajectory
    }

    fn worlds(&self) -> usize {
        self.count
    }

    fn candidate(&self) -> Candidate {
        let mut rule = Rule::default();
        for factor in (0..self.low.len()).filter(|&factor| self.is_restricted(factor)) {
            rule = rule.narrowed(factor, self.low[factor], self.high[factor]);
        }
        self.cases.counted(rule, self.worlds(), self.hits)
    }

    fn is_restricted(&self, factor: usize) -> bool {
        self.low[factor].is_finite() || self.high[factor].is_finite()
    }

    fn best_peel(&self, peel: f64, least: usize) -> Option<Slice> {
        let worlds = self.worlds();
        if self.hits == worlds {
            return None;
        }
        let density = self.hits as f64 / worlds as f64;
        let mut best: Option<(f64, bool, Slice)> = None;
        for factor in 0..self.orders.len() {
            for upper in [false, true] {
                let Some(slice) = self.slice(factor, upper, peel) else {
                    continue;
                };
                let left = worlds - slice.count;
                if left < least.max(1) {
                    continue;
                }
                let raised = (self.hits - slice.hits) as f64 / left as f64 - density;
                let score = raised / slice.count as f64;
                let known = self.is_restricted(factor);
                let better = best.as_ref().is_none_or(|(most, is_known, _)| {
                    score > *most || score == *most && known && !is_known
                });
                if better {
                    best = Some((score, known, slice));
                }
            }
        }
        best.map(|(_, _, slice)| slice)
    }

    /// The thinnest slice at one end of a factor that holds about `peel` of the box; none if all values are equal.
    fn slice(&self, factor: usize, upper: bool, peel: f64) -> Option<Slice> {
        let (order, column) = (&self.orders[factor], self.cases.column(factor));
        let worlds = order.len();
        let value = |k: usize| {
            let place = if upper { worlds - 1 - k } else { k };
            column[order[place] as usize]
        };
        if value(0) == value(worlds - 1) {
            return None;
        }
        // Worlds equal to the first that stays stay with it; if that is the end itself, all of its worlds go.
        let mut count = ((peel * worlds as f64) as usize).max(1);
        while count > 0 && value(count - 1) == value(count) {
            count -= 1;
        }
        if count == 0 {
            count = 1;
            while value(count) == value(0) {
                count += 1;
            }
        }
        let hit = |k: usize| {
            let place = if upper { worlds - 1 - k } else { k };
            self.cases.is_hit(order[place] as usize)
        };
        Some(Slice {
            factor,
            upper,
            count,
            hits: (0..count).filter(|&k| hit(k)).count(),
            limit: between(value(count - 1), value(count)),
        })
    }

    fn peel(&mut self, slice: &Slice) {
        let order = &self.orders[slice.factor];
        let gone = if slice.upper {
            &order[order.len() - slice.count..]
        } else {
            &order[..slice.count]
        };
        for &world in gone {
            self.inside[world as usize] = false;
        }
        self.count -= slice.count;
        self.hits -= slice.hits;
        self.bound(slice);
        let inside = &self.inside;
        for order in &mut self.orders {
            order.retain(|&world| inside[world as usize]);
        }
    }

    fn bound(&mut self, slice: &Slice) {
        let bounds = if slice.upper {
            &mut self.high
        } else {
            &mut self.low
        };
        bounds[slice.factor] = slice.limit;
    }

    fn best_paste(&self, peel: f64) -> Option<Slice> {
        let density = self.hits as f64 / self.worlds() as f64;
        let mut best: Option<(f64, Slice)> = None;
        for factor in 0..self.orders.len() {
            for upper in [false, true] {
                let bound = if upper {
                    self.high[factor]
                } else {
                    self.low[factor]
                };
                if bound.is_infinite() {
                    continue;
                }
                let Some(slice) = self.outer_slice(factor, upper, peel) else {
                    continue;
                };
                let grown = (self.worlds() + slice.count) as f64;
                let raised = (self.hits + slice.hits) as f64 / grown - density;
                if raised > 0.0 && best.as_ref().is_none_or(|(most, _)| raised > *most) {
                    best = Some((raised, slice));
                }
            }
        }
        best.map(|(_, slice)| slice)
    }

    /// The worlds just outside one bound that meet all others, about `peel` of the box; none if there are none.
    fn outer_slice(&self, factor: usize, upper: bool, peel: f64) -> Option<Slice> {
        let column = self.cases.column(factor);
        let outer = self.outside(factor, upper);
        let value = |k: usize| column[outer[k] as usize];
        let wanted = ((peel * self.worlds() as f64) as usize).max(1);
        let mut count = wanted.min(outer.len());
        while count > 0 && count < outer.len() && value(count) == value(count - 1) {
            count += 1;
        }
        if count == 0 {
            return None;
        }
        let limit = if count < outer.len() {
            between(value(count - 1), value(count))
        } else if upper {
            f64::INFINITY
        } else {
            f64::NEG_INFINITY
        };
        let hit = |&&world: &&u32| self.cases.is_hit(world as usize);
        Some(Slice {
            factor,
            upper,
            count,
            hits: outer[..count].iter().filter(hit).count(),
            limit,
        })
    }

    /// Worlds beyond one bound of a factor that meet the bounds of all others, nearest first.
    fn outside(&self, factor: usize, upper: bool) -> Vec<u32> {
        let column = self.cases.column(factor);
        let restricted: Vec<usize> = (0..self.low.len())
            .filter(|&other| other != factor && self.is_restricted(other))
            .collect();
        let meets = |world: usize| {
            restricted.iter().all(|&other| {
                let value = self.cases.column(other)[world];
                self.low[other] <= value && value <= self.high[other]
            })
        };
        let beyond = |world: usize| {
            if upper {
                column[world] > self.high[factor]
            } else {
                column[world] < self.low[factor]
            }
        };
        let order = self.all[factor].iter().copied();
        let mut outer: Vec<u32> = order
            .filter(|&world| beyond(world as usize) && meets(world as usize))
            .collect();
        if !upper {
            outer.reverse();
        }
        outer
    }

    fn paste(&mut self, slice: &Slice) {
        for &world in &self.outside(slice.factor, slice.upper)[..slice.count] {
            self.inside[world as usize] = true;
        }
        self.count += slice.count;
        self.hits += slice.hits;
        self.bound(slice);
        let inside = &self.inside;
        for (order, all) in self.orders.iter_mut().zip(self.all) {
            order.clear();
            order.extend(all.iter().filter(|&&world| inside[world as usize]));
        }
    }
}

/// Halfway between two different values; the second if rounding puts the middle on the first.
fn between(outside: f64, inside: f64) -> f64 {
    let middle = 0.5 * outside + 0.5 * inside;
    if middle == outside { inside } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 400 worlds on a 20 × 20 grid; of interest where the first factor is under 0.3 and the second over 0.6.
    fn corner() -> (Vec<f64>, Vec<f64>, Vec<bool>) {
        let at = |k: usize| (k as f64 + 0.5) / 20.0;
        let x: Vec<f64> = (0..400).map(|k| at(k % 20)).collect();
        let y: Vec<f64> = (0..400).map(|k| at(k / 20)).collect();
        let hits = x
            .iter()
            .zip(&y)
            .map(|(&x, &y)| x < 0.3 && y > 0.6)
            .collect();
        (x, y, hits)
    }

    #[test]
    fn a_corner_is_found_exactly() {
        let (x, y, hits) = corner();
        let cases = Cases::new(&[&x, &y], &hits).expect("both kinds");
        for trajectory in prim(&cases, &PrimOptions::default()).expect("valid options") {
            let best = trajectory.last().expect("at least all worlds");
            assert_eq!((best.coverage, best.density), (1.0, 1.0));
            let [first, second] = best.rule.restrictions[..] else {
                panic!("{best:?}");
            };
            assert!((first.high - 0.3).abs() < 1e-12 && first.low == f64::NEG_INFINITY);
            assert!((second.low - 0.6).abs() < 1e-12 && second.high == f64::INFINITY);
        }
    }

    #[test]
    fn counts_on_the_way_are_those_of_the_rules() {
        let (x, y, mut hits) = corner();
        let kinds: Vec<f64> = (0..400).map(|k| f64::from(k * 7 % 3)).collect();
        // Noise that no rule explains, so that boxes are pasted too.
        for k in (0..400).step_by(11) {
            hits[k] = kinds[k] > 0.5;
        }
        let cases = Cases::new(&[&x, &kinds, &y], &hits).expect("both kinds");
        for trajectory in prim(&cases, &PrimOptions::default()).expect("valid options") {
            for candidate in &trajectory {
                assert_eq!(*candidate, cases.describe(candidate.rule.clone()));
                assert!(candidate.inside >= 20);
            }
            let smallest = trajectory.iter().map(|candidate| candidate.inside).min();
            let place = trajectory.iter().position(|c| Some(c.inside) == smallest);
            let (peeled, pasted) = trajectory.split_at(place.expect("a smallest box") + 1);
            assert!(
                peeled
                    .windows(2)
                    .all(|pair| pair[1].inside < pair[0].inside)
            );
            let last = peeled.last().into_iter().chain(pasted);
            let densities: Vec<f64> = last.map(|candidate| candidate.density).collect();
            assert!(densities.windows(2).all(|pair| pair[1] > pair[0]));
        }
    }

    #[test]
    fn refused_options() {
        let (x, y, hits) = corner();
        let cases = Cases::new(&[&x, &y], &hits).expect("both kinds");
        for (peel, min_mass) in [(0.0, 0.05), (0.6, 0.05), (f64::NAN, 0.05), (0.1, 0.0)] {
            let options = PrimOptions {
                peels: vec![peel],
                min_mass,
            };
            assert!(prim(&cases, &options).is_err(), "{options:?}");
        }
    }
}
